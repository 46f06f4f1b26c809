package concept

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewCountsDataSource returns the data source that counts labels by concept.
func NewCountsDataSource() datasource.DataSource {
	positive := schema.Int64Attribute{MarkdownDescription: "Number of inputs labelled with the concept.", Computed: true}
	negative := schema.Int64Attribute{MarkdownDescription: "Number of inputs labelled with the absence of the concept.", Computed: true}
	of := func(description string) schema.SingleNestedAttribute {
		return schema.SingleNestedAttribute{
			MarkdownDescription: description, Computed: true,
			Attributes: map[string]schema.Attribute{"positive": positive, "negative": negative},
		}
	}
	return &countsDataSource{base.NewDataSource("clarifai_concept_counts", schema.Schema{
		MarkdownDescription: "Counts the labelled inputs of each concept of an app. It is not documented whether concepts without " +
			"labels are included.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"counts": schema.MapNestedAttribute{
				MarkdownDescription: "Counts by the concept's id.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":       schema.StringAttribute{MarkdownDescription: nameText, Computed: true},
					"positive":   positive,
					"negative":   negative,
					"processed":  of("Of these, inputs that are processed."),
					"to_process": of("Of these, inputs that wait to be processed."),
					"processing": of("Of these, inputs that are being processed."),
					"errors":     of("Of these, inputs whose processing failed."),
				}},
			},
		},
	})}
}

type countsDataSource struct{ base.DataSource }

type countsModel struct {
	UserID types.String           `tfsdk:"user_id"`
	AppID  types.String           `tfsdk:"app_id"`
	Counts map[string]conceptUses `tfsdk:"counts"`
}

// conceptUses counts the uses of a concept, in total and by status of the inputs.
type conceptUses struct {
	Name       types.String `tfsdk:"name"`
	Positive   types.Int64  `tfsdk:"positive"`
	Negative   types.Int64  `tfsdk:"negative"`
	Processed  *labels      `tfsdk:"processed"`
	ToProcess  *labels      `tfsdk:"to_process"`
	Processing *labels      `tfsdk:"processing"`
	Errors     *labels      `tfsdk:"errors"`
}

type labels struct {
	Positive types.Int64 `tfsdk:"positive"`
	Negative types.Int64 `tfsdk:"negative"`
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
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.Counts = map[string]conceptUses{}
	for count, err := range client.AllConceptCounts(ctx, app, clarifai.MaxPerPage) {
		if err != nil {
			resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to count the labels of app %q", app.AppID), err))
			return
		}
		config.Counts[count.ID] = uses(count)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// uses returns the counts of one concept. The service may omit counts that are zero.
func uses(count clarifai.ConceptCount) conceptUses {
	total := labelsOf(count.ConceptTypeCount)
	u := conceptUses{Name: types.StringValue(count.Name), Positive: total.Positive, Negative: total.Negative}
	detail := count.DetailConceptCount
	if detail == nil {
		detail = &clarifai.DetailConceptCount{}
	}
	u.Processed, u.ToProcess = labelsOf(detail.Processed), labelsOf(detail.ToProcess)
	u.Processing, u.Errors = labelsOf(detail.Processing), labelsOf(detail.Errors)
	return u
}

func labelsOf(n *clarifai.ConceptTypeCount) *labels {
	if n == nil {
		n = &clarifai.ConceptTypeCount{}
	}
	return &labels{types.Int64Value(int64(n.Positive)), types.Int64Value(int64(n.Negative))}
}
