package concept

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource makes the data source for one concept.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ configure.DataSource }

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one concept.",
		Attributes: dataAttributes(schema.StringAttribute{
			MarkdownDescription: "Id of the concept.", Required: true,
			Validators: []validator.String{ids.Reference()},
		}),
	}
}

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
	id := config.ID.ValueString()
	concept, err := client.ReadConcept(ctx, app, id)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), fmt.Sprintf("No concept %q in app %q", id, app.AppID), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read concept %q", id), err))
		return
	}
	shown := show(app, concept)
	shown.UserID, shown.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID) // as configured, also for user "me"
	resp.Diagnostics.Append(resp.State.Set(ctx, shown)...)
}

// NewPluralDataSource makes the data source that finds concepts.
func NewPluralDataSource() datasource.DataSource { return &pluralDataSource{} }

type pluralDataSource struct{ configure.DataSource }

var _ datasource.DataSourceWithValidateConfig = (*pluralDataSource)(nil)

type pluralModel struct {
	UserID            types.String `tfsdk:"user_id"`
	AppID             types.String `tfsdk:"app_id"`
	Name              types.String `tfsdk:"name"`
	Language          types.String `tfsdk:"language"`
	ModelID           types.String `tfsdk:"model_id"`
	ModelVersionID    types.String `tfsdk:"model_version_id"`
	WorkflowID        types.String `tfsdk:"workflow_id"`
	WorkflowVersionID types.String `tfsdk:"workflow_version_id"`
	UseCases          []string     `tfsdk:"use_cases"`
	IgnoreAppConcepts types.Bool   `tfsdk:"ignore_app_concepts"`
	Limit             types.Int64  `tfsdk:"limit"`
	Concepts          []model      `tfsdk:"concepts"`
}

func (d *pluralDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_concepts"
}

func (d *pluralDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	reference := func(description string, more ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: append(more, ids.Reference())}
	}
	also := func(name string) validator.String { return stringvalidator.AlsoRequires(path.MatchRoot(name)) }
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds concepts of an app, and on request of a model or workflow. Without any argument that narrows it down it lists all concepts of the app.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name to look for, with `*` for any text, as in `tr*`. How a name without `*` is matched, and whether case counts, is not documented.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"language": schema.StringAttribute{
				MarkdownDescription: "Code of the language of the names to look at and to show, such as `ja`. The service's default is `en`, whatever the app's own language.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"model_id": reference("Id of a model whose concepts are searched too.",
				stringvalidator.ConflictsWith(path.MatchRoot("workflow_id"))),
			"model_version_id":    reference("Id of the model's version. The latest when not set (inferred). Needs `model_id`.", also("model_id")),
			"workflow_id":         reference("Id of a workflow whose concepts are searched too. Excludes `model_id`."),
			"workflow_version_id": reference("Id of the workflow's version. The latest when not set (inferred). Needs `workflow_id`.", also("workflow_id")),
			"use_cases": schema.ListAttribute{
				MarkdownDescription: "Only concepts of models of these kinds, any of them: `CLASSIFICATION`, `DETECTION`. Leaves the app's own concepts out.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1),
					listvalidator.ValueStringsAre(stringvalidator.OneOf("CLASSIFICATION", "DETECTION")),
				},
			},
			"ignore_app_concepts": schema.BoolAttribute{
				MarkdownDescription: "Whether the app's own concepts are left out. Needs `model_id` or `workflow_id`.",
				Optional:            true,
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of concepts to return. All when not set.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"concepts": schema.ListNestedAttribute{
				MarkdownDescription: "The concepts, in the order of the service. One of a model may belong to another user and app than was searched.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: foundAttributes()},
			},
		},
	}
}

// foundAttributes describe a concept of the result, which need not be the app's own
// and is called as it is in the language that was asked for.
func foundAttributes() map[string]schema.Attribute {
	attributes := dataAttributes(schema.StringAttribute{MarkdownDescription: "Id of the concept.", Computed: true})
	for name, text := range map[string]string{
		"user_id":    "Owner of the app that the concept belongs to.",
		"app_id":     "App that the concept belongs to.",
		"name":       "Name, in the language that `language` says.",
		"definition": "What the concept means, in that language.",
		"language":   "Code of the language that `name` is in.",
	} {
		attributes[name] = schema.StringAttribute{MarkdownDescription: text, Computed: true}
	}
	return attributes
}

func (d *pluralDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var ignore types.Bool
	var model, workflow types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ignore_app_concepts"), &ignore)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("model_id"), &model)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("workflow_id"), &workflow)...)
	if ignore.ValueBool() && model.IsNull() && workflow.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("ignore_app_concepts"), "Nothing left to search",
			"Without the app's own concepts there is nothing to search: set model_id or workflow_id too.")
	}
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
	config.Concepts = []model{}
	perPage := uint32(clarifai.MaxPerPage)
	limit := config.Limit.ValueInt64()
	if limit > 0 && limit < clarifai.MaxPerPage {
		perPage = uint32(limit) //nolint:gosec // less than a page
	}
	found := client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: perPage}})
	if query := config.query(); query != nil {
		found = client.AllConceptsSearches(ctx, app, clarifai.PostConceptsSearchesRequest{
			ConceptQuery: query, Pagination: &clarifai.Pagination{PerPage: perPage},
		})
	}
	for concept, err := range found {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to search the concepts of app %q", app.AppID), err))
			return
		}
		config.Concepts = append(config.Concepts, show(app, &concept))
		if limit > 0 && int64(len(config.Concepts)) == limit {
			break
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// query is the search that the configuration asks for, or nil when it names
// nothing to search by.
func (m *pluralModel) query() *clarifai.ConceptQuery {
	q := &clarifai.ConceptQuery{
		Name: m.Name.ValueString(), Language: m.Language.ValueString(), IgnoreAppConcepts: m.IgnoreAppConcepts.ValueBool(),
	}
	if id := m.ModelID.ValueString(); id != "" {
		q.Model = &clarifai.Model{ID: id}
		if version := m.ModelVersionID.ValueString(); version != "" {
			q.Model.ModelVersion = &clarifai.ModelVersion{ID: version}
		}
	}
	if id := m.WorkflowID.ValueString(); id != "" {
		q.Workflow = &clarifai.Workflow{ID: id}
		if version := m.WorkflowVersionID.ValueString(); version != "" {
			q.Workflow.Version = &clarifai.WorkflowVersion{ID: version}
		}
	}
	for _, name := range m.UseCases {
		useCase, err := clarifai.ParseWorkflowModelUseCase(name)
		if err == nil { // validated
			q.UseCases = append(q.UseCases, useCase)
		}
	}
	if q.Name == "" && q.Language == "" && q.Model == nil && q.Workflow == nil && len(q.UseCases) == 0 {
		return nil
	}
	return q
}
