package input_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	address = "clarifai_input.test"
	url     = "https://samples.example.com/metro.jpg"
	urlLine = `image = { url = "` + url + `" }
`
)

// onePixel is a PNG.
var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde" +
	"\x00\x00\x00\x0cIDAT\x08\xd7c\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\x18\xdd\x8d\xb0\x00\x00\x00\x00IEND\xaeB`\x82")

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// block is an input that is waited for, unless the body says otherwise.
func block(body string) string {
	if !strings.Contains(body, "wait_for_processing") {
		body = `wait_for_processing = true
` + body
	}
	return `resource "clarifai_input" "test" {
` + body + `
}
`
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds checks an object at the service, not only in state.
var holds = acctest.Stored((*clarifai.Client).GetInput)

// gone checks that an object does not exist at the service.
var waitDeleted = acctest.Gone((*clarifai.Client).GetInput)

func inDataset(env *acctest.Env, dataset, id string, want bool) error {
	_, err := env.Client.GetDatasetInput(context.Background(), env.App, dataset, id)
	if err != nil && !clarifai.IsNotFound(err) {
		return err
	}
	if (err == nil) != want {
		return fmt.Errorf("member of %s: %v, want %v", dataset, err == nil, want)
	}
	return nil
}

var (
	inPlace = acctest.Plans(address, plancheck.ResourceActionUpdate)
	replace = acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)
	noop    = acctest.PlansNothing()
)

func TestAccInput_basic(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	id := env.Name("metro")
	config := env.Config(block(fmt.Sprintf(`
  id       = %q
  image    = { url = "https://samples.clarifai.com/metro-north.jpg", allow_duplicate_url = true }
  concepts = { train = 1, tram = 0, delay = 0.7 }
  metadata = jsonencode({ camera = "north", n = 3 })
  geo      = { latitude = 40.7127, longitude = -74.0059 }
`, id)))
	ignored := []string{"image.allow_duplicate_url", "deletion_policy", "wait_for_processing"} // the service does not say
	env.Case(t, resource.TestCase{
		CheckDestroy: waitDeleted(env, id),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(30000)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("name"),
						knownvalue.StringExact("INPUT_SUCCESS")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("content_sha256"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("hosted_url"),
						knownvalue.StringRegexp(regexp.MustCompile(`^https?://.*/orig/users/`))),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("media_info").AtMapKey("kind"), knownvalue.StringExact("image")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("media_info").AtMapKey("width"), knownvalue.NotNull()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
				Check: holds(env, id, func(in *clarifai.Input) error {
					if got := acctest.Labels(in); got != "map[delay:0.7 train:1 tram:0]" {
						return fmt.Errorf("labels are %s", got)
					}
					if string(in.Data.Metadata) != `{"camera":"north","n":3}` {
						return fmt.Errorf("metadata is %s", in.Data.Metadata)
					}
					return nil
				}),
			},
			{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: ignored},
			{ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/" + env.App.AppID + "/" + id,
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: ignored},
		},
	})
}

// An input of an older app has an id that no new one can have. It can be imported.
func TestAccInput_olderID(t *testing.T) {
	const id = "ai people.2019:1"
	env := acctest.New(t)
	older := `{"apps":[{"id":"fleet","inputs":[{"id":"` + id + `","data":{"text":{"raw":"a"},"concepts":[{"id":"stop"}]}}]}]}`
	if err := env.Load(strings.NewReader(older)); err != nil {
		t.Fatal(err)
	}
	config := `resource "clarifai_input" "test" {
  id = "` + id + `"
  concepts = { stop = 1 }
}`
	env.Test(t,
		resource.TestStep{
			Config: env.Config(block(`id = "` + id + `"
  text = { raw = "a" }`)),
			ExpectError: regexp.MustCompile(`(?s)Invalid id of a new input.*48\s+characters.*imported`),
		},
		resource.TestStep{
			Config: env.Config(config, `import {
  to = clarifai_input.test
  id = "`+id+`"
}`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			Config: env.Config(strings.Replace(config, "stop = 1 }", "go = 1 }\n  deletion_policy = \"delete\"", 1)),
			Check: func(*terraform.State) error {
				in, err := env.Client.GetInput(t.Context(), env.App, id)
				if err != nil {
					return err
				}
				if len(in.Data.Concepts) != 1 || in.Data.Concepts[0].ID != "go" {
					return fmt.Errorf("the input has %+v", in.Data.Concepts)
				}
				return nil
			},
		},
	)
}

// The file of an input that exists is needed to apply a change, but not to plan and to destroy.
func TestAccInput_missingFile(t *testing.T) {
	env := acctest.New(t)
	file := write(t, "note.txt", []byte("note"))
	config := func(label string) string {
		return env.Config(block(fmt.Sprintf(`id = "note"
  text = { file = %q }
  concepts = { %s = 1 }`, file, label)))
	}
	env.Test(t,
		resource.TestStep{Config: config("stop")},
		resource.TestStep{
			PreConfig:        func() { _ = os.Rename(file, file+".away") },
			Config:           config("stop"),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ExpectError:      regexp.MustCompile(`Invalid file`),
		},
		resource.TestStep{
			PreConfig: func() { _ = os.Rename(file+".away", file) },
			Config:    config("go"),
		},
		resource.TestStep{
			PreConfig: func() { _ = os.Rename(file, file+".away") },
			Config:    config("go"),
			Destroy:   true,
		},
	)
}

// After an import the plan is empty, values of labels and places included.
func TestAccInput_importBlock(t *testing.T) {
	env := acctest.New(t)
	steps := []resource.TestStep{
		{Config: env.Config(block(`id = "metro"
  wait_for_processing = false
` + urlLine + `concepts = { delay = 0.7 }
  geo = { latitude = 40.7127, longitude = -74.0059 }
  metadata = jsonencode({ a = 0.1 })`))},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "fleet/metro"},
	}
	if acctest.Has(acctest.ImportByIdentity) {
		steps = append(steps, resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
		})
	}
	env.Test(t, steps...)
}

