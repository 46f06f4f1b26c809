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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	idText = "Id of the evaluation, unique in the app: 1 to 32 letters, digits, hyphens and underscores. When not set it follows from what is evaluated, and from `triggers`. " +
		"An evaluation with this id that is of the same model on the same data is taken over as it is; any other is left alone, with an error."
	modelText        = "Id of the model to evaluate."
	modelVersionText = "Id of the model's version. It must be trained."
	modelUserText    = "Owner of the model, when it is not the evaluation's."
	modelAppText     = "App of the model, when it is not the evaluation's."
	datasetText      = "Id of the dataset with the ground truth. When not set, all annotated data of the app is used."
	versionText      = "Id of the dataset's version. When not set, the service uses the dataset as it is."
	datasetUserText  = "Owner of the dataset, when it is not the evaluation's."
	datasetAppText   = "App of the dataset, when it is not the evaluation's."
	paramsText       = "Parameters of the evaluation, which must fit the model type's. " + attrs.JSONText
	userMetricsText  = "Metrics of your own, stored with the evaluation. " + attrs.JSONText
	statusText       = "How far the service is with it."
	fieldsText       = "Which heavy parts to read into `details`: `confusion_matrix`, `cooccurrence_matrix`, `label_counts`, `binary_metrics`, `test_set`, `metrics_by_area`, `metrics_by_class`. They can be large; `test_set` has an entry for each input."
	detailsText      = "The parts named by `fields`, each as JSON as the service gives it; use `jsondecode`. A part that the service does not have for this kind of model is missing."
	summaryText      = "The evaluation in a few numbers between 0 and 1; null until it is done."
	fixed            = " Changing it replaces the evaluation."
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

func dataSummary() datasourceschema.SingleNestedAttribute {
	m := map[string]datasourceschema.Attribute{}
	for name, text := range scoreTexts {
		m[name] = datasourceschema.Float64Attribute{MarkdownDescription: text, Computed: true}
	}
	return datasourceschema.SingleNestedAttribute{MarkdownDescription: summaryText, Computed: true, Attributes: m}
}

var fieldsValidator = listvalidator.ValueStringsAre(stringvalidator.OneOf(fieldNames...))

var resourceSchema = schema.Schema{
	MarkdownDescription: "An evaluation of a model version against labelled data. **Destroying the resource only removes it from state**: the API cannot delete evaluations. " +
		"It runs once, and again only if `triggers` change. Changing the model, the data or the parameters replaces it.",
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
			MarkdownDescription: "Anything whose change makes the evaluation run again, over its old result and under the same id.",
			Optional:            true, ElementType: types.StringType,
		},
		"wait_for": schema.StringAttribute{
			MarkdownDescription: "How long to wait: until the service has taken the evaluation on (`accepted`), or until it is done (`completed`, the default). An evaluation that ends in failure is an error only with `completed`.",
			Optional:            true, Computed: true,
			Default:    stringdefault.StaticString(jobs.Completed),
			Validators: []validator.String{stringvalidator.OneOf(jobs.Accepted, jobs.Completed)},
		},
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
			Create: true, CreateDescription: "How long to wait for the evaluation, on create and when it runs again. Defaults to `2h`.",
		}),
	},
}

func dataAttributes(id datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	computed := func(text string) datasourceschema.StringAttribute {
		return datasourceschema.StringAttribute{MarkdownDescription: text, Computed: true}
	}
	computedJSON := func(text string) datasourceschema.StringAttribute {
		return datasourceschema.StringAttribute{MarkdownDescription: text, Computed: true, CustomType: jsontypes.NormalizedType{}}
	}
	return map[string]datasourceschema.Attribute{
		"user_id":            ids.DataUserID(),
		"app_id":             ids.DataAppID(),
		"id":                 id,
		"model_id":           computed(modelText),
		"model_version_id":   computed(modelVersionText),
		"model_user_id":      computed("Owner of the model."),
		"model_app_id":       computed("App of the model."),
		"dataset_id":         computed("Id of the dataset with the ground truth; null when all annotated data of the app was used."),
		"dataset_version_id": computed("Id of the dataset's version, if one was named."),
		"dataset_user_id":    computed("Owner of the dataset, if one was named."),
		"dataset_app_id":     computed("App of the dataset, if one was named."),
		"params":             computedJSON("Parameters of the evaluation, a JSON object."),
		"user_metrics":       computedJSON("Metrics that were stored with the evaluation, a JSON object."),
		"status":             attrs.DataStatus(statusText),
		"summary":            dataSummary(),
	}
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
			MarkdownDescription: "Id of the evaluation. One that exists runs again over its old result. When not set it follows from what is evaluated.",
			Optional:            true, Validators: []validator.String{ids.New()},
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
		"wait_for": actionschema.StringAttribute{
			MarkdownDescription: "How long to wait: `accepted`, or `completed` (the default).",
			Optional:            true, Validators: []validator.String{stringvalidator.OneOf(jobs.Accepted, jobs.Completed)},
		},
	}
}
