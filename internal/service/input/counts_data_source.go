package input

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

// NewCountsDataSource returns the data source that counts the inputs of an app.
func NewCountsDataSource() datasource.DataSource {
	count := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	return &countsDataSource{base.NewDataSource("clarifai_input_counts", schema.Schema{
		MarkdownDescription: "Counts the inputs of an app by processing status. Deletions happen in the background, so the counts may " +
			"include deleted inputs for a while.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"wait_for_processing": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until no input of the app is waiting to be processed or being processed. Defaults to " +
					"`false`. With `depends_on` it waits once for all inputs of a configuration, instead of for each `clarifai_input`. Waiting ends " +
					"with an error if the counts do not change for 30 minutes.",
				Optional: true,
			},
			"failed_input_ids": schema.ListAttribute{
				MarkdownDescription: "Ids of inputs whose processing failed, at most 1,000 per status code. Only set with " +
					"`wait_for_processing`.",
				Computed: true, ElementType: types.StringType,
			},
			"timeouts": timeouts.AttributesWithOpts(context.Background(), timeouts.Opts{
				ReadDescription: "Maximum time to wait with `wait_for_processing`, a duration such as `90s` or `10m`. Defaults to `20m`.",
			}),
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
	})}
}

type countsDataSource struct{ base.DataSource }

type countsModel struct {
	UserID        types.String   `tfsdk:"user_id"`
	AppID         types.String   `tfsdk:"app_id"`
	Wait          types.Bool     `tfsdk:"wait_for_processing"`
	FailedIDs     types.List     `tfsdk:"failed_input_ids"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
	Total         types.Int64    `tfsdk:"total"`
	Processed     types.Int64    `tfsdk:"processed"`
	ToProcess     types.Int64    `tfsdk:"to_process"`
	Processing    types.Int64    `tfsdk:"processing"`
	Errors        types.Int64    `tfsdk:"errors"`
	Reindexed     types.Int64    `tfsdk:"reindexed"`
	ToReindex     types.Int64    `tfsdk:"to_reindex"`
	Reindexing    types.Int64    `tfsdk:"reindexing"`
	ReindexErrors types.Int64    `tfsdk:"reindex_errors"`
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
	timeout, problems := config.Timeouts.Read(ctx, createTimeout)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	n, err := d.counts(ctx, client, app, config.Wait.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(jobs.NotOver(fmt.Sprintf("Unable to count the inputs of app %q", app.AppID), err, "read",
			"The service continues processing. Run terraform apply again to resume waiting."))
		return
	}
	failed := types.ListNull(types.StringType)
	if config.Wait.ValueBool() {
		failed, problems = failedInputs(ctx, client, app, n)
		resp.Diagnostics.Append(problems...)
	}
	count := func(n uint32) types.Int64 { return types.Int64Value(int64(n)) }
	resp.Diagnostics.Append(resp.State.Set(ctx, countsModel{
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID),
		Wait: config.Wait, FailedIDs: failed, Timeouts: config.Timeouts,
		Total:     types.Int64Value(int64(n.Processed) + int64(n.ToProcess) + int64(n.Processing) + int64(n.Errors)),
		Processed: count(n.Processed), ToProcess: count(n.ToProcess), Processing: count(n.Processing), Errors: count(n.Errors),
		Reindexed: count(n.Reindexed), ToReindex: count(n.ToReindex), Reindexing: count(n.Reindexing),
		ReindexErrors: count(n.ReindexErrors),
	})...)
}

// counts returns the counts of an app, on request when no input is being processed any more.
func (d *countsDataSource) counts(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, wait bool,
) (*clarifai.InputCount, error) {
	if !wait {
		return client.GetInputCount(ctx, app)
	}
	pending := func(n *clarifai.InputCount) uint64 { return uint64(n.ToProcess) + uint64(n.Processing) }
	return jobs.Follow(ctx, jobs.Spec[*clarifai.InputCount]{
		Clock: client.Clock(), What: fmt.Sprintf("processing of the inputs of app %q", app.AppID), Stall: countsStall,
		Read: func(ctx context.Context) (*clarifai.InputCount, error) { return client.GetInputCount(ctx, app) },
		Status: func(n *clarifai.InputCount) clarifai.Status {
			if pending(n) > 0 {
				return clarifai.Status{Code: clarifai.StatusInputInProgress}
			}
			return clarifai.Status{Code: clarifai.StatusInputDownloaded}
		},
		Line: func(n *clarifai.InputCount) string {
			return fmt.Sprintf("%d of %d inputs are not processed yet", pending(n), pending(n)+uint64(n.Processed)+uint64(n.Errors))
		},
	})
}

// countsStall is how long the counts may stay the same while waiting.
const countsStall = 30 * time.Minute

// failureCodes are the status codes of inputs whose processing failed.
var failureCodes = []clarifai.StatusCode{
	clarifai.StatusInputFailed, clarifai.StatusInputDuplicate, clarifai.StatusInputUnsupported, clarifai.StatusInputInvalidField,
	clarifai.StatusInputTooLarge, clarifai.StatusInputInvalidURL, 30210, 30300, 39996,
}

// failedInputs lists the ids of failed inputs, one request per status code, until all that are counted are found.
func failedInputs(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, n *clarifai.InputCount,
) (types.List, diag.Diagnostics) {
	failed := []string{}
	for _, code := range failureCodes {
		if uint64(len(failed)) >= uint64(n.Errors) {
			break
		}
		inputs, err := client.ListInputs(ctx, app, clarifai.ListInputsQuery{StatusCode: code,
			Page: clarifai.Page{PerPage: clarifai.MaxPerPage}})
		if err != nil {
			return types.ListNull(types.StringType), diag.Diagnostics{
				diags.Error(fmt.Sprintf("Unable to list the failed inputs of app %q", app.AppID), err),
			}
		}
		for _, in := range inputs {
			failed = append(failed, in.ID)
		}
	}
	return types.ListValueFrom(ctx, types.StringType, failed)
}