func TestAccInput_identity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
				"user_id": knownvalue.StringExact(env.App.UserID),
				"app_id":  knownvalue.StringExact(env.App.AppID),
				"id":      knownvalue.StringExact("metro"),
			}),
		},
	})
}

// The service does not give content back, so an imported file is taken for what the input has, with a warning
// and without a call.
func TestAccInput_importContent(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, clarifai.Input{ID: "pixel", Data: &clarifai.Data{Image: &clarifai.Image{Base64: onePixel}}})
	file := write(t, "pixel.png", onePixel)
	config := env.Config(block(fmt.Sprintf(`id = "pixel"
  deletion_policy = "delete"
  image = { file = %q }`, file)), `
import {
  to = clarifai_input.test
  id = "pixel"
}
`)
	env.Test(t, resource.TestStep{
		Config:           config,
		ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("content_sha256"), knownvalue.StringExact(sum(onePixel))),
		},
		Check: resource.ComposeTestCheckFunc(env.Called(1, "PostInputs"), env.Called(0, "PatchInputs"), env.Called(0, "DeleteInput")),
	})
}

// Without an id in the configuration the provider chooses one, and keeps it.
func TestAccInput_ownID(t *testing.T) {
	env := acctest.New(t)
	same := statecheck.CompareValue(compare.ValuesSame())
	differ := statecheck.CompareValue(compare.ValuesDiffer())
	at := tfjsonpath.New("id")
	env.Test(t,
		resource.TestStep{
			Config: env.Config(block(urlLine)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at, knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f]{32}$`))),
				same.AddStateValue(address, at), differ.AddStateValue(address, at),
			},
		},
		resource.TestStep{
			Config:            env.Config(block(urlLine + "concepts = { train = 1 }")),
			ConfigPlanChecks:  inPlace,
			ConfigStateChecks: []statecheck.StateCheck{same.AddStateValue(address, at)},
		},
		resource.TestStep{
			Config:            env.Config(block(`image = { url = "https://samples.example.com/other.jpg" }`)),
			ConfigPlanChecks:  replace,
			ConfigStateChecks: []statecheck.StateCheck{differ.AddStateValue(address, at)},
		},
	)
}

func TestAccInput_media(t *testing.T) {
	env := acctest.New(t)
	text := []byte("a broken lamp, née \"lampe\"\n")
	mp4 := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	mp3 := []byte("ID3\x03\x00\x00\x00\x00\x00\x00")
	config := env.Config()
	var state []statecheck.StateCheck
	var kept []resource.TestCheckFunc
	for i, test := range []struct {
		kind, source string
		content      []byte
	}{
		{"image", fmt.Sprintf("file = %q", write(t, "a.png", onePixel)), onePixel},
		{"image", fmt.Sprintf("base64 = %q", base64.StdEncoding.EncodeToString(onePixel)), onePixel},
		{"image", fmt.Sprintf("url = %q", url), nil},
		{"video", fmt.Sprintf("file = %q", write(t, "a.mp4", mp4)), mp4},
		{"video", `url = "https://samples.example.com/a.mp4"`, nil},
		{"audio", fmt.Sprintf("base64 = %q", base64.StdEncoding.EncodeToString(mp3)), mp3},
		{"audio", `url = "https://samples.example.com/a.mp3"`, nil},
		{"text", fmt.Sprintf("file = %q", write(t, "a.txt", text)), text},
		{"text", `raw = "It works."`, []byte("It works.")},
		{"text", `url = "https://samples.example.com/a.txt"`, nil},
	} {
		digest := knownvalue.Check(knownvalue.Null())
		if test.content != nil {
			digest = knownvalue.StringExact(sum(test.content))
		}
		id := fmt.Sprintf("in-%d", i)
		at := "clarifai_input." + id
		config += fmt.Sprintf(`resource "clarifai_input" %q {
  id = %q
  wait_for_processing = true
  %s = { %s }
}
`, id, id, test.kind,
			test.source)
		state = append(state,
			statecheck.ExpectKnownValue(at, tfjsonpath.New("content_sha256"), digest),
			statecheck.ExpectKnownValue(at, tfjsonpath.New("media_info").AtMapKey("kind"), knownvalue.StringExact(test.kind)))
		if test.content != nil {
			kept = append(kept, func(s *terraform.State) error {
				var got strings.Builder
				_, err := env.Client.Download(context.Background(), s.RootModule().Resources[at].Primary.Attributes["hosted_url"], &got)
				if err == nil && got.String() != string(test.content) {
					return fmt.Errorf("of %s the service holds %q", id, got.String())
				}
				return err
			})
		}
	}
	env.Test(t, resource.TestStep{Config: config, ConfigStateChecks: state, Check: resource.ComposeTestCheckFunc(kept...)})
}

// What is only in the file must not be in state: a digest is enough.
func TestAccInput_stateHoldsNoContent(t *testing.T) {
	env := acctest.New(t)
	secret := "the quick brown fox"
	validateContents := func(want bool) func(*terraform.State) error {
		return func(s *terraform.State) error {
			if got := strings.Contains(s.String(), secret); got != want {
				return fmt.Errorf("content in state: %v, want %v", got, want)
			}
			return nil
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(block(fmt.Sprintf("text = { file = %q }", write(t,
			"a.txt", []byte(secret))))), Check: validateContents(false)},
		resource.TestStep{Config: env.Config(block(fmt.Sprintf("text = { raw = %q }", secret))), Check: validateContents(true)},
	)
}

func TestAccInput_update(t *testing.T) {
	env := acctest.New(t)
	config := func(body string) string {
		return env.Config(block(`id = "metro"
` + urlLine + body))
	}
	env.Test(t,
		resource.TestStep{Config: config(`
  concepts = { train = 1 }
  metadata = jsonencode({ a = 1 })`)},
		resource.TestStep{ // only additions: merged, so that nothing else can be lost
			Config: config(`
  concepts = { train = 1, tram = 0.25 }
  metadata = jsonencode({ a = 2, b = { c = 1, d = [1, 2] } })
  geo      = { latitude = 1.5, longitude = 2.5 }`),
			ConfigPlanChecks: inPlace,
			Check: resource.ComposeTestCheckFunc(
				patched(env, "merge"),
				holds(env, "metro", func(in *clarifai.Input) error {
					if acctest.Labels(in) != "map[train:1 tram:0.25]" || string(in.Data.Metadata) != `{"a":2,"b":{"c":1,"d":[1,2]}}` ||
						in.Data.Geo.GeoPoint.Longitude != 2.5 {
						return fmt.Errorf("the service holds %s, %s, %+v", acctest.Labels(in), in.Data.Metadata, in.Data.Geo)
					}
					return nil
				})),
		},
		resource.TestStep{ // a list in metadata changes: merging would join the lists
			Config: config(`
  concepts = { train = 1, tram = 0.25 }
  metadata = jsonencode({ a = 2, b = { c = 1, d = [3] } })
  geo      = { latitude = 1.5, longitude = 2.5 }`),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "metro", func(in *clarifai.Input) error {
				if acctest.Labels(in) != "map[train:1 tram:0.25]" || string(in.Data.Metadata) != `{"a":2,"b":{"c":1,"d":[3]}}` || in.Data.Geo == nil {
					return fmt.Errorf("the service holds %s, %s, %+v", acctest.Labels(in), in.Data.Metadata, in.Data.Geo)
				}
				return nil
			}),
		},
		resource.TestStep{ // a label and a key go away, the place stays
			Config: config(`
  concepts = { tram = 1 }
  metadata = jsonencode({ b = { c = 1 } })
  geo      = { latitude = 1.5, longitude = 2.5 }`),
			ConfigPlanChecks: inPlace,
			Check: resource.ComposeTestCheckFunc(
				patched(env, "overwrite"),
				holds(env, "metro", func(in *clarifai.Input) error {
					if acctest.Labels(in) != "map[tram:1]" || string(in.Data.Metadata) != `{"b":{"c":1}}` || in.Data.Geo == nil {
						return fmt.Errorf("the service holds %s, %s, %+v", acctest.Labels(in), in.Data.Metadata, in.Data.Geo)
					}
					return nil
				})),
		},
		resource.TestStep{ // what is taken out of the configuration is taken away
			Config:           config(``),
			ConfigPlanChecks: inPlace,
			Check: holds(env, "metro", func(in *clarifai.Input) error {
				if acctest.Labels(in) != "map[]" || len(in.Data.Metadata) > 0 && string(in.Data.Metadata) != "{}" || in.Data.Geo != nil {
					return fmt.Errorf("the service holds %s, %s, %+v", acctest.Labels(in), in.Data.Metadata, in.Data.Geo)
				}
				return nil
			}),
		},
	)
}

// patched checks the action of the last patch.
func patched(env *acctest.Env, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		calls := env.Calls("PatchInputs")
		if len(calls) == 0 || !strings.Contains(string(calls[len(calls)-1].Request), `"action":"`+want+`"`) {
			return fmt.Errorf("the last of %d patches is not %s", len(calls), want)
		}
		return nil
	}
}

// The spelling of numbers and JSON, and what 32 bits cannot hold, is no change.
func TestAccInput_spelling(t *testing.T) {
	env := acctest.New(t)
	config := func(body string) string {
		return env.Config(block(`id = "metro"
` + urlLine + body))
	}
	env.Test(t,
		resource.TestStep{Config: config(`
  concepts = { a = 0.123456789012345, b = 1 }
  metadata = "{\"b\": 1.0, \"a\": [1, 2]}"
  geo      = { latitude = 40.712712345678, longitude = -73.99999999999 }`)},
		resource.TestStep{
			Config: config(`
  concepts = { a = 0.123456789012345, b = 1.0 }
  metadata = jsonencode({ a = [1, 2], b = 1 })
  geo      = { latitude = 40.712712345678, longitude = -73.99999999999 }`),
			ConfigPlanChecks: noop,
		},
	)
}

func TestAccInput_replace(t *testing.T) {
	env := acctest.New(t, acctest.Async(3*time.Second)) // the id is free only after a while
	if _, err := env.Client.PostApps(t.Context(), env.App.UserID, []clarifai.App{{ID: "other"}}); err != nil {
		t.Fatal(err)
	}
	file := write(t, "a.txt", []byte("first"))
	at := tfjsonpath.New("created_at")
	replaced := statecheck.CompareValue(compare.ValuesDiffer())
	step := func(body string, checks resource.ConfigPlanChecks) resource.TestStep {
		return resource.TestStep{
			Config: env.Config(block(body)), ConfigPlanChecks: checks,
			ConfigStateChecks: []statecheck.StateCheck{replaced.AddStateValue(address, at)},
		}
	}
	changed := step(fmt.Sprintf(`id = "one"
  text = { file = %q }`, file), replace)
	changed.PreConfig = func() {
		if err := os.WriteFile(file, []byte("second"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(t,
		step(`id = "one"
`+urlLine, resource.ConfigPlanChecks{}),
		step(`id = "one"
  image = { url = "https://samples.example.com/other.jpg" }`, replace),
		step(fmt.Sprintf(`id = "one"
  image = { base64 = %q }`, base64.StdEncoding.EncodeToString(onePixel)), replace),
		step(fmt.Sprintf(`id = "one"
  text = { file = %q }`, file), replace),
		changed,
		step(`id = "one"
text = { raw = "third" }`, replace),
		step(`id = "two"
text = { raw = "third" }`, replace),
		step(`id = "two"`+`
  app_id = "other"
`+`text = { raw = "third" }`, replace),
	)
}

// The same content from elsewhere is the same input.
func TestAccInput_sameContent(t *testing.T) {
	env := acctest.New(t)
	first, second := write(t, "a.png", onePixel), write(t, "b.png", onePixel)
	env.Test(t,
		resource.TestStep{Config: env.Config(block(fmt.Sprintf(`id = "one"
  image = { file = %q }`, first)))},
		resource.TestStep{Config: env.Config(block(fmt.Sprintf(`id = "one"
  image = { file = %q }`, second))),
			ConfigPlanChecks: inPlace},
		resource.TestStep{
			Config: env.Config(block(fmt.Sprintf(`id = "one"
  image = { base64 = %q, allow_duplicate_url = true }`, base64.StdEncoding.EncodeToString(onePixel)))),
			ConfigPlanChecks: inPlace,
			Check:            resource.ComposeTestCheckFunc(env.Called(1, "PostInputs"), env.Called(0, "PatchInputs")),
		},
	)
}

// A path or an input type that is known only during apply does not fail, and the plan after it is empty.
func TestAccInput_unknown(t *testing.T) {
	env := acctest.New(t)
	file := write(t, "a.txt", []byte("first"))
	config := func(trigger, rest string) string {
		return env.Config(fmt.Sprintf(`
resource "terraform_data" "path" {
  input            = %q
  triggers_replace = %q
}
`, file, trigger), block(`id = "one"
  text = { file = terraform_data.path.output }
  concepts = { (terraform_data.path.id == "" ? "a" : "b") = 1 }
`+rest))
	}
	env.Test(t,
		resource.TestStep{
			Config: config("1", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("content_sha256"), knownvalue.StringExact(sum([]byte("first")))),
			},
		},
		resource.TestStep{Config: config("1", ""), ConfigPlanChecks: noop},
		resource.TestStep{Config: config("2", ""), ConfigPlanChecks: inPlace}, // the same content: nothing is replaced
		resource.TestStep{
			Config: env.Config(`
resource "terraform_data" "cond" { input = "x" }
`, block(fmt.Sprintf(`id = "one"
  text = terraform_data.cond.output == "x" ? { file = %q } : null
  image = terraform_data.cond.output == "y" ? { url = %q } : null`, file, url))),
		},
	)
}

func TestAccInput_datasets(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "a", "b", "c")
	config := func(body string) string {
		return env.Config(block(`id = "metro"
` + urlLine + body))
	}
	members := func(a, b, c bool) resource.TestCheckFunc {
		return func(*terraform.State) error {
			for dataset, want := range map[string]bool{"a": a, "b": b, "c": c} {
				if err := inDataset(env, dataset, "metro", want); err != nil {
					return err
				}
			}
			return nil
		}
	}
	env.Test(t,
		resource.TestStep{
			Config: config(`dataset_ids = ["a", "b"]`),
			Check:  resource.ComposeTestCheckFunc(members(true, true, false), env.Called(0, "PostDatasetInputs")),
		},
		resource.TestStep{Config: config(`dataset_ids = ["b", "c"]`), ConfigPlanChecks: inPlace, Check: members(false, true, true)},
		resource.TestStep{ // lost behind our back: drift
			PreConfig: func() {
				if err := env.Client.DeleteDatasetInputs(t.Context(), env.App, "c", []string{"metro"}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(`dataset_ids = ["b", "c"]`), ConfigPlanChecks: inPlace, Check: members(false, true, true),
		},
		resource.TestStep{ // joined by others: not managed
			PreConfig: func() {
				if _, err := env.Client.PostDatasetInputs(t.Context(), env.App, "a", []string{"metro"}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(`dataset_ids = ["b", "c"]`), ConfigPlanChecks: noop, Check: members(true, true, true),
		},
		resource.TestStep{Config: config(`dataset_ids = []`), ConfigPlanChecks: inPlace, Check: members(true, false, false)},
		resource.TestStep{Config: config(`dataset_ids = ["b"]`), ConfigPlanChecks: inPlace, Check: members(true, true, false)},
		resource.TestStep{Config: config(``), ConfigPlanChecks: inPlace, Check: members(true, false, false)},
		resource.TestStep{
			Config: config(`concepts = { train = 1 }
  dataset_ids = ["b", "nope"]`),
			ExpectError: regexp.MustCompile(`(?s)Unable to add input "metro" to dataset "nope".*dataset_ids`),
		},
		resource.TestStep{ // what worked of the failed apply is in state
			Config: config(`concepts = { train = 1 }
  dataset_ids = ["b"]`), ConfigPlanChecks: noop, Check: members(true, true, false),
		},
	)
}

func TestAccInput_unknownDataset(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine + `dataset_ids = ["nope"]`)),
		ExpectError: regexp.MustCompile(`(?s)Unable to create input "metro".*dataset_ids = \["nope"\].*'nope'.*clarifai_dataset\.NAME\.id`),
	})
}

// A resource that is renamed without a moved block is created while the old one is destroyed:
// what has taken the id is not waited for.
func TestAccInput_recreatedDuringDestroy(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "metro"
` + urlLine))
	env.RecreatedDuringDestroy(t, config, "DeleteInput", func() {
		env.PostInputs(t, clarifai.Input{ID: "metro", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/other.jpg"}}})
	})
	if _, err := env.Client.GetInput(t.Context(), env.App, "metro"); err != nil {
		t.Error(err)
	}
}

func TestAccInput_disappears(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "metro"
` + urlLine))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := env.Client.DeleteInput(t.Context(), env.App, "metro"); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
	)
}

// Somebody deletes the input and makes another with its id.
func TestAccInput_replacedOutside(t *testing.T) {
	env := acctest.New(t)
	remake := func(data clarifai.Data) func() {
		return func() {
			if err := env.Client.DeleteInput(t.Context(), env.App, "one"); err != nil {
				t.Fatal(err)
			}
			env.Clock.Advance(time.Second)
			env.PostInputs(t, clarifai.Input{ID: "one", Data: &data})
		}
	}
	isSame := env.Config(block(`id = "one"
  text = { raw = "ours" }`))
	byURL := env.Config(block(`id = "one"
` + urlLine))
	env.Test(t,
		resource.TestStep{Config: isSame},
		resource.TestStep{PreConfig: remake(clarifai.Data{Text: &clarifai.Text{Raw: "theirs"}}), Config: isSame, ConfigPlanChecks: replace},
		resource.TestStep{PreConfig: remake(clarifai.Data{Image: &clarifai.Image{URL: url}}), Config: isSame, ConfigPlanChecks: replace},
		resource.TestStep{Config: byURL, ConfigPlanChecks: replace},
		resource.TestStep{PreConfig: remake(clarifai.Data{Image: &clarifai.Image{URL: url}}), Config: byURL, ConfigPlanChecks: noop},
		resource.TestStep{PreConfig: remake(clarifai.Data{Image: &clarifai.Image{URL: url + "?other"}}), Config: byURL,
			ConfigPlanChecks: replace},
	)
}

// Labels, metadata and place are exactly what is configured.
func TestAccInput_drift(t *testing.T) {
	env := acctest.New(t)
	config := env.Config(block(`id = "metro"
` + urlLine + `
  concepts = { train = 1 }
  metadata = jsonencode({ a = 1 })
  geo      = { latitude = 1, longitude = 2 }`))
	isSame := holds(env, "metro", func(in *clarifai.Input) error {
		if acctest.Labels(in) != "map[train:1]" || string(in.Data.Metadata) != `{"a":1}` || in.Data.Geo == nil ||
			in.Data.Geo.GeoPoint.Latitude != 1 {
			return fmt.Errorf("the service holds %s, %s, %+v", acctest.Labels(in), in.Data.Metadata, in.Data.Geo)
		}
		return nil
	})
	theirs := func(data clarifai.Data, action clarifai.PatchAction) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() { env.PatchInput(t, "metro", data, action) },
			Config:    config, ConfigPlanChecks: inPlace, Check: isSame,
		}
	}
	env.Test(t,
		resource.TestStep{Config: config},
		theirs(clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("tram", 1)}}, clarifai.ActionMerge),
		theirs(clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("train", 0)}}, clarifai.ActionMerge),
		theirs(clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("train", 1)}}, clarifai.ActionRemove),
		theirs(clarifai.Data{Metadata: clarifai.Struct(`{"b":2}`)}, clarifai.ActionMerge),
		theirs(clarifai.Data{Geo: &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: 5}}}, clarifai.ActionMerge),
		theirs(clarifai.Data{}, clarifai.ActionOverwrite),
	)
}

// What is not configured is neither seen nor touched, also when something else is overwritten.
func TestAccInput_unmanaged(t *testing.T) {
	env := acctest.New(t)
	config := func(body string) string {
		return env.Config(block(`id = "metro"
` + urlLine + body))
	}
	theirs := clarifai.Data{
		Concepts: []clarifai.Concept{acctest.Label("theirs", 0.5)},
		Metadata: clarifai.Struct(`{"reviewer":"ann"}`),
		Geo:      &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: 5, Longitude: 6}},
		Regions: []clarifai.Region{{ID: "r1", RegionInfo: &clarifai.RegionInfo{
			BoundingBox: &clarifai.BoundingBox{BottomRow: 0.5, RightCol: 0.5},
		}}},
	}
	kept := func(wantLabels, wantMetadata string) resource.TestCheckFunc {
		return holds(env, "metro", func(in *clarifai.Input) error {
			if acctest.Labels(in) != wantLabels || string(in.Data.Metadata) != wantMetadata || in.Data.Geo == nil || len(in.Data.Regions) != 1 {
				return fmt.Errorf("the service holds %s, %s, %+v and "+
					"%d regions", acctest.Labels(in), in.Data.Metadata, in.Data.Geo, len(in.Data.Regions))
			}
			return nil
		})
	}
	env.Test(t,
		resource.TestStep{Config: config(``)},
		resource.TestStep{
			PreConfig: func() { env.PatchInput(t, "metro", theirs, clarifai.ActionMerge) },
			Config:    config(``), ConfigPlanChecks: noop,
		},
		// From now on labels are managed: theirs go, all else stays.
		resource.TestStep{Config: config(`concepts = { ours = 1, more = 1 }`), ConfigPlanChecks: inPlace,
			Check: kept("map[more:1 ours:1]", `{"reviewer":"ann"}`)},
		resource.TestStep{Config: config(`concepts = { ours = 1 }`), ConfigPlanChecks: inPlace, Check: kept("map[ours:1]",
			`{"reviewer":"ann"}`)},
		// None is managed too.
		resource.TestStep{Config: config(`concepts = {}`), ConfigPlanChecks: inPlace, Check: kept("map[]", `{"reviewer":"ann"}`)},
		resource.TestStep{
			PreConfig: func() {
				env.PatchInput(t, "metro", clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("theirs", 1)}}, clarifai.ActionMerge)
			},
			Config: config(`concepts = {}`), ConfigPlanChecks: inPlace, Check: kept("map[]", `{"reviewer":"ann"}`),
		},
		resource.TestStep{Config: config(`concepts = {}
  metadata = jsonencode({})`), ConfigPlanChecks: inPlace, Check: kept("map[]",
			`{}`)},
		// Not managed any more.
		resource.TestStep{Config: config(``), ConfigPlanChecks: inPlace},
		resource.TestStep{
			PreConfig: func() { env.PatchInput(t, "metro", theirs, clarifai.ActionMerge) },
			Config:    config(``), ConfigPlanChecks: noop, Check: kept("map[theirs:0.5]", `{"reviewer":"ann"}`),
		},
	)
}

// A failure says why, and the next apply replaces the input.
func TestAccInput_failed(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Object: "input", Code: clarifai.StatusInputUnsupported, Details: "a sound file, not an image",
		Count: 1})
	config := env.Config(block(`id = "metro"
` + urlLine))
	env.Test(t,
		resource.TestStep{
			Config: config,
			ExpectError: regexp.MustCompile(`(?s)Processing failed: input "metro".*a\s+sound\s+file,\s+not\s+an\s+image.*` +
				`30101\s+INPUT_UNSUPPORTED_FORMAT`),
		},
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: replace,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(30000)),
			},
			Check: func(*terraform.State) error {
				if env.Struck(fault) != 1 {
					return fmt.Errorf("the fault struck %d times, want 1", env.Struck(fault))
				}
				return nil
			},
		},
	)
}

// Who does not wait is told by status.
func TestAccInput_noWait(t *testing.T) {
	env := acctest.New(t, acctest.Async(time.Hour))
	env.MustFault(emulator.Fault{Object: "input", Code: clarifai.StatusInputFailed, Count: 1})
	code := func(want int64) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"),
			knownvalue.Int64Exact(want))}
	}
	config := env.Config(block(`id = "metro"
  wait_for_processing = false
` + urlLine))
	waits := env.Config(block(`id = "metro"
` + urlLine))
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: code(30001)},
		resource.TestStep{ // labels do not have to wait either
			Config: env.Config(block(`id = "metro"
  wait_for_processing = false
  concepts = { train = 1 }
` + urlLine)), ConfigPlanChecks: inPlace,
			ConfigStateChecks: code(30001),
		},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(2 * time.Hour) },
			Config: env.Config(block(`id = "metro"
  wait_for_processing = false
  concepts = { train = 1 }
` + urlLine)), ConfigPlanChecks: noop,
			ConfigStateChecks: code(30002),
		},
		resource.TestStep{Config: waits, ConfigPlanChecks: replace, ConfigStateChecks: code(30000)},
	)
}

// A timeout keeps the input, says how to continue, and the next apply resumes waiting for the same input.
func TestAccInput_timeout(t *testing.T) {
	const long = 5000 * time.Hour // more than is polled through within the timeouts, so the input is left there at the end
	env := acctest.New(t, acctest.Async(long))
	config := func(timeouts string) string {
		return env.Config(block(`id = "metro"
` + urlLine + `deletion_policy = "abandon"
  timeouts = { ` + timeouts + " }"))
	}
	same := statecheck.CompareValue(compare.ValuesSame())
	at := tfjsonpath.New("created_at")
	env.Test(t,
		resource.TestStep{
			Config:             config(`create = "400ms"`),
			ExpectNonEmptyPlan: true,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(30001)),
				same.AddStateValue(address, at),
			},
		},
		resource.TestStep{ // still not: an error now, and nothing is lost
			Config:           config(`create = "400ms", update = "400ms"`),
			ConfigPlanChecks: inPlace,
			ExpectError:      regexp.MustCompile(`(?s)Not processed yet: input "metro".*timed out.*30001.*timeouts\.update`),
		},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(long) },
			Config:    config(`create = "400ms"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
				plancheck.ResourceActionUpdate)}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(30000)),
				same.AddStateValue(address, at),
			},
			Check: resource.ComposeTestCheckFunc(env.Called(1, "PostInputs"), env.Called(0, "DeleteInput")),
		},
	)
}

