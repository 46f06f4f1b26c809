package input

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewCountsDataSource returns the data source that counts the inputs of an app.
func NewCountsDataSource() datasource.DataSource { return &countsDataSource{} }

type countsDataSource struct{ configure.DataSource }

type countsModel struct {
	UserID        types.String `tfsdk:"user_id"`
	AppID         types.String `tfsdk:"app_id"`
	Total         types.Int64  `tfsdk:"total"`
	Processed     types.Int64  `tfsdk:"processed"`
	ToProcess     types.Int64  `tfsdk:"to_process"`
	Processing    types.Int64  `tfsdk:"processing"`
	Errors        types.Int64  `tfsdk:"errors"`
	Reindexed     types.Int64  `tfsdk:"reindexed"`
	ToReindex     types.Int64  `tfsdk:"to_reindex"`
	Reindexing    types.Int64  `tfsdk:"reindexing"`
	ReindexErrors types.Int64  `tfsdk:"reindex_errors"`
}

func (d *countsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "clarifai_input_counts"
}

func (d *countsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	count := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Counts the inputs of an app by processing status. Deletions happen in the background, so the counts may " +
			"include deleted inputs for a while.",
		Attributes: map[string]schema.Attribute{
			"user_id":        ids.DataUserID(),
			"app_id":         ids.DataAppID(),
			"total":          count("Number of inputs: the sum of `processed`, `to_process`, `processing` and `errors`."),
			"processed":      count("Number of inputs that are processed (status 30000)."),
			"to_process":     count("Number of inputs that wait to be processed (30001)."),
			"processing":     count("Number of inputs that are being processed (30003)."),
			"errors":         count("Number of inputs whose processing failed."),
			"reindexed":      count("Number of inputs that were indexed again, for example after a change of the app's default workflow."),
			"to_reindex":     count("Number of inputs that wait to be indexed again."),
			"reindexing":     count("Number of inputs that are being indexed again."),
			"reindex_errors": count("Number of inputs whose indexing failed."),
		},
	}
}

func (d *countsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config countsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	n, err := client.GetInputCount(ctx, app)
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to count the inputs of app %q", app.AppID), err))
		return
	}
	count := func(n uint32) types.Int64 { return types.Int64Value(int64(n)) }
	resp.Diagnostics.Append(resp.State.Set(ctx, countsModel{
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID),
		Total:     types.Int64Value(int64(n.Processed) + int64(n.ToProcess) + int64(n.Processing) + int64(n.Errors)),
		Processed: count(n.Processed), ToProcess: count(n.ToProcess), Processing: count(n.Processing), Errors: count(n.Errors),
		Reindexed: count(n.Reindexed), ToReindex: count(n.ToReindex), Reindexing: count(n.Reindexing),
		ReindexErrors: count(n.ReindexErrors),
	})...)
}
