package ingestion_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
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

const (
	address = "clarifai_inputs_import.test"
	years   = 10 * 365 * 24 * time.Hour
)

// files writes files into a new directory, by name.
func files(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, content)
	return dir
}

func write(t *testing.T, dir string, content map[string]string) {
	t.Helper()
	for name, text := range content {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// reports is what lies in the bucket unless a test wants something else.
func reports(n int) map[string]string {
	content := map[string]string{"other/else.txt": "not asked for"}
	for i := range n {
		content[fmt.Sprintf("reports/r%d.txt", i)] = fmt.Sprintf("report %d", i)
	}
	return content
}

// service has the bucket "acme" and the dataset "trucks"; its jobs take a while.
func service(t *testing.T, takes time.Duration, bucket map[string]string, options ...acctest.Option) *acctest.Env {
	t.Helper()
	dir := files(t, bucket)
	env := acctest.New(t, append([]acctest.Option{acctest.Emulator(func(o *emulator.Options) {
		o.Async, o.Buckets = takes, map[string]string{"acme": dir}
	})}, options...)...)
	env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "trucks"})
	return env
}

func body(extra string) string {
	return `
resource "clarifai_inputs_import" "test" {
  url = "s3://acme/reports/"
` + extra + `
}
`
}

// started checks how many imports were started in all.
func started(env *acctest.Env, want int) resource.TestCheckFunc {
	return env.Called(want, "PostInputsDataSources")
}

func has(env *acctest.Env, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := env.Inputs(env.App.AppID); !slices.Equal(got, want) {
			return fmt.Errorf("the app has inputs %v, want %v", got, want)
		}
		return nil
	}
}

// statusIs checks the status as a whole by its code.
func statusIs(address string, code clarifai.StatusCode) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(int64(code)))
}

var emptyPlan = acctest.PlansNothing()

func TestAccInputsImport_basic(t *testing.T) {
	env := service(t, time.Minute, reports(3))
	const template = `
  input_template = {
    concepts    = { report = 1, night = 0 }
    metadata    = jsonencode({ source = "bucket", n = 1 })
    dataset_ids = ["trucks"]
  }`
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(template)),
			ConfigStateChecks: []statecheck.StateCheck{
				statusIs(address, clarifai.StatusJobCompleted),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("progress"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"pending": knownvalue.Int64Exact(0), "in_progress": knownvalue.Int64Exact(0), "succeeded": knownvalue.Int64Exact(3),
					"failed": knownvalue.Int64Exact(0),
				})),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("extraction_jobs").AtSliceIndex(0).AtMapKey("texts"),
					knownvalue.Int64Exact(3)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("extraction_jobs").AtSliceIndex(0).AtMapKey("url"),
					knownvalue.StringExact("s3://acme/reports/")),
				statecheck.ExpectKnownValue(address,
					tfjsonpath.New("extraction_jobs").AtSliceIndex(0).AtMapKey("status").AtMapKey("name"),
					knownvalue.StringExact("JOB_COMPLETED")),
			},
			Check: resource.ComposeTestCheckFunc(started(env, 1), has(env, "r0", "r1", "r2"), func(*terraform.State) error {
				in := env.Input(env.App.AppID, "r1")
				if in.Status.Code != clarifai.StatusInputDownloaded || len(in.Data.Concepts) != 2 ||
					string(in.Data.Metadata) != `{"n":1,"source":"bucket"}` {
					return fmt.Errorf("r1 is %+v with data %+v", in, in.Data)
				}
				if members := env.DatasetInputs(env.App.AppID, "trucks"); len(members) != 3 {
					return fmt.Errorf("the dataset has %v", members)
				}
				return nil
			}),
		},
		// Another spelling of the same is the same.
		resource.TestStep{Config: env.Config(body(strings.Replace(template, "n = 1 ", "n = 1.0 ", 1))), PlanOnly: true},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true},
		resource.TestStep{
			Config: env.Config(body(strings.Replace(template, "night = 0", "night = 1", 1) + `
  fail_on = 1`)),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            started(env, 2),
		},
	)
	if n := len(env.Inputs(env.App.AppID)); n != 3 {
		t.Errorf("after the destruction of the job there are %d inputs, want 3", n)
	}
	if n := env.Count("CancelInputsAddJob", "CancelInputsExtractionJobs"); n != 0 {
		t.Errorf("%d cancellations of jobs that had ended", n)
	}
}

