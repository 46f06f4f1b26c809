package inputs_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func TestAccInputsDataSource(t *testing.T) {
	env := acctest.New(t)
	env.PostDatasets(t, "day")
	b := image("b")
	b.Data.Concepts = []clarifai.Concept{acctest.Label("stop", 0.7)}
	b.Data.Metadata = clarifai.Struct(`{"n":1}`)
	b.Data.Geo = &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{Latitude: 40.7127, Longitude: -74.0059}}
	b.DatasetIDs = []string{"day"}
	for _, in := range []clarifai.Input{image("a"), b, {ID: "c", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "words"}}}, image("fail")} {
		env.PostInputs(t, in)
	}
	source := func(name, body string) string {
		return fmt.Sprintf("data \"clarifai_inputs\" %q {\n%s\n}\n", name, body)
	}
	ids := func(name string, want ...string) statecheck.StateCheck {
		elements := []knownvalue.Check{}
		for _, id := range want {
			elements = append(elements, knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(id)}))
		}
		return statecheck.ExpectKnownValue("data.clarifai_inputs."+name, tfjsonpath.New("inputs"), knownvalue.ListExact(elements))
	}
	of := func(name string, more bool) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.clarifai_inputs."+name, tfjsonpath.New("more"), knownvalue.Bool(more))
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(
			source(
				"all",
				"",
			),
			source("first", "limit = 2"),
			source("next", "after = data.clarifai_inputs.first.last_id\n limit = 2"),
			source("newest", "descending = true\n limit = 1"),
			source(
				"some",
				`ids = ["c", "zz", "a", "c"]`,
			),
			source("day", `dataset_id = "day"`),
			source("failed", "status_code = 30002"),
			source("none", `ids = ["zz"]`),
		),
		ConfigStateChecks: []statecheck.StateCheck{
			ids(
				"all",
				"a",
				"b",
				"c",
				"fail",
			), of("all", false), ids("first", "a", "b"), of("first", true), ids("next", "c", "fail"), of("next", false), ids("newest", "fail"),
			ids("some", "c", "a"), ids("day", "b"), ids("failed", "fail"), ids("none"),
			statecheck.ExpectKnownValue(
				"data.clarifai_inputs.day",
				tfjsonpath.New("inputs").AtSliceIndex(0),
				knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"kind": knownvalue.StringExact(
						"image",
					), "url": knownvalue.StringExact("https://example.com/b.jpg"), "hosted_url": knownvalue.NotNull(),
					"concepts": knownvalue.MapExact(map[string]knownvalue.Check{"stop": knownvalue.Float64Exact(0.7)}),
					"metadata": knownvalue.StringExact(`{"n":1}`), "geo": knownvalue.NotNull(), "created_at": knownvalue.NotNull(),
				}),
			),
			statecheck.ExpectKnownValue("data.clarifai_inputs.some", tfjsonpath.New("inputs").AtSliceIndex(0).AtMapKey("url"), knownvalue.Null()),
		},
	})
	for body, want := range map[string]string{
		"ids = [\"a\"]\n dataset_id = \"day\"": `set only one of\s+ids`,
		"dataset_id = \"day\"\n after = \"a\"": `after, descending and order_by_id\s+apply\s+to`,
		"dataset_id = \"nowhere\"":             "Unable to list the inputs",
	} {
		env.Test(t, resource.TestStep{Config: env.Config(source("bad", body)), ExpectError: regexp.MustCompile(want)})
	}
}

// Never everything, and no more calls than pages.
func TestAccInputsDataSource_limit(t *testing.T) {
	env := acctest.New(t)
	for i := range 12 {
		var many []clarifai.Input
		for j := range 100 {
			many = append(many, image(fmt.Sprintf("img-%02d-%02d", i, j)))
		}
		env.PostInputs(t, many...)
	}
	env.Test(t,
		resource.TestStep{
			Config: env.Config("data \"clarifai_inputs\" \"test\" {}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.clarifai_inputs.test", tfjsonpath.New("inputs"), knownvalue.ListSizeExact(100)),
				statecheck.ExpectKnownValue("data.clarifai_inputs.test", tfjsonpath.New("more"), knownvalue.Bool(true)),
			},
		},
		resource.TestStep{
			PreConfig: env.ResetCalls,
			Config: env.Config("data \"clarifai_inputs\" \"test\" {\n limit = 1200\n}\n" +
				"data \"clarifai_inputs\" \"ids\" {\n ids_only = true\n limit = 3\n}\n"),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.clarifai_inputs.test", tfjsonpath.New("input_ids"), knownvalue.ListSizeExact(1200)),
				statecheck.ExpectKnownValue("data.clarifai_inputs.ids", tfjsonpath.New("inputs"), knownvalue.Null()),
				statecheck.ExpectKnownValue("data.clarifai_inputs.ids", tfjsonpath.New("input_ids"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.StringExact("img-00-00"), knownvalue.StringExact("img-00-01"), knownvalue.StringExact("img-00-02"),
				})),
				statecheck.ExpectKnownValue("data.clarifai_inputs.test", tfjsonpath.New("inputs"), knownvalue.ListSizeExact(1200)),
				statecheck.ExpectKnownValue("data.clarifai_inputs.test", tfjsonpath.New("more"), knownvalue.Bool(false)),
			},
			Check: func(*terraform.State) error {
				if n := env.Count("StreamInputs"); n > 4*5 { // by each of the commands
					return errors.New("too many calls: " + fmt.Sprint(n))
				}
				return nil
			},
		},
	)
}
