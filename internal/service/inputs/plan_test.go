package inputs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The tracking dataset is created again as long as it does not exist and retry_timeout has not passed.
func TestAccInputs_trackingDatasetRetried(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"))
	env.MustFault(emulator.Fault{Op: "PostDatasets", Count: 5, HTTP: 502, Body: "<html>Bad Gateway</html>"})
	env.Test(
		t,
		resource.TestStep{Config: env.Config(m.block()), Check: resource.ComposeTestCheckFunc(has(env, "a"), env.Called(6, "PostDatasets"))},
	)
}

// dataset_ids holds for all rows, also for those that name datasets themselves.
func TestAccInputs_datasetsOfAll(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day", "trucks")
	m := newManifest(t, "signs.jsonl", urlRow("a", `"datasets":["day"]`), urlRow("b"))
	env.Test(t,
		resource.TestStep{
			Config: env.Config(m.block(`dataset_ids = ["trucks"]`)),
			Check:  resource.ComposeTestCheckFunc(env.HasMembers("trucks", "a", "b"), env.HasMembers("day", "a")),
		},
		resource.TestStep{Config: env.Config(m.block(`dataset_ids = ["trucks"]`)), ConfigPlanChecks: noop},
	)
}

// The plan says what differs, also if somebody else has changed it.
func TestAccInputs_differencesInPlan(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":{"truck":1,"night":1}`), urlRow("b"))
	config := env.Config(m.block())
	env.Test(t,
		resource.TestStep{Config: config, ConfigPlanChecks: plans(plannedText(`(?s)^2 to add, .* requests?.*\nadd a\nadd b$`))},
		resource.TestStep{
			PreConfig: func() {
				env.PatchInput(t, "a", clarifai.Data{Concepts: []clarifai.Concept{{ID: "van"}}}, clarifai.ActionMerge)
			},
			Config: config, ConfigPlanChecks: plans(plannedText(`(?s)^0 to add, 1 to change, .*\nchange a: concepts -van$`)),
		},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a", `"concepts":{"truck":0,"day":1}`)) },
			Config:    config, ConfigPlanChecks: plans(plannedText(`(?s)\nremove b\nchange a: concepts \+day 1, truck 1 -> 0, -night$`)),
		},
	)
}

// A small change reads all inputs once, for the plan, and only those that it is about for the apply.
func TestAccInputs_smallChange(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	rows := make([]string, 2500)
	for i := range rows {
		rows[i] = urlRow(fmt.Sprintf("img-%06d", i), `"concepts":["stop"]`)
	}
	m := newManifest(t, "signs.jsonl", rows...)
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	rows[7] = urlRow("img-000007", `"concepts":["go"]`)
	m.write(t, append(rows[:2499], urlRow("new"))...) // one is changed, one added, one removed
	env.ResetCalls()
	plan := w.MustRun(t, "plan", "-no-color", "-out=plan")
	if !strings.Contains(plan, "1 to add, 1 to change, 0 to replace, 1 to remove; 5 requests") {
		t.Errorf("the plan does not have the counts and the cost:\n%s", plan)
	}
	if n := env.Count("ListDatasetInputs"); n == 0 || n > 4 {
		t.Errorf("the plan read %d pages of 2,500 inputs", n)
	}
	env.ResetCalls()
	w.MustRun(t, "apply", "plan")
	if n := env.Count("ListDatasetInputs"); n > 0 {
		t.Errorf("the apply read %d pages", n)
	}
	if err := hasLabels(env, "img-000007", "map[go:1]")(nil); err != nil {
		t.Error(err)
	}
	if err := number(env, 2500)(nil); err != nil {
		t.Error(err)
	}
	if output, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after it ended with %d:\n%s", code, output)
	}

	// What is not as it was found any more is compared with the rest.
	rows[8] = urlRow("img-000008", `"concepts":["go"]`)
	m.write(t, append(rows[:2499], urlRow("new"))...)
	w.MustRun(t, "plan", "-out=plan")
	if err := env.Client.DeleteInputs(t.Context(), env.App, []string{"img-000008"}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "plan")
	if err := hasLabels(env, "img-000008", "map[go:1]")(nil); err != nil {
		t.Error(err)
	}
}

// A plan that only refreshes is empty after an apply, and names what others have changed.
func TestAccInputs_refreshOnly(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":["truck"]`), urlRow("b"), urlRow("c"))
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	refresh := func() (string, int) {
		output, code := w.Run(t, "plan", "-refresh-only", "-detailed-exitcode", "-no-color")
		return strings.Join(strings.Fields(output), " "), code
	}
	// The exit code does not show it: Terraform 1.11 ends with 2 for any resource that has a number.
	if output, _ := refresh(); !strings.Contains(output, "No changes.") {
		t.Errorf("after an apply it has changes:\n%s", output)
	}
	env.PatchInput(t, "a", clarifai.Data{Concepts: []clarifai.Concept{{ID: "van"}}}, clarifai.ActionMerge)
	if err := env.Client.DeleteInputs(t.Context(), env.App, []string{"b"}); err != nil {
		t.Fatal(err)
	}
	output, code := refresh()
	if want := `"1 input missing: b; 1 input changed: a (concepts -van)"`; code != 2 || !strings.Contains(output, want) {
		t.Errorf("it ended with %d and does not have %s:\n%s", code, want, output)
	}
	// Attributes that say how to apply have no changes of inputs.
	w.MustRun(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", env.Config(m.block("max_deletes = 20")))
	plan := w.MustRun(t, "plan", "-no-color", "-out=plan")
	if !strings.Contains(plan, `-> 20`) || strings.Contains(plan, "(known after apply)") {
		t.Errorf("the plan is:\n%s", plan)
	}
	if planned := w.MustRun(t, "show", "-json", "plan"); !strings.Contains(planned, `"changes":""`) {
		t.Errorf("the plan has changes:\n%s", planned)
	}
}
