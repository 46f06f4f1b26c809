package emulator_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// throughClient is an emulator that is called through the provider's own client. The official
// definitions check both.
type throughClient struct {
	*emulator.Server
	*clarifai.Client
	clock *emulator.ManualClock
	app   clarifai.AppRef
}

func startForClient(t *testing.T, options emulator.Options) *throughClient {
	t.Helper()
	clock := emulator.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC))
	options.App, options.Clock, options.Record = "fleet", clock, true
	server, err := emulator.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	mode := protocheck.Mode(0)
	if options.CamelCase {
		mode = protocheck.Camel
	}
	protocheck.Watch(t, server.Service, mode)
	client, err := clarifai.New(clarifai.Config{BaseURL: server.URL(), PAT: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return &throughClient{Server: server, Client: client, clock: clock, app: clarifai.AppRef{UserID: "acme", AppID: "fleet"}}
}

// pass advances the clock until all asynchronous work has ended.
func (c *throughClient) pass() { c.clock.Advance(time.Hour) }

// A step calls one operation through its method of the client.
type step struct {
	op   string
	call func(ctx context.Context) error
}

// run executes the steps. It checks that each sends its operation once and successfully.
func (c *throughClient) run(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		c.ResetCalls()
		if err := s.call(t.Context()); err != nil {
			t.Errorf("%s: %v", s.op, err)
		}
		calls := c.Calls()
		if len(calls) != 1 || calls[0].Op != s.op || calls[0].Status/100 != 2 {
			t.Errorf("%s: made %d calls, the first of %s with HTTP %d", s.op, len(calls), calls[0].Op, calls[0].Status)
		}
	}
}

// The functions below turn the result of a method into an error if it is incomplete.

func done[T any](_ T, err error) error { return err }

func one[T any](got *T, err error) error {
	if err == nil && got == nil {
		return errors.New("the response is empty")
	}
	return err
}

func some[T any](got []T, err error) error {
	if err == nil && len(got) == 0 {
		return errors.New("the response has an empty list")
	}
	return err
}

func items[T any](got []clarifai.Item[T], err error) error {
	for _, item := range got {
		err = errors.Join(err, item.Err)
	}
	return some(got, err)
}

func hits(got *clarifai.SearchResult, err error) error {
	if err != nil {
		return err
	}
	return some(got.Hits, nil)
}

func added(got *clarifai.PostInputsResult, err error) error {
	if err != nil {
		return err
	}
	return items(got.Items, nil)
}

// first stores the ID of the first object that was created.
func first[T any](to *string, id func(T) string) func([]T, error) error {
	return func(got []T, err error) error {
		if err := some(got, err); err != nil {
			return err
		}
		*to = id(got[0])
		return nil
	}
}

func textOf(id string, concepts ...string) clarifai.Input {
	in := clarifai.Input{ID: id, Data: &clarifai.Data{Text: &clarifai.Text{Raw: "text of " + id}}}
	for _, c := range concepts {
		in.Data.Concepts = append(in.Data.Concepts, clarifai.Concept{ID: c})
	}
	return in
}

// withConcept returns a search for inputs with a concept.
func withConcept(id, concept string) clarifai.Search {
	data := &clarifai.Data{Concepts: []clarifai.Concept{{ID: concept}}}
	return clarifai.Search{ID: id, Query: &clarifai.Query{Filters: []clarifai.Filter{{Annotation: &clarifai.Annotation{Data: data}}}}}
}

