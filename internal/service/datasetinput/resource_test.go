package datasetinput_test

import (
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

const (
	one  = "clarifai_dataset_input.test"
	many = "clarifai_dataset_inputs.test"
)

// fill makes datasets day and night, and inputs.
func fill(t *testing.T, env *acctest.Env, inputs ...string) {
	t.Helper()
	if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "day"}, {ID: "night"}}); err != nil {
		t.Fatal(err)
	}
	for chunk := range slices.Chunk(inputs, clarifai.MaxItemsPerCall) {
		var all []clarifai.Input
		for _, id := range chunk {
			all = append(all, clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}}})
		}
		if _, err := env.Client.PostInputs(t.Context(), env.App, clarifai.PostInputsRequest{Inputs: all}); err != nil {
			t.Fatal(err)
		}
	}
}

func enter(t *testing.T, env *acctest.Env, dataset string, ids ...string) {
	t.Helper()
	items, err := env.Client.PostDatasetInputs(t.Context(), env.App, dataset, ids)
	if err == nil {
		err = items[0].Err
	}
	if err != nil {
		t.Fatal(err)
	}
}

func leave(t *testing.T, env *acctest.Env, dataset string, ids ...string) {
	t.Helper()
	if err := env.Client.DeleteDatasetInputs(t.Context(), env.App, dataset, ids); err != nil {
		t.Fatal(err)
	}
}

func calls(env *acctest.Env, most int, ops ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := env.Count(ops...); got > most {
			return fmt.Errorf("%d calls of %v, want at most %d", got, ops, most)
		}
		return nil
	}
}

func planned(add, remove int64) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectKnownValue(many, tfjsonpath.New("changes"), knownvalue.StringRegexp(regexp.MustCompile(
			fmt.Sprintf("^%d to add, 0 to change, 0 to replace, %d to remove; [12] requests?, about 1s at 15 requests/s$", add, remove)))),
	}}
}

var noop = acctest.PlansNothing()

func member(input string) string {
	return fmt.Sprintf(`resource "clarifai_dataset_input" "test" {
  dataset_id = "day"
  input_id = %q
}
`, input)
}

func block(body string) string {
	return `resource "clarifai_dataset_inputs" "test" {
  dataset_id = "day"
` + body + `
}
`
}

func listed(ids ...string) string {
	return fmt.Sprintf(`input_ids = ["%s"]
`, strings.Join(ids, `", "`))
}

