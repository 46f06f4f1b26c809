package emulator

import (
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func conceptRelationRoutes(s *Service) []endpoint {
	path := inApp + "/concepts/{concept_id}/relations"
	return []endpoint{
		{Op: "ListConceptRelations2", Method: get, Path: inApp + "/concepts/relations", Action: read(s, listAllConceptRelations), Needs: aPAT},
		{Op: "ListConceptRelations", Method: get, Path: path, Action: read(s, listConceptRelations), Needs: aPAT},
		{Op: "PostConceptRelations", Method: post, Path: path, Action: write(s, postConceptRelations), Needs: aPAT},
		{Op: "DeleteConceptRelations", Method: remove, Path: path, Action: write(s, deleteConceptRelations), Needs: aPAT},
	}
}

// relation relates two concepts. It is stored once, as it was created, and returned from
// both sides.
type relation struct {
	id, subject, predicate, object, graph string
	visibility                            *clarifai.Visibility
	directed                              bool // its inverse is another relation
}

// edge identifies a relation: a relation and its inverse have the same edge.
type edge struct{ from, predicate, to, graph string }

func (r *relation) edge() edge {
	e := edge{r.subject, r.predicate, r.object, r.graph}
	if r.directed {
		return e
	}
	if r.predicate == clarifai.PredicateHypernym || r.predicate == clarifai.PredicateSynonym && r.subject > r.object {
		e = edge{r.object, inverse[r.predicate], r.subject, r.graph}
	}
	return e
}

// inverse maps each predicate to the predicate of the swapped relation.
var inverse = map[string]string{
	clarifai.PredicateHyponym:  clarifai.PredicateHypernym,
	clarifai.PredicateHypernym: clarifai.PredicateHyponym,
	clarifai.PredicateSynonym:  clarifai.PredicateSynonym,
}

// turned returns the relation with subject and object swapped.
func (r *relation) turned() *relation {
	t := *r
	t.subject, t.predicate, t.object = r.object, inverse[r.predicate], r.subject
	return &t
}

// seenFrom returns the relation with the concept as its subject, or nil if the relation
// does not have the concept.
func (r *relation) seenFrom(concept string) *relation {
	switch concept {
	case r.subject:
		return r
	case r.object:
		return r.turned()
	}
	return nil
}

func (a *app) relationView(r *relation) clarifai.ConceptRelation {
	subject, object := a.conceptView(a.concepts.get(r.subject)), a.conceptView(a.concepts.get(r.object))
	return clarifai.ConceptRelation{
		ID: r.id, SubjectConcept: &subject, ObjectConcept: &object, Predicate: r.predicate,
		KnowledgeGraphID: r.graph, Visibility: r.visibility,
	}
}

// addRelation stores a relation unless it, or its inverse, exists.
func (a *app) addRelation(r *relation) bool {
	if _, taken := a.edges[r.edge()]; taken {
		return false
	}
	if a.edges == nil {
		a.edges = map[edge]string{}
	}
	a.edges[r.edge()] = r.id
	a.relations.put(r.id, r)
	return true
}

func (a *app) removeRelation(r *relation) {
	delete(a.edges, r.edge())
	a.relations.remove(r.id)
}

func listConceptRelations(c *call) (*clarifai.MultiConceptRelationResponse, error) {
	return c.relationsOf(c.Path["concept_id"])
}

func listAllConceptRelations(c *call) (*clarifai.MultiConceptRelationResponse, error) {
	if id := c.Query.Text("concept_id"); id != "" {
		return c.relationsOf(id)
	}
	// Without a concept each relation is listed once, in the direction in which it
	// is stored; only hyponyms are reversed if hypernyms are requested.
	return c.listRelations(func(r *relation, predicate string) *relation {
		if predicate == clarifai.PredicateHypernym && r.predicate == clarifai.PredicateHyponym {
			return r.turned()
		}
		return r
	})
}

func (c *call) relationsOf(concept string) (*clarifai.MultiConceptRelationResponse, error) {
	if !c.app.concepts.has(concept) {
		return nil, notFound("concept_id", concept)
	}
	return c.listRelations(func(r *relation, _ string) *relation { return r.seenFrom(concept) })
}

// listRelations lists the relations that see returns and the query selects, newest last.
func (c *call) listRelations(see func(r *relation, predicate string) *relation) (*clarifai.MultiConceptRelationResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	predicate, graph := c.Query.Text("predicate"), c.Query.Text("knowledge_graph_id")
	if predicate != "" && inverse[predicate] == "" {
		return nil, unknownPredicate(predicate)
	}
	if graph != "" && !c.app.graphs.has(graph) {
		return nil, notFound("knowledge_graph_id", graph)
	}
	var found []*relation
	for stored := range c.app.relations.oldest() {
		r := see(stored, predicate)
		if r == nil || predicate != "" && r.predicate != predicate || graph != "" && r.graph != graph {
			continue
		}
		found = append(found, r)
	}
	out := &clarifai.MultiConceptRelationResponse{}
	for _, r := range apiserver.PageOf(p, found) {
		out.ConceptRelations = append(out.ConceptRelations, c.app.relationView(r))
	}
	return out, nil
}

func unknownPredicate(predicate string) error {
	return reject(clarifai.StatusConceptsInvalidRequest, "predicate '%s' is none of hypernym, hyponym, synonym", predicate)
}

// postConceptRelations creates all or none.
func postConceptRelations(c *call, in *clarifai.PostConceptRelationsRequest) (*clarifai.MultiConceptRelationResponse, error) {
	subject, err := c.concept()
	if err != nil {
		return nil, err
	}
	if len(in.ConceptRelations) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "concept_relations is empty")
	}
	made := make([]*relation, len(in.ConceptRelations))
	seen := map[edge]bool{}
	for i, sent := range in.ConceptRelations {
		r, err := c.newRelation(subject.ID, sent)
		if err != nil {
			return nil, err
		}
		if _, taken := c.app.edges[r.edge()]; taken || seen[r.edge()] {
			return nil, c.conceptDuplicate("Concept relation with duplicate subject '%s', predicate '%s' and object '%s'", r.subject, r.predicate,
				r.object)
		}
		made[i], seen[r.edge()] = r, true
	}
	out := &clarifai.MultiConceptRelationResponse{}
	for _, r := range made {
		c.app.addRelation(r)
		out.ConceptRelations = append(out.ConceptRelations, c.app.relationView(r))
	}
	return out, nil
}

