package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Everything that takes long reports its progress, also what only waits.
func TestAccProvider_progressFile(t *testing.T) {
	env := acctest.New(t, acctest.Async(time.Minute), acctest.Emulator(func(o *emulator.Options) { o.Latency = 11 * time.Second }))
	file := filepath.Join(t.TempDir(), "progress.jsonl")
	env.Test(t, resource.TestStep{
		Config: env.ConfigWith(fmt.Sprintf("progress_file = %q", file), `
resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_input" "text" {
  id          = "text"
  text        = { raw = "A truck." }
  concepts    = { truck = 1, van = 1 }
  dataset_ids = [clarifai_dataset.trucks.id]
}

resource "clarifai_dataset_version" "v1" {
  dataset_id = clarifai_dataset.trucks.id
  id         = "v1"
  depends_on = [clarifai_input.text]
}

resource "clarifai_dataset_version_export" "archive" {
  dataset_id         = clarifai_dataset.trucks.id
  dataset_version_id = clarifai_dataset_version.v1.id
  format             = "CLARIFAI_DATA_JSON"
}

resource "clarifai_evaluation" "model" {
  model_id           = "classifier"
  model_version_id   = "94d035945b3d82182669c4d3f6daa104"
  dataset_id         = clarifai_dataset.trucks.id
  dataset_version_id = clarifai_dataset_version.v1.id
}

resource "clarifai_taxonomy" "vehicles" {
  name = "vehicles"
  csv  = "id,parent,name,name:de\nvehicle,,Vehicle,Fahrzeug\nvan,vehicle,Van,Lieferwagen\n"
}

resource "clarifai_dataset_inputs" "trucks" {
  dataset_id = clarifai_dataset.trucks.id
  input_ids  = [clarifai_input.text.id]
}
`),
		Check: func(*terraform.State) error {
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, want := range []string{
				`"resource":"dataset version \"v1\" of dataset \"trucks\"","doing":"wait","status":"DATASET_VERSION_`,
				`export of version \"v1\" of dataset \"trucks\"","doing":"wait","status":"DATASET_VERSION_EXPORT_`,
				`"resource":"evaluation`,
				`"resource":"taxonomy \"vehicles\"","doing":"create, change and remove","done":5,"total":5,"failed":0,"finished":true}`,
				`"resource":"members of dataset \"trucks\""`,
			} {
				if !strings.Contains(string(content), want) {
					return fmt.Errorf("the file has no line with %s:\n%s", want, content)
				}
			}
			return nil
		},
	})
}
