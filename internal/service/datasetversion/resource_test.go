package datasetversion_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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

const address = "clarifai_dataset_version.test"

// service is an emulator with a dataset of four images: two trucks, a car, and one without labels.
func service(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	one := clarifai.Float(1)
	for id, label := range map[string]string{"a": "truck", "b": "truck", "c": "car", "d": ""} {
		in := clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}}}
		if label != "" {
			in.Data.Concepts = []clarifai.Concept{{ID: label, Value: &one}}
		}
		env.AddInput(acctest.App, in)
	}
	env.AddDataset(acctest.App, clarifai.Dataset{ID: "trucks"}, "a", "b", "c", "d")
	return env
}

func version(env *acctest.Env, body string) string {
	return env.Config(`resource "clarifai_dataset_version" "test" {
  dataset_id = "trucks"
` + body + `
}`)
}

// holds checks what the service holds, not only what state says.
func holds(env *acctest.Env, id string, check func(*clarifai.DatasetVersion) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		v := env.DatasetVersion(acctest.App, "trucks", id)
		if v == nil {
			return fmt.Errorf("the service has no version %s", id)
		}
		return check(v)
	}
}

// versions checks which versions the service has.
func versions(env *acctest.Env, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := env.DatasetVersions(acctest.App, "trucks"); !slices.Equal(got, want) {
			return fmt.Errorf("the service has versions %v, want %v", got, want)
		}
		return nil
	}
}

func status(code int64) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(code))
}

func TestAccDatasetVersion_basic(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	dataset, id := env.Name("snapshots"), env.Name("v1")
	config := env.Config(fmt.Sprintf(`
resource "clarifai_dataset" "set" {
  id = %q
}
resource "clarifai_dataset_version" "test" {
  dataset_id  = clarifai_dataset.set.id
  id          = %q
  description = "First labelling"
  metadata    = jsonencode({ commit = "abc", round = 1 })
}
output "inputs" {
  value = clarifai_dataset_version.test.metrics.inputs_count
}
`, dataset, id))
	env.Case(t, resource.TestCase{
		CheckDestroy: func(*terraform.State) error {
			_, err := env.Client.GetDatasetVersion(context.Background(), env.App, dataset, id)
			if !clarifai.IsNotFound(err) {
				return fmt.Errorf("version %s is still there (%v)", id, err)
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					status(64015),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"), knownvalue.StringExact("DATASET_VERSION_READY")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("user_id"), knownvalue.StringExact(env.App.UserID)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("app_id"), knownvalue.StringExact(env.App.AppID)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
				Check: func(*terraform.State) error {
					v, err := env.Client.GetDatasetVersion(context.Background(), env.App, dataset, id)
					if err == nil && (v.Description != "First labelling" || len(v.Metadata) < 5) {
						err = fmt.Errorf("the service holds %+v", v)
					}
					return err
				},
			},
			{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
			{ResourceName: address, ImportState: true, ImportStateId: dataset + "/" + id, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"deletion_policy"}},
			{ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/" + env.App.AppID + "/" + dataset + "/" + id,
				ImportStateVerify: true, ImportStateVerifyIgnore: []string{"deletion_policy"}},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateId: env.App.AppID + "/" + dataset + "/" + id},
			{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(`not of the form "dataset_id/id"`)},
		},
	})
}

func TestAccDatasetVersion_importByIdentity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := service(t)
	env.Test(t,
		resource.TestStep{
			Config: version(env, `id = "v1"`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"user_id":    knownvalue.StringExact(env.App.UserID),
					"app_id":     knownvalue.StringExact(env.App.AppID),
					"dataset_id": knownvalue.StringExact("trucks"),
					"id":         knownvalue.StringExact("v1"),
				}),
			},
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

