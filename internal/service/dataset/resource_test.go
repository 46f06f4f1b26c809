package dataset_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
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
	address = "clarifai_dataset.test"
)

// getDataset reads a dataset of the test's app.
var getDataset acctest.Get[clarifai.Dataset] = func(
	client *clarifai.Client, ctx context.Context, app clarifai.AppRef, id string,
) (*clarifai.Dataset, error) {
	return client.GetDataset(ctx, app, id)
}

// holds checks an object at the service, not only in state.
var holds = acctest.Stored(getDataset)

// gone checks that an object does not exist at the service.
var gone = acctest.Gone(getDataset)

func TestAccDataset_basic(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	id := env.Name("trucks")
	config := env.Config(fmt.Sprintf(`
resource "clarifai_dataset" "test" {
  id          = %q
  description = "Trucks by day"
  notes       = "taken from the north gate"
  metadata    = jsonencode({ owner = "data", cameras = 3 })
}
`, id))
	env.Case(t, resource.TestCase{
		CheckDestroy: gone(env, id),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact(env.App.UserID)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
				Check: holds(env, id, func(d *clarifai.Dataset) error {
					if d.Description != "Trucks by day" || d.Notes != "taken from the north gate" {
						return fmt.Errorf("the service holds %+v", d)
					}
					return nil
				}),
			},
			{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id",
				ImportStateVerifyIgnore: []string{"deletion_policy"}},
			{ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/" + env.App.AppID + "/" + id, ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: []string{"deletion_policy"}},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: env.App.AppID + "/" + id},
		},
	})
}

func TestAccDataset_importByIdentity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := acctest.New(t)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact(env.App.UserID),
					"app_id":  knownvalue.StringExact(env.App.AppID),
					"id":      knownvalue.StringExact("trucks"),
				}),
			},
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestAccDataset_update(t *testing.T) {
	env := acctest.New(t)
	config := func(body string) string {
		return env.Config(`resource "clarifai_dataset" "test" {
  id = "trucks"
` + body + `
}`)
	}
	inPlace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
	}}
	env.Test(t,
		resource.TestStep{Config: config(`
  description = "old"
  metadata    = jsonencode({ a = 1, b = { c = 2, d = 3 } })
  image_url   = "https://example.com/a.jpg"`)},
		resource.TestStep{
			Config: config(`
  description = "new"
  visibility  = "ORG"
  metadata    = jsonencode({ b = { c = 5 } })
  image_url   = "https://example.com/b.jpg"`),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "trucks", func(d *clarifai.Dataset) error {
				if d.Description != "new" || d.Visibility.Gettable != clarifai.GettableOrg || d.Image.URL != "https://example.com/b.jpg" {
					return fmt.Errorf("the service holds %+v", d)
				}
				if got := string(d.Metadata); got != `{"b":{"c":5}}` {
					return fmt.Errorf("metadata is %s: keys that were taken out should be gone", got)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config:           config(`  description = "new"`),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "trucks", func(d *clarifai.Dataset) error {
				if d.Image != nil || (len(d.Metadata) > 0 && string(d.Metadata) != "{}") {
					return fmt.Errorf("image and metadata should be gone, the service holds %+v, metadata %s", d.Image, d.Metadata)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config:      config(``),
			ExpectError: regexp.MustCompile(`(?s)The API cannot clear description.*ignore_changes\s+=\s+\[description\]`),
		},
	)
}

func TestAccDataset_spelling(t *testing.T) {
	env := acctest.New(t)
	config := func(metadata string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_dataset" "test" {
  id = "trucks"
  metadata = %s
}`, metadata))
	}
	env.Test(t,
		resource.TestStep{Config: config(`"{\"b\": 1.0, \"a\": [1, 2]}"`)},
		resource.TestStep{
			Config:           config(`jsonencode({ a = [1, 2], b = 1.0 })`),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccDataset_replace(t *testing.T) {
	env := acctest.New(t)
	if _, err := env.Client.PostApps(t.Context(), env.App.UserID, []clarifai.App{{ID: "other"}}); err != nil {
		t.Fatal(err)
	}
	replace := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
	}}
	env.Test(t,
		resource.TestStep{Config: env.Config(`resource "clarifai_dataset" "test" { id = "one" }`)},
		resource.TestStep{Config: env.Config(`resource "clarifai_dataset" "test" { id = "two" }`), ConfigPlanChecks: replace,
			Check: gone(env, "one")},
		resource.TestStep{
			Config: env.Config(`resource "clarifai_dataset" "test" {
  id = "two"
  app_id = "other"
}`),
			ConfigPlanChecks: replace,
			Check:            gone(env, "two"),
		},
	)
}

func TestAccDataset_disappears(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := env.Client.DeleteDatasets(t.Context(), env.App, []string{"trucks"}); err != nil {
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
func TestAccDataset_recreatedDuringDestroy(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`)
	env.RecreatedDuringDestroy(t, config, "DeleteDatasets", func() {
		env.PostDatasets(t, "trucks")
	})
	if _, err := env.Client.GetDataset(t.Context(), env.App, "trucks"); err != nil {
		t.Error(err)
	}
}

// A deletion that the service only accepts is waited for as long as the configuration says.
func TestAccDataset_deleteTimeout(t *testing.T) {
	env := acctest.New(t)
	config := func(timeout string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_dataset" "test" {
  id = "trucks"
  timeouts = { delete = %q }
}`, timeout))
	}
	slow := env.MustFault(emulator.Fault{Op: "DeleteDatasets", HTTP: 200, ContentType: "application/json", Body: `{"status":{"code":10000}}`})
	env.Test(t,
		resource.TestStep{Config: config("30ms")},
		resource.TestStep{
			Config:      config("30ms"),
			Destroy:     true,
			ExpectError: regexp.MustCompile(`(?s)Not deleted yet: dataset "trucks".*timed out.*timeouts\.delete.*stays in\s+state`),
		},
		// The destroy at the end of the test waits for the deletion.
		resource.TestStep{PreConfig: func() { env.ClearFaults(slow) }, Config: config("5m")},
	)
}

func TestAccDataset_drift(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(`resource "clarifai_dataset" "test" {
  id = "trucks"
  description = "ours"
}`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				_, err := env.Client.PatchDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "trucks", Description: "theirs", Notes: "not " +
					"managed"}}, clarifai.ActionMerge)
				if err != nil {
					t.Fatal(err)
				}
			},
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionUpdate)}},
			Check: holds(env, "trucks", func(d *clarifai.Dataset) error {
				if d.Description != "ours" || d.Notes != "not managed" {
					return fmt.Errorf("the service holds %+v", d)
				}
				return nil
			}),
		},
	)
}

func TestAccDataset_alreadyExists(t *testing.T) {
	env := acctest.New(t)
	if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "trucks", Description: "somebody's"}}); err != nil {
		t.Fatal(err)
	}
	env.Test(t, resource.TestStep{
		Config:      env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_dataset\.NAME\s+acme/fleet/trucks`),
	})
	if d, err := env.Client.GetDataset(t.Context(), env.App, "trucks"); err != nil || d.Description != "somebody's" {
		t.Errorf("the unmanaged dataset is now %+v (%v)", d, err)
	}
}

