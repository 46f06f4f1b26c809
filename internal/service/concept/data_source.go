package concept

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one concept.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one concept.",
		Attributes: dataAttributes(schema.StringAttribute{
			MarkdownDescription: "Id of the concept.", Required: true,
			Validators: []validator.String{ids.Reference()},
		}),
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
	id := config.ID.ValueString()
	concept, err := client.ReadConcept(ctx, app, id)
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("concept %q", id), app, err))
		return
	}
	found := modelFromAPI(app, concept)
	found.UserID, found.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID) // as configured, also for user "me"
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
}

// NewPluralDataSource returns the data source that searches concepts.
func NewPluralDataSource() datasource.DataSource {
	idArgument := func(description string, more ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: append(more, ids.Reference())}
	}
	requires := func(name string) validator.String { return stringvalidator.AlsoRequires(path.MatchRoot(name)) }
	return &pluralDataSource{base.NewDataSource("clarifai_concepts", schema.Schema{
		MarkdownDescription: "Searches concepts of an app, and optionally of a model or workflow. Without filters it lists all " +
			"concepts of the app.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name to search for; `*` matches any text, as in `tr*`. It is not documented how a name without " +
					"`*` is matched, and whether case matters.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"language": schema.StringAttribute{
				MarkdownDescription: "Code of the language to search and return names in, such as `ja`. The service's default is `en`, " +
					"also if the app has another default language.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"model_id": idArgument("Id of a model whose concepts are searched as well.",
				stringvalidator.ConflictsWith(path.MatchRoot("workflow_id"))),
			"model_version_id": idArgument("Id of the model version. If not set, the latest version is used. Needs `model_id`.",
				requires("model_id")),
			"workflow_id": idArgument("Id of a workflow whose concepts are searched as well. Conflicts with `model_id`."),
			"workflow_version_id": idArgument("Id of the workflow version. If not set, the latest version is used. Needs `workflow_id`.",
				requires("workflow_id")),
			"use_cases": schema.ListAttribute{
				MarkdownDescription: "Only concepts of models with one of these use cases: `CLASSIFICATION`, `DETECTION`. Excludes the " +
					"app's own concepts.",
				ElementType: types.StringType,
				Optional:    true,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1),
					listvalidator.ValueStringsAre(stringvalidator.OneOf("CLASSIFICATION", "DETECTION")),
				},
			},
			"ignore_app_concepts": schema.BoolAttribute{
				MarkdownDescription: "Whether the app's own concepts are excluded. Use it with `model_id` or `workflow_id`.",
				Optional:            true,
			},
			"rankable_model": schema.SingleNestedAttribute{
				MarkdownDescription: "A model: the result says in `is_rankable` which concepts a search can rank inputs by with it.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"id": schema.StringAttribute{
						MarkdownDescription: "Id of the model.", Required: true, Validators: []validator.String{ids.Reference()},
					},
					"version_id": idArgument("Id of the model version. If not set, the latest version is used."),
					"user_id":    idArgument("Id of the user who owns the model. Defaults to the owner of the app."),
					"app_id":     idArgument("Id of the app of the model. Defaults to this app."),
				},
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of concepts to return. If not set, all are returned.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"concepts": schema.ListNestedAttribute{
				MarkdownDescription: "The concepts, in the order of the API. Concepts of a model or workflow may belong to another " +
					"user and app.",
				Computed:     true,
				NestedObject: schema.NestedAttributeObject{Attributes: foundAttributes()},
			},
		},
	})}
}

type pluralDataSource struct{ base.DataSource }

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
	RankableModel     types.Object `tfsdk:"rankable_model"`
	Concepts          []foundModel `tfsdk:"concepts"`
}

// foundModel is a concept in the result.
type foundModel struct {
	model
	IsRankable types.Bool `tfsdk:"is_rankable"`
}