// A filter selects, counts are of what was selected, and later labels do not alter the version.
func TestAccDatasetVersion_snapshot(t *testing.T) {
	env := service(t)
	config := version(env, `
  annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }
  ignore_empty_inputs = true`)
	inputs := func(want int64) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("metrics").AtMapKey("inputs_count"),
			knownvalue.Int64Exact(want))}
	}
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: append(inputs(2),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringRegexp(regexp.MustCompile(`^tf-[0-9a-f]{29}$`))))},
		resource.TestStep{
			PreConfig: func() {
				one := clarifai.Float(1)
				env.EditInput(acctest.App, "c", func(d *clarifai.Data) { d.Concepts = []clarifai.Concept{{ID: "truck", Value: &one}} })
			},
			Config: config, ConfigStateChecks: inputs(2), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			ImportStateIdFunc: func(s *terraform.State) (string, error) {
				return "trucks/" + s.RootModule().Resources[address].Primary.ID, nil
			}},
	)
}

func TestAccDatasetVersion_predictions(t *testing.T) {
	env := service(t)
	config := version(env, `
  id = "v1"
  model_predictions = { model_id = "detector", model_version_id = "abc" }`)
	env.Test(t,
		resource.TestStep{
			Config: config,
			Check: holds(env, "v1", func(v *clarifai.DatasetVersion) error {
				if c := v.ModelPredictConfig; c == nil || c.Model.ID != "detector" || c.Model.ModelVersion.ID != "abc" ||
					v.AnnotationFilterConfig != nil {
					return fmt.Errorf("the service holds %+v", v)
				}
				return nil
			}),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "trucks/v1", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"deletion_policy"}},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "trucks/v1"},
	)
}

// What the dataset says by default is shown, and stays what it was.
func TestAccDatasetVersion_defaults(t *testing.T) {
	env := service(t)
	interval := func(ms uint32) func(*clarifai.Dataset) {
		return func(d *clarifai.Dataset) {
			d.DefaultProcessingInfo = &clarifai.DatasetVersionProcessingInfo{FrameInterpolationInfo: &clarifai.FrameInterpolationInfo{SampleMs: ms}}
		}
	}
	env.EditDataset(acctest.App, "trucks", interval(500))
	config := version(env, `id = "v1"`)
	shown := []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("frame_interval_ms"), knownvalue.Int64Exact(500))}
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: shown},
		resource.TestStep{
			PreConfig: func() { env.EditDataset(acctest.App, "trucks", interval(900)) },
			Config:    config, ConfigStateChecks: shown, ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "trucks/v1"},
	)
}

func TestAccDatasetVersion_update(t *testing.T) {
	env := service(t)
	env.Test(t,
		resource.TestStep{Config: version(env, `
  id          = "v1"
  description = "old"
  metadata    = jsonencode({ a = 1, b = { c = 2, d = 3 } })`)},
		resource.TestStep{
			Config: version(env, `
  id          = "v1"
  description = "new"
  visibility  = "ORG"
  metadata    = jsonencode({ b = { c = 5 } })`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "v1", func(v *clarifai.DatasetVersion) error {
				if v.Description != "new" || v.Visibility.Gettable != clarifai.GettableOrg || string(v.Metadata) != `{"b":{"c":5}}` {
					return fmt.Errorf("the service holds %+v, metadata %s", v, v.Metadata)
				}
				return nil
			}),
		},
		resource.TestStep{
			Config: version(env, `  id = "v1"
  description = "new"
  wait_for = "accepted"
  timeouts = { create = "2h" }
  triggers = { first = "time" }`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "v1", func(v *clarifai.DatasetVersion) error {
				if len(v.Metadata) > 2 {
					return fmt.Errorf("metadata should be gone, the service holds %s", v.Metadata)
				}
				return nil
			}),
		},
		resource.TestStep{Config: version(env, `id = "v1"`), ExpectError: regexp.MustCompile(`The API cannot clear description`)},
	)
	if n := env.Count("PostDatasetVersions"); n != 1 {
		t.Errorf("%d versions were made, want 1", n)
	}
}