func (c *call) newRelation(subject string, sent clarifai.ConceptRelation) (*relation, error) {
	r := &relation{
		id: newID(), subject: subject, predicate: sent.Predicate, graph: sent.KnowledgeGraphID,
		visibility: visibilityOr(sent.Visibility, private), directed: c.dialect(RelationsDirected),
	}
	if sent.ObjectConcept != nil {
		r.object = sent.ObjectConcept.ID
	}
	switch {
	case r.object == "":
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "a concept relation needs object_concept.id")
	case inverse[r.predicate] == "":
		return nil, unknownPredicate(r.predicate)
	case r.object == r.subject:
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "concept '%s' cannot be related to itself", r.subject)
	case !c.app.concepts.has(r.object):
		return nil, notFound("concept_id", r.object)
	case r.graph != "" && !c.app.graphs.has(r.graph):
		return nil, notFound("knowledge_graph_id", r.graph)
	}
	return r, nil
}

// deleteConceptRelations deletes all or none, under the path of either concept.
func deleteConceptRelations(c *call, in *clarifai.DeleteConceptRelationsRequest) (*clarifai.BaseResponse, error) {
	concept, err := c.concept()
	if err != nil {
		return nil, err
	}
	if len(in.IDs) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "ids is empty")
	}
	for _, id := range in.IDs {
		if r := c.app.relations.get(id); r == nil || r.seenFrom(concept.ID) == nil {
			if err := c.unknownOnDelete("concept_relation_id", id); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range in.IDs {
		if r := c.app.relations.get(id); r != nil && r.seenFrom(concept.ID) != nil { // not named twice
			c.app.removeRelation(r)
		}
	}
	return &clarifai.BaseResponse{}, nil
}

// ConceptRelations returns an app's relations as they are stored, oldest first.
func (s *Service) ConceptRelations(appID string) []clarifai.ConceptRelation {
	var found []clarifai.ConceptRelation
	s.inspect(appID, func(c *call) {
		for r := range c.app.relations.oldest() {
			found = append(found, c.app.relationView(r))
		}
	})
	return found
}

// AddConceptRelation creates a relation between existing concepts and returns its id.
func (s *Service) AddConceptRelation(appID, subject, predicate, object, graph string) string {
	id := ""
	s.inspect(appID, func(c *call) {
		sent := clarifai.ConceptRelation{ObjectConcept: &clarifai.Concept{ID: object}, Predicate: predicate, KnowledgeGraphID: graph}
		r, err := c.newRelation(subject, sent)
		if err != nil {
			panic("emulator: " + err.Error())
		}
		if !c.app.concepts.has(subject) || !c.app.addRelation(r) {
			panic("emulator: no concept " + subject + ", or it is related so already")
		}
		id = r.id
	})
	return id
}

// DeleteConceptRelation deletes a relation and reports whether it existed.
func (s *Service) DeleteConceptRelation(appID, id string) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if r := c.app.relations.get(id); r != nil {
			c.app.removeRelation(r)
			found = true
		}
	})
	return found
}

// copyTaxonomy copies languages, graphs and relations of concepts that both apps
// have, as far as the destination lacks them.
func copyTaxonomy(from, to *app) {
	for concept := range from.concepts.oldest() {
		there := to.concepts.get(concept.ID)
		if there == nil {
			continue
		}
		for _, entry := range from.languagesOf(concept) {
			if to.languageOf(there, entry.ID) == nil {
				to.putLanguage(there, entry)
			}
		}
	}
	for graph := range from.graphs.oldest() {
		if !to.graphs.has(graph.ID) {
			to.graphs.put(graph.ID, graph)
		}
	}
	for r := range from.relations.oldest() {
		if to.concepts.has(r.subject) && to.concepts.has(r.object) {
			copied := *r
			copied.id = newID()
			to.addRelation(&copied)
		}
	}
}
