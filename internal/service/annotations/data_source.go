package annotations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one annotation.
func NewDataSource() datasource.DataSource {
	required := func(text string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: text, Required: true, Validators: []validator.String{ids.Reference()}}
	}
	differences := dataschema.ID(required("Id of the annotation."))
	differences["input_id"] = required("Id of the input that is annotated.")
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one annotation of an input.",
		Attributes:          dataschema.Attributes(resourceSchema.Attributes, differences, "mask_sha256"),
	})}
}

type dataSource struct{ base.DataSource }

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := client.GetAnnotation(ctx, app, config.InputID.ValueString(), config.ID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", config.String(), app, err))
		return
	}
	m, problems := modelFromAPI(app, found)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// filters are what the API can select annotations by.
type filters struct {
	InputIDs           types.List   `tfsdk:"input_ids"`
	UserIDs            types.List   `tfsdk:"user_ids"`
	ModelVersionIDs    types.List   `tfsdk:"model_version_ids"`
	WorkflowVersionIDs types.List   `tfsdk:"workflow_version_ids"`
	TaskID             types.String `tfsdk:"task_id"`
	All                types.Bool   `tfsdk:"list_all_annotations"`
}

// Texts of the filters, for the data source and the list resource.
const (
	inputIDsText    = "Ids of the inputs whose annotations to read. If not set, those of all inputs of the app."
	userIDsText     = "Ids of users: reads annotations that one of them created. The lists of users, models and workflows are alternatives."
	modelIDsText    = "Ids of versions of models: reads annotations that one of them created."
	workflowIDsText = "Ids of versions of workflows: reads annotations that one of them created."
	taskIDText      = "Id of a labelling task: reads annotations that belong to it."
	allText         = "Whether to read the annotations of models too. Defaults to `false`: those that users created."
)

func (f *filters) query(ctx context.Context) (clarifai.ListAnnotationsQuery, diag.Diagnostics) {
	query := clarifai.ListAnnotationsQuery{
		Page: clarifai.Page{PerPage: perPage}, TaskID: f.TaskID.ValueString(), ListAllAnnotations: f.All.ValueBool(),
	}
	var problems diag.Diagnostics
	for _, list := range []struct {
		from types.List
		to   *[]string
	}{
		{f.InputIDs, &query.InputIDs}, {f.UserIDs, &query.UserIDs},
		{f.ModelVersionIDs, &query.ModelVersionIDs}, {f.WorkflowVersionIDs, &query.WorkflowVersionIDs},
	} {
		if !list.from.IsNull() {
			problems.Append(list.from.ElementsAs(ctx, list.to, false)...)
		}
	}
	return query, problems
}

// perPage is how many annotations one request reads.
const perPage = 1000

// NewPluralDataSource returns the data source for the annotations of an app.
func NewPluralDataSource() datasource.DataSource {
	list := func(text string) schema.ListAttribute {
		return schema.ListAttribute{
			MarkdownDescription: text, Optional: true, ElementType: types.StringType,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())},
		}
	}
	return &pluralDataSource{base.NewDataSource("clarifai_annotations", schema.Schema{
		MarkdownDescription: "Lists annotations of an app, by input and id in ascending order. The input-level annotations, which hold the " +
			"labels of inputs themselves, are left out.",
		Attributes: map[string]schema.Attribute{
			"user_id":              ids.DataUserID(),
			"app_id":               ids.DataAppID(),
			"input_ids":            list(inputIDsText),
			"user_ids":             list(userIDsText),
			"model_version_ids":    list(modelIDsText),
			"workflow_version_ids": list(workflowIDsText),
			"task_id": schema.StringAttribute{
				MarkdownDescription: taskIDText,
				Optional:            true,
				Validators:          []validator.String{ids.Reference()},
			},
			"list_all_annotations": schema.BoolAttribute{MarkdownDescription: allText, Optional: true},
			"annotations": schema.ListNestedAttribute{
				MarkdownDescription: "The annotations.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataschema.Attributes(resourceSchema.Attributes, nil, "mask_sha256")},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

type pluralModel struct {
	filters
	UserID      types.String `tfsdk:"user_id"`
	AppID       types.String `tfsdk:"app_id"`
	Annotations []model      `tfsdk:"annotations"`
}

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config pluralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	query, problems := config.query(ctx)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.Annotations = []model{}
	for found, err := range client.AllAnnotations(ctx, app, query) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to list the annotations of app %q", app.AppID), err))
			return
		}
		if found.InputLevel {
			continue
		}
		m, problems := modelFromAPI(app, &found)
		resp.Diagnostics.Append(problems...)
		config.Annotations = append(config.Annotations, m)
	}
	slices.SortFunc(config.Annotations, func(a, b model) int {
		if c := strings.Compare(a.InputID.ValueString(), b.InputID.ValueString()); c != 0 {
			return c
		}
		return strings.Compare(a.ID.ValueString(), b.ID.ValueString())
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
