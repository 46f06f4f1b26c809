package listing_test

import (
	"context"
	"iter"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/listing"
)

// numbers yields 1 to n and counts the values that were read.
func numbers(n int, read *int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := 1; i <= n; i++ {
			*read++
			if !yield(i, nil) {
				return
			}
		}
	}
}

func TestResults_limit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		objects   int
		limit     int64
		results   int
		read      int
		cutWarned bool
	}{
		"fewer than the limit":   {3, 5, 3, 3, false},
		"exactly the limit":      {5, 5, 5, 5, false},
		"more than the limit":    {9, 5, 5, 6, true},
		"no limit":               {9, 0, 9, 9, false},
		"nothing":                {0, 5, 0, 0, false},
		"one more, limit of one": {2, 1, 1, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := 0
			req := list.ListRequest{Limit: test.limit, ResourceSchema: schema.Schema{}, ResourceIdentitySchema: identityschema.Schema{}}
			var results []list.ListResult
			for result := range listing.Results(t.Context(), req, numbers(test.objects, &read), "Unable to list",
				func(_ context.Context, _ int, _ *list.ListResult) {}) {
				results = append(results, result)
			}
			if len(results) != test.results || read != test.read {
				t.Fatalf("%d results and %d objects read, want %d and %d", len(results), read, test.results, test.read)
			}
			for i, result := range results {
				if warned := len(result.Diagnostics) > 0; warned != (test.cutWarned && i == len(results)-1) {
					t.Errorf("result %d of %d has %d warnings", i+1, len(results), len(result.Diagnostics))
				}
			}
		})
	}
}

// No page is read for objects beyond the limit.
func TestFirst(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{1: 1, 3: 3, 5: 5, 9: 5} {
		read, got := 0, 0
		for n, err := range listing.First(numbers(5, &read), limit) {
			if got++; n != got || err != nil {
				t.Errorf("limit %d: object %d is %d, %v", limit, got, n, err)
			}
		}
		if got != want || read != want {
			t.Errorf("limit %d: %d objects and %d read, want %d", limit, got, read, want)
		}
	}
}
