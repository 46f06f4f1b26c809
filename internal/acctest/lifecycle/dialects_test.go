package lifecycle_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// speaking returns the option that switches dialects on.
func speaking(dialects ...string) acctest.Option {
	return acctest.Emulator(func(o *emulator.Options) { o.Dialects = append(o.Dialects, dialects...) })
}

// impossible maps dialects in which a resource cannot work to the expected
// error message.
var impossible = map[string]struct {
	resource string
	message  string
	inUpdate bool
}{
	emulator.NoConceptMapping:   {"clarifai_concept_mapping_job", `concept\s+mapping`, false},
	emulator.NoAppDuplication:   {"clarifai_app_duplication", `no\s+longer`, false},
	emulator.VersionTextsFixed:  {"clarifai_dataset_version", `64035`, true},
	emulator.UploadNeedsClosing: {"clarifai_inputs_upload", `68000|more\s+parts|waits`, false},
}

func scenarioOf(t *testing.T, name string) scenario {
	t.Helper()
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.resource == name })
	if i < 0 {
		t.Fatalf("no scenario of %s", name)
	}
	return scenarios[i]
}

// onlyNightly skips tests that take too long for every run.
func onlyNightly(t *testing.T) {
	t.Helper()
	if os.Getenv("CLARIFAI_NIGHTLY") != "1" {
		t.Skip("every dialect with every resource takes too long for each run: make nightly runs it")
	}
}

// Every resource works in every dialect.
func TestAccDialects(t *testing.T) {
	onlyNightly(t)
	for _, d := range emulator.Dialects() {
		var reached []string
		for _, s := range scenarios {
			reached = append(reached, s.resource)
		}
		t.Run(d.Name, func(t *testing.T) {
			for _, name := range reached {
				t.Run(name, func(t *testing.T) {
					s := scenarioOf(t, name)
					if failure, ok := impossible[d.Name]; ok && failure.resource == name {
						s.fails(t, failure.message, failure.inUpdate, d.Name)
						return
					}
					s.run(t, speaking(d.Name))
				})
			}
		})
	}
}

// Every resource that can work in all dialects at once does so.
func TestAccDialects_together(t *testing.T) {
	onlyNightly(t)
	var all []string
	for _, d := range emulator.Dialects() {
		if _, ok := impossible[d.Name]; !ok {
			all = append(all, d.Name)
		}
	}
	for _, s := range scenarios {
		t.Run(s.resource, func(t *testing.T) { s.run(t, speaking(all...)) })
	}
}

// fails checks the message of a resource that cannot do its work.
func (s scenario) fails(t *testing.T, message string, inUpdate bool, dialect string) {
	t.Helper()
	env, dir := s.env(t, speaking(dialect))
	steps := s.steps(env, dir)
	failing := 0
	if inUpdate {
		failing = 1
	}
	steps[failing].ExpectError = regexp.MustCompile(message)
	steps[failing].ConfigPlanChecks = resource.ConfigPlanChecks{}
	env.Test(t, steps[:failing+1]...)
}

// Every dialect names resources that have a scenario.
func TestDialects_reachScenarios(t *testing.T) {
	for _, d := range emulator.Dialects() {
		if len(d.Reaches) == 0 {
			t.Errorf("%s reaches nothing", d.Name)
		}
		for _, name := range d.Reaches {
			scenarioOf(t, name)
		}
	}
}
