package app_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	address = "clarifai_app.test"
)

func ref(id string) clarifai.AppRef { return clarifai.AppRef{UserID: acctest.User, AppID: id} }

// block is an app that the end of a test may delete.
func block(body string) string {
	return `resource "clarifai_app" "test" {
  deletion_policy = "delete"
` + body + `
}`
}

// getApp reads an app of the test's user.
var getApp acctest.Get[clarifai.App] = func(client *clarifai.Client, ctx context.Context, _ clarifai.AppRef, id string) (*clarifai.App,
	error) {
	return client.GetApp(ctx, ref(id))
}

// holds checks an object at the service, not only in state.
var holds = acctest.Stored(getApp)

// gone checks that an object does not exist at the service.
var gone = acctest.Gone(getApp)

func TestAccApp_basic(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`
  id                  = "trucks"
  description         = "Trucks by day"
  notes               = "for the north gate"
  default_language    = "de"
  default_workflow_id = "Universal"
  metadata            = jsonencode({ owner = "data", cameras = 3 })
  visibility          = "ORG"
  sample_ms           = 500
  image_url           = "https://example.com/a.jpg"
  is_template         = true`))
	notTheServices := []string{"deletion_policy"}
	env.Case(t, resource.TestCase{
		CheckDestroy: gone(env, "trucks"),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact(env.App.UserID)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
				Check: holds(env, "trucks", func(a *clarifai.App) error {
					if a.Description != "Trucks by day" || a.Notes != "for the north gate" || a.DefaultLanguage != "de" ||
						a.DefaultWorkflow == nil || a.DefaultWorkflow.ID != "Universal" || string(a.Metadata) != `{"cameras":3,"owner":"data"}` ||
						a.Visibility.Gettable != clarifai.GettableOrg || a.SampleMs != 500 || a.Image == nil || !*a.IsTemplate {
						return fmt.Errorf("the service holds %+v", a)
					}
					return nil
				}),
			},
			{ResourceName: address, ImportState: true, ImportStateId: "trucks", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id",
				ImportStateVerifyIgnore: notTheServices},
			{ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/trucks", ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: notTheServices},
			{ResourceName: address, ImportState: true, ImportStateId: "a/b/c", ExpectError: regexp.MustCompile(`"id" or "user_id/id"`)},
		},
	})
}

// The plan after an import is empty: an imported app is as well protected as any other.
func TestAccApp_importBlock(t *testing.T) {
	env := acctest.New(t)
	kept := func(policy string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_app" "test" {
  id = "trucks"
  description = "old"
  deletion_policy = %q
}`,
			policy))
	}
	steps := []resource.TestStep{
		{Config: kept("prevent")},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "trucks"},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
		})
	}
	env.Test(t, append(steps, resource.TestStep{Config: kept("delete")})...)
}

func TestAccApp_identity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "trucks"`)),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
				"user_id": knownvalue.StringExact(env.App.UserID),
				"id":      knownvalue.StringExact("trucks"),
			}),
		},
	})
}

