package criteria

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// Descriptions of the settings of a search.
const (
	AlgorithmText = "How ranks are computed: `nearest_neighbor` (default), `brute_force` or " +
		"`avg_concept_brute_force`. The last two take long."
	MetricText = "How distance is measured for ranks: `EUCLIDEAN_DISTANCE` (default), or `COSINE_DISTANCE`, which " +
		"needs a brute force `algorithm`."
	MinValueText = "Lowest score of a hit, more than 0 and up to 1. No limit by default."
	AsOfText     = "Search the annotations as they were at this time (RFC 3339)."
	LanguageText = "Language of concept names in the query, such as `en`. Defaults to the app's. It affects only " +
		"public models with translations."
)

// DefaultAlgorithm is the algorithm that the API uses if a search names none.
const DefaultAlgorithm = "nearest_neighbor"

// Algorithm checks the name of an algorithm.
func Algorithm() validator.String {
	return stringvalidator.OneOf(DefaultAlgorithm, "brute_force", "avg_concept_brute_force")
}

// Metric checks the name of a metric.
func Metric() validator.String {
	return stringvalidator.OneOf("EUCLIDEAN_DISTANCE", "COSINE_DISTANCE")
}

// MinValue checks a lowest score. It excludes 0, which the service cannot tell from no limit.
func MinValue() validator.Float64 { return float64validator.Between(1e-6, 1) }

// MetricProblem says why an algorithm does not support a metric, or nothing.
func MetricProblem(algorithm, metric types.String) string {
	if metric.ValueString() == "COSINE_DISTANCE" && !algorithm.IsUnknown() && !strings.HasSuffix(algorithm.ValueString(), "brute_force") {
		return "COSINE_DISTANCE works with brute force only. Set algorithm to \"brute_force\" or " +
			"\"avg_concept_brute_force\", or leave metric out."
	}
	return ""
}

// MetricToAPI is what to send for the name of a metric.
func MetricToAPI(name types.String) clarifai.SearchMetric {
	metric, err := clarifai.ParseSearchMetric(name.ValueString())
	if err != nil {
		return clarifai.MetricNotSet
	}
	return metric
}

// Settings are the attributes of a search beside its filters and ranks.
type Settings struct {
	Algorithm types.String      `tfsdk:"algorithm"`
	Metric    types.String      `tfsdk:"metric"`
	MinValue  types.Float64     `tfsdk:"min_value"`
	AsOf      timetypes.RFC3339 `tfsdk:"as_of"`
}

// WithSettings adds the attributes of [Settings] to those of a nested object.
func WithSettings(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	attributes["algorithm"] = schema.StringAttribute{
		MarkdownDescription: AlgorithmText, Optional: true, Validators: []validator.String{Algorithm()},
	}
	attributes["metric"] = schema.StringAttribute{MarkdownDescription: MetricText, Optional: true, Validators: []validator.String{Metric()}}
	attributes["min_value"] = schema.Float64Attribute{
		MarkdownDescription: MinValueText,
		Optional:            true,
		Validators:          []validator.Float64{MinValue()},
	}
	attributes["as_of"] = schema.StringAttribute{MarkdownDescription: AsOfText, Optional: true, CustomType: timetypes.RFC3339Type{}}
	return attributes
}

// ToAPI puts the settings into a search.
func (s Settings) ToAPI(search *clarifai.Search) {
	search.Algorithm = s.Algorithm.ValueString()
	search.Metric = MetricToAPI(s.Metric)
	search.MinValue = clarifai.NewFloat(s.MinValue.ValueFloat64())
	if t := instant(s.AsOf); t != nil {
		search.AsOf = t.UTC()
	}
}

// settingsFromAPI are the settings of a search. A default is null.
func settingsFromAPI(search *clarifai.Search) Settings {
	s := Settings{AsOf: timetypes.NewRFC3339Null()}
	if search.Algorithm != "" && search.Algorithm != DefaultAlgorithm {
		s.Algorithm = types.StringValue(search.Algorithm)
	}
	if search.Metric == clarifai.MetricCosineDistance {
		s.Metric = types.StringValue("COSINE_DISTANCE")
	}
	if search.MinValue != 0 {
		s.MinValue = attrs.Float(search.MinValue)
	}
	if !search.AsOf.IsZero() {
		s.AsOf = timetypes.NewRFC3339ValueMust(search.AsOf.UTC().Format(time.RFC3339Nano))
	}
	return s
}

// same reports whether the settings mean those of a search.
func (s Settings) same(search *clarifai.Search) bool {
	var want clarifai.Search
	s.ToAPI(&want)
	algorithm := func(name string) string { return strings.TrimPrefix(name, DefaultAlgorithm) }
	cosine := func(m clarifai.SearchMetric) bool { return m == clarifai.MetricCosineDistance }
	return algorithm(want.Algorithm) == algorithm(search.Algorithm) && cosine(want.Metric) == cosine(search.Metric) &&
		want.MinValue == search.MinValue && want.AsOf.Truncate(time.Microsecond).Equal(search.AsOf.Truncate(time.Microsecond))
}

// settingsValidator checks the metric of an object with settings.
type settingsValidator struct{ rule }

// Validate checks the combination of settings of an object.
func Validate() validator.Object { return settingsValidator{} }

// ValidateObject checks the value.
func (settingsValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	a := req.ConfigValue.Attributes()
	algorithm, ok1 := a["algorithm"].(types.String)
	metric, ok2 := a["metric"].(types.String)
	if problem := MetricProblem(algorithm, metric); ok1 && ok2 && problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path.AtName("metric"), "The metric needs another algorithm", problem)
	}
}