func TestAccDatasetInput_basic(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b")
	env.Case(t, resource.TestCase{
		CheckDestroy: env.HasMembers("day"),
		Steps: []resource.TestStep{
			{
				Config: env.Config(member("a")),
				Check:  env.HasMembers("day", "a"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(one, tfjsonpath.New("input_id"), knownvalue.StringExact("a")),
					statecheck.ExpectKnownValue(one, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
			},
			{ResourceName: one, ImportState: true, ImportStateId: "day/a", ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "input_id"},
			{ResourceName: one, ImportState: true, ImportStateId: "acme/fleet/day/a", ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "input_id"},
			{Config: env.Config(member("b")), ConfigPlanChecks: acctest.Plans(one, plancheck.ResourceActionDestroyBeforeCreate),
				Check: env.HasMembers("day", "b")},
			{
				PreConfig: func() { leave(t, env, "day", "b") },
				Config:    env.Config(member("b")), ConfigPlanChecks: acctest.Plans(one, plancheck.ResourceActionCreate), Check: env.HasMembers("day",
					"b"),
			},
			{Config: env.Config(member("zz")), ExpectError: regexp.MustCompile(`(?s)Unable to add input "zz" in dataset "day".*30102`)},
		},
	})
}

// An input that is already a member is adopted.
func TestAccDatasetInput_adopt(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a")
	enter(t, env, "day", "a")
	env.Test(t, resource.TestStep{Config: env.Config(member("a")), Check: env.HasMembers("day", "a")})
}

// Many memberships share their calls.
func TestAccDatasetInput_shared(t *testing.T) {
	env := acctest.New(t)
	var ids []string
	for i := range 60 {
		ids = append(ids, fmt.Sprintf("img-%03d", i))
	}
	fill(t, env, ids...)
	env.Test(t, resource.TestStep{
		Config: env.Config(`resource "clarifai_dataset_input" "test" {
  count = 60
  dataset_id = "day"
  input_id = format("img-%03d", count.index)
}
`),
		Check: resource.ComposeTestCheckFunc(env.HasMembers("day", ids...), calls(env, 60, "PostDatasetInputs"),
			calls(env, 30, "GetDatasetInput", "ListDatasetInputs")),
	})
}

func TestAccDatasetInput_dataSources(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b", "c")
	enter(t, env, "day", "a", "b", "c")
	env.Test(t,
		resource.TestStep{
			Config: env.Config(`
data "clarifai_dataset_input" "one" {
  dataset_id = "day"
  input_id   = "a"
}
data "clarifai_dataset_inputs" "some" {
  dataset_id = "day"
  limit      = 2
}
data "clarifai_dataset_inputs" "all" {
  dataset_id = "day"
}
data "clarifai_dataset_inputs" "none" {
  dataset_id = "night"
}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.clarifai_dataset_input.one", tfjsonpath.New("created_at"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.some", tfjsonpath.New("input_ids"), knownvalue.ListSizeExact(2)),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.some", tfjsonpath.New("more"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.all", tfjsonpath.New("members"), knownvalue.ListSizeExact(3)),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.all",
					tfjsonpath.New("members").AtSliceIndex(0).AtMapKey("status").AtMapKey("code"), knownvalue.Int64Exact(30000)),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.all", tfjsonpath.New("more"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue("data.clarifai_dataset_inputs.none", tfjsonpath.New("input_ids"), knownvalue.ListSizeExact(0)),
			},
		},
		resource.TestStep{
			Config: env.Config(`data "clarifai_dataset_input" "one" {
  dataset_id = "night"
  input_id = "a"
}
`),
			ExpectError: regexp.MustCompile(`No input "a" in dataset "night"`),
		},
	)
}

func TestAccDatasetInput_list(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	fill(t, env, "a", "b")
	enter(t, env, "day", "a", "b")
	env.Test(t,
		resource.TestStep{Config: env.Config(member("a"))},
		resource.TestStep{
			Query: true,
			Config: `
list "clarifai_dataset_input" "test" {
  provider = clarifai
  config {
    dataset_id = "day"
  }
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_dataset_input.test", 2),
				querycheck.ExpectIdentity("clarifai_dataset_input.test", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
					"dataset_id": knownvalue.StringExact("day"), "input_id": knownvalue.StringExact("b"),
				}),
			},
		},
	)
}

// The list adds, and takes out only what it had.
func TestAccDatasetInputs_additive(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b", "c", "z")
	enter(t, env, "day", "z")
	env.Case(t, resource.TestCase{
		CheckDestroy: env.HasMembers("day", "z"),
		Steps: []resource.TestStep{
			{Config: env.Config(block(listed("a", "b"))), ConfigPlanChecks: planned(2, 0), Check: env.HasMembers("day", "a", "b", "z")},
			{Config: env.Config(block(listed("b", "a"))), ConfigPlanChecks: noop},
			{
				PreConfig: func() { leave(t, env, "day", "a") }, // drift
				Config:    env.Config(block(listed("a", "b"))), ConfigPlanChecks: planned(1, 0), Check: env.HasMembers("day", "a", "b", "z"),
			},
			{Config: env.Config(block(listed("b", "c"))), ConfigPlanChecks: planned(1, 1), Check: env.HasMembers("day", "b", "c", "z")},
			{Config: env.Config(block(listed("b", "c") + "max_deletes = 0")), ConfigPlanChecks: acctest.Plans(many, plancheck.ResourceActionUpdate)},
			{Config: env.Config(block(listed("b") + "max_deletes = 0")),
				ExpectError: regexp.MustCompile(`(?s)More memberships would end.*lose 1 member, and max_deletes\s+is 0: c`)},
			{Config: env.Config(block("input_ids = []")), ConfigPlanChecks: planned(0, 2), Check: env.HasMembers("day", "z")},
		},
	})
}

// The list is all.
// An exclusive list must have the members that other resources of the configuration add.
func TestAccDatasetInputs_exclusiveAndOthers(t *testing.T) {
	const dataset = `resource "clarifai_dataset" "test" { id = "day" }
`
	const list = `resource "clarifai_dataset_inputs" "test" {
  dataset_id = clarifai_dataset.test.id
  input_ids = ["a"]
  exclusive = true
}
`
	env := acctest.New(t)
	rejected := regexp.MustCompile(`(?s)Two resources disagree about the members of dataset.*does\s+not\s+list\s+b\b`)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(dataset, list, `resource "clarifai_input" "test" {
  id = "b"
  text = { raw = "b" }
  dataset_ids = [clarifai_dataset.test.id]
}`),
			ExpectError: rejected,
		},
		resource.TestStep{
			Config: env.Config(dataset, list, `resource "clarifai_inputs" "test" {
  id = "rows"
  items = { b = { text = "b", dataset_ids = ["day"] } }
}`),
			ExpectError: rejected,
		},
		resource.TestStep{
			Config: env.Config(dataset, list, `resource "clarifai_inputs" "test" {
  id = "day"
  items = { b = { text = "b" } }
}`),
			ExpectError: rejected,
		},
	)
}

