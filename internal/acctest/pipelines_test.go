package acctest_test

import (
	"context"
	"fmt"
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

// The policy of examples/pipelines, evaluated by the Open Policy Agent: what it allows and what it denies.
func TestAccPipelines_policy(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy")
	build := exec.CommandContext(t.Context(), "go", "build", "-C", "../tools/policy", "-o", policy, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the evaluator: %v\n%s", err, out)
	}
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, "")
	configuration := env.Config(`
resource "clarifai_inputs" "rows" {
  id          = "rows"
  manifest    = "${path.module}/rows.jsonl"
  max_deletes = 20
}
resource "clarifai_taxonomy" "vehicles" {
  name     = "vehicles"
  csv_file = "${path.module}/vehicles.csv"
}
`)
	dataset := `resource "clarifai_dataset" "trucks" {
  id = "trucks"
}
`
	// denies compares the messages about a plan.
	denies := func(arguments []string, want ...string) {
		t.Helper()
		w.MustRun(t, append([]string{"plan", "-out=plan.tfplan"}, arguments...)...)
		var shown, messages acctest.Output
		show := w.Command(t.Context(), &shown, "show", "-json", "plan.tfplan")
		if err := show.Run(); err != nil {
			t.Fatalf("show: %v\n%s", err, shown.String())
		}
		_, plan, _ := strings.Cut(shown.String(), "{") // after warnings about development overrides
		w.Write(t, "plan.json", "{"+plan)
		evaluate := exec.CommandContext(t.Context(), policy, filepath.Join(examples, "pipelines", "policy", "clarifai.rego"),
			filepath.Join(w.Dir, "plan.json"))
		evaluate.Stdout, evaluate.Stderr = &messages, &messages
		if err := evaluate.Run(); (err != nil) != (len(want) > 0) || strings.TrimSpace(messages.String()) != strings.Join(want, "\n") {
			t.Errorf("the policy says %q (%v), want %q", messages.String(), err, want)
		}
	}
	ids := strings.Split("abcdefghijklmnopqrst", "")
	w.Write(t, "main.tf", configuration+dataset)
	w.Write(t, "rows.jsonl", rows(ids...))
	w.Write(t, "vehicles.csv", taxonomyOf("vehicle", 120))
	denies(nil)
	w.MustRun(t, "apply", "plan.tfplan")

	w.Write(t, "rows.jsonl", rows(ids[10:]...))
	denies(nil) // ten are allowed
	w.Write(t, "rows.jsonl", rows(ids[11:]...))
	denies(nil, "clarifai_inputs.rows would remove 11 objects; at most 10 are allowed")
	denies([]string{"-refresh=false"}, "the changes of clarifai_inputs.rows are not known: plan with a refresh")
	w.Write(t, "rows.jsonl", strings.ReplaceAll(rows(ids...), "Row", "Other row"))
	denies(nil, "clarifai_inputs.rows would replace 20 objects; at most 10 are allowed")
	w.Write(t, "rows.jsonl", rows(ids...))
	w.Write(t, "vehicles.csv", taxonomyOf("", 120))
	denies(nil, "clarifai_taxonomy.vehicles would remove 119 relations; at most 100 are allowed")
	w.Write(t, "vehicles.csv", taxonomyOf("vehicle", 120))
	w.Write(t, "main.tf", configuration)
	denies(nil, "clarifai_dataset.trucks would be deleted")
}

// taxonomyOf returns a taxonomy whose concepts have a common parent, or none.
func taxonomyOf(parent string, n int) string {
	text := "id,parent\nvehicle,\n"
	for i := range n - 1 {
		text += fmt.Sprintf("kind-%d,%s\n", i, parent)
	}
	return text
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
