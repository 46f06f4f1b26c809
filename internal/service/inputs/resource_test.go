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
	"time"

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

func image(id string) clarifai.Input {
	return clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}}}
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

// holds checks an object at the service, not only in state.
var holds = acctest.Stored((*clarifai.Client).GetInput)

func hasLabels(env *acctest.Env, id, want string) resource.TestCheckFunc {
	return holds(env, id, func(in *clarifai.Input) error {
		if got := acctest.Labels(in); got != want {
			return fmt.Errorf("%s has labels %s, want %s", id, got, want)
		}
		return nil
	})
}

func state(name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want)
}

// planned checks the counts of the planned changes.
func planned(add, change, replace, remove int64) plancheck.PlanCheck {
	want := regexp.MustCompile(fmt.Sprintf("^%d to add, %d to change, %d to replace, %d to remove", add, change, replace, remove))
	if add+change+replace+remove == 0 {
		want = regexp.MustCompile("^$")
	}
	return plancheck.ExpectKnownValue(address, tfjsonpath.New("changes"), knownvalue.StringRegexp(want))
}

// plannedText checks a part of the planned changes.
func plannedText(pattern string) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New("changes"), knownvalue.StringRegexp(regexp.MustCompile(pattern)))
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
	env.PostDatasets(t, "day", "night")
	m := newManifest(
		t,
		"signs.jsonl",
		urlRow(
			"a",
			`"concepts":{"stop":1,"night":0}`,
			`"metadata":{"camera":"north","n":3}`,
			`"geo":{"latitude":40.7127,"longitude":-74.0059}`,
			`"datasets":["day"]`,
		),
		urlRow("b", `"concepts":["stop"]`),
		`{"id":"c","text":"It works."}`,
		`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
		`{"id":"e","url":"https://example.com/other","kind":"video"}`,
	)
	env.Case(t, resource.TestCase{
		CheckDestroy: resource.ComposeTestCheckFunc(has(env), func(*terraform.State) error {
			if _, err := env.Client.GetDataset(context.Background(), env.App, "signs"); !clarifai.IsNotFound(err) {
				return fmt.Errorf("the tracking dataset still exists (%w)", errors.Join(err))
			}
			return nil
		}),
		Steps: []resource.TestStep{
			{
				Config:           env.Config(m.block()),
				ConfigPlanChecks: plans(action(plancheck.ResourceActionCreate), planned(5, 0, 0, 0)),
				ConfigStateChecks: []statecheck.StateCheck{
					state(
						"input_count",
						knownvalue.Int64Exact(5),
					), state("in_sync", knownvalue.Bool(true)), state("failed_count", knownvalue.Int64Exact(0)),
				},
				Check: resource.ComposeTestCheckFunc(
					has(env, "a", "b", "c", "d", "e"), env.HasMembers("signs", "a", "b", "c", "d", "e"), env.HasMembers("day", "a"),
					hasLabels(env, "a", "map[night:0 stop:1]"), hasLabels(env, "b", "map[stop:1]"),
					holds(env, "a", func(in *clarifai.Input) error {
						if string(in.Data.Metadata) != `{"camera":"north","n":3}` || in.Data.Geo == nil {
							return fmt.Errorf("metadata %s, geo %v", in.Data.Metadata, in.Data.Geo)
						}
						return nil
					}),
					env.Called(3, "PostInputs"), // a video each, and all the others
				),
			},
			{Config: env.Config(m.block()), ConfigPlanChecks: noop},
			{
				// Another order and spelling of the same.
				PreConfig: func() {
					m.write(
						t,
						`{"text":"It works.","id":"c"}`,
						"",
						`{"id":"e","url":"https://example.com/other","kind":"video"}`,
						urlRow("b", `"concepts":{"stop":1.0}`),
						urlRow(
							"a",
							`"metadata":{"n":3.0,"camera":"north"}`,
							`"concepts":{"night":0,"stop":1}`,
							`"geo":{"lat":40.7127,"lon":-74.0059}`,
							`"datasets":["day"]`,
							`"kind":"image"`,
						),
						`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
					)
				},
				Config: env.Config(m.block()), ConfigPlanChecks: noop,
			},
			{
				PreConfig: func() {
					m.write(
						t,
						urlRow(
							"a",
							`"metadata":{"camera":"north"}`,
							`"concepts":{"stop":1}`,
							`"geo":{"latitude":40.7127,"longitude":-74.0059}`,
							`"datasets":["night"]`,
						),
						urlRow("b", `"concepts":{"stop":1,"rain":0.5}`),
						`{"id":"c","text":"It works better."}`,
						`{"id":"d","url":"https://example.com/clip","kind":"video"}`,
						urlRow("f"),
					)
				},
				Config:           env.Config(m.block()),
				ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(1, 2, 1, 1)),
				Check: resource.ComposeTestCheckFunc(
					has(env, "a", "b", "c", "d", "f"), env.HasMembers("signs", "a", "b", "c", "d", "f"),
					env.HasMembers("day"), env.HasMembers("night", "a"),
					hasLabels(env, "a", "map[stop:1]"), hasLabels(env, "b", "map[rain:0.5 stop:1]"),
				),
			},
			{Config: env.Config(m.block()), ConfigPlanChecks: noop},
		},
	})
}