func TestAccDatasetVersion_replace(t *testing.T) {
	for name, change := range map[string]struct{ from, to string }{
		"id":     {`id = "v1"`, `id = "v2"`},
		"own id": {``, `id = "v2"`},
		"triggers": {`id = "v1"
  triggers = { labels = "1" }`, `id = "v1"
  triggers = { labels = "2" }`},
		"more trigger": {`id = "v1"
  triggers = { labels = "1" }`, `id = "v1"
  triggers = { labels = "1", more = "x" }`},
		"filter": {
			`annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }`,
			`annotation_filter = { filters = [{ concepts = [{ id = "car" }] }] }`,
		},
		"first filter": {``, `annotation_filter = { filters = [{ concepts = [{ id = "car" }] }] }`},
		"ignoring": {
			`annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }`,
			`annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }
  ignore_empty_inputs = true`,
		},
		"to model": {`annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }`,
			`model_predictions = { model_id = "m", model_version_id = "1" }`},
		"to filter": {`model_predictions = { model_id = "m", model_version_id = "1" }`,
			`annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }`},
		"model": {`model_predictions = { model_id = "m", model_version_id = "1" }`,
			`model_predictions = { model_id = "n", model_version_id = "1" }`},
		"model version": {`model_predictions = { model_id = "m", model_version_id = "1" }`,
			`model_predictions = { model_id = "m", model_version_id = "2" }`},
		"model app": {
			`model_predictions = { model_id = "m", model_version_id = "1", user_id = "acme", app_id = "x" }`,
			`model_predictions = { model_id = "m", model_version_id = "1", user_id = "acme", app_id = "y" }`,
		},
		"frames": {`frame_interval_ms = 100`, `frame_interval_ms = 200`},
	} {
		t.Run(name, func(t *testing.T) {
			env := service(t)
			env.Test(t,
				resource.TestStep{Config: version(env, change.from)},
				resource.TestStep{
					Config:           version(env, change.to),
					ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
					Check: func(*terraform.State) error {
						if got := env.DatasetVersions(acctest.App, "trucks"); len(got) != 1 {
							return fmt.Errorf("the service has versions %v, want one", got)
						}
						return nil
					},
				},
			)
			if n := env.Count("PostDatasetVersions"); n != 2 {
				t.Errorf("%d versions were made, want 2", n)
			}
		})
	}
}

func TestAccDatasetVersion_replaceParent(t *testing.T) {
	env := service(t)
	env.AddDataset(acctest.App, clarifai.Dataset{ID: "cars"})
	env.AddApp(clarifai.App{ID: "other"})
	env.AddDataset("other", clarifai.Dataset{ID: "cars"})
	config := func(body string) string {
		return env.Config(`resource "clarifai_dataset_version" "test" {
  id = "v1"
` + body + `
}`)
	}
	env.Test(t,
		resource.TestStep{Config: config(`dataset_id = "trucks"`)},
		resource.TestStep{Config: config(`dataset_id = "cars"`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate), Check: versions(env)},
		resource.TestStep{Config: config(`dataset_id = "cars"
  app_id = "other"`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)},
	)
	if got := env.DatasetVersions(acctest.App, "cars"); len(got) != 0 {
		t.Errorf("the app that was left still has versions %v", got)
	}
}

// What is taken out of the configuration, or written in another way, does not rebuild a version.
func TestAccDatasetVersion_notReplaced(t *testing.T) {
	env := service(t)
	env.Test(t,
		resource.TestStep{Config: version(env, `
  annotation_filter = { filters = [{ metadata = "{\"a\": 1.0, \"b\": 2}" }] }
  frame_interval_ms = 100
  triggers = { labels = "1" }`)},
		resource.TestStep{Config: version(env, `
  annotation_filter = { filters = [{ metadata = jsonencode({ b = 2, a = 1 }) }] }
  frame_interval_ms = 100
  triggers = { labels = "1" }`), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: version(env, ``)},
		resource.TestStep{Config: version(env, ``), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: version(env, `triggers = { labels = "2" }`)},
	)
	if n := env.Count("PostDatasetVersions"); n != 1 {
		t.Errorf("%d versions were made, want 1", n)
	}
}

// A resource that is renamed without a moved block is created while the old one is destroyed:
// what has taken the id is not waited for.
func TestAccDatasetVersion_recreatedDuringDestroy(t *testing.T) {
	env := service(t)
	config := version(env, `id = "v1"`)
	env.RecreatedDuringDestroy(t, config, "DeleteDatasetVersions", func() {
		if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks", []clarifai.DatasetVersion{{ID: "v1"}}); err != nil {
			t.Error(err)
		}
	})
	if _, err := env.Client.GetDatasetVersion(t.Context(), env.App, "trucks", "v1"); err != nil {
		t.Error(err)
	}
}

