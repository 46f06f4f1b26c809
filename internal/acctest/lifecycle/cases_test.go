package lifecycle_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// scenario is a resource with the objects it needs, before and after an update in place.
// DIR in the configuration is a directory with the scenario's files.
type scenario struct {
	resource string
	config   string // UPDATE is replaced by before or after
	before   string // replaces UPDATE
	after    string // replaces UPDATE after the update; if equal to before, there is no update in place
	files    map[string]string
	importID string // {id} is the ID in state; empty: the resource cannot be imported
	// The plan after an import may change arguments that the service does not store.
	afterImport bool
}

const (
	datasetAndInput = `
resource "clarifai_dataset" "d" { id = "d" }
resource "clarifai_input" "i" {
  id          = "i"
  text        = { raw = "A truck." }
  concepts    = { truck = 1 }
  dataset_ids = [clarifai_dataset.d.id]
}
`
	version = datasetAndInput + `
resource "clarifai_dataset_version" "v" {
  dataset_id = clarifai_dataset.d.id
  id         = "v"
  depends_on = [clarifai_input.i]
}
`
)

var scenarios = []scenario{
	{resource: "clarifai_app", importID: "other", before: "before", after: "after", afterImport: true, config: `
resource "clarifai_app" "test" {
  id              = "other"
  description     = "UPDATE"
  metadata        = jsonencode({ owner = "UPDATE" })
  deletion_policy = "delete"
}`},
	{resource: "clarifai_dataset", importID: "d", before: "before", after: "after", config: `
resource "clarifai_dataset" "test" {
  id          = "d"
  description = "UPDATE"
  metadata    = jsonencode({ owner = "UPDATE" })
  default_annotation_filter = {
    filters = [{ concepts = [{ id = "truck", value = 1 }] }]
  }
}`},
	{resource: "clarifai_dataset_version", importID: "d/v2", before: "before", after: "after", config: version + `
resource "clarifai_dataset_version" "test" {
  dataset_id  = clarifai_dataset.d.id
  id          = "v2"
  description = "UPDATE"
  annotation_filter = { filters = [{ concepts = [{ id = "truck" }] }] }
  depends_on  = [clarifai_input.i]
}`},
	{resource: "clarifai_dataset_version_export", importID: "d/v/CLARIFAI_DATA_JSON", afterImport: true, before: "one", after: "two",
		config: version + `
resource "clarifai_dataset_version_export" "test" {
  dataset_id             = clarifai_dataset.d.id
  dataset_version_id     = clarifai_dataset_version.v.id
  format                 = "CLARIFAI_DATA_JSON"
  download_to            = "DIR/UPDATE.zip"
  delete_file_on_destroy = true
}`},
	{resource: "clarifai_dataset_input", importID: "d2/i", config: datasetAndInput + `
resource "clarifai_dataset" "d2" { id = "d2" }
resource "clarifai_dataset_input" "test" {
  dataset_id = clarifai_dataset.d2.id
  input_id   = clarifai_input.i.id
}`},
	{resource: "clarifai_dataset_inputs", importID: "d2", before: `"i"`, after: `"i", "k"`, config: datasetAndInput + `
resource "clarifai_dataset" "d2" { id = "d2" }
resource "clarifai_input" "k" {
  id   = "k"
  text = { raw = "A van." }
}
resource "clarifai_dataset_inputs" "test" {
  dataset_id = clarifai_dataset.d2.id
  input_ids  = [UPDATE]
  depends_on = [clarifai_input.i, clarifai_input.k]
}`},
	{resource: "clarifai_input", importID: "image", afterImport: true, before: "1", after: "0", config: `
resource "clarifai_dataset" "d" { id = "d" }
resource "clarifai_input" "test" {
  id          = "image"
  image       = { url = "https://example.com/1.jpg" }
  concepts    = { truck = UPDATE }
  metadata    = jsonencode({ n = UPDATE })
  geo         = { latitude = 40.7, longitude = -73.9 }
  dataset_ids = [clarifai_dataset.d.id]
}`},
	{resource: "clarifai_inputs", importID: "rows", afterImport: true, before: "1", after: "0", config: `
resource "clarifai_dataset" "d" { id = "d" }
resource "clarifai_inputs" "test" {
  id = "rows"
  items = {
    a = { url = "https://example.com/a.jpg", concepts = { truck = UPDATE }, dataset_ids = [clarifai_dataset.d.id] }
    b = { url = "https://example.com/b.jpg", metadata = jsonencode({ n = UPDATE }) }
  }
}`},
	{resource: "clarifai_concept", importID: "truck", before: "Truck", after: "Lorry", config: `
resource "clarifai_concept" "test" {
  id         = "truck"
  name       = "UPDATE"
  definition = "UPDATE: carries loads"
  metadata   = jsonencode({ wheels = 6 })
}`},
	{resource: "clarifai_concept_language", importID: "truck/de", before: "Lastwagen", after: "Laster", config: `
resource "clarifai_concept" "truck" { id = "truck" }
resource "clarifai_concept_language" "test" {
  concept_id = clarifai_concept.truck.id
  language   = "de"
  name       = "UPDATE"
}`},
	{resource: "clarifai_concept_languages", importID: "truck", afterImport: true, before: "Lastwagen", after: "Laster", config: `
resource "clarifai_concept" "truck" { id = "truck" }
resource "clarifai_concept_languages" "test" {
  concept_id = clarifai_concept.truck.id
  languages  = { de = { name = "UPDATE" }, fr = { name = "camion" } }
}`},
	{resource: "clarifai_concept_relation", importID: "truck/hyponym/vehicle", config: `
resource "clarifai_concept" "vehicle" { id = "vehicle" }
resource "clarifai_concept" "truck" { id = "truck" }
resource "clarifai_concept_relation" "test" {
  subject_concept_id = clarifai_concept.truck.id
  predicate          = "hyponym"
  object_concept_id  = clarifai_concept.vehicle.id
}`},
	{resource: "clarifai_concept_mapping_job", config: `
resource "clarifai_concept" "truck" { id = "truck" }
resource "clarifai_concept_mapping_job" "test" {
  concept_ids = [clarifai_concept.truck.id]
}`},
	{resource: "clarifai_taxonomy", before: "Truck", after: "Lorry", config: `
resource "clarifai_taxonomy" "test" {
  name     = "vehicles"
  csv_file = "DIR/UPDATE.csv"
}`, files: map[string]string{
		"Truck.csv": "id,parent,name,name:de\nvehicle,,Vehicle,Fahrzeug\ntruck,vehicle,Truck,Lastwagen\n",
		"Lorry.csv": "id,parent,name,name:de\nvehicle,,Vehicle,Fahrzeug\ntruck,vehicle,Lorry,Lastwagen\nvan,vehicle,Van,\n",
	}},
	{resource: "clarifai_saved_search", importID: "s", before: "Before", after: "After", config: `
resource "clarifai_dataset" "d" { id = "d" }
resource "clarifai_saved_search" "test" {
  id      = "s"
  name    = "UPDATE"
  filters = [{ dataset_ids = [clarifai_dataset.d.id] }, { concepts = [{ id = "truck" }] }]
  ranks   = [{ concepts = [{ id = "snow" }] }]
}`},
	{resource: "clarifai_evaluation", importID: "e", afterImport: true, config: version + `
resource "clarifai_evaluation" "test" {
  id                 = "e"
  model_id           = "m"
  model_version_id   = "mv"
  dataset_id         = clarifai_dataset.d.id
  dataset_version_id = clarifai_dataset_version.v.id
}`},
	{resource: "clarifai_inputs_import", importID: "{id}", afterImport: true, config: `
resource "clarifai_inputs_import" "test" {
  url               = "s3://bucket/"
  cancel_on_destroy = true
}`, files: map[string]string{"a.txt": "one", "b.txt": "two"}},
	{resource: "clarifai_inputs_upload", importID: "{id}", afterImport: true, config: `
resource "clarifai_inputs_upload" "test" {
  folder = "DIR"
}`, files: map[string]string{"a.txt": "one", "b.txt": "two"}},
	{resource: "clarifai_app_duplication", importID: "{id}", afterImport: true, config: `
resource "clarifai_app_duplication" "test" {
  destination_app_id = "copy"
  copy_concepts      = true
}`},
	{resource: "clarifai_annotation", importID: "image/box", before: "0.5", after: "0.75", config: `
resource "clarifai_input" "image" {
  id    = "image"
  image = { url = "https://example.com/1.jpg" }
}
resource "clarifai_annotation" "test" {
  input_id     = clarifai_input.image.id
  id           = "box"
  concepts     = { car = 1 }
  bounding_box = { top_row = 0.25, left_col = 0.25, bottom_row = UPDATE, right_col = 0.5 }
}`},
	{resource: "clarifai_annotation_deletion", config: datasetAndInput + `
resource "clarifai_annotation_deletion" "test" {
  input_ids = [clarifai_input.i.id]
}`},
}

