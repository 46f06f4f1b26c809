package taxonomy

import (
	"context"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Keys of the private state.
const (
	appliedKey = "applied"
	driftKey   = "drift"
)

// applied is what the last apply left.
type applied struct {
	// Relations are those of the taxonomy, encoded, if destroying it deletes them: a destroy must not depend on the file, which may have
	// changed
	// or be missing by then.
	Relations []byte `json:"relations,omitzero"`
	// Incomplete says that a part of the apply failed.
	Incomplete bool `json:"incomplete,omitzero"`
}

// drift is how the app differs from the taxonomy, as the last refresh found it. A plan takes it from here: Terraform plans a second time
// before it applies, and both plans must say the same, although the app may have changed in between.
type drift struct {
	Of    string `json:"of"` // what was compared, see compared
	Plan  string `json:"plan"`
	Empty bool   `json:"empty"`
}

// compared identifies what a comparison depends on, beside the app.
func (m *model) compared() string {
	app := m.app()
	return m.Digest.ValueString() + " " + app.UserID + "/" + app.AppID + "/" + m.KnowledgeGraphID.ValueString() + " " +
		m.ExclusiveRelations.String() + " " + m.Refresh.ValueString()
}

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// load reads a value of the private state. A value that cannot be read counts as missing: another version of the provider may have
// written it.
func load[T any](ctx context.Context, from privateReader, key string) T {
	var value T
	text, diags := from.GetKey(ctx, key)
	if diags.HasError() || len(text) == 0 || json.Unmarshal(text, &value) != nil {
		var none T
		return none
	}
	return value
}

func store[T any](ctx context.Context, to privateWriter, key string, value T) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to encode the private state",
			"Encoding it failed: "+err.Error()+". This is a bug in the provider; please report it.")}
	}
	return to.SetKey(ctx, key, text)
}
