package lifecycle_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A cycle takes a scenario through create, update, refresh, import and destroy with about five commands. scenario.run
// needs about forty.
type cycle struct {
	scenario

	// prepare changes the service before the first command.
	prepare func(env *acctest.Env)
	// createdAgain matches the error of creating the object when it exists, or is [succeeds]; empty: that is not tried.
	createdAgain string
	// deletedAgain deletes the object a second time, which must succeed.
	deletedAgain bool
	// fails matches the error of a resource that cannot work with the service; empty: it can.
	fails    string
	inUpdate bool // the update fails; otherwise the creation does
}

// succeeds is a message for no error.
const succeeds = "no error"

// run returns the first deviation from what should happen.
func (c cycle) run(t *testing.T, options ...acctest.Option) (*acctest.Env, error) {
	t.Helper()
	env, dir := c.env(t, options...)
	if c.prepare != nil {
		c.prepare(env)
	}
	w := workspace{Workspace: env.InProcess(t, c.configuration(env, dir, c.before)), t: t}
	return env, c.steps(w, c.configuration(env, dir, c.after))
}

func (c cycle) steps(w workspace, updated string) error {
	creationFails, updateFails := c.fails, c.fails
	if c.inUpdate {
		creationFails = ""
	} else {
		updateFails = ""
	}
	_, err := w.succeeds("apply", "-auto-approve")
	if creationFails != "" {
		err = w.failed(err, creationFails)
	}
	if err != nil {
		return err
	}
	if c.before != c.after && creationFails == "" {
		w.Write(w.t, "main.tf", updated)
		out, err := w.succeeds("apply", "-auto-approve")
		switch {
		case updateFails != "":
			err = w.failed(err, updateFails)
		case err == nil:
			err = contains(out, "Plan: 0 to add, 1 to change, 0 to destroy.")
		}
		if err != nil {
			return err
		}
	}
	if c.fails == "" {
		if _, err := w.succeeds("plan", "-detailed-exitcode"); err != nil {
			return err
		}
		if err := c.adopt(w); err != nil {
			return err
		}
	}
	return c.destroy(w)
}

// adopt imports the object, and tries to create it although it exists.
func (c cycle) adopt(w workspace) error {
	state, err := w.state()
	if err != nil {
		return err
	}
	without, id := state.without(c.resource)
	defer w.restore(state)
	if c.createdAgain != "" {
		w.restore(without)
		_, err := w.succeeds("apply", "-auto-approve")
		if c.createdAgain != succeeds {
			err = w.failed(err, c.createdAgain)
		}
		if err != nil {
			return err
		}
	}
	if c.importID == "" {
		return nil
	}
	w.restore(without)
	const file = "import.tf"
	w.Write(w.t, file, fmt.Sprintf("import {\n  to = %s.test\n  id = %q\n}\n", c.resource, strings.ReplaceAll(c.importID, "{id}", id)))
	defer os.Remove(filepath.Join(w.Dir, file))
	out, err := w.succeeds("plan")
	if err != nil {
		return err
	}
	if c.afterImport {
		return contains(out, "Plan: 1 to import")
	}
	return contains(out, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.")
}

func (c cycle) destroy(w workspace) error {
	if c.deletedAgain {
		state, err := w.state()
		if err != nil {
			return err
		}
		if _, err := w.succeeds("destroy", "-auto-approve", "-target="+c.resource+".test"); err != nil {
			return err
		}
		w.restore(state)
		_, err = w.succeeds("destroy", "-auto-approve", "-refresh=false")
		return err
	}
	command := []string{"destroy", "-auto-approve"}
	if c.fails != "" {
		command = append(command, "-refresh=false") // otherwise what has failed is planned first
	}
	_, err := w.succeeds(command...)
	return err
}

// workspace runs commands and returns deviations as errors, so that a test can expect them.
type workspace struct {
	*acctest.Workspace
	t *testing.T
}

// commandError is a command that did not succeed.
type commandError struct{ command, output string }

func (e *commandError) Error() string { return e.command + " failed:\n" + e.output }

func (w workspace) succeeds(args ...string) (string, error) {
	w.t.Helper()
	args = slices.Insert(args, 1, "-no-color")
	output, code := w.Run(w.t, args...)
	if code != 0 {
		return "", &commandError{fmt.Sprint(args), output}
	}
	return output, nil
}

// failed checks that a command failed with a message.
func (workspace) failed(err error, message string) error {
	if err == nil {
		return fmt.Errorf("the command succeeded, want an error that matches %q", message)
	}
	if !regexp.MustCompile(message).MatchString(acctest.Flat(err.Error())) {
		return fmt.Errorf("no error that matches %q: %w", message, err)
	}
	return nil
}

func contains(output, want string) error {
	if !strings.Contains(output, want) {
		return fmt.Errorf("no %q in:\n%s", want, output)
	}
	return nil
}

// stateFile is the content of a state file.
type stateFile map[string]any

const stateName = "terraform.tfstate"

func (w workspace) state() (stateFile, error) {
	b, err := os.ReadFile(filepath.Join(w.Dir, stateName))
	if err != nil {
		return nil, err
	}
	var s stateFile
	return s, json.Unmarshal(b, &s)
}

func (w workspace) restore(s stateFile) {
	b, err := json.Marshal(s)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Write(w.t, stateName, string(b))
}

// without returns the state without the scenario's object, and the object's id.
func (s stateFile) without(resource string) (stateFile, string) {
	var id string
	kept := stateFile{}
	for key, value := range s {
		kept[key] = value
	}
	resources, _ := s["resources"].([]any)
	kept["resources"] = slices.DeleteFunc(slices.Clone(resources), func(r any) bool {
		o, _ := r.(map[string]any)
		if o["type"] != resource || o["name"] != "test" {
			return false
		}
		if instances, _ := o["instances"].([]any); len(instances) > 0 {
			instance, _ := instances[0].(map[string]any)
			attributes, _ := instance["attributes"].(map[string]any)
			id, _ = attributes["id"].(string)
		}
		return true
	})
	return kept, id
}

// A cycle notices what a scenario must not do.
func TestAccCycle_findsDeviations(t *testing.T) {
	dataset := scenarioOf(t, "clarifai_dataset")
	for name, test := range map[string]struct {
		cycle cycle
		want  string
	}{
		"drift": {cycle{scenario: dataset, prepare: func(env *acctest.Env) {
			env.MustFault(emulator.Fault{Op: "GetDataset", Drop: "metadata", After: 1})
		}}, "to change"},
		"a failure": {cycle{scenario: dataset, prepare: func(env *acctest.Env) {
			env.MustFault(emulator.Fault{Op: "PatchDatasets", HTTP: 400, Code: 11102})
		}}, "11102"},
		"a success instead of a failure": {cycle{scenario: dataset, fails: "no such message", inUpdate: true}, "the command succeeded"},
		"another message":                {cycle{scenario: dataset, createdAgain: "no such message"}, "already exists"},
		"a deletion that fails": {cycle{scenario: dataset, prepare: func(env *acctest.Env) {
			env.MustFault(emulator.Fault{Op: "DeleteDatasets", HTTP: 400, Code: 11102})
		}}, "destroy"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.cycle.run(t)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
