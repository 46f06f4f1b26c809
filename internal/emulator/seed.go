package emulator

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// A Document holds the objects of a service, as a seed file sets them and as
// GET /__emulator/state shows them. Keys are those of the API, in either spelling.
// IDs are required; values that the service chooses itself are optional:
//
//	{"apps": [{
//	  "id": "fleet",
//	  "concepts": [{"id": "truck", "name": "Truck"}],
//	  "inputs": [{"id": "img-1", "data": {"image": {"url": "https://example.com/1.jpg"}, "concepts": [{"id": "truck"}]}}],
//	  "datasets": [{"id": "trucks", "description": "All trucks", "input_ids": ["img-1"],
//	                "versions": [{"id": "v1"}]}]
//	}]}
//
// When a document is loaded, the service selects the inputs of versions and of
// evaluations again.
type Document struct {
	Apps []SeedApp `json:"apps"`
}

// SeedApp is an app with its objects. user_id may name its owner; without it
// the app belongs to the user that the service was started with.
type SeedApp struct {
	clarifai.App
	Concepts []clarifai.Concept `json:"concepts,omitempty"`
	// Names of concepts in further languages, by the concept's id.
	ConceptLanguages  map[string][]clarifai.ConceptLanguage `json:"concept_languages,omitempty"`
	KnowledgeGraphs   []clarifai.KnowledgeGraph             `json:"knowledge_graphs,omitempty"`
	ConceptRelations  []clarifai.ConceptRelation            `json:"concept_relations,omitempty"`
	Inputs            []clarifai.Input                      `json:"inputs,omitempty"`
	Annotations       []clarifai.Annotation                 `json:"annotations,omitempty"` // without the input-level ones
	AnnotationFilters []clarifai.AnnotationFilter           `json:"annotation_filters,omitempty"`
	Datasets          []SeedDataset                         `json:"datasets,omitempty"`
	Searches          []SeedSearch                          `json:"searches,omitempty"`
	Evaluations       []clarifai.EvalMetrics                `json:"evaluations,omitempty"`
	InputsAddJobs     []clarifai.InputsAddJob               `json:"inputs_add_jobs,omitempty"` // shown, not loaded
	BulkOperations    []clarifai.BulkOperation              `json:"bulk_operations,omitempty"` // shown, not loaded
}

// SeedDataset is a dataset, its members and its versions.
type SeedDataset struct {
	clarifai.Dataset
	InputIDs []string                  `json:"input_ids,omitempty"`
	Versions []clarifai.DatasetVersion `json:"versions,omitempty"`
}

// SeedSearch is a saved search.
type SeedSearch struct {
	clarifai.Search
	OfAnnotations bool `json:"of_annotations,omitzero"` // finds annotations, not inputs
}

// Load adds the objects of a document. All objects exist and are processed
// at once. For an app that exists already, it adds the objects that the document describes.
func (s *Service) Load(r io.Reader) error {
	var document Document
	if err := json.UnmarshalRead(r, &document, apiserver.Strict); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := make([]*call, len(document.Apps))
	for i, seed := range document.Apps {
		calls[i] = &call{Service: s, Request: &apiserver.Request{}, now: s.clock.Now().UTC()}
		if err := calls[i].loadApp(seed); err != nil {
			return fmt.Errorf("app %s: %w", seed.ID, err)
		}
	}
	for i, seed := range document.Apps { // the ground truth can be in any app
		if err := calls[i].loadEvaluations(seed.Evaluations); err != nil {
			return fmt.Errorf("app %s: %w", seed.ID, err)
		}
	}
	return nil
}