func TestAccInputsImport_importBlocks(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	config := env.Config(body(`  id = "job-1"
  call_back_url = "https://example.com/done"
  input_template = { concepts = { a = 0.7 } }`))
	steps := []resource.TestStep{
		{Config: config},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "fleet/job-1",
			Config: config},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithResourceIdentity, Config: config})
	}
	steps = append(steps, resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateId: "nope",
		ExpectError: regexp.MustCompile(`(?s)Unable to read import job "nope"`),
	})
	env.Test(t, steps...)
}

// Arguments that the service does not store are adopted from the configuration, once.
func TestAccInputsImport_importedTriggers(t *testing.T) {
	acctest.Require(t, acctest.WriteOnly)
	env := service(t, time.Minute, reports(2))
	config := func(run int) string {
		return env.Config(body(fmt.Sprintf(`  triggers = { run = "%d" }
  credentials_wo_version = %d
  fail_on = 1
  id = "job-%d"`, run, run, run)))
	}
	env.Test(t,
		resource.TestStep{Config: config(1)},
		resource.TestStep{Config: env.Config(`removed {
 from = clarifai_inputs_import.test
 lifecycle {
 destroy = false
 }
}`)},
		resource.TestStep{
			Config: config(1) + `import {
 to = clarifai_inputs_import.test
 id = "job-1"
}`,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check:            started(env, 1),
		},
		resource.TestStep{Config: config(2), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check: started(env, 2)},
	)
}

func TestAccInputsImport_archives(t *testing.T) {
	env := service(t, time.Minute, map[string]string{
		"inbox/a.txt": "a", "inbox/b.tar": tarball(t, map[string]string{"x/one.txt": "1", "x/two.txt": "2", "x/.hidden.txt": "no"}),
	})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_inputs_import" "test" {
  url = "gs://acme/inbox/"
}
`),
		Check: has(env, "a", "one", "two"),
	})
}

// The same configuration finds the job that an interrupted apply has started.
func TestAccInputsImport_found(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	forgotten := resource.TestStep{
		Config: env.Config(`
removed {
  from = clarifai_inputs_import.test
  lifecycle { destroy = false }
}
`),
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`triggers = { run = "1" }`)), Check: started(env, 1)},
		forgotten,
		resource.TestStep{Config: env.Config(body(`triggers = { run = "1" }`)), Check: resource.ComposeTestCheckFunc(started(env, 1),
			has(env, "r0", "r1"))},
		forgotten,
		// Other triggers are another job, which finds all ids taken.
		resource.TestStep{Config: env.Config(body(`triggers = { run = "2" }
 fail_on = 1`)), Check: started(env, 2)},
	)
}

// State is kept after the service has deleted its record of the job.
func TestAccInputsImport_expired(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	env.Test(t,
		resource.TestStep{Config: env.Config(body(``))},
		resource.TestStep{
			PreConfig:        func() { env.MustFault(emulator.NotFoundFor(1000, "GetInputsAddJob")) },
			Config:           env.Config(body(``)),
			ConfigPlanChecks: emptyPlan,
			Check:            started(env, 1),
		},
		resource.TestStep{Config: env.Config(body(`cancel_on_destroy = true
 wait_for = "accepted"`)), Check: started(env, 1)},
	)
}

// After a timeout the next apply resumes waiting for the same job.
func TestAccInputsImport_timeout(t *testing.T) {
	env := service(t, years, reports(2))
	config := env.Config(body(`timeouts = { create = "1s" }
 stall_timeout = "0s"`))
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: started(env, 1)},
		resource.TestStep{
			Config: config,
			ExpectError: regexp.MustCompile(`(?s)Job not over yet: import of s3://acme/reports/.*timed out.*timeouts\.create.*` +
				`resumes\s+waiting\s+for\s+the\s+same\s+job`),
		},
		resource.TestStep{
			PreConfig:         func() { env.Clock.Advance(2 * years) },
			Config:            env.Config(body(`stall_timeout = "0s"`)),
			ConfigStateChecks: []statecheck.StateCheck{statusIs(address, clarifai.StatusJobCompleted)},
			Check:             resource.ComposeTestCheckFunc(started(env, 1), has(env, "r0", "r1")),
		},
	)
}

// Without progress waiting ends long before the timeout does.
func TestAccInputsImport_stall(t *testing.T) {
	env := service(t, years, reports(2))
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`stall_timeout = "20m"`)), ExpectNonEmptyPlan: true, Check: started(env, 1)},
		resource.TestStep{
			Config: env.Config(body(`stall_timeout = "20m"`)),
			ExpectError: regexp.MustCompile(`(?s)made no\s+progress\s+for 2\dm.*JOB_QUEUED.*increase\s+stall_timeout.*` +
				`resumes\s+waiting\s+for\s+the\s+same\s+job`),
		},
		resource.TestStep{Config: env.Config(body(`wait_for = "accepted"`)), Check: started(env, 1)},
	)
}

