package annotation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewAction returns the action that deletes annotations.
func NewAction() action.Action { return &deletionAction{} }

type deletionAction struct{ configure.Action }

var _ action.ActionWithValidateConfig = (*deletionAction)(nil)

func (a *deletionAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "clarifai_delete_annotations"
}

func (a *deletionAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Deletes annotations of inputs. " + consequence + " The resource `clarifai_annotation_deletion` does the " +
			"same on every CLI.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.ActionUserID(),
			"app_id":  ids.ActionAppID(),
			"input_ids": schema.ListAttribute{MarkdownDescription: inputIDsText, Required: true, ElementType: types.StringType,
				Validators: idList()},
			"ids": schema.ListAttribute{MarkdownDescription: idsText, Optional: true, ElementType: types.StringType,
				Validators: idList()},
		},
	}
}

func (a *deletionAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config deletion
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(config.problems()...)
	}
}

func (a *deletionAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config deletion
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := a.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(a.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.run(ctx, client, app, func(done, all int) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Deleted the annotations of %d of %d inputs.", done, all)})
	})...)
}