// One manifest that was cut short must not empty an app.
func TestAccInputs_maxDeletes(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRows(20)...)
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRows(9)...) },
			Config:    env.Config(m.block()),
			ExpectError: regexp.MustCompile(
				`(?s)More inputs would be deleted than max_deletes allows.*delete 11 inputs, and.*max_deletes is 10.*"img-000009"`,
			),
		},
		resource.TestStep{
			PreConfig:        func() { m.write(t, urlRows(10)...) },
			Config:           env.Config(m.block()),
			ConfigPlanChecks: plans(planned(0, 0, 0, 10)),
			Check:            number(env, 10),
		},
		resource.TestStep{
			PreConfig:   func() { m.write(t, urlRows(9)...) },
			Config:      env.Config(m.block("max_deletes = 0")),
			ExpectError: regexp.MustCompile("max_deletes is 0"),
		},
		resource.TestStep{
			PreConfig:        func() { m.write(t) }, // empty
			Config:           env.Config(m.block("max_deletes = 100")),
			ConfigPlanChecks: plans(planned(0, 0, 0, 10)),
			Check:            resource.ComposeTestCheckFunc(has(env), env.HasMembers("signs")),
		},
	)
}

func TestAccInputs_deletionPolicy(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"), urlRow("c"))
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env, "a", "b", "c"),
		Steps: []resource.TestStep{
			{Config: env.Config(m.block(`deletion_policy = "prevent"`))},
			{Config: env.Config(m.block(`deletion_policy = "prevent"`)), Destroy: true, ExpectError: regexp.MustCompile("Deletion is prevented")},
			{
				PreConfig:   func() { m.write(t, urlRow("a"), urlRow("b")) },
				Config:      env.Config(m.block(`deletion_policy = "prevent"`)),
				ExpectError: regexp.MustCompile(`(?s)Deletion is prevented.*"c"`),
			},
			{
				Config: env.Config(m.block(`deletion_policy = "abandon"`)), ConfigPlanChecks: plans(planned(0, 0, 0, 1)),
				Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "c"), env.HasMembers("signs", "a", "b")),
			},
		},
	})
}