// The answer to the start is lost; the job is recognised by its id.
func TestAccInputsImport_lostResponse(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	env.MustFault(emulator.Fault{Op: "PostInputsDataSources", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{Config: env.Config(body(``)), Check: resource.ComposeTestCheckFunc(started(env, 1), has(env, "r0",
		"r1"))})
}

// A job that fails is an error with its reason. The next apply starts another.
// An interrupt while the service starts a job does not lose it: a warning keeps it in state.
func TestInterrupt(t *testing.T) {
	env := service(t, time.Hour, reports(2))
	ctx, interrupt := context.WithCancel(t.Context())
	env.Observe(func(call emulator.Call) { // before the response is sent
		if call.Op == "PostInputsDataSources" {
			interrupt()
		}
	})
	state, problems := env.Create(ctx, t, "clarifai_inputs_import", map[string]any{
		"url": "s3://acme/reports/", "wait_for": "completed", "fail_on": 0.0, "stall_timeout": "30m",
		"input_id_conflict_resolution": "SKIP", "cancel_on_destroy": false,
	})
	if ctx.Err() == nil || state.IsNull() || len(problems) != 1 || problems[0].Severity != tfprotov6.DiagnosticSeverityWarning {
		t.Errorf("interrupted: %v, state: %v, diagnostics: %v", ctx.Err(), state, problems)
	}
	if n := env.Count("PostInputsDataSources"); n != 1 {
		t.Errorf("%d imports were started, want 1", n)
	}
}

func TestAccInputsImport_fails(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	fault := env.MustFault(emulator.Fault{Object: "extraction_job", Details: "the bucket is on fire"})
	env.Test(t,
		resource.TestStep{
			Config:      env.Config(body(``)),
			ExpectError: regexp.MustCompile(`(?s)Job\s+failed.*the\s+bucket\s+is\s+on\s+fire.*64003.*starts\s+another\s+job`),
		},
		resource.TestStep{PreConfig: func() { env.ClearFaults(fault) }, Config: env.Config(body(``)),
			Check: resource.ComposeTestCheckFunc(started(env, 2), has(env, "r0", "r1"))},
	)
}

func TestAccInputsImport_noBucket(t *testing.T) {
	env := service(t, time.Minute, map[string]string{"bad/broken.zip": "this is no archive"})
	one := func(url string) string {
		return env.Config(`resource "clarifai_inputs_import" "test" {
 url = "` + url + `"
}`)
	}
	env.Test(t,
		resource.TestStep{Config: one("s3://nobody/x"),
			ExpectError: regexp.MustCompile(`(?s)Job failed:\s+import of s3://nobody/x.*66000.*It\s+added\s+no\s+inputs`)},
		resource.TestStep{Config: one("s3://acme/bad/"), ExpectError: regexp.MustCompile(`(?s)Job\s+failed.*67000`)},
		resource.TestStep{Config: one("s3://acme/nothing-here/"), Check: has(env)}, // with a warning
	)
}

func TestAccInputsImport_failOn(t *testing.T) {
	bucket := reports(3)
	bucket["reports/broken.png"], bucket["reports/other.png"] = "not a picture", "nor this"
	bucket["reports/taken.txt"] = "unmanaged"
	env := service(t, time.Minute, bucket)
	env.AddInput(env.App.AppID, clarifai.Input{ID: "taken", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "first"}}})
	failed := regexp.MustCompile(`(?s)2 of 5 inputs\s+failed.*3 succeeded and 2 failed \(40\.0%\).*broken: .*1\s+file\s+was\s+skipped.*` +
		`fail_on = 0\b`)
	env.Test(t,
		resource.TestStep{Config: env.Config(body(``)), ExpectError: failed},
		// Nothing runs again only because the outcome is not accepted.
		resource.TestStep{Config: env.Config(body(``)), ExpectError: failed},
		resource.TestStep{
			Config: env.Config(body(`fail_on = 0.4`)), Check: started(env, 1),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("skipped_count"), knownvalue.Int64Exact(1)),
			},
		},
		resource.TestStep{Config: env.Config(body(`fail_on = 0.4`)), ConfigPlanChecks: emptyPlan},
		resource.TestStep{Config: env.Config(body(`fail_on = 0.39`)),
			ExpectError: regexp.MustCompile(`(?s)2 of 5 inputs\s+failed.*fail_on = 0\.39`)},
		resource.TestStep{
			PreConfig:   func() { env.MustFault(emulator.NotFoundFor(1000, "GetInputsAddJob")) },
			Config:      env.Config(body(`fail_on = 0.39`)),
			ExpectError: regexp.MustCompile(`(?s)2 of 5 inputs\s+failed.*deleted\s+its\s+record\s+of\s+the\s+job`),
		},
		resource.TestStep{Config: env.Config(body(`fail_on = 1`)), Check: started(env, 1)},
	)
}

