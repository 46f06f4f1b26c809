// Package annotation implements the deletion of annotations: as an action, and as a resource that
// deletes once for CLIs without actions.
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
	inputIDsText = "Ids of the inputs whose annotations are deleted, 128 per request. Unknown ids count as deleted, with a warning."
	idsText      = "Ids of the annotations to delete, one per entry of `input_ids` in the same order: `ids[0]` belongs to `input_ids[0]`. " +
		"If not set, all annotations of the inputs are deleted."
	consequence = "**This cannot be undone**: annotations by people are deleted too. Inputs, concepts and dataset versions do not change."
)

func idList() []validator.List {
	return []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(ids.Reference())}
}

// deletion holds the arguments that action and resource share.
type deletion struct {
	UserID   types.String `tfsdk:"user_id"`
	AppID    types.String `tfsdk:"app_id"`
	InputIDs types.List   `tfsdk:"input_ids"`
	IDs      types.List   `tfsdk:"ids"`
}

// problems validates that ids and input_ids match.
func (d *deletion) problems() diag.Diagnostics {
	var problems diag.Diagnostics
	if d.IDs.IsNull() || d.IDs.IsUnknown() || d.InputIDs.IsUnknown() {
		return problems
	}
	if inputs, annotations := len(d.InputIDs.Elements()), len(d.IDs.Elements()); inputs != annotations {
		problems.AddAttributeError(path.Root("ids"), "ids and input_ids do not match",
			fmt.Sprintf("There are %d ids for %d input_ids. Set one id per entry of input_ids in the same order, or remove ids to "+
				"delete all annotations of the inputs.", annotations, inputs))
	}
	return problems
}

// run deletes in requests of limited size and reports how many inputs are done.
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
			fmt.Sprintf("Not found: %s. They count as deleted, since an earlier apply may have deleted them. If not, check the ids, "+
				"user_id and app_id.", diags.Names(unknown)))
	}
	return problems
}

// remove deletes what a request names. Unknown ids count as deleted, so that an interrupted deletion
// can be repeated. The service may reject a whole request because of one unknown id, so a rejected
// request is split in half until the unknown id stands alone. Unknown ids are added to unknown.
func remove(
	ctx context.Context, client *clarifai.Client, app clarifai.AppRef, request clarifai.DeleteAnnotationsRequest, unknown *[]string,
) error {
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
