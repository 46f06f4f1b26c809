package emulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func searchRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "PostInputsSearches", Method: post, Path: inApp + "/inputs/searches", Action: write(s, postInputsSearches)},
		{Op: "PatchInputsSearches", Method: patch, Path: inApp + "/inputs/searches", Action: write(s, patchInputsSearches)},
		{Op: "PostAnnotationsSearches", Method: post, Path: inApp + "/annotations/searches", Action: write(s, postAnnotationsSearches)},
		{Op: "PatchAnnotationsSearches", Method: patch, Path: inApp + "/annotations/searches", Action: write(s, patchAnnotationsSearches)},
		{Op: "PostSearches", Method: post, Path: inApp + "/searches", Action: write(s, postSearches)},
		{Op: "PatchSearches", Method: patch, Path: inApp + "/searches", Action: write(s, patchSearches)},
		{Op: "ListSearches", Method: get, Path: inApp + "/searches", Action: read(s, listSearches)},
		{Op: "GetSearch", Method: get, Path: inApp + "/searches/{id}", Action: read(s, getSearch)},
		{Op: "DeleteSearch", Method: remove, Path: inApp + "/searches/{id}", Action: read(s, deleteSearch)},
		{Op: "PostSearchesByID", Method: post, Path: inApp + "/searches/{id}", Action: write(s, postSearchesByID)},
	}
}

// deepestHit is the largest position of a hit that pages may reach.
const deepestHit = 10000

// savedSearch is a stored search. It is replaced as a whole.
type savedSearch struct {
	info        clarifai.Search
	annotations bool // finds annotations, not inputs
	apart       bool // cannot be read below /searches, see [SavedSearchApart]
}

var searchAlgorithms = []string{"", "nearest_neighbor", "brute_force", "avg_concept_brute_force"}

func checkSearch(s clarifai.Search) error {
	bruteForce := strings.HasSuffix(s.Algorithm, "brute_force")
	switch {
	case !slices.Contains(searchAlgorithms, s.Algorithm):
		return reject(clarifai.StatusSearchInvalid, "algorithm '%s' is none of nearest_neighbor, brute_force, avg_concept_brute_force",
			s.Algorithm)
	case s.Metric < clarifai.MetricNotSet || s.Metric > clarifai.MetricCosineDistance:
		return reject(clarifai.StatusSearchInvalid, "metric %d is not known", s.Metric)
	case s.Metric == clarifai.MetricCosineDistance && !bruteForce:
		return reject(clarifai.StatusSearchInvalid, "metric COSINE_DISTANCE needs a brute force algorithm")
	}
	if s.Query == nil {
		return nil
	}
	for i, r := range s.Query.Ranks {
		if r.Annotation == nil {
			return reject(clarifai.StatusSearchInvalid, "rank %d has no annotation to compare with", i)
		}
	}
	return nil
}

func postInputsSearches(c *call, in *clarifai.PostInputsSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	return c.search(in.Searches, in.Pagination, in.OnlyCount, false)
}

func postAnnotationsSearches(c *call, in *clarifai.PostAnnotationsSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	return c.search(in.Searches, in.Pagination, false, true)
}

// postSearches serves the deprecated form of searches for inputs.
func postSearches(c *call, in *clarifai.PostSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	searches := in.Searches
	if in.Query != nil {
		searches = append([]clarifai.Search{{Query: in.Query}}, searches...)
	}
	return c.search(searches, in.Pagination, false, false)
}

func postSearchesByID(c *call, in *clarifai.PostSearchesByIDRequest) (*clarifai.MultiSearchResponse, error) {
	stored, err := c.savedSearch()
	if err != nil {
		return nil, err
	}
	p, err := c.searchPaging(in.Pagination)
	if err != nil {
		return nil, err
	}
	hits, err := c.hits(stored.info, stored.annotations)
	if err != nil {
		return nil, err
	}
	return &clarifai.MultiSearchResponse{ID: newID(), Hits: apiserver.PageOf(p, hits)}, nil
}

