package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

// examples is where the documentation's examples are, seen from this package.
const examples = "../../examples"

// exampleDirs finds the examples of one kind, one directory each.
func exampleDirs(t *testing.T, kind string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(examples, kind, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// exampleWorkspace has an emulator of its own, with the empty app "fleet" of the
// user "acme", and the provider configured by the environment, as users have it.
func exampleWorkspace(t *testing.T) *acctest.Workspace {
	t.Helper()
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, "")
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.Setenv("CLARIFAI_USER_ID", acctest.User)
	w.Setenv("CLARIFAI_APP_ID", acctest.App)
	return w
}

// take copies files of an example into a workspace.
func take(t *testing.T, w *acctest.Workspace, files ...string) {
	t.Helper()
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(t, filepath.Base(file), string(content))
	}
}

// applies checks that a configuration can be applied and then has nothing left to do.
func applies(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	w.MustRun(t, "apply", "-auto-approve")
	if output, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Fatalf("the plan after apply ended with %d:\n%s", code, output)
	}
}

// TestExamples applies every example of the documentation as it stands there. It
// runs with one CLI: what the others can do is for acceptance tests to say.
func TestExamples(t *testing.T) {
	kinds := []struct {
		dir, file string
		needs     []acctest.Feature
	}{
		{"resources", "resource.tf", nil},
		{"data-sources", "data-source.tf", nil},
		{"functions", "function.tf", nil},
		{"ephemeral-resources", "ephemeral-resource.tf", []acctest.Feature{acctest.Ephemeral}},
		{"actions", "action.tf", []acctest.Feature{acctest.Actions}},
	}
	for _, kind := range kinds {
		for _, dir := range exampleDirs(t, kind.dir) {
			t.Run(kind.dir+"/"+filepath.Base(dir), func(t *testing.T) {
				acctest.Require(t, kind.needs...)
				w := exampleWorkspace(t)
				take(t, w, filepath.Join(dir, kind.file))
				applies(t, w)
				if kind.dir == "resources" {
					imports(t, w, dir)
				}
			})
		}
	}
}

var (
	importTo      = regexp.MustCompile(`(?m)^\s*to\s*=\s*(\S+)`)
	importCommand = regexp.MustCompile(`(?m)^terraform import (\S+) '?([^'\s]+)'?$`)
	stateID       = regexp.MustCompile(`(?m)^    id\s+= "(.*)"`)
)

// imports checks that the import examples of a resource find what its example made.
func imports(t *testing.T, w *acctest.Workspace, dir string) {
	t.Helper()
	commands, err := os.ReadFile(filepath.Join(dir, "import.sh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range importCommand.FindAllStringSubmatch(string(commands), -1) {
		address, id := command[1], command[2]
		if !madeByConfiguration(t, w, address, id) {
			return
		}
		w.MustRun(t, "state", "rm", address)
		w.MustRun(t, "import", address, id)
	}
	for _, name := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		if name == "import-by-identity.tf" && !acctest.Has(acctest.ImportByIdentity) {
			continue
		}
		block, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		to := importTo.FindStringSubmatch(string(block))
		if to == nil {
			t.Fatalf("%s/%s names no resource", dir, name)
		}
		w.MustRun(t, "state", "rm", to[1])
		w.Write(t, "import.tf", string(block))
		output := w.MustRun(t, "apply", "-auto-approve")
		if !strings.Contains(output, "1 to import, 0 to add") || !strings.Contains(output, "0 to destroy") {
			t.Errorf("%s/%s was to import one object and make none:\n%s", dir, name, output)
		}
	}
}

// madeByConfiguration tells whether the id in an import example is that of the object which the
// resource example made. It is not where the service chooses the id.
func madeByConfiguration(t *testing.T, w *acctest.Workspace, address, id string) bool {
	t.Helper()
	found := stateID.FindStringSubmatch(w.MustRun(t, "state", "show", address))
	if found == nil {
		t.Fatalf("%s has no id", address)
	}
	return id == found[1] || strings.HasSuffix(id, "/"+found[1])
}

// TestExampleQueries runs every list example.
func TestExampleQueries(t *testing.T) {
	for _, dir := range exampleDirs(t, "list-resources") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			acctest.Require(t, acctest.Query)
			w := exampleWorkspace(t)
			w.Write(t, "main.tf", "provider \"clarifai\" {}\n")
			take(t, w, filepath.Join(dir, "list-resource.tfquery.hcl"))
			w.MustRun(t, "query")
		})
	}
}

// TestExampleProvider validates the provider example.
func TestExampleProvider(t *testing.T) {
	w := exampleWorkspace(t)
	take(t, w, filepath.Join(examples, "provider", "provider.tf"))
	applies(t, w)
}

// TestExampleScenarios applies every scenario, runs its tests, and takes it away again.
func TestExampleScenarios(t *testing.T) {
	for _, dir := range exampleDirs(t, "scenarios") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			w := exampleWorkspace(t)
			if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(w.Dir, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			applies(t, w)
			w.MustRun(t, "destroy", "-auto-approve")
			if tests, _ := filepath.Glob(filepath.Join(w.Dir, "tests", "*.tftest.hcl")); len(tests) > 0 {
				w.MustRun(t, "test")
			}
		})
	}
}
