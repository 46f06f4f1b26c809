package conceptrelation

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a relation with the subject's view.
type model struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ID        types.String `tfsdk:"id"`
	Subject   types.String `tfsdk:"subject_concept_id"`
	Predicate types.String `tfsdk:"predicate"`
	Object    types.String `tfsdk:"object_concept_id"`
	Graph     types.String `tfsdk:"knowledge_graph_id"`
	// Visibility is set by every read. Null means that the state was just imported.
	Visibility types.String `tfsdk:"visibility"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the relation in messages.
func (m *model) String() string { return m.triple().String() }

// triple is subject, predicate and object of a relation, with its knowledge graph.
func (m *model) triple() triple {
	return triple{m.Subject.ValueString(), m.Predicate.ValueString(), m.Object.ValueString(), m.Graph.ValueString()}
}

// isKnown reports whether concepts, predicate, graph and app are known.
func (m *model) isKnown() bool {
	for _, v := range []types.String{m.UserID, m.AppID, m.Subject, m.Predicate, m.Object, m.Graph} {
		if v.IsUnknown() {
			return false
		}
	}
	return true
}

// asPosted is the direction in which a relation is created: from the broader concept. A request holds
// relations of one subject only, so those of one parent then share requests.
func (t triple) asPosted() triple {
	if t.predicate == clarifai.PredicateHyponym {
		return t.inverted()
	}
	return t
}

// toAPI returns the relation to create under its subject.
func (t triple) toAPI(visibility types.String) clarifai.ConceptRelation {
	return clarifai.ConceptRelation{
		ObjectConcept:    &clarifai.Concept{ID: t.object},
		Predicate:        t.predicate,
		KnowledgeGraphID: t.graph,
		Visibility:       attrs.VisibilityToAPI(visibility),
	}
}

// fromAPI sets the model from a response that has the same subject. A graph that is not configured is
// not managed: the service may have a name for the global one.
func (m *model) fromAPI(r *clarifai.ConceptRelation, importing bool) {
	triple := tripleOf(*r)
	m.ID = types.StringValue(r.ID)
	m.Subject, m.Predicate, m.Object = types.StringValue(triple.subject), types.StringValue(triple.predicate),
		types.StringValue(triple.object)
	m.Graph = attrs.Unmanaged(m.Graph, r.KnowledgeGraphID, importing)
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, r.Visibility)
}

// modelFromAPI returns a relation with everything that the service returns.
func modelFromAPI(app clarifai.AppRef, r *clarifai.ConceptRelation) model {
	m := model{UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID)}
	m.fromAPI(r, true)
	return m
}

// triple is subject, predicate and object of a relation, with its knowledge graph.
type triple struct{ subject, predicate, object, graph string }

func (t triple) String() string {
	text := fmt.Sprintf("%q %s of %q", t.subject, t.predicate, t.object)
	if t.graph != "" {
		text += fmt.Sprintf(" in graph %q", t.graph)
	}
	return text
}

// predicates are the valid predicates.
var predicates = []string{clarifai.PredicateHypernym, clarifai.PredicateHyponym, clarifai.PredicateSynonym}

var inverse = map[string]string{
	clarifai.PredicateHyponym:  clarifai.PredicateHypernym,
	clarifai.PredicateHypernym: clarifai.PredicateHyponym,
	clarifai.PredicateSynonym:  clarifai.PredicateSynonym,
}

// inverted is the same relation with the other concept as subject.
func (t triple) inverted() triple {
	return triple{t.object, inverse[t.predicate], t.subject, t.graph}
}

// canonical is equal for a relation and its inverse: hyponyms, and synonyms sorted by concept id.
func (t triple) canonical() triple {
	if t.predicate == clarifai.PredicateHypernym || t.predicate == clarifai.PredicateSynonym && t.subject > t.object {
		return t.inverted()
	}
	return t
}

// tripleOf returns the triple of a relation.
func tripleOf(r clarifai.ConceptRelation) triple {
	s := triple{predicate: r.Predicate, graph: r.KnowledgeGraphID}
	if r.SubjectConcept != nil {
		s.subject = r.SubjectConcept.ID
	}
	if r.ObjectConcept != nil {
		s.object = r.ObjectConcept.ID
	}
	return s
}

// invert is the relation as its object sees it.
func invert(r clarifai.ConceptRelation) clarifai.ConceptRelation {
	r.SubjectConcept, r.Predicate, r.ObjectConcept = r.ObjectConcept, inverse[r.Predicate], r.SubjectConcept
	return r
}

// find lists relations of a concept, or of the app if concept is empty. For an app the service lists
// each relation in the direction in which it was created, whatever predicate is requested, so they are
// filtered and inverted here.
func find(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept, predicate, graph string,
) iter.Seq2[clarifai.ConceptRelation, error] {
	query := clarifai.ListConceptRelationsQuery{
		Page: clarifai.Page{PerPage: clarifai.MaxPerPage}, Predicate: predicate, KnowledgeGraphID: graph,
	}
	if concept != "" || predicate == "" || predicate == clarifai.PredicateSynonym {
		return client.AllConceptRelations(ctx, app, concept, query)
	}
	query.Predicate = ""
	return func(yield func(clarifai.ConceptRelation, error) bool) {
		for r, err := range client.AllConceptRelations(ctx, app, "", query) {
			if err == nil && r.Predicate == inverse[predicate] {
				r = invert(r)
			}
			if err == nil && r.Predicate != predicate {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
