package search

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one saved search.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one saved search. To run it, use `clarifai_input_search` with `saved_search_id`.",
		Attributes: dataschema.Attributes(resourceSchema.Attributes, dataschema.ID(schema.StringAttribute{
			MarkdownDescription: "Id of the saved search.", Required: true,
			Validators: []validator.String{ids.Reference()},
		})),
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
	found, err := client.GetSearch(ctx, app, id)
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("saved search %q", id), app, err))
		return
	}
	m, problems := modelFromAPI(ctx, app, found)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