func TestAccDatasetVersion_disappears(t *testing.T) {
	env := service(t)
	config := version(env, `id = "v1"`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { env.DeleteDatasetVersion(acctest.App, "trucks", "v1") },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			PreConfig:        func() { env.DeleteDatasetVersion(acctest.App, "trucks", "v1") },
			Config:           config,
			Destroy:          true,
			ConfigPlanChecks: resource.ConfigPlanChecks{},
		},
	)
}

func TestAccDatasetVersion_drift(t *testing.T) {
	env := service(t)
	config := version(env, `id = "v1"
  description = "ours"`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				env.EditDatasetVersion(acctest.App, "trucks", "v1", func(v *clarifai.DatasetVersion) { v.Description = "theirs" })
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "v1", func(v *clarifai.DatasetVersion) error {
				if v.Description != "ours" {
					return fmt.Errorf("the service holds %q", v.Description)
				}
				return nil
			}),
		},
	)
}

func TestAccDatasetVersion_alreadyExists(t *testing.T) {
	env := service(t)
	if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks",
		[]clarifai.DatasetVersion{{ID: "v1", Description: "somebody's"}}); err != nil {
		t.Fatal(err)
	}
	env.Test(t, resource.TestStep{
		Config:      version(env, `id = "v1"`),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_dataset_version\.NAME\s+acme/fleet/trucks/v1`),
	})
	if v := env.DatasetVersion(acctest.App, "trucks", "v1"); v == nil || v.Description != "somebody's" {
		t.Errorf("the unmanaged version is now %+v", v)
	}
}

// A lost response must neither duplicate nor orphan anything, with and without a configured id.
func TestAccDatasetVersion_lostResponse(t *testing.T) {
	for _, body := range []string{`description = "ours"`, `id = "v1"`} {
		t.Run(body, func(t *testing.T) {
			env := service(t)
			fault := env.MustFault(emulator.Fault{Op: "PostDatasetVersions", Reset: emulator.AfterWork, Count: 1})
			env.Test(t, resource.TestStep{
				Config: version(env, body),
				Check: func(*terraform.State) error {
					if env.Struck(fault) != 1 {
						return fmt.Errorf("the fault struck %d times, want 1", env.Struck(fault))
					}
					if got := env.DatasetVersions(acctest.App, "trucks"); len(got) != 1 {
						return fmt.Errorf("the service has versions %v, want one", got)
					}
					return nil
				},
			})
		})
	}
}

// Throttling, short outages and a version that cannot be seen everywhere at once are waited out.
func TestAccDatasetVersion_transientErrors(t *testing.T) {
	env := service(t, acctest.Async(30*time.Second))
	throttled := env.MustFault(emulator.Fault{Op: "PostDatasetVersions", Code: clarifai.StatusThrottled, Count: 3})
	broken := env.MustFault(emulator.Fault{Op: "GetDatasetVersion", HTTP: 503, After: 2, Count: 2})
	unseen := env.MustFault(emulator.NotFoundFor(2, "GetDatasetVersion"))
	env.Test(t, resource.TestStep{Config: version(env, `id = "v1"`), ConfigStateChecks: []statecheck.StateCheck{status(64015)}})
	for name, want := range map[string]int{throttled: 3, broken: 2, unseen: 2} {
		if got := env.Struck(name); got != want {
			t.Errorf("%s struck %d times, want %d", name, got, want)
		}
	}
}

// A code that is newer than the provider means that the version is not ready yet.
func TestAccDatasetVersion_unknownStatus(t *testing.T) {
	env := service(t, acctest.Async(time.Minute), acctest.Newer)
	fault := env.MustFault(emulator.Fault{Object: "dataset_version", ID: "v2", Code: 64017})
	env.Test(t,
		resource.TestStep{
			Config: version(env, `id = "v2"
  wait_for = "accepted"`),
		},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(time.Hour) },
			Config: version(env, `id = "v2"
  wait_for = "accepted"`),
			ConfigStateChecks: []statecheck.StateCheck{
				status(64017),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"), knownvalue.StringExact("status 64017")),
			},
		},
		resource.TestStep{
			Config: version(env, `id = "v2"
  timeouts = { create = "500ms" }`),
			ExpectError: regexp.MustCompile(`(?s)Not ready yet.*status 64017`),
		},
	)
	if env.Struck(fault) != 1 {
		t.Errorf("the fault struck %d times, want 1", env.Struck(fault))
	}
}

func TestAccDatasetVersion_failed(t *testing.T) {
	env := service(t, acctest.Async(time.Minute))
	env.MustFault(emulator.Fault{Object: "dataset_version", Count: 1, Details: "the filter names a concept that was deleted"})
	config := version(env, `id = "v1"`)
	env.Test(t,
		resource.TestStep{
			Config: config,
			ExpectError: regexp.MustCompile(`(?s)Unable to build dataset\s+version "v1".*` +
				`the\s+filter\s+names\s+a\s+concept\s+that\s+was\s+deleted.*64020\s+DATASET_VERSION_FAILURE`),
		},
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate), // tainted
			ConfigStateChecks: []statecheck.StateCheck{status(64015)},
			Check:             versions(env, "v1"),
		},
	)
}

// A version that nobody waited for and that failed is replaced once somebody waits for it.
func TestAccDatasetVersion_failedUnwatched(t *testing.T) {
	env := service(t, acctest.Async(time.Minute))
	env.MustFault(emulator.Fault{Object: "dataset_version", Count: 1})
	unwatched := version(env, `id = "v1"
  wait_for = "accepted"`)
	env.Test(t,
		resource.TestStep{Config: unwatched, ConfigStateChecks: []statecheck.StateCheck{status(64005)}},
		resource.TestStep{PreConfig: func() { env.Clock.Advance(time.Hour) }, Config: unwatched,
			ConfigStateChecks: []statecheck.StateCheck{status(64020)}},
		resource.TestStep{
			Config:            version(env, `id = "v1"`),
			ConfigPlanChecks:  acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{status(64015)},
		},
	)
}

// A timeout keeps the version, in state and at the service, and the next apply resumes waiting for it.
func TestAccDatasetVersion_timeout(t *testing.T) {
	frozen := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = frozen }))
	short := version(env, `id = "v1"
  timeouts = { create = "300ms" }`)
	env.Test(t,
		resource.TestStep{
			Config:             short,
			ConfigStateChecks:  []statecheck.StateCheck{status(64005)},
			Check:              versions(env, "v1"),
			ExpectNonEmptyPlan: true, // to wait on
		},
		resource.TestStep{
			Config: short,
			ExpectError: regexp.MustCompile(`(?s)Not ready yet: dataset version "v1".*timed out.*64005\s+DATASET_VERSION_PENDING.*` +
				`timeouts\.create.*resumes\s+waiting\s+for\s+the\s+same\s+version.*wait_for\s+=\s+"accepted"`),
		},
		resource.TestStep{
			PreConfig: func() {
				// The build ends while the third apply waits, after refresh and plan.
				polls := 0
				env.Observe(func(call emulator.Call) {
					if call.Op == "GetDatasetVersion" {
						if polls++; polls == 6 {
							frozen.Advance(2 * time.Hour)
						}
					}
				})
			},
			Config:           version(env, `id = "v1"`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{status(64015),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("metrics").AtMapKey("inputs_count"), knownvalue.Int64Exact(4))},
			Check: versions(env, "v1"),
		},
	)
	if n := env.Count("PostDatasetVersions"); n != 1 {
		t.Errorf("%d versions were made, want 1", n)
	}
}

// What fails while an update waits on is replaced by the next apply, though an update does not taint.
func TestAccDatasetVersion_resumedThenFailed(t *testing.T) {
	frozen := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = frozen }))
	env.MustFault(emulator.Fault{Object: "dataset_version", Count: 1})
	env.Test(t,
		resource.TestStep{Config: version(env, `id = "v1"
  timeouts = { create = "300ms" }`), ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() {
				polls := 0
				env.Observe(func(call emulator.Call) {
					if call.Op == "GetDatasetVersion" {
						if polls++; polls == 6 {
							frozen.Advance(2 * time.Hour)
						}
						if polls > 6 { // for the second version
							frozen.Advance(time.Hour)
						}
					}
				})
			},
			Config:      version(env, `id = "v1"`),
			ExpectError: regexp.MustCompile(`Unable to build dataset version "v1"`),
		},
		resource.TestStep{
			Config:            version(env, `id = "v1"`),
			ConfigPlanChecks:  acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{status(64015)},
		},
	)
}

// Deletion waits while something uses the version, and says so when that takes too long.
func TestAccDatasetVersion_inUse(t *testing.T) {
	env := service(t)
	config := version(env, `id = "v1"
  timeouts = { delete = "300ms" }`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				env.MustFault(emulator.Fault{Name: "held", Op: "DeleteDatasetVersions", Code: clarifai.StatusDatasetVersionConflict,
					Details: "an evaluation uses it"})
			},
			Config: config, Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Unable to delete dataset version "v1".*timed\s+out.*an\s+evaluation\s+uses\s+it.*` +
				`timeouts\.delete.*tries\s+again`),
		},
		resource.TestStep{
			PreConfig: func() {
				env.ClearFaults("held")
				env.MustFault(emulator.Fault{Op: "DeleteDatasetVersions", Code: clarifai.StatusDatasetVersionConflict, Count: 3})
			},
			Config: config, Destroy: true,
		},
	)
	if got := env.DatasetVersions(acctest.App, "trucks"); len(got) != 0 {
		t.Errorf("the service still has versions %v", got)
	}
}

