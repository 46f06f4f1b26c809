package inputs_test

import (
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
	env.Test(t, resource.TestStep{Config: env.Config(m.block()), Check: resource.ComposeTestCheckFunc(has(env, "a"), env.Called(6, "PostDatasets"))})
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
