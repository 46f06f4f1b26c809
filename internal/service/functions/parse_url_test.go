package functions_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/functions"
)

// run calls the function as the framework does.
func run(t *testing.T, address string) (map[string]attr.Value, *function.FuncError) {
	t.Helper()
	f := functions.NewParseURL()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	empty, problem := definition.Definition.Return.NewResultData(t.Context())
	if problem != nil {
		t.Fatal(problem)
	}
	resp := function.RunResponse{Result: empty}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(address)})}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	return resp.Result.Value().(types.Object).Attributes(), nil
}

func TestParseURL(t *testing.T) {
	t.Parallel()
	const null = "<null>"
	for address, want := range map[string][7]string{ // kind, user, app, id, version, rest, import id
		"https://clarifai.com/acme":                           {"user", "acme", null, "acme", null, "", null},
		"https://clarifai.com/acme/fleet":                     {"app", "acme", "fleet", "fleet", null, "", "acme/fleet"},
		" https://www.clarifai.com/acme/fleet/?tab=api#top\n": {"app", "acme", "fleet", "fleet", null, "", "acme/fleet"},
		"https://clarifai.com/acme/fleet/datasets":            {"dataset", "acme", "fleet", null, null, "", null},
		"https://clarifai.com/acme/fleet/datasets/trucks": {"dataset", "acme", "fleet", "trucks", null, "",
			"acme/fleet/trucks"},
		"https://clarifai.com/acme/fleet/datasets/trucks/versions/v1": {"dataset", "acme", "fleet", "trucks", "v1", "",
			"acme/fleet/trucks/v1"},
		"https://clarifai.com/acme/fleet/datasets/trucks/versions": {"dataset", "acme", "fleet", "trucks", null, "versions",
			null},
		"https://clarifai.com/acme/fleet/models/m/versions/0a1b/evaluation": {"model", "acme", "fleet", "m", "0a1b", "evaluation",
			null},
		"https://api.clarifai.com/v2/users/acme": {"user", "acme", null, "acme", null, "", null},
		"https://api.clarifai.com/v2/users/acme/duplications/d1": {"user", "acme", null, "acme", null, "duplications/d1",
			null},
		"https://api.clarifai.com/v2/users/acme/apps":                {"user", "acme", null, "acme", null, "apps", null},
		"https://api.clarifai.com/v2/users/acme/apps/fleet":          {"app", "acme", "fleet", "fleet", null, "", "acme/fleet"},
		"https://api.clarifai.com/v2/users/acme/apps/fleet/inputs/x": {"input", "acme", "fleet", "x", null, "", "acme/fleet/x"},
		"https://api.clarifai.com/v2/users/acme/apps/fleet/inputs/x/annotations/a1": {"input", "acme", "fleet", "x", null, "annotations/a1",
			null},
		"https://api.clarifai.com/v2/users/acme/apps/fleet/searches/s": {"search", "acme", "fleet", "s", null, "",
			"acme/fleet/s"},
		"http://127.0.0.1:8080/v2/users/acme/apps/fleet/datasets/trucks/versions/v1": {"dataset", "acme", "fleet", "trucks", "v1", "",
			"acme/fleet/trucks/v1"},
		"https://clarifai.com/acme/fleet/concepts/caf%C3%A9": {"concept", "acme", "fleet", "café", null, "",
			"acme/fleet/café"},
		"https://api.clarifai.com/v2/users/acme/apps/fleet/concepts/c/languages/zh-TW": {"concept", "acme", "fleet", "c", null, "languages/zh-TW",
			null},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			got, problem := run(t, address)
			if problem != nil {
				t.Fatal(problem)
			}
			for i, name := range []string{"kind", "user_id", "app_id", "id", "version_id", "rest", "import_id"} {
				value := got[name].(types.String)
				text := value.ValueString()
				if value.IsNull() {
					text = null
				}
				if text != want[i] {
					t.Errorf("%s is %s, want %s", name, text, want[i])
				}
			}
		})
	}
}

func TestParseURL_problems(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"":                                    "begins with https://",
		"clarifai.com/acme/fleet":             "begins with https://",
		"ftp://clarifai.com/acme":             "begins with https://",
		"https://clarifai.com/%zz":            "begins with https://",
		"https://clarifai.com/":               "a page of the site",
		"https://clarifai.com/explore/models": "a page of the site",
		"https://clarifai.com.example.com/acme/fleet":     "clarifai.com.example.com is not a host of Clarifai",
		"https://notclarifai.com/acme/fleet":              "notclarifai.com is not a host of Clarifai",
		"https://clarifai.com/acme/fleet/trucks":          `"trucks" is no kind of thing in an app; known are annotations, concepts, datasets`,
		"https://clarifai.com/acme//datasets":             "part 2 of the path cannot be an id",
		"https://clarifai.com/acme/a%2Fb":                 "part 2 of the path cannot be an id",
		"https://api.clarifai.com/v2/inputs/x":            "must name the user",
		"https://api.clarifai.com/v2/users":               "must name the user",
		"https://name:canary@clarifai.com/x/y/z?k=canary": `"z" is no kind`,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			_, problem := run(t, address)
			switch {
			case problem == nil:
				t.Fatal("it was accepted")
			case problem.FunctionArgument == nil || *problem.FunctionArgument != 0:
				t.Errorf("the error is not on the argument: %v", problem)
			case !strings.Contains(problem.Text, want):
				t.Errorf("the error is %q, want %q in it", problem.Text, want)
			case strings.Contains(problem.Text, "canary"):
				t.Errorf("the error repeats the address: %q", problem.Text)
			}
		})
	}
}

func TestAccParseURL(t *testing.T) {
	env := acctest.New(t)
	output := func(expression string) string { return env.Config("output \"it\" {\n  value = " + expression + "\n}") }
	env.Test(t,
		resource.TestStep{
			Config: output(`provider::clarifai::parse_url("https://clarifai.com/acme/fleet/datasets/trucks/versions/v1")`),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("it", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"kind": knownvalue.StringExact("dataset"), "user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"),
				"id": knownvalue.StringExact("trucks"), "version_id": knownvalue.StringExact("v1"), "rest": knownvalue.StringExact(""),
				"import_id": knownvalue.StringExact("acme/fleet/trucks/v1"),
			}))},
		},
		resource.TestStep{
			Config:      output(`provider::clarifai::parse_url(null)`),
			ExpectError: regexp.MustCompile(`argument must not be\s+null`),
		},
		resource.TestStep{
			Config:      output(`provider::clarifai::parse_url("https://clarifai.com/acme/fleet/trucks")`),
			ExpectError: regexp.MustCompile(`(?s)Invalid value for "url"\s+parameter:\s+"trucks"\s+is\s+no\s+kind`),
		},
		resource.TestStep{ // an address that is not known before apply
			Config: env.Config(fmt.Sprintf(`
resource "clarifai_dataset" "source" {
  id = "trucks"
}
output "it" {
  value = provider::clarifai::parse_url("%s/v2/users/acme/apps/fleet/datasets/${clarifai_dataset.source.created_at}").kind
}
`, env.URL())),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("it")}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("it", knownvalue.StringExact("dataset")),
			},
		},
	)
}
