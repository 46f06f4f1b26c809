package input_test

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Whenever an interrupt comes, an input that was created is in state, and there is no error, for which Terraform
// would destroy it.
func TestInterrupt(t *testing.T) {
	for name, at := range map[string]string{"while it is created": "PostInputs", "while it is processed": "GetInput"} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t, acctest.Async(1000*time.Hour))
			ctx, interrupt := context.WithCancel(t.Context())
			struck := false
			env.Observe(func(call emulator.Call) { // before the response is sent
				if call.Op == at && !struck {
					struck = true
					interrupt()
				}
			})
			state, problems := env.Create(ctx, t, "clarifai_input", map[string]any{
				"id": "metro", "image": map[string]any{"url": url}, "concepts": map[string]any{"train": 1.0},
				"wait_for_processing": true, "deletion_policy": "delete", "user_id": acctest.User, "app_id": acctest.App,
			})
			if !struck {
				t.Fatalf("%s was not called", at)
			}
			if state.IsNull() {
				t.Fatal("the input exists and is not in state")
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

// An interrupt before a request leaves nothing behind, in state or at the service.
func TestInterruptBefore(t *testing.T) {
	env := acctest.New(t)
	ctx, interrupt := context.WithCancel(t.Context())
	env.MustFault(emulator.Fault{Op: "PostInputs", HTTP: 503, Code: clarifai.StatusServiceUnavailable})
	env.Observe(func(emulator.Call) { interrupt() })
	state, problems := env.Create(ctx, t, "clarifai_input", map[string]any{
		"id": "metro", "image": map[string]any{"url": url},
		"wait_for_processing": true, "deletion_policy": "delete", "user_id": acctest.User, "app_id": acctest.App,
	})
	if !state.IsNull() || len(problems) != 1 || problems[0].Severity != tfprotov6.DiagnosticSeverityError {
		t.Errorf("want no state and one error, got %v and %v", state, problems)
	}
}