// search stores the searches with save, and runs the one without it.
func (c *call) search(searches []clarifai.Search, pagination *clarifai.Pagination, onlyCount,
	annotations bool) (*clarifai.MultiSearchResponse, error) {
	toRun := 0
	for _, s := range searches {
		if err := checkSearch(s); err != nil {
			return nil, err
		}
		if !s.Save {
			toRun++
		}
	}
	if toRun > 1 || len(searches) == 0 {
		return nil, reject(clarifai.StatusSearchInvalid, "one search is run at a time, not %d", toRun)
	}
	p, err := c.searchPaging(pagination)
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiSearchResponse{}
	var stored []*savedSearch
	seen := map[string]bool{}
	for _, s := range searches {
		if !s.Save {
			out.ID = newID()
			if err := c.runSearch(out, s, p, onlyCount, annotations); err != nil {
				return nil, err
			}
			if s.Query, err = enrichQuery(s.Query); err != nil {
				return nil, err
			}
			out.Searches = append(out.Searches, s)
			continue
		}
		saved, err := c.newSavedSearch(s, annotations)
		if err != nil {
			return nil, err
		}
		if seen[s.ID] || c.app.searches.has(s.ID) {
			return nil, c.duplicate("search", s.ID)
		}
		seen[s.ID] = true
		saved.apart = c.dialect(SavedSearchApart)
		stored = append(stored, saved)
		if c.dialect(SaveRunsSearch) && out.Hits == nil {
			if err := c.runSearch(out, s, p, onlyCount, annotations); err != nil {
				return nil, err
			}
		}
		view := saved.view(c.app)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		out.Searches = append(out.Searches, view)
	}
	for _, s := range stored {
		c.app.searches.put(s.info.ID, s)
	}
	return out, nil
}

func (c *call) searchPaging(pagination *clarifai.Pagination) (apiserver.Paging, error) {
	p, err := c.BodyPaging(pagination)
	if err == nil && p.Page*p.PerPage > deepestHit {
		err = reject(clarifai.StatusSearchInvalid, "page * perPage cannot exceed %d", deepestHit)
	}
	return p, err
}

func (c *call) runSearch(out *clarifai.MultiSearchResponse, s clarifai.Search, p apiserver.Paging, onlyCount, annotations bool) error {
	if onlyCount && s.Query != nil && len(s.Query.Ranks) > 0 {
		return reject(statusSearchCountsUnavailable, "counts are not available for searches with ranks")
	}
	hits, err := c.hits(s, annotations)
	if err != nil {
		return err
	}
	if onlyCount {
		out.HitCounts = []clarifai.HitCount{{EstimatedTotal: clarifai.Uint64(len(hits))}}
		return nil
	}
	out.Hits = apiserver.PageOf(p, hits)
	return nil
}

func (c *call) newSavedSearch(s clarifai.Search, annotations bool) (*savedSearch, error) {
	if problem := idProblem("search id", s.ID); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if _, err := c.app.selection(&s, c.now); err != nil {
		return nil, err
	}
	var err error
	if s.Query, err = enrichQuery(s.Query); err != nil {
		return nil, err
	}
	s.CreatedAt, s.ModifiedAt = c.stamp(), c.stamp()
	if s.Visibility == nil {
		s.Visibility = &clarifai.Visibility{Gettable: clarifai.GettablePrivate}
	}
	return &savedSearch{info: s, annotations: annotations}, nil
}

// view returns a stored search as responses show it.
func (s *savedSearch) view(a *app) clarifai.Search {
	view := s.info
	view.ApplicationID = a.info.ID
	view.GitHash = ""
	return view
}

func (c *call) savedSearch() (*savedSearch, error) {
	id := c.Path["id"]
	stored := c.app.searches.get(id)
	if stored == nil || stored.apart {
		return nil, notFound("id", id)
	}
	return stored, nil
}

func getSearch(c *call) (*clarifai.SingleSearchResponse, error) {
	stored, err := c.savedSearch()
	if err != nil {
		return nil, err
	}
	view := stored.view(c.app)
	return &clarifai.SingleSearchResponse{Search: &view}, nil
}

