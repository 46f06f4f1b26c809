package acctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const examples = "../../examples"

// needs lists the features that a kind of example needs.
var needs = map[string][]acctest.Feature{
	"resources":           nil,
	"data-sources":        nil,
	"functions":           nil,
	"ephemeral-resources": {acctest.Ephemeral},
	"actions":             {acctest.Actions},
	"list-resources":      {acctest.Query},
}

// Every example is applied to an empty app of the emulator, and the plan after it is empty. Import examples
// are tested in internal/provider.
func TestAccExamples(t *testing.T) {
	for kind, features := range needs {
		names, err := os.ReadDir(filepath.Join(examples, kind))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			t.Errorf("no examples of %s", kind)
		}
		for _, name := range names {
			t.Run(kind+"/"+name.Name(), func(t *testing.T) {
				acctest.Require(t, features...)
				dir := filepath.Join(examples, kind, name.Name())
				if kind == "list-resources" {
					query(t, dir)
					return
				}
				variants, err := filepath.Glob(filepath.Join(dir, "*.tf"))
				if err != nil {
					t.Fatal(err)
				}
				applied := 0
				for _, file := range variants {
					if strings.HasPrefix(filepath.Base(file), "import") {
						continue
					}
					applied++
					t.Run(filepath.Base(file), func(t *testing.T) { apply(t, dir, file) })
				}
				if applied == 0 {
					t.Error("there are only import examples")
				}
			})
		}
	}
}

// apply applies one file, with the data files beside it, and destroys it.
func apply(t *testing.T, dir, file string) {
	w := workspace(t)
	copyInto(t, w.Dir, dir, func(name string) bool { return !strings.HasSuffix(name, ".tf") || name == filepath.Base(file) })
	w.MustRun(t, "apply", "-auto-approve")
	if output, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("a second plan ended with %d, want no changes:\n%s", code, output)
	}
	if output, code := w.Run(t, "destroy", "-auto-approve"); code != 0 && !strings.Contains(output, "Deletion is prevented") {
		t.Errorf("destroy ended with %d:\n%s", code, output)
	}
}

// workspace returns a workspace whose provider is configured by environment variables.
func workspace(t *testing.T) *acctest.Workspace {
	t.Helper()
	env := acctest.New(t, acctest.RealTime, acctest.Emulator(func(o *emulator.Options) {
		o.Buckets = map[string]string{"acme-bucket": filepath.Join("testdata", "acme-bucket")}
	}))
	w := env.Workspace(t, "")
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.Setenv("CLARIFAI_USER_ID", acctest.User)
	w.Setenv("CLARIFAI_APP_ID", acctest.App)
	return w
}

// query runs the list blocks of a directory on an app with a dataset.
func query(t *testing.T, dir string) {
	env := acctest.New(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.tfquery.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no list-resource.tfquery.hcl (%v)", err)
	}
	steps := []resource.TestStep{{Config: env.Config(`
resource "clarifai_dataset" "gate" { id = "trucks" }
`)}}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, resource.TestStep{Query: true, Config: string(text)})
	}
	env.Test(t, steps...)
}

func copyInto(t *testing.T, to, from string, wanted func(string) bool) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		if !wanted(relative) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The scenarios are whole configurations with their own tests for `terraform test`.
func TestAccScenarios(t *testing.T) {
	names, err := os.ReadDir(filepath.Join(examples, "scenarios"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no scenarios (%v)", err)
	}
	for _, name := range names {
		t.Run(name.Name(), func(t *testing.T) {
			w := workspace(t)
			copyInto(t, w.Dir, filepath.Join(examples, "scenarios", name.Name()), func(string) bool { return true })
			if output, code := w.Run(t, "test"); code != 0 || !strings.Contains(output, "Success!") {
				t.Errorf("terraform test ended with %d:\n%s", code, output)
			}
			w.MustRun(t, "apply", "-auto-approve")
			if output, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
				t.Errorf("a second plan ended with %d, want no changes:\n%s", code, output)
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}
