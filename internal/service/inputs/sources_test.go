package inputs_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestAccInputs_csv(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	m := newManifest(t, "signs.csv",
		"id,url,text,concepts,metadata.place,datasets",
		"a,https://example.com/a.jpg,,stop:1;night:0,north,day",
		`b,,"one, two",stop,,`,
	)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(m.block()),
			Check: resource.ComposeTestCheckFunc(
				has(env, "a", "b"),
				hasLabels(env, "a", "map[night:0 stop:1]"),
				env.HasMembers("day", "a"),
				holds(env, "a", func(in *clarifai.Input) error {
					if string(in.Data.Metadata) != `{"place":"north"}` {
						return fmt.Errorf("metadata is %s", in.Data.Metadata)
					}
					return nil
				}),
			),
		},
	)
}

// A manifest that moved and says the same leads to no call that changes anything.
func TestAccInputs_moved(t *testing.T) {
	env := acctest.New(t)
	a := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	b := newManifest(t, "signs.csv", "id,url", "b,https://example.com/b.jpg", "a,https://example.com/a.jpg")
	env.Test(t,
		resource.TestStep{Config: env.Config(a.block())},
		resource.TestStep{
			PreConfig: env.ResetCalls,
			Config:    env.Config(b.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate)),
			Check: resource.ComposeTestCheckFunc(
				env.Called(0, "PostInputs", "PatchInputs", "DeleteInputs", "PostDatasetInputs"),
				has(env, "a", "b"),
			),
		},
		resource.TestStep{
			// Another file that says something else: what it leads to is found out when planning.
			PreConfig: func() {
				b.write(t, "id,url,concepts", "a,https://example.com/a.jpg,stop", "c,https://example.com/c.jpg,")
			},
			Config: env.Config(b.block()), ConfigPlanChecks: plans(planned(1, 1, 0, 1)), Check: has(env, "a", "c"),
		},
		resource.TestStep{
			Config: env.Config(a.block()), ConfigPlanChecks: plans(plancheck.ExpectUnknownValue(address, tfjsonpathChanges)),
			Check: has(env, "a", "b"),
		},
	)
}

func TestAccInputs_directory(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	dir := t.TempDir()
	put := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("stop/a.txt", "a stop")
	put("stop/b.txt", "another stop")
	put("yield/a.txt", "a yield")
	put("README.md", "not an input")
	config := env.Config(block(fmt.Sprintf("directory = {\n path = %q\n dataset_ids = [\"day\"]\n}", dir)))
	env.Test(t,
		resource.TestStep{
			Config: config, ConfigPlanChecks: plans(planned(3, 0, 0, 0)),
			Check: resource.ComposeTestCheckFunc(
				has(env, "stop-a", "stop-b", "yield-a"),
				hasLabels(env, "yield-a", "map[yield:1]"),
				env.HasMembers("day", "stop-a", "stop-b", "yield-a"),
			),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
		resource.TestStep{
			PreConfig: func() {
				put("stop/a.txt", "a better stop")
				if err := os.Remove(filepath.Join(dir, "stop/b.txt")); err != nil {
					t.Fatal(err)
				}
				put("yield/c.txt", "one more")
			},
			Config: config, ConfigPlanChecks: plans(planned(1, 0, 1, 1)),
			Check: resource.ComposeTestCheckFunc(has(env, "stop-a", "yield-a", "yield-c"), holds(env, "stop-a", func(in *clarifai.Input) error {
				if in.Data.Text.TextInfo.CharCount != int32(len("a better stop")) {
					return fmt.Errorf("stop-a has %d characters", in.Data.Text.TextInfo.CharCount)
				}
				return nil
			})),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
	)
}

// Labels with ids of older concepts, which new ones cannot have, label with the concepts that exist.
func TestAccInputs_olderConcepts(t *testing.T) {
	const warning = `these are outside the rules: "traffic light": it contains a space`
	dir := t.TempDir()
	folder := filepath.Join(dir, "signs", "traffic light")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.txt"), []byte("red"), 0o600); err != nil {
		t.Fatal(err)
	}
	jsonl := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":["traffic light"]`, `"annotations":[`+boxRow("", "traffic light", "0")+`]`))
	csv := newManifest(t, "signs.csv", "id,url,concepts", "a,https://example.com/a.jpg,traffic light:1")
	for name, test := range map[string]struct{ config, id, hint string }{
		"jsonl":     {jsonl.block(), "a", `set labels = "names"`},
		"csv":       {csv.block(), "a", `set labels = "names"`},
		"directory": {block(fmt.Sprintf("directory = {\n path = %q\n}", filepath.Dir(folder))), "traffic-light-a", `set labels = "names"`},
		"items":     {block(`items = { a = { text = "red", concepts = { "traffic light" = 1 } } }`), "a", "inputs are labeled with them."},
	} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t)
			env.AddConcept(env.App.AppID, clarifai.Concept{ID: "traffic light", Name: "Traffic light"})
			w := env.InProcess(t, env.Config(test.config))
			output := acctest.Flat(w.MustRun(t, "apply", "-no-color", "-auto-approve"))
			if !strings.Contains(output, warning) || !strings.Contains(output, test.hint) {
				t.Errorf("no warning about the id:\n%s", output)
			}
			if err := hasLabels(env, test.id, "map[traffic light:1]")(nil); err != nil {
				t.Error(err)
			}
			if output, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code != 0 || strings.Contains(output, "outside the rules") {
				t.Errorf("the next plan ended with %d:\n%s", code, output)
			}
			if n := len(env.Concepts(env.App.AppID)); n != 1 {
				t.Errorf("the app has %d concepts, want 1", n)
			}
		})
	}
	// A service that rejects the id of a new concept is an error of the row.
	t.Run("not there", func(t *testing.T) {
		env := acctest.New(t)
		output, code := env.InProcess(t, env.Config(csv.block())).Run(t, "apply", "-no-color", "-auto-approve")
		if flat := acctest.Flat(output); code == 0 || !strings.Contains(flat, warning) || !strings.Contains(flat, "1 of 1 input failed") {
			t.Errorf("the apply ended with %d:\n%s", code, output)
		}
	})
}