func TestAccDatasetVersion_deletionPolicy(t *testing.T) {
	env := service(t)
	config := func(policy string) string {
		return version(env, fmt.Sprintf(`id = "v1"
  deletion_policy = %q`, policy))
	}
	replaced := func(by string) resource.TestStep {
		return resource.TestStep{
			Config: version(env, `deletion_policy = "prevent"
`+by),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*replaces\s+dataset\s+version\s+"v1"`),
		}
	}
	env.Test(t,
		resource.TestStep{Config: config("prevent")},
		resource.TestStep{Config: config("prevent"), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*of\s+dataset\s+version\s+"v1"`)},
		replaced(`id = "v2"`),
		replaced(`id = "v1"
  frame_interval_ms = 100`),
		resource.TestStep{Config: version(env, `id = "v1"
  deletion_policy = "prevent"
  triggers = { labels = "1" }`)},
		replaced(`id = "v1"
  triggers = { labels = "2" }`),
		resource.TestStep{Config: config("abandon")},
		resource.TestStep{Config: config("abandon"), Destroy: true},
	)
	if env.DatasetVersion(acctest.App, "trucks", "v1") == nil {
		t.Error("an abandoned version should stay")
	}
}

func TestAccDatasetVersion_invalid(t *testing.T) {
	env := service(t)
	for body, want := range map[string]string{
		`id = "no/slash"`:                        `Invalid id`,
		`description = ""`:                       `at least 1`,
		`metadata = "[1]"`:                       `Not a JSON object`,
		`visibility = "SECRET"`:                  `PRIVATE`,
		`frame_interval_ms = -1`:                 `between 0`,
		`deletion_policy = "ask"`:                `abandon`,
		`timeouts = { create = "soon" }`:         `(?i)duration`,
		`ignore_empty_inputs = true`:             `annotation_filter`,
		`model_predictions = { model_id = "m" }`: `model_version_id`,
		`annotation_filter = { filters = [] }`:   `at least 1`,
		`annotation_filter = { filters = [{}] }`: `no condition`,
		`annotation_filter = { filters = [{ concepts = [{ id = "a" }] }] }
  model_predictions = { model_id = "m", model_version_id = "1" }`: `model_predictions`,
	} {
		env.Test(t, resource.TestStep{Config: version(env, body), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccDatasetVersion_noDataset(t *testing.T) {
	env := service(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(`resource "clarifai_dataset_version" "test" {
  dataset_id = "nope"
  id = "v1"
}`),
		ExpectError: regexp.MustCompile(`(?s)Unable to create dataset version "v1" of dataset "nope".*Resource does not exist`),
	})
}

func TestAccDatasetVersion_data(t *testing.T) {
	env := service(t)
	for _, id := range []string{"v1", "v2", "v3"} {
		if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks",
			[]clarifai.DatasetVersion{{ID: id, Description: "version " + id}}); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_dataset_version" "one" {
  dataset_id = "trucks"
  id         = "v2"
}
data "clarifai_dataset_versions" "all" { dataset_id = "trucks" }
output "one" { value = "${data.clarifai_dataset_version.one.description}: ${data.clarifai_dataset_version.one.metrics.inputs_count}" }
output "all" { value = sort(data.clarifai_dataset_versions.all.versions[*].id) }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("one", knownvalue.StringExact("version v2: 4")),
			statecheck.ExpectKnownOutputValue("all", knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("v1"), knownvalue.StringExact("v2"), knownvalue.StringExact("v3"),
			})),
		},
	}, resource.TestStep{
		Config: env.Config(`data "clarifai_dataset_version" "none" {
  dataset_id = "trucks"
  id = "nope"
}`),
		ExpectError: regexp.MustCompile(`No version "nope" of a dataset "trucks" in app "fleet"`),
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_dataset_versions" "none" { dataset_id = "nope" }`),
		ExpectError: regexp.MustCompile(`No dataset "nope" in app "fleet"`),
	})
}

