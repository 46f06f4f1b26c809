package search_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

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

const address = "clarifai_saved_search.test"

// saved is the configuration of a saved search.
func saved(env *acctest.Env, id, body string) string {
	return env.Config(fmt.Sprintf(`resource "clarifai_saved_search" "test" {
  id = %q
%s
}`, id, body))
}

// holds checks an object at the service, not only in state.
var holds = acctest.Stored((*clarifai.Client).GetSearch)

// wire checks the query that the service holds.
func wire(env *acctest.Env, id, want string) resource.TestCheckFunc {
	return holds(env, id, func(s *clarifai.Search) error {
		got, err := clarifai.Encode(s.Query)
		if err != nil {
			return err
		}
		if string(got) != want {
			return fmt.Errorf("the service holds the query\n %s, want\n %s", got, want)
		}
		return nil
	})
}

func TestAccSavedSearch_basic(t *testing.T) {
	env := acctest.New(t, acctest.LiveSafe)
	id := env.Name("night-trucks")
	config := saved(env, id, `
  name = "Night trucks"
  filters = [
    { input_type = "image", dataset_ids = ["trucks-night"] },
    { concepts = [{ id = "truck" }] },
    { negate = true, metadata = jsonencode({ checked = false }) },
  ]
  ranks     = [{ concepts = [{ id = "snow" }] }]
  min_value = 0.25
  as_of     = "2024-05-03T11:00:00+02:00"`)
	gone := func(*terraform.State) error {
		if _, err := env.Client.GetSearch(context.Background(), env.App, id); !clarifai.IsNotFound(err) {
			return fmt.Errorf("saved search %s is still there (%v)", id, err)
		}
		return nil
	}
	env.Case(t, resource.TestCase{
		CheckDestroy: gone,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("filters").AtSliceIndex(1).AtMapKey("concepts").AtSliceIndex(0).AtMapKey("value"),
						knownvalue.Float64Exact(1)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("algorithm"), knownvalue.Null()),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("visibility"), knownvalue.StringExact("PRIVATE")),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
				},
				Check: wire(env, id, `{"filters":[{"input":{"data":{"image":{}},"dataset_ids":["trucks-night"]}},`+
					`{"annotation":{"data":{"concepts":[{"id":"truck","value":1}]}}},`+
					`{"negate":true,"annotation":{"data":{"metadata":{"checked":false}}}}],`+
					`"ranks":[{"annotation":{"data":{"concepts":[{"id":"snow","value":1}]}}}]}`),
			},
			{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "id",
				ImportStateVerifyIgnore: []string{"as_of"}},
			{ResourceName: address, ImportState: true, ImportStateId: env.App.UserID + "/" + env.App.AppID + "/" + id, ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: "id", ImportStateVerifyIgnore: []string{"as_of"}},
		},
	})
}

func TestAccSavedSearch_import(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := acctest.New(t)
	env.Test(t,
		resource.TestStep{
			Config: saved(env, "all-kinds", `
  filters = [
    { input_level = true, worker_user_id = "acme", concepts = [{ name = "Truck", value = 0 }] },
    { annotation_type = "bounding_box", track_id = "t1" },
    { geo = { point = { latitude = 40.7127, longitude = -74.006 }, limit = { type = "withinKilometers", value = 1.5 } } },
    { geo = { box = [{ latitude = 10, longitude = 20 }, { latitude = 30, longitude = 40 }] } },
    { updated_after = "2024-05-03T09:00:00Z" },
    { json = jsonencode({ annotation = { data = { clusters = [{ id = "c1" }] } } }) },
  ]
  algorithm = "brute_force"
  metric    = "COSINE_DISTANCE"`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
				"user_id": knownvalue.StringExact(env.App.UserID),
				"app_id":  knownvalue.StringExact(env.App.AppID),
				"id":      knownvalue.StringExact("all-kinds"),
			})},
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			ImportStateId: env.App.AppID + "/all-kinds"},
	)
}

