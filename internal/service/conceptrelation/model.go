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

// model is a relation, seen from its subject.
type model struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ID        types.String `tfsdk:"id"`
	Subject   types.String `tfsdk:"subject_concept_id"`
	Predicate types.String `tfsdk:"predicate"`
	Object    types.String `tfsdk:"object_concept_id"`
	Graph     types.String `tfsdk:"knowledge_graph_id"`
	// Visibility is set by every read, so null tells a state that was just imported.
	Visibility types.String `tfsdk:"visibility"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String is what the relation says, for messages.
func (m *model) String() string { return m.statement().String() }

func (m *model) statement() statement {
	return statement{m.Subject.ValueString(), m.Predicate.ValueString(), m.Object.ValueString(), m.Graph.ValueString()}
}

// known tells whether it is known what the relation says, and of which app.
func (m *model) known() bool {
	for _, v := range []types.String{m.UserID, m.AppID, m.Subject, m.Predicate, m.Object, m.Graph} {
		if v.IsUnknown() {
			return false
		}
	}
	return true
}

// request is the relation to create.
func (m *model) request() clarifai.ConceptRelation {
	return clarifai.ConceptRelation{
		ObjectConcept:    &clarifai.Concept{ID: m.Object.ValueString()},
		Predicate:        m.Predicate.ValueString(),
		KnowledgeGraphID: m.Graph.ValueString(),
		Visibility:       attrs.VisibilityToAPI(m.Visibility),
	}
}

// refresh takes over what the service says, seen from the same subject. A graph
// that the configuration does not name is not followed: the service may have a
// name for the global one.
func (m *model) refresh(r *clarifai.ConceptRelation, importing bool) {
	says := said(*r)
	m.ID = types.StringValue(r.ID)
	m.Subject, m.Predicate, m.Object = types.StringValue(says.subject), types.StringValue(says.predicate), types.StringValue(says.object)
	m.Graph = attrs.Unmanaged(m.Graph, r.KnowledgeGraphID, importing)
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, r.Visibility)
}

// show is a relation with everything that the service says of it.
func show(app clarifai.AppRef, r *clarifai.ConceptRelation) model {
	m := model{UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID)}
	m.refresh(r, true)
	return m
}

// statement is what a relation says, in words of one side.
type statement struct{ subject, predicate, object, graph string }

func (s statement) String() string {
	text := fmt.Sprintf("%q %s of %q", s.subject, s.predicate, s.object)
	if s.graph != "" {
		text += fmt.Sprintf(" in graph %q", s.graph)
	}
	return text
}

// predicates are what a relation may say.
var predicates = []string{clarifai.PredicateHypernym, clarifai.PredicateHyponym, clarifai.PredicateSynonym}

var inverse = map[string]string{
	clarifai.PredicateHyponym:  clarifai.PredicateHypernym,
	clarifai.PredicateHypernym: clarifai.PredicateHyponym,
	clarifai.PredicateSynonym:  clarifai.PredicateSynonym,
}

// turned says the same from the other side.
func (s statement) turned() statement {
	return statement{s.object, inverse[s.predicate], s.subject, s.graph}
}

// canonical is the same for a relation and its inverse: hyponyms are said from
// the kind to the parent, synonyms in the order of the ids.
func (s statement) canonical() statement {
	if s.predicate == clarifai.PredicateHypernym || s.predicate == clarifai.PredicateSynonym && s.subject > s.object {
		return s.turned()
	}
	return s
}

// said is what a relation of the service says.
func said(r clarifai.ConceptRelation) statement {
	s := statement{predicate: r.Predicate, graph: r.KnowledgeGraphID}
	if r.SubjectConcept != nil {
		s.subject = r.SubjectConcept.ID
	}
	if r.ObjectConcept != nil {
		s.object = r.ObjectConcept.ID
	}
	return s
}

// turn is the relation as its object sees it.
func turn(r clarifai.ConceptRelation) clarifai.ConceptRelation {
	r.SubjectConcept, r.Predicate, r.ObjectConcept = r.ObjectConcept, inverse[r.Predicate], r.SubjectConcept
	return r
}

// find yields relations of a concept or, without one, of the app. Of the app the
// service lists each in the direction in which it was made, whatever the
// predicate that is asked for, so these are picked and turned here.
func find(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, concept, predicate, graph string) iter.Seq2[clarifai.ConceptRelation, error] {
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
				r = turn(r)
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
