package private_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

// memory is private state in memory.
type memory map[string][]byte

func (m memory) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) { return m[key], nil }

func (m memory) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	m[key] = value
	return nil
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	type counts struct {
		N int `json:"n"`
	}
	state := memory{}
	if problems := private.Store(t.Context(), state, "counts", counts{3}); len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, problems := private.Load[counts](t.Context(), state, "counts"); got.N != 3 || len(problems) > 0 {
		t.Errorf("got %+v, %v", got, problems)
	}
	state["counts"] = []byte(`{"n":4,"n":"x"}`)
	if got, problems := private.Load[counts](t.Context(), state, "counts"); got.N != 0 || problems.WarningsCount() != 1 {
		t.Errorf("of another version: got %+v, %v", got, problems)
	}
	if problems := private.Store(t.Context(), state, "counts", nil); len(problems) > 0 || state["counts"] != nil {
		t.Errorf("not removed: %v", problems)
	}
	if got, problems := private.Load[counts](t.Context(), state, "counts"); got.N != 0 || len(problems) > 0 {
		t.Errorf("removed: got %+v, %v", got, problems)
	}
	if problems := private.Store(t.Context(), state, "counts", func() {}); !problems.HasError() {
		t.Error("a function was encoded")
	}
}
