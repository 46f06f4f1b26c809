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

const importForms = `"id", "subject/predicate/object" or "subject/predicate/object/graph", each with "app_id/" or "user_id/app_id/" in front where the provider does not say which app is meant`

// wanted is the relation to import: by its id, or by what it says.
type wanted struct {
	userID, appID string
	id            string
	says          statement
	anyGraph      bool
}

func (r *relationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	want, ok := parseImport(req.ID)
	if req.ID == "" && req.Identity != nil {
		want, ok = wanted{}, true
		var says wanted
		for name, to := range map[string]*string{
			"user_id": &want.userID, "app_id": &want.appID, "id": &want.id, "subject_concept_id": &says.says.subject,
			"predicate": &says.says.predicate, "object_concept_id": &says.says.object, "knowledge_graph_id": &says.says.graph,
		} {
			var v types.String
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(name), &v)...)
			*to = v.ValueString()
		}
		if want.id == "" {
			want.says, want.anyGraph = says.says, says.says.graph == ""
			ok = says.says.subject != "" && slices.Contains(predicates, says.says.predicate) && says.says.object != ""
		}
	}
	if !ok {
		resp.Diagnostics.AddError("Cannot tell which relation to import",
			fmt.Sprintf("The import id %q is not of a known form. It is written %s; the predicate is one of %s. An identity has either id, or subject_concept_id, predicate and object_concept_id.",
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
		if parts := strings.Split(req.ID, "/"); want.id != "" && len(parts) == 3 { // perhaps a predicate was mistyped
			why += fmt.Sprintf("\n\n%q was read as user %q, app %q and relation %q. To name a relation by its concepts, put one of %s between them.",
				req.ID, parts[0], parts[1], parts[2], strings.Join(predicates, ", "))
		}
		resp.Diagnostics.AddError("Unable to import the relation", why)
		return
	}
	found := show(app, relation)
	found.Visibility = types.StringNull() // so that Read knows
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
	setIdentity(ctx, resp.Identity, app, relation.ID, &resp.Diagnostics)
}

// parseImport reads an import id. The predicate in it tells what is what: an id
// has none.
func parseImport(id string) (wanted, bool) {
	parts := strings.Split(id, "/")
	if slices.Contains(parts, "") {
		return wanted{}, false
	}
	for at, part := range parts {
		before, after := at, len(parts)-at-1
		if !slices.Contains(predicates, part) || before < 1 || before > 3 || after < 1 || after > 2 {
			continue
		}
		w := wanted{says: statement{subject: parts[at-1], predicate: part, object: parts[at+1]}, anyGraph: after == 1}
		if after == 2 {
			w.says.graph = parts[at+2]
		}
		return w.scoped(parts[:at-1]), true
	}
	if len(parts) > 3 {
		return wanted{}, false
	}
	last := len(parts) - 1
	return wanted{id: parts[last]}.scoped(parts[:last]), true
}

// scoped takes what stands before: nothing, the app, or user and app.
func (w wanted) scoped(parts []string) wanted {
	if n := len(parts); n > 0 {
		w.appID = parts[n-1]
	}
	if len(parts) == 2 {
		w.userID = parts[0]
	}
	return w
}

// find finds the relation among those of the app, which are listed once a run
// however many are imported.
func (w wanted) find(ctx context.Context, client *clarifai.Client, run *run, app clarifai.AppRef) (*clarifai.ConceptRelation, error) {
	existing, err := run.existing(ctx, client, app)
	if err != nil {
		return nil, err
	}
	var found []clarifai.ConceptRelation
	if w.id != "" {
		if relation, ok := existing.byID[w.id]; ok {
			found = append(found, relation)
		}
	} else {
		says := w.says.canonical()
		says.graph = ""
		for _, id := range existing.same[says] {
			if relation := existing.byID[id]; w.anyGraph || relation.KnowledgeGraphID == w.says.graph {
				found = append(found, relation)
			}
		}
	}
	if len(found) == 0 && !existing.all {
		return w.lookFor(ctx, client, app)
	}
	switch len(found) {
	case 0:
		return nil, w.missing(app)
	case 1:
		return &found[0], nil
	}
	var each []string
	for _, relation := range found {
		each = append(each, fmt.Sprintf("%s (graph %q)", relation.ID, relation.KnowledgeGraphID))
	}
	return nil, fmt.Errorf("app %q has relation %s in several knowledge graphs; say which one is meant by its graph or its id: %s",
		app.AppID, w, strings.Join(each, ", "))
}

// lookFor asks for the one relation, in an app that has too many to list.
func (w wanted) lookFor(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (*clarifai.ConceptRelation, error) {
	for relation, err := range find(ctx, client, app, w.says.subject, w.says.predicate, w.says.graph) {
		if err != nil {
			return nil, err
		}
		if relation.ID == w.id || w.id == "" && said(relation).object == w.says.object {
			return &relation, nil
		}
	}
	return nil, w.missing(app)
}

// missing says that there is no such relation, and what is to be done about it.
func (w wanted) missing(app clarifai.AppRef) error {
	return fmt.Errorf("app %q has no relation %s. The data source clarifai_concept_relations shows those that it has", app.AppID, w)
}

// String is how the relation was asked for.
func (w wanted) String() string {
	if w.id != "" {
		return fmt.Sprintf("%q", w.id)
	}
	return w.says.String()
}