// TestClient_reachesEveryEndpoint sends a successful request to each endpoint of the table,
// through the client's method for it.
func TestClient_reachesEveryEndpoint(t *testing.T) {
	bucket := t.TempDir()
	if err := os.WriteFile(filepath.Join(bucket, "from-bucket.txt"), []byte("from a bucket"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, camel := range []bool{false, true} {
		t.Run(fmt.Sprintf("camel %t", camel), func(t *testing.T) {
			c := startForClient(t, emulator.Options{
				Async: time.Minute, Buckets: map[string]string{"reports": bucket}, CamelCase: camel,
			})
			reached := map[string]bool{}
			for _, noun := range []struct {
				name  string
				steps func(*throughClient, *testing.T) []step
			}{
				{"users and apps", (*throughClient).stepsOfApps},
				{"concepts", (*throughClient).stepsOfConcepts},
				{"inputs", (*throughClient).stepsOfInputs},
				{"datasets", (*throughClient).stepsOfDatasets},
				{"annotations", (*throughClient).stepsOfAnnotations},
				{"searches", (*throughClient).stepsOfSearches},
				{"bulk operations", (*throughClient).stepsOfBulkOperations},
				{"jobs and uploads", (*throughClient).stepsOfJobs},
				{"evaluations and models", (*throughClient).stepsOfEvaluations},
				{"duplications", (*throughClient).stepsOfDuplications},
				{"deletes", (*throughClient).stepsOfDeletes},
			} {
				steps := noun.steps(c, t)
				t.Run(noun.name, func(t *testing.T) { c.run(t, steps) })
				for _, s := range steps {
					reached[s.op] = true
				}
			}
			for _, op := range operations(t) {
				if !reached[op] {
					t.Errorf("%s is in the table of endpoints, and no step reaches it", op)
				}
				delete(reached, op)
			}
			delete(reached, "DownloadExport") // its address is undocumented and comes with the export
			for op := range reached {
				t.Errorf("%s is not in the table of endpoints", op)
			}
		})
	}
}

// operations returns the operations of the table of endpoints.
func operations(t *testing.T) []string {
	t.Helper()
	table, err := os.ReadFile("../clarifai/testdata/endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	var endpoints []struct {
		OperationID string `json:"operationId"`
	}
	if err := json.Unmarshal(table, &endpoints); err != nil {
		t.Fatal(err)
	}
	var ops []string
	for _, e := range endpoints {
		ops = append(ops, e.OperationID)
	}
	if len(ops) < 100 {
		t.Fatalf("the table has only %d endpoints", len(ops))
	}
	return ops
}

func (c *throughClient) stepsOfApps(*testing.T) []step {
	tmp := clarifai.AppRef{UserID: "acme", AppID: "tmp"}
	return []step{
		{"GetUser", func(ctx context.Context) error { return one(c.GetUser(ctx, "me")) }},
		{"MyScopes", func(ctx context.Context) error { return one(c.MyScopes(ctx, c.app)) }},
		{"ListStatusCodes", func(ctx context.Context) error { return some(c.ListStatusCodes(ctx)) }},
		{"GetStatusCode", func(ctx context.Context) error { return one(c.GetStatusCode(ctx, clarifai.StatusThrottled)) }},
		{"PostApps", func(ctx context.Context) error { return some(c.PostApps(ctx, "me", []clarifai.App{{ID: "tmp"}})) }},
		{"ListApps", func(ctx context.Context) error { return some(c.ListApps(ctx, "me", clarifai.ListAppsQuery{})) }},
		{"GetApp", func(ctx context.Context) error { return one(c.GetApp(ctx, tmp)) }},
		{"PatchApps", func(ctx context.Context) error {
			return some(c.PatchApps(ctx, "me", clarifai.PatchAppsRequest{Apps: []clarifai.App{{ID: "tmp", Description: "x"}},
				Action: clarifai.ActionOverwrite}))
		}},
		{"PatchApp", func(ctx context.Context) error {
			return one(c.PatchApp(ctx, tmp, clarifai.PatchAppRequest{App: &clarifai.App{Notes: "x"}, Action: clarifai.ActionOverwrite}))
		}},
		{"PatchAppsIds", func(ctx context.Context) error {
			return one(c.PatchAppsIds(ctx, "me", clarifai.IDUpdateSource{ID: "tmp", NewID: "newer"}))
		}},
		{"DeleteApp", func(ctx context.Context) error {
			return c.DeleteApp(ctx, clarifai.AppRef{UserID: "acme", AppID: "newer"})
		}},
	}
}

func (c *throughClient) stepsOfConcepts(*testing.T) []step {
	var relation string
	german := []clarifai.ConceptLanguage{{ID: "de", Name: "Lastwagen"}}
	return []step{
		{"PostConcepts", func(ctx context.Context) error {
			return some(c.PostConcepts(ctx, c.app, []clarifai.Concept{{ID: "truck"}, {ID: "vehicle"}}))
		}},
		{"PatchConcepts", func(ctx context.Context) error {
			return some(c.PatchConcepts(ctx, c.app, []clarifai.Concept{{ID: "truck", Name: "Truck"}}, clarifai.ActionOverwrite))
		}},
		{"GetConcept", func(ctx context.Context) error { return one(c.GetConcept(ctx, c.app, "truck")) }},
		{"ListConcepts", func(ctx context.Context) error { return some(c.ListConcepts(ctx, c.app, clarifai.ListConceptsQuery{})) }},
		{"ListModelConcepts", func(ctx context.Context) error {
			return some(c.ListModelConcepts(ctx, c.app, "m", clarifai.ListModelConceptsQuery{}))
		}},
		{"PostConceptsSearches", func(ctx context.Context) error {
			return some(c.PostConceptsSearches(ctx, c.app, clarifai.PostConceptsSearchesRequest{ConceptQuery: &clarifai.ConceptQuery{Name: "tru*"}}))
		}},
		{"GetConceptCounts", func(ctx context.Context) error { return some(c.GetConceptCounts(ctx, c.app, clarifai.Page{})) }},
		{"PostConceptLanguages", func(ctx context.Context) error { return some(c.PostConceptLanguages(ctx, c.app, "truck", german)) }},
		{"PatchConceptLanguages", func(ctx context.Context) error {
			return some(c.PatchConceptLanguages(ctx, c.app, "truck", german, clarifai.ActionOverwrite))
		}},
		{"GetConceptLanguage", func(ctx context.Context) error { return one(c.GetConceptLanguage(ctx, c.app, "truck", "de")) }},
		{"ListConceptLanguages", func(ctx context.Context) error {
			return some(c.ListConceptLanguages(ctx, c.app, "truck", clarifai.Page{}))
		}},
		{"PostKnowledgeGraphs", func(ctx context.Context) error {
			return some(c.PostKnowledgeGraphs(ctx, c.app, []clarifai.KnowledgeGraph{{ID: "graph", Name: "Graph"}}))
		}},
		{"ListKnowledgeGraphs", func(ctx context.Context) error { return some(c.ListKnowledgeGraphs(ctx, c.app)) }},
		{"PostConceptRelations", func(ctx context.Context) error {
			return first(&relation, func(r clarifai.ConceptRelation) string { return r.ID })(c.PostConceptRelations(ctx, c.app, "truck",
				[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "vehicle"}, Predicate: clarifai.PredicateHyponym}}))
		}},
		{"ListConceptRelations", func(ctx context.Context) error {
			return some(c.ListConceptRelations(ctx, c.app, "vehicle", clarifai.ListConceptRelationsQuery{Predicate: clarifai.PredicateHypernym}))
		}},
		{"ListConceptRelations2", func(ctx context.Context) error {
			return some(c.ListConceptRelations2(ctx, c.app, clarifai.ListConceptRelations2Query{}))
		}},
		{"DeleteConceptRelations", func(ctx context.Context) error {
			return c.DeleteConceptRelations(ctx, c.app, "truck", []string{relation})
		}},
		{"PostConceptMappingJobs", func(ctx context.Context) error {
			return some(c.PostConceptMappingJobs(ctx, c.app,
				[]clarifai.ConceptMappingJob{{KnowledgeGraphID: "graph", ConceptIDs: []string{"truck"}}}))
		}},
	}
}

