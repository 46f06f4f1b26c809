package provider_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// examples is the directory of the documentation's examples.
const examples = "../../examples"

// exampleWorkspace returns a workspace with its own emulator, with the empty app "fleet" of the
// user "acme", and the provider configured by environment variables.
func exampleWorkspace(t *testing.T) *acctest.Workspace {
	t.Helper()
	env := acctest.New(t, acctest.RealTime, acctest.Emulator(func(o *emulator.Options) {
		o.Buckets = map[string]string{"acme-bucket": "../acctest/testdata/acme-bucket"}
	}))
	w := env.Workspace(t, "")
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.Setenv("CLARIFAI_USER_ID", acctest.User)
	w.Setenv("CLARIFAI_APP_ID", acctest.App)
	return w
}

// TestExampleProvider applies the provider example unchanged.
func TestExampleProvider(t *testing.T) {
	w := exampleWorkspace(t)
	if err := os.CopyFS(w.Dir, os.DirFS(filepath.Join(examples, "provider"))); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "-auto-approve")
}

var (
	importTo      = regexp.MustCompile(`(?m)^\s*to\s*=\s*(\S+)`)
	importCommand = regexp.MustCompile(`(?m)^terraform import (\S+) '?([^'\s]+)'?$`)
	stateID       = regexp.MustCompile(`(?m)^    id\s+= "(.*)"`)
)

// TestExampleImports removes the objects of each resource's example from state and imports them, with every
// command and block of its import examples. Where the service chooses ids, the id in the import
// examples is replaced by the actual one.
func TestExampleImports(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(examples, "resources", "*", "import.sh"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no import examples (%v)", err)
	}
	for _, script := range scripts {
		dir := filepath.Dir(script)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			commands := importCommand.FindAllStringSubmatch(readExample(t, dir, "import.sh"), -1)
			if len(commands) == 0 {
				t.Fatal("import.sh has no import command")
			}
			w := exampleWorkspace(t)
			if err := os.CopyFS(w.Dir, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			keepOnly(t, w.Dir, "main.tf", "resource.tf")
			w.MustRun(t, "apply", "-auto-approve")

			address, shown := commands[0][1], path.Base(commands[0][2])
			state := stateID.FindStringSubmatch(w.MustRun(t, "state", "show", address))
			real := strings.NewReplacer() // without an id, the import names what the configuration says
			// An id that ends in what the example shows is the import id itself.
			if state != nil && !strings.HasSuffix(state[1], "/"+shown) {
				real = strings.NewReplacer(shown, state[1])
			}
			for _, command := range commands {
				w.MustRun(t, "state", "rm", command[1])
				w.MustRun(t, "import", command[1], real.Replace(command[2]))
			}
			blocks, err := filepath.Glob(filepath.Join(dir, "import-by-*.tf"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range blocks {
				if strings.HasSuffix(file, "identity.tf") && !acctest.Has(acctest.ImportByIdentity) {
					continue
				}
				block := readExample(t, dir, filepath.Base(file))
				to := importTo.FindStringSubmatch(block)
				if to == nil {
					t.Fatalf("%s has no target resource", file)
				}
				w.MustRun(t, "state", "rm", to[1])
				w.Write(t, "import.tf", real.Replace(block))
				output := w.MustRun(t, "apply", "-auto-approve")
				if !strings.Contains(output, "1 to import, 0 to add") || !strings.Contains(output, "0 to destroy") {
					t.Errorf("%s should import one object and create none:\n%s", file, output)
				}
			}
		})
	}
}

// keepOnly removes all other configuration files: imports, and variants of the example.
func keepOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if slices.Contains(names, filepath.Base(file)) {
			continue
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

func readExample(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
