package emulator

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func conceptRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "ListConcepts", Method: get, Path: inApp + "/concepts", Action: read(s, listConcepts)},
		{Op: "PostConcepts", Method: post, Path: inApp + "/concepts", Action: write(s, postConcepts)},
		{Op: "PatchConcepts", Method: patch, Path: inApp + "/concepts", Action: write(s, patchConcepts)},
		{Op: "PostConceptsSearches", Method: post, Path: inApp + "/concepts/searches", Action: write(s, searchConcepts)},
		{Op: "GetConceptCounts", Method: get, Path: inApp + "/concepts/status", Action: read(s, countConcepts)},
		{Op: "ListModelConcepts", Method: get, Path: inApp + "/models/{model_id}/concepts", Action: read(s, listModelConcepts)},
		{Op: "GetConcept", Method: get, Path: inApp + "/concepts/{concept_id}", Action: read(s, getConcept)},
	}
}

// addConcept creates a concept with the defaults of a new one.
func (a *app) addConcept(info clarifai.Concept, now time.Time) *clarifai.Concept {
	info.Name = cmp.Or(info.Name, info.ID)
	info.Value = &one
	info.CreatedAt = cmp.Or(info.CreatedAt, now.UTC().Truncate(time.Microsecond))
	info.Visibility = visibilityOr(info.Visibility, private)
	a.concepts.put(info.ID, &info)
	return &info
}

// conceptView returns a stored concept as responses show it.
func (a *app) conceptView(stored *clarifai.Concept) clarifai.Concept {
	view := *stored
	view.Language = a.info.DefaultLanguage
	view.AppID, view.UserID = a.info.ID, a.user.info.ID
	return view
}

// labelView returns a concept as responses show it on data, with its value there.
func (a *app) labelView(label clarifai.Concept) clarifai.Concept {
	stored := a.concepts.get(label.ID)
	if stored == nil {
		return label
	}
	return clarifai.Concept{
		ID: label.ID, Name: stored.Name, Value: label.Value, CreatedAt: stored.CreatedAt,
		Language: a.info.DefaultLanguage, AppID: a.info.ID, UserID: a.user.info.ID,
	}
}

func getConcept(c *call) (*clarifai.SingleConceptResponse, error) {
	id := c.Path["concept_id"]
	stored := c.app.concepts.get(id)
	if stored == nil {
		return nil, notFound("concept_id", id)
	}
	view := c.app.conceptView(stored)
	return &clarifai.SingleConceptResponse{Concept: &view}, nil
}

func listConcepts(c *call) (*clarifai.MultiConceptResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	part := c.Query.Text("id")
	out := &clarifai.MultiConceptResponse{}
	if part == "" {
		page := c.app.concepts.idPage(p)
		if c.dialect(ConceptsByAge) {
			page = take(p, c.app.concepts.oldest())
		}
		for _, stored := range page {
			out.Concepts = append(out.Concepts, c.app.conceptView(stored))
		}
		return out, nil
	}
	var found []clarifai.Concept
	for _, id := range c.app.concepts.ids() {
		if strings.Contains(id, part) {
			found = append(found, c.app.conceptView(c.app.concepts.get(id)))
		}
	}
	out.Concepts = apiserver.PageOf(p, found)
	return out, nil
}

// listModelConcepts assumes that every model was trained on the app's concepts.
func listModelConcepts(c *call) (*clarifai.MultiConceptResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	if id := c.Path["model_id"]; strings.HasPrefix(id, missingPrefix) {
		return nil, reject(clarifai.StatusModelDoesNotExist, "model '%s' not found", id)
	}
	words := c.Query.Text("search")
	var found []clarifai.Concept
	for _, id := range c.app.concepts.ids() {
		if view := c.app.conceptView(c.app.concepts.get(id)); hasWords(words, view.ID, view.Name) {
			found = append(found, view)
		}
	}
	return &clarifai.MultiConceptResponse{Concepts: apiserver.PageOf(p, found)}, nil
}

