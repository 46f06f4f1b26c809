package evaluation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// NewDataSource returns the data source for one evaluation.
func NewDataSource() datasource.DataSource {
	attributes := dataAttributes(schema.StringAttribute{
		MarkdownDescription: "Id of the evaluation.", Required: true, Validators: []validator.String{ids.Reference()},
	})
	attributes["fields"] = schema.ListAttribute{
		MarkdownDescription: fieldsText, Optional: true, ElementType: types.StringType, Validators: []validator.List{fieldsValidator},
	}
	attributes["details"] = dataschema.Computed(resourceSchema.Attributes["details"])
	return &dataSource{base.NewDataSource(typeName,
		schema.Schema{MarkdownDescription: "Reads one evaluation, finished or not.", Attributes: attributes})}
}

type dataSource struct{ base.DataSource }

type dataModel struct {
	model
	Fields  types.List `tfsdk:"fields"`
	Details types.Map  `tfsdk:"details"`
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	flags, names, problems := wanted(ctx, config.Fields)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	e, err := client.GetEvaluation(ctx, app, config.ID.ValueString(), flags)
	if err == nil {
		config.Details, err = detailsOf(e, names)
	}
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("evaluation %q", config.ID.ValueString()), app, err))
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.fromAPI(e, true)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// NewPluralDataSource returns the data source for the evaluations of an app.
func NewPluralDataSource() datasource.DataSource {
	list := func(text string) schema.ListAttribute {
		return schema.ListAttribute{MarkdownDescription: text, Optional: true, ElementType: types.StringType}
	}
	return &pluralDataSource{base.NewDataSource("clarifai_evaluations", schema.Schema{
		MarkdownDescription: "Lists the evaluations of an app, newest first unless `sort_by` says otherwise.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"sort_by": schema.StringAttribute{
				MarkdownDescription: "Property to sort by: `app_id`, `created_at`, `eval_dataset_id`, `f1`, `mean_avg_precision`, `model_id`, " +
					"`precision`, `recall`, `roc_auc` or `train_dataset_id`. If not set, newest first.",
				Optional: true,
				Validators: []validator.String{stringvalidator.OneOf("app_id", "created_at", "eval_dataset_id", "f1",
					"mean_avg_precision", "model_id", "precision", "recall", "roc_auc", "train_dataset_id")},
			},
			"ascending": schema.BoolAttribute{
				MarkdownDescription: "Whether to sort in ascending order. Defaults to `false`.",
				Optional:            true,
			},
			"model_type_id":     schema.StringAttribute{MarkdownDescription: "Only evaluations of models of this type.", Optional: true},
			"eval_dataset_ids":  list("Only evaluations against one of these datasets."),
			"train_dataset_ids": list("Only evaluations of models that were trained on one of these datasets."),
			"concept_ids":       list("Only evaluations that cover one of these concepts."),
			"show_failed": schema.BoolAttribute{
				MarkdownDescription: "Whether to list failed evaluations too, which the API omits by default. Defaults to `false`.",
				Optional:            true,
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of evaluations to list, 1 to 10,000. Defaults to 100.", Optional: true,
				Validators: []validator.Int64{int64validator.Between(1, 10_000)},
			},
			"evaluations": schema.ListNestedAttribute{
				MarkdownDescription: "The evaluations.", Computed: true,
				NestedObject: schema.NestedAttributeObject{Attributes: foundAttributes()},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	UserID          types.String `tfsdk:"user_id"`
	AppID           types.String `tfsdk:"app_id"`
	SortBy          types.String `tfsdk:"sort_by"`
	Ascending       types.Bool   `tfsdk:"ascending"`
	ModelTypeID     types.String `tfsdk:"model_type_id"`
	EvalDatasetIDs  []string     `tfsdk:"eval_dataset_ids"`
	TrainDatasetIDs []string     `tfsdk:"train_dataset_ids"`
	ConceptIDs      []string     `tfsdk:"concept_ids"`
	ShowFailed      types.Bool   `tfsdk:"show_failed"`
	Limit           types.Int64  `tfsdk:"limit"`
	Evaluations     []model      `tfsdk:"evaluations"`
}

// sorts are the orders that the service offers, by the name used here.
var sorts = map[string]clarifai.EvaluationSort{
	"app_id":             clarifai.EvaluationSortAppID,
	"roc_auc":            clarifai.EvaluationSortROCAUC,
	"f1":                 clarifai.EvaluationSortF1,
	"created_at":         clarifai.EvaluationSortCreatedAt,
	"mean_avg_precision": clarifai.EvaluationSortMeanAvgPrecision,
	"precision":          clarifai.EvaluationSortPrecision,
	"recall":             clarifai.EvaluationSortRecall,
	"model_id":           clarifai.EvaluationSortModelID,
	"eval_dataset_id":    clarifai.EvaluationSortEvalDatasetID,
	"train_dataset_id":   clarifai.EvaluationSortTrainDatasetID,
}

// foundAttributes describe an evaluation of the result.
func foundAttributes() map[string]schema.Attribute {
	attributes := dataAttributes(schema.StringAttribute{MarkdownDescription: "Id of the evaluation.", Computed: true})
	attributes["user_id"] = schema.StringAttribute{MarkdownDescription: "Owner of the app.", Computed: true}
	attributes["app_id"] = schema.StringAttribute{MarkdownDescription: "App that the evaluation belongs to.", Computed: true}
	return attributes
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config pluralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	limit := 100
	if !config.Limit.IsNull() {
		limit = int(config.Limit.ValueInt64())
	}
	config.Evaluations = []model{}
	evaluations := client.AllEvaluations(ctx, app, clarifai.ListEvaluationsQuery{
		SortBy:            sorts[config.SortBy.ValueString()],
		SortAscending:     config.Ascending.ValueBool(),
		ModelTypeID:       config.ModelTypeID.ValueString(),
		EvalDatasetIDs:    config.EvalDatasetIDs,
		TrainDatasetIDs:   config.TrainDatasetIDs,
		ConceptIDs:        config.ConceptIDs,
		ShowFailedMetrics: config.ShowFailed.ValueBool(),
	})
	for e, err := range listing.First(evaluations, limit) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the evaluations of app %q", app.AppID), err))
			return
		}
		var m model
		m.UserID, m.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
		m.fromAPI(&e, true)
		config.Evaluations = append(config.Evaluations, m)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