func TestAccSavedSearch_update(t *testing.T) {
	env := acctest.New(t)
	inPlace, replace := acctest.Plans(address, plancheck.ResourceActionUpdate), acctest.Plans(address,
		plancheck.ResourceActionDestroyBeforeCreate)
	env.Test(t,
		resource.TestStep{Config: saved(env, "s", `
  name      = "old"
  filters   = [{ concepts = [{ id = "truck" }] }]
  ranks     = [{ text = "snow" }]
  language  = "en"
  algorithm = "brute_force"
  metric    = "COSINE_DISTANCE"
  min_value = 0.5`)},
		resource.TestStep{
			Config: saved(env, "s", `
  name       = "new"
  filters    = [{ concepts = [{ id = "bus" }] }, { input_type = "image" }]
  min_value  = 0.75
  visibility = "ORG"`),
			ConfigPlanChecks: inPlace,
			Check: resource.ComposeTestCheckFunc(
				wire(env, "s", `{"filters":[{"annotation":{"data":{"concepts":[{"id":"bus","value":1}]}}},{"input":{"data":{"image":{}}}}]}`),
				holds(env, "s", func(s *clarifai.Search) error {
					if s.Name != "new" || s.Algorithm != "nearest_neighbor" || s.Metric != clarifai.MetricEuclideanDistance || s.MinValue != 0.75 ||
						s.Visibility.Gettable != clarifai.GettableOrg {
						return fmt.Errorf("the service holds %+v", s)
					}
					return nil
				})),
		},
		resource.TestStep{
			// All filters can go: the query is replaced as a whole.
			Config: saved(env, "s", `
  name      = "new"
  min_value = 0.75`),
			ConfigPlanChecks: inPlace,
			Check:            wire(env, "s", `{}`),
		},
		resource.TestStep{
			// The API cannot take away a score or a name.
			Config:           saved(env, "s", `  name = "new"`),
			ConfigPlanChecks: replace,
			Check: holds(env, "s", func(s *clarifai.Search) error {
				if s.MinValue != 0 || s.Name != "new" {
					return fmt.Errorf("the service holds %+v", s)
				}
				return nil
			}),
		},
		resource.TestStep{Config: saved(env, "s", ``), ConfigPlanChecks: replace},
		resource.TestStep{Config: saved(env, "t", ``), ConfigPlanChecks: replace},
	)
}

// A query that means the same plans no change, however it is written.
func TestAccSavedSearch_spelling(t *testing.T) {
	env := acctest.New(t)
	env.Test(t,
		resource.TestStep{Config: saved(env, "s",
			`filters = [{ metadata = "{\"b\": 1.0, \"a\": [1, 2]}" }, { concepts = [{ id = "truck", value = 1 }] }]`)},
		resource.TestStep{
			Config: saved(env, "s",
				`filters = [{ metadata = jsonencode({ a = [1, 2], b = 1 }), negate = false }, { concepts = [{ id = "truck" }] }]`),
			ConfigPlanChecks: acctest.PlansNothing(),
		},
	)
}

func TestAccSavedSearch_unknown(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "terraform_data" "id" { input = "trucks" }

resource "clarifai_saved_search" "test" {
  id      = "s"
  filters = [{ dataset_ids = [terraform_data.id.output] }, { metadata = jsonencode({ set = terraform_data.id.output }) }]
}`),
		Check: wire(env, "s", `{"filters":[{"input":{"dataset_ids":["trucks"]}},{"annotation":{"data":{"metadata":{"set":"trucks"}}}}]}`),
	})
}

func TestAccSavedSearch_drift(t *testing.T) {
	env := acctest.New(t)
	config := saved(env, "s", `filters = [{ concepts = [{ id = "truck" }] }]`)
	change := func(s clarifai.Search) func() {
		return func() {
			s.ID = "s"
			if _, err := env.Client.PatchInputsSearches(t.Context(), env.App, []clarifai.Search{s}, clarifai.ActionOverwrite); err != nil {
				t.Fatal(err)
			}
		}
	}
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: change(clarifai.Search{Name: "not managed",
				Query: &clarifai.Query{Filters: []clarifai.Filter{{Input: &clarifai.Input{DatasetIDs: []string{"d"}}}}}}),
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check:            wire(env, "s", `{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck","value":1}]}}}]}`),
		},
		resource.TestStep{
			PreConfig:        func() { must(t, env.Client.DeleteSearch(t.Context(), env.App, "s")) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
	)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAccSavedSearch_alreadyExists(t *testing.T) {
	env := acctest.New(t)
	_, err := env.Client.PostInputsSearches(t.Context(), env.App, clarifai.PostInputsSearchesRequest{
		Searches: []clarifai.Search{{ID: "s", Name: "somebody's", Save: true}},
	})
	must(t, err)
	env.Test(t, resource.TestStep{
		Config:      saved(env, "s", ``),
		ExpectError: regexp.MustCompile(`(?s)already exists.*terraform import clarifai_saved_search\.NAME\s+acme/fleet/s`),
	})
	if s, err := env.Client.GetSearch(t.Context(), env.App, "s"); err != nil || s.Name != "somebody's" {
		t.Errorf("the unmanaged search is now %+v (%v)", s, err)
	}
}

func TestAccSavedSearch_lostResponse(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostInputsSearches", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: saved(env, "s", `filters = [{ input_type = "image" }]`),
		Check: func(*terraform.State) error {
			if n := env.Struck(fault); n != 1 {
				return fmt.Errorf("the fault struck %d times, want 1", n)
			}
			if n := env.Count("PostInputsSearches"); n != 1 {
				return fmt.Errorf("%d creates, want 1", n)
			}
			return nil
		},
	})
}

