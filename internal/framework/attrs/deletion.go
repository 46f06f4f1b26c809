package attrs

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Deletion policies.
const (
	DeletionDelete  = "delete"
	DeletionAbandon = "abandon"
	DeletionPrevent = "prevent"
)

// DeletionPolicy returns the deletion_policy attribute of a resource: objects that it
// creates get delete, imported ones get prevent, which Read sets.
func DeletionPolicy(noun, consequence string) schema.StringAttribute {
	return DeletionPolicyDefault(noun, consequence, DeletionDelete)
}

// DeletionPolicyDefault is DeletionPolicy with another policy for objects that
// the resource creates.
func DeletionPolicyDefault(noun, consequence, created string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "What destroying the resource does: `delete` deletes the " + noun + " (" + consequence + "), " +
			"`abandon` removes it from state and leaves it at the service, `prevent` rejects destroying and replacing it. " +
			"Defaults to `" + created + "` for objects that the resource creates and to `prevent` for imported ones; if you remove it from the " +
			"configuration, it keeps its value. " +
			"The value in state counts, so apply a change of it before destroying.",
		Optional:      true,
		Computed:      true,
		Validators:    []validator.String{stringvalidator.OneOf(DeletionDelete, DeletionAbandon, DeletionPrevent)},
		PlanModifiers: []planmodifier.String{DefaultPolicy(created)},
	}
}

// DefaultPolicy is the plan modifier of a deletion_policy that is not set: it
// keeps the value in state, so that omitting it never plans a change, and gives
// new objects the policy.
type DefaultPolicy string

// Description implements the plan modifier.
func (p DefaultPolicy) Description(context.Context) string {
	return "keeps the value in state; " + string(p) + " for a new object"
}

// MarkdownDescription implements the plan modifier.
func (p DefaultPolicy) MarkdownDescription(ctx context.Context) string { return p.Description(ctx) }

// PlanModifyString plans the policy.
func (p DefaultPolicy) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case !req.ConfigValue.IsNull():
	case req.State.Raw.IsNull() || req.StateValue.IsNull():
		resp.PlanValue = types.StringValue(string(p))
	default:
		resp.PlanValue = req.StateValue
	}
}

// PlanDeletion rejects, at plan, the destruction of an object whose deletion_policy is
// prevent. ModifyPlan calls it.
func PlanDeletion(ctx context.Context, noun string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var policy types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("deletion_policy"), &policy)...)
	if policy.ValueString() == DeletionPrevent {
		// Terraform shows no address if the configuration no longer has the block.
		resp.Diagnostics.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			"deletion_policy of "+named(ctx, noun, req.State)+
				" is \"prevent\", the default for an imported object. To destroy it, first apply deletion_policy = \"delete\" "+
				"(or \"abandon\" to leave it at the service); if the block is no longer in the configuration, restore it for that. "+
				"To only remove it from state, use a removed block with destroy = false.")
	}
}

// named returns a noun with its id in state, if it has one.
func named(ctx context.Context, noun string, state tfsdk.State) string {
	var id types.String
	if state.GetAttribute(ctx, path.Root("id"), &id).HasError() || id.IsNull() {
		return "this " + noun
	}
	return fmt.Sprintf("%s %q", noun, id.ValueString())
}

// PlanReplacement rejects, at plan, the replacement of an object whose deletion_policy is
// prevent. A change of one of the named attributes replaces the resource, and so do
// the paths that ModifyPlan has added to RequiresReplace. ModifyPlan calls it
// last.
func PlanReplacement(ctx context.Context, noun string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, names ...string) {
	if resp.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var plan, state map[string]tftypes.Value
	if resp.Plan.Raw.As(&plan) != nil || req.State.Raw.As(&state) != nil {
		return
	}
	var policy string
	if state["deletion_policy"].IsNull() || state["deletion_policy"].As(&policy) != nil || policy != DeletionPrevent {
		return
	}
	causes := slices.Clone(resp.RequiresReplace)
	for _, name := range names {
		if !plan[name].Equal(state[name]) {
			causes.Append(path.Root(name))
		}
	}
	if len(causes) > 0 {
		resp.Diagnostics.AddAttributeError(causes[0], "Deletion is prevented",
			"This change replaces "+named(ctx, noun, req.State)+", whose deletion_policy is \"prevent\". "+
				"To replace it, first apply deletion_policy = \"delete\" (or \"abandon\" to leave the present one at the service).")
	}
}

// MayDelete reports whether Delete deletes the object at the service. It catches
// the case that plan does not see: the destroy half of a replacement.
func MayDelete(policy types.String, noun string, diags *diag.Diagnostics) bool {
	switch policy.ValueString() {
	case DeletionAbandon:
		return false
	case DeletionPrevent:
		diags.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			"deletion_policy of this "+noun+" is \"prevent\", so replacing it is rejected too. First apply deletion_policy = \"delete\".")
		return false
	}
	return true
}

// PlanNotDeletable is [NotDeletable] for an object with an id in state, and with
// its deletion_policy if it has one.
func PlanNotDeletable(ctx context.Context, noun, remains string, state tfsdk.State, to *diag.Diagnostics) {
	var policy types.String
	if _, problems := state.Schema.AttributeAtPath(ctx, path.Root("deletion_policy")); !problems.HasError() {
		to.Append(state.GetAttribute(ctx, path.Root("deletion_policy"), &policy)...)
	}
	NotDeletable(policy, named(ctx, noun, state), remains, to)
}

// NotDeletable warns that destroying a resource only removes an object from state,
// since the API cannot delete it; if the policy is prevent, it returns an error.
// what names the object, and remains is a sentence that says which objects stay.
// ModifyPlan and Delete call it.
func NotDeletable(policy types.String, what, remains string, to *diag.Diagnostics) {
	if policy.ValueString() == DeletionPrevent {
		to.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			"deletion_policy of "+what+" is \"prevent\". To remove it from state, first apply deletion_policy = \"abandon\".")
		return
	}
	to.AddWarning("Removed from state, not deleted: "+what, "The API cannot delete this kind of object. "+remains)
}