// An answer that is lost on the way must neither duplicate nor orphan anything.
func TestAccDataset_lostResponse(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostDatasets", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(`resource "clarifai_dataset" "test" {
  id = "trucks"
  description = "ours"
}`),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 1 {
				return fmt.Errorf("the fault struck %d times, want 1", env.Struck(fault))
			}
			if n := env.Count("PostDatasets"); n != 1 {
				return fmt.Errorf("%d creates, want 1", n)
			}
			return nil
		},
	})
}

func TestAccDataset_deletionPolicy(t *testing.T) {
	env := acctest.New(t)
	config := func(policy string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_dataset" "test" {
  id = "trucks"
  deletion_policy = %q
}`, policy))
	}
	env.Test(t,
		resource.TestStep{Config: config("prevent")},
		resource.TestStep{Config: config("prevent"), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*of\s+dataset\s+"trucks"`)},
		resource.TestStep{
			Config:      strings.Replace(config("prevent"), `"trucks"`, `"lorries"`, 1),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*replaces\s+dataset\s+"trucks"`),
		},
		resource.TestStep{Config: config("abandon")},
		resource.TestStep{Config: config("abandon"), Destroy: true},
	)
	if _, err := env.Client.GetDataset(t.Context(), env.App, "trucks"); err != nil {
		t.Errorf("an abandoned dataset should stay: %v", err)
	}
}

func TestAccDataset_invalid(t *testing.T) {
	env := acctest.New(t)
	for body, want := range map[string]string{
		`id = "no/slash"`: `Invalid id`,
		`id = ".."`:       `Invalid id`,
		`id = "x"
  description = ""`: `at least 1`,
		`id = "x"
  metadata = "[1]"`: `(?s)Not a JSON object.*This\s+value\s+is\s+a\s+list`,
		`id = "x"
  visibility = "SECRET"`: `PRIVATE`,
		`id = "x"
  image_url = "ftp://x/y"`: `Invalid URL`,
		`id = "x"
  default_frame_interval_ms = -1`: `between 0`,
		`id = "x"
  deletion_policy = "ask"`: `abandon`,
		`id = "x"
  app_id = "a/b"`: `slash`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`resource "clarifai_dataset" "test" {
  ` + body + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccDataset_wrongKey(t *testing.T) {
	env := acctest.New(t)
	env.MustFault(emulator.Fault{Op: "PostDatasets", HTTP: http.StatusUnauthorized, Code: clarifai.StatusKeyNotFound})
	env.Test(t, resource.TestStep{
		Config:      env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`),
		ExpectError: regexp.MustCompile(`(?s)Unable to create dataset "trucks".*API key not found.*CLARIFAI_PAT`),
	})
}

func TestAccDataset_data(t *testing.T) {
	env := acctest.New(t)
	for _, id := range []string{"b", "a", "c"} {
		if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: id, Description: "set " + id}}); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_dataset" "one" { id = "b" }
data "clarifai_datasets" "all" {}
output "one" { value = data.clarifai_dataset.one.description }
output "all" { value = data.clarifai_datasets.all.datasets[*].id }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("one", knownvalue.StringExact("set b")),
			statecheck.ExpectKnownOutputValue("all", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("a"), knownvalue.StringExact("b"), knownvalue.StringExact("c"),
			})),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_dataset" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No dataset "nope" in app "fleet"`),
	})
}

func TestAccDataset_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	for i := range 5 {
		if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: fmt.Sprintf("set-%d", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(`resource "clarifai_dataset" "test" { id = "another" }`)},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_dataset" "all" {
  provider = clarifai
  include_resource = true
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_dataset.all", 6),
				querycheck.ExpectIdentity("clarifai_dataset.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"),
					"app_id":  knownvalue.StringExact("fleet"),
					"id":      knownvalue.StringExact("set-3"),
				}),
			},
		},
	)
}