func TestAccInputs_items(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	item := func(id, body string) string { return fmt.Sprintf("  %q = { %s }\n", id, body) }
	config := func(items ...string) string {
		return env.Config(block("items = {\n" + strings.Join(items, "") + "}"))
	}
	env.Test(t,
		resource.TestStep{
			Config: config(
				item(
					"a",
					`url = "https://example.com/a.jpg", concepts = { stop = 1, rain = 0.7 }, metadata = jsonencode({ n = 1 }), geo = { latitude = `+
						`40.7127, longitude = -74.0059 }, dataset_ids = ["day"]`,
				),
				item("b", `text = "words"`),
				item("c", `url = "https://example.com/c", kind = "image"`),
			),
			ConfigPlanChecks:  plans(planned(3, 0, 0, 0)),
			ConfigStateChecks: []statecheck.StateCheck{state("input_count", knownvalue.Int64Exact(3))},
			Check: resource.ComposeTestCheckFunc(
				has(env, "a", "b", "c"),
				hasLabels(env, "a", "map[rain:0.7 stop:1]"),
				env.HasMembers("day", "a"),
				env.Called(1, "PostInputs"),
			),
		},
		resource.TestStep{
			Config: config(
				item("a", `url = "https://example.com/a.jpg", concepts = { stop = 1 }`),
				item("b", `text = "words"`),
				item("d", `url = "https://example.com/d.jpg"`),
			),
			Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "d"), hasLabels(env, "a", "map[stop:1]"), env.HasMembers("day", "a")),
		},
		resource.TestStep{
			PreConfig: func() {
				env.PatchInput(t, "a", clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("cat", 1)}}, clarifai.ActionMerge)
			},
			Config: config(
				item("a", `url = "https://example.com/a.jpg", concepts = { stop = 1 }`),
				item("b", `text = "words"`),
				item("d", `url = "https://example.com/d.jpg"`),
			),
			ConfigPlanChecks: plans(planned(0, 1, 0, 0)), Check: hasLabels(env, "a", "map[stop:1]"),
		},
		resource.TestStep{
			Config:      config(item("a", `url = "https://example.com/a.jpg", text = "x"`), item("b c", `text = "words"`)),
			ExpectError: regexp.MustCompile(`(?s)items\["a"\]: exactly one of url, file and text.*items\["b c"\]: id "b c" cannot be used`),
		},
	)
}

// What is not known before apply is not a problem, in whichever place.
func TestAccInputs_unknown(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"))
	for name, body := range map[string]string{
		"manifest": fmt.Sprintf("manifest = terraform_data.x.output == \"\" ? %[1]q : %[1]q", m.path),
		"item":     `items = { a = { text = terraform_data.x.output } }`,
		"label":    `items = { a = { text = "x", concepts = { stop = tonumber(terraform_data.n.output) } } }`,
		"datasets": fmt.Sprintf("directory = {\n path = %q\n dataset_ids = [terraform_data.x.output]\n}", t.TempDir()),
	} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t)
			env.PostDatasets(t, "day")
			config := env.Config(
				"resource \"terraform_data\" \"x\" {\n input = \"day\"\n}\nresource \"terraform_data\" \"n\" {\n input = 1\n}\n",
				block(body),
			)
			env.Test(t,
				resource.TestStep{Config: config, ConfigPlanChecks: plans(plancheck.ExpectUnknownValue(address, tfjsonpathChanges))},
				resource.TestStep{Config: config, ConfigPlanChecks: noop},
			)
		})
	}
	env.Test(
		t,
		resource.TestStep{Config: env.Config(block("")), ExpectError: regexp.MustCompile("Set exactly one of manifest, directory and items")},
		resource.TestStep{
			Config:      env.Config(m.block("items = {}")),
			ExpectError: regexp.MustCompile("Set exactly one of manifest, directory and items"),
		},
	)
}