// The plan shows changes made outside Terraform and the apply corrects them; what is not managed stays.
func TestAccInputs_drift(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	m := newManifest(
		t,
		"signs.jsonl",
		urlRow(
			"a",
			`"concepts":{"stop":1}`,
			`"metadata":{"n":1}`,
		),
		urlRow("b", `"datasets":["day"]`),
		urlRow("c"),
		urlRow("d", `"geo":{"latitude":1,"longitude":2}`),
		`{"id":"e","text":"words"}`,
	)
	config := env.Config(m.block())
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() { // nobody asked for labels of c, nor for metadata of b
				env.PatchInput(t, "c", clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("cat", 1)}}, clarifai.ActionMerge)
				env.PatchInput(t, "b", clarifai.Data{Metadata: clarifai.Struct(`{"by":"ann"}`)}, clarifai.ActionMerge)
				env.PostInputs(t, image("z"))
			},
			Config: config, ConfigPlanChecks: noop,
		},
		resource.TestStep{
			PreConfig: func() {
				env.PatchInput(t, "a", clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("cat", 1)}}, clarifai.ActionMerge)
			},
			RefreshState: true, ExpectNonEmptyPlan: true,
			RefreshPlanChecks: resource.RefreshPlanChecks{
				PostRefresh: []plancheck.PlanCheck{action(plancheck.ResourceActionUpdate), planned(0, 1, 0, 0)},
			},
		},
		resource.TestStep{
			PreConfig: func() {
				env.PatchInput(t, "d", clarifai.Data{Geo: &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: 3, Longitude: 2}}}, clarifai.ActionMerge)
				if err := env.Client.DeleteDatasetInputs(t.Context(), env.App, "day", []string{"b"}); err != nil {
					t.Fatal(err)
				}
				if err := env.Client.DeleteInputs(t.Context(), env.App, []string{"c", "e"}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(2, 3, 0, 0)),
			Check: resource.ComposeTestCheckFunc(
				has(
					env,
					"a",
					"b",
					"c",
					"d",
					"e",
					"z",
				),
				hasLabels(env, "a", "map[stop:1]"),
				env.HasMembers("day", "b"),
				env.HasMembers("signs", "a", "b", "c", "d", "e"),
				holds(env, "a", func(in *clarifai.Input) error {
					if string(in.Data.Metadata) != `{"n":1}` {
						return fmt.Errorf("overwriting labels took the metadata: %s", in.Data.Metadata)
					}
					return nil
				}),
				holds(env, "d", func(in *clarifai.Input) error {
					if in.Data.Geo.GeoPoint.Latitude != 1 {
						return fmt.Errorf("d is at %v", in.Data.Geo.GeoPoint)
					}
					return nil
				}),
			),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
	)
}

// The same drift twice is repaired twice.
func TestAccInputs_driftAgain(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":{"stop":1}`))
	spoil := func() {
		env.PatchInput(t, "a", clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("cat", 1)}}, clarifai.ActionMerge)
	}
	step := resource.TestStep{
		PreConfig: spoil, Config: env.Config(m.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(0, 1, 0, 0)),
		Check: hasLabels(env, "a", "map[stop:1]"),
	}
	env.Test(t, resource.TestStep{Config: env.Config(m.block())}, step, step)
}

// Inputs that others add to the tracking dataset are never deleted, and those that they remove still belong to the resource.
func TestAccInputs_ownership(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"), urlRow("c"))
	env.PostInputs(t, image("x"), image("y"))
	enter := func(ids ...string) {
		if _, err := env.Client.PostDatasetInputs(t.Context(), env.App, "signs", ids); err != nil {
			t.Fatal(err)
		}
	}
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env, "x", "y"),
		Steps: []resource.TestStep{
			{Config: env.Config(m.block())},
			{
				PreConfig: func() { enter("x") },
				Config:    env.Config(m.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(0, 0, 0, 0)),
				Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "c", "x", "y"), env.HasMembers("signs", "a", "b", "c")),
			},
			{
				PreConfig: func() { enter("x", "y"); m.write(t, urlRow("a"), urlRow("b")) },
				Config:    env.Config(m.block()), ConfigPlanChecks: plans(planned(0, 0, 0, 1)),
				Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "x", "y"), env.HasMembers("signs", "a", "b")),
			},
			{
				PreConfig: func() {
					if err := env.Client.DeleteDatasetInputs(t.Context(), env.App, "signs", []string{"a"}); err != nil {
						t.Fatal(err)
					}
					// Not a conflict: it is still this resource's.
					env.PatchInput(t, "a", clarifai.Data{Metadata: clarifai.Struct(`{"by":"ann"}`)}, clarifai.ActionMerge)
					m.write(t, urlRow("a", `"metadata":{"by":"bob"}`), urlRow("b"))
				},
				Config: env.Config(m.block()), ConfigPlanChecks: plans(planned(1, 0, 0, 0)),
				Check: resource.ComposeTestCheckFunc(env.HasMembers("signs", "a", "b"), holds(env, "a", func(in *clarifai.Input) error {
					if string(in.Data.Metadata) != `{"by":"bob"}` {
						return fmt.Errorf("metadata is %s", in.Data.Metadata)
					}
					return nil
				})),
			},
			{
				PreConfig: func() { enter("x") }, // destroyed with x in the tracking dataset
				Config:    env.Config(m.block()), PlanOnly: true, ExpectNonEmptyPlan: true,
			},
		},
	})
}

