package datasetexport_test

import (
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A service that answers in camelCase, as the published definitions have it, is
// managed just the same: from concepts and inputs to a version and its export.
func TestAccDatasetVersionExport_camelCase(t *testing.T) {
	env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.CamelCase = true }))
	file := filepath.Join(t.TempDir(), "export.zip")
	whole := func(description string) string {
		return env.Config(`
resource "clarifai_concept" "truck" {
  id   = "truck"
  name = "Truck"
}

resource "clarifai_concept_language" "de" {
  concept_id = clarifai_concept.truck.id
  language   = "de"
  name       = "Lastwagen"
}

resource "clarifai_input" "one" {
  id       = "one"
  text     = { raw = "a text about trucks" }
  concepts = { (clarifai_concept.truck.id) = 1 }
  metadata = jsonencode({ my_key = { other_key = 1 } })
}

resource "clarifai_dataset" "trucks" {
  id          = "trucks"
  description = "` + description + `"
  metadata    = jsonencode({ snake_case = "kept", camelCase = "kept" })
}

resource "clarifai_dataset_input" "one" {
  dataset_id = clarifai_dataset.trucks.id
  input_id   = clarifai_input.one.id
}

resource "clarifai_dataset_version" "v1" {
  dataset_id = clarifai_dataset_input.one.dataset_id
  id         = "v1"
}

resource "clarifai_dataset_version_export" "test" {
  dataset_id         = clarifai_dataset_version.v1.dataset_id
  dataset_version_id = clarifai_dataset_version.v1.id
  format             = "CLARIFAI_DATA_JSON"
  ` + to(file) + `
}

data "clarifai_dataset_version_metrics" "v1" {
  dataset_id         = clarifai_dataset_version.v1.dataset_id
  dataset_version_id = clarifai_dataset_version.v1.id
}

output "of_texts" {
  value = one([for g in data.clarifai_dataset_version_metrics.v1.groups : g.metrics.inputs_count if g.value == "text"])
}
`)
	}
	env.Test(t,
		resource.TestStep{
			Config: whole("all trucks"),
			Check: resource.ComposeTestCheckFunc(
				saved(env, file, clarifai.ExportFormatClarifaiDataJSON),
				resource.TestCheckResourceAttr("clarifai_dataset.trucks", "metadata", `{"camelCase":"kept","snake_case":"kept"}`),
			),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("clarifai_dataset_version.v1", tfjsonpath.New("metrics").AtMapKey("inputs_count"),
					knownvalue.Int64Exact(1)),
				statecheck.ExpectKnownOutputValue("of_texts", knownvalue.Int64Exact(1)),
			},
		},
		resource.TestStep{
			Config: whole("changed"),
			Check:  resource.TestCheckResourceAttr("clarifai_dataset.trucks", "description", "changed"),
		},
	)
}
