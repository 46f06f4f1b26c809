package input_test

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// Ctrl-C reaches the provider as a context that ends. Whenever that happens, an input that was made is in
// state, and nothing says error, for which Terraform would destroy it.
func TestInterrupt(t *testing.T) {
	for name, at := range map[string]string{"while it is created": "PostInputs", "while it is processed": "GetInput"} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t, acctest.Async(1000*time.Hour))
			ctx, interrupt := context.WithCancel(t.Context())
			struck := false
			env.Observe(func(call emulator.Call) { // before the answer leaves
				if call.Op == at && !struck {
					struck = true
					interrupt()
				}
			})
			state, problems := apply(ctx, t, env, map[string]any{
				"id": "metro", "image": map[string]any{"url": url}, "concepts": map[string]any{"train": 1.0},
				"wait_for_processing": true, "deletion_policy": "delete", "user_id": acctest.User, "app_id": acctest.App,
			})
			if !struck {
				t.Fatalf("%s was not called", at)
			}
			if state.IsNull() {
				t.Fatal("the input is at the service and not in state")
			}
			var values map[string]tftypes.Value
			if err := state.As(&values); err != nil {
				t.Fatal(err)
			}
			var id string
			if err := values["id"].As(&id); err != nil || id != "metro" || !state.IsFullyKnown() {
				t.Errorf("state has id %q (%v) and is fully known: %v", id, err, state.IsFullyKnown())
			}
			if len(problems) != 1 || problems[0].Severity != tfprotov6.DiagnosticSeverityWarning {
				t.Errorf("want one warning, got %v", problems)
			}
			if n := env.Count("PostInputs"); n != 1 {
				t.Errorf("%d creates, want 1", n)
			}
			if _, err := env.Client.GetInput(t.Context(), env.App, "metro"); err != nil {
				t.Error(err)
			}
		})
	}
}

// An interrupt before anything was sent leaves nothing behind, in state or at the service.
func TestInterruptBefore(t *testing.T) {
	env := acctest.New(t)
	ctx, interrupt := context.WithCancel(t.Context())
	env.MustFault(emulator.Fault{Op: "PostInputs", HTTP: 503, Code: clarifai.StatusServiceUnavailable})
	env.Observe(func(emulator.Call) { interrupt() })
	state, problems := apply(ctx, t, env, map[string]any{
		"id": "metro", "image": map[string]any{"url": url},
		"wait_for_processing": true, "deletion_policy": "delete", "user_id": acctest.User, "app_id": acctest.App,
	})
	if !state.IsNull() || len(problems) != 1 || problems[0].Severity != tfprotov6.DiagnosticSeverityError {
		t.Errorf("want no state and one error, got %v and %v", state, problems)
	}
}

// apply plans and applies the creation of an input as Terraform does.
func apply(ctx context.Context, t *testing.T, env *acctest.Env, config map[string]any) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test", provider.WithClock(env.Clock))())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	dynamic := func(of tftypes.Type, v any) *tfprotov6.DynamicValue {
		encoded, err := tfprotov6.NewDynamicValue(of, value(of, v))
		if err != nil {
			t.Fatal(err)
		}
		return &encoded
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(schemas.Provider.ValueType(), map[string]any{"base_url": env.URL(), "pat": acctest.PAT}),
	})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured)
	}
	of := schemas.ResourceSchemas["clarifai_input"].ValueType()
	nothing := dynamic(of, nil)
	planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "clarifai_input", Config: dynamic(of, config), ProposedNewState: dynamic(of, config), PriorState: nothing,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatal(err, planned)
	}
	applied, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "clarifai_input", Config: dynamic(of, config), PriorState: nothing,
		PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil {
		t.Fatal(err)
	}
	state, err := applied.NewState.Unmarshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return state, applied.Diagnostics
}
