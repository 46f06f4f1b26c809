package criteria

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// What the service adds as a default is no change; anything else is.
func TestSettings(t *testing.T) {
	config := Settings{
		Algorithm: str("brute_force"), Metric: str("COSINE_DISTANCE"), MinValue: types.Float64Value(0.1),
		AsOf: timetypes.NewRFC3339ValueMust("2026-01-02T04:04:05.123456789+01:00"),
	}
	var sent clarifai.Search
	config.ToAPI(&sent)
	if sent.Algorithm != "brute_force" || sent.Metric != clarifai.MetricCosineDistance || sent.MinValue != clarifai.NewFloat(0.1) ||
		sent.AsOf.Hour() != 3 {
		t.Errorf("sent %+v", sent)
	}
	if !config.same(&sent) {
		t.Error("the settings are not those that were sent")
	}
	shown := settingsFromAPI(&sent)
	if !shown.same(&sent) || shown.MinValue.ValueFloat64() != 0.1 || shown.AsOf.ValueString() != "2026-01-02T03:04:05.123456789Z" {
		t.Errorf("shown %+v", shown)
	}
	for name, change := range map[string]func(*clarifai.Search){
		"algorithm": func(s *clarifai.Search) { s.Algorithm = "avg_concept_brute_force" },
		"metric":    func(s *clarifai.Search) { s.Metric = clarifai.MetricEuclideanDistance },
		"min_value": func(s *clarifai.Search) { s.MinValue = 0.2 },
		"as_of":     func(s *clarifai.Search) { s.AsOf = s.AsOf.AddDate(0, 0, 1) },
	} {
		other := sent
		if change(&other); config.same(&other) {
			t.Errorf("another %s makes no difference", name)
		}
	}

	defaults := clarifai.Search{Algorithm: DefaultAlgorithm, Metric: clarifai.MetricEuclideanDistance}
	if none := (Settings{}); !none.same(&defaults) || settingsFromAPI(&defaults) != none {
		t.Errorf("defaults of the service are shown as %+v", settingsFromAPI(&defaults))
	}
}

// An annotation filter with other settings is another filter, and is shown with those of the service.
func TestAnnotationFilterSettings(t *testing.T) {
	config := annotationFilter(t, types.StringNull(), filterModel{InputType: str("image")})
	api, diags := AnnotationFilterToAPI(t.Context(), config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if got, diags := AnnotationFilterFromAPI(t.Context(), config, api); diags.HasError() || !got.Equal(config) {
		t.Errorf("the same filter is shown as %v %v", got, diags)
	}
	api.Search.MinValue = 0.5
	got, diags := AnnotationFilterFromAPI(t.Context(), config, api)
	if diags.HasError() || !got.Attributes()["min_value"].Equal(types.Float64Value(0.5)) {
		t.Errorf("a changed filter is shown as %v %v", got, diags)
	}
	if sameAnnotationFilter(t.Context(), got, config) {
		t.Error("another lowest score replaces no version")
	}
}

func TestSettingsAreValidated(t *testing.T) {
	for _, tt := range []struct {
		algorithm types.String
		valid     bool
	}{{types.StringNull(), false}, {str("nearest_neighbor"), false}, {str("brute_force"), true}, {types.StringUnknown(), true}} {
		object := types.ObjectValueMust(annotationFilterType.AttrTypes, func() map[string]attr.Value {
			values := annotationFilter(t, types.StringNull(), filterModel{InputType: str("image")}).Attributes()
			values["metric"], values["algorithm"] = str("COSINE_DISTANCE"), tt.algorithm
			return values
		}())
		var resp validator.ObjectResponse
		Validate().ValidateObject(t.Context(), validator.ObjectRequest{Path: path.Root("filter"), ConfigValue: object}, &resp)
		if resp.Diagnostics.HasError() == tt.valid {
			t.Errorf("with algorithm %v: %v", tt.algorithm, resp.Diagnostics)
		}
	}
}