// If too much of the tracking dataset has changed to tell whose its members are, nothing is deleted.
func TestAccInputs_trackingDatasetInDoubt(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	var ids []string
	for i := range 5 {
		var many []clarifai.Input
		for j := range 100 {
			in := image(fmt.Sprintf("other-%d-%d", i, j))
			many, ids = append(many, in), append(ids, in.ID)
		}
		env.PostInputs(t, many...)
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			PreConfig: func() {
				for chunk := range slices.Chunk(ids, 100) {
					if _, err := env.Client.PostDatasetInputs(t.Context(), env.App, "signs", chunk); err != nil {
						t.Fatal(err)
					}
				}
				m.write(t, urlRow("a"))
			},
			Config: env.Config(m.block("max_deletes = 1000")), ExpectError: regexp.MustCompile("The tracking dataset has been changed"),
		},
		resource.TestStep{
			PreConfig: func() {
				for chunk := range slices.Chunk(ids, 100) {
					if err := env.Client.DeleteDatasetInputs(t.Context(), env.App, "signs", chunk); err != nil {
						t.Fatal(err)
					}
				}
			},
			Config: env.Config(m.block()), ConfigPlanChecks: plans(planned(0, 0, 0, 1)), Check: number(env, 501),
		},
	)
}

// Existing inputs that match their rows are adopted without being sent; others are conflicts.
func TestAccInputs_adopt(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	b := image("b")
	b.Data.Concepts = []clarifai.Concept{acctest.Label("stop", 1)}
	env.PostInputs(t, image("a"), b, image("c"), clarifai.Input{ID: "d", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "words"}}})
	m := newManifest(
		t,
		"signs.jsonl",
		urlRow("a", `"datasets":["day"]`),
		urlRow("b", `"concepts":{"stop":1}`),
		urlRow("c", `"concepts":{"go":1}`),
		`{"id":"d","text":"words"}`,
		urlRow("e"),
	)
	env.Test(t,
		resource.TestStep{
			Config:      env.Config(m.block()),
			ExpectError: regexp.MustCompile(`(?s)1 input already exists and differs from its row.*c: it has other concepts`),
		},
		resource.TestStep{
			PreConfig: func() {
				if n := env.Count("PostDatasets"); n != 1 {
					t.Errorf("a rejected plan created a dataset (%d)", n)
				}
				env.ResetCalls()
				m.write(
					t,
					urlRow("a", `"datasets":["day"]`),
					urlRow("b", `"concepts":{"stop":1}`),
					urlRow("c"),
					`{"id":"d","text":"words"}`,
					urlRow("e"),
				)
			},
			Config: env.Config(m.block()), ConfigPlanChecks: plans(planned(5, 0, 0, 0)),
			Check: resource.ComposeTestCheckFunc(
				has(env, "a", "b", "c", "d", "e"), env.HasMembers("signs", "a", "b", "c", "d", "e"), env.HasMembers("day", "a"),
				func(*terraform.State) error {
					for _, c := range env.Calls("PostInputs") {
						if c.Items != 1 {
							return fmt.Errorf("%d inputs were sent, want only e", c.Items)
						}
					}
					return nil
				}, env.Called(1, "PostInputs"), env.Called(0, "PatchInputs", "DeleteInputs"),
			),
		},
		resource.TestStep{Config: env.Config(m.block()), ConfigPlanChecks: noop},
	)
}