func (c *throughClient) stepsOfInputs(*testing.T) []step {
	return []step{
		{"PostInputs", func(ctx context.Context) error {
			return added(c.PostInputs(ctx, c.app, clarifai.PostInputsRequest{
				Inputs: []clarifai.Input{textOf("a", "truck"), textOf("b", "truck"), textOf("c")}, InputsAddJobID: "job",
			}))
		}},
		{"GetInput", func(ctx context.Context) error { defer c.pass(); return one(c.GetInput(ctx, c.app, "a")) }},
		{"ListInputs", func(ctx context.Context) error {
			return some(c.ListInputs(ctx, c.app, clarifai.ListInputsQuery{IDs: []string{"a", "b"}, StatusCode: clarifai.StatusInputDownloaded}))
		}},
		{"StreamInputs", func(ctx context.Context) error {
			return some(c.StreamInputs(ctx, c.app, clarifai.StreamInputsQuery{LastID: "a"}))
		}},
		{"PatchInputs", func(ctx context.Context) error {
			return items(c.PatchInputs(ctx, c.app, []clarifai.Input{{ID: "a",
				Data: &clarifai.Data{Metadata: clarifai.Struct(`{"k":[1,null,{"x":true}]}`)}}}, clarifai.ActionMerge))
		}},
		{"GetInputCount", func(ctx context.Context) error {
			counts, err := c.GetInputCount(ctx, c.app)
			if err == nil && counts.Processed != 3 {
				err = fmt.Errorf("counted %+v", counts)
			}
			return err
		}},
	}
}