func TestAccApp_minimal(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "trucks"`)),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("default_language"), knownvalue.StringExact("en")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("default_workflow_id"), knownvalue.Null()),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("is_template"), knownvalue.Bool(false)),
		},
	})
}

func TestAccApp_update(t *testing.T) {
	env := acctest.New(t)
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
	}}
	env.Test(t,
		resource.TestStep{Config: env.Config(block(`
  id          = "trucks"
  description = "old"
  metadata    = jsonencode({ a = 1, b = { c = 2, d = 3 } })
  image_url   = "https://example.com/a.jpg"
  is_template = true`))},
		resource.TestStep{
			Config: env.Config(block(`
  id                  = "trucks"
  description         = "new"
  notes               = "more"
  default_language    = "fr"
  default_workflow_id = "General"
  visibility          = "ORG"
  sample_ms           = 250
  metadata            = jsonencode({ b = { c = 5 } })
  image_url           = "https://example.com/b.jpg"
  is_template         = false`)),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "trucks", func(a *clarifai.App) error {
				if a.Description != "new" || a.Notes != "more" || a.DefaultLanguage != "fr" || a.DefaultWorkflow.ID != "General" ||
					a.Visibility.Gettable != clarifai.GettableOrg || a.SampleMs != 250 || a.Image.URL != "https://example.com/b.jpg" || *a.IsTemplate {
					return fmt.Errorf("the service holds %+v", a)
				}
				if got := string(a.Metadata); got != `{"b":{"c":5}}` {
					return fmt.Errorf("metadata is %s: keys that were taken out should be gone", got)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config: env.Config(block(`id = "trucks"
  description = "new"
  notes = "more"
  sample_ms = 250`)),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "trucks", func(a *clarifai.App) error {
				if a.Image != nil || string(a.Metadata) != "{}" {
					return fmt.Errorf("image and metadata should be gone, the service holds %+v, metadata %s", a.Image, a.Metadata)
				}
				if a.DefaultLanguage != "fr" || a.DefaultWorkflow.ID != "General" || a.Visibility.Gettable != clarifai.GettableOrg {
					return fmt.Errorf("what is no longer configured should stay, the service holds %+v", a)
				}
				return nil
			}),
		},
		resource.TestStep{Config: env.Config(block(`id = "trucks"
  notes = "more"
  sample_ms = 250`)),
			ExpectError: regexp.MustCompile(`The API cannot clear description`)},
		resource.TestStep{Config: env.Config(block(`id = "trucks"
  description = "new"
  sample_ms = 250`)),
			ExpectError: regexp.MustCompile(`The API cannot clear notes`)},
		resource.TestStep{Config: env.Config(block(`id = "trucks"
  description = "new"
  notes = "more"`)),
			ExpectError: regexp.MustCompile(`The API cannot clear sample_ms`)},
	)
}

func TestAccApp_replace(t *testing.T) {
	env := acctest.New(t)
	replace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
	}}
	env.Test(t,
		resource.TestStep{Config: env.Config(block(`id = "one"`))},
		resource.TestStep{Config: env.Config(block(`id = "two"`)), ConfigPlanChecks: replace, Check: gone(env, "one")},
	)
}

// What protects an app does so against replacement too, at plan.
func TestAccApp_deletionPolicy(t *testing.T) {
	env := acctest.New(t)
	config := func(id, policy string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_app" "test" {
  id = %q
%s}`, id, policy))
	}
	env.Test(t,
		resource.TestStep{
			Config: config("trucks", ""),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("deletion_policy"),
				knownvalue.StringExact("prevent"))},
		},
		resource.TestStep{Config: config("trucks", ""), Destroy: true, ExpectError: regexp.MustCompile(`Deletion is prevented`)},
		resource.TestStep{Config: config("lorries", ""), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*This change replaces app "trucks"`)},
		resource.TestStep{Config: config("trucks", `deletion_policy = "abandon"
`)},
		resource.TestStep{Config: config("trucks", `deletion_policy = "abandon"
`), Destroy: true},
	)
	if _, err := env.Client.GetApp(t.Context(), ref("trucks")); err != nil {
		t.Errorf("an abandoned app should stay: %v", err)
	}
	if n := env.Count("DeleteApp"); n != 0 {
		t.Errorf("%d deletions were asked for", n)
	}
}

func TestAccApp_disappears(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "trucks"`))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := env.Client.DeleteApp(t.Context(), ref("trucks")); err != nil {
					t.Fatal(err)
				}
			},
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionCreate)}},
		},
	)
}

// A resource that is renamed without a moved block is created while the old one is destroyed:
// what has taken the id is not waited for.
func TestAccApp_recreatedDuringDestroy(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "trucks"`))
	env.RecreatedDuringDestroy(t, config, "DeleteApp", func() {
		if _, err := env.Client.PostApps(t.Context(), acctest.User, []clarifai.App{{ID: "trucks"}}); err != nil {
			t.Error(err)
		}
	})
	if _, err := env.Client.GetApp(t.Context(), ref("trucks")); err != nil {
		t.Error(err)
	}
}

// A deletion that the service only accepts is waited for as long as the configuration says.
func TestAccApp_deleteTimeout(t *testing.T) {
	env := acctest.New(t)
	config := func(timeout string) string {
		return env.Config(block(fmt.Sprintf(`id = "trucks"
  timeouts = { delete = %q }`, timeout)))
	}
	slow := env.MustFault(emulator.Fault{Op: "DeleteApp", HTTP: 200, ContentType: "application/json", Body: `{"status":{"code":10000}}`})
	env.Test(t,
		resource.TestStep{Config: config("30ms")},
		resource.TestStep{
			Config:      config("30ms"),
			Destroy:     true,
			ExpectError: regexp.MustCompile(`(?s)Not deleted yet: app "trucks".*timed out.*timeouts\.delete.*stays in\s+state`),
		},
		// The destroy at the end of the test waits for the deletion.
		resource.TestStep{PreConfig: func() { env.ClearFaults(slow) }, Config: config("5m")},
	)
}

func TestAccApp_drift(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "trucks"
  description = "ours"`))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				_, err := env.Client.PatchApps(t.Context(), env.App.UserID, clarifai.PatchAppsRequest{
					Apps:   []clarifai.App{{ID: "trucks", Description: "theirs", Notes: "not managed", SampleMs: 7, DefaultLanguage: "it"}},
					Action: clarifai.ActionOverwrite,
				})
				if err != nil {
					t.Fatal(err)
				}
			},
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionUpdate)}},
			Check: holds(env, "trucks", func(a *clarifai.App) error {
				if a.Description != "ours" || a.Notes != "not managed" || a.SampleMs != 7 || a.DefaultLanguage != "it" {
					return fmt.Errorf("the service holds %+v", a)
				}
				return nil
			}),
		},
	)
}