// A service that stores searches but does not show them is put up with.
func TestAccSavedSearch_unreadable(t *testing.T) {
	env := acctest.New(t)
	hide := func(op string) { env.MustFault(emulator.Fault{Op: op, HTTP: 404, Code: clarifai.StatusDoesNotExist}) }
	hide("GetSearch")
	config := saved(env, "s", `filters = [{ input_type = "image" }]`)
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
		}},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
		resource.TestStep{Config: saved(env, "s", `filters = [{ input_type = "video" }]`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate)},
		resource.TestStep{
			// Once the service has shown it, "not found" means gone.
			PreConfig:        func() { env.ClearFaults() },
			Config:           saved(env, "s", `filters = [{ input_type = "video" }]`),
			ConfigPlanChecks: acctest.PlansNothing(),
			Check:            wire(env, "s", `{"filters":[{"input":{"data":{"video":{}}}}]}`),
		},
		resource.TestStep{RefreshState: true},
		resource.TestStep{
			PreConfig:        func() { must(t, env.Client.DeleteSearch(t.Context(), env.App, "s")) },
			Config:           saved(env, "s", `filters = [{ input_type = "video" }]`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
	)
}

func TestAccSavedSearch_invalid(t *testing.T) {
	env := acctest.New(t)
	for body, want := range map[string]string{
		`filters = []`:                           `at least 1`,
		`filters = [{}]`:                         `has no condition`,
		`filters = [{ input_type = "picture" }]`: `"image"`,
		`filters = [{ input_type = "image", task_id = "t" }]`:               `two filters`,
		`filters = [{ concepts = [{ value = 1 }] }]`:                        `neither`,
		`filters = [{ concepts = [{ id = "a\nb" }] }]`:                      `control\s+character`,
		`filters = [{ concepts = [{ id = "a", value = 2 }] }]`:              `between`,
		`filters = [{ metadata = "[]" }]`:                                   `Not a JSON object`,
		`filters = [{ json = "{\"anotation\":{}}" }]`:                       `anotation`,
		`filters = [{ updated_after = "yesterday" }]`:                       `RFC3339`,
		`filters = [{ input_level = false }]`:                               `true`,
		`filters = [{ geo = {} }]`:                                          "together with `limit`",
		`filters = [{ geo = { box = [{ latitude = 1, longitude = 1 }] } }]`: `at least 2`,
		`filters = [{ geo = { point = { latitude = 91, longitude = 1 }, limit = { type = "withinMiles", value = 1 } } }]`:     `between -90`,
		`filters = [{ geo = { point = { latitude = 1, longitude = 1 }, limit = { type = "withinLightYears", value = 1 } } }]`: `withinMiles`,
		`ranks = [{}]`: `alike`,
		`ranks = [{ text = "a", input_id = "b" }]`: `cannot\s+(stand\s+together|be\s+combined)`,
		`ranks = [{ image_url = "ftp://x/y" }]`:    `Invalid URL`,
		`metric = "COSINE_DISTANCE"`:               `needs another\s+algorithm`,
		`algorithm = "guess"`:                      `nearest_neighbor`,
		`min_value = 0`:                            `between`,
	} {
		env.Test(t, resource.TestStep{Config: saved(env, "s", body), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

func TestAccSavedSearch_data(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: saved(env, "s", `
  name    = "Trucks"
  filters = [{ concepts = [{ id = "truck" }] }]
  ranks   = [{ text = "snow" }]`) + `
data "clarifai_saved_search" "test" { id = clarifai_saved_search.test.id }
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.CompareValuePairs("data."+address, tfjsonpath.New("filters"), address, tfjsonpath.New("filters"), compare.ValuesSame()),
			statecheck.CompareValuePairs("data."+address, tfjsonpath.New("ranks"), address, tfjsonpath.New("ranks"), compare.ValuesSame()),
			statecheck.ExpectKnownValue("data."+address, tfjsonpath.New("name"), knownvalue.StringExact("Trucks")),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_saved_search" "none" { id = "nope" }`),
		ExpectError: regexp.MustCompile(`No saved search "nope" in app "fleet"`),
	})
}

func TestAccSavedSearch_query(t *testing.T) {
	acctest.Require(t, acctest.Query)
	env := acctest.New(t)
	env.Test(t,
		resource.TestStep{Config: saved(env, "s", `filters = [{ concepts = [{ id = "truck" }] }]`)},
		resource.TestStep{
			Query: true,
			Config: `list "clarifai_saved_search" "all" {
  provider = clarifai
  include_resource = true
}`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("clarifai_saved_search.all", 1),
				querycheck.ExpectIdentity("clarifai_saved_search.all", map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"), "id": knownvalue.StringExact("s"),
				}),
			},
		},
	)
}

