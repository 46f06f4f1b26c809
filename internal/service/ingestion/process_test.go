//go:build unix

package ingestion_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// frozen is a service whose jobs, an hour each, go on only when the test says so.
func frozen(t *testing.T, bucket map[string]string) (*acctest.Env, *emulator.ManualClock) {
	t.Helper()
	clock := emulator.NewManualClock(time.Now())
	return service(t, time.Hour, bucket, acctest.Emulator(func(o *emulator.Options) { o.Clock = clock })), clock
}

// oneJob checks that the service has just one job that adds inputs, and that it is done.
func oneJob(t *testing.T, env *acctest.Env) {
	t.Helper()
	var all []clarifai.InputsAddJob
	for job, err := range env.Client.AllInputsAddJobs(t.Context(), env.App, 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, job)
	}
	if len(all) != 1 || len(all[0].ExtractionJobs) != 1 {
		t.Fatalf("the service has %d add jobs: %+v", len(all), all)
	}
	job := all[0]
	if job.Status.Code != clarifai.StatusJobCompleted || job.ExtractionJobs[0].Status.Code != clarifai.StatusJobCompleted ||
		job.Progress.PendingCount+job.Progress.InProgressCount > 0 {
		t.Errorf("the job is not done: %+v", job)
	}
}

// advanceSoon moves the clock when the next apply waits.
func advanceSoon(env *acctest.Env, clock *emulator.ManualClock) {
	waiting := env.Reached("GetInputsAddJob", 3)
	go func() {
		<-waiting
		clock.Advance(3 * time.Hour)
	}()
}

// Killed in any phase of the wait, the next apply finishes the same job.
func TestAccIngestion_killedWhileWaiting(t *testing.T) {
	for _, phase := range []struct {
		name   string
		passed time.Duration
	}{
		{"queued", 0},
		{"extracting", 40 * time.Minute},
		{"processing", 70 * time.Minute},
	} {
		for _, kind := range []string{"import", "upload"} {
			t.Run(kind+" "+phase.name, func(t *testing.T) {
				env, clock := frozen(t, reports(4))
				config, want := env.Config(body(`input_template = { concepts = { a = 1 } }`)), []string{"r0", "r1", "r2", "r3"}
				if kind == "upload" {
					config, want = env.Config(upload(archive(t, three(), 0), "")), []string{"a", "b", "c"}
				}
				w := env.Workspace(t, config)
				started := env.Reached(map[string]string{"import": "PostInputsDataSources", "upload": "PutUploadContentParts"}[kind], 1)
				waiting := make(chan struct{})
				go func() {
					<-started
					// Each part of the time has its own events.
					for passed := time.Duration(0); passed < phase.passed; passed += 10 * time.Minute {
						clock.Advance(10 * time.Minute)
					}
					<-env.Reached("GetInputsAddJob", 3)
					close(waiting)
				}()
				w.CutOff(t, waiting, syscall.SIGKILL)

				advanceSoon(env, clock)
				output := w.MustRun(t, "apply", "-auto-approve")
				if !strings.Contains(output, "Adopted existing job: ") || !strings.Contains(output, "1 added") {
					t.Errorf("the next apply should find the job:\n%s", output)
				}
				oneJob(t, env)
				if n := env.Count("PostInputsDataSources", "PostInputsUploads"); n != 1 {
					t.Errorf("%d jobs were started", n)
				}
				if got := env.Inputs(env.App.AppID); !slices.Equal(got, want) {
					t.Errorf("the app has inputs %v, want %v", got, want)
				}
				w.NoChanges(t)
			})
		}
	}
}

// Killed while it sends, the next apply sends the rest of the same upload.
func TestAccInputsUpload_killedWhileSending(t *testing.T) {
	env := service(t, 0, nil, acctest.RealTime)
	fault := env.MustFault(emulator.Fault{Op: "PutUploadContentParts", After: 6, Latency: emulator.Duration(time.Hour)})
	w := env.Workspace(t, env.Config(upload(archive(t, three(), 9*wholePart), "")))
	w.CutOff(t, env.Reached("PutUploadContentParts", 6), syscall.SIGKILL)
	env.ClearFaults(fault)
	if state, _ := w.Run(t, "state", "list"); strings.Contains(state, uploaded) {
		t.Fatalf("this test is about what no state knows of:\n%s", state)
	}
	env.ResetCalls()

	output := w.MustRun(t, "apply", "-auto-approve")
	if !strings.Contains(output, "Adopted existing job: ") {
		t.Errorf("the next apply should find the upload:\n%s", output)
	}
	oneJob(t, env)
	if n := env.Count("PostInputsUploads"); n != 0 {
		t.Errorf("%d more uploads were opened", n)
	}
	// A percentage is all that the service tells, and the last few before the gap may lack.
	if n := env.Count("PutUploadContentParts"); n < 4 || n > 4+4 {
		t.Errorf("%d parts were sent for the 4 that were missing", n)
	}
	if got := env.Inputs(env.App.AppID); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("the app has inputs %v", got)
	}
	w.NoChanges(t)
}