// postConcepts creates all or none. A duplicate is 40003, not 40010.
func postConcepts(c *call, in *clarifai.PostConceptsRequest) (*clarifai.MultiConceptResponse, error) {
	if len(in.Concepts) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "concepts is empty")
	}
	seen := map[string]bool{}
	for i := range in.Concepts {
		sent := &in.Concepts[i]
		if sent.ID == "" {
			sent.ID = newID()
		}
		if problem := c.conceptIDProblem(sent.ID); problem != "" {
			return nil, reject(clarifai.StatusConceptsInvalidRequest, "%s", problem)
		}
		if seen[sent.ID] || c.app.concepts.has(sent.ID) {
			return nil, c.conceptDuplicate("Concept with duplicate ID '%s'", sent.ID)
		}
		seen[sent.ID] = true
		c.dropNewer(sent)
		var err error
		if sent.Metadata, err = normal(sent.Metadata); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiConceptResponse{}
	for _, sent := range in.Concepts {
		sent.CreatedAt, sent.ExtraInfo = time.Time{}, nil
		view := c.app.conceptView(c.app.addConcept(sent, c.now))
		view.CreatedAt = c.now
		out.Concepts = append(out.Concepts, view)
	}
	return out, nil
}

// dropNewer removes the fields that the dialect [OlderConcepts] does not have.
func (c *call) dropNewer(sent *clarifai.Concept) {
	if c.dialect(OlderConcepts) {
		sent.Metadata, sent.Image = nil, nil
	}
}

// patchConcepts changes all or none.
func patchConcepts(c *call, in *clarifai.PatchConceptsRequest) (*clarifai.MultiConceptResponse, error) {
	if err := checkAction(in.Action, len(in.Concepts), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("concepts", len(in.Concepts))
	patched := make([]clarifai.Concept, len(in.Concepts))
	for i, sent := range in.Concepts {
		stored := c.app.concepts.get(sent.ID)
		if stored == nil {
			return nil, notFound("concept_id", sent.ID)
		}
		c.dropNewer(&sent)
		info := *stored
		change(&info.Name, sent.Name, nil, "name")
		change(&info.Definition, sent.Definition, fields[i], "definition")
		change(&info.KeypointInfo, sent.KeypointInfo, nil, "keypoint_info")
		change(&info.Image, sent.Image, nil, "image")
		info.Visibility = visibilityOr(sent.Visibility, info.Visibility)
		var err error
		if info.Metadata, err = patchedStruct(info.Metadata, sent.Metadata, in.Action); err != nil {
			return nil, err
		}
		patched[i] = info
	}
	out := &clarifai.MultiConceptResponse{}
	for i := range patched {
		c.app.concepts.put(patched[i].ID, &patched[i])
		view := c.app.conceptView(&patched[i])
		// As in a recorded response: without visibility, and created_at is the time of the patch.
		view.Visibility, view.CreatedAt = nil, c.now
		out.Concepts = append(out.Concepts, view)
	}
	return out, nil
}

// searchConcepts finds concepts by name, with * as a wildcard. Without a wildcard a name
// matches all names that contain it.
func searchConcepts(c *call, in *clarifai.PostConceptsSearchesRequest) (*clarifai.MultiConceptResponse, error) {
	p, err := c.BodyPaging(in.Pagination)
	if err != nil {
		return nil, err
	}
	q := in.ConceptQuery
	if q == nil {
		q = &clarifai.ConceptQuery{}
	}
	if q.Model != nil && q.Workflow != nil {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "model and workflow cannot both be searched")
	}
	if q.Model != nil && strings.HasPrefix(q.Model.ID, missingPrefix) {
		return nil, reject(clarifai.StatusModelDoesNotExist, "model '%s' not found", q.Model.ID)
	}
	if q.Workflow != nil && strings.HasPrefix(q.Workflow.ID, missingPrefix) {
		return nil, reject(clarifai.StatusWorkflowDoesNotExist, "workflow '%s' not found", q.Workflow.ID)
	}
	language := cmp.Or(q.Language, "en")
	pattern := strings.ToLower(q.Name)
	if !strings.Contains(pattern, "*") {
		pattern = "*" + pattern + "*"
	}
	var found []clarifai.Concept
	// A model or workflow that is named has been trained on the app's concepts.
	if q.Model != nil || q.Workflow != nil || !q.IgnoreAppConcepts && len(q.UseCases) == 0 {
		for _, id := range c.app.concepts.ids() {
			view := c.app.conceptView(c.app.concepts.get(id))
			name, ok := c.app.conceptName(view, language)
			if !ok || !wildcard(pattern, strings.ToLower(name)) {
				continue
			}
			view.Name, view.Language = name, language
			if in.ExtraInfo != nil && in.ExtraInfo.RankableModel != nil {
				view.ExtraInfo = &clarifai.ConceptExtraInfo{IsRankable: true}
			}
			found = append(found, view)
		}
	}
	if q.Model == nil && q.Workflow == nil && len(q.UseCases) == 0 && !c.dialect(SearchAppConceptsOnly) {
		for _, concept := range publicConcepts {
			if name := concept.names[language]; name != "" && wildcard(pattern, strings.ToLower(name)) {
				found = append(found, concept.view(language))
			}
		}
	}
	return &clarifai.MultiConceptResponse{Concepts: apiserver.PageOf(p, found)}, nil
}

