package movestate_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/movestate"
)

func TestMovers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		collections      movestate.Collections
		sourceType, json string
		want             string // user, app and id, or a part of the error; "" for not moved
	}{
		"restful_resource": {
			movestate.InApp("datasets", "id"), "restful_resource",
			`{"id":"/v2/users/acme/apps/fleet/datasets/trucks","path":"/v2/users/acme/apps/fleet/datasets"}`, "acme fleet trucks",
		},
		"restapi_object": {
			movestate.InApp("datasets", "id"), "restapi_object",
			`{"id":"trucks","path":"/v2/users/acme/apps/fleet/datasets","api_data":{}}`, "acme fleet trucks",
		},
		"an escaped id": {
			movestate.InApp("concepts", "id"), "restful_resource", `{"id":"/v2/users/me/apps/fleet/concepts/rolls%20royce"}`, "me fleet rolls royce",
		},
		"an app": {movestate.Apps(), "restapi_object", `{"id":"fleet","path":"/v2/users/acme/apps/"}`, "acme  fleet"},
		"another collection": {movestate.InApp("datasets", "id"), "restapi_object", `{"id":"x","path":"/v2/users/acme/apps/fleet/inputs"}`,
			"does not contain datasets/ID"},
		"another resource type": {movestate.InApp("datasets", "id"), "null_resource", `{"id":"/datasets/x"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := schema.Schema{Attributes: map[string]schema.Attribute{
				"user_id": schema.StringAttribute{Optional: true}, "app_id": schema.StringAttribute{Optional: true},
				"id": schema.StringAttribute{Optional: true},
			}}
			resp := resource.MoveStateResponse{TargetState: tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}}
			for _, mover := range movestate.Movers(c.collections) {
				mover.StateMover(t.Context(), resource.MoveStateRequest{
					SourceTypeName: c.sourceType, SourceRawState: &tfprotov6.RawState{JSON: []byte(c.json)},
				}, &resp)
			}
			var got []string
			for _, d := range resp.Diagnostics {
				got = append(got, d.Detail())
			}
			if !resp.TargetState.Raw.IsNull() {
				for _, attribute := range []string{"user_id", "app_id", "id"} {
					var v types.String
					resp.TargetState.GetAttribute(t.Context(), path.Root(attribute), &v)
					got = append(got, v.ValueString())
				}
			}
			if said := strings.Join(got, " "); (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
				t.Errorf("moved to %q, want %q", said, c.want)
			}
		})
	}
}