func listSearches(c *call) (*clarifai.MultiSearchResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiSearchResponse{}
	for _, s := range listPage(c, &c.app.searches, p) {
		out.Searches = append(out.Searches, s.view(c.app))
	}
	return out, nil
}

func deleteSearch(c *call) (*clarifai.BaseResponse, error) {
	id := c.Path["id"]
	if _, err := c.savedSearch(); err != nil {
		if err := c.unknownOnDelete("id", id); err != nil {
			return nil, err
		}
	}
	c.app.searches.remove(id)
	return &clarifai.BaseResponse{}, nil
}

func patchInputsSearches(c *call, in *clarifai.PatchInputsSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	return c.patchSearches(in.Searches, in.Action)
}

func patchAnnotationsSearches(c *call, in *clarifai.PatchAnnotationsSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	return c.patchSearches(in.Searches, in.Action)
}

func patchSearches(c *call, in *clarifai.PatchSearchesRequest) (*clarifai.MultiSearchResponse, error) {
	return c.patchSearches(in.Searches, in.Action)
}

// patchSearches changes stored searches, all or none, and runs none.
func (c *call) patchSearches(searches []clarifai.Search, action clarifai.PatchAction) (*clarifai.MultiSearchResponse, error) {
	if err := checkAction(action, len(searches), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("searches", len(searches))
	changed := make([]*savedSearch, len(searches))
	for i, sent := range searches {
		stored := c.app.searches.get(sent.ID)
		if stored == nil {
			return nil, notFound("search id", sent.ID)
		}
		next := *stored
		next.info.ModifiedAt = c.stamp()
		change(&next.info.Name, sent.Name, fields[i], "name")
		change(&next.info.Algorithm, sent.Algorithm, fields[i], "algorithm")
		change(&next.info.MinValue, sent.MinValue, fields[i], "min_value")
		change(&next.info.Metric, sent.Metric, fields[i], "metric")
		change(&next.info.AsOf, sent.AsOf, fields[i], "as_of")
		if sent.Query != nil {
			query, err := enrichQuery(sent.Query)
			if err != nil {
				return nil, err
			}
			next.info.Query = query
		}
		if sent.Visibility != nil && sent.Visibility.Gettable != clarifai.GettableUnknown {
			next.info.Visibility = sent.Visibility
		}
		if _, err := c.app.selection(&next.info, c.now); err != nil {
			return nil, err
		}
		changed[i] = &next
	}
	out := &clarifai.MultiSearchResponse{}
	for _, s := range changed {
		c.app.searches.put(s.info.ID, s)
		out.Searches = append(out.Searches, s.view(c.app))
	}
	return out, nil
}

// hits runs a search. Hits with ranks are sorted by score, others with the
// newest first.
func (c *call) hits(s clarifai.Search, annotations bool) ([]clarifai.Hit, error) {
	s.Query = withoutAnds(s.Query)
	selected, err := c.app.selection(&s, c.now)
	if err != nil {
		return nil, err
	}
	var hits []clarifai.Hit
	add := func(in *input, a *clarifai.Annotation) {
		score, enough := selected.scores(in, a)
		if !enough {
			return
		}
		inputView, annotationView := c.inputView(c.app, in), c.app.annotationView(a)
		hits = append(hits, clarifai.Hit{
			Score: score, Input: &inputView, Annotation: &annotationView, UserID: c.app.user.info.ID, AppID: c.app.info.ID,
		})
	}
	for in := range c.app.inputs.newest() {
		if annotations {
			for _, a := range selected.annotations(in) {
				add(in, a)
			}
			continue
		}
		if ok, shown := selected.input(in); ok {
			add(in, shown)
		}
	}
	slices.SortStableFunc(hits, func(a, b clarifai.Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits, nil
}

// withoutAnds converts the deprecated ands of a query into filters, and those that
// compare with the output of a model into ranks.
func withoutAnds(q *clarifai.Query) *clarifai.Query {
	if q == nil || len(q.Ands) == 0 {
		return q
	}
	query := *q
	query.Ands = nil
	query.Filters, query.Ranks = slices.Clip(q.Filters), slices.Clip(q.Ranks)
	for _, and := range q.Ands {
		switch {
		case and.Output != nil && and.Output.Data != nil:
			query.Ranks = append(query.Ranks, clarifai.Rank{Negate: and.Negate, Annotation: &clarifai.Annotation{Data: and.Output.Data}})
		case and.Input != nil && and.Input.Data != nil && len(contentsOf(and.Input.Data)) == 0:
			// Labels, metadata and geo are those of the input-level annotation.
			query.Filters = append(query.Filters, clarifai.Filter{Negate: and.Negate, Annotation: &clarifai.Annotation{Data: and.Input.Data}})
		default:
			query.Filters = append(query.Filters, clarifai.Filter{Negate: and.Negate, Annotation: and.Annotation, Input: and.Input})
		}
	}
	return &query
}

// score returns how well an input matches the ranks of a query: 1 without ranks,
// otherwise the mean over the ranks.
func (a *app) score(q *clarifai.Query, in *input, annotation *clarifai.Annotation) clarifai.Float {
	if q == nil || len(q.Ranks) == 0 {
		return 1
	}
	sum := 0.0
	for _, r := range q.Ranks {
		likeness := a.likeness(r.Annotation, in, annotation)
		if r.Negate {
			likeness = 1 - likeness
		}
		sum += likeness
	}
	return clarifai.NewFloat(sum / float64(len(q.Ranks)))
}

// likeness returns the similarity of an input to the value of a rank, 0 to 1. It compares
// concepts with labels, and other inputs by their labels. The emulator does not analyze
// images: similarity to one is arbitrary, but the same each time, and 1 for
// an input with the same URL.
func (a *app) likeness(want *clarifai.Annotation, in *input, annotation *clarifai.Annotation) float64 {
	labels := labelsIn(annotation.Data)
	if other := a.inputs.get(want.InputID); other != nil {
		return overlap(positive(labelsIn(other.data)), positive(labels))
	}
	d := want.Data
	switch {
	case d == nil:
		return arbitrary(want, in.id)
	case len(d.Concepts) > 0:
		met := 0
		for _, c := range d.Concepts {
			if slices.ContainsFunc(labels, func(l clarifai.Concept) bool {
				return (c.ID == "" || c.ID == l.ID) && (c.Name == "" || c.Name == a.labelView(l).Name) && *valueOf(c) == *valueOf(l)
			}) {
				met++
			}
		}
		return float64(met) / float64(len(d.Concepts))
	case d.Image != nil && d.Image.URL != "" && in.data.Image != nil && in.data.Image.URL == d.Image.URL:
		return 1
	case d.Text != nil && d.Text.Raw != "":
		return overlap(strings.Fields(strings.ToLower(d.Text.Raw)), a.words(in, labels))
	}
	return arbitrary(want, in.id)
}

// words returns the text of an input and the names of its labels.
func (a *app) words(in *input, labels []clarifai.Concept) []string {
	var words []string
	if in.data.Text != nil {
		words = strings.Fields(strings.ToLower(in.data.Text.Raw))
	}
	for _, l := range labels {
		if *valueOf(l) > 0 {
			words = append(words, strings.Fields(strings.ToLower(a.labelView(l).Name))...)
		}
	}
	return words
}

func positive(labels []clarifai.Concept) []string {
	var ids []string
	for _, l := range labels {
		if *valueOf(l) > 0 {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// overlap returns the fraction of want that have contains.
func overlap(want, have []string) float64 {
	if len(want) == 0 {
		return 0
	}
	met := 0
	for _, w := range want {
		if slices.Contains(have, w) {
			met++
		}
	}
	return float64(met) / float64(len(want))
}

// arbitrary returns a number between 0 and 1 that only depends on its arguments.
func arbitrary(want *clarifai.Annotation, inputID string) float64 {
	b, err := json.Marshal(want, json.Deterministic(true))
	if err != nil {
		return 0
	}
	sum := sha256.Sum256(append(b, inputID...))
	return float64(binary.BigEndian.Uint16(sum[:])) / (1 << 16)
}
