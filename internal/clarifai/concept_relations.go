package clarifai

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Predicates of concept relations, seen from the subject.
const (
	PredicateHyponym  = "hyponym"  // the subject is a kind of the object
	PredicateHypernym = "hypernym" // the object is a kind of the subject
	PredicateSynonym  = "synonym"
)

// ConceptRelation relates a subject concept to an object concept. Settable and fixed: object_concept (its id),
// predicate, knowledge_graph_id, visibility. The service assigns the id; the subject
// is the concept in the path. A relation cannot be updated.
type ConceptRelation struct {
	ID               string      `json:"id,omitzero"`
	SubjectConcept   *Concept    `json:"subject_concept,omitzero"`
	ObjectConcept    *Concept    `json:"object_concept,omitzero"`
	Predicate        string      `json:"predicate,omitzero"`
	KnowledgeGraphID string      `json:"knowledge_graph_id,omitzero"` // empty: the app's global graph
	Visibility       *Visibility `json:"visibility,omitzero"`
}

// KnowledgeGraph groups concept relations. It can be created and listed, and never changed or deleted.
type KnowledgeGraph struct {
	ID                   string `json:"id,omitzero"`
	Name                 string `json:"name,omitzero"`
	Description          string `json:"description,omitzero"`
	ExamplesAppID        string `json:"examples_app_id,omitzero"`
	SampledExamplesAppID string `json:"sampled_examples_app_id,omitzero"`
}

// ConceptMappingJob maps concepts of the app to the public knowledge graph. Request only; release
// 10.5.1 removed it from the public protobuf definitions.
type ConceptMappingJob struct {
	KnowledgeGraphID string   `json:"knowledge_graph_id,omitzero"` // graph that gets the new relations
	ConceptIDs       []string `json:"concept_ids,omitempty"`
}

// PostConceptRelationsRequest creates relations of the concept in the path.
type PostConceptRelationsRequest struct {
	ConceptRelations []ConceptRelation `json:"concept_relations"`
}

// DeleteConceptRelationsRequest deletes relations; the path may name either of their concepts.
type DeleteConceptRelationsRequest struct {
	IDs []string `json:"ids"`
}

// PostKnowledgeGraphsRequest creates knowledge graphs.
type PostKnowledgeGraphsRequest struct {
	KnowledgeGraphs []KnowledgeGraph `json:"knowledge_graphs"`
}

// PostConceptMappingJobsRequest starts mapping jobs.
type PostConceptMappingJobsRequest struct {
	ConceptMappingJobs []ConceptMappingJob `json:"concept_mapping_jobs"`
}

// MultiConceptRelationResponse carries relations.
type MultiConceptRelationResponse struct {
	Envelope
	ConceptRelations []ConceptRelation `json:"concept_relations"`
}

// MultiKnowledgeGraphResponse carries knowledge graphs.
type MultiKnowledgeGraphResponse struct {
	Envelope
	KnowledgeGraphs []KnowledgeGraph `json:"knowledge_graphs"`
}

// MultiConceptMappingJobResponse carries the ids of started mapping jobs and nothing else.
type MultiConceptMappingJobResponse struct {
	Envelope
	IDs []string `json:"ids,omitempty"`
}

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

// ListConceptRelations reads one page of a concept's relations with the concept as their subject. A relation that was created
// from the other concept is returned with subject and object swapped and with the same ID. Needs a personal access token.
// GET /v2/users/{user}/apps/{app}/concepts/{concept}/relations; response MultiConceptRelationResponse. [documented]
func (c *Client) ListConceptRelations(
	ctx context.Context, app AppRef, conceptID string, query ListConceptRelationsQuery,
) ([]ConceptRelation, error) {
	var out MultiConceptRelationResponse
	if err := c.do(ctx, call{
		op: "ListConceptRelations", method: http.MethodGet, path: app.path("concepts", conceptID, "relations"),
		query: query.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.ConceptRelations, nil
}

// ListConceptRelations2 reads one page of the app's relations, each once and as it was created. With a concept ID it returns
// the same as [Client.ListConceptRelations]. Needs a personal access token.
// GET /v2/users/{user}/apps/{app}/concepts/relations; response MultiConceptRelationResponse. [documented]
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
func (c *Client) AllConceptRelations(
	ctx context.Context, app AppRef, conceptID string, query ListConceptRelationsQuery,
) iter.Seq2[ConceptRelation, error] {
	if conceptID == "" {
		return c.AllConceptRelations2(ctx, app, ListConceptRelations2Query{ListConceptRelationsQuery: query})
	}
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]ConceptRelation, error) {
		query := query
		query.Page = page
		return c.ListConceptRelations(ctx, app, conceptID, query)
	}, conceptRelationID)
}

