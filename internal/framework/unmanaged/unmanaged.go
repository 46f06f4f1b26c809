// Package unmanaged implements the rule for values that a configuration omits:
// if an attribute is not set, the provider does not manage it.
//
//   - A new object is created without the value. Values that are added outside
//     Terraform are neither shown nor changed.
//   - An import shows the values that the object has. Those that the configuration
//     omits stay as they are and are not managed: private state has their names.
//   - Removing an attribute that was configured removes the value, or is rejected
//     if the API cannot remove it.
//
// An attribute that follows the rule is optional and computed, has the plan
// modifier [Keep], and is set by Read through one of the From functions or their
// like. Read calls [Imported] after an import, Update calls [Configured].
package unmanaged

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

// privateKey is the key of the names in private state, as a JSON list.
const privateKey = "imported_unmanaged"

// Names returns the attributes whose values were imported and never configured.
func Names(ctx context.Context, p private.Reader) []string {
	names, _ := private.Load[[]string](ctx, p, privateKey)
	return names
}

// Imported records that the values of these attributes were imported. The Read
// that follows an import calls it.
func Imported(ctx context.Context, p private.Writer, names ...string) diag.Diagnostics {
	return private.Store(ctx, p, privateKey, names)
}

// Configured records that the attributes which the configuration sets are
// managed from now on. Update calls it.
func Configured(ctx context.Context, p private.Data, config tfsdk.Config) diag.Diagnostics {
	names := Names(ctx, p)
	if len(names) == 0 {
		return nil
	}
	var values map[string]tftypes.Value
	if config.Raw.As(&values) != nil {
		return nil
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !values[name].IsNull() })
	if len(rest) == len(names) {
		return nil
	}
	return Imported(ctx, p, rest...)
}

// Keep plans the value of an attribute that the configuration omits: the current
// one if it was imported and never configured, otherwise null.
type Keep struct{}

// Description implements the plan modifier.
func (Keep) Description(context.Context) string {
	return "if not set, the provider does not manage it"
}

// MarkdownDescription says what it does.
func (k Keep) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

// keeps reports whether an attribute that the configuration omits keeps the value in state.
func keeps(ctx context.Context, state tfsdk.State, p private.Reader, at path.Path) bool {
	if state.Raw.IsNull() || p == nil {
		return false
	}
	root, _ := at.Steps().NextStep()
	name, ok := root.(path.PathStepAttributeName)
	return ok && slices.Contains(Names(ctx, p), string(name))
}

// PlanModifyString plans a string.
func (Keep) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.StringNull()
	}
}

// PlanModifyInt64 plans a number.
func (Keep) PlanModifyInt64(ctx context.Context, req planmodifier.Int64Request, resp *planmodifier.Int64Response) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.Int64Null()
	}
}

// PlanModifyObject plans an object.
func (Keep) PlanModifyObject(ctx context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.ObjectNull(req.ConfigValue.AttributeTypes(ctx))
	}
}

// PlanModifyMap plans a map.
func (Keep) PlanModifyMap(ctx context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.MapNull(req.ConfigValue.ElementType(ctx))
	}
}

// PlanModifyList plans a list.
func (Keep) PlanModifyList(ctx context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.ListNull(req.ConfigValue.ElementType(ctx))
	}
}

// PlanModifyFloat64 plans a number.
func (Keep) PlanModifyFloat64(ctx context.Context, req planmodifier.Float64Request, resp *planmodifier.Float64Response) {
	switch {
	case !req.ConfigValue.IsNull():
	case keeps(ctx, req.State, req.Private, req.Path):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.Float64Null()
	}
}