func (c *throughClient) stepsOfDatasets(*testing.T) []step {
	export := []clarifai.DatasetVersionExport{{Format: clarifai.ExportFormatClarifaiDataJSON}}
	return []step{
		{"PostDatasets", func(ctx context.Context) error {
			filter := withConcept("", "truck")
			return some(c.PostDatasets(ctx, c.app, []clarifai.Dataset{
				{ID: "d", DefaultAnnotationFilter: &clarifai.AnnotationFilter{ID: "default", Search: &filter}}, {ID: "e"},
			}))
		}},
		{"GetDataset", func(ctx context.Context) error { return one(c.GetDataset(ctx, c.app, "d")) }},
		{"ListDatasets", func(ctx context.Context) error { return some(c.ListDatasets(ctx, c.app, clarifai.ListDatasetsQuery{})) }},
		{"PatchDatasets", func(ctx context.Context) error {
			return some(c.PatchDatasets(ctx, c.app, []clarifai.Dataset{{ID: "d", Notes: "x"}}, clarifai.ActionMerge))
		}},
		{"PostDatasetInputs", func(ctx context.Context) error {
			return items(c.PostDatasetInputs(ctx, c.app, "d", []string{"a", "b", "c"}))
		}},
		{"PostDatasetInputs", func(ctx context.Context) error {
			defer c.pass()
			return one(c.PostDatasetInputsSearch(ctx, c.app, "e", withConcept("", "truck")))
		}},
		{"GetDatasetInput", func(ctx context.Context) error { return one(c.GetDatasetInput(ctx, c.app, "e", "b")) }},
		{"ListDatasetInputs", func(ctx context.Context) error { return some(c.ListDatasetInputs(ctx, c.app, "d", clarifai.Page{})) }},
		{"DeleteDatasetInputs", func(ctx context.Context) error {
			return c.DeleteDatasetInputs(ctx, c.app, "e", []string{"b"})
		}},
		{"PostDatasetVersions", func(ctx context.Context) error {
			defer c.pass()
			return some(c.PostDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "v1"}, {ID: "v2"}}))
		}},
		{"GetDatasetVersion", func(ctx context.Context) error {
			v, err := c.GetDatasetVersion(ctx, c.app, "d", "v1")
			if err == nil && (v.Status.Code != clarifai.StatusDatasetVersionReady || len(v.Metrics) == 0) {
				err = fmt.Errorf("read %+v", v)
			}
			return err
		}},
		{"ListDatasetVersions", func(ctx context.Context) error {
			return some(c.ListDatasetVersions(ctx, c.app, "d", clarifai.ListDatasetVersionsQuery{}))
		}},
		{"PatchDatasetVersions", func(ctx context.Context) error {
			return some(c.PatchDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "v1", Description: "x"}}, clarifai.ActionOverwrite))
		}},
		{"ListDatasetVersionMetricsGroups", func(ctx context.Context) error {
			return some(c.ListDatasetVersionMetricsGroups(ctx, c.app, "d", "v1", clarifai.ListDatasetVersionMetricsGroupsQuery{}))
		}},
		{"PutDatasetVersionExports", func(ctx context.Context) error {
			defer c.pass()
			return some(c.PutDatasetVersionExports(ctx, c.app, "d", "v1", export))
		}},
		{"GetDatasetVersion", func(ctx context.Context) error {
			v, err := c.GetDatasetVersion(ctx, c.app, "d", "v1")
			if err != nil {
				return err
			}
			made := v.ExportInfo.Format(clarifai.ExportFormatClarifaiDataJSON)
			if made == nil || made.Status.Code != clarifai.StatusExportSuccess || made.Size == 0 {
				return fmt.Errorf("the export is %+v", made)
			}
			return nil
		}},
		{"DownloadExport", func(ctx context.Context) error {
			var file bytes.Buffer
			again, err := c.PutDatasetVersionExports(ctx, c.app, "d", "v1", export)
			c.ResetCalls() // only the download counts
			if err != nil {
				return err
			}
			n, err := c.Download(ctx, again[0].URL, &file)
			if err != nil {
				return err
			}
			if n != int64(again[0].Size) { //nolint:gosec // a small file
				return fmt.Errorf("the export has %d bytes, not %d", n, again[0].Size)
			}
			_, err = zip.NewReader(bytes.NewReader(file.Bytes()), n)
			return err
		}},
		{"DeleteDatasetVersions", func(ctx context.Context) error {
			return c.DeleteDatasetVersions(ctx, c.app, "d", []string{"v2"})
		}},
	}
}

