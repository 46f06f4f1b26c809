package export_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/export"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// run runs the command as main does.
func run(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, progress bytes.Buffer
	err = export.Command(t.Context(), args, &out, &progress,
		func(ctx context.Context, settings configure.Settings) (tfprotov6.ProviderServer, *configure.Provider, error) {
			return provider.Connect(ctx, "test", settings)
		})
	return out.String(), progress.String(), err
}

// setenv gives the command the credentials of the emulator.
func setenv(t *testing.T, e *acctest.Env) {
	t.Helper()
	t.Setenv("CLARIFAI_PAT", acctest.PAT)
	t.Setenv("CLARIFAI_API_BASE", e.URL())
	t.Setenv("CLARIFAI_USER_ID", e.App.UserID)
	t.Setenv("CLARIFAI_APP_ID", e.App.AppID)
}

// writes counts the calls that change something, without those that only ask with a body.
func writes(e *acctest.Env) int {
	n := 0
	for _, call := range e.Calls() {
		if call.Method != http.MethodGet && !strings.HasSuffix(call.Path, "/searches") {
			n++
		}
	}
	return n
}

// seed creates an app with a bit of everything, through the API and not through the provider.
func seed(t *testing.T, e *acctest.Env, n int) {
	t.Helper()
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := e.Client.PostDatasets(ctx, e.App, []clarifai.Dataset{
		{ID: "trucks", Description: "Trucks ${not_an_interpolation} \"quoted\"", Notes: "two\nlines",
			Metadata: clarifai.Struct(`{"a":{"b":[1,"x"]}}`)},
		{ID: "signs"},
		{ID: "0-digits", DefaultAnnotationFilter: &clarifai.AnnotationFilter{
			Search: &clarifai.Search{Query: &clarifai.Query{Filters: []clarifai.Filter{
				{Annotation: &clarifai.Annotation{Data: &clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("truck", 1)}}}}}}}}},
	})
	check(err)
	var concepts []clarifai.Concept
	for i := range n {
		concepts = append(concepts, clarifai.Concept{ID: fmt.Sprintf("c%03d", i), Name: fmt.Sprintf("Concept, %d", i)})
	}
	_, err = e.Client.PostConcepts(ctx, e.App, append(concepts, clarifai.Concept{ID: "truck", Definition: "A truck"}))
	check(err)
	for i := 1; i < n; i++ {
		_, err = e.Client.PostConceptRelations(ctx, e.App, concepts[i].ID, []clarifai.ConceptRelation{
			{ObjectConcept: &clarifai.Concept{ID: concepts[0].ID}, Predicate: clarifai.PredicateHyponym},
		})
		check(err)
		_, err = e.Client.PostConceptLanguages(ctx, e.App, concepts[i].ID, []clarifai.ConceptLanguage{{ID: "ja", Name: fmt.Sprintf("概念%d", i)}})
		check(err)
	}
	var inputs []clarifai.Input
	for i := range n {
		inputs = append(inputs, clarifai.Input{ID: fmt.Sprintf("i%04d", i), DatasetIDs: []string{"trucks"}, Data: &clarifai.Data{
			Image:    &clarifai.Image{URL: fmt.Sprintf("https://samples.clarifai.com/%d.jpg", i)},
			Concepts: []clarifai.Concept{acctest.Label("truck", float64(i%2))},
			Metadata: clarifai.Struct(fmt.Sprintf(`{"n":%d}`, i)),
		}})
	}
	inputs = append(inputs, clarifai.Input{ID: "text", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "hello"}}})
	e.PostInputs(t, inputs...)
	box := func(id, input string, bottom float32) clarifai.Annotation {
		return clarifai.Annotation{ID: id, InputID: input, AnnotationInfo: clarifai.Struct(`{"by":"hand"}`), Data: &clarifai.Data{
			Regions: []clarifai.Region{{
				RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{TopRow: 0.1, LeftCol: 0.2, BottomRow: clarifai.Float(bottom),
					RightCol: 1}},
				Data: &clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("truck", 1)}},
			}},
		}}
	}
	_, err = e.Client.PostAnnotations(ctx, e.App, []clarifai.Annotation{
		box("box-1", "i0000", 0.7), box("", "i0000", 0.8), box("b", "i0011", 0.9),
		{ID: "mask", InputID: "i0001", Data: &clarifai.Data{Regions: []clarifai.Region{{
			RegionInfo: &clarifai.RegionInfo{Mask: &clarifai.Mask{Image: &clarifai.Image{Base64: []byte("\x89PNG\r\n\x1a\n")}}},
			Data:       &clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("truck", 1)}},
		}}}},
		{ID: "span", InputID: "text", Data: &clarifai.Data{Regions: []clarifai.Region{{
			RegionInfo: &clarifai.RegionInfo{Span: &clarifai.Span{CharStart: 0, CharEnd: 4, RawText: "hell"}},
			Data:       &clarifai.Data{Concepts: []clarifai.Concept{acctest.Label("truck", 1)}},
		}}}},
	})
	check(err)
	for i := range 3 {
		_, err = e.Client.PostDatasetVersions(ctx, e.App, "trucks",
			[]clarifai.DatasetVersion{{ID: fmt.Sprintf("v%d", i), Description: "a version"}})
		check(err)
	}
	_, err = e.Client.PostInputsSearches(ctx, e.App, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{
		ID: "images", Name: "Images", Save: true,
		Query: &clarifai.Query{Filters: []clarifai.Filter{{Input: &clarifai.Input{Data: &clarifai.Data{Image: &clarifai.Image{}}}}}},
	}}})
	check(err)
}

