// Package annotation is about deleting annotations: as an action, and as a
// resource that does it once for CLIs without actions.
package annotation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	inputIDsText = "Ids of the inputs whose annotations to delete, 128 of them a call. What the service does not know counts as deleted, with a warning."
	idsText      = "Ids of the annotations to delete, one for each entry of `input_ids` and in the same order: `ids[0]` belongs to `input_ids[0]`. " +
		"When not set, every annotation of those inputs is deleted."
	consequence = "**This cannot be undone**: the annotations are gone, and with them what people labelled. Inputs, concepts and dataset versions stay as they are."
)

func idList() []validator.List {
	return []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())}
}

// deletion says which annotations to delete.
type deletion struct {
	UserID   types.String `tfsdk:"user_id"`
	AppID    types.String `tfsdk:"app_id"`
	InputIDs types.List   `tfsdk:"input_ids"`
	IDs      types.List   `tfsdk:"ids"`
}

// problems are pairs that do not match, as far as they are known.
func (d *deletion) problems() diag.Diagnostics {
	var problems diag.Diagnostics
	if d.IDs.IsNull() || d.IDs.IsUnknown() || d.InputIDs.IsUnknown() {
		return problems
	}
	if inputs, annotations := len(d.InputIDs.Elements()), len(d.IDs.Elements()); inputs != annotations {
		problems.AddAttributeError(path.Root("ids"), "ids and input_ids do not match",
			fmt.Sprintf("There are %d ids for %d input_ids. Give one id for each entry of input_ids, in the same order, or leave ids out to delete all annotations of the inputs.", annotations, inputs))
	}
	return problems
}

// run deletes in calls of what one call may carry, and tells progress how many
// inputs are done.
func (d *deletion) run(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, progress func(done, all int)) diag.Diagnostics {
	var request clarifai.DeleteAnnotationsRequest
	problems := d.InputIDs.ElementsAs(ctx, &request.InputIDs, false)
	if !d.IDs.IsNull() {
		problems.Append(d.IDs.ElementsAs(ctx, &request.IDs, false)...)
	}
	if problems.HasError() {
		return problems
	}
	all := len(request.InputIDs)
	var unknown []string
	for from := 0; from < all; from += clarifai.MaxItemsPerCall {
		to := min(from+clarifai.MaxItemsPerCall, all)
		if err := remove(ctx, client, app, part(request, from, to), &unknown); err != nil {
			problems.Append(diags.Error(fmt.Sprintf("Unable to delete the annotations of inputs %d to %d of %d", from+1, to, all), err))
			return problems
		}
		progress(to, all)
	}
	if len(unknown) > 0 {
		problems.AddWarning(fmt.Sprintf("Nothing to delete for %d of %d", len(unknown), all),
			fmt.Sprintf("The service knows nothing of these: %s. They count as deleted, since an earlier run may have done it. If it did not, check the ids, user_id and app_id.", diags.Names(unknown)))
	}
	return problems
}

// remove deletes what a request names, and takes what is gone for deleted: a run
// that broke off can be repeated. The service may refuse a whole call for one id
// that it does not know, so such a call is halved until that id stands alone.
// It is added to unknown.
func remove(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, request clarifai.DeleteAnnotationsRequest, unknown *[]string) error {
	err := client.DeleteAnnotations(ctx, app, request)
	if !clarifai.IsNotFound(err) {
		return err
	}
	n := len(request.InputIDs)
	if n == 1 {
		name := request.InputIDs[0]
		if request.IDs != nil {
			name = fmt.Sprintf("annotation %s of %s", request.IDs[0], name)
		}
		*unknown = append(*unknown, name)
		return nil
	}
	if err := remove(ctx, client, app, part(request, 0, n/2), unknown); err != nil {
		return err
	}
	return remove(ctx, client, app, part(request, n/2, n), unknown)
}

func part(request clarifai.DeleteAnnotationsRequest, from, to int) clarifai.DeleteAnnotationsRequest {
	request.InputIDs = request.InputIDs[from:to]
	if request.IDs != nil {
		request.IDs = request.IDs[from:to]
	}
	return request
}