// After an interrupt the job is in state, and the next apply resumes waiting for it.
func TestAccIngestion_ctrlC(t *testing.T) {
	t.Run("waiting", func(t *testing.T) {
		env, clock := frozen(t, reports(2))
		w := env.Workspace(t, env.Config(body(``), `
resource "terraform_data" "dependent" { input = clarifai_inputs_import.test.id }
`))
		output, _ := w.CutOff(t, env.Reached("GetInputsAddJob", 3), syscall.SIGINT)
		flat := acctest.Flat(output)
		for _, want := range []string{"Job not over yet: import of s3://acme/reports/", "was interrupted", "resumes waiting for the same job"} {
			if !strings.Contains(flat, want) {
				t.Errorf("no %q in\n%s", want, output)
			}
		}
		if strings.Contains(output, "terraform_data.dependent: Creating") || strings.Contains(output, "unknown value") {
			t.Errorf("after an interrupt nothing that depends on the job is created, and the state is whole:\n%s", output)
		}
		advanceSoon(env, clock)
		output = w.MustRun(t, "apply", "-auto-approve")
		if !strings.Contains(output, "1 added, 1 changed, 0 destroyed") {
			t.Errorf("the next apply should only wait on:\n%s", output)
		}
		oneJob(t, env)
		w.NoChanges(t)
		output = w.MustRun(t, "destroy", "-auto-approve")
		if flat := acctest.Flat(output); !strings.Contains(flat,
			"Inputs that the import of s3://acme/reports/ has added") {
			t.Errorf("destroying does not say what was made by which job:\n%s", output)
		}
	})
	t.Run("sending", func(t *testing.T) {
		env := service(t, 0, nil, acctest.RealTime)
		fault := env.MustFault(emulator.Fault{Op: "PutUploadContentParts", After: 2, Latency: emulator.Duration(time.Hour)})
		w := env.Workspace(t, env.Config(upload(archive(t, three(), 3*wholePart), "")))
		output, _ := w.CutOff(t, env.Reached("PutUploadContentParts", 2), syscall.SIGINT)
		if !strings.Contains(output, "Incomplete upload of ") {
			t.Errorf("it does not say what is missing:\n%s", output)
		}
		env.ClearFaults(fault)
		if output = w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(output, "0 added, 1 changed, 0 destroyed") {
			t.Errorf("the next apply should only send the rest:\n%s", output)
		}
		oneJob(t, env)
		w.NoChanges(t)
	})
}