func TestAccInputsImport_suffix(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	env.AddInput(env.App.AppID, clarifai.Input{ID: "r1", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "first"}}})
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(`input_id_conflict_resolution = "SUFFIX"`)), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)SUFFIX makes\s+ids\s+unpredictable.*allow_unpredictable_ids`),
		},
		resource.TestStep{
			Config: env.Config(body(`input_id_conflict_resolution = "SUFFIX"
 allow_unpredictable_ids = true`)),
			Check: has(env, "r0", "r1", "r1-1"),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true},
	)
}

func TestAccInputsImport_cancelOnDestroy(t *testing.T) {
	env := service(t, years, reports(4))
	env.Test(t,
		resource.TestStep{
			Config: env.Config(body(`wait_for = "accepted"
 cancel_on_destroy = true`)),
			// Half of the files are inputs by then.
			Check: func(*terraform.State) error { env.Clock.Advance(years * 6 / 10); return nil },
		},
		resource.TestStep{Config: env.Config(` `), Destroy: false, Check: resource.ComposeTestCheckFunc(
			env.Called(1, "CancelInputsExtractionJobs"), env.Called(1, "CancelInputsAddJob"), has(env, "r0", "r1"))},
	)
	env.Clock.Advance(2 * years)
	if err := has(env, "r0", "r1")(nil); err != nil {
		t.Errorf("the job went on: %v", err)
	}
	for job, err := range env.Client.AllInputsExtractionJobs(t.Context(), env.App, 0) {
		if err != nil || job.Status.Code != clarifai.StatusJobCancelled {
			t.Errorf("job %s stands at %d (%v)", job.ID, job.Status.Code, err)
		}
	}
}

// By default a job continues when its resource is destroyed.
func TestAccInputsImport_destroyKeepsTheJob(t *testing.T) {
	env := service(t, years, reports(2))
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`wait_for = "accepted"`))},
		resource.TestStep{Config: env.Config(` `)},
	)
	env.Clock.Advance(2 * years)
	if err := has(env, "r0", "r1")(nil); err != nil {
		t.Error(err)
	}
	if n := env.Count("CancelInputsAddJob"); n != 0 {
		t.Errorf("it was cancelled %d times", n)
	}
}

func TestAccInputsImport_chosenID(t *testing.T) {
	env := service(t, time.Minute, reports(2))
	env.Test(t,
		resource.TestStep{Config: env.Config(body(`id = "nightly"`)), Check: started(env, 1)},
		resource.TestStep{Config: env.Config(body(`id = "nightly"
 triggers = { run = "2" }`)), ExpectError: regexp.MustCompile(`(?s)Unable to start a\s+job\s+again\s+with\s+the\s+same\s+id`)},
		resource.TestStep{
			Config: env.Config(body(`id = "nightly"`), `