func (c *call) loadApp(seed SeedApp) error {
	s := c.Service
	c.user = s.users.get(s.options.User)
	if seed.UserID != "" {
		c.user = s.addUser(seed.UserID, c.now)
	}
	if problem := idProblem("app id", seed.ID); problem != "" {
		return errors.New(problem)
	}
	if c.app = c.user.apps.get(seed.ID); c.app == nil {
		var err error
		if seed.Metadata, err = normal(seed.Metadata); err != nil {
			return err
		}
		c.app = s.addApp(c.user, seed.App, c.now)
	}
	a := c.app
	for _, concept := range seed.Concepts {
		if concept.ID == "" {
			return errors.New("a concept needs an id")
		}
		a.addConcept(concept, c.now)
	}
	if err := c.loadTaxonomy(seed); err != nil {
		return err
	}
	for _, f := range seed.AnnotationFilters {
		stored, err := c.enrichFilter(&f, nil)
		if err != nil {
			return fmt.Errorf("annotation filter %s: %w", f.ID, err)
		}
		stored.CreatedAt, stored.ModifiedAt = timeOr(f.CreatedAt, c.stamp()), timeOr(f.ModifiedAt, c.stamp())
		a.filters.put(stored.ID, stored)
	}
	for _, d := range seed.Datasets {
		stored, err := c.newDataset(d.Dataset)
		if err != nil {
			return fmt.Errorf("dataset %s: %w", d.ID, err)
		}
		stored.info.CreatedAt, stored.info.ModifiedAt = timeOr(d.CreatedAt, c.stamp()), timeOr(d.ModifiedAt, c.stamp())
		// No request stars or bookmarks a dataset.
		stored.info.IsStarred, stored.info.StarCount, stored.info.BookmarkOrigin = d.IsStarred, d.StarCount, d.BookmarkOrigin
		a.datasets.put(stored.info.ID, stored)
	}
	for _, sent := range seed.Inputs {
		if err := c.loadInput(sent); err != nil {
			return fmt.Errorf("input %s: %w", sent.ID, err)
		}
	}
	for _, sent := range seed.Annotations {
		added, rejection := c.addAnnotation(sent)
		if rejection != nil {
			return fmt.Errorf("annotation %s: %s", sent.ID, rejection.Details)
		}
		added.CreatedAt, added.ModifiedAt = timeOr(sent.CreatedAt, c.stamp()), timeOr(sent.ModifiedAt, c.stamp())
	}
	for _, d := range seed.Datasets {
		stored := a.datasets.get(d.ID)
		for _, id := range d.InputIDs {
			if !a.inputs.has(id) {
				return fmt.Errorf("dataset %s: there is no input %s", d.ID, id)
			}
			stored.join(id, c.stamp())
		}
		for _, sent := range d.Versions {
			v, err := c.newVersion(stored, sent)
			if err != nil {
				return fmt.Errorf("dataset version %s of %s: %w", sent.ID, d.ID, err)
			}
			v.takes = 0
			if code := sent.Status.Code; code != 0 && code.Class() == clarifai.ClassFailed {
				v.failure = &sent.Status
			}
			v.info.CreatedAt, v.info.ModifiedAt = timeOr(sent.CreatedAt, c.stamp()), timeOr(sent.ModifiedAt, c.stamp())
			stored.versions.put(v.info.ID, v)
		}
	}
	for _, sent := range seed.Searches {
		if err := c.loadSearch(sent); err != nil {
			return fmt.Errorf("search %s: %w", sent.ID, err)
		}
	}
	return nil
}

func (c *call) loadSearch(sent SeedSearch) error {
	if err := checkSearch(sent.Search); err != nil {
		return err
	}
	stored, err := c.newSavedSearch(sent.Search, sent.OfAnnotations)
	if err != nil {
		return err
	}
	stored.info.Save = true
	stored.info.CreatedAt, stored.info.ModifiedAt = timeOr(sent.CreatedAt, c.stamp()), timeOr(sent.ModifiedAt, c.stamp())
	c.app.searches.put(sent.ID, stored)
	return nil
}

// loadEvaluations also accepts evaluations whose ground truth was deleted. These have no inputs.
func (c *call) loadEvaluations(evaluations []clarifai.EvalMetrics) error {
	for _, sent := range evaluations {
		items, err := c.groundTruth(sent.GroundTruthDataset)
		if err != nil {
			items = nil
		}
		e, err := c.newEvaluation(sent, items)
		if err != nil {
			return fmt.Errorf("evaluation %s: %w", sent.ID, err)
		}
		e.takes = 0
		if code := sent.Status.Code; code != 0 && code.Class() == clarifai.ClassFailed {
			e.failure = &sent.Status
		}
		c.app.evaluations.put(e.info.ID, e)
	}
	return nil
}

// loadTaxonomy adds the translations and relations of a document's concepts.
func (c *call) loadTaxonomy(seed SeedApp) error {
	for id, entries := range seed.ConceptLanguages {
		stored := c.app.concepts.get(id)
		if stored == nil {
			return fmt.Errorf("concept_languages: there is no concept %s", id)
		}
		for _, entry := range entries {
			c.app.putLanguage(stored, entry)
		}
	}
	for _, graph := range seed.KnowledgeGraphs {
		c.app.graphs.put(graph.ID, &graph)
	}
	for _, sent := range seed.ConceptRelations {
		if sent.SubjectConcept == nil || !c.app.concepts.has(sent.SubjectConcept.ID) {
			return errors.New("a concept relation needs subject_concept.id of a concept that is there")
		}
		r, err := c.newRelation(sent.SubjectConcept.ID, sent)
		if err != nil {
			return fmt.Errorf("concept relation of %s: %w", sent.SubjectConcept.ID, err)
		}
		if sent.ID != "" {
			r.id = sent.ID
		}
		if !c.app.addRelation(r) {
			return fmt.Errorf("concept relation of %s: it is there twice", r.subject)
		}
	}
	return nil
}