// trucks fills the app with inputs that searches can tell apart.
func trucks(t *testing.T, env *acctest.Env) {
	t.Helper()
	_, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "night"}})
	must(t, err)
	one := clarifai.Float(1)
	input := func(id, concept string) clarifai.Input {
		return clarifai.Input{ID: id, DatasetIDs: []string{"night"}, Data: &clarifai.Data{
			Image:    &clarifai.Image{URL: "https://example.com/" + id + ".jpg"},
			Concepts: []clarifai.Concept{{ID: concept, Value: &one}},
			Metadata: clarifai.Struct(`{"gate":"` + id + `"}`),
			Geo:      &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: 40.5, Longitude: -74.25}},
		}}
	}
	_, err = env.Client.PostInputs(t.Context(), env.App, clarifai.PostInputsRequest{Inputs: []clarifai.Input{
		input("a", "truck"), input("b", "truck"), input("c", "bus"),
		{ID: "d", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "a truck in the snow"}}},
	}})
	must(t, err)
}

func TestAccInputSearch_basic(t *testing.T) {
	env := acctest.New(t)
	trucks(t, env)
	found := func(name, filters string) string {
		return fmt.Sprintf(`data "clarifai_input_search" %[1]q {
  %[2]s
}
output %[1]q { value = sort(data.clarifai_input_search.%[1]s.input_ids) }
`, name, filters)
	}
	ids := func(want ...string) knownvalue.Check {
		checks := []knownvalue.Check{}
		for _, id := range want {
			checks = append(checks, knownvalue.StringExact(id))
		}
		return knownvalue.ListExact(checks)
	}
	hit := func(step string) tfjsonpath.Path {
		return tfjsonpath.New("hits").AtSliceIndex(0).AtMapKey(step)
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(
			found("all", ""),
			found("trucks", `filters = [{ concepts = [{ id = "truck" }] }]`),
			found("not_trucks", `filters = [{ negate = true, concepts = [{ id = "truck" }] }]`),
			found("texts", `filters = [{ input_type = "text" }]`),
			found("gates", `filters = [{ metadata = jsonencode({ gate = "a" }) }, { dataset_ids = ["night"] }]`),
			found("near", `filters = [{ geo = { point = { latitude = 40.5, longitude = -74.2 }, limit = { type = "withinMiles", value = 5 } } `+
				`}, { concepts = [{ id = "bus" }] }]`),
			found("nothing", `filters = [{ concepts = [{ id = "tram" }] }]`),
			found("ranked", `ranks = [{ concepts = [{ id = "bus" }] }]
  min_value = 0.5`),
		),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("all", ids("a", "b", "c", "d")),
			statecheck.ExpectKnownOutputValue("trucks", ids("a", "b")),
			statecheck.ExpectKnownOutputValue("not_trucks", ids("c", "d")),
			statecheck.ExpectKnownOutputValue("texts", ids("d")),
			statecheck.ExpectKnownOutputValue("gates", ids("a")),
			statecheck.ExpectKnownOutputValue("near", ids("c")),
			statecheck.ExpectKnownOutputValue("nothing", ids()),
			statecheck.ExpectKnownOutputValue("ranked", ids("c")),
			statecheck.ExpectKnownValue("data.clarifai_input_search.all", tfjsonpath.New("truncated"), knownvalue.Bool(false)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.all", tfjsonpath.New("estimated_total"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("input_id"), knownvalue.StringExact("a")),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("score"), knownvalue.Float64Exact(1)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("input_type"), knownvalue.StringExact("image")),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("url"), knownvalue.StringExact("https://example.com/a.jpg")),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("status_code"), knownvalue.Int64Exact(30000)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("metadata"), knownvalue.StringExact(`{"gate":"a"}`)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("geo").AtMapKey("latitude"), knownvalue.Float64Exact(40.5)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("concepts").AtSliceIndex(0).AtMapKey("id"),
				knownvalue.StringExact("truck")),
			statecheck.ExpectKnownValue("data.clarifai_input_search.gates", hit("annotation_id"), knownvalue.NotNull()),
			statecheck.ExpectKnownValue("data.clarifai_input_search.ranked", hit("score"), knownvalue.Float64Exact(1)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.texts", hit("geo"), knownvalue.Null()),
		},
	})
}

