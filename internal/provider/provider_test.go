package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

const aDataset = `
resource "clarifai_dataset" "test" {
  id = "trucks"
}
`

// clearEnvironment unsets the provider's environment variables.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID", "CLARIFAI_API_BASE"} {
		t.Setenv(name, "")
	}
	t.Setenv("HOME", t.TempDir())
}

func TestAccProvider_environment(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	t.Setenv("CLARIFAI_PAT", acctest.PAT)
	t.Setenv("CLARIFAI_USER_ID", acctest.User)
	t.Setenv("CLARIFAI_APP_ID", acctest.App)
	t.Setenv("CLARIFAI_API_BASE", env.URL())
	env.Test(t, resource.TestStep{Config: `provider "clarifai" {}` + aDataset})
}

func TestAccProvider_cliContext(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	home := os.Getenv("HOME")
	if err := os.MkdirAll(filepath.Join(home, ".config", "clarifai"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := `current_context: broken
contexts:
  broken:
    CLARIFAI_PAT: nonsense
  work:
    pat: ` + acctest.PAT + `
    CLARIFAI_USER_ID: acme
    CLARIFAI_APP_ID: ENVVAR
    CLARIFAI_API_BASE: ` + env.URL() + `
    port: 80
  nested:
    env:
      CLARIFAI_PAT: ` + acctest.PAT + `
      CLARIFAI_USER_ID: acme
      CLARIFAI_APP_ID: fleet
      CLARIFAI_API_BASE: ` + env.URL() + `
`
	if err := os.WriteFile(filepath.Join(home, ".config", "clarifai", "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	env.Test(t,
		resource.TestStep{
			Config:      `provider "clarifai" { context = "play" }` + aDataset,
			ExpectError: regexp.MustCompile(`(?s)has no\s+context\s+"play";\s+it\s+has\s+"broken",\s+"nested",\s+"work"`),
		},
		resource.TestStep{
			Config:      `provider "clarifai" { context = "work" }` + aDataset,
			ExpectError: regexp.MustCompile(`(?s)Missing app_id.*CLARIFAI_APP_ID`),
		},
		resource.TestStep{Config: `
provider "clarifai" {
  context = "work"
  app_id  = "fleet"
}` + aDataset},
		resource.TestStep{Config: `provider "clarifai" { context = "nested" }` + aDataset},
	)
}

func TestAccProvider_invalid(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	for arguments, want := range map[string]string{
		``:         `Missing personal access token`,
		`pat = ""`: `at least 1`,
		`pat = "x"
  base_url = "http://api.clarifai.com"`: `(?s)http is\s+only\s+accepted\s+for\s+loopback`,
		`pat = "x"
  base_url = "https://u:p@api.clarifai.com"`: `(?s)must not contain a user\s+name or password`,
		`pat = "x y"`: `contains a space`,
		`pat = "x"
  retry_timeout = "soon"`: `Invalid duration`,
		`pat = "x"
  max_concurrent_requests = 0`: `between 1 and 256`,
		`pat = "x"
  requests_per_second = -1`: `at least 0`,
		`pat = "x"
  user_id = "a/b"`: `contains a slash`,
		`pat = "x"
  config_file = "/nonexistent/x"`: `(?s)cannot read the Clarifai CLI\s+configuration`,
	} {
		env.Test(t, resource.TestStep{
			Config: `
provider "clarifai" {
  ` + arguments + `
}` + aDataset,
			ExpectError: regexp.MustCompile(want),
		})
	}
}

// A token that another resource creates is not known at the first plan.
func TestAccProvider_unknownAtPlan(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	config := `
resource "terraform_data" "created_later" {
  input = { pat = "` + acctest.PAT + `", app = "fleet" }
}
provider "clarifai" {
  base_url = "` + env.URL() + `"
  pat      = terraform_data.created_later.output.pat
  app_id   = terraform_data.created_later.output.app
  user_id  = "acme"
}
` + aDataset
	env.Test(t, resource.TestStep{
		Config: config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("clarifai_dataset.test", plancheck.ResourceActionCreate),
		}},
	})
}

// A default that is not known yet is not replaced by the environment's: it may be another app.
func TestAccProvider_unknownScope(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	t.Setenv("CLARIFAI_APP_ID", "a-different-app")
	config := func(app string) string {
		return `
resource "terraform_data" "created_later" {
  input = "fleet"
}
provider "clarifai" {
  base_url = "` + env.URL() + `"
  pat      = "` + acctest.PAT + `"
  app_id   = ` + app + `
  user_id  = "acme"
}
` + aDataset
	}
	env.Test(t,
		resource.TestStep{
			Config:      config("terraform_data.created_later.output") + `data "clarifai_datasets" "all" {}`,
			ExpectError: regexp.MustCompile(`(?s)app_id is not known yet.*-target`),
		},
		resource.TestStep{
			Config:      config("terraform_data.created_later.output") + `data "clarifai_app" "this" {}`,
			ExpectError: regexp.MustCompile(`(?s)id is not known yet.*-target`),
		},
		resource.TestStep{
			Config: config("terraform_data.created_later.output") + `
import {
  to = clarifai_dataset.test
  id = "trucks"
}`,
			ExpectError: regexp.MustCompile(`(?s)Import needs app_id.*-target`),
		},
		resource.TestStep{
			Config: config(`"fleet"`) + `data "clarifai_datasets" "all" {}`,
			Check:  resource.TestCheckResourceAttr("data.clarifai_datasets.all", "app_id", "fleet"),
		},
		resource.TestStep{
			Config: config("terraform_data.created_later.output") + `data "clarifai_datasets" "all" {}`,
			Check:  resource.TestCheckResourceAttr("data.clarifai_datasets.all", "app_id", "fleet"),
		},
	)
}

// A context that is not known yet does not make a token unnecessary, and an id from the environment
// is validated as one in the configuration is.
func TestAccProvider_unknownContext(t *testing.T) {
	env := acctest.New(t, acctest.Serial)
	clearEnvironment(t)
	file := filepath.Join(t.TempDir(), "config")
	settings := `contexts:
  work:
    CLARIFAI_PAT: ` + acctest.PAT + `
    CLARIFAI_USER_ID: acme
    CLARIFAI_APP_ID: fleet
    CLARIFAI_API_BASE: ` + env.URL() + `
`
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	config := `
resource "terraform_data" "created_later" {
  input = "work"
}
provider "clarifai" {
  config_file = "` + file + `"
  context     = terraform_data.created_later.output
}
` + aDataset
	env.Test(t, resource.TestStep{Config: config})
	t.Setenv("CLARIFAI_APP_ID", "a/b")
	env.Test(t, resource.TestStep{
		Config:      strings.Replace(config, "terraform_data.created_later.output", `"work"`, 1),
		ExpectError: regexp.MustCompile(`(?s)Invalid app_id.*CLARIFAI_APP_ID.*slash`),
	})
}

// The token must not be in TRACE logs, plans, state or output, whether the apply succeeds or fails.
func TestAccProvider_secretToken(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, `
provider "clarifai" {
  user_id = "acme"
  app_id  = "fleet"

  skip_credentials_validation = true # so that the apply fails
}
resource "clarifai_dataset" "test" {
  id       = "trucks"
  metadata = jsonencode({ a = 1 })
}
resource "clarifai_dataset" "rejected" {
  id     = "rejected"
  app_id = "no-such-app"
}
`)
	log := filepath.Join(w.Dir, "trace.log")
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", log)
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	printed, _ := w.Run(t, "plan", "-out=plan.bin")
	shown, _ := w.Run(t, "show", "-json", "plan.bin")
	applied, code := w.Run(t, "apply", "-auto-approve")
	if code == 0 || !strings.Contains(applied, "Unable to create dataset \"rejected\"") {
		t.Fatalf("the second dataset should have been rejected:\n%s", applied)
	}
	traced, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(traced), "clarifai: call") || !strings.Contains(string(state), "trucks") {
		t.Fatal("nothing was logged or stored, so the test proves nothing")
	}
	for where, text := range map[string]string{"output": printed + applied, "plan": shown, "log": string(traced), "state": string(state)} {
		if strings.Contains(text, acctest.PAT) {
			t.Errorf("the token is in the %s", where)
		}
	}
}

