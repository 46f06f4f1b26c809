package input_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// What is wrong with a configuration is said at the attribute that is to blame.
func TestProblemsHavePaths(t *testing.T) {
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	of := schemas.ResourceSchemas["clarifai_input"].ValueType()
	type object = map[string]any
	image := object{"url": url}
	for _, test := range []struct {
		name   string
		config object
		want   string // the path, and a word of the summary
	}{
		{"good", object{"image": image}, ""},
		{"nothing", object{}, `AttributeName("image"): No content`},
		{"two contents", object{"image": image, "text": object{"raw": "x"}}, `AttributeName("text"): More than one content`},
		{"no source", object{"audio": object{}}, `AttributeName("audio"): No source`},
		{"two sources", object{"image": object{"url": url, "base64": "eA=="}}, `AttributeName("image"): More than one source`},
		{"no base64", object{"video": object{"base64": "-"}}, `AttributeName("video").AttributeName("base64"): Invalid content`},
		{"no URL", object{"image": object{"url": "ftp://example.com"}}, `AttributeName("image").AttributeName("url"): Invalid URL`},
		{"latitude", object{"image": image, "geo": object{"latitude": 90.1,
			"longitude": 0.0}}, `AttributeName("geo").AttributeName("latitude"): Invalid Attribute Value`},
		{"longitude", object{"image": image, "geo": object{"latitude": 0.0,
			"longitude": 181.0}}, `AttributeName("geo").AttributeName("longitude"): Invalid Attribute Value`},
		{"concept", object{"image": image, "concepts": object{"a/b": 1.0}},
			`AttributeName("concepts").ElementKeyString("a/b"): Invalid id`},
		{"value", object{"image": image, "concepts": object{"a": 2.0}},
			`AttributeName("concepts").ElementKeyString("a"): Invalid Attribute Value`},
		{"metadata", object{"image": image, "metadata": "[]"}, `AttributeName("metadata"): Not a JSON object`},
		{"id", object{"image": image, "id": "a/b"}, `AttributeName("id"): Invalid id`},
		{"file", object{"image": object{"file": filepath.Join(t.TempDir(),
			"none.png")}}, `AttributeName("image").AttributeName("file"): Invalid file`},
		{"not UTF-8", object{"text": object{"file": write(t,
			"a.txt", []byte{0xff})}}, `AttributeName("text").AttributeName("file"): Invalid file`},
	} {
		config, err := tfprotov6.NewDynamicValue(of, acctest.Value(of, test.config))
		if err != nil {
			t.Fatal(err)
		}
		validated, err := server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "clarifai_input",
			Config: &config})
		if err != nil {
			t.Fatal(err)
		}
		problems := validated.Diagnostics
		if len(problems) == 0 {
			nothing, err := tfprotov6.NewDynamicValue(of, tftypes.NewValue(of, nil))
			if err != nil {
				t.Fatal(err)
			}
			planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: "clarifai_input", Config: &config, ProposedNewState: &config, PriorState: &nothing,
			})
			if err != nil {
				t.Fatal(err)
			}
			problems = planned.Diagnostics
		}
		var got []string
		for _, p := range problems {
			got = append(got, p.Attribute.String()+": "+p.Summary)
		}
		if test.want == "" && len(got) > 0 || test.want != "" && !slices.ContainsFunc(got,
			func(s string) bool { return strings.HasPrefix(s, test.want) }) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
