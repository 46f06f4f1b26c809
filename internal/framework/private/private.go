// Package private stores values as JSON in the private state of resources, which
// Terraform keeps for the provider and shows to nobody.
package private

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Reader is the private state of a request.
type Reader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// Writer is the private state of a response.
type Writer interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Data is private state that can be read and written.
type Data interface {
	Reader
	Writer
}

// Load returns the value under a key, or the zero value if there is none. A value that cannot be read, because another
// version of the provider has written it, counts as missing.
func Load[T any](ctx context.Context, from Reader, key string) (value T, problems diag.Diagnostics) {
	text, problems := from.GetKey(ctx, key)
	if problems.HasError() || len(text) == 0 {
		return value, problems
	}
	if err := json.Unmarshal(text, &value); err != nil {
		problems.AddWarning("Ignoring private state of another provider version",
			fmt.Sprintf("This version cannot read the private state %q: %v.", key, err))
		var none T
		return none, problems
	}
	return value, problems
}

// Store stores a value under a key. The value nil removes the key.
func Store(ctx context.Context, to Writer, key string, value any) diag.Diagnostics {
	if value == nil {
		return to.SetKey(ctx, key, nil)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to encode the private state",
			fmt.Sprintf("Encoding %q failed: %v. This is a bug in the provider; please report it.", key, err))}
	}
	return to.SetKey(ctx, key, text)
}