func (c *throughClient) stepsOfAnnotations(*testing.T) []step {
	box := func(left clarifai.Float) *clarifai.Data {
		return &clarifai.Data{Regions: []clarifai.Region{{
			RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{TopRow: 0.1, LeftCol: left, BottomRow: 0.5, RightCol: 0.6}},
			Data:       &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}},
		}}}
	}
	filter := withConcept("", "truck")
	return []step{
		{"PostAnnotations", func(ctx context.Context) error {
			return some(c.PostAnnotations(ctx, c.app, []clarifai.Annotation{
				{ID: "n1", InputID: "a", Data: box(0.1)}, {ID: "n2", InputID: "a", Data: box(0.2)}, {ID: "n3", InputID: "b", Data: box(0.3)},
			}))
		}},
		{"GetAnnotation", func(ctx context.Context) error { return one(c.GetAnnotation(ctx, c.app, "a", "n1")) }},
		{"ListAnnotations", func(ctx context.Context) error {
			return some(c.ListAnnotations(ctx, c.app, clarifai.ListAnnotationsQuery{InputIDs: []string{"a"}}))
		}},
		{"PatchAnnotations", func(ctx context.Context) error {
			return some(c.PatchAnnotations(ctx, c.app, clarifai.PatchAnnotationsRequest{
				Annotations: []clarifai.Annotation{{ID: "n1", InputID: "a", Data: box(0.4)}}, Action: clarifai.ActionOverwrite,
			}))
		}},
		{"DeleteAnnotation", func(ctx context.Context) error { return c.DeleteAnnotation(ctx, c.app, "a", "n1") }},
		{"DeleteAnnotations", func(ctx context.Context) error {
			return c.DeleteAnnotations(ctx, c.app, clarifai.DeleteAnnotationsRequest{IDs: []string{"n2"}, InputIDs: []string{"a"}})
		}},
		{"PostAnnotationFilters", func(ctx context.Context) error {
			return some(c.PostAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "f", Search: &filter}}))
		}},
		{"GetAnnotationFilter", func(ctx context.Context) error { return one(c.GetAnnotationFilter(ctx, c.app, "f")) }},
		{"ListAnnotationFilters", func(ctx context.Context) error { return some(c.ListAnnotationFilters(ctx, c.app, clarifai.Page{})) }},
		{"PatchAnnotationFilters", func(ctx context.Context) error {
			return some(c.PatchAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "f", Search: &filter}}, clarifai.ActionOverwrite))
		}},
		{"DeleteAnnotationFilters", func(ctx context.Context) error { return c.DeleteAnnotationFilters(ctx, c.app, []string{"f"}) }},
	}
}

