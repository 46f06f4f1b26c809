// Package listing reads lists of objects: into the results of a list resource,
// and to find one object that no request of its own returns.
package listing

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// Results yields one result for each object, up to the request's limit.
// If there are more, the last result has a warning, because neither Terraform nor the
// configuration that it generates shows that a list was cut. Pages are read as
// results are consumed. An error on any page becomes a result that contains
// it, which is how the framework ends a listing.
func Results[T any](ctx context.Context, req list.ListRequest, objects iter.Seq2[T, error], summary string,
	fill func(context.Context, T, *list.ListResult)) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var last *list.ListResult // not yielded yet: the next object shows whether it is the last one within the limit
		sent := int64(0)
		for object, err := range objects {
			if err != nil {
				if last == nil || push(*last) {
					push(list.ListResult{Diagnostics: diag.Diagnostics{diags.Error(summary, err)}})
				}
				return
			}
			if last != nil {
				if req.Limit > 0 && sent >= req.Limit {
					last.Diagnostics.AddWarning("List cut by its limit",
						fmt.Sprintf("There are more than the %d results that are shown. Set limit in the list block to a larger number, "+
							"or narrow the list by its arguments. Objects that are not listed are neither shown nor written to generated configuration.",
							req.Limit))
					push(*last)
					return
				}
				if !push(*last) {
					return
				}
			}
			result := req.NewListResult(ctx)
			fill(ctx, object, &result)
			last = &result
			sent++
		}
		if last != nil {
			push(*last)
		}
	}
}

// First yields the first objects of a list, at most limit.
func First[T any](objects iter.Seq2[T, error], limit int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		sent := 0
		for object, err := range objects {
			sent++
			if !yield(object, err) || err != nil || sent == limit {
				return
			}
		}
	}
}

// Find returns the first object that match accepts. If there is none, it returns
// the error that a Get of the object would return, so that [clarifai.IsNotFound]
// holds. In the error, op is the request and what the object.
func Find[T any](objects iter.Seq2[T, error], op, what string, match func(T) bool) (T, error) {
	var none T
	for object, err := range objects {
		if err != nil {
			return none, err
		}
		if match(object) {
			return object, nil
		}
	}
	return none, clarifai.NewNotFound(op, what+" is not in the list")
}