func TestAccDatasetVersion_metrics(t *testing.T) {
	env := service(t, acctest.Async(time.Minute))
	if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks", []clarifai.DatasetVersion{{ID: "v1"}}); err != nil {
		t.Fatal(err)
	}
	metrics := func(body string) string {
		return env.Config(`data "clarifai_dataset_version_metrics" "test" {
  dataset_id = "trucks"
  dataset_version_id = "v1"
` +
			body + `
}
` +
			`output "groups" { value = [for g in data.clarifai_dataset_version_metrics.test.groups : "${g.type} ${g.value} ` +
			`${g.metrics.inputs_count}"] }`)
	}
	groups := func(want ...string) []statecheck.StateCheck {
		checks := make([]knownvalue.Check, len(want))
		for i, w := range want {
			checks[i] = knownvalue.StringExact(w)
		}
		return []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("groups", knownvalue.ListExact(checks))}
	}
	env.Test(t,
		resource.TestStep{Config: metrics(`types = ["CONCEPT_ID"]`), ConfigStateChecks: groups()},
		resource.TestStep{
			Config: metrics(`types = ["CONCEPT_ID", "INPUT_TYPE"]
  wait_for = "completed"`),
			ConfigStateChecks: groups("INPUT_TYPE image 4", "INPUT_TYPE total 4", "CONCEPT_ID car 1", "CONCEPT_ID truck 2"),
		},
		resource.TestStep{Config: metrics(`types = ["CONCEPTS_COUNT"]`), ConfigStateChecks: groups("CONCEPTS_COUNT 0 1", "CONCEPTS_COUNT 1 3")},
		resource.TestStep{Config: metrics(`parent_paths = ["nowhere"]
  wait_for = "completed"`), ConfigStateChecks: groups()},
	)
	env.Test(t, resource.TestStep{Config: metrics(`types = ["SHAPE"]`), PlanOnly: true, ExpectError: regexp.MustCompile(`INPUT_TYPE`)})
}

