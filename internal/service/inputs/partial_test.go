package inputs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// What was created in part is destroyed with all that is there, members of other datasets as well.
func TestAccInputs_partialDestroyOfMembers(t *testing.T) {
	env := acctest.New(t)
	if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "day"}}); err != nil {
		t.Fatal(err)
	}
	m := newManifest(t, "signs.jsonl", urlRow("a", `"datasets":["day"]`), urlRow("b"), urlRow("c", `"datasets":["nowhere"]`))
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env),
		Steps:        []resource.TestStep{{Config: env.Config(m.block()), ExpectError: regexp.MustCompile("1 of 3 inputs failed")}},
	})
}

// The tracking dataset has all inputs, so rows cannot name it.
func TestAccInputs_trackingDatasetInRow(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"datasets":["signs"]`), urlRow("b"))
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block()), ExpectError: regexp.MustCompile(`Dataset "signs" is the tracking dataset of`)},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a"), urlRow("b")) },
			Config:    env.Config(m.block()), Check: has(env, "a", "b"),
		},
	)
}

// An input belongs to one resource.
func TestAccInputs_sharedRows(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	other := newManifest(t, "other.jsonl", urlRow("b"), urlRow("c"))
	config := env.Config(
		m.block() + fmt.Sprintf("resource \"clarifai_inputs\" \"other\" {\n  id = \"other\"\n  manifest = %q\n}\n", other.path),
	)
	env.Test(t,
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)1 input listed by two resources.*list "b"`)},
		resource.TestStep{ // a resource belongs to one block
			Config: strings.Replace(config, `id = "other"`, `id = "signs"`, 1), PlanOnly: true,
			ExpectError: regexp.MustCompile(`Two resources manage clarifai_inputs`),
		},
		resource.TestStep{
			PreConfig: func() { other.write(t, urlRow("c")) },
			Config:    config, Check: has(env, "a", "b", "c"),
		},
	)
}

// Terraform blames the provider when a saved plan does not hold any more, so the provider says what it is.
func TestAccInputs_changedAfterPlanOfUpdate(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRow("a"))
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	m.write(t, urlRow("a"), urlRow("b"))
	const said = "The source has changed since it was last read"
	if plan := w.MustRun(t, "plan", "-out=plan"); strings.Contains(plan, said) {
		t.Errorf("it has not changed yet:\n%s", plan)
	}
	m.write(t, urlRow("a"), urlRow("c"))
	output, code := w.Run(t, "apply", "plan")
	if code == 0 || !strings.Contains(output, said) {
		t.Errorf("ended with %d:\n%s", code, output)
	}
	if err := has(env, "a")(nil); err != nil {
		t.Error(err)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if err := has(env, "a", "c")(nil); err != nil {
		t.Error(err)
	}
}

// Rows that go from one resource to another take their inputs along, when the other comes first.
func TestAccInputs_movedRows(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"), urlRow("c"))
	other := newManifest(t, "other.jsonl", urlRow("c"))
	second := fmt.Sprintf("resource \"clarifai_inputs\" \"other\" {\n  id = \"other\"\n  manifest = %q\n}\n", other.path)
	env.Test(
		t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a"), urlRow("b")); env.ResetCalls() },
			Config:    env.Config(m.block("depends_on = [clarifai_inputs.other]") + second),
			Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "c"), env.Called(0, "DeleteInputs", "PostInputs"),
				env.HasMembers("signs", "a", "b"), env.HasMembers("other", "c")),
		},
		// What is in no row of either is deleted as ever.
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a")) },
			Config:    env.Config(m.block("depends_on = [clarifai_inputs.other]") + second),
			Check:     has(env, "a", "c"),
		},
	)
}

// Without the tracking dataset, inputs without a row are no longer known to belong to the resource.
func TestAccInputs_trackingDatasetDeleted(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	if plan := w.MustRun(t, "plan", "-no-color"); strings.Contains(plan, "The tracking dataset no longer exists") {
		t.Errorf("it is there:\n%s", plan)
	}
	if err := env.Client.DeleteDatasets(t.Context(), env.App, []string{"signs"}); err != nil {
		t.Fatal(err)
	}
	m.write(t, urlRow("a"))
	if output := w.MustRun(t, "apply", "-auto-approve", "-no-color"); !strings.Contains(output, "The tracking dataset no longer exists") {
		t.Errorf("got:\n%s", output)
	}
	if err := has(env, "a", "b")(nil); err != nil {
		t.Error(err)
	}
	if err := env.HasMembers("signs", "a")(nil); err != nil {
		t.Error(err)
	}
	if output, code := w.Run(t, "plan", "-detailed-exitcode", "-no-color"); code != 0 ||
		strings.Contains(output, "The tracking dataset no longer exists") {
		t.Errorf("ended with %d:\n%s", code, output)
	}
}