resource "clarifai_inputs_import" "other" {
  id  = "nightly"
  url = "s3://acme/other/"
}
`),
			ExpectError: regexp.MustCompile(`(?s)Import "nightly" already exists.*terraform ` +
				`import\s+clarifai_inputs_import\.NAME\s+acme/fleet/nightly.*adds\s+other\s+content`),
		},
	)
	if n := env.Count("PostInputsDataSources"); n != 1 {
		t.Errorf("%d imports were started, want 1", n)
	}
}

// The add job calls itself completed while its inputs are still being extracted.
func TestAccInputsImport_statusOfParts(t *testing.T) {
	env := service(t, time.Hour, reports(6))
	var completed atomic.Int32
	env.Observe(func(call emulator.Call) {
		if call.Op == "GetInputsAddJob" && strings.Contains(string(call.Response), `"status":{"code":64002`) {
			completed.Add(1)
		}
	})
	env.Test(t, resource.TestStep{
		Config: env.Config(body(``)),
		Check: func(*terraform.State) error {
			if n := completed.Load(); n < 3 {
				return fmt.Errorf("the add job called itself completed %d times, which this test lives by", n)
			}
			if n := env.Count("GetInputsExtractionJob"); n < 3 {
				return fmt.Errorf("the extraction job was read %d times", n)
			}
			return has(env, "r0", "r1", "r2", "r3", "r4", "r5")(nil)
		},
	})
}

func TestAccInputsImport_invalid(t *testing.T) {
	env := service(t, 0, nil)
	for arguments, want := range map[string]string{
		`url = "http://acme/x"`:                             `Invalid bucket URL`,
		`url = "acme/x"`:                                    `Invalid bucket URL`,
		`url = "s3://id:secret@acme/x"`:                     `Invalid bucket URL`,
		`url = "https://a.blob.core.windows.net/c/x?sig=s"`: `Invalid bucket URL`,
		`url = "s3://acme/x"
 id = "no spaces"`: `Invalid id`,
		`url = "s3://acme/x"
 fail_on = 1.5`: `between`,
		`url = "s3://acme/x"
 stall_timeout = "-5m"`: `stall_timeout\s+must\s+be\s+a\s+duration`,
		`url = "s3://acme/x"
 stall_timeout = "soon"`: `(?i)duration`,
		`url = "s3://acme/x"
 input_template = { metadata = "[]" }`: `Not a JSON object`,
		`url = "s3://acme/x"
 input_template = { concepts = { a = 2 } }`: `between`,
		`url = "s3://acme/x"
 credentials_wo = {}`: `Invalid credentials`,
		`url = "s3://acme/x"
 credentials_wo = { gcp = { service_account_json = "{}" } }`: `do not match`,
		`url = "gs://acme/x"
 credentials_wo = { gcp = { service_account_json = "x" } }`: `Invalid service account`,
		`url = "s3://acme/x"
 wait_for = "ready"`: `wait_for`,
	} {
		if strings.Contains(arguments, "credentials_wo") && !acctest.Has(acctest.WriteOnly) {
			continue
		}
		env.Test(t, resource.TestStep{
			Config: env.Config(`resource "clarifai_inputs_import" "test" {
` + arguments + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	env.Test(t, resource.TestStep{
		Config:      env.Config(body(`input_template = { dataset_ids = ["nope"] }`)),
		ExpectError: regexp.MustCompile(`(?s)Unable to start\s+import.*nope`),
	})
}

// Credentials arrive as they are written.
func TestAccInputsImport_credentials(t *testing.T) {
	acctest.Require(t, acctest.WriteOnly)
	env := service(t, 0, reports(1))
	one := func(url, credentials string, version int) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_inputs_import" "test" {
 url = %q
 credentials_wo = %s
 credentials_wo_version = %d
 fail_on = 1
}`, url, credentials, version))
	}
	sent := func(want string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			calls := env.Calls("PostInputsDataSources")
			if last := string(calls[len(calls)-1].Request); !strings.Contains(last, want) {
				return fmt.Errorf("sent was %s, want %s in it", last, want)
			}
			return nil
		}
	}
	env.Test(t,
		resource.TestStep{
			Config: one("s3://acme/reports/", `{ s3 = { region = "eu-west-1", id = "AKIA", secret = "hush", token = "t" } }`, 1),
			Check:  sent(`"s3_creds":{"region":"eu-west-1","id":"AKIA","secret":"hush","token":"t"}`),
		},
		// Terraform cannot see another secret; the version tells.
		resource.TestStep{Config: one("s3://acme/reports/", `{ s3 = { region = "eu-west-1", id = "AKIA", secret = "other" } }`, 1),
			ConfigPlanChecks: emptyPlan},
		resource.TestStep{
			Config: one("s3://acme/reports/", `{ s3 = { region = "eu-west-1", id = "AKIA", secret = "other" } }`, 2),
			Check:  resource.ComposeTestCheckFunc(started(env, 2), sent(`"secret":"other"`)),
		},
		resource.TestStep{
			Config: one("gs://acme/reports/", `{ gcp = { service_account_json = jsonencode({ type = "service_account" }) } }`, 1),
			Check:  sent(`"gcp_creds":"eyJ0eXBlIjoic2VydmljZV9hY2NvdW50In0="`),
		},
		resource.TestStep{
			Config: one("https://acct.blob.core.windows.net/acme/reports/", `{ azure = { account_name = "acct", account_key = "k==" } }`,
				1),
			Check: sent(`"azure_blob_creds":{"account_name":"acct","account_key":"k=="}`),
		},
	)
}