// What was exported is adopted by a plan that changes nothing and an apply that writes nothing.
func TestAccExport_adoptsWithoutChanges(t *testing.T) {
	e := acctest.New(t, acctest.Serial, acctest.RealTime)
	seed(t, e, 127) // some 650 objects, of which 127 are memberships, 126 relations and 126 names
	setenv(t, e)
	w := e.Workspace(t, "")
	w.Dir = filepath.Join(w.Dir, "adopted")
	stdout, progress, err := run(t, "-out", w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"datasets: 3", "concepts: 128", "inputs: 128", "annotations: 4", "dataset versions: 3", "saved searches: 1",
	} {
		if !strings.Contains(progress, want+"\n") {
			t.Errorf("no line %q in the progress:\n%s", want, progress)
		}
	}
	if !strings.Contains(stdout, `app "fleet"`) {
		t.Errorf("unexpected output %q", stdout)
	}
	before := writes(e)
	const want = "10 to import, 0 to add, 0 to change, 0 to destroy."
	if plan := w.MustRun(t, "plan", "-no-color"); !strings.Contains(plan, want) {
		t.Fatalf("the plan is not %q:\n%s", want, plan)
	}
	w.MustRun(t, "apply", "-no-color", "-auto-approve")
	if _, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan after the apply ends with %d", code)
	}
	if after := writes(e); after != before {
		t.Errorf("adopting sent %d writes", after-before)
	}
	for name, want := range map[string]string{
		"datasets.tf": `resource "clarifai_dataset" "_0-digits"`,
		"imports.tf":  `id = "trucks/v1"`,
		"inputs.jsonl": `"annotations":[{"annotation_info":{"by":"hand"},"bounding_box":{"bottom_row":0.9,"left_col":0.2,"right_col":1,` +
			`"top_row":0.1},"concepts":{"truck":1},"id":"b"}]`,
		"README.md": "| concepts | 128 | with 126 relations and 126 names in further languages, in `concepts.csv` |",
	} {
		content, err := os.ReadFile(filepath.Join(w.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), want) {
			t.Errorf("%s has no %q:\n%s", name, want, content)
		}
	}
}

func TestExport_rejections(t *testing.T) {
	e := acctest.New(t, acctest.Serial)
	setenv(t, e)
	occupied := t.TempDir()
	if err := os.WriteFile(filepath.Join(occupied, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no directory":        {nil, "-out is required"},
		"an argument":         {[]string{"-out", "x", "y"}, `unexpected argument "y"`},
		"an unknown kind":     {[]string{"-out", "x", "-kinds", "models"}, `"models" is none of app, datasets`},
		"a kind not single":   {[]string{"-out", "x", "-single", "app"}, `"app" is none of inputs, concepts`},
		"content alone":       {[]string{"-out", "x", "-manage-content"}, "-manage-content needs -download"},
		"content of blocks":   {[]string{"-out", "x", "-download", "-manage-content", "-single", "inputs"}, "-single inputs"},
		"content, no inputs":  {[]string{"-out", "x", "-download", "-kinds", "app"}, "-download needs the kind inputs"},
		"an occupied folder":  {[]string{"-out", occupied}, "is not empty"},
		"an app that is none": {[]string{"-out", t.TempDir(), "-app", "none"}, `unable to read app "none"`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := run(t, test.args...); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A second export into the same folder replaces its own files and keeps others.
func TestExport_update(t *testing.T) {
	e := acctest.New(t, acctest.Serial)
	setenv(t, e)
	e.PostDatasets(t, "trucks")
	dir := filepath.Join(t.TempDir(), "out")
	if _, _, err := run(t, "-out", dir, "-kinds", "app,datasets"); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "own.tf")
	if err := os.WriteFile(own, []byte("# written by hand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := e.Client.DeleteDatasets(t.Context(), e.App, []string{"trucks"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := run(t, "-out", dir, "-kinds", "app,datasets", "-update"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "datasets.tf")); err == nil {
		t.Error("datasets.tf of the first export is still there, and there is no dataset")
	}
	if imports, err := os.ReadFile(filepath.Join(dir, "imports.tf")); err != nil || strings.Contains(string(imports), "trucks") {
		t.Errorf("imports.tf still imports the dataset: %s %v", imports, err)
	}
}