// Credentials must not be in logs at their chattiest, in plans, in state or in what is
// printed, whether things go well or wrong.
func TestAccIngestion_secretCredentials(t *testing.T) {
	acctest.Require(t, acctest.WriteOnly)
	env := service(t, 0, reports(2), acctest.RealTime)
	const canary = "canary-secret-9f8e7d6c5b4a"
	config := `
provider "clarifai" {
  user_id = "acme"
  app_id  = "fleet"

  skip_credentials_validation = true # one of the apps does not exist
}
variable "secret" {
  type      = string
  ephemeral = true
}
locals {
  s3 = { s3 = { region = "eu-west-1", id = "id-${var.secret}", secret = var.secret, token = "t-${var.secret}" } }
}
resource "clarifai_inputs_import" "good" {
  url            = "s3://acme/reports/"
  credentials_wo = local.s3
}
resource "clarifai_inputs_import" "bad" {
  url            = "https://acct.blob.core.windows.net/nobody/"
  credentials_wo = { azure = { account_name = "acct", account_key = var.secret } }
}
resource "clarifai_inputs_import" "refused" {
  url            = "gs://acme/reports/"
  app_id         = "no-such-app"
  credentials_wo = { gcp = { service_account_json = jsonencode({ private_key = var.secret }) } }
}
`
	if acctest.Has(acctest.Actions) {
		config += `
action "clarifai_inputs_import" "now" {
  config {
    url            = "s3://acme/other/"
    credentials_wo = local.s3
  }
}
resource "terraform_data" "now" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_inputs_import.now]
    }
  }
}
`
	}
	w := env.Workspace(t, config)
	log := filepath.Join(w.Dir, "trace.log")
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", log)
	w.Setenv("TF_VAR_secret", canary)
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	printed, code := w.Run(t, "plan", "-out=plan.bin")
	if code != 0 {
		t.Fatalf("plan ended with %d:\n%s", code, printed)
	}
	shown, _ := w.Run(t, "show", "-json", "plan.bin")
	applied, code := w.Run(t, "apply", "plan.bin")
	if code == 0 || !strings.Contains(applied, "66000") || !strings.Contains(applied, "no-such-app") {
		t.Fatalf("two imports should have failed:\n%s", applied)
	}
	seen := map[string]string{"output": printed + applied, "plan as JSON": shown, "plan file": unzipped(t, filepath.Join(w.Dir,
		"plan.bin"))}
	for name, path := range map[string]string{"log": log, "state": filepath.Join(w.Dir, "terraform.tfstate")} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		seen[name] = string(content)
	}
	if !strings.Contains(seen["log"], "clarifai: call") || !strings.Contains(seen["state"],
		"s3://acme/reports/") || !strings.Contains(seen["plan file"], "s3://acme/reports/") {
		t.Fatal("nothing was logged, planned or stored, so nothing is shown")
	}
	arrived := 0
	for _, call := range env.Calls("PostInputsDataSources") {
		arrived += bytes.Count(call.Request, []byte(canary))
	}
	if arrived < 4 { // three in s3, one in azure
		t.Fatalf("the secret has not arrived at the service (%d times), so that it is nowhere else says nothing", arrived)
	}
	for where, text := range seen {
		for _, secret := range []string{canary, acctest.PAT} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("a secret is in the %s: …%s…", where, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
}

// What Terraform stores of a secret, as SECURITY.md says: state never has it, and of an action's argument the plan has every value
// that is not ephemeral.
func TestAccIngestion_secretsInPlan(t *testing.T) {
	acctest.Require(t, acctest.WriteOnly)
	const canary = "canary-secret-1a2b3c4d"
	const resource = `
resource "clarifai_inputs_import" "day" {
  url            = "s3://acme/reports/"
  credentials_wo = { s3 = { region = "eu-west-1", id = "id", secret = SECRET } }
}
`
	const action = `
action "clarifai_inputs_import" "day" {
  config {
    url            = "s3://acme/reports/"
    credentials_wo = { s3 = { region = "eu-west-1", id = "id", secret = SECRET } }
  }
}
resource "terraform_data" "day" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.clarifai_inputs_import.day]
    }
  }
}
`
	for _, value := range []struct{ name, variable, expression string }{
		{"literal", "", `"` + canary + `"`},
		{"sensitive", "variable \"secret\" {\n  type      = string\n  sensitive = true\n}\n", "var.secret"},
		{"ephemeral", "variable \"secret\" {\n  type      = string\n  ephemeral = true\n}\n", "var.secret"},
	} {
		for kind, block := range map[string]string{"resource": resource, "action": action} {
			t.Run(value.name+" in "+kind, func(t *testing.T) {
				if kind == "action" {
					acctest.Require(t, acctest.Actions)
				}
				env := service(t, 0, reports(1), acctest.RealTime)
				w := env.Workspace(t, env.Config(value.variable, strings.ReplaceAll(block, "SECRET", value.expression)))
				if value.variable != "" {
					w.Setenv("TF_VAR_secret", canary)
				}
				printed := w.MustRun(t, "plan", "-out=plan.bin")
				shown := w.MustRun(t, "show", "-json", "plan.bin")
				printed += w.MustRun(t, "apply", "plan.bin")
				state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
				if err != nil {
					t.Fatal(err)
				}
				if calls := env.Calls("PostInputsDataSources"); len(calls) != 1 || !bytes.Contains(calls[0].Request, []byte(canary)) {
					t.Fatal("the secret has not arrived at the service, so that it is nowhere else says nothing")
				}
				if strings.Contains(string(state), canary) || strings.Contains(printed, canary) {
					t.Errorf("the secret is in state or in the output:\n%s", printed)
				}
				inPlan := strings.Contains(shown, canary)
				if value.name == "ephemeral" && inPlan {
					t.Error("an ephemeral value is in the plan")
				}
				if value.name != "ephemeral" && kind == "action" && !inPlan {
					t.Error("the plan no longer has the secret: SECURITY.md and the guides say that it does")
				}
			})
		}
	}
}

// unzipped is all that is in a zip archive.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var all strings.Builder
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, file.Name)
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
	}
	return all.String()
}
