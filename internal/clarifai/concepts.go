package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// ListConceptsQuery selects concepts.
type ListConceptsQuery struct {
	Page
	ID string // fuzzy
}

func (q ListConceptsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.text("id", q.ID)
	return v.Values
}

// ListModelConceptsQuery selects concepts of a model.
type ListModelConceptsQuery struct {
	Page
	VersionID string
	Search    string
}

func (q ListModelConceptsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.text("version_id", q.VersionID)
	v.text("search", q.Search)
	return v.Values
}

// GetConcept reads one concept; not found when the app has none with this id.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}; answer SingleConceptResponse. [documented]
func (c *Client) GetConcept(ctx context.Context, app AppRef, id string) (*Concept, error) {
	var out SingleConceptResponse
	if err := c.do(ctx, call{op: "GetConcept", method: http.MethodGet, path: app.path("concepts", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetConcept", "concept", out.Concept)
}

// ListConcepts reads one page of the app's concepts; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/concepts; answer MultiConceptResponse. [protos]
func (c *Client) ListConcepts(ctx context.Context, app AppRef, query ListConceptsQuery) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{op: "ListConcepts", method: http.MethodGet, path: app.path("concepts"), query: query.values()}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// AllConcepts yields the app's concepts, page by page.
func (c *Client) AllConcepts(ctx context.Context, app AppRef, query ListConceptsQuery) iter.Seq2[Concept, error] {
	return walk(ctx, query.size(), func(page Page) ([]Concept, error) {
		query.Page = page
		return c.ListConcepts(ctx, app, query)
	}, func(k Concept) string { return k.ID })
}

// ListModelConcepts reads one page of a model's concepts; an unknown model is 21200.
// GET /v2/users/{user}/apps/{app}/models/{model}/concepts; answer MultiConceptResponse. [protos]
func (c *Client) ListModelConcepts(ctx context.Context, app AppRef, modelID string, query ListModelConceptsQuery) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "ListModelConcepts", method: http.MethodGet, path: app.path("models", modelID, "concepts"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// PostConcepts creates concepts, all or none [inferred]. A taken id is a duplicate, here with code 40003.
// POST /v2/users/{user}/apps/{app}/concepts; body PostConceptsRequest, answer MultiConceptResponse. [protos]
func (c *Client) PostConcepts(ctx context.Context, app AppRef, concepts []Concept) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PostConcepts", method: http.MethodPost, path: app.path("concepts"),
		in: PostConceptsRequest{Concepts: concepts},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConcepts", "concepts", len(concepts), out.Concepts)
}

// PatchConcepts changes concepts. Only overwrite is known; not found when one id is unknown. The answer may lack
// the visibility.
// PATCH /v2/users/{user}/apps/{app}/concepts; body PatchConceptsRequest, answer MultiConceptResponse. [protos]
func (c *Client) PatchConcepts(ctx context.Context, app AppRef, concepts []Concept, action PatchAction) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PatchConcepts", method: http.MethodPatch, path: app.path("concepts"),
		in: PatchConceptsRequest{Concepts: concepts, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchConcepts", "concepts", len(concepts), out.Concepts)
}

// PostConceptsSearches finds concepts by name in the app and, where given, in a model or workflow. 40003 for a bad
// query, 21200 or 22102 for an unknown source.
// POST /v2/users/{user}/apps/{app}/concepts/searches; body PostConceptsSearchesRequest, answer MultiConceptResponse. [documented]
func (c *Client) PostConceptsSearches(ctx context.Context, app AppRef, request PostConceptsSearchesRequest) ([]Concept, error) {
	var out MultiConceptResponse
	if err := c.do(ctx, call{
		op: "PostConceptsSearches", method: http.MethodPost, path: app.path("concepts", "searches"),
		in:         request,
		repeatable: true,
	}, &out); err != nil {
		return nil, err
	}
	return out.Concepts, nil
}

// AllConceptsSearches yields all that a concept search finds, page by page; the page of request.Pagination is not used.
func (c *Client) AllConceptsSearches(ctx context.Context, app AppRef, request PostConceptsSearchesRequest) iter.Seq2[Concept, error] {
	var size Page
	if request.Pagination != nil {
		size.PerPage = request.Pagination.PerPage
	}
	return walk(ctx, size.size(), func(page Page) ([]Concept, error) {
		request.Pagination = &Pagination{Page: page.Page, PerPage: page.PerPage}
		return c.PostConceptsSearches(ctx, app, request)
	}, func(k Concept) string { return k.UserID + "\x00" + k.AppID + "\x00" + k.ID })
}

// GetConceptCounts reads one page of label counts by concept; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/concepts/status; answer MultiConceptCountResponse. [documented]
func (c *Client) GetConceptCounts(ctx context.Context, app AppRef, page Page) ([]ConceptCount, error) {
	var out MultiConceptCountResponse
	if err := c.do(ctx, call{
		op: "GetConceptCounts", method: http.MethodGet, path: app.path("concepts", "status"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptCounts, nil
}

// AllConceptCounts yields label counts by concept, page by page of perPage (0: 128).
func (c *Client) AllConceptCounts(ctx context.Context, app AppRef, perPage uint32) iter.Seq2[ConceptCount, error] {
	return walk(ctx, Page{PerPage: perPage}.size(), func(page Page) ([]ConceptCount, error) {
		return c.GetConceptCounts(ctx, app, page)
	}, func(k ConceptCount) string { return k.ID })
}

// PostConceptMappingJobs starts mapping app concepts to the public knowledge graph and answers with job ids, which
// nothing else takes. Dropped from the public protos in 10.5.1: the service may answer 11101, 10040 or 40036.
// POST /v2/users/{user}/apps/{app}/concepts/mappings/jobs; body PostConceptMappingJobsRequest, answer MultiConceptMappingJobResponse. [documented]
func (c *Client) PostConceptMappingJobs(ctx context.Context, app AppRef, jobs []ConceptMappingJob) ([]string, error) {
	var out MultiConceptMappingJobResponse
	if err := c.do(ctx, call{
		op: "PostConceptMappingJobs", method: http.MethodPost, path: app.path("concepts", "mappings", "jobs"),
		in: PostConceptMappingJobsRequest{ConceptMappingJobs: jobs},
	}, &out); err != nil {
		return nil, err
	}
	return out.IDs, nil
}
