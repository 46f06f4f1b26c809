package ids_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

func TestValidators(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		validator validator.String
		id        string
		problem   string // "" for none
	}{
		{ids.New(), "trucks_1-A", ""},
		{ids.New(), "", "it is empty"},
		{ids.New(), "a/b", "slash"},
		{ids.New(), "a b", "space"},
		{ids.New(), "größe", `it contains 'ö'`},
		{ids.New(), strings.Repeat("a", ids.MaxLength), ""},
		{ids.New(), strings.Repeat("a", ids.MaxLength+1), "at most 32"},
		{ids.Reference(), "größe.v2", ""},
		{ids.Reference(), "rolls royce", ""},
		{ids.Reference(), "ai.people:1", ""},
		{ids.Reference(), "..", "remove"},
		{ids.Reference(), ".", "remove"},
		{ids.Reference(), "的な", ""},
		{ids.Reference(), "a/b", "slash"},
		{ids.Reference(), "a\nb", "control character"},
	} {
		var resp validator.StringResponse
		test.validator.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("id"), ConfigValue: types.StringValue(test.id)}, &resp)
		said := ""
		for _, d := range resp.Diagnostics {
			said += d.Detail()
		}
		if (said == "") != (test.problem == "") || !strings.Contains(said, test.problem) {
			t.Errorf("%q: said %q, want %q", test.id, said, test.problem)
		}
	}
	for _, unset := range []types.String{types.StringNull(), types.StringUnknown()} {
		var resp validator.StringResponse
		ids.New().ValidateString(t.Context(), validator.StringRequest{ConfigValue: unset}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%s is anyFindings: %v", unset, resp.Diagnostics)
		}
	}
}

// A message about many ids of concepts lists the first ten, each once.
func TestConceptList(t *testing.T) {
	t.Parallel()
	var list ids.ConceptList
	for _, id := range []string{"truck", strings.Repeat("a", ids.MaxLength), "traffic light", "status", "traffic light"} {
		list.Add(id)
	}
	want := "\"traffic light\": it contains a space\n\"status\": it is a word in the API's own paths, so the object could not be read"
	if list.Len() != 2 || list.String() != want {
		t.Errorf("%d ids:\n%s", list.Len(), &list)
	}
	for i := range 10 {
		list.Add(strings.Repeat("a", ids.MaxLength+1+i))
	}
	if text := list.String(); list.Len() != 12 || !strings.HasSuffix(text, "characters, at most 32 are allowed\n... and 2 more") {
		t.Errorf("%d ids:\n%s", list.Len(), text)
	}
}

// Parts that an import ID omits come from the provider, from left to right.
func TestImport(t *testing.T) {
	t.Parallel()
	provider := &configure.Provider{UserID: "acme", AppID: "fleet"}
	for _, test := range []struct {
		key      ids.Key
		provider *configure.Provider
		id       string
		want     string // the parts, or a part of the error
	}{
		{ids.InApp("id"), provider, "trucks", "acme fleet trucks"},
		{ids.InApp("id"), provider, "other/trucks", "acme other trucks"},
		{ids.InApp("id"), provider, "ann/other/trucks", "ann other trucks"},
		{ids.InApp("dataset_id", "id"), provider, "trucks/v1", "acme fleet trucks v1"},
		{ids.InApp("dataset_id", "id"), provider, "v1", `"dataset_id/id"`},
		{ids.OfUser("id"), provider, "fleet", "acme fleet"},
		{ids.OfUser("id"), provider, "ann/fleet", "ann fleet"},
		{ids.OfUser("id"), provider, "ann/x/fleet", "is not of the form"},
		{ids.InApp("id"), provider, "a/b/c/d", "is not of the form"},
		{ids.InApp("id"), provider, "other//trucks", "is not of the form"},
		{ids.InApp("id"), provider, "", "is not of the form"},
		{ids.InApp("id"), provider, "/", "is not of the form"},
		{ids.InApp("id"), provider, "other/..", `".." cannot be the id`},
		{ids.InApp("id"), provider, "../trucks", `".." cannot be the app_id`},
		{ids.InApp("id"), &configure.Provider{UserID: "acme"}, "trucks", "sets app_id"},
		{ids.InApp("id"), nil, "ann/other/trucks", "ann other trucks"},
	} {
		got := imported(t.Context(), test.key, test.provider, test.id)
		if !strings.Contains(got, test.want) {
			t.Errorf("%q came to %q, want %q", test.id, got, test.want)
		}
	}
}

// imported returns the state that an import writes, or its error.
func imported(ctx context.Context, key ids.Key, provider *configure.Provider, id string) string {
	names := append([]string{"user_id", "app_id"}, key.Own...)
	if key.OfUser {
		names = append([]string{"user_id"}, key.Own...)
	}
	attributes := map[string]schema.Attribute{}
	for _, name := range names {
		attributes[name] = schema.StringAttribute{Optional: true}
	}
	s := schema.Schema{Attributes: attributes}
	resp := resource.ImportStateResponse{State: tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(ctx), nil)}}
	// An empty id comes with an identity that has no values.
	none := key.IdentitySchema()
	identity := &tfsdk.ResourceIdentity{Raw: tftypes.NewValue(none.Type().TerraformType(ctx), nil), Schema: none}
	key.Import(ctx, provider, resource.ImportStateRequest{ID: id, Identity: identity}, &resp)
	var parts []string
	for _, d := range resp.Diagnostics {
		parts = append(parts, d.Detail())
	}
	if resp.Diagnostics.HasError() {
		return strings.Join(parts, "\n")
	}
	for _, name := range names {
		var v types.String
		resp.State.GetAttribute(ctx, path.Root(name), &v)
		parts = append(parts, v.ValueString())
	}
	return strings.Join(parts, " ")
}
