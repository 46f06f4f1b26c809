package surface_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/surface"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Fields that need a situation of their own, with the tests that send them.
var elsewhere = []string{
	"CancelInputsExtractionJobs ids", // a job that is running when it is destroyed: TestAccInputsImport_destroyCancels
}

// One configuration sets every argument, and changes what can change in place: every settable field is sent with a value,
// except those that need a situation of their own.
func TestAccEverything(t *testing.T) {
	bucket := t.TempDir()
	if err := os.MkdirAll(filepath.Join(bucket, "reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bucket, "reports", "r1.txt"), []byte("a report"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) { o.Buckets = map[string]string{"acme": bucket} }))
	if _, err := env.Client.PostKnowledgeGraphs(t.Context(), env.App, []clarifai.KnowledgeGraph{{ID: "fleet"}}); err != nil {
		t.Fatal(err)
	}
	env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "archive"})
	env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "night"})
	env.EditDataset(env.App.AppID, "night", func(d *clarifai.Dataset) { d.IsStarred, d.StarCount = true, 3 })
	sent := record(env)

	const taken = `
resource "clarifai_concept_relation" "taken" {
  subject_concept_id = "x"
  predicate          = "hyponym"
  object_concept_id  = "y"
  knowledge_graph_id = "fleet"
}
`
	text, err := os.ReadFile("testdata/everything.tf")
	if err != nil {
		t.Fatal(err)
	}
	everything := env.Config(fmt.Sprintf("locals {\n  pat = %q\n}\n", acctest.PAT), string(text))
	env.Test(t,
		resource.TestStep{
			PreConfig: func() {
				env.AddConcept(env.App.AppID, clarifai.Concept{ID: "x"})
				env.AddConcept(env.App.AppID, clarifai.Concept{ID: "y"})
				if _, err := env.Client.PostConceptRelations(t.Context(), env.App, "x", []clarifai.ConceptRelation{{
					ObjectConcept: &clarifai.Concept{ID: "y"}, Predicate: "hyponym", KnowledgeGraphID: "fleet",
				}}); err != nil {
					t.Fatal(err)
				}
			},
			Config:      env.Config(taken),
			ExpectError: regexp.MustCompile(`already exists`),
		},
		resource.TestStep{
			Config: everything,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("data.clarifai_dataset.starred", tfjsonpath.New("star_count"), knownvalue.Int64Exact(3)),
				statecheck.ExpectKnownValue("data.clarifai_datasets.sorted[2]",
					tfjsonpath.New("datasets").AtSliceIndex(0).AtMapKey("is_starred"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue("data.clarifai_datasets.bookmarks", tfjsonpath.New("datasets"), knownvalue.ListExact(nil)),
				statecheck.ExpectKnownValue("data.clarifai_concepts.rankable",
					tfjsonpath.New("concepts").AtSliceIndex(0).AtMapKey("is_rankable"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue("data.clarifai_concept_relations.of_concept",
					tfjsonpath.New("relations").AtSliceIndex(0).AtMapKey("object_concept_id"), knownvalue.StringExact("vehicle")),
				statecheck.ExpectKnownValue("data.clarifai_inputs.by_id", tfjsonpath.New("inputs").AtSliceIndex(0).AtMapKey("id"),
					knownvalue.StringExact("song")),
			},
			Check: func(*terraform.State) error {
				in := env.Input(env.App.AppID, "pic")
				if len(in.Data.Regions) != 1 || in.Data.Regions[0].RegionInfo.BoundingBox == nil || in.Data.Regions[0].TrackID != "track-1" {
					return fmt.Errorf("the input has regions %+v", in.Data.Regions)
				}
				if c := env.Concept(env.App.AppID, "new-pic"); c == nil || c.Name != "New pic" {
					return fmt.Errorf("the concept of the input is %+v", c)
				}
				in = env.Input(env.App.AppID, "r1")
				if in.Data.Geo == nil || len(in.Data.Regions) != 1 || in.Data.Regions[0].RegionInfo.Polygon == nil {
					return fmt.Errorf("the imported input has %+v", in.Data)
				}
				if members := env.DatasetInputs(env.App.AppID, "night"); len(members) != 3 {
					return fmt.Errorf("the search added %v", members)
				}
				return nil
			},
		},
		resource.TestStep{
			Config:          everything,
			ConfigVariables: config.Variables{"changed": config.BoolVariable(true)},
			Check: func(*terraform.State) error {
				d := env.Dataset(env.App.AppID, "day")
				f := d.DefaultAnnotationFilter
				if f.ID != "by-day-2" || f.Search.MinValue != 0.5 || f.Search.Algorithm != "avg_concept_brute_force" ||
					f.Search.AsOf.Year() != 2032 || !f.Search.Query.Filters[0].Negate || d.DefaultProcessingInfo.FrameInterpolationInfo.SampleMs != 1000 {
					return fmt.Errorf("the dataset has filter %+v of search %+v", f, f.Search)
				}
				if c := env.Concept(env.App.AppID, "later"); c == nil || c.Name != "Later" {
					return fmt.Errorf("the concept that the update added is %+v", c)
				}
				return nil
			},
		},
	)
	for _, field := range settable(t) {
		if line := field.Operation + " " + field.Path; !sent()[line] && !slices.Contains(elsewhere, line) {
			t.Errorf("nothing sent %s, which %s sets", line, field.By)
		}
	}
}

// record collects the fields that successful requests of the provider send.
func record(env *acctest.Env) func() map[string]bool {
	var mu sync.Mutex
	sent := map[string]bool{}
	env.Observe(func(call emulator.Call) {
		if call.Status/100 != 2 || !strings.HasPrefix(call.Headers.Get("User-Agent"), "terraform-provider-clarifai/") {
			return
		}
		fields, _ := surface.Sent(call)
		mu.Lock()
		defer mu.Unlock()
		for _, field := range fields {
			sent[call.Op+" "+field] = true
		}
	})
	return func() map[string]bool { return sent }
}

func settable(t *testing.T) []surface.Field {
	t.Helper()
	file, err := os.Open("../../clarifai/testdata/surface.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fields, err := surface.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(fields, func(f surface.Field) bool { return f.Class != surface.Settable })
}
