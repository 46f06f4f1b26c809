package appduplication_test

import (
	"context"
	"fmt"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const address = "clarifai_app_duplication.test"

func filled(t *testing.T, takes time.Duration) *acctest.Env {
	t.Helper()
	env := acctest.New(t, acctest.Async(takes))
	for i := range 3 {
		env.AddInput(env.App.AppID, clarifai.Input{ID: fmt.Sprintf("i%d", i), Data: &clarifai.Data{
			Text: &clarifai.Text{Raw: fmt.Sprint(i)}, Concepts: []clarifai.Concept{{ID: "truck"}},
		}})
	}
	env.Clock.Advance(takes)
	return env
}

func body(extra string) string {
	return `
resource "clarifai_app_duplication" "test" {
  destination_app_id = "copy"
  copy_concepts      = true
  copy_inputs        = true
` + extra + `
}
`
}

func posts(env *acctest.Env, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if n := env.Count("PostAppDuplications"); n != want {
			return fmt.Errorf("%d duplications were started, want %d", n, want)
		}
		return nil
	}
}

func TestAccAppDuplication_basic(t *testing.T) {
	env := filled(t, time.Minute)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(``)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"),
					knownvalue.StringExact("APP_DUPLICATION_SUCCESS")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("destination_user_id"), knownvalue.StringExact("acme")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("progress").AtMapKey("inputs"), knownvalue.Int64Exact(100)),
			},
			Check: func(*terraform.State) error {
				if n := len(env.Inputs("copy")); n != 3 {
					return fmt.Errorf("the copy has %d inputs, want 3", n)
				}
				return nil
			},
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			ImportStateIdFunc: func(s *terraform.State) (string, error) {
				return "fleet/" + s.RootModule().Resources[address].Primary.ID, nil
			},
		},
		resource.TestStep{
			Config: env.Config(body(`triggers = { month = "12" }`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionDestroyBeforeCreate)}},
			Check: posts(env, 2),
		},
	)
	if env.Server.App("copy") == nil {
		t.Error("destroying the job should leave the app that it made")
	}
}

// The state is kept after the service has deleted its record of the job.
func TestAccAppDuplication_expired(t *testing.T) {
	env := filled(t, 0)
	env.Test(t,
		resource.TestStep{Config: env.Config(body(``))},
		resource.TestStep{
			PreConfig:        func() { env.MustFault(emulator.NotFoundFor(100, "GetAppDuplication")) },
			Config:           env.Config(body(``)),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            posts(env, 1),
		},
	)
}

// If the service does not know a job that should be running, for example because its response had a wrong id, the next apply finds
// the job and does not start another one.
func TestAccAppDuplication_wrongID(t *testing.T) {
	env := filled(t, 0)
	env.MustFault(emulator.Fault{Op: "PostAppDuplications", Items: "wrong", Count: 1})
	env.Test(t,
		resource.TestStep{Config: env.Config(body(``)), ExpectNonEmptyPlan: true},
		resource.TestStep{
			Config: env.Config(body(``)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"),
					knownvalue.Int64Exact(int64(clarifai.StatusDuplicationSuccess))),
			},
			Check: posts(env, 1),
		},
	)
}

func TestAccAppDuplication_timeout(t *testing.T) {
	const years = 10 * 365 * 24 * time.Hour
	env := filled(t, years)
	config := env.Config(body(`timeouts = { create = "1s" }
 stall_timeout = "0s"`))
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: posts(env, 1)},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(years) },
			Config:    config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"),
					knownvalue.Int64Exact(int64(clarifai.StatusDuplicationSuccess))),
			},
			Check: posts(env, 1),
		},
	)
}

// Waiting for a job without progress ends, and the next apply resumes waiting.
func TestAccAppDuplication_stall(t *testing.T) {
	const years = 10 * 365 * 24 * time.Hour
	env := filled(t, years)
	config := env.Config(body(`stall_timeout = "20m"`))
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: posts(env, 1)},
		resource.TestStep{
			Config: config,
			ExpectError: regexp.MustCompile(`(?s)made no\s+progress\s+for\s+2\dm.*APP_DUPLICATION_PENDING.*increase\s+stall_timeout.*` +
				`resumes\s+waiting\s+for\s+the\s+same`),
		},
		resource.TestStep{PreConfig: func() { env.Clock.Advance(years) }, Config: config, Check: posts(env, 1)},
	)
}

