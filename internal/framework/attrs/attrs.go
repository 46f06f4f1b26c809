// Package attrs provides attributes that several nouns share, and their
// conversions between the API and Terraform.
package attrs

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

// JSONText describes attributes that hold a JSON object.
const JSONText = "A JSON object, written with `jsonencode`. White space, the order of keys and the spelling of numbers do not matter. " +
	"Clarifai stores numbers as 64-bit floats, so integers above 2^53 lose digits: write them as strings."

// Metadata returns the metadata attribute of a resource.
func Metadata(of string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Metadata of the " + of + ". " + JSONText,
		Optional:            true,
		CustomType:          jsontypes.NormalizedType{},
		Validators:          []validator.String{ObjectValidator{}},
		PlanModifiers:       []planmodifier.String{KeepSameJSON{}},
	}
}

// UnmanagedMetadata returns the metadata attribute of a resource that does not manage
// metadata if the configuration does not set it.
func UnmanagedMetadata(of string) schema.StringAttribute {
	a := Metadata(of)
	a.MarkdownDescription += " If not set, the provider does not manage it. Removing it from the configuration removes the metadata."
	a.Computed = true
	a.PlanModifiers = append([]planmodifier.String{unmanaged.Keep{}}, a.PlanModifiers...)
	return a
}

// KeepSameJSON plans no change if only the spelling of a JSON text changed.
type KeepSameJSON struct{}

// Description implements the plan modifier.
func (KeepSameJSON) Description(context.Context) string {
	return "plans no change while the JSON means the same"
}

// MarkdownDescription implements the plan modifier.
func (m KeepSameJSON) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString keeps the state's spelling.
func (KeepSameJSON) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if SameJSON([]byte(req.StateValue.ValueString()), []byte(req.PlanValue.ValueString())) {
		resp.PlanValue = req.StateValue
	}
}

// Struct converts a JSON attribute to the API; nil if it is null.
func Struct(v jsontypes.Normalized) clarifai.Struct {
	if v.IsNull() || v.IsUnknown() {
		return nil
	}
	return clarifai.Struct(v.ValueString())
}

// JSON converts an object of a response: to the prior text if it means the same,
// to null for the empty object that the API returns for a value never set.
func JSON(prior jsontypes.Normalized, response clarifai.Struct) jsontypes.Normalized {
	if !prior.IsNull() && !prior.IsUnknown() && SameJSON([]byte(prior.ValueString()), response) {
		return prior
	}
	if emptyObject(response) {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(string(response))
}

// SameJSON compares the values of two JSON texts, with numbers as doubles. An
// empty text is the empty object.
func SameJSON(a, b []byte) bool {
	if emptyObject(a) && emptyObject(b) {
		return true
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

func emptyObject(b []byte) bool {
	if len(b) == 0 || string(b) == "null" {
		return true
	}
	var m map[string]any
	return json.Unmarshal(b, &m) == nil && len(m) == 0
}

// ObjectValidator accepts JSON objects only.
type ObjectValidator struct{}

// Description implements the validator.
func (ObjectValidator) Description(context.Context) string { return "must be a JSON object" }

// MarkdownDescription implements the validator.
func (v ObjectValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString checks the value.
func (ObjectValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(req.ConfigValue.ValueString()), &m); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a JSON object",
			"The value must be the text of one JSON object, such as jsonencode({ source = \"north\" }), and its numbers must fit a double. "+
				whatItIs(req.ConfigValue.ValueString()))
	}
}

// whatItIs describes a text that is not a JSON object.
func whatItIs(text string) string {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return "This value cannot be decoded."
	}
	switch value.(type) {
	case []any:
		return "This value is a list."
	case string:
		return "This value is a string."
	default:
		return "This value is a number, a boolean or null."
	}
}

// Visibilities are the values of a visibility attribute, as the API names them.
var Visibilities = []string{"PRIVATE", "ORG", "PUBLIC"}

var gettables = map[string]clarifai.Gettable{
	"PRIVATE": clarifai.GettablePrivate,
	"ORG":     clarifai.GettableOrg,
	"PUBLIC":  clarifai.GettablePublic,
}

