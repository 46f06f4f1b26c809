package datasetinput_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// With create_before_destroy the destroy of the old instance keeps the members
// that the new instance has just added.
func TestAccDatasetInputs_createBeforeDestroy(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "trucks", "cars")
	for _, id := range []string{"i1", "i2"} {
		env.PostInputs(t, clarifai.Input{ID: id, Data: &clarifai.Data{Text: &clarifai.Text{Raw: id}}})
	}
	config := func(generation string) string {
		return env.Config(`
resource "terraform_data" "generation" { input = "` + generation + `" }
resource "clarifai_dataset_inputs" "many" {
  dataset_id = "trucks"
  input_ids  = ["i1", "i2"]
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.generation]
  }
}
resource "clarifai_dataset_input" "one" {
  dataset_id = "cars"
  input_id   = "i1"
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.generation]
  }
}`)
	}
	members := resource.ComposeTestCheckFunc(env.HasMembers("trucks", "i1", "i2"), env.HasMembers("cars", "i1"))
	env.Test(t,
		resource.TestStep{Config: config("1"), Check: members},
		resource.TestStep{
			Config:           config("2"),
			ConfigPlanChecks: acctest.Plans("clarifai_dataset_inputs.many", plancheck.ResourceActionCreateBeforeDestroy),
			Check:            members,
		},
	)
}