func TestAccAppDuplication_lostResponse(t *testing.T) {
	env := filled(t, 0)
	env.MustFault(emulator.Fault{Op: "PostAppDuplications", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{Config: env.Config(body(``)), Check: posts(env, 1)})
}

// A list that cannot be read does not show that there is no job, so none is started.
func TestAccAppDuplication_unreadableList(t *testing.T) {
	env := filled(t, 0)
	env.MustFault(emulator.Fault{Op: "PostAppDuplications", Reset: emulator.AfterWork, Count: 1})
	list := env.MustFault(emulator.Fault{Op: "ListAppDuplications", Code: clarifai.StatusInsufficientScopes, After: 1})
	env.Test(t,
		resource.TestStep{Config: env.Config(body(``)), ExpectError: regexp.MustCompile(`(?s)reading\s+back.*scopes`)},
		resource.TestStep{PreConfig: func() { env.ClearFaults(list) }, Config: env.Config(body(``)), Check: posts(env, 1)},
	)
}

// An interrupt while the service starts a job does not lose it: a warning keeps it in state.
func TestInterrupt(t *testing.T) {
	env := filled(t, time.Hour)
	ctx, interrupt := context.WithCancel(t.Context())
	env.Observe(func(call emulator.Call) { // before the response is sent
		if call.Op == "PostAppDuplications" {
			interrupt()
		}
	})
	state, problems := env.Create(ctx, t, "clarifai_app_duplication", map[string]any{
		"destination_app_id": "copy", "copy_concepts": true, "wait_for": "completed", "stall_timeout": "30m",
	})
	if ctx.Err() == nil || state.IsNull() || len(problems) != 1 || problems[0].Severity != tfprotov6.DiagnosticSeverityWarning {
		t.Errorf("interrupted: %v, state: %v, diagnostics: %v", ctx.Err(), state, problems)
	}
	if err := posts(env, 1)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccAppDuplication_fails(t *testing.T) {
	env := filled(t, 0)
	env.MustFault(emulator.Fault{Object: "app_duplication", Details: "the source is locked"})
	env.Test(t, resource.TestStep{Config: env.Config(body(``)), ExpectError: regexp.MustCompile(`(?s)the\s+source\s+is\s+locked.*25201`)})
}

func TestAccAppDuplication_invalid(t *testing.T) {
	env := filled(t, 0)
	for arguments, want := range map[string]string{
		`copy_inputs = true`: `copy_inputs needs copy_concepts`,
		`copy_annotations = true
 copy_concepts = true`: `copy_annotations needs copy_inputs`,
		`copy_concepts = false`: `Nothing to copy`,
		`copy_workflows = true
 destination_app_id = "no spaces"`: `Invalid id`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`resource "clarifai_app_duplication" "test" {
` + arguments + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
}

func TestAccAppDuplication_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := filled(t, time.Minute)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
action "clarifai_app_duplication" "copy" {
  config {
    destination_app_id = "copy"
    copy_concepts      = true
  }
}
resource "terraform_data" "release" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_app_duplication.copy]
    }
  }
}
`),
		Check: func(*terraform.State) error {
			if n := len(env.Concepts("copy")); n != 1 {
				return fmt.Errorf("the copy has %d concepts, want 1", n)
			}
			return nil
		},
	})
}

// Killed while it waits: the next apply resumes waiting for the same job.
func TestAccAppDuplication_killed(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.Async, o.Clock = time.Hour, clock }))
	w := env.Workspace(t, env.Config(body(``)))
	w.CutOff(t, env.Reached("GetAppDuplication", 3), syscall.SIGKILL)
	w.Write(t, "main.tf", env.Config(body(`timeouts = { create = "2s" }`)))
	w.MustRun(t, "apply", "-auto-approve") // adopts the job, and times out as well
	clock.Advance(time.Hour)
	w.MustRun(t, "apply", "-auto-approve")
	if err := posts(env, 1)(nil); err != nil {
		t.Error(err)
	}
	w.NoChanges(t)
}

// A completed job is adopted after the resource was lost from state, and run again when triggers change.
func TestAccAppDuplication_completedIsAdopted(t *testing.T) {
	env := filled(t, 0)
	for range 2 {
		env.Test(t, resource.TestStep{Config: env.Config(body(``)), Check: posts(env, 1)})
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`triggers = { run = "1" }`)), Check: posts(env, 1)},
		resource.TestStep{Config: env.Config(body(`triggers = { run = "2" }`)), Check: posts(env, 2)},
	)
}

// A response without a job is read back, and the job is created since it does not exist.
func TestAccAppDuplication_nullItem(t *testing.T) {
	env := filled(t, 0)
	fault := env.MustFault(emulator.Fault{
		Op: "PostAppDuplications", Count: 1, ContentType: "application/json", Body: `{"status":{"code":10000},"app_duplications":[null]}`,
	})
	env.Test(t, resource.TestStep{Config: env.Config(body(``)), Check: func(*terraform.State) error {
		if n := env.Struck(fault); n != 1 {
			return fmt.Errorf("the fault occurred %d times, want 1", n)
		}
		return nil
	}})
}

func TestAccAppDuplication_unsupported(t *testing.T) {
	env := filled(t, 0)
	for _, fault := range []emulator.Fault{
		{Code: clarifai.StatusNotImplemented}, {Code: clarifai.StatusMethodNotAllowed}, {HTTP: 404, Body: "<html>no such page</html>"},
	} {
		fault.Op = "PostAppDuplications"
		name := env.MustFault(fault)
		env.Test(t, resource.TestStep{
			Config: env.Config(body(``)), ExpectError: regexp.MustCompile(`(?s)App duplication is no longer supported.*April\s+2026`),
		})
		if env.Struck(name) == 0 {
			t.Errorf("%+v did not occur", fault)
		}
		env.ClearFaults(name)
	}
}
