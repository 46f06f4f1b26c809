package lifecycle_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// speaking returns the option that switches dialects on.
func speaking(dialects ...string) acctest.Option {
	return acctest.Emulator(func(o *emulator.Options) { o.Dialects = append(o.Dialects, dialects...) })
}

// impossible maps dialects in which a resource cannot work to the expected
// error message, which says what the service did and what to do.
var impossible = map[string]struct {
	resource string
	message  string
	inUpdate bool
}{
	emulator.NoConceptMapping: {"clarifai_concept_mapping_job",
		`Concept mapping jobs are not available.*does not have it.*clarifai_concept_relation instead`, false},
	emulator.NoAppDuplication: {"clarifai_app_duplication",
		`no longer supported.*does not have it.*Remove this from the configuration`, false},
	emulator.VersionTextsFixed: {"clarifai_dataset_version",
		`does not allow this change of an existing version.*terraform apply -replace.*status 64030`, true},
	emulator.SpanEndInclusive: {"clarifai_annotation", misunderstood, false},
	emulator.SpanUTF16:        {"clarifai_annotation", misunderstood, false},
}

const misunderstood = `raw_text is .+, and the text from 2 to 6 is .+count Unicode code points from 0.*change them until`

// exists are dialects that only show when an object is created whose id exists, with the expected message; empty: it succeeds.
var exists = map[string]string{
	emulator.DuplicateHTTP409:         `already exists`,
	emulator.DuplicateCode40003:       `already exists`,
	emulator.ConceptDuplicate40010:    `already exists`,
	emulator.InputDuplicate30104:      `already exists|another input`,
	emulator.AnnotationDuplicate24155: `already exists`,
	emulator.AddMemberAgainFails:      succeeds,
}

// gone are dialects that only show when an object is deleted that does not exist.
var gone = []string{
	emulator.DeleteUnknownSucceeds, emulator.DeleteNonMemberFails, emulator.DeletedInputsListed,
}

// prepared are dialects that only show after something else has happened.
var prepared = map[string]func(env *acctest.Env){
	emulator.ThrottledHTTP400: func(env *acctest.Env) {
		env.MustFault(emulator.Fault{Code: clarifai.StatusThrottled, Count: 3})
	},
}

// added are dialects that only show when inputs of clarifai_inputs are added outside Terraform after the provider has
// found that they do not exist, with the ids of these inputs.
var added = map[string][]string{
	emulator.MixedHTTP207:        {"b"},
	emulator.InputDuplicate30104: {"b"},
	emulator.CallCodeOfItems:     {"a", "b"},
}

func addInputs(env *acctest.Env, ids []string) {
	env.Observe(func(call emulator.Call) {
		if call.Op == "PostDatasets" && strings.Contains(string(call.Request), `"rows"`) {
			for _, id := range ids {
				env.AddInput(env.App.AppID, clarifai.Input{ID: id, Data: &clarifai.Data{Text: &clarifai.Text{Raw: "theirs"}}})
			}
		}
	})
}

// slow are dialects that only show while the service works in the background.
var slow = map[string]time.Duration{emulator.DeletedInputsListed: 10 * time.Second}

// variants change the configuration of a scenario so that it shows a dialect.
var variants = map[string]func(s *scenario){
	emulator.AnnotationsOldestFirst: func(s *scenario) { s.config += dataAfter("clarifai_annotations", s, "") },
	emulator.ConceptsByAge:          func(s *scenario) { s.config += dataAfter("clarifai_concepts", s, "") },
	emulator.SearchAppConceptsOnly:  func(s *scenario) { s.config += dataAfter("clarifai_concepts", s, `name = "t*"`) },
	emulator.CountLabelledOnly:      func(s *scenario) { s.config += dataAfter("clarifai_concept_counts", s, "") },
	emulator.OlderConcepts:          notStored,
	emulator.SavedSearchApart:       notReadable,
	emulator.SpanEndInclusive:       spanned,
	emulator.SpanUTF16:              spanned,
}

// notStored is for objects of which the service ignores an argument: the plan after an import sets it.
func notStored(s *scenario) { s.afterImport = true }

// notReadable is for objects that cannot be read, and therefore not be imported.
func notReadable(s *scenario) { s.importID = "" }

// dataAfter returns a data source that is read after the scenario's object has been created.
func dataAfter(typeName string, s *scenario, arguments string) string {
	return fmt.Sprintf("\ndata %q \"all\" {\n  depends_on = [%s.test]\n  %s\n}\n", typeName, s.resource, arguments)
}