func (c *throughClient) stepsOfSearches(*testing.T) []step {
	saved := func(id string) []clarifai.Search {
		s := withConcept(id, "truck")
		s.Save = true
		return []clarifai.Search{s}
	}
	renamed := func(id string) []clarifai.Search { return []clarifai.Search{{ID: id, Name: "renamed"}} }
	return []step{
		{"PostInputsSearches", func(ctx context.Context) error {
			return hits(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{withConcept("", "truck")}}))
		}},
		{"PostInputsSearches", func(ctx context.Context) error {
			return one(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{Searches: saved("s")}))
		}},
		{"PostAnnotationsSearches", func(ctx context.Context) error {
			return one(c.PostAnnotationsSearches(ctx, c.app, clarifai.PostAnnotationsSearchesRequest{Searches: saved("of-annotations")}))
		}},
		{"PostSearches", func(ctx context.Context) error {
			return hits(c.PostSearches(ctx, c.app, clarifai.PostSearchesRequest{Searches: []clarifai.Search{withConcept("", "truck")}}))
		}},
		{"PatchInputsSearches", func(ctx context.Context) error {
			return some(c.PatchInputsSearches(ctx, c.app, renamed("s"), clarifai.ActionOverwrite))
		}},
		{"PatchAnnotationsSearches", func(ctx context.Context) error {
			return some(c.PatchAnnotationsSearches(ctx, c.app, renamed("of-annotations"), clarifai.ActionOverwrite))
		}},
		{"PatchSearches", func(ctx context.Context) error {
			return some(c.PatchSearches(ctx, c.app, renamed("s"), clarifai.ActionOverwrite))
		}},
		{"GetSearch", func(ctx context.Context) error { return one(c.GetSearch(ctx, c.app, "s")) }},
		{"ListSearches", func(ctx context.Context) error { return some(c.ListSearches(ctx, c.app, clarifai.Page{})) }},
		{"PostSearchesByID", func(ctx context.Context) error {
			return hits(c.PostSearchesByID(ctx, c.app, "s", clarifai.Page{}))
		}},
		{"DeleteSearch", func(ctx context.Context) error { return c.DeleteSearch(ctx, c.app, "s") }},
	}
}

func (c *throughClient) stepsOfBulkOperations(*testing.T) []step {
	var id string
	start := func(ctx context.Context) error {
		return first(&id, func(b clarifai.BulkOperation) string { return b.ID })(c.PostBulkOperations(ctx, c.app, []clarifai.BulkOperation{{
			InputIDs:  &clarifai.InputIDs{InputIDs: []string{"a", "b"}},
			Operation: &clarifai.Operation{AddConcepts: &clarifai.AddConcepts{Concepts: []clarifai.Concept{{ID: "vehicle"}}}},
		}}))
	}
	return []step{
		{"PostBulkOperations", start},
		{"CancelBulkOperations", func(ctx context.Context) error { return some(c.CancelBulkOperations(ctx, c.app, []string{id})) }},
		{"PostBulkOperations", func(ctx context.Context) error { defer c.pass(); return start(ctx) }},
		{"GetBulkOperation", func(ctx context.Context) error {
			got, err := c.GetBulkOperation(ctx, c.app, id)
			if err == nil && (got.Status.Code != clarifai.StatusBulkOperationSuccess || got.Progress.Processed != 2) {
				err = fmt.Errorf("read %+v", got)
			}
			return err
		}},
		{"ListBulkOperations", func(ctx context.Context) error { return some(c.ListBulkOperations(ctx, c.app, clarifai.Page{})) }},
		{"DeleteBulkOperations", func(ctx context.Context) error { return c.DeleteBulkOperations(ctx, c.app, []string{id}) }},
	}
}