func TestAccDatasetInputs_exclusive(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b", "y", "z")
	enter(t, env, "day", "z")
	env.Test(t,
		resource.TestStep{Config: env.Config(block(listed("a") + "exclusive = true")), Check: env.HasMembers("day", "a")},
		resource.TestStep{
			PreConfig: func() { enter(t, env, "day", "y", "z") },
			Config: env.Config(block(listed("a") + `exclusive = true
  max_deletes = 1`)),
			ExpectError: regexp.MustCompile("would lose 2 members"),
		},
		resource.TestStep{Config: env.Config(block(listed("a", "b") + "exclusive = true")), ConfigPlanChecks: planned(1, 2),
			Check: env.HasMembers("day", "a", "b")},
		resource.TestStep{Config: env.Config(block(listed("a", "b")))},
		resource.TestStep{
			PreConfig: func() { enter(t, env, "day", "y") },
			Config:    env.Config(block(listed("a", "b"))), ConfigPlanChecks: noop, Check: env.HasMembers("day", "a", "b", "y"),
		},
		resource.TestStep{Config: env.Config(block(listed("a", "b") + "exclusive = true")), Check: env.HasMembers("day", "a", "b")},
	)
}

func TestAccDatasetInputs_partial(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b", "c")
	env.Test(t,
		resource.TestStep{Config: env.Config(block(listed("a")))},
		resource.TestStep{Config: env.Config(block(listed("a", "b", "zz"))),
			ExpectError: regexp.MustCompile(`(?s)1 of 2 memberships in dataset "day" failed.*zz: .*30102`)},
		resource.TestStep{Config: env.Config(block(listed("a", "b", "c"))), ConfigPlanChecks: planned(1, 0),
			Check: env.HasMembers("day", "a", "b", "c")},
	)
}

func TestAccDatasetInputs_import(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a", "b")
	env.Test(t,
		resource.TestStep{Config: env.Config(block(listed("a", "b")))},
		resource.TestStep{ResourceName: many, ImportState: true, ImportStateId: "day", ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"changes"}},
	)
}

func TestAccDatasetInputs_invalid(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a")
	for body, want := range map[string]string{
		listed("a") + images:                     "Set exactly one",
		"exclusive = true":                       "Set exactly one",
		images + "exclusive = true":              "A search only adds",
		listed("a") + `triggers = { run = "1" }`: "Nothing to trigger",
		listed("a/b"):                            "Invalid id",
	} {
		env.Test(t, resource.TestStep{Config: env.Config(block(body)), ExpectError: regexp.MustCompile(want)})
	}
}

const images = `search = { filters = [{ input_type = "image" }] }
`

// A search runs once, is waited for, and runs again when asked to.
func TestAccDatasetInputs_search(t *testing.T) {
	env := acctest.New(t, acctest.Async(20*time.Second))
	fill(t, env, "a", "b")
	operation := tfjsonpath.New("bulk_operation")
	env.Case(t, resource.TestCase{
		CheckDestroy: env.HasMembers("day", "a", "b", "c"), // nobody is taken out
		Steps: []resource.TestStep{
			{
				Config: env.Config(block(images)), Check: env.HasMembers("day", "a", "b"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(many, operation.AtMapKey("processed"), knownvalue.Int64Exact(2)),
					statecheck.ExpectKnownValue(many, operation.AtMapKey("status").AtMapKey("code"), knownvalue.Int64Exact(25400)),
				},
			},
			{
				PreConfig: func() {
					if _, err := env.Client.PostInputs(t.Context(), env.App, clarifai.PostInputsRequest{Inputs: []clarifai.Input{
						{ID: "c", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/c.jpg"}}},
					}}); err != nil {
						t.Fatal(err)
					}
				},
				Config: env.Config(block(images)), ConfigPlanChecks: noop,
			},
			{
				Config: env.Config(block(images + `triggers = { run = "2" }`)), ConfigPlanChecks: acctest.Plans(many,
					plancheck.ResourceActionDestroyBeforeCreate),
				Check: env.HasMembers("day", "a", "b", "c"),
			},
		},
	})
}

// A wait that times out is taken up by the next apply, without a second search.
func TestAccDatasetInputs_searchTimeout(t *testing.T) {
	env := acctest.New(t, acctest.Async(time.Hour))
	fill(t, env, "a")
	env.Test(t,
		resource.TestStep{Config: env.Config(block(images + `timeouts = { create = "1ms" }`)), ExpectNonEmptyPlan: true},
		resource.TestStep{
			Config: env.Config(block(images)), ConfigPlanChecks: acctest.Plans(many, plancheck.ResourceActionUpdate),
			Check: resource.ComposeTestCheckFunc(env.HasMembers("day", "a"), calls(env, 1, "PostDatasetInputs")),
		},
	)
}

func TestAccDatasetInputs_searchFails(t *testing.T) {
	env := acctest.New(t)
	fill(t, env, "a")
	rule := env.MustFault(emulator.Fault{Object: "bulk_operation"})
	env.Test(t,
		resource.TestStep{Config: env.Config(block(images)), ExpectError: regexp.MustCompile("(?s)Unable to add all hits of the search.*25401")},
		resource.TestStep{PreConfig: func() { env.ClearFaults(rule) }, Config: env.Config(block(images)), Check: env.HasMembers("day", "a")},
	)
}