func TestAccInputs_overwrite(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, image("a"), clarifai.Input{ID: "b", Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/other.jpg"}}})
	m := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":{"go":1}`), urlRow("b"))
	env.Test(t, resource.TestStep{
		Config: env.Config(m.block(`on_conflict = "overwrite"`)),
		Check: resource.ComposeTestCheckFunc(
			hasLabels(env, "a", "map[go:1]"),
			env.HasMembers("signs", "a", "b"),
			holds(env, "b", func(in *clarifai.Input) error {
				if in.Data.Image.URL != "https://example.com/b.jpg" {
					return fmt.Errorf("b is %s", in.Data.Image.URL)
				}
				return nil
			}),
		),
	})
}

// Some inputs fail, wherever they stand: the others are done and in state, the exit code tells, and the
// next apply does only the rest, although Terraform calls the resource tainted.
func TestAccInputs_partialCreate(t *testing.T) {
	for name, bad := range map[string][]int{"first": {0}, "last": {299}, "middle": {130, 131, 200}, "some of each call": {5, 140, 270}} {
		t.Run(name, func(t *testing.T) {
			env := acctest.New(t)
			good := urlRows(300)
			rows := slices.Clone(good)
			for _, i := range bad {
				taken := image(fmt.Sprintf("taken-%d", i))
				env.PostInputs(t, taken)
				rows[i] = fmt.Sprintf(`{"id":"img-%06d","url":%q}`, i, taken.Data.Image.URL)
			}
			m := newManifest(t, "signs.jsonl", rows...)
			failures := filepath.Join(t.TempDir(), "failures.jsonl")
			config := env.Config(m.block(fmt.Sprintf("failures_file = %q", failures)))
			failed := fmt.Sprintf(`(?s)%d of 300 inputs failed.*img-%06d \(line %d\):.*Duplicate URL`, len(bad), bad[0], bad[0]+1)
			env.Test(t,
				resource.TestStep{Config: config, ExpectError: regexp.MustCompile(failed)},
				resource.TestStep{
					PreConfig: func() {
						if err := number(env, 300)(nil); err != nil {
							t.Error(err)
						}
						if list, err := os.ReadFile(failures); err != nil || strings.Count(string(list), "\n") != len(bad) {
							t.Errorf("the list of failures: %q, %v", list, err)
						}
						m.write(t, good...)
						env.ResetCalls()
					},
					Config: config,
					// What Terraform makes of it; nothing is deleted.
					ConfigPlanChecks: plans(action(plancheck.ResourceActionDestroyBeforeCreate)),
					Check: resource.ComposeTestCheckFunc(
						number(env, 300+len(bad)),
						env.Called(0, "DeleteInputs", "DeleteDatasets"),
						env.Called(1, "PostInputs"),
						func(*terraform.State) error {
							if n := env.MaxBodyItems("PostInputs"); n != len(bad) {
								return fmt.Errorf("%d inputs were sent, want %d", n, len(bad))
							}
							if _, err := os.Stat(failures); err == nil {
								return errors.New("the list of failures is still there")
							}
							return nil
						},
					),
				},
				resource.TestStep{Config: config, ConfigPlanChecks: noop},
			)
		})
	}
}

// A resource that was created in part can be destroyed.
func TestAccInputs_partialDestroy(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, image("z"))
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"), `{"id":"c","url":"https://example.com/z.jpg"}`)
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env, "z"),
		Steps:        []resource.TestStep{{Config: env.Config(m.block()), ExpectError: regexp.MustCompile("1 of 3 inputs failed")}},
	})
}

// What an update fails for is done by the next.
func TestAccInputs_partialUpdate(t *testing.T) {
	env := acctest.New(t)
	env.PostInputs(t, image("z"))
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			PreConfig: func() {
				m.write(t, urlRow("a", `"concepts":["stop"]`), urlRow("b"), urlRow("c"), `{"id":"d","url":"https://example.com/z.jpg"}`)
			},
			Config: env.Config(m.block()), ExpectError: regexp.MustCompile(`(?s)1 of 4 inputs failed.*d \(line 4\).*allow_duplicate_url`),
		},
		resource.TestStep{
			PreConfig: func() {
				env.ResetCalls()
				m.write(t, urlRow("a", `"concepts":["stop"]`), urlRow("b"), urlRow("c"), urlRow("d"))
			},
			Config: env.Config(m.block()), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate), planned(1, 0, 0, 0)),
			Check: resource.ComposeTestCheckFunc(has(env, "a", "b", "c", "d", "z"), env.Called(0, "PatchInputs"), env.Called(1, "PostInputs")),
		},
	)
}

