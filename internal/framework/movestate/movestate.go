// Package movestate moves the state of resources of generic REST providers to
// resources of this provider, for moved blocks that change the resource type.
package movestate

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// sources are the supported resource types, of Magodo's restful and
// Mastercard's restapi provider.
var sources = []string{"restful_resource", "restapi_object"}

// Collections are the segments of the API's paths that precede ids, outermost
// first, with the attributes that receive the ids.
type Collections []struct{ Segment, Attribute string }

// InApp returns the collections of an object inside an app.
func InApp(segment, attribute string) Collections {
	return Collections{{"users", "user_id"}, {"apps", "app_id"}, {segment, attribute}}
}

// Apps returns the collections of an app.
func Apps() Collections {
	return Collections{{"users", "user_id"}, {"apps", "id"}}
}

// Movers returns the state movers of a resource. A mover sets the attributes of
// the key from the address of the source object. Terraform then refreshes the
// resource, which sets all other attributes as after an import. A mover runs in a provider that
// is not configured, so it sends no request.
func Movers(collections Collections) []resource.StateMover {
	return []resource.StateMover{{
		StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if !slices.Contains(sources, req.SourceTypeName) || req.SourceRawState == nil {
				return // not a source of this mover
			}
			var source struct {
				ID   string `json:"id"`
				Path string `json:"path"`
			}
			if err := json.Unmarshal(req.SourceRawState.JSON, &source); err != nil {
				resp.Diagnostics.AddError("Unable to move the state of "+req.SourceTypeName,
					"The state of the source resource cannot be read: "+err.Error()+".")
				return
			}
			values := find(address(source.Path, source.ID), collections)
			last := collections[len(collections)-1]
			if values[last.Attribute] == "" {
				resp.Diagnostics.AddError("Unable to move the state of "+req.SourceTypeName,
					fmt.Sprintf("The address of the source object, %q, does not contain %s/ID. Use an import block instead of the moved block.",
						address(source.Path, source.ID), last.Segment))
				return
			}
			for attribute, value := range values {
				resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attribute), value)...)
			}
		},
	}}
}

// address returns the path of the source object. A restful_resource has it as
// its id; a restapi_object has the collection's path and the id.
func address(collection, id string) string {
	if strings.Contains(id, "/") {
		return id
	}
	return strings.TrimSuffix(collection, "/") + "/" + id
}

// find returns the ids in an address, by attribute.
func find(address string, collections Collections) map[string]string {
	values := map[string]string{}
	if u, err := url.Parse(address); err == nil {
		address = u.Path
	}
	segments := strings.Split(strings.Trim(address, "/"), "/")
	for i := 0; i+1 < len(segments); i++ {
		for _, c := range collections {
			if segments[i] == c.Segment {
				values[c.Attribute] = segments[i+1]
			}
		}
	}
	return values
}
