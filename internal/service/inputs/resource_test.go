package inputs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const address = "clarifai_inputs.test"

func block(body string) string {
	return "resource \"clarifai_inputs\" \"test\" {\n  id = \"signs\"\n" + body + "\n}\n"
}

// manifest is a file that tests change.
type manifest struct{ path string }

func newManifest(t *testing.T, name string, lines ...string) *manifest {
	t.Helper()
	m := &manifest{filepath.Join(t.TempDir(), name)}
	m.write(t, lines...)
	return m
}

func (m *manifest) write(t *testing.T, lines ...string) {
	t.Helper()
	if err := os.WriteFile(m.path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (m *manifest) block(more ...string) string {
	return block(fmt.Sprintf("  manifest = %q\n%s", m.path, strings.Join(more, "\n")))
}

// urlRow is a row of an image by URL.
func urlRow(id string, more ...string) string {
	return fmt.Sprintf(`{"id":%q,"url":"https://example.com/%s.jpg"%s}`, id, id, strings.Join(append([]string{""}, more...), ","))
}

func urlRows(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = urlRow(fmt.Sprintf("img-%06d", i))
	}
	return rows
}

func post(t *testing.T, env *acctest.Env, in ...clarifai.Input) {
	t.Helper()
	result, err := env.Client.PostInputs(t.Context(), env.App, clarifai.PostInputsRequest{Inputs: in})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range result.Items {
		if item.Err != nil {
			t.Fatal(item.Err)
		}
	}
}

func image(id string) clarifai.Input {
	return clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}}}
}

func patch(t *testing.T, env *acctest.Env, id string, data clarifai.Data, action clarifai.PatchAction) {
	t.Helper()
	items, err := env.Client.PatchInputs(t.Context(), env.App, []clarifai.Input{{ID: id, Data: &data}}, action)
	if err == nil {
		err = items[0].Err
	}
	if err != nil {
		t.Fatal(err)
	}
}

func label(id string, value float64) clarifai.Concept {
	v := clarifai.MakeFloat(value)
	return clarifai.Concept{ID: id, Value: &v}
}

func labels(in *clarifai.Input) string {
	m := map[string]clarifai.Float{}
	for _, c := range in.Data.Concepts {
		m[c.ID] = *c.Value
	}
	return fmt.Sprint(m)
}

// all are the ids of the app's inputs, in order.
func all(ctx context.Context, env *acctest.Env) ([]string, error) {
	var ids []string
	for in, err := range env.Client.AllInputs(ctx, env.App, clarifai.ListInputsQuery{Page: clarifai.Page{PerPage: 1000}}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, in.ID)
	}
	slices.Sort(ids)
	return ids, nil
}

// has checks which inputs there are.
func has(env *acctest.Env, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := all(context.Background(), env)
		if err == nil && !slices.Equal(got, want) {
			err = fmt.Errorf("the app has %v, want %v", got, want)
		}
		return err
	}
}

func number(env *acctest.Env, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := all(context.Background(), env)
		if err == nil && len(got) != want {
			err = fmt.Errorf("the app has %d inputs, want %d", len(got), want)
		}
		return err
	}
}

func holds(env *acctest.Env, id string, check func(*clarifai.Input) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		found, err := env.Client.GetInput(context.Background(), env.App, id)
		if err != nil {
			return err
		}
		return check(found)
	}
}

func hasLabels(env *acctest.Env, id, want string) resource.TestCheckFunc {
	return holds(env, id, func(in *clarifai.Input) error {
		if got := labels(in); got != want {
			return fmt.Errorf("%s has labels %s, want %s", id, got, want)
		}
		return nil
	})
}

// members checks who is in a dataset.
func members(env *acctest.Env, dataset string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for m, err := range env.Client.AllDatasetInputs(context.Background(), env.App, dataset, 0) {
			if err != nil {
				return err
			}
			got = append(got, m.Input.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("dataset %s has %v, want %v", dataset, got, want)
		}
		return nil
	}
}

func calls(env *acctest.Env, want int, ops ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := env.Count(ops...); got != want {
			return fmt.Errorf("%d calls of %v, want %d", got, ops, want)
		}
		return nil
	}
}

func datasets(t *testing.T, env *acctest.Env, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: id}}); err != nil {
			t.Fatal(err)
		}
	}
}