// With on_failed = "warn", a postcondition can still make a pipeline fail.
func TestAccInputs_onFailedWarn(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), `{"id":"b","url":"https://example.com/fail.jpg"}`)
	config := env.Config(m.block(`on_failed = "warn"`))
	env.Test(t,
		resource.TestStep{
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{state("failed_count", knownvalue.Int64Exact(1)), state("in_sync", knownvalue.Bool(true))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a"), urlRow("b")) },
			Config:    config, ConfigPlanChecks: plans(planned(0, 0, 1, 0)),
			ConfigStateChecks: []statecheck.StateCheck{state("failed_count", knownvalue.Int64Exact(0))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
	)
}

// An input that could not be processed is sent again by the next apply.
func TestAccInputs_processingFails(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	rule := env.MustFault(emulatorFault("b"))
	env.Test(
		t,
		resource.TestStep{
			Config:      env.Config(m.block()),
			ExpectError: regexp.MustCompile(`(?s)1 of 2 inputs failed.*b \(line 2\): the service could not process it`),
		},
		resource.TestStep{
			PreConfig: func() { env.ClearFaults(rule); env.ResetCalls() },
			Config:    env.Config(m.block("max_deletes = 0")), // nothing is lost by deleting it
			Check: resource.ComposeTestCheckFunc(
				has(env, "a", "b"),
				env.Called(1, "PostInputs"),
				env.Called(1, "DeleteInput", "DeleteInputs"),
				holds(env, "b", func(in *clarifai.Input) error {
					if in.Status.Code != clarifai.StatusInputDownloaded {
						return fmt.Errorf("b is %d", in.Status.Code)
					}
					return nil
				}),
			),
		},
		resource.TestStep{Config: env.Config(m.block("max_deletes = 0")), ConfigPlanChecks: noop},
	)
}

// Answers that are lost on the way lead to nothing twice and nothing missing.
func TestAccInputs_lostResponses(t *testing.T) {
	for _, op := range []string{"PostDatasets", "PostInputs", "PatchInputs", "DeleteInputs", "PostDatasetInputs"} {
		t.Run(op, func(t *testing.T) {
			env := acctest.New(t)
			env.PostDatasets(t, "day")
			m := newManifest(t, "signs.jsonl", urlRows(300)...)
			lose := func() { env.MustFault(lostResponse(op)) }
			if op == "PostDatasets" || op == "PostInputs" {
				lose()
			}
			env.Test(t,
				resource.TestStep{Config: env.Config(m.block()), Check: number(env, 300)},
				resource.TestStep{
					PreConfig: func() {
						env.ClearFaults()
						lose()
						rows := urlRows(302)[2:]
						for i := range 200 {
							rows[i] = urlRow(fmt.Sprintf("img-%06d", i+2), `"concepts":["stop"]`, `"datasets":["day"]`)
						}
						m.write(t, rows...)
					},
					Config: env.Config(m.block()), ConfigPlanChecks: plans(planned(2, 200, 0, 2)),
					Check: resource.ComposeTestCheckFunc(number(env, 300), hasLabels(env, "img-000002", "map[stop:1]"), func(*terraform.State) error {
						if op != "PostDatasets" && env.Count(op) < 2 {
							return errors.New("the fault did not strike")
						}
						return nil
					}),
				},
				resource.TestStep{Config: env.Config(m.block()), ConfigPlanChecks: noop},
			)
		})
	}
}

// Waiting counts inputs, and an apply that stops waiting is resumed by the next.
func TestAccInputs_timeout(t *testing.T) {
	const processing = 1000 * time.Hour // more than polls can make pass within the timeout, and so is a deletion
	env := acctest.New(t, acctest.Async(processing))
	m := newManifest(t, "signs.jsonl", urlRows(300)...)
	const keep = `deletion_policy = "abandon"`
	env.Test(t,
		resource.TestStep{
			Config:             env.Config(m.block(keep, `timeouts = { create = "3s" }`)),
			ExpectNonEmptyPlan: true,
			ConfigStateChecks:  []statecheck.StateCheck{state("in_sync", knownvalue.Bool(false))},
		},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(processing) },
			Config:    env.Config(m.block(keep)), ConfigPlanChecks: plans(action(plancheck.ResourceActionUpdate)),
			Check:             number(env, 300),
			ConfigStateChecks: []statecheck.StateCheck{state("in_sync", knownvalue.Bool(true))},
		},
	)
}

// Replacing really replaces.
func TestAccInputs_replace(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			Taint: []string{address}, Config: env.Config(m.block()),
			Check: resource.ComposeTestCheckFunc(has(env, "a", "b"), env.Called(1, "DeleteInputs"), env.Called(2, "PostInputs")),
		},
		resource.TestStep{
			Config: env.Config(
				strings.Replace(m.block(), `"signs"`, `"marks"`, 1),
			), ConfigPlanChecks: plans(action(plancheck.ResourceActionDestroyBeforeCreate)),
			Check: resource.ComposeTestCheckFunc(
				has(env, "a", "b"),
				env.HasMembers("marks", "a", "b"),
				env.Called(2, "DeleteInputs"),
				env.Called(3, "PostInputs"),
			),
		},
	)
}

