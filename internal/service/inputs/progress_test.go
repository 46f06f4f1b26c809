package inputs_test

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

// An apply that takes long reports its steps in progress_file.
func TestAccInputs_progressFile(t *testing.T) {
	env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.Latency = 30 * time.Second }))
	rows := make([]string, 300)
	for i := range rows {
		rows[i] = urlRow(fmt.Sprintf("img-%03d", i))
	}
	m := newManifest(t, "signs.jsonl", rows...)
	file := filepath.Join(t.TempDir(), "progress.jsonl")
	env.Test(t, resource.TestStep{
		Config: env.ConfigWith(fmt.Sprintf("progress_file = %q", file), m.block()),
		Check: func(*terraform.State) error {
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			lines := strings.Split(strings.TrimSpace(string(content)), "\n")
			const want = `"resource":"clarifai_inputs \"signs\"","doing":"create inputs","done":300,"total":300,"failed":0,` +
				`"finished":true}`
			if len(lines) < 2 || !strings.Contains(string(content), want) {
				return fmt.Errorf("the file has no line with %s:\n%s", want, content)
			}
			return nil
		},
	})
}