// AllConceptRelations2 yields the relations of the app, or of the concept that the query names, page by page.
func (c *Client) AllConceptRelations2(
	ctx context.Context, app AppRef, query ListConceptRelations2Query,
) iter.Seq2[ConceptRelation, error] {
	return walk(ctx, query.Page, func(ctx context.Context, page Page) ([]ConceptRelation, error) {
		query := query
		query.Page = page
		return c.ListConceptRelations2(ctx, app, query)
	}, conceptRelationID)
}

// PostConceptRelations creates relations of a concept and returns their IDs. Not found if a concept or graph is
// unknown [inferred]. A relation that exists, also with subject and object swapped, is a duplicate. Needs a personal access token.
// POST /v2/users/{user}/apps/{app}/concepts/{concept}/relations;
// body PostConceptRelationsRequest, response MultiConceptRelationResponse. [documented]
func (c *Client) PostConceptRelations(
	ctx context.Context, app AppRef, conceptID string, relations []ConceptRelation,
) ([]ConceptRelation, error) {
	var out MultiConceptRelationResponse
	if err := c.do(ctx, call{
		op: "PostConceptRelations", method: http.MethodPost, path: app.path("concepts", conceptID, "relations"),
		in: PostConceptRelationsRequest{ConceptRelations: relations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostConceptRelations", "concept_relations", relations, out.ConceptRelations, conceptRelationEnds)
}

// DeleteConceptRelations deletes relations by ID, under either concept. An unknown ID is not found [inferred]. Needs a
// personal access token.
// DELETE /v2/users/{user}/apps/{app}/concepts/{concept}/relations;
// body DeleteConceptRelationsRequest, response BaseResponse. [documented]
func (c *Client) DeleteConceptRelations(ctx context.Context, app AppRef, conceptID string, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteConceptRelations", method: http.MethodDelete, path: app.path("concepts", conceptID, "relations"),
		in: DeleteConceptRelationsRequest{IDs: ids},
	}, &out)
}

// ListKnowledgeGraphs reads the app's knowledge graphs in one request.
// GET /v2/users/{user}/apps/{app}/concepts/knowledge_graphs; response MultiKnowledgeGraphResponse. [protos]
func (c *Client) ListKnowledgeGraphs(ctx context.Context, app AppRef) ([]KnowledgeGraph, error) {
	var out MultiKnowledgeGraphResponse
	if err := c.do(ctx, call{
		op: "ListKnowledgeGraphs", method: http.MethodGet, path: app.path("concepts", "knowledge_graphs"),
	}, &out); err != nil {
		return nil, err
	}
	return out.KnowledgeGraphs, nil
}

// PostKnowledgeGraphs creates knowledge graphs. An ID that exists is a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/concepts/knowledge_graphs;
// body PostKnowledgeGraphsRequest, response MultiKnowledgeGraphResponse. [protos]
func (c *Client) PostKnowledgeGraphs(ctx context.Context, app AppRef, graphs []KnowledgeGraph) ([]KnowledgeGraph, error) {
	var out MultiKnowledgeGraphResponse
	if err := c.do(ctx, call{
		op: "PostKnowledgeGraphs", method: http.MethodPost, path: app.path("concepts", "knowledge_graphs"),
		in: PostKnowledgeGraphsRequest{KnowledgeGraphs: graphs},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostKnowledgeGraphs", "knowledge_graphs", graphs, out.KnowledgeGraphs, func(g KnowledgeGraph) string { return g.ID })
}

func conceptRelationID(r ConceptRelation) string { return r.ID }

// conceptRelationEnds identifies a relation of a subject before it has an ID. The graph comes last: the service may
// name the global one, which requests leave out.
func conceptRelationEnds(r ConceptRelation) string {
	object := ""
	if r.ObjectConcept != nil {
		object = r.ObjectConcept.ID
	}
	return object + "\x00" + r.Predicate + "\x00" + r.KnowledgeGraphID
}

var createConceptRelations = write[ConceptRelation, ConceptRelation]{
	op: "PostConceptRelations", id: conceptRelationEnds, creates: true,
	send: func(ctx context.Context, c *Client, at scope, relations []ConceptRelation) ([]Item[ConceptRelation], error) {
		created, err := c.PostConceptRelations(ctx, at.app, at.parent, relations)
		return matchItems("PostConceptRelations", relations, created, conceptRelationEnds, err)
	},
}

var removeConceptRelations = remove("DeleteConceptRelations", func(ctx context.Context, c *Client, at scope, ids []string) error {
	return c.DeleteConceptRelations(ctx, at.app, at.parent, ids)
})

// CreateConceptRelation creates one relation of a subject concept: [Client.PostConceptRelations] with up to 128 of the
// same subject.
func (c *Client) CreateConceptRelation(
	ctx context.Context, app AppRef, subject string, relation ConceptRelation,
) (*ConceptRelation, error) {
	return createConceptRelations.one(ctx, c, &c.batchers.createConceptRelation, scope{app: app, parent: subject}, relation)
}

// RemoveConceptRelation deletes one relation: [Client.DeleteConceptRelations] with up to 128 of the same concept.
func (c *Client) RemoveConceptRelation(ctx context.Context, app AppRef, concept, id string) error {
	_, err := removeConceptRelations.one(ctx, c, &c.batchers.removeConceptRelation, scope{app: app, parent: concept}, id)
	return err
}

// ReadConceptRelation reads one relation as seen from one of its two concepts. The service has no request for a single
// relation: [Client.ListConceptRelations] of the concept alone, up to three times if it omits the relation, [Client.ListConceptRelations2]
// of the app together with others.
func (c *Client) ReadConceptRelation(ctx context.Context, app AppRef, concept, id string) (*ConceptRelation, error) {
	const op = "ListConceptRelations"
	found, err := c.caches.conceptRelations.Get(ctx, scope{app: app}, id, cached(c, batch.Source[ConceptRelation]{
		ID: conceptRelationID,
		Get: func(ctx context.Context, id string) (*ConceptRelation, error) {
			for range 3 { // a list can omit an object
				for relation, err := range c.AllConceptRelations(ctx, app, concept, ListConceptRelationsQuery{}) {
					if err != nil {
						return nil, err
					}
					if relation.ID == id {
						return &relation, nil
					}
				}
			}
			return nil, NewNotFound(op, fmt.Sprintf("concept %q has no relation %q", concept, id))
		},
		Page: func(ctx context.Context, number int) ([]ConceptRelation, error) {
			return c.ListConceptRelations2(ctx, app, ListConceptRelations2Query{
				ListConceptRelationsQuery: ListConceptRelationsQuery{Page: longPage(number)},
			})
		},
	}))
	if err != nil {
		return nil, err
	}
	seen, ok := found.seenFrom(concept)
	if !ok {
		return nil, NewNotFound(op, fmt.Sprintf("relation %q is not one of concept %q", id, concept))
	}
	return &seen, nil
}

// seenFrom returns the relation with the concept as its subject. It reports whether the relation has the concept at all.
func (r ConceptRelation) seenFrom(concept string) (ConceptRelation, bool) {
	is := func(k *Concept) bool { return k != nil && k.ID == concept }
	if is(r.SubjectConcept) {
		return r, true
	}
	r.SubjectConcept, r.ObjectConcept = r.ObjectConcept, r.SubjectConcept
	switch r.Predicate {
	case PredicateHyponym:
		r.Predicate = PredicateHypernym
	case PredicateHypernym:
		r.Predicate = PredicateHyponym
	}
	return r, is(r.SubjectConcept)
}
