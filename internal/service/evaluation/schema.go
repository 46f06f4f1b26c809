package evaluation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	idText = "Id of the evaluation, unique in the app: 1 to 32 letters, digits, hyphens and underscores. If not set, it is " +
		"derived from the model, the data and `triggers`. An existing evaluation with this id of the same model on the same data is adopted " +
		"as it is; any other is an error."
	modelText        = "Id of the model to evaluate."
	modelVersionText = "Id of the model's version. It must be trained."
	modelUserText    = "Owner of the model. Defaults to that of the evaluation."
	modelAppText     = "App of the model. Defaults to that of the evaluation."
	datasetText      = "Id of the dataset with the ground truth. If not set, all annotated data of the app is used."
	versionText      = "Id of the dataset's version. If not set, the service uses the dataset as it is."
	datasetUserText  = "Owner of the dataset. Defaults to that of the evaluation."
	datasetAppText   = "App of the dataset. Defaults to that of the evaluation."
	paramsText       = "Parameters of the evaluation, which must be those of the model type. " + attrs.JSONText
	userMetricsText  = "Your own metrics, stored with the evaluation. " + attrs.JSONText
	statusText       = "Status of the evaluation."
	fieldsText       = "Large parts to read into `details`: `confusion_matrix`, `cooccurrence_matrix`, `label_counts`, " +
		"`binary_metrics`, `test_set`, `metrics_by_area`, `metrics_by_class`. `test_set` has an entry for each input."
	detailsText = "The parts named by `fields`, each as the JSON that the API returns; use `jsondecode`. A part that the API does not " +
		"return for this type of model is missing."
	summaryText = "Scores between 0 and 1; null until the evaluation is done."
	fixed       = " Changing it replaces the evaluation."
)

// score is one number of the summary.
var scoreTexts = map[string]string{
	"macro_avg_roc_auc":            "Area under the ROC curve, averaged over concepts.",
	"macro_std_roc_auc":            "Standard deviation of the area under the ROC curve over concepts.",
	"macro_avg_f1_score":           "F1 score, averaged over concepts.",
	"macro_std_f1_score":           "Standard deviation of the F1 score over concepts.",
	"macro_avg_precision":          "Precision, averaged over concepts.",
	"macro_avg_recall":             "Recall, averaged over concepts.",
	"mean_avg_precision_iou_50":    "Mean average precision at an overlap of 50 per cent; detectors only.",
	"mean_avg_precision_iou_range": "Mean average precision over a range of overlaps; detectors only.",
}

func optionalFixed(text string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: text + fixed, Optional: true,
		Validators:    []validator.String{ids.Reference()},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

func jsonFixed(text string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: text + fixed, Optional: true, CustomType: jsontypes.NormalizedType{},
		Validators:    []validator.String{attrs.ObjectValidator{}},
		PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}, stringplanmodifier.RequiresReplace()},
	}
}

func summaryAttributes() map[string]schema.Attribute {
	m := map[string]schema.Attribute{}
	for name, text := range scoreTexts {
		m[name] = schema.Float64Attribute{MarkdownDescription: text, Computed: true}
	}
	return m
}

var fieldsValidator = listvalidator.ValueStringsAre(stringvalidator.OneOf(fieldNames...))

var resourceSchema = schema.Schema{
	MarkdownDescription: "An evaluation of a model version against labelled data. **Destroying the resource only removes it from state**: " +
		"the API cannot delete evaluations. It runs once, and again only if `triggers` change. Changing the model, the data or the " +
		"parameters replaces it.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: idText + fixed, Optional: true, Computed: true,
			Validators: []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown(),
			},
		},
		"model_id":           ids.Parent(modelText),
		"model_version_id":   ids.Parent(modelVersionText),
		"model_user_id":      optionalFixed(modelUserText),
		"model_app_id":       optionalFixed(modelAppText),
		"dataset_id":         optionalFixed(datasetText),
		"dataset_version_id": optionalFixed(versionText),
		"dataset_user_id":    optionalFixed(datasetUserText),
		"dataset_app_id":     optionalFixed(datasetAppText),
		"params":             jsonFixed(paramsText),
		"user_metrics":       jsonFixed(userMetricsText),
		"triggers": schema.MapAttribute{
			MarkdownDescription: "Arbitrary values. Changing them runs the evaluation again, which overwrites its result under the same id.",
			Optional:            true, ElementType: types.StringType,
		},
		"wait_for": jobs.WaitFor("How long to wait: until the service has accepted the evaluation (`accepted`), or until it is done " +
			"(`completed`, the default). An evaluation that ends in failure is an error only with `completed`."),
		"fields": schema.ListAttribute{
			MarkdownDescription: fieldsText, Optional: true, ElementType: types.StringType,
			Validators: []validator.List{fieldsValidator},
		},
		"details": schema.MapAttribute{MarkdownDescription: detailsText, Computed: true, ElementType: types.StringType},
		"status":  attrs.Status(statusText),
		"summary": schema.SingleNestedAttribute{
			MarkdownDescription: summaryText, Computed: true, Attributes: summaryAttributes(),
			PlanModifiers: []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		},
		"timeouts": timeouts.Attributes(context.Background(), timeouts.Opts{
			Create: true, CreateDescription: "Maximum time to wait for the evaluation, on create and when it runs again. Defaults to `2h`.",
		}),
	},
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return dataschema.Attributes(resourceSchema.Attributes, dataschema.ID(id), "triggers", "wait_for", "fields", "details")
}

func actionAttributes() map[string]actionschema.Attribute {
	optional := func(text string) actionschema.StringAttribute {
		return actionschema.StringAttribute{MarkdownDescription: text, Optional: true, Validators: []validator.String{ids.Reference()}}
	}
	required := func(text string) actionschema.StringAttribute {
		return actionschema.StringAttribute{MarkdownDescription: text, Required: true, Validators: []validator.String{ids.Reference()}}
	}
	return map[string]actionschema.Attribute{
		"user_id": ids.ActionUserID(),
		"app_id":  ids.ActionAppID(),
		"id": actionschema.StringAttribute{
			MarkdownDescription: "Id of the evaluation. An existing one runs again and overwrites its result. If not set, it is derived from the " +
				"model and the data.",
			Optional: true, Validators: []validator.String{ids.New()},
		},
		"model_id":           required(modelText),
		"model_version_id":   required(modelVersionText),
		"model_user_id":      optional(modelUserText),
		"model_app_id":       optional(modelAppText),
		"dataset_id":         optional(datasetText),
		"dataset_version_id": optional(versionText),
		"dataset_user_id":    optional(datasetUserText),
		"dataset_app_id":     optional(datasetAppText),
		"params": actionschema.StringAttribute{
			MarkdownDescription: paramsText, Optional: true, CustomType: jsontypes.NormalizedType{},
			Validators: []validator.String{attrs.ObjectValidator{}},
		},
		"wait_for": jobs.WaitForArgument("How long to wait: `accepted`, or `completed` (the default)."),
	}
}
