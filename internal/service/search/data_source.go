package search

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource makes the data source for one saved search.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type dataSource struct{ configure.DataSource }

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one saved search. To run it, use `clarifai_input_search` with `saved_search_id`.",
		Attributes: savedDataAttributes(schema.StringAttribute{
			MarkdownDescription: "Id of the saved search.", Required: true,
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
	found, err := client.GetSearch(ctx, app, id)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("id"), fmt.Sprintf("No saved search %q in app %q", id, app.AppID), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read saved search %q", id), err))
		return
	}
	shown, problems := show(ctx, app, found)
	resp.Diagnostics.Append(problems...)
	resp.Diagnostics.Append(resp.State.Set(ctx, shown)...)
}

// show is a saved search with everything that the service says of it.
func show(ctx context.Context, app clarifai.AppRef, s *clarifai.Search) (model, diag.Diagnostics) {
	m := model{
		UserID:  types.StringValue(app.UserID),
		AppID:   types.StringValue(app.AppID),
		ID:      types.StringValue(s.ID),
		Filters: criteria.NullFilters(),
		Ranks:   criteria.NullRanks(),
	}
	problems := m.refresh(ctx, s, true)
	return m, problems
}