func TestAccInputsImport_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := service(t, time.Minute, reports(3))
	env.Test(t, resource.TestStep{
		Config: env.Config(`
action "clarifai_inputs_import" "now" {
  config {
    url            = "s3://acme/reports/"
    input_template = { dataset_ids = ["trucks"] }
    credentials_wo = { s3 = { region = "eu-west-1", id = "AKIA", secret = "hush" } }
  }
}
resource "terraform_data" "release" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_inputs_import.now]
    }
  }
}
`),
		Check: resource.ComposeTestCheckFunc(started(env, 1), has(env, "r0", "r1", "r2"), func(*terraform.State) error {
			if in := env.Input(env.App.AppID, "r2"); in.Status.Code != clarifai.StatusInputDownloaded {
				return fmt.Errorf("the action did not wait: %d", in.Status.Code)
			}
			return nil
		}),
	})
}

func TestAccIngestionJobs_data(t *testing.T) {
	env := service(t, time.Minute, reports(3))
	env.Test(t, resource.TestStep{
		Config: env.Config(body(`input_template = { concepts = { a = 0.5 } }`), `
data "clarifai_inputs_add_job" "one" {
  id = clarifai_inputs_import.test.id
}
data "clarifai_inputs_add_jobs" "all" {
  limit      = 5
  depends_on = [clarifai_inputs_import.test]
}
data "clarifai_inputs_extraction_job" "one" {
  id = data.clarifai_inputs_add_job.one.extraction_jobs[0].id
}
data "clarifai_inputs_extraction_jobs" "all" {
  depends_on = [clarifai_inputs_import.test]
}
output "seen" {
  value = {
    status   = data.clarifai_inputs_add_job.one.status.code
    good     = data.clarifai_inputs_add_jobs.all.jobs[0].progress.succeeded
    url      = data.clarifai_inputs_extraction_job.one.url
    texts    = data.clarifai_inputs_extraction_job.one.progress.texts
    concept  = data.clarifai_inputs_extraction_jobs.all.jobs[0].input_template.concepts.a
    conflict = data.clarifai_inputs_extraction_jobs.all.jobs[0].input_id_conflict_resolution
  }
}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("seen", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"status": knownvalue.Int64Exact(64002), "good": knownvalue.Int64Exact(3),
				"url":   knownvalue.StringExact("s3://acme/reports/"),
				"texts": knownvalue.Int64Exact(3), "concept": knownvalue.Float64Exact(0.5), "conflict": knownvalue.StringExact("SKIP"),
			})),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_inputs_add_job" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No add job "nope"`),
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_inputs_extraction_job" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No extraction job "nope"`),
	})
}

func TestAccIngestionJobs_cancel(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := service(t, years, reports(4))
	act := func(kind, arguments string) string {
		return fmt.Sprintf(`
action %q "stop" {
  config {
    %s
  }
}
resource "terraform_data" "stop" {
  input = %q
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.%s.stop]
    }
  }
}
`, kind, arguments, kind, kind)
	}
	jobResult := body(`wait_for = "accepted"
 triggers = { run = "1" }`)
	stopped := func(id func() string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			job, err := env.Client.GetInputsExtractionJob(context.Background(), env.App, id())
			if err != nil || job.Status.Code != clarifai.StatusJobCancelled {
				return fmt.Errorf("the job stands at %+v (%v)", job, err)
			}
			return nil
		}
	}
	newest := func() string {
		for job := range env.Client.AllInputsExtractionJobs(context.Background(), env.App, 0) {
			return job.ID
		}
		return ""
	}
	env.Test(t,
		resource.TestStep{
			Config: env.Config(jobResult, act("clarifai_cancel_inputs_add_job", "id = clarifai_inputs_import.test.id")),
			Check:  resource.ComposeTestCheckFunc(env.Called(1, "CancelInputsAddJob"), stopped(newest)),
		},
		// What somebody has cancelled on purpose is not started again.
		resource.TestStep{Config: env.Config(body(`triggers = { run = "1" }`)), Check: started(env, 1)},
		resource.TestStep{
			Config: env.Config(strings.Replace(jobResult, `"1"`, `"2"`, 1), act("clarifai_cancel_inputs_extraction_jobs",
				"ids = clarifai_inputs_import.test.extraction_jobs[*].id")),
			Check: resource.ComposeTestCheckFunc(started(env, 2), stopped(newest)),
		},
	)
}