// spanned makes the annotation one of a text.
func spanned(s *scenario) {
	s.before, s.after, s.importID = "truck", "truck", "text/word"
	s.config = `
resource "clarifai_input" "text" {
  id   = "text"
  text = { raw = "\U0001F69A truck" }
}
resource "clarifai_annotation" "test" {
  input_id = clarifai_input.text.id
  id       = "word"
  concepts = { UPDATE = 1 }
  span     = { char_start = 2, char_end = 6, raw_text = "truc" }
}
`
}

// hidden are dialects that no configuration makes the emulator use, with the reason.
var hidden = map[string]string{
	emulator.IgnoreUnknownKeys:        "the provider sends no unknown keys",
	emulator.ClampPerPage:             "the provider asks for at most 1000 per page",
	emulator.NoConceptMapping:         "the error message shows it",
	emulator.DeleteInputsAllOrNone:    "the provider deletes inputs that it has just listed",
	emulator.EarlyExportQueued:        "the provider waits for the version before it exports it",
	emulator.CancelFinishedFails:      "the provider cancels only jobs that run",
	emulator.DeleteAnnotationsMissing: "the provider deletes a single annotation by its path; tests of clarifai_annotation_deletion show it",
	emulator.DeleteInputLevelFails:    "the provider does not delete input-level annotations",
	emulator.MergeRegionAppends:       "the provider overwrites annotations",
	emulator.RenamedAppNotFound:       "only an app that is renamed outside Terraform has an old id",
}

// shown reports whether an emulator has used a dialect.
func shown(env *acctest.Env, dialect string) bool {
	statuses := map[string]struct {
		http int
		code clarifai.StatusCode
	}{
		emulator.MixedHTTP207:     {207, clarifai.StatusMixed},
		emulator.DuplicateHTTP409: {409, clarifai.StatusDuplicateID},
		emulator.ThrottledHTTP400: {400, clarifai.StatusThrottled},
	}
	status, ok := statuses[dialect]
	if !ok {
		return env.Decided(dialect)
	}
	return slices.ContainsFunc(env.Calls(), func(call emulator.Call) bool { return call.Status == status.http && call.Code == status.code })
}

func scenarioOf(t *testing.T, name string) scenario {
	t.Helper()
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.resource == name })
	if i < 0 {
		t.Fatalf("no scenario of %s", name)
	}
	return scenarios[i]
}

// nightly reports whether tests run their full matrix.
func nightly() bool { return os.Getenv("CLARIFAI_NIGHTLY") == "1" }

// cycleIn returns the cycle of a resource in a dialect that it is affected by.
func cycleIn(d emulator.Dialect, s scenario) cycle {
	c := cycle{scenario: s}
	if failure, ok := impossible[d.Name]; ok && failure.resource == s.resource {
		c.fails, c.inUpdate = failure.message, failure.inUpdate
	}
	if slices.Contains(d.Reaches, s.resource) {
		if change := variants[d.Name]; change != nil {
			change(&c.scenario)
		}
		c.createdAgain, c.deletedAgain, c.prepare = exists[d.Name], slices.Contains(gone, d.Name), prepared[d.Name]
		if ids := added[d.Name]; ids != nil && s.resource == "clarifai_inputs" {
			c.prepare = func(env *acctest.Env) { addInputs(env, ids) }
			c.fails = `b: an input with this id already exists, does not belong to this resource`
		}
	}
	return c
}

// In every dialect, the resources that it affects work. Nightly, all resources do.
func TestAccDialects(t *testing.T) {
	for _, d := range emulator.Dialects() {
		t.Run(d.Name, func(t *testing.T) {
			var mu sync.Mutex
			used, ended := false, 0
			t.Cleanup(func() {
				if !used && ended >= len(d.Reaches) && hidden[d.Name] == "" {
					t.Error("the emulator has not used the dialect, so this tests nothing")
				}
			})
			for _, s := range scenarios {
				if !nightly() && !slices.Contains(d.Reaches, s.resource) {
					continue
				}
				t.Run(s.resource, func(t *testing.T) {
					env, err := cycleIn(d, s).run(t, speaking(d.Name), acctest.Async(slow[d.Name]))
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					used = used || shown(env, d.Name)
					ended++
				})
			}
		})
	}
}

// Every resource works in all dialects at once, except those in which it cannot.
func TestAccDialects_together(t *testing.T) {
	var all []string
	for _, d := range emulator.Dialects() {
		if _, ok := impossible[d.Name]; !ok {
			all = append(all, d.Name)
		}
	}
	adjust := map[string]func(s *scenario){"clarifai_concept": notStored, "clarifai_saved_search": notReadable}
	for _, s := range scenarios {
		t.Run(s.resource, func(t *testing.T) {
			if adjust[s.resource] != nil {
				adjust[s.resource](&s)
			}
			if _, err := (cycle{scenario: s, deletedAgain: true}).run(t, speaking(all...)); err != nil {
				t.Error(err)
			}
		})
	}
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