func state(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

// planned checks what the plan says is to be done.
func planned(add, change, replace, remove int64) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New("changes"), knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"add": knownvalue.Int64Exact(add), "change": knownvalue.Int64Exact(change),
		"replace": knownvalue.Int64Exact(replace), "remove": knownvalue.Int64Exact(remove),
	}))
}

func plans(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func action(a plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, a)
}

var noop = plans(plancheck.ExpectEmptyPlan())

func TestAccInputs_manifest(t *testing.T) {
	env := acctest.New(t)
	datasets(t, env, "day", "night")
	m := newManifest(t, "signs.jsonl",
		urlRow("a", `"concepts":{"stop":1,"night":0}`, `"metadata":{"camera":"north","n":3}`, `"geo":{"latitude":40.7127,"longitude":-74.0059}`, `"datasets":["day"]`),
		urlRow("b", `"concepts":["stop"]`),
		`{"id":"c","text":"It works."}`,
		`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
		`{"id":"e","url":"https://example.com/other","kind":"video"}`,
	)
	env.Case(t, resource.TestCase{
		CheckDestroy: resource.ComposeTestCheckFunc(has(env), func(*terraform.State) error {
			if _, err := env.Client.GetDataset(context.Background(), env.App, "signs"); !clarifai.IsNotFound(err) {
				return fmt.Errorf("the ledger is still there (%w)", errors.Join(err))
			}
			return nil
		}),
		Steps: []resource.TestStep{
			{
				Config:           env.Config(m.block()),
				ConfigPlanChecks: plans(action(plancheck.ResourceActionCreate), planned(5, 0, 0, 0)),
				ConfigStateChecks: []statecheck.StateCheck{
					state("input_count", knownvalue.Int64Exact(5)), state("in_sync", knownvalue.Bool(true)), state("failed_count", knownvalue.Int64Exact(0)),
				},
				Check: resource.ComposeTestCheckFunc(
					has(env, "a", "b", "c", "d", "e"), members(env, "signs", "a", "b", "c", "d", "e"), members(env, "day", "a"),
					hasLabels(env, "a", "map[night:0 stop:1]"), hasLabels(env, "b", "map[stop:1]"),
					holds(env, "a", func(in *clarifai.Input) error {
						if string(in.Data.Metadata) != `{"camera":"north","n":3}` || in.Data.Geo == nil {
							return fmt.Errorf("metadata %s, geo %v", in.Data.Metadata, in.Data.Geo)
						}
						return nil
					}),
					calls(env, 3, "PostInputs"), // a video each, and all the others
				),
			},
			{Config: env.Config(m.block()), ConfigPlanChecks: noop},
			{
				// Another order and spelling of the same.
				PreConfig: func() {
					m.write(t,
						`{"text":"It works.","id":"c"}`, "",
						`{"id":"e","url":"https://example.com/other","kind":"video"}`,
						urlRow("b", `"concepts":{"stop":1.0}`),
						urlRow("a", `"metadata":{"n":3.0,"camera":"north"}`, `"concepts":{"night":0,"stop":1}`, `"geo":{"lat":40.7127,"lon":-74.0059}`, `"datasets":["day"]`, `"kind":"image"`),
						`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
					)
				},
				Config: env.Config(m.block()), ConfigPlanChecks: noop,
			},
			{
				PreConfig: func() {
					m.write(t,
						urlRow("a", `"metadata":{"camera":"north"}`, `"concepts":{"stop":1}`, `"geo":{"latitude":40.7127,"longitude":-74.0059}`, `"datasets":["night"]`),
						urlRow("b", `"concepts":{"stop":1,"rain":0.5}`),
						`{"id":"c","text":"It works better."}`,
						`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
						urlRow("f"),
					)
				},
				Config:           env.Config(m.block()),
				ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(1, 2, 1, 1)),
				Check: resource.ComposeTestCheckFunc(
					has(env, "a", "b", "c", "d", "f"), members(env, "signs", "a", "b", "c", "d", "f"),
					members(env, "day"), members(env, "night", "a"),
					hasLabels(env, "a", "map[stop:1]"), hasLabels(env, "b", "map[rain:0.5 stop:1]"),
				),
			},
			{Config: env.Config(m.block()), ConfigPlanChecks: noop},
		},
	})
}

var _ = regexp.MustCompile