func TestAccInputSearch_count(t *testing.T) {
	env := acctest.New(t)
	trucks(t, env)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
data "clarifai_input_search" "test" {
  only_count = true
  filters    = [{ concepts = [{ id = "truck" }] }]
}
data "clarifai_input_search" "none" {
  only_count = true
  filters    = [{ concepts = [{ id = "tram" }] }]
}`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("estimated_total"), knownvalue.Int64Exact(2)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("hits"), knownvalue.ListSizeExact(0)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.none", tfjsonpath.New("estimated_total"), knownvalue.Int64Exact(0)),
		},
	})
}

func TestAccInputSearch_limit(t *testing.T) {
	env := acctest.New(t)
	var inputs []clarifai.Input
	for i := range 250 {
		inputs = append(inputs,
			clarifai.Input{ID: fmt.Sprintf("img-%03d", i),
				Data: &clarifai.Data{Image: &clarifai.Image{URL: fmt.Sprintf("https://example.com/%d.jpg", i)}}})
	}
	for len(inputs) > 0 {
		n := min(128, len(inputs))
		_, err := env.Client.PostInputs(t.Context(), env.App, clarifai.PostInputsRequest{Inputs: inputs[:n]})
		must(t, err)
		inputs = inputs[n:]
	}
	search := func(limit string) string {
		return `data "clarifai_input_search" "test" {
` + limit + `
}`
	}
	expect := func(n int, truncated bool) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("hits"), knownvalue.ListSizeExact(n)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("truncated"), knownvalue.Bool(truncated)),
		}
	}
	env.Test(t,
		resource.TestStep{Config: env.Config(search("")), ConfigStateChecks: expect(100, true)},
		resource.TestStep{Config: env.Config(search("limit = 3")), ConfigStateChecks: expect(3, true)},
		resource.TestStep{Config: env.Config(search("limit = 249")), ConfigStateChecks: expect(249, true)},
		resource.TestStep{Config: env.Config(search("limit = 250")), ConfigStateChecks: expect(250, false)},
		resource.TestStep{Config: env.Config(search("limit = 10000")), ConfigStateChecks: expect(250, false)},
	)
}

func TestAccInputSearch_saved(t *testing.T) {
	env := acctest.New(t)
	trucks(t, env)
	env.Test(t, resource.TestStep{
		Config: saved(env, "s", `filters = [{ concepts = [{ id = "truck" }] }]`) + `
data "clarifai_input_search" "test" {
  saved_search_id = clarifai_saved_search.test.id
  limit           = 1
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("hits"), knownvalue.ListSizeExact(1)),
			statecheck.ExpectKnownValue("data.clarifai_input_search.test", tfjsonpath.New("truncated"), knownvalue.Bool(true)),
		},
	}, resource.TestStep{
		Config:      env.Config(`data "clarifai_input_search" "test" { saved_search_id = "nope" }`),
		ExpectError: regexp.MustCompile(`No saved search "nope" in app "fleet"`),
	})
}

func TestAccInputSearch_invalid(t *testing.T) {
	env := acctest.New(t)
	for body, want := range map[string]string{
		`only_count = true
  ranks = [{ text = "a" }]`: `Ranked searches cannot be counted`,
		`saved_search_id = "s"
  filters = [{ input_type = "image" }]`: `A saved search is run as it is`,
		`saved_search_id = "s"
  only_count = true`: `A saved search is run as it is`,
		`metric = "COSINE_DISTANCE"`: `needs another\s+algorithm`,
		`limit = 0`:                  `between 1`,
		`filters = [{}]`:             `has no condition`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`data "clarifai_input_search" "test" {
  ` + body + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}
