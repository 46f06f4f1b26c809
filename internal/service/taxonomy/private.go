package taxonomy

import (
	"context"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// Keys of the private state.
const (
	appliedKey = "applied"
	driftKey   = "drift"
)

// applied is what the last apply left.
type applied struct {
	// Relations are those of the taxonomy, encoded, if destroying it deletes them: a destroy must not depend on the file, which may have changed
	// or be missing by then.
	Relations []byte `json:"relations,omitzero"`
	// Incomplete says that a part of the apply failed.
	Incomplete bool `json:"incomplete,omitzero"`
}

// drift is how the app differs from the taxonomy, as the last refresh found it. A plan takes it from here: Terraform plans a second time
// before it applies, and both plans must say the same, although the app may have changed in between.
type drift struct {
	Of    string   `json:"of"` // what was compared, see compared
	Plan  string   `json:"plan"`
	Empty bool     `json:"empty"`
	Lines []string `json:"lines,omitzero"`
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

// load reads a value of the private state. A value that cannot be read counts as missing: another version of the provider may have written it.
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
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to encode the private state", err.Error())}
	}
	return to.SetKey(ctx, key, text)
}

// kept are the relations that taxonomies have applied in this run. With create_before_destroy, the new taxonomy is applied before the old one
// is destroyed, and what both have in common must stay.
type kept struct {
	mu    sync.Mutex
	edges map[keptKey]map[graph.Edge]bool
}

type keptKey struct {
	app     clarifai.AppRef
	graphID string
}

type keptName struct{}

func keptOf(p *configure.Provider) *kept {
	return p.Cached(keptName{}, func() any { return &kept{edges: map[keptKey]map[graph.Edge]bool{}} }).(*kept) //nolint:forcetypeassert // its own key
}

func (k *kept) add(app clarifai.AppRef, graphID string, edges []graph.Edge) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := keptKey{app, graphID}
	if k.edges[at] == nil {
		k.edges[at] = make(map[graph.Edge]bool, len(edges))
	}
	for _, e := range edges {
		k.edges[at][e] = true
	}
}

// without returns the relations that no taxonomy has applied in this run.
func (k *kept) without(app clarifai.AppRef, graphID string, edges []graph.Edge) []graph.Edge {
	k.mu.Lock()
	defer k.mu.Unlock()
	mine := k.edges[keptKey{app, graphID}]
	var rest []graph.Edge
	for _, e := range edges {
		if !mine[e] {
			rest = append(rest, e)
		}
	}
	return rest
}