// rankableModel names a model by which searches could rank.
type rankableModel struct {
	UserID    types.String `tfsdk:"user_id"`
	AppID     types.String `tfsdk:"app_id"`
	ID        types.String `tfsdk:"id"`
	VersionID types.String `tfsdk:"version_id"`
}

// foundAttributes are the attributes of a concept in the result. It may belong to another app, and its
// texts are in the requested language.
func foundAttributes() map[string]schema.Attribute {
	attributes := dataAttributes(schema.StringAttribute{MarkdownDescription: "Id of the concept.", Computed: true})
	for name, text := range map[string]string{
		"user_id":    "Id of the user who owns the app of the concept.",
		"app_id":     "Id of the app of the concept.",
		"name":       "Name in the language `language`.",
		"definition": "Definition in the language `language`.",
		"language":   "Code of the language of `name` and `definition`.",
	} {
		attributes[name] = schema.StringAttribute{MarkdownDescription: text, Computed: true}
	}
	attributes["is_rankable"] = schema.BoolAttribute{
		MarkdownDescription: "Whether a search can rank inputs by the concept with `rankable_model`. Null without `rankable_model`.",
		Computed:            true,
	}
	return attributes
}

func (d *pluralDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var ignore types.Bool
	var model, workflow types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ignore_app_concepts"), &ignore)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("model_id"), &model)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("workflow_id"), &workflow)...)
	if ignore.ValueBool() && model.IsNull() && workflow.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("ignore_app_concepts"), "Search without app concepts",
			"Without the app's own concepts only concepts that Clarifai searches by default can be found. To search a model or "+
				"workflow, set model_id or workflow_id.")
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
	config.Concepts = []foundModel{}
	perPage := uint32(clarifai.MaxPerPage)
	limit := config.Limit.ValueInt64()
	if limit > 0 && limit < clarifai.MaxPerPage {
		perPage = uint32(limit) //nolint:gosec // less than a page
	}
	found := client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: perPage}})
	rankable, problems := config.rankable(ctx)
	if resp.Diagnostics.Append(problems...); resp.Diagnostics.HasError() {
		return
	}
	if query := config.query(); query != nil || rankable != nil {
		found = client.AllConceptsSearches(ctx, app, clarifai.PostConceptsSearchesRequest{
			ConceptQuery: query, ExtraInfo: rankable, Pagination: &clarifai.Pagination{PerPage: perPage},
		})
	}
	for concept, err := range found {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to search the concepts of app %q", app.AppID), err))
			return
		}
		if config.appOnly() && !belongsTo(app, concept) {
			continue
		}
		one := foundModel{model: modelFromAPI(app, &concept)}
		if rankable != nil {
			one.IsRankable = types.BoolValue(concept.ExtraInfo != nil && concept.ExtraInfo.IsRankable)
		}
		config.Concepts = append(config.Concepts, one)
		if limit > 0 && int64(len(config.Concepts)) == limit {
			break
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// appOnly reports whether only the app's own concepts are requested. The service may then also find public
// concepts of other apps.
func (m *pluralModel) appOnly() bool {
	return m.ModelID.IsNull() && m.WorkflowID.IsNull() && len(m.UseCases) == 0 && !m.IgnoreAppConcepts.ValueBool()
}

// rankable returns what to request about ranks, or nil.
func (m *pluralModel) rankable(ctx context.Context) (*clarifai.ConceptExtraInfoRequest, diag.Diagnostics) {
	if m.RankableModel.IsNull() {
		return nil, nil
	}
	var of rankableModel
	problems := m.RankableModel.As(ctx, &of, basetypes.ObjectAsOptions{})
	sent := &clarifai.Model{ID: of.ID.ValueString(), UserID: of.UserID.ValueString(), AppID: of.AppID.ValueString()}
	if version := of.VersionID.ValueString(); version != "" {
		sent.ModelVersion = &clarifai.ModelVersion{ID: version}
	}
	return &clarifai.ConceptExtraInfoRequest{RankableModel: sent}, problems
}

// query returns the configured search, or nil if the app's concepts are to be listed.
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