func (c *throughClient) stepsOfJobs(t *testing.T) []step {
	var upload, bare, extraction string
	archive := zipped(t, map[string][]byte{"one.txt": []byte("a text in an archive")})
	uploadID := func(u clarifai.Upload) string { return u.ID }
	fromBucket := func(id string) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			return some(c.PostInputsDataSources(ctx, c.app, clarifai.PostInputsDataSourcesRequest{DataSources: []clarifai.InputsDataSource{{
				InputsAddJobID: id, URL: &clarifai.DataSourceURL{
					URL: "s3://reports/", Credentials: &clarifai.DataSourceCredentials{S3Creds: &clarifai.AWSCreds{ID: "id", Secret: "secret"}},
				},
			}}}))
		}
	}
	return []step{
		{"PostInputsDataSources", fromBucket("from-bucket")},
		{"CancelInputsAddJob", func(ctx context.Context) error { return one(c.CancelInputsAddJob(ctx, c.app, "from-bucket")) }},
		{"PostInputsDataSources", fromBucket("again")},
		{"ListInputsExtractionJobs", func(ctx context.Context) error {
			return first(&extraction, func(j clarifai.InputsExtractionJob) string { return j.ID })(c.ListInputsExtractionJobs(ctx, c.app,
				clarifai.Page{}))
		}},
		{"GetInputsExtractionJob", func(ctx context.Context) error { return one(c.GetInputsExtractionJob(ctx, c.app, extraction)) }},
		{"CancelInputsExtractionJobs", func(ctx context.Context) error {
			return some(c.CancelInputsExtractionJobs(ctx, c.app, []string{extraction}))
		}},
		{"PostInputsDataSources", func(ctx context.Context) error { defer c.pass(); return fromBucket("third")(ctx) }},
		{"GetInputsAddJob", func(ctx context.Context) error {
			job, err := c.GetInputsAddJob(ctx, c.app, "third")
			if err == nil && (job.Status.Code != clarifai.StatusJobCompleted || job.Progress.SuccessCount != 1) {
				err = fmt.Errorf("read %+v %+v", job, job.Progress)
			}
			return err
		}},
		{"ListInputsAddJobs", func(ctx context.Context) error { return some(c.ListInputsAddJobs(ctx, c.app, clarifai.Page{})) }},
		{"PostInputsUploads", func(ctx context.Context) error {
			return first(&upload, func(j clarifai.InputsAddJob) string { return j.Uploads[0].ID })(c.PostInputsUploads(ctx, c.app,
				[]clarifai.InputsUpload{{Upload: &clarifai.Upload{ContentName: "a.zip", ContentLength: clarifai.Uint64(len(archive))}}}))
		}},
		{"PutUploadContentParts", func(ctx context.Context) error {
			return one(c.PutUploadContentParts(ctx, c.app, upload, []clarifai.UploadContentPart{{PartNumber: 1, Data: archive}}))
		}},
		{"GetUpload", func(ctx context.Context) error {
			u, err := c.GetUpload(ctx, c.app, upload)
			if err == nil && u.Status.Code != clarifai.StatusUploadDone {
				err = fmt.Errorf("read %+v", u)
			}
			return err
		}},
		{"PostUploads", func(ctx context.Context) error {
			return first(&bare, uploadID)(c.PostUploads(ctx, c.app, []clarifai.Upload{{ContentName: "b.bin", ContentLength: 5}}))
		}},
		{"ListUploads", func(ctx context.Context) error { return some(c.ListUploads(ctx, c.app, clarifai.Page{})) }},
		{"DeleteUploads", func(ctx context.Context) error { return c.DeleteUploads(ctx, c.app, []string{bare}) }},
	}
}

