package search

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

var (
	algorithms = []string{"nearest_neighbor", "brute_force", "avg_concept_brute_force"}
	metrics    = []string{"EUCLIDEAN_DISTANCE", "COSINE_DISTANCE"}
)

// Defaults of the API.
const (
	defaultAlgorithm = "nearest_neighbor"
	defaultMetric    = "EUCLIDEAN_DISTANCE"
)

const (
	filtersText  = "Conditions that inputs must meet. Without filters the search finds all inputs."
	ranksText    = "What determines the order and the score of the hits."
	languageText = "Language of concept names in the query, such as `en`. Defaults to the app's. It affects only public models with " +
		"translations."
	algorithmText = "How ranks are computed: `nearest_neighbor` (default), `brute_force` or `avg_concept_brute_force`. The last two take long."
	metricText    = "How distance is measured for ranks: `EUCLIDEAN_DISTANCE` (default), or `COSINE_DISTANCE`, which needs a brute force " +
		"`algorithm`."
	minValueText = "Lowest score of a hit, more than 0 and up to 1. No limit by default."
	asOfText     = "Search the annotations as they were at this time (RFC 3339)."
	replacesText = " Removing it from the configuration replaces the saved search, since the API cannot clear it."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A saved search: a query for inputs that is stored under an id and run by this id. Saving it does not run it. " +
		"Clarifai documents how saved searches are stored and changed, but not that they can be read. If reading fails, the provider warns " +
		"once, keeps what it sent in state, and cannot detect changes made outside Terraform.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the saved search, unique in the app: 1 to 32 letters, digits, hyphens and underscores. Changing this " +
				"replaces the saved search.",
			Required:      true,
			Validators:    []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Display name. If not set, the provider does not manage it." + replacesText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}, replaceWhenCleared()},
		},
		"filters": filters(),
		"ranks":   ranks(),
		"language": schema.StringAttribute{
			MarkdownDescription: languageText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(2)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"algorithm": schema.StringAttribute{
			MarkdownDescription: algorithmText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.OneOf(algorithms...)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"metric": schema.StringAttribute{
			MarkdownDescription: metricText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.OneOf(metrics...)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"min_value": schema.Float64Attribute{
			MarkdownDescription: minValueText + replacesText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Float64{positiveScore()},
			PlanModifiers: []planmodifier.Float64{unmanaged.Keep{}, float64planmodifier.RequiresReplaceIf(
				func(_ context.Context, req planmodifier.Float64Request, resp *float64planmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = req.PlanValue.IsNull() && !req.StateValue.IsNull()
				}, "Replaces when removed.", "Replaces when removed.")},
		},
		"as_of": schema.StringAttribute{
			MarkdownDescription: asOfText + replacesText,
			Optional:            true,
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}, replaceWhenCleared()},
		},
		"visibility":  attrs.Visibility("saved search"),
		"created_at":  attrs.CreatedAt(),
		"modified_at": attrs.ModifiedAt(),
	},
}

// unmanagedNames are the attributes that an import does not plan to remove if the
// configuration omits them.
var unmanagedNames = []string{"name", "filters", "ranks", "language", "algorithm", "metric", "min_value", "as_of"}

func filters() schema.ListNestedAttribute {
	a := criteria.FiltersAttribute(filtersText, false, unmanaged.Keep{})
	a.Computed = true
	return a
}

func ranks() schema.ListNestedAttribute {
	a := criteria.RanksAttribute(ranksText, unmanaged.Keep{})
	a.Computed = true
	return a
}

func replaceWhenCleared() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = req.PlanValue.IsNull() && !req.StateValue.IsNull()
		}, "Replaces when removed.", "Replaces when removed.")
}

// positiveScore excludes 0, which the service cannot tell from no limit.
func positiveScore() validator.Float64 { return float64validator.Between(1e-6, 1) }

// checkMetric rejects a metric that the algorithm does not support.
func checkMetric(algorithm, metric types.String, diags *diag.Diagnostics) {
	if metric.ValueString() == "COSINE_DISTANCE" && !algorithm.IsUnknown() && !strings.HasSuffix(algorithm.ValueString(), "brute_force") {
		diags.AddAttributeError(path.Root("metric"), "The metric needs another algorithm",
			"COSINE_DISTANCE works with brute force only. Set algorithm to \"brute_force\" or \"avg_concept_brute_force\", or leave metric out.")
	}
}