// A thousand rows take eight calls to make and two to see, and little state.
func TestAccInputs_thousand(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	rows := make([]string, 1000)
	for i := range rows {
		rows[i] = urlRow(fmt.Sprintf("img-%06d", i), `"concepts":["stop"]`, `"datasets":["day"]`)
	}
	m := newManifest(t, "signs.jsonl", rows...)
	env.Test(t,
		resource.TestStep{
			PreConfig: env.ResetCalls,
			Config:    env.Config(m.block()),
			Check:     resource.ComposeTestCheckFunc(env.Called(8, "PostInputs"), env.Called(0, "PostDatasetInputs", "GetInput"), number(env, 1000)),
		},
		resource.TestStep{
			PreConfig: env.ResetCalls,
			Config:    env.Config(m.block()), ConfigPlanChecks: noop,
			Check: func(*terraform.State) error {
				// The framework makes five plans of it. A page and the empty one after it.
				if n := env.Count(); n > 5*2+2 {
					return fmt.Errorf("%d calls to see that nothing has changed", n)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig: func() { m.write(t, rows[:900]...) },
			Config:    env.Config(m.block("max_deletes = 100")), ConfigPlanChecks: plans(planned(0, 0, 0, 100)),
			Check: resource.ComposeTestCheckFunc(env.Called(1, "DeleteInputs"), number(env, 900)),
		},
	)
}

// More contents than the table can distinguish are rejected; up to that number, changes are detected exactly.
func TestAccInputs_contents(t *testing.T) {
	env := acctest.New(t)
	rows := func(n, changed int) []string {
		all := make([]string, n)
		for i := range all {
			text := "words"
			if i < changed {
				text = "other words"
			}
			all[i] = fmt.Sprintf(`{"id":"txt-%06d","text":"%s %d"}`, i, text, i)
		}
		return all
	}
	m := newManifest(t, "signs.jsonl", rows(1500, 0)...)
	config := env.Config(m.block("max_deletes = 2000"))
	env.Test(
		t,
		resource.TestStep{Config: config, Check: number(env, 1500)},
		resource.TestStep{
			PreConfig: func() { m.write(t, rows(1500, 3)...) }, Config: config, ConfigPlanChecks: plans(planned(0, 0, 3, 0)),
			Check: resource.ComposeTestCheckFunc(number(env, 1500), func(*terraform.State) error {
				if n := len(env.Calls("DeleteInputs")); n != 1 {
					return fmt.Errorf("%d deletes", n)
				}
				return nil
			}),
		},
		resource.TestStep{
			PreConfig:        func() { m.write(t, rows(1500, 603)...) },
			Config:           config,
			ConfigPlanChecks: plans(planned(0, 0, 600, 0)),
			Check:            number(env, 1500),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
		resource.TestStep{PreConfig: func() {
			m.write(t, rows(1500, 0)...)
			m.write(t, strings.Split(strings.ReplaceAll(strings.Join(rows(1500, 0), "\n"), "words", "text"), "\n")...)
		}, Config: config, ExpectError: regexp.MustCompile("Too many contents have changed at once")},
	)
}

func TestAccInputs_missingManifest(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"))
	bad := newManifest(t, "bad.jsonl", urlRow("a"), `{"id":"a","url":"x"}`)
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env),
		Steps: []resource.TestStep{
			{Config: env.Config(bad.block()), ExpectError: regexp.MustCompile(`(?s)Cannot use the manifest.*bad.jsonl line 2: url "x" is not`)},
			{Config: env.Config(m.block())},
			{
				// The plan is a warning; the apply fails.
				PreConfig:        func() { _ = os.Rename(m.path, m.path+".away") },
				Config:           env.Config(m.block()),
				ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), plancheck.ExpectUnknownValue(address, tfjsonpathChanges)),
				ExpectError:      regexp.MustCompile("(?s)Cannot use the manifest.*Cannot read the manifest"),
			},
			// It is not needed to destroy.
			{Config: env.Config(""), Check: func(*terraform.State) error {
				if err := has(env)(nil); err != nil {
					return err
				}
				if env.Count("DeleteDatasets") != 1 {
					return errors.New("the tracking dataset was not deleted")
				}
				return nil
			}},
		},
	})
}