// Waiting ends for versions that have nothing to count, that have failed, and by the timeout.
func TestAccDatasetVersion_metricsEnd(t *testing.T) {
	frozen := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = frozen }))
	env.AddDataset(acctest.App, clarifai.Dataset{ID: "empty"})
	env.MustFault(emulator.Fault{Object: "dataset_version", ID: "bad", Details: "no disk"})
	for _, of := range []struct{ dataset, id string }{{"empty", "v1"}, {"trucks", "bad"}} {
		if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, of.dataset, []clarifai.DatasetVersion{{ID: of.id}}); err != nil {
			t.Fatal(err)
		}
	}
	metrics := func(dataset, id string) string {
		return env.Config(fmt.Sprintf(`data "clarifai_dataset_version_metrics" "test" {
  dataset_id = %q
  dataset_version_id = %q
  wait_for = "completed"
  timeouts = { read = "300ms" }
}`, dataset, id))
	}
	env.Test(t,
		resource.TestStep{Config: metrics("empty", "v1"),
			ExpectError: regexp.MustCompile(`(?s)the metrics of dataset version "v1".*timed\s+out.*timeouts\.read`)},
		resource.TestStep{PreConfig: func() { frozen.Advance(3 * time.Hour) }, Config: metrics("empty", "v1")},
		resource.TestStep{Config: metrics("trucks", "bad"), ExpectError: regexp.MustCompile(`no\s+disk`)},
		resource.TestStep{Config: metrics("trucks", "nope"), ExpectError: regexp.MustCompile(`Resource\s+does\s+not\s+exist`)},
	)
}

