package acctest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// The scripts of examples/pipelines: plan, apply, no drift, drift.
func TestAccPipelines(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not in PATH")
	}
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, "")
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.Setenv("CLARIFAI_USER_ID", acctest.User)
	w.Setenv("CLARIFAI_APP_ID", acctest.App)
	cli, err := acctest.TheCLI()
	if err != nil {
		t.Fatal(err)
	}
	w.Setenv("CLI", cli.Path)
	w.Setenv("SKIP_INIT", "1") // development overrides
	w.Write(t, "main.tf", `
terraform {
  required_providers {
    clarifai = { source = "clarifai/clarifai" }
  }
}
resource "clarifai_dataset" "trucks" {
  id          = "trucks"
  description = "Trucks"
}
resource "clarifai_inputs" "rows" {
  id       = "rows"
  manifest = "${path.module}/rows.jsonl"
}
`)
	w.Write(t, "rows.jsonl", rows("a", "b", "c"))

	if out, code := script(t, w, "plan.sh"); code != 0 {
		t.Fatalf("plan.sh ended with %d:\n%s", code, out)
	}
	contains(t, w, "changes", "true")
	contains(t, w, "summary.md", "### Plan: 2 to add, 0 to change, 0 to replace, 0 to destroy", "| `clarifai_dataset.trucks` | add |",
		"`clarifai_inputs.rows` | add |", "3")
	if out, code := script(t, w, "apply.sh"); code != 0 {
		t.Fatalf("apply.sh ended with %d:\n%s", code, out)
	}
	if out, code := script(t, w, "drift.sh"); code != 0 || !strings.Contains(out, "no drift") {
		t.Fatalf("drift.sh ended with %d:\n%s", code, out)
	}

	// An object of the configuration is changed, and a row is removed: both are in the summary.
	if _, err := env.Client.PatchDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "trucks", Description: "Lorries"}},
		clarifai.ActionOverwrite); err != nil {
		t.Fatal(err)
	}
	if out, code := script(t, w, "drift.sh"); code != 2 || !strings.Contains(out, "| `clarifai_dataset.trucks` | change |") {
		t.Errorf("drift.sh ended with %d:\n%s", code, out)
	}
	w.Write(t, "rows.jsonl", rows("a", "b"))
	if out, code := script(t, w, "plan.sh"); code != 0 {
		t.Fatalf("plan.sh ended with %d:\n%s", code, out)
	}
	contains(t, w, "summary.md", "0 to add, 2 to change", "`clarifai_inputs.rows` | change |", "remove")

	// An error is not drift.
	w.Write(t, "main.tf", "resource {")
	if out, code := script(t, w, "drift.sh"); code != 1 {
		t.Errorf("drift.sh ended with %d for an invalid configuration:\n%s", code, out)
	}
}

func rows(ids ...string) string {
	var text strings.Builder
	for _, id := range ids {
		text.WriteString(`{"id": "` + id + `", "text": "Row ` + id + `"}` + "\n")
	}
	return text.String()
}

// script runs one of the scripts in the workspace.
func script(t *testing.T, w *acctest.Workspace, name string) (output string, code int) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(examples, "pipelines", name))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), path)
	cmd.Dir, cmd.Env = w.Dir, w.Environ()
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func contains(t *testing.T, w *acctest.Workspace, name string, want ...string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range want {
		if !strings.Contains(string(content), text) {
			t.Errorf("%s has no %q:\n%s", name, text, content)
		}
	}
}