// publicConcept is a concept of Clarifai's own app, which searches also find.
type publicConcept struct {
	id    string
	names map[string]string // by language
}

var publicConcepts = []publicConcept{
	{"ai_l8TKp2h5", map[string]string{"en": "people", "ja": "人", "zh": "人"}},
	{"ai_VSVscs9k", map[string]string{"en": "terminal"}},
	{"ai_0wh0dJkQ", map[string]string{"en": "palm tree"}},
}

func (p publicConcept) view(language string) clarifai.Concept {
	return clarifai.Concept{
		ID: p.id, Name: p.names[language], Value: &one, CreatedAt: time.Date(2016, 3, 17, 11, 43, 1, 223962000, time.UTC),
		Language: language, AppID: "main", UserID: "clarifai", Visibility: &clarifai.Visibility{Gettable: clarifai.GettablePublic},
	}
}

// missingPrefix starts the IDs of models and workflows that do not exist. All other
// IDs are assumed to exist, because the emulator stores no models.
const missingPrefix = "missing-"

// conceptName returns a concept's name in a language, if it has one.
func (a *app) conceptName(view clarifai.Concept, language string) (string, bool) {
	entry := a.languageOf(&view, language)
	if entry == nil {
		return "", false
	}
	return entry.Name, true
}

// wildcard matches text with a pattern in which * stands for anything.
func wildcard(pattern, text string) bool {
	escaped := strings.NewReplacer(`\`, `\\`, `?`, `\?`, `[`, `\[`).Replace(pattern)
	ok, err := path.Match(escaped, strings.ReplaceAll(text, "/", "\x00"))
	return err == nil && ok
}

// countConcepts counts the inputs labelled with each concept.
func countConcepts(c *call) (*clarifai.MultiConceptCountResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	counts := map[string]*clarifai.ConceptCount{}
	for in := range c.app.inputs.oldest() {
		for _, label := range in.data.Concepts {
			n := counts[label.ID]
			if n == nil {
				n = newConceptCount()
				counts[label.ID] = n
			}
			of := n.DetailConceptCount.Errors
			switch in.status(c.now).Code {
			case clarifai.StatusInputDownloaded:
				of = n.DetailConceptCount.Processed
			case clarifai.StatusInputPending:
				of = n.DetailConceptCount.ToProcess
			case clarifai.StatusInputInProgress:
				of = n.DetailConceptCount.Processing
			}
			for _, to := range []*clarifai.ConceptTypeCount{n.ConceptTypeCount, of} {
				if *label.Value > 0 {
					to.Positive++
				} else {
					to.Negative++
				}
			}
		}
	}
	out := &clarifai.MultiConceptCountResponse{}
	ids := c.app.concepts.ids()
	if c.dialect(CountLabelledOnly) {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return counts[id] == nil })
	}
	for _, id := range apiserver.PageOf(p, ids) {
		stored, n := c.app.concepts.get(id), counts[id]
		if n == nil {
			n = newConceptCount()
		}
		n.ID, n.Name = stored.ID, stored.Name
		out.ConceptCounts = append(out.ConceptCounts, *n)
	}
	return out, nil
}

func newConceptCount() *clarifai.ConceptCount {
	return &clarifai.ConceptCount{
		ConceptTypeCount: &clarifai.ConceptTypeCount{},
		DetailConceptCount: &clarifai.DetailConceptCount{
			Processed: &clarifai.ConceptTypeCount{}, ToProcess: &clarifai.ConceptTypeCount{},
			Errors: &clarifai.ConceptTypeCount{}, Processing: &clarifai.ConceptTypeCount{},
		},
	}
}