func TestAccDatasetVersion_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := service(t)
	for i := range 5 {
		made := clarifai.DatasetVersion{ID: fmt.Sprintf("v%d", i)}
		if i == 3 {
			made.Description = "the third"
		}
		if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks", []clarifai.DatasetVersion{made}); err != nil {
			t.Fatal(err)
		}
	}
	list := func(body string) string {
		return `list "clarifai_dataset_version" "all" {
  provider = clarifai
` + body + `
  config {
  dataset_id = "trucks"
  }
}`
	}
	identity := map[string]knownvalue.Check{
		"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
		"dataset_id": knownvalue.StringExact("trucks"), "id": knownvalue.StringExact("v3"),
	}
	env.Test(t,
		resource.TestStep{Config: version(env, `id = "another"`)},
		resource.TestStep{
			Query: true, Config: list(" include_resource = true"),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_dataset_version.all", 6),
				querycheck.ExpectIdentity("clarifai_dataset_version.all", identity),
			},
		},
		resource.TestStep{
			Query: true, Config: list(" limit = 2"),
			QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength("clarifai_dataset_version.all", 2)},
		},
		resource.TestStep{
			PreConfig: func() {
				env.MustFault(emulator.Fault{Op: "ListDatasetVersions", Code: clarifai.StatusInsufficientScopes})
			},
			Query: true, Config: list(""), ExpectError: regexp.MustCompile(`Unable to list the versions of dataset "trucks"`),
		},
	)
}

// The configuration that Terraform writes for what it found imports without any change.
func TestAccDatasetVersion_generatedConfig(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := service(t, acctest.RealTime)
	filter := &clarifai.AnnotationFilter{Search: &clarifai.Search{Query: &clarifai.Query{Filters: []clarifai.Filter{
		{Annotation: &clarifai.Annotation{Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}}}},
	}}}}
	for _, made := range []clarifai.DatasetVersion{
		{ID: "plain"},
		{ID: "filtered", Description: "trucks",
			AnnotationFilterConfig: &clarifai.AnnotationFilterConfig{AnnotationFilter: filter, IgnoreEmptyInputs: true}},
		{ID: "predicted", ModelPredictConfig: &clarifai.ModelPredictConfig{Model: &clarifai.Model{ID: "m",
			ModelVersion: &clarifai.ModelVersion{ID: "1"}}}},
		{ID: "frames", ProcessingInfo: &clarifai.DatasetVersionProcessingInfo{FrameInterpolationInfo: &clarifai.FrameInterpolationInfo{}}},
	} {
		if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks", []clarifai.DatasetVersion{made}); err != nil {
			t.Fatal(err)
		}
	}
	w := env.Workspace(t, env.Config())
	w.Write(t, "find.tfquery.hcl", `list "clarifai_dataset_version" "all" {
  provider = clarifai
  include_resource = true
  config {
  dataset_id = "trucks"
  }
}`)
	w.MustRun(t, "query", "-generate-config-out=found.tf")
	if output := w.MustRun(t, "plan", "-no-color"); !strings.Contains(output, "Plan: 4 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the plan should only import:\n%s", output)
	}
}
