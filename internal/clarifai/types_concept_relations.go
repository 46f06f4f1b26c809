package clarifai

// Predicates of concept relations, seen from the subject.
const (
	PredicateHyponym  = "hyponym"  // the subject is a kind of the object
	PredicateHypernym = "hypernym" // the object is a kind of the subject
	PredicateSynonym  = "synonym"
)

// ConceptRelation ties two concepts. Settable and fixed: object_concept (its id),
// predicate, knowledge_graph_id, visibility. The id is made by the service; the subject
// is the concept of the path. There is no update.
type ConceptRelation struct {
	ID               string      `json:"id,omitzero"`
	SubjectConcept   *Concept    `json:"subject_concept,omitzero"`
	ObjectConcept    *Concept    `json:"object_concept,omitzero"`
	Predicate        string      `json:"predicate,omitzero"`
	KnowledgeGraphID string      `json:"knowledge_graph_id,omitzero"` // empty: the app's global graph
	Visibility       *Visibility `json:"visibility,omitzero"`
}

// KnowledgeGraph groups concept relations. Settable on create, listed, never changed or deleted.
type KnowledgeGraph struct {
	ID                   string `json:"id,omitzero"`
	Name                 string `json:"name,omitzero"`
	Description          string `json:"description,omitzero"`
	ExamplesAppID        string `json:"examples_app_id,omitzero"`
	SampledExamplesAppID string `json:"sampled_examples_app_id,omitzero"`
}

// ConceptMappingJob maps app concepts to the public knowledge graph. Request only; the
// public protos dropped it in release 10.5.1.
type ConceptMappingJob struct {
	KnowledgeGraphID string   `json:"knowledge_graph_id,omitzero"` // graph that gets the new relations
	ConceptIDs       []string `json:"concept_ids,omitempty"`
}

// PostConceptRelationsRequest creates relations of the concept in the path.
type PostConceptRelationsRequest struct {
	ConceptRelations []ConceptRelation `json:"concept_relations"`
}

// DeleteConceptRelationsRequest deletes relations; either concept's path will do.
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
