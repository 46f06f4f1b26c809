package search

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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
)

var (
	algorithms = []string{"nearest_neighbor", "brute_force", "avg_concept_brute_force"}
	metrics    = []string{"EUCLIDEAN_DISTANCE", "COSINE_DISTANCE"}
)

// What the service does when nothing is said.
const (
	defaultAlgorithm = "nearest_neighbor"
	defaultMetric    = "EUCLIDEAN_DISTANCE"
)

const (
	filtersText   = "What inputs must be like to be found; without it all are."
	ranksText     = "What the order of the hits, and their score, comes from."
	languageText  = "Language of concept names in the query, such as `en`. Defaults to the app's. It makes a difference for public models with translations only (documented)."
	algorithmText = "How ranks are computed: `nearest_neighbor` (default), `brute_force` or `avg_concept_brute_force`. The last two are for advanced users, since they take long."
	metricText    = "How distance is measured for ranks: `EUCLIDEAN_DISTANCE` (default), or `COSINE_DISTANCE`, which needs a brute force `algorithm`."
	minValueText  = "Lowest score of a hit, more than 0 and up to 1. Without it there is no limit."
	asOfText      = "Look at annotations as they were at this moment (RFC 3339)."
	nameText      = "Name to show."
	replacesText  = " Removing it from the configuration replaces the saved search, since the API cannot clear it."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "A saved search: a query for inputs that is stored under an id, to be run by this id. Saving it does not run it. " +
		"The service documents how saved searches are stored and changed, but not that they can be read back. Where reading fails, the provider says so once, keeps what it sent, and cannot see changes made elsewhere.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the saved search, unique in the app: 1 to 32 letters, digits, hyphens and underscores. Changing it replaces the saved search.",
			Required:            true,
			Validators:          []validator.String{ids.New()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: nameText + " When not set it is not followed." + replacesText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers:       []planmodifier.String{replaceWhenCleared()},
		},
		"filters": criteria.FiltersAttribute(filtersText, false),
		"ranks":   criteria.RanksAttribute(ranksText),
		"language": schema.StringAttribute{
			MarkdownDescription: languageText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(2)},
		},
		"algorithm": schema.StringAttribute{
			MarkdownDescription: algorithmText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(algorithms...)},
		},
		"metric": schema.StringAttribute{
			MarkdownDescription: metricText,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(metrics...)},
		},
		"min_value": schema.Float64Attribute{
			MarkdownDescription: minValueText + replacesText,
			Optional:            true,
			Validators:          []validator.Float64{positiveScore()},
			PlanModifiers: []planmodifier.Float64{float64planmodifier.RequiresReplaceIf(
				func(_ context.Context, req planmodifier.Float64Request, resp *float64planmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = req.ConfigValue.IsNull() && !req.StateValue.IsNull()
				}, "Replaces when removed.", "Replaces when removed.")},
		},
		"as_of": schema.StringAttribute{
			MarkdownDescription: asOfText + replacesText,
			Optional:            true,
			CustomType:          timetypes.RFC3339Type{},
			PlanModifiers:       []planmodifier.String{replaceWhenCleared()},
		},
		"visibility":  attrs.Visibility("saved search"),
		"created_at":  attrs.CreatedAt(),
		"modified_at": attrs.ModifiedAt(),
	},
}

func replaceWhenCleared() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = req.ConfigValue.IsNull() && !req.StateValue.IsNull()
		}, "Replaces when removed.", "Replaces when removed.")
}

// positiveScore excludes 0, which the service cannot tell from no limit.
func positiveScore() validator.Float64 { return float64validator.Between(1e-6, 1) }

func savedDataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return map[string]datasourceschema.Attribute{
		"user_id":     ids.DataUserID(),
		"app_id":      ids.DataAppID(),
		"id":          id,
		"name":        datasourceschema.StringAttribute{MarkdownDescription: nameText, Computed: true},
		"filters":     criteria.ShownFiltersAttribute(filtersText),
		"ranks":       criteria.ShownRanksAttribute(ranksText),
		"language":    datasourceschema.StringAttribute{MarkdownDescription: languageText, Computed: true},
		"algorithm":   datasourceschema.StringAttribute{MarkdownDescription: algorithmText + " Null for the default.", Computed: true},
		"metric":      datasourceschema.StringAttribute{MarkdownDescription: metricText + " Null for the default.", Computed: true},
		"min_value":   datasourceschema.Float64Attribute{MarkdownDescription: minValueText, Computed: true},
		"as_of":       datasourceschema.StringAttribute{MarkdownDescription: asOfText, Computed: true, CustomType: timetypes.RFC3339Type{}},
		"visibility":  datasourceschema.StringAttribute{MarkdownDescription: "Who may read the saved search: `PRIVATE`, `ORG` or `PUBLIC`.", Computed: true},
		"created_at":  datasourceschema.StringAttribute{MarkdownDescription: "When it was created (RFC 3339, UTC).", Computed: true},
		"modified_at": datasourceschema.StringAttribute{MarkdownDescription: "When it was last changed (RFC 3339, UTC).", Computed: true},
	}
}

// checkMetric refuses a metric that the algorithm does not know.
func checkMetric(algorithm, metric types.String, diags *diag.Diagnostics) {
	if metric.ValueString() == "COSINE_DISTANCE" && !algorithm.IsUnknown() && !strings.HasSuffix(algorithm.ValueString(), "brute_force") {
		diags.AddAttributeError(path.Root("metric"), "The metric needs another algorithm",
			"COSINE_DISTANCE works with brute force only. Set algorithm to \"brute_force\" or \"avg_concept_brute_force\", or leave metric out.")
	}
}