func (c *throughClient) stepsOfEvaluations(*testing.T) []step {
	version := &clarifai.Dataset{ID: "d", Version: &clarifai.DatasetVersion{ID: "v1"}}
	everything := clarifai.EvaluationFields{
		ConfusionMatrix: true, CooccurrenceMatrix: true, LabelCounts: true, BinaryMetrics: true,
		TestSet: true, MetricsByArea: true, MetricsByClass: true,
	}
	return []step{
		{"PostEvaluations", func(ctx context.Context) error {
			return some(c.PostEvaluations(ctx, c.app, []clarifai.EvalMetrics{{
				ID: "e1", Model: &clarifai.Model{ID: "m", ModelVersion: &clarifai.ModelVersion{ID: "mv"}}, GroundTruthDataset: version,
			}}))
		}},
		{"PostModelVersionEvaluations", func(ctx context.Context) error {
			defer c.pass()
			return some(c.PostModelVersionEvaluations(ctx, c.app, "m", "mv", []clarifai.EvalMetrics{{ID: "e2", GroundTruthDataset: version}}))
		}},
		{"GetEvaluation", func(ctx context.Context) error {
			e, err := c.GetEvaluation(ctx, c.app, "e1", everything)
			if err == nil && (e.Summary == nil || e.ConfusionMatrix == nil || len(e.TestSet) == 0) {
				err = fmt.Errorf("read %+v", e)
			}
			return err
		}},
		{"GetModelVersionEvaluation", func(ctx context.Context) error {
			return one(c.GetModelVersionEvaluation(ctx, c.app, "m", "mv", "e2", everything))
		}},
		{"ListEvaluations", func(ctx context.Context) error {
			return some(c.ListEvaluations(ctx, c.app, clarifai.ListEvaluationsQuery{EvalDatasetIDs: []string{"d"}}))
		}},
		{"ListModelVersionEvaluations", func(ctx context.Context) error {
			return some(c.ListModelVersionEvaluations(ctx, c.app, "m", "mv", clarifai.Page{}))
		}},
		{"GetModel", func(ctx context.Context) error { return one(c.GetModel(ctx, c.app, "m", clarifai.GetModelQuery{})) }},
		{"GetModelVersion", func(ctx context.Context) error { return one(c.GetModelVersion(ctx, c.app, "m", "mv")) }},
		{"ListModelVersions", func(ctx context.Context) error {
			return some(c.ListModelVersions(ctx, c.app, "m", clarifai.ListModelVersionsQuery{}))
		}},
		{"GetModelType", func(ctx context.Context) error { return one(c.GetModelType(ctx, c.app, "embedding-classifier")) }},
	}
}

func (c *throughClient) stepsOfDuplications(*testing.T) []step {
	var id string
	return []step{
		{"PostAppDuplications", func(ctx context.Context) error {
			defer c.pass()
			return first(&id, func(d clarifai.AppDuplication) string { return d.ID })(c.PostAppDuplications(ctx, c.app, []clarifai.AppDuplication{{
				DestinationApp: &clarifai.App{ID: "copy"}, Filter: &clarifai.AppDuplicationFilters{CopyInputs: true, CopyConcepts: true},
			}}))
		}},
		{"GetAppDuplication", func(ctx context.Context) error {
			d, err := c.GetAppDuplication(ctx, "me", id)
			if err == nil && d.Status.Code != clarifai.StatusDuplicationSuccess {
				err = fmt.Errorf("read %+v", d)
			}
			return err
		}},
		{"ListAppDuplications", func(ctx context.Context) error { return some(c.ListAppDuplications(ctx, "me", clarifai.Page{})) }},
		{"GetInput", func(ctx context.Context) error {
			return one(c.GetInput(ctx, clarifai.AppRef{UserID: "acme", AppID: "copy"}, "a"))
		}},
	}
}

func (c *throughClient) stepsOfDeletes(*testing.T) []step {
	return []step{
		{"DeleteInput", func(ctx context.Context) error { return c.DeleteInput(ctx, c.app, "a") }},
		{"DeleteInputs", func(ctx context.Context) error { defer c.pass(); return c.DeleteInputs(ctx, c.app, []string{"b", "c"}) }},
		{"DeleteDatasets", func(ctx context.Context) error { return c.DeleteDatasets(ctx, c.app, []string{"d", "e"}) }},
		{"ListDatasets", func(ctx context.Context) error {
			left, err := c.ListDatasets(ctx, c.app, clarifai.ListDatasetsQuery{})
			if err == nil && len(left) > 0 {
				err = fmt.Errorf("%d datasets are left", len(left))
			}
			return err
		}},
	}
}

func manyInputs(n int) []clarifai.Input {
	many := make([]clarifai.Input, n)
	for i := range many {
		many[i] = textOf(fmt.Sprintf("many-%d", i))
	}
	return many
}