// An input that cannot be seen everywhere at once is no failure.
func TestAccInput_visibleLate(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.NotFoundFor(3, "GetInput"))
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 3 {
				return fmt.Errorf("the fault struck %d times, want 3", env.Struck(fault))
			}
			return nil
		},
	})
}

func TestAccInput_alreadyExists(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, clarifai.Input{ID: "metro", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "somebody's"}}})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_input\.NAME\s+acme/fleet/metro`),
	})
	if in, err := env.Client.GetInput(t.Context(), env.App, "metro"); err != nil || in.Data.Text == nil {
		t.Errorf("the unmanaged input is now %+v (%v)", in, err)
	}
}

// An id that is taken by an input on its way out is waited for.
func TestAccInput_idFreedLate(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostInputs", Code: clarifai.StatusInputDuplicate, Details: "Input has a duplicate ID.",
		Count: 2})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 2 {
				return fmt.Errorf("the fault struck %d times, want 2", env.Struck(fault))
			}
			return nil
		},
	})
}

func TestAccInput_duplicateURL(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, clarifai.Input{ID: "first", Data: &clarifai.Data{Image: &clarifai.Image{URL: url}}})
	env.Test(t,
		resource.TestStep{
			Config: env.Config(block(`id = "metro"
` + urlLine)),
			ExpectError: regexp.MustCompile(`(?s)another input has the same URL.*image\.allow_duplicate_url`),
		},
		resource.TestStep{Config: env.Config(block(fmt.Sprintf(`id = "metro"
  image = { url = %q, allow_duplicate_url = true }`, url)))},
	)
}

// An answer that is lost on the way must neither duplicate nor orphan anything.
func TestAccInput_lostResponse(t *testing.T) {
	for name, fault := range map[string]emulator.Fault{
		"cut":  {Op: "PostInputs", Reset: emulator.AfterWork, Count: 1},
		"half": {Op: "PostInputs", Truncate: true, Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t)
			struck := env.MustFault(fault)
			env.Test(t, resource.TestStep{
				Config: env.Config(block(urlLine + `concepts = { train = 1 }
  metadata = jsonencode({ a = 1 })`)),
				Check: func(*terraform.State) error {
					if env.Struck(struck) != 1 || env.Count("PostInputs") != 1 {
						return fmt.Errorf("the fault struck %d times in %d creates, want one of each", env.Struck(struck),
							env.Count("PostInputs"))
					}
					return nil
				},
			})
		})
	}
}

// After a lost response, an input that already existed is not adopted.
func TestAccInput_lostResponseNotOurs(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, clarifai.Input{ID: "metro", Data: &clarifai.Data{Image: &clarifai.Image{URL: url},
		Concepts: []clarifai.Concept{acctest.Label("theirs", 1)}}})
	env.MustFault(emulator.Fault{Op: "PostInputs", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		ExpectError: regexp.MustCompile(`already exists`),
	})
}

func TestAccInput_throttled(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostInputs", HTTP: http.StatusTooManyRequests, Count: 2})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		Check: func(*terraform.State) error {
			if env.Struck(fault) != 2 {
				return fmt.Errorf("the fault struck %d times, want 2", env.Struck(fault))
			}
			return nil
		},
	})
}

func TestAccInput_wrongKey(t *testing.T) {
	env := acctest.New(t)
	env.MustFault(emulator.Fault{Op: "PostInputs", HTTP: http.StatusUnauthorized, Code: clarifai.StatusKeyNotFound})
	env.Test(t, resource.TestStep{
		Config: env.Config(block(`id = "metro"
