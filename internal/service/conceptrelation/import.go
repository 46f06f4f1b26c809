package conceptrelation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const importForms = `"id", "subject/predicate/object" or "subject/predicate/object/graph", each with "app_id/" or "user_id/app_id/" ` +
	`in front unless the provider configuration sets them`

// target is the relation to import: given by its id, or by concepts and predicate.
type target struct {
	userID, appID string
	id            string
	triple        triple
	anyGraph      bool
}

func (r *relationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	want, ok := parseImport(req.ID)
	if req.ID == "" && req.Identity != nil {
		want, ok = target{}, true
		var triple target
		for name, to := range map[string]*string{
			"user_id": &want.userID, "app_id": &want.appID, "id": &want.id, "subject_concept_id": &triple.triple.subject,
			"predicate": &triple.triple.predicate, "object_concept_id": &triple.triple.object, "knowledge_graph_id": &triple.triple.graph,
		} {
			var v types.String
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &v)...)
			*to = v.ValueString()
		}
		if want.id == "" {
			want.triple, want.anyGraph = triple.triple, triple.triple.graph == ""
			ok = triple.triple.subject != "" && slices.Contains(predicates, triple.triple.predicate) && triple.triple.object != ""
		}
	}
	if !ok {
		resp.Diagnostics.AddError("Invalid import id",
			fmt.Sprintf("The import id %q has no known form. Known forms: %s; the predicate is one of %s. An identity has either id, "+
				"or subject_concept_id, predicate and object_concept_id.",
				req.ID, importForms, strings.Join(predicates, ", ")))
	}
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	if resp.Diagnostics.HasError() {
		return
	}
	app, problems := ids.Scope(r.Provider, types.StringValue(want.userID), types.StringValue(want.appID))
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	relation, err := want.find(ctx, client, runOf(r.Provider), app)
	if err != nil {
		why := diags.Detail(err)
		if parts := strings.Split(req.ID, "/"); want.id != "" && len(parts) == 3 { // the predicate may be misspelled
			why += fmt.Sprintf("\n\n%q was read as user %q, app %q and relation %q. To import a relation by its concepts, write one of "+
				"%s between them.",
				req.ID, parts[0], parts[1], parts[2], strings.Join(predicates, ", "))
		}
		resp.Diagnostics.AddError("Unable to import the relation", why)
		return
	}
	if want.id == "" && tripleOf(*relation).subject != want.triple.subject {
		inverted := invert(*relation) // as the import id has it
		relation = &inverted
	}
	found := modelFromAPI(app, relation)
	found.Visibility = types.StringNull() // tells Read that the state was imported
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
	setIdentity(ctx, resp.Identity, app, relation.ID, &resp.Diagnostics)
}

// parseImport reads an import id. An import id that contains a predicate names concepts, others name
// the id.
func parseImport(id string) (target, bool) {
	parts := strings.Split(id, "/")
	if slices.Contains(parts, "") {
		return target{}, false
	}
	for at, conceptAttribute := range parts {
		before, after := at, len(parts)-at-1
		if !slices.Contains(predicates, conceptAttribute) || before < 1 || before > 3 || after < 1 || after > 2 {
			continue
		}
		t := target{triple: triple{subject: parts[at-1], predicate: conceptAttribute, object: parts[at+1]}, anyGraph: after == 1}
		if after == 2 {
			t.triple.graph = parts[at+2]
		}
		return t.withScope(parts[:at-1]), true
	}
	if len(parts) > 3 {
		return target{}, false
	}
	last := len(parts) - 1
	return target{id: parts[last]}.withScope(parts[:last]), true
}

// withScope sets user and app from the leading parts of an import id.
func (t target) withScope(parts []string) target {
	if n := len(parts); n > 0 {
		t.appID = parts[n-1]
	}
	if len(parts) == 2 {
		t.userID = parts[0]
	}
	return t
}

// find finds the relation among those of the app, which are listed once per run.
func (t target) find(ctx context.Context, client *clarifai.Client, run *run, app clarifai.AppRef) (*clarifai.ConceptRelation, error) {
	existingRelations, err := run.existingRelations(ctx, client, app)
	if err != nil {
		return nil, err
	}
	var found []clarifai.ConceptRelation
	if t.id != "" {
		if relation, ok := existingRelations.byID[t.id]; ok {
			found = append(found, relation)
		}
	} else {
		triple := t.triple.canonical()
		triple.graph = ""
		for _, id := range existingRelations.same[triple] {
			if relation := existingRelations.byID[id]; t.anyGraph || relation.KnowledgeGraphID == t.triple.graph {
				found = append(found, relation)
			}
		}
	}
	if len(found) == 0 && !existingRelations.all {
		return t.search(ctx, client, app)
	}
	switch len(found) {
	case 0:
		return nil, t.missing(app)
	case 1:
		return &found[0], nil
	}
	var each []string
	for _, relation := range found {
		each = append(each, fmt.Sprintf("%s (graph %q)", relation.ID, relation.KnowledgeGraphID))
	}
	return nil, fmt.Errorf("app %q has relation %s in several knowledge graphs; add the graph, or use the id: %s",
		app.AppID, t, strings.Join(each, ", "))
}

// search lists relations of an app that has too many for the shared listing.
func (t target) search(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (*clarifai.ConceptRelation, error) {
	for relation, err := range find(ctx, client, app, t.triple.subject, t.triple.predicate, t.triple.graph) {
		if err != nil {
			return nil, err
		}
		if relation.ID == t.id || t.id == "" && tripleOf(relation).object == t.triple.object {
			return &relation, nil
		}
	}
	return nil, t.missing(app)
}

// missing is the error for a relation that does not exist.
func (t target) missing(app clarifai.AppRef) error {
	return fmt.Errorf("app %q has no relation %s. The data source clarifai_concept_relations shows those that it has", app.AppID, t)
}

// String names the relation as it was requested.
func (t target) String() string {
	if t.id != "" {
		return fmt.Sprintf("%q", t.id)
	}
	return t.triple.String()
}