// run creates, updates, refreshes, imports and destroys the scenario on an emulator with further options.
func (s scenario) run(t *testing.T, options ...acctest.Option) {
	t.Helper()
	env, dir := s.env(t, options...)
	env.Test(t, s.steps(env, dir)...)
}

// env returns the scenario's emulator and a directory with its files.
func (s scenario) env(t *testing.T, options ...acctest.Option) (*acctest.Env, string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range s.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	options = append(options, acctest.Emulator(func(o *emulator.Options) { o.Buckets = map[string]string{"bucket": dir} }))
	return acctest.New(t, options...), dir
}

// configuration returns the scenario's configuration before or after the update.
func (s scenario) configuration(env *acctest.Env, dir, update string) string {
	return env.Config(strings.NewReplacer("UPDATE", update, "DIR", filepath.ToSlash(dir)).Replace(s.config))
}

func (s scenario) steps(env *acctest.Env, dir string) []resource.TestStep {
	config := func(update string) string { return s.configuration(env, dir, update) }
	address := s.resource + ".test"
	steps := []resource.TestStep{{Config: config(s.before)}}
	if s.before != s.after {
		steps = append(steps, resource.TestStep{
			Config: config(s.after),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			}},
		})
	}
	steps = append(steps, resource.TestStep{RefreshState: true})
	if s.importID == "" {
		return steps
	}
	step := resource.TestStep{
		ResourceName: address, ImportState: true,
		ImportStateIdFunc: func(state *terraform.State) (string, error) {
			r := state.RootModule().Resources[address]
			if r == nil {
				return "", fmt.Errorf("no %s in state", address)
			}
			return strings.ReplaceAll(s.importID, "{id}", r.Primary.Attributes["id"]), nil
		},
	}
	if !s.afterImport {
		step.ImportStateKind = resource.ImportBlockWithID // also checks that the plan is empty
	}
	return append(steps, step)
}

// TestEveryResourceHasAScenario checks that every resource with an example has a
// scenario.
func TestEveryResourceHasAScenario(t *testing.T) {
	examples, err := filepath.Glob("../../../examples/resources/clarifai_*")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	have := map[string]bool{}
	for _, s := range scenarios {
		have[s.resource] = true
	}
	for _, example := range examples {
		if !have[filepath.Base(example)] {
			t.Errorf("%s has no scenario", filepath.Base(example))
		}
	}
}
