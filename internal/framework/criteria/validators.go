package criteria

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// The attributes of a filter by the object that they apply to. A filter uses one group.
var (
	annotationConditions = []string{
		"annotation_id", "input_id", "task_id", "user_id", "model_version_id", "worker_user_id", "worker_model_version_id",
		"worker_workflow_version_id", "track_id", "annotation_type", "annotation_status_code", "annotation_info", "input_level", "trusted",
		"concepts", "metadata", "geo",
	}
	inputConditions = []string{"dataset_ids", "input_type", "input_status_code"}
	timeConditions  = []string{"updated_after", "updated_before"}
	dataConditions  = []string{"concepts", "metadata", "geo", "track_id"}
	workers         = []string{"worker_user_id", "worker_model_version_id", "worker_workflow_version_id"}
	likenesses      = []string{"concepts", "input_id", "image_url", "image_base64", "text", "embedding"}
)

// given returns the names that have a value. perhaps reports whether there are
// others whose value is unknown.
func given(attributes map[string]attr.Value, names ...string) (known []string, perhaps bool) {
	for _, name := range names {
		switch v := attributes[name]; {
		case v == nil || v.IsNull():
		case v.IsUnknown():
			perhaps = true
		default:
			known = append(known, name)
		}
	}
	return known, perhaps
}

func quoted(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// rule is a validator of an object that is neither null nor unknown.
type rule struct{}

func (rule) Description(context.Context) string               { return "must be a valid combination of attributes" }
func (r rule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

type filterValidator struct{ rule }

// ValidateObject checks which attributes can be combined.
func (filterValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	a := req.ConfigValue.Attributes()
	wrong := func(format string, args ...any) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid filter", fmt.Sprintf(format, args...))
	}
	var used [][]string
	open := false
	for _, group := range [][]string{annotationConditions, inputConditions, timeConditions, {"json"}} {
		known, perhaps := given(a, group...)
		open = open || perhaps
		if len(known) > 0 {
			used = append(used, known)
		}
	}
	switch {
	case len(used) == 0 && !open:
		wrong("The filter has no condition. Give it one, for example `concepts` or `dataset_ids`.")
		return
	case len(used) > 1:
		wrong("One filter has conditions for annotations, for inputs, or for the time of the update, or is given as `json`. "+
			"%s and %s cannot be combined. Use two filters; an input must meet both.", quoted(used[0]), quoted(used[1]))
		return
	}
	if known, _ := given(a, inputConditions...); len(known) > 1 {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Conditions of one filter are alternatives",
			fmt.Sprintf("The filter sets %s. Clarifai finds inputs that meet any of them, not all. "+
				"To require all of them, use one filter for each.", quoted(known)))
	}
	if known, _ := given(a, "json", "negate"); len(known) == 2 {
		wrong("`json` is the whole filter, so `negate` belongs inside it: `\"negate\": true`.")
	}
	if known, _ := given(a, workers...); len(known) > 1 {
		wrong("An annotation has one worker; %s cannot be combined.", quoted(known))
	}
	if kind, ok := a["annotation_type"].(types.String); ok && kind.ValueString() == "classification" {
		if known, _ := given(a, dataConditions...); len(known) > 0 {
			wrong("`annotation_type = \"classification\"` and %s cannot be combined: the API writes the first as empty data. Use two filters.",
				quoted(known))
		}
	}
	if kind, ok := a["annotation_type"].(types.String); ok &&
		(kind.ValueString() == "frame" || kind.ValueString() == "time_segment" || kind.ValueString() == "text") {
		if known, _ := given(a, "track_id"); len(known) > 0 {
			wrong("`track_id` applies to regions, so it cannot be combined with `annotation_type = %q`.", kind.ValueString())
		}
	}
	after, ok1 := a["updated_after"].(timetypes.RFC3339)
	before, ok2 := a["updated_before"].(timetypes.RFC3339)
	if ok1 && ok2 && known(after) && known(before) {
		from, bad1 := after.ValueRFC3339Time()
		to, bad2 := before.ValueRFC3339Time()
		if !bad1.HasError() && !bad2.HasError() && from.After(to) {
			wrong("`updated_after` is later than `updated_before`, so no annotation meets the filter.")
		}
	}
}

func known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

type rankValidator struct{ rule }

// ValidateObject checks that exactly one object of comparison is given.
func (rankValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	a := req.ConfigValue.Attributes()
	likeness, perhaps := given(a, append([]string{"json"}, likenesses...)...)
	switch {
	case len(likeness) == 0 && !perhaps:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid rank",
			"The rank does not say what hits should be alike to. Give one of "+quoted(likenesses)+".")
	case len(likeness) > 1:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid rank",
			"One rank compares with one thing; "+quoted(likeness)+" cannot stand together. Make them several ranks.")
	case slices.Contains(likeness, "json"):
		if other, _ := given(a, "negate", "model_version_id"); len(other) > 0 {
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid rank", "`json` is the whole rank, so "+quoted(other)+" belongs inside it.")
		}
	}
}

type conceptValidator struct{ rule }

// ValidateObject checks that the concept has an ID or a name.
func (conceptValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if names, perhaps := given(req.ConfigValue.Attributes(), "id", "name"); len(names) == 0 && !perhaps {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid concept", "The concept has neither `id` nor `name`.")
	}
}

type geoValidator struct{ rule }

// ValidateObject checks that there is a point with its limit, or a box.
func (geoValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	a := req.ConfigValue.Attributes()
	parts, perhaps := given(a, "point", "limit", "box")
	box := slices.Contains(parts, "box")
	switch {
	case box && len(parts) > 1:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid geo filter",
			"`box` stands alone; `point` and `limit` describe another area. Make them two filters.")
	case !box && len(parts) < 2 && !perhaps:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid geo filter", "Give `point` together with `limit`, or `box`.")
	}
}

type filterJSONValidator struct{}

func (filterJSONValidator) Description(context.Context) string {
	return "must be the JSON of a filter of the API"
}

func (v filterJSONValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString checks the value.
func (filterJSONValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	validateJSON[clarifai.Filter](req, resp, "filter", `{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}`)
}

type rankJSONValidator struct{}

func (rankJSONValidator) Description(context.Context) string {
	return "must be the JSON of a rank of the API"
}

func (v rankJSONValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

// ValidateString checks the value.
func (rankJSONValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	validateJSON[clarifai.Rank](req, resp, "rank", `{"annotation":{"input_id":"img-1"}}`)
}

// validateJSON rejects keys that the API does not have. The service would reject them too, or
// ignore them and find other inputs than intended.
func validateJSON[T any](req validator.StringRequest, resp *validator.StringResponse, what, example string) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var to T
	if err := json.Unmarshal([]byte(req.ConfigValue.ValueString()), &to, json.RejectUnknownMembers(true)); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a "+what+" of the API",
			fmt.Sprintf("The text must be the JSON of one %s, with snake_case keys, such as %s: %v.", what, example, err))
	}
}

type base64Validator struct{}

func (base64Validator) Description(context.Context) string { return "must be base64" }

func (v base64Validator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString checks the value.
func (base64Validator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if b, err := base64.StdEncoding.DecodeString(req.ConfigValue.ValueString()); err != nil || len(b) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Not base64", "The value must be the base64 of a file, such as filebase64(\"truck.jpg\").")
	}
}
