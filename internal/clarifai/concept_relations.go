package clarifai

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// ListConceptRelationsQuery selects relations.
type ListConceptRelationsQuery struct {
	Page
	Predicate        string // hypernym, hyponym or synonym
	KnowledgeGraphID string // empty: all graphs
}

func (q ListConceptRelationsQuery) values() url.Values {
	v := parameters{q.Page.values()}
	v.text("predicate", q.Predicate)
	v.text("knowledge_graph_id", q.KnowledgeGraphID)
	return v.Values
}

// ListConceptRelations2Query selects relations of the app, or of one concept.
type ListConceptRelations2Query struct {
	ListConceptRelationsQuery
	ConceptID string
}

func (q ListConceptRelations2Query) values() url.Values {
	v := parameters{q.ListConceptRelationsQuery.values()}
	v.text("concept_id", q.ConceptID)
	return v.Values
}

// ListConceptRelations reads one page of a concept's relations as seen from it: it is always the subject, and a
// relation made from the other side comes turned round under the same id. Needs a personal access token.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/relations; answer MultiConceptRelationResponse. [documented]
func (c *Client) ListConceptRelations(ctx context.Context, app AppRef, conceptID string, query ListConceptRelationsQuery) ([]ConceptRelation, error) {
	var out MultiConceptRelationResponse
	if err := c.do(ctx, call{
		op: "ListConceptRelations", method: http.MethodGet, path: app.path("concepts", conceptID, "relations"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptRelations, nil
}

// ListConceptRelations2 reads one page of the app's relations, each once, as it was made; with a concept id it does what
// [Client.ListConceptRelations] does. Needs a personal access token.
// GET /v2/users/{user}/apps/{app}/concepts/relations; answer MultiConceptRelationResponse. [documented]
func (c *Client) ListConceptRelations2(ctx context.Context, app AppRef, query ListConceptRelations2Query) ([]ConceptRelation, error) {
	var out MultiConceptRelationResponse
	if err := c.do(ctx, call{
		op: "ListConceptRelations2", method: http.MethodGet, path: app.path("concepts", "relations"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptRelations, nil
}

// AllConceptRelations yields the relations of one concept, or with an empty id of the app, page by page.
func (c *Client) AllConceptRelations(ctx context.Context, app AppRef, conceptID string, query ListConceptRelationsQuery) iter.Seq2[ConceptRelation, error] {
	return walk(ctx, query.size(), func(page Page) ([]ConceptRelation, error) {
		query.Page = page
		if conceptID == "" {
			return c.ListConceptRelations2(ctx, app, ListConceptRelations2Query{ListConceptRelationsQuery: query})
		}
		return c.ListConceptRelations(ctx, app, conceptID, query)
	}, func(r ConceptRelation) string { return r.ID })
}

// PostConceptRelations creates relations of a concept and answers with their ids. Not found when a concept or graph is
// unknown [inferred]; the same relation again, also turned round, is a duplicate. Needs a personal access token.
// POST /v2/users/{user}/apps/{app}/concepts/{concept}/relations; body PostConceptRelationsRequest, answer MultiConceptRelationResponse. [documented]
func (c *Client) PostConceptRelations(ctx context.Context, app AppRef, conceptID string, relations []ConceptRelation) ([]ConceptRelation, error) {
	var out MultiConceptRelationResponse
	if err := c.do(ctx, call{
		op: "PostConceptRelations", method: http.MethodPost, path: app.path("concepts", conceptID, "relations"),
		in: PostConceptRelationsRequest{ConceptRelations: relations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConceptRelations", "concept_relations", len(relations), out.ConceptRelations)
}

// DeleteConceptRelations deletes relations by id, under either concept. An unknown id is not found [inferred]. Needs a
// personal access token.
// DELETE /v2/users/{user}/apps/{app}/concepts/{concept}/relations; body DeleteConceptRelationsRequest, answer BaseResponse. [documented]
func (c *Client) DeleteConceptRelations(ctx context.Context, app AppRef, conceptID string, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteConceptRelations", method: http.MethodDelete, path: app.path("concepts", conceptID, "relations"),
		in: DeleteConceptRelationsRequest{IDs: ids},
	}, &out)
}

// ListKnowledgeGraphs reads the app's knowledge graphs, all at once.
// GET /v2/users/{user}/apps/{app}/concepts/knowledge_graphs; answer MultiKnowledgeGraphResponse. [protos]
func (c *Client) ListKnowledgeGraphs(ctx context.Context, app AppRef) ([]KnowledgeGraph, error) {
	var out MultiKnowledgeGraphResponse
	if err := c.do(ctx, call{
		op: "ListKnowledgeGraphs", method: http.MethodGet, path: app.path("concepts", "knowledge_graphs"),
	}, &out); err != nil {
		return nil, err
	}
	return out.KnowledgeGraphs, nil
}

// PostKnowledgeGraphs creates knowledge graphs. A taken id is a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/concepts/knowledge_graphs; body PostKnowledgeGraphsRequest, answer MultiKnowledgeGraphResponse. [protos]
func (c *Client) PostKnowledgeGraphs(ctx context.Context, app AppRef, graphs []KnowledgeGraph) ([]KnowledgeGraph, error) {
	var out MultiKnowledgeGraphResponse
	if err := c.do(ctx, call{
		op: "PostKnowledgeGraphs", method: http.MethodPost, path: app.path("concepts", "knowledge_graphs"),
		in: PostKnowledgeGraphsRequest{KnowledgeGraphs: graphs},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostKnowledgeGraphs", "knowledge_graphs", len(graphs), out.KnowledgeGraphs)
}
