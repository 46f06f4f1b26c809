package input

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// NewDataSource returns the data source for one input.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads one input with its labels. The API does not return content; download it from `hosted_url`.",
		Attributes:          dataAttributes(),
	})}
}

type dataSource struct{ base.DataSource }

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := client.ReadInput(ctx, app, config.ID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.ReadError("id", fmt.Sprintf("input %q", config.ID.ValueString()), app, err))
		return
	}
	data := dataModel{model: modelFromAPI(app, found)}
	if data.Concepts.IsNull() {
		data.Concepts = conceptsFromAPI(data.Concepts, nil)
	}
	_, url, _ := inputcontent.FromData(found.Data)
	data.URL = attrs.Text(url)
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}

// modelFromAPI returns an input with everything that the service returns.
func modelFromAPI(app clarifai.AppRef, found *clarifai.Input) model {
	m := model{
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID), ID: types.StringValue(found.ID),
		Concepts: types.MapNull(types.Float64Type), Geo: types.ObjectNull(inputdata.GeoType),
	}
	m.fromAPI(found, true)
	return m
}
