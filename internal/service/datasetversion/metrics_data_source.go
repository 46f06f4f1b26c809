package datasetversion

import (
	"context"
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

const metricsTimeout = 10 * time.Minute

var groupTypes = []string{
	"INPUT_TYPE", "CONCEPT_ID", "CONCEPTS_COUNT", "BOUNDING_BOXES_COUNT", "POLYGONS_COUNT", "POINTS_COUNT",
	"MASKS_COUNT", "PIXELS_COUNT", "ASPECT_RATIO",
}

// NewMetricsDataSource returns the data source for the metrics of a version.
func NewMetricsDataSource() datasource.DataSource {
	groupMetrics := dataschema.Attributes(countAttributes(), nil)
	groupMetrics["region_location_matrix"] = schema.ListAttribute{
		MarkdownDescription: "Where regions are in the images: the rows of a grid over all images, each with the counts of its columns.",
		ElementType:         matrixType.ElemType,
		Computed:            true,
	}
	return &metricsDataSource{base.NewDataSource("clarifai_dataset_version_metrics", schema.Schema{
		MarkdownDescription: "Reads the metrics of a dataset version by group: the number of inputs and labels for each input type, each " +
			"concept, each number of boxes and so on. " +
			"The service computes them some time after the version is ready.",
		Attributes: map[string]schema.Attribute{
			"user_id":            ids.DataUserID(),
			"app_id":             ids.DataAppID(),
			"dataset_id":         reference(datasetText),
			"dataset_version_id": reference("Id of the version."),
			"parent_paths": schema.ListAttribute{
				MarkdownDescription: "Only groups with one of these parent paths, which the API does not document; see `parent_path` of the groups.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues()},
			},
			"types": schema.ListAttribute{
				MarkdownDescription: "Only groups of one of these types: `INPUT_TYPE`, `CONCEPT_ID`, `CONCEPTS_COUNT`, `BOUNDING_BOXES_COUNT`, " +
					"`POLYGONS_COUNT`, `POINTS_COUNT`, `MASKS_COUNT`, `PIXELS_COUNT`, `ASPECT_RATIO`.",
				ElementType: types.StringType,
				Optional:    true,
				Validators: []validator.List{listvalidator.SizeAtLeast(1),
					listvalidator.ValueStringsAre(stringvalidator.OneOf(groupTypes...))},
			},
			"wait_for": schema.StringAttribute{
				MarkdownDescription: "How long to wait: not at all (`accepted`, the default), or until the metrics are computed (`completed`), " +
					"up to `timeouts.read`. `groups` is empty until then. A version whose build failed is an error.",
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(jobs.Accepted, jobs.Completed)},
			},
			"groups": schema.ListNestedAttribute{
				MarkdownDescription: "The groups, in the order of the API.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{
					Attributes: map[string]schema.Attribute{
						"parent_path": schema.StringAttribute{
							MarkdownDescription: "Path of the group that contains this one. Not documented by the API; null for most.",
							Computed:            true,
						},
						"type": schema.StringAttribute{
							MarkdownDescription: "Property by which inputs are grouped, such as `CONCEPT_ID`.",
							Computed:            true,
						},
						"value": schema.StringAttribute{
							MarkdownDescription: "Value that the inputs of the group share: the input type for `INPUT_TYPE`, or `total` for all inputs; " +
								"the concept's id for `CONCEPT_ID`; for the others a number, or the JSON of anything else that the API returns.",
							Computed: true,
						},
						"metrics": schema.SingleNestedAttribute{
							MarkdownDescription: "Counts of the group. A count that the API does not return is null.",
							Computed:            true,
							Attributes:          groupMetrics,
						},
					},
				},
			},
			"timeouts": timeouts.AttributesWithOpts(context.Background(), timeouts.Opts{
				ReadDescription: "Maximum time to wait for the metrics, a duration such as `30m`. Defaults to `10m`.",
			}),
		},
	})}
}

type metricsDataSource struct{ base.DataSource }

type metricsModel struct {
	UserID      types.String   `tfsdk:"user_id"`
	AppID       types.String   `tfsdk:"app_id"`
	DatasetID   types.String   `tfsdk:"dataset_id"`
	VersionID   types.String   `tfsdk:"dataset_version_id"`
	ParentPaths []string       `tfsdk:"parent_paths"`
	Types       []string       `tfsdk:"types"`
	WaitFor     types.String   `tfsdk:"wait_for"`
	Groups      []groupModel   `tfsdk:"groups"`
	Timeouts    timeouts.Value `tfsdk:"timeouts"`
}

type groupModel struct {
	ParentPath types.String `tfsdk:"parent_path"`
	Type       types.String `tfsdk:"type"`
	Value      types.String `tfsdk:"value"`
	Metrics    types.Object `tfsdk:"metrics"`
}

var matrixType = types.ListType{ElemType: types.ListType{ElemType: types.Int64Type}}

