package search

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
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

// defaultMetric is the metric that the API uses if a search names none.
const defaultMetric = "EUCLIDEAN_DISTANCE"

const (
	filtersText  = "Conditions that inputs must meet. Without filters the search finds all inputs."
	ranksText    = "What determines the order and the score of the hits."
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
			MarkdownDescription: criteria.LanguageText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(2)},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"algorithm": schema.StringAttribute{
			MarkdownDescription: criteria.AlgorithmText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{criteria.Algorithm()},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"metric": schema.StringAttribute{
			MarkdownDescription: criteria.MetricText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{criteria.Metric()},
			PlanModifiers:       []planmodifier.String{unmanaged.Keep{}},
		},
		"min_value": schema.Float64Attribute{
			MarkdownDescription: criteria.MinValueText + replacesText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Float64{criteria.MinValue()},
			PlanModifiers: []planmodifier.Float64{unmanaged.Keep{}, float64planmodifier.RequiresReplaceIf(
				func(_ context.Context, req planmodifier.Float64Request, resp *float64planmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = req.PlanValue.IsNull() && !req.StateValue.IsNull()
				}, "Replaces when removed.", "Replaces when removed.")},
		},
		"as_of": schema.StringAttribute{
			MarkdownDescription: criteria.AsOfText + replacesText,
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

// checkMetric rejects a metric that the algorithm does not support.
func checkMetric(algorithm, metric types.String, diags *diag.Diagnostics) {
	if problem := criteria.MetricProblem(algorithm, metric); problem != "" {
		diags.AddAttributeError(path.Root("metric"), "The metric needs another algorithm", problem)
	}
}