// Visibility returns the visibility attribute of a resource.
func Visibility(of string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Who may read the " + of + ": `PRIVATE` (Clarifai's default), `ORG` or `PUBLIC`. " +
			"`PUBLIC` takes effect only when the app and the user are public as well.",
		Optional:      true,
		Computed:      true,
		Validators:    []validator.String{stringvalidator.OneOf(Visibilities...)},
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// VisibilityToAPI converts a visibility to the API; nil leaves it to Clarifai.
func VisibilityToAPI(v types.String) *clarifai.Visibility {
	if g, ok := gettables[v.ValueString()]; ok {
		return &clarifai.Visibility{Gettable: g}
	}
	return nil
}

// VisibilityFromAPI converts a visibility of a response. A response without
// visibility (those to some writes) keeps the prior value.
func VisibilityFromAPI(prior types.String, v *clarifai.Visibility) types.String {
	if v != nil {
		for name, g := range gettables {
			if g == v.Gettable {
				return types.StringValue(name)
			}
		}
	}
	if prior.IsUnknown() || prior.IsNull() {
		return types.StringValue("PRIVATE")
	}
	return prior
}

// CreatedAt returns the created_at attribute of a resource.
func CreatedAt() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "When it was created (RFC 3339, UTC).",
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// ModifiedAt returns the modified_at attribute of a resource.
func ModifiedAt() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "When it was last changed (RFC 3339, UTC).",
		Computed:            true,
	}
}

// Time converts a timestamp. The API returns nanoseconds on create and
// microseconds later, so all are truncated to microseconds.
func Time(t time.Time) types.String {
	if t.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Truncate(time.Microsecond).Format("2006-01-02T15:04:05.999999Z07:00"))
}

// Another reports whether an object differs from the one in state by its creation
// time. An unknown time on either side counts as the same object.
func Another(inState types.String, found time.Time) bool {
	return inState.ValueString() != "" && !found.IsZero() && !Time(found).Equal(inState)
}

// KeepKnown restores the planned value of an attribute if it was known at plan.
// Update calls it for attributes that the service may change at any time, such as
// timestamps: apply must return what was planned, and the next refresh shows the
// change.
func KeepKnown[T attr.Value](value *T, planned T) {
	if !planned.IsUnknown() {
		*value = planned
	}
}

// Text converts a text: the empty text to null, since the API does not
// distinguish the two.
func Text(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Unmanaged returns the value of a text attribute after a read: one that is null
// stays null, since the provider does not manage it, unless it is imported.
func Unmanaged(prior types.String, response string, importing bool) types.String {
	if prior.IsNull() && !importing {
		return prior
	}
	return Text(response)
}

// PlanCleared rejects, at plan, the removal of values that the API cannot clear. ModifyPlan
// calls it.
func PlanCleared(_ context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, names ...string) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var plan, state, config map[string]tftypes.Value
	if resp.Plan.Raw.As(&plan) != nil || req.State.Raw.As(&state) != nil || req.Config.Raw.As(&config) != nil {
		return
	}
	for _, part := range []string{"user_id", "app_id", "dataset_id", "concept_id", "language", "id"} {
		if is, ok := plan[part]; ok && !is.Equal(state[part]) {
			return // the resource is replaced, and the new object has no value
		}
	}
	for _, name := range names {
		if !state[name].IsNull() && config[name].IsNull() && plan[name].IsNull() {
			resp.Diagnostics.AddAttributeError(path.Root(name), "The API cannot clear "+name,
				"The object has a value for it and the configuration does not, but the API ignores empty values in updates. "+
					"Keep it in the configuration, give it another value, or set lifecycle { ignore_changes = ["+name+"] }. "+
					"Only a new object is without it.")
		}
	}
}

// PlanUnchanged plans no change if only computed values would become unknown,
// because two spellings of a value mean the same. ModifyPlan calls it last.
func PlanUnchanged(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if resp.Plan.Raw.IsNull() || req.State.Raw.IsNull() || len(resp.RequiresReplace) > 0 {
		return
	}
	var plan, state, config map[string]tftypes.Value
	if resp.Plan.Raw.As(&plan) != nil || req.State.Raw.As(&state) != nil || req.Config.Raw.As(&config) != nil {
		return
	}
	for name, planned := range plan {
		computed := !planned.IsKnown() && config[name].IsNull()
		if !computed && !planned.Equal(state[name]) {
			return
		}
	}
	resp.Plan.Raw = req.State.Raw
}

// URLValidator accepts http and https URLs.
type URLValidator struct{}

// Description implements the validator.
func (URLValidator) Description(context.Context) string {
	return "must be an http or https URL without user name and password"
}

// MarkdownDescription implements the validator.
func (v URLValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString checks the value.
func (v URLValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	u, err := url.Parse(req.ConfigValue.ValueString())
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid URL",
			fmt.Sprintf("%q is not usable: it %s.", req.ConfigValue.ValueString(), v.Description(ctx)))
	}
}