func TestAccApp_alreadyExists(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config:      env.Config(block(`id = "fleet"`)),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_app\.NAME\s+acme/fleet`),
	})
	if _, err := env.Client.GetApp(t.Context(), env.App); err != nil {
		t.Errorf("the unmanaged app is gone: %v", err)
	}
}

// An answer that is lost on the way must neither duplicate nor orphan anything.
func TestAccApp_lostResponse(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostApps", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "trucks"
  description = "ours"`)),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 1 || env.Count("PostApps") != 1 {
				return fmt.Errorf("the fault struck %d times in %d creates, want one of each", env.Struck(fault), env.Count("PostApps"))
			}
			return nil
		},
	})
}

func TestAccApp_throttled(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostApps", HTTP: http.StatusTooManyRequests, Count: 2})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "trucks"`)),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 2 {
				return fmt.Errorf("the fault struck %d times, want 2", env.Struck(fault))
			}
			return nil
		},
	})
}

func TestAccApp_wrongKey(t *testing.T) {
	env := acctest.New(t)
	env.MustFault(emulator.Fault{Op: "PostApps", HTTP: http.StatusUnauthorized, Code: clarifai.StatusInsufficientScopes})
	env.Test(t, resource.TestStep{
		Config:      env.Config(block(`id = "trucks"`)),
		ExpectError: regexp.MustCompile(`(?s)Unable to create app "trucks".*scopes`),
	})
}

func TestAccApp_invalid(t *testing.T) {
	env := acctest.New(t)
	for body, want := range map[string]string{
		`id = "no/slash"`: `Invalid id`,
		`id = ".."`:       `Invalid id`,
		`id = "x"
  description = ""`: `at least 1`,
		`id = "x"
  metadata = "[1]"`: `Not a JSON object`,
		`id = "x"
  visibility = "SECRET"`: `PRIVATE`,
		`id = "x"
  image_url = "ftp://x/y"`: `Invalid URL`,
		`id = "x"
  sample_ms = 0`: `between 1`,
		`id = "x"
  default_language = ""`: `at least 2`,
		`id = "x"
  default_workflow_id = "/"`: `slash`,
		`id = "x"
  user_id = "a/b"`: `slash`,
	} {
		env.Test(t, resource.TestStep{
			Config:      env.Config(block(body)),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccApp_data(t *testing.T) {
	env := acctest.New(t)
	for _, a := range []clarifai.App{
		{ID: "b", Description: "app b", Visibility: &clarifai.Visibility{Gettable: clarifai.GettableOrg}},
		{ID: "a", Description: "app a"},
	} {
		if _, err := env.Client.PostApps(t.Context(), env.App.UserID, []clarifai.App{a}); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_app" "one" { id = "b" }
data "clarifai_app" "default" {}
data "clarifai_apps" "all" {}
data "clarifai_apps" "org" { visibility = "ORG" }
output "one" { value = data.clarifai_app.one.description }
output "default" { value = data.clarifai_app.default.id }
output "all" { value = data.clarifai_apps.all.apps[*].id }
output "org" { value = data.clarifai_apps.org.apps[*].id }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("one", knownvalue.StringExact("app b")),
			statecheck.ExpectKnownOutputValue("default", knownvalue.StringExact("fleet")),
			statecheck.ExpectKnownOutputValue("all", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("a"), knownvalue.StringExact("b"), knownvalue.StringExact("fleet"),
			})),
			statecheck.ExpectKnownOutputValue("org", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("b")})),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_app" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No app "nope" of user "acme"`),
	})
}

func TestAccApp_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	for i := range 5 {
		if _, err := env.Client.PostApps(t.Context(), env.App.UserID, []clarifai.App{{ID: fmt.Sprintf("app-%d", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(block(`id = "another"`))},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_app" "all" {
  provider = clarifai
  include_resource = true
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_app.all", 7),
				querycheck.ExpectIdentity("clarifai_app.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"),
					"id":      knownvalue.StringExact("app-3"),
				}),
			},
		},
	)
}
