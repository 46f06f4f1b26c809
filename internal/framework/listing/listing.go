// Package listing turns pages of objects into the results of a list resource.
package listing

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// Results yields one result for each object, no more than the request's limit.
// Pages are read as results are consumed. An error, on whatever page, becomes a
// result that carries it, which is how the framework ends a listing.
func Results[T any](ctx context.Context, req list.ListRequest, objects iter.Seq2[T, error], summary string, fill func(context.Context, T, *list.ListResult)) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		sent := int64(0)
		for object, err := range objects {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{diags.Error(summary, err)}})
				return
			}
			result := req.NewListResult(ctx)
			fill(ctx, object, &result)
			if !push(result) {
				return
			}
			if sent++; req.Limit > 0 && sent >= req.Limit {
				return
			}
		}
	}
}