` + urlLine)),
		ExpectError: regexp.MustCompile(`(?s)Unable to create input "metro".*API key not found.*CLARIFAI_PAT`),
	})
}

func TestAccInput_deletionPolicy(t *testing.T) {
	env := acctest.New(t)
	config := func(policy string) string {
		return env.Config(block(fmt.Sprintf(`id = "metro"
  deletion_policy = %q
%s`, policy, urlLine)))
	}
	env.Test(t,
		resource.TestStep{Config: config("prevent")},
		resource.TestStep{Config: config("prevent"), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*of\s+input\s+"metro"`)},
		resource.TestStep{
			Config: env.Config(block(`id = "metro"
  deletion_policy = "prevent"
  text = { raw = "other" }`)),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*replaces\s+input\s+"metro"`),
		},
		resource.TestStep{Config: config("abandon")},
		resource.TestStep{Config: config("abandon"), Destroy: true},
	)
	if _, err := env.Client.GetInput(t.Context(), env.App, "metro"); err != nil {
		t.Errorf("an abandoned input should stay: %v", err)
	}
}

// Deleting takes the service a while, and destroy is over only when the input is gone.
func TestAccInput_slowDeletion(t *testing.T) {
	env := acctest.New(t, acctest.Async(time.Minute))
	env.Case(t, resource.TestCase{
		CheckDestroy: waitDeleted(env, "metro"),
		Steps: []resource.TestStep{{Config: env.Config(block(`id = "metro"
` + urlLine))}},
	})
	if n := env.Count("GetInput", "ListInputs"); n < 3 {
		t.Errorf("%d polls only: the deletion cannot have been waited for", n)
	}
}

func TestAccInput_invalid(t *testing.T) {
	env := acctest.New(t)
	big := filepath.Join(t.TempDir(), "big.png")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 20<<20+1); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(t.TempDir(), "huge.mp4")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 97<<20); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		``:                                       `(?s)No content.*`,
		urlLine + `text = { raw = "x" }`:         `(?s)More than one content.*text = \{`,
		`image = {}`:                             `(?s)No source.*image\.url,\s+image\.file\s+and`,
		`image = { allow_duplicate_url = true }`: `No source`,
		`image = { url = "https://example.com/a", base64 = "eA==" }`: `(?s)More than one source.*image = \{`,
		`text = { raw = "" }`:                     `at least 1`,
		`image = { base64 = "no base64" }`:        `(?s)Invalid content.*image\.base64 is not base64`,
		`image = { url = "ftp://example.com/a" }`: `Invalid URL`,
		`image = { file = "nowhere/to/be/found.png" }`: `(?s)Invalid file.*Unable\s+to\s+read\s+image\.file.*` +
			`no\s+such\s+file`,
		fmt.Sprintf(`image = { file = %q }`, t.TempDir()):                           `is not a file`,
		fmt.Sprintf(`image = { file = %q }`, write(t, "e.png", nil)):                `The image is empty`,
		fmt.Sprintf(`image = { file = %q }`, big):                                   `(?s)20971521\s+bytes.*20971520`,
		fmt.Sprintf(`audio = { file = %q }`, big):                                   `The audio has 20971521\s+bytes`,
		fmt.Sprintf(`video = { file = %q }`, huge):                                  `(?s)a\s+request\s+holds\s+128\s+MB`,
		fmt.Sprintf(`text = { file = %q }`, write(t, "l.txt", []byte("\xe9t\xe9"))): `is not UTF-8`,
		urlLine + `id = "no spaces please"`:                                         `Invalid id`,
		urlLine + `app_id = "a/b"`:                                                  `slash`,
		urlLine + `concepts = { "no/slashes" = 1 }`:                                 `(?s)Invalid id.*concepts`,
		urlLine + `concepts = { a = 1.5 }`:                                          `between 0`,
		urlLine + `metadata = "[1]"`:                                                `Not a JSON object`,
		urlLine + `geo = { latitude = 91, longitude = 0 }`:                          `between -90`,
		urlLine + `geo = { latitude = 0, longitude = -181 }`:                        `between -180`,
		urlLine + `geo = { latitude = 0 }`:                                          `longitude`,
		urlLine + `dataset_ids = ["a/b"]`:                                           `slash`,
		urlLine + `deletion_policy = "ask"`:                                         `abandon`,
		urlLine + `timeouts = { create = "soon" }`:                                  `Time Duration`,
		urlLine + `timeouts = { delete = "-5s" }`:                                   `"-5s" leaves no time`,
		urlLine + `timeouts = { update = "0s" }`:                                    `"0s" leaves no time`,
	}
	for body, want := range maps.All(cases) {
		env.Test(t, resource.TestStep{
			Config:      env.Config(block(body)),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccInput_data(t *testing.T) {
	env := acctest.New(t)
	env.MustFault(emulator.Fault{Object: "input", ID: "bad", Code: clarifai.StatusInputFailed})
	env.PostInputs(t, clarifai.Input{ID: "metro", Data: &clarifai.Data{
		Image: &clarifai.Image{URL: url}, Concepts: []clarifai.Concept{acctest.Label("train", 0.7)}, Metadata: clarifai.Struct(`{"a":1}`),
	}})
	env.PostInputs(t, clarifai.Input{ID: "note", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a note"}}})
	env.PostInputs(t, clarifai.Input{ID: "bad", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "another"}}})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_input" "metro" { id = "metro" }
data "clarifai_input" "note" { id = "note" }
data "clarifai_input_counts" "all" {}
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.clarifai_input.metro", tfjsonpath.New("url"), knownvalue.StringExact(url)),
			statecheck.ExpectKnownValue("data.clarifai_input.metro", tfjsonpath.New("concepts").AtMapKey("train"),
				knownvalue.Float64Exact(0.7)),
			statecheck.ExpectKnownValue("data.clarifai_input.metro", tfjsonpath.New("metadata"), knownvalue.StringExact(`{"a":1}`)),
			statecheck.ExpectKnownValue("data.clarifai_input.note", tfjsonpath.New("concepts"), knownvalue.MapSizeExact(0)),
			statecheck.ExpectKnownValue("data.clarifai_input.note", tfjsonpath.New("geo"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.clarifai_input.note", tfjsonpath.New("media_info").AtMapKey("char_count"),
				knownvalue.Int64Exact(6)),
			statecheck.ExpectKnownValue("data.clarifai_input_counts.all", tfjsonpath.New("processed"), knownvalue.Int64Exact(2)),
			statecheck.ExpectKnownValue("data.clarifai_input_counts.all", tfjsonpath.New("errors"), knownvalue.Int64Exact(1)),
			statecheck.ExpectKnownValue("data.clarifai_input_counts.all", tfjsonpath.New("total"), knownvalue.Int64Exact(3)),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_input" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No input "nope" in app "fleet"`),
	})
}

func TestAccInput_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	env.MustFault(emulator.Fault{Object: "input", ID: "in-2", Code: clarifai.StatusInputFailed})
	for i := range 5 {
		env.PostInputs(t, clarifai.Input{ID: fmt.Sprintf("in-%d", i), Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a note"}}})
	}
	identity := func(id string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{
			"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"), "id": knownvalue.StringExact(id),
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(block(`id = "metro"
` + urlLine))},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_input" "all" {
  provider = clarifai
  include_resource = true
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_input.all", 6),
				querycheck.ExpectIdentity("clarifai_input.all", identity("in-3")),
			},
		},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_input" "some" {
  provider = clarifai
  limit = 2
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength("clarifai_input.some", 2)},
		},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_input" "failed" {
  provider = clarifai
  config {
    status_code = 30002
  }
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_input.failed", 1),
				querycheck.ExpectIdentity("clarifai_input.failed", identity("in-2")),
			},
		},
	)
}