// With create_before_destroy, the destroy follows the adoption of the existing inputs.
func TestAccInputs_createBeforeDestroy(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	config := env.Config(m.block("lifecycle {\n create_before_destroy = true\n}"))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Taint: []string{address}, Config: config, Check: has(env, "a", "b")},
		resource.TestStep{Config: config, ConfigPlanChecks: noop},
	)
}

// A tracking dataset of another run is not adopted if it has members without a row.
func TestAccInputs_trackingDatasetOfOtherRun(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"))
	env.PostDatasets(t, "marks")
	env.Test(t,
		resource.TestStep{
			Config:      env.Config(strings.Replace(m.block(), `"signs"`, `"marks"`, 1)),
			ExpectError: regexp.MustCompile(`(?s)Dataset "marks" already exists.*another\s+use`),
		},
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			Config: env.Config(`removed {
  from = clarifai_inputs.test
  lifecycle {
    destroy = false
  }
}`),
		},
		resource.TestStep{
			PreConfig:   func() { m.write(t, urlRow("a")) },
			Config:      env.Config(m.block()),
			ExpectError: regexp.MustCompile(`(?s)Tracking dataset "signs" already exists.*"b"`),
		},
		resource.TestStep{
			Config: env.Config(m.block(`deletion_policy = "delete"`), "import {\n  to = clarifai_inputs.test\n  id = \"signs\"\n}\n"),
			Check:  has(env, "a"),
		},
	)
}

func TestAccInputs_import(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a"), urlRow("b"), `{"id":"c","text":"words"}`)
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block())},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: "signs", ImportStateVerify: true,
			// What the configuration says, and what is found out by comparing with it.
			ImportStateVerifyIgnore: []string{"manifest", "source_sha256", "in_sync", "changes", "drift", "deletion_policy"},
		},
		resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: "other", ExpectError: regexp.MustCompile("No such inputs to import"),
		},
	)
}

// The plan rejects two rows with one URL, as the service would; a URL can go from one input to another.
func TestAccInputs_sameURL(t *testing.T) {
	env := acctest.New(t)
	other := `{"id":"b","url":"https://example.com/a.jpg"}`
	m := newManifest(t, "signs.jsonl", urlRow("a"), other)
	env.Test(
		t,
		resource.TestStep{
			Config:      env.Config(m.block()),
			ExpectError: regexp.MustCompile(`(?s)Rows with the same URL.*a: https://example.com/a.jpg is also the URL of b`),
		},
		resource.TestStep{Config: env.Config(m.block("allow_duplicate_url = true")), Check: has(env, "a", "b")},
		resource.TestStep{Config: env.Config(m.block("allow_duplicate_url = false")), Check: has(env, "a", "b")}, // both are there
		resource.TestStep{PreConfig: func() { m.write(t, urlRow("a")) }, Config: env.Config(m.block()), Check: has(env, "a")},
		resource.TestStep{PreConfig: func() { m.write(t, other) }, Config: env.Config(m.block()), Check: has(env, "b")},
	)
}

func TestAccInputs_live(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	name := env.Name("signs")
	m := newManifest(t, "signs.jsonl",
		fmt.Sprintf(`{"id":%q,"url":"https://samples.clarifai.com/metro-north.jpg","concepts":{"train":1},"metadata":{"n":1}}`, name+"-a"),
		fmt.Sprintf(`{"id":%q,"text":"words"}`, name+"-b"))
	config := env.Config(strings.Replace(m.block("allow_duplicate_url = true"), `"signs"`, fmt.Sprintf("%q", name), 1))
	env.Test(t,
		resource.TestStep{Config: config, Check: hasLabels(env, name+"-a", "map[train:1]")},
		resource.TestStep{
			PreConfig: func() {
				m.write(
					t,
					fmt.Sprintf(`{"id":%q,"url":"https://samples.clarifai.com/metro-north.jpg","concepts":{"tram":1},"metadata":{"n":1}}`, name+"-a"),
				)
			},
			Config: config, ConfigPlanChecks: plans(planned(0, 1, 0, 1)), Check: hasLabels(env, name+"-a", "map[tram:1]"),
		},
	)
}