func (d *metricsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config metricsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	timeout, more := config.Timeouts.Read(ctx, metricsTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	of := model{UserID: config.UserID, AppID: config.AppID, DatasetID: config.DatasetID, ID: config.VersionID}
	if config.WaitFor.ValueString() == jobs.Completed {
		waitCtx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		if err := computed(waitCtx, client, &of); err != nil {
			resp.Diagnostics.Append(notComputed(&of, err))
			return
		}
	}
	config.Groups = []groupModel{}
	query := clarifai.ListDatasetVersionMetricsGroupsQuery{ParentPaths: config.ParentPaths}
	for _, name := range config.Types {
		t, err := clarifai.ParseDatasetVersionMetricsGroupType(name)
		if err != nil {
			resp.Diagnostics.Append(diags.AttributeError(path.Root("types"), "Unknown type of metrics group", err))
			return
		}
		query.Types = append(query.Types, t)
	}
	for group, err := range client.AllDatasetVersionMetricsGroups(ctx, app, config.DatasetID.ValueString(), config.VersionID.ValueString(),
		query) {
		if err != nil {
			resp.Diagnostics.Append(notComputed(&of, err))
			return
		}
		config.Groups = append(config.Groups, groupFromAPI(&group))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// computed waits until the metrics of a version are there.
func computed(ctx context.Context, client *clarifai.Client, m *model) error {
	clock := client.Clock()
	start := clock.Now()
	for {
		done, status, err := countedNow(ctx, client, m)
		waited := clock.Now().Sub(start)
		if err == nil && !done {
			err = clock.Sleep(ctx, wait.Pause(waited))
		}
		switch {
		case ctx.Err() != nil:
			return &wait.InterruptedError{What: "the metrics of " + m.String(), Last: status, Waited: waited, Err: ctx.Err()}
		case err != nil || done:
			return err
		}
	}
}

// countedNow tells whether a version has any group of metrics, or none because it is empty.
func countedNow(ctx context.Context, client *clarifai.Client, m *model) (done bool, status clarifai.Status, err error) {
	app, dataset, id := m.app(), m.DatasetID.ValueString(), m.ID.ValueString()
	one := clarifai.ListDatasetVersionMetricsGroupsQuery{Page: clarifai.Page{Page: 1, PerPage: 1}}
	groups, err := client.ListDatasetVersionMetricsGroups(ctx, app, dataset, id, one)
	if err != nil || len(groups) > 0 {
		return true, status, err
	}
	version, err := client.GetDatasetVersion(ctx, app, dataset, id)
	if err != nil {
		return false, status, err
	}
	if version.Status.Code.Class() == clarifai.ClassFailed {
		return true, version.Status, &wait.FailedError{What: m.String(), Status: version.Status}
	}
	all := whole(version.Metrics)
	return all != nil && all.InputsCount != nil && *all.InputsCount == 0, version.Status, nil
}

func notComputed(m *model, err error) diag.Diagnostic {
	summary := "Unable to read the metrics of " + m.String()
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &interrupted):
		return diags.StillRunning(summary, interrupted, "read", "Clarifai still computes the metrics. Run again later; with "+
			"wait_for = \"accepted\", groups are empty until then.")
	case clarifai.IsNotFound(err):
		return diags.AttributeError(path.Root("dataset_version_id"), summary, err)
	}
	return diags.Error(summary, err)
}

func groupFromAPI(g *clarifai.DatasetVersionMetricsGroup) groupModel {
	values, valueTypes := countValues(g.Metrics), countTypes()
	values["region_location_matrix"], valueTypes["region_location_matrix"] = matrixFromAPI(g.Metrics), matrixType
	shown := groupModel{
		ParentPath: types.StringNull(),
		Type:       types.StringValue(g.Type.String()),
		Value:      types.StringNull(),
		Metrics:    types.ObjectValueMust(valueTypes, values),
	}
	if g.ParentPath != "" {
		shown.ParentPath = types.StringValue(g.ParentPath)
	}
	var text string
	switch {
	case len(g.Value) == 0:
	case json.Unmarshal(g.Value, &text) == nil:
		shown.Value = types.StringValue(text)
	default:
		shown.Value = types.StringValue(string(g.Value))
	}
	return shown
}

// matrixFromAPI cuts the service's row of numbers into the rows of the grid.
func matrixFromAPI(m *clarifai.DatasetVersionMetrics) types.List {
	if m == nil || m.RegionLocationMatrix == nil || m.RegionLocationMatrix.NCols == 0 {
		return types.ListNull(matrixType.ElemType)
	}
	grid := m.RegionLocationMatrix
	columns := int(min(uint64(grid.NCols), uint64(len(grid.Data)))) //nolint:gosec // no more than there is data
	rows := []attr.Value{}
	for data := grid.Data; len(data) > 0; data = data[min(columns, len(data)):] {
		row := []attr.Value{}
		for _, n := range data[:min(columns, len(data))] {
			row = append(row, types.Int64Value(int64(n))) //nolint:gosec // no data set has so much of anything
		}
		rows = append(rows, types.ListValueMust(types.Int64Type, row))
	}
	return types.ListValueMust(matrixType.ElemType, rows)
}