func TestAccProvider_unreachable(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(aDataset)
	env.Server.Close()
	env.Test(t, resource.TestStep{
		Config:      config,
		ExpectError: regexp.MustCompile(`(?s)Unable to create dataset "trucks".*connection refused.*CLARIFAI_API_BASE`),
	})
}

// A wrong token or app is reported at plan, with one request for the whole run.
func TestAccProvider_accessCheck(t *testing.T) {
	env := acctest.New(t)
	config := func(pat, app, arguments, resources string) string {
		return fmt.Sprintf(`
provider "clarifai" {
  base_url = %q
  pat      = %q
  user_id  = "acme"
  app_id   = %q
  %s
}
%s`, env.URL(), pat, app, arguments, resources)
	}
	const two = `
resource "clarifai_dataset" "test" {
  count = 2
  id    = "trucks-${count.index}"
}
`
	const skip = "skip_credentials_validation = true"
	const ownApp = `
resource "clarifai_app" "own" {
  id              = "own"
  deletion_policy = "delete"
}
resource "clarifai_dataset" "own" {
  app_id = clarifai_app.own.id
  id     = "trucks"
}
`
	env.Test(t,
		resource.TestStep{
			Config:      config("wrong", "fleet", "", two),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`Unable to use the personal access token`),
		},
		resource.TestStep{
			Config:      config(acctest.PAT, "flet", "", two),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`App "flet" not found`),
		},
		resource.TestStep{
			PreConfig:          env.ResetCalls,
			Config:             config(acctest.PAT, "flet", skip, two),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig: func() {
				if got := len(env.Calls()); got != 0 {
					t.Errorf("%d requests although the check is skipped", got)
				}
			},
			Config:             config(acctest.PAT, "fleet", "", two),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			PreConfig: func() {
				// The test framework plans twice.
				if got := env.Count("GetApp"); got < 1 || got > 2 {
					t.Errorf("%d requests for two planned datasets", got)
				}
			},
			Config: config(acctest.PAT, "none", "", ownApp),
		},
	)
}