func (c *call) loadInput(sent clarifai.Input) error {
	// The name of hosted content depends on the time of creation.
	created := timeOr(sent.CreatedAt, c.stamp())
	in, rejection := c.addInput(c.app, sent, addition{now: created, seen: map[string]bool{}, anyID: true, anyURL: true})
	if rejection != nil {
		return errors.New(rejection.Details)
	}
	in.takes, in.modified = 0, timeOr(sent.ModifiedAt, created)
	if code := sent.Status.Code; code != 0 && code.Class() == clarifai.ClassFailed {
		in.failure = &sent.Status
	}
	return nil
}

func timeOr(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t.UTC().Truncate(time.Microsecond)
}

// Snapshot returns the objects of the service.
func (s *Service) Snapshot() Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now().UTC()
	s.runDue(now)
	document := Document{Apps: []SeedApp{}}
	for u := range s.users.oldest() {
		for a := range u.apps.oldest() {
			c := &call{Service: s, Request: &apiserver.Request{}, now: now, user: u, app: a}
			document.Apps = append(document.Apps, c.snapshot())
		}
	}
	return document
}

func (c *call) snapshot() SeedApp {
	a := c.app
	seed := SeedApp{App: a.info}
	for _, id := range a.concepts.ids() {
		stored := a.concepts.get(id)
		seed.Concepts = append(seed.Concepts, a.conceptView(stored))
		if further := a.languagesOf(stored)[1:]; len(further) > 0 {
			if seed.ConceptLanguages == nil {
				seed.ConceptLanguages = map[string][]clarifai.ConceptLanguage{}
			}
			seed.ConceptLanguages[id] = further
		}
	}
	for graph := range a.graphs.oldest() {
		seed.KnowledgeGraphs = append(seed.KnowledgeGraphs, *graph)
	}
	for r := range a.relations.oldest() {
		seed.ConceptRelations = append(seed.ConceptRelations, a.relationView(r))
	}
	for in := range a.inputs.oldest() {
		seed.Inputs = append(seed.Inputs, c.inputWithContent(in))
		for _, x := range in.annotations {
			seed.Annotations = append(seed.Annotations, a.annotationView(x))
		}
	}
	for f := range a.filters.oldest() {
		seed.AnnotationFilters = append(seed.AnnotationFilters, *filterOf(f, a))
	}
	for d := range a.datasets.oldest() {
		shown := SeedDataset{Dataset: d.view(a)}
		shown.IsStarred, shown.StarCount = d.info.IsStarred, d.info.StarCount
		for m := range d.members.oldest() {
			shown.InputIDs = append(shown.InputIDs, m.inputID)
		}
		for v := range d.versions.oldest() {
			shown.Versions = append(shown.Versions, c.versionView(d, v))
		}
		seed.Datasets = append(seed.Datasets, shown)
	}
	for stored := range a.searches.oldest() {
		seed.Searches = append(seed.Searches, SeedSearch{stored.view(a), stored.annotations})
	}
	for e := range a.evaluations.oldest() {
		seed.Evaluations = append(seed.Evaluations, e.view(c.now))
	}
	for job := range a.addJobs.oldest() {
		seed.InputsAddJobs = append(seed.InputsAddJobs, job.view(c.now))
	}
	for b := range a.bulkOperations.oldest() {
		seed.BulkOperations = append(seed.BulkOperations, *b.view(a, c.now))
	}
	return seed
}

// inputWithContent returns an input with its bytes, which API responses never show.
func (c *call) inputWithContent(in *input) clarifai.Input {
	view := c.inputView(c.app, in)
	showContent(view.Data, true, func(string) *clarifai.HostedURL { return nil })
	f := c.app.hosted[in.token()]
	if f == nil {
		return view
	}
	switch d := view.Data; {
	case d.Image != nil:
		d.Image.Base64 = f.Content
	case d.Video != nil:
		d.Video.Base64 = f.Content
	case d.Audio != nil:
		d.Audio.Base64 = f.Content
	default:
		d.Text.Raw = string(f.Content)
	}
	return view
}
