package emulator_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A rejection is a request that the service rejects, and the status code of the response.
type rejection struct {
	op   string
	why  string
	code clarifai.StatusCode
	call func(ctx context.Context) error
}

// Codes of most rejections.
const (
	notFound  = clarifai.StatusDoesNotExist
	invalid   = clarifai.StatusInvalidRequest
	duplicate = clarifai.StatusDuplicateID
	concepts  = clarifai.StatusConceptsInvalidRequest
	argument  = clarifai.StatusInvalidArgument
	search    = clarifai.StatusSearchInvalid
	bulk      = clarifai.StatusCode(25404)
	copies    = clarifai.StatusCode(25204)
)

// rejecting is an app with one object of every kind, and the values of requests that are rejected.
type rejecting struct {
	*throughClient
	saved, filter clarifai.Search
	model         *clarifai.Model
	uploads       []clarifai.Upload
	running       []clarifai.BulkOperation
	nowhere       clarifai.AppRef
	long          string // an ID
}

func newRejecting(t *testing.T) *rejecting {
	t.Helper()
	c := &rejecting{throughClient: startForClient(t, emulator.Options{Async: time.Minute, Dialects: []string{emulator.AnnotateUnprocessed}})}
	c.saved = withConcept("s", "truck")
	c.saved.Save = true
	c.filter = withConcept("", "truck")
	c.model = &clarifai.Model{ID: "m", ModelVersion: &clarifai.ModelVersion{ID: "mv"}}
	ctx := t.Context()
	for _, err := range []error{
		some(c.PostConcepts(ctx, c.app, []clarifai.Concept{{ID: "truck"}, {ID: "vehicle"}})),
		some(c.PostConceptLanguages(ctx, c.app, "truck", []clarifai.ConceptLanguage{{ID: "de", Name: "Lastwagen"}})),
		some(c.PostConceptRelations(ctx, c.app, "truck",
			[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "vehicle"}, Predicate: clarifai.PredicateHyponym}})),
		some(c.PostKnowledgeGraphs(ctx, c.app, []clarifai.KnowledgeGraph{{ID: "graph"}})),
		added(c.PostInputs(ctx, c.app, clarifai.PostInputsRequest{Inputs: []clarifai.Input{textOf("a", "truck")}, InputsAddJobID: "job"})),
		some(c.PostDatasets(ctx, c.app, []clarifai.Dataset{{ID: "d"}})),
		some(c.PostDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "v"}})),
		some(c.PostAnnotations(ctx, c.app, []clarifai.Annotation{{ID: "n", InputID: "a",
			Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}}}})),
		some(c.PostAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "f", Search: &c.filter}})),
		one(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{c.saved}})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.uploads, err = c.PostUploads(ctx, c.app, []clarifai.Upload{{ContentName: "b.bin", ContentLength: 3}})
	if err != nil {
		t.Fatal(err)
	}
	c.running, err = c.PostBulkOperations(ctx, c.app, []clarifai.BulkOperation{{
		InputIDs: &clarifai.InputIDs{InputIDs: []string{"a"}}, Operation: &clarifai.Operation{DeleteGeo: &clarifai.DeleteGeo{}},
	}})
	if err != nil {
		t.Fatal(err)
	}

	c.nowhere = clarifai.AppRef{UserID: "acme", AppID: "nowhere"}
	c.long = strings.Repeat("x", 33)
	return c
}

// Every noun rejects what it typically rejects: objects that are missing, objects that already exist, bad IDs, bad
// requests, too many items.
func TestClient_rejections(t *testing.T) {
	c := newRejecting(t)
	rejected := map[string]bool{}
	for _, noun := range []struct {
		name       string
		rejections []rejection
	}{
		{"users and apps", c.usersAndApps()},
		{"concepts", c.concepts()},
		{"inputs", c.inputs()},
		{"datasets", c.datasets()},
		{"annotations", c.annotations()},
		{"searches", c.searches()},
		{"bulk operations", c.bulkOperations()},
		{"jobs and uploads", c.jobsAndUploads()},
		{"evaluations and models", c.evaluationsAndModels()},
		{"duplications", c.duplications()},
	} {
		for _, r := range noun.rejections {
			t.Run(noun.name+"/"+r.op+"/"+r.why, func(t *testing.T) { c.rejects(t, r) })
			rejected[r.op] = true
		}
	}

	// These operations only reject what every request can be rejected for.
	for _, op := range operations(t) {
		if !rejected[op] && !slices.Contains([]string{
			"ListStatusCodes", "GetModelType", "ListKnowledgeGraphs", "ListAppDuplications", "ListInputsAddJobs", "ListInputsExtractionJobs",
			"ListUploads", "ListSearches", "ListAnnotationFilters", "ListBulkOperations", "ListModelVersionEvaluations", "PatchAnnotationsSearches",
		}, op) {
			t.Errorf("no rejection of %s is tried", op)
		}
	}
}

func (c *rejecting) rejects(t *testing.T, r rejection) {
	t.Helper()
	c.ResetCalls()
	err := r.call(t.Context())
	if got := clarifai.Code(err); got != r.code {
		t.Errorf("rejected with %d, want %d: %v", got, r.code, err)
	}
	if calls := c.Calls(); len(calls) != 1 || calls[0].Op != r.op {
		t.Errorf("made %d calls: %v", len(calls), calls)
	}
	if r.why == "duplicate" && r.code != clarifai.StatusJobConflict && !clarifai.IsDuplicate(err) {
		t.Errorf("the client does not take this for a duplicate: %v", err)
	}
	if (r.why == "not found" || strings.HasPrefix(r.why, "no such")) && !clarifai.IsNotFound(err) {
		t.Errorf("the client does not take this for something that is not there: %v", err)
	}
}

func (c *rejecting) usersAndApps() []rejection {
	return []rejection{
		{"GetUser", "not found", notFound, func(ctx context.Context) error { return done(c.GetUser(ctx, "nobody")) }},
		{"MyScopes", "no such app", notFound, func(ctx context.Context) error { return done(c.MyScopes(ctx, c.nowhere)) }},
		{"GetStatusCode", "not found", notFound, func(ctx context.Context) error { return done(c.GetStatusCode(ctx, 12345)) }},
		{"GetApp", "not found", notFound, func(ctx context.Context) error { return done(c.GetApp(ctx, c.nowhere)) }},
		{"ListApps", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.ListApps(ctx, "me", clarifai.ListAppsQuery{Page: clarifai.Page{PerPage: 1001}}))
		}},
		{"PostApps", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostApps(ctx, "me",
				[]clarifai.App{{ID: "fleet"}}))
		}},
		{"PostApps", "bad id", invalid, func(ctx context.Context) error { return done(c.PostApps(ctx, "me", []clarifai.App{{ID: "a b"}})) }},
		{"PatchApps", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchApps(ctx, "me", clarifai.PatchAppsRequest{Apps: []clarifai.App{{ID: "nowhere"}}, Action: clarifai.ActionOverwrite}))
		}},
		{"PatchApp", "bad action", invalid, func(ctx context.Context) error {
			return done(c.PatchApp(ctx, c.app, clarifai.PatchAppRequest{App: &clarifai.App{Notes: "x"}, Action: clarifai.ActionMerge}))
		}},
		{"PatchAppsIds", "bad id", invalid, func(ctx context.Context) error {
			return done(c.PatchAppsIds(ctx, "me", clarifai.IDUpdateSource{ID: "fleet", NewID: c.long}))
		}},
		{"DeleteApp", "not found", notFound, func(ctx context.Context) error { return c.DeleteApp(ctx, c.nowhere) }},
	}
}

func (c *rejecting) concepts() []rejection {
	return []rejection{
		{"GetConcept", "not found", notFound, func(ctx context.Context) error { return done(c.GetConcept(ctx, c.app, "none")) }},
		{"ListConcepts", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.ListConcepts(ctx, c.app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: 1001}}))
		}},
		{"PostConcepts", "duplicate", concepts, func(ctx context.Context) error {
			return done(c.PostConcepts(ctx, c.app, []clarifai.Concept{{ID: "truck"}}))
		}},
		{"PostConcepts", "bad id", concepts, func(ctx context.Context) error {
			return done(c.PostConcepts(ctx, c.app, []clarifai.Concept{{ID: c.long}}))
		}},
		{"PatchConcepts", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchConcepts(ctx, c.app, []clarifai.Concept{{ID: "none", Name: "x"}}, clarifai.ActionOverwrite))
		}},
		{"PatchConcepts", "bad action", invalid, func(ctx context.Context) error {
			return done(c.PatchConcepts(ctx, c.app, []clarifai.Concept{{ID: "truck"}}, clarifai.ActionRemove))
		}},
		{"ListModelConcepts", "no such model", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.ListModelConcepts(ctx, c.app, "missing-m", clarifai.ListModelConceptsQuery{}))
		}},
		{"PostConceptsSearches", "no such workflow", clarifai.StatusWorkflowDoesNotExist, func(ctx context.Context) error {
			return done(c.PostConceptsSearches(ctx, c.app, clarifai.PostConceptsSearchesRequest{
				ConceptQuery: &clarifai.ConceptQuery{Workflow: &clarifai.Workflow{ID: "missing-w"}},
			}))
		}},
		{"GetConceptCounts", "no such app", notFound,
			func(ctx context.Context) error { return done(c.GetConceptCounts(ctx, c.nowhere, clarifai.Page{})) }},
		{"GetConceptLanguage", "not found", notFound, func(ctx context.Context) error {
			return done(c.GetConceptLanguage(ctx, c.app, "truck", "fr"))
		}},
		{"ListConceptLanguages", "no such concept", notFound, func(ctx context.Context) error {
			return done(c.ListConceptLanguages(ctx, c.app, "none", clarifai.Page{}))
		}},
		{"PostConceptLanguages", "duplicate", concepts, func(ctx context.Context) error {
			return done(c.PostConceptLanguages(ctx, c.app, "truck", []clarifai.ConceptLanguage{{ID: "de", Name: "x"}}))
		}},
		{"PostConceptLanguages", "bad id", concepts, func(ctx context.Context) error {
			return done(c.PostConceptLanguages(ctx, c.app, "truck", []clarifai.ConceptLanguage{{ID: "klingon", Name: "x"}}))
		}},
		{"PatchConceptLanguages", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchConceptLanguages(ctx, c.app, "truck", []clarifai.ConceptLanguage{{ID: "fr", Name: "x"}}, clarifai.ActionOverwrite))
		}},
		{"ListConceptRelations", "no such concept", notFound, func(ctx context.Context) error {
			return done(c.ListConceptRelations(ctx, c.app, "none", clarifai.ListConceptRelationsQuery{}))
		}},
		{"ListConceptRelations2", "bad predicate", concepts, func(ctx context.Context) error {
			return done(c.ListConceptRelations2(ctx, c.app,
				clarifai.ListConceptRelations2Query{ListConceptRelationsQuery: clarifai.ListConceptRelationsQuery{Predicate: "likes"}}))
		}},
		{"PostConceptRelations", "duplicate", concepts, func(ctx context.Context) error {
			return done(c.PostConceptRelations(ctx, c.app, "vehicle",
				[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "truck"}, Predicate: clarifai.PredicateHypernym}}))
		}},
		{"PostConceptRelations", "no such object", notFound, func(ctx context.Context) error {
			return done(c.PostConceptRelations(ctx, c.app, "truck",
				[]clarifai.ConceptRelation{{ObjectConcept: &clarifai.Concept{ID: "none"}, Predicate: clarifai.PredicateSynonym}}))
		}},
		{"DeleteConceptRelations", "no such concept", notFound, func(ctx context.Context) error {
			return c.DeleteConceptRelations(ctx, c.app, "none", []string{"x"})
		}},
		{"PostKnowledgeGraphs", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostKnowledgeGraphs(ctx, c.app, []clarifai.KnowledgeGraph{{ID: "graph"}}))
		}},
		{"PostConceptMappingJobs", "no concepts", concepts, func(ctx context.Context) error {
			return done(c.PostConceptMappingJobs(ctx, c.app, []clarifai.ConceptMappingJob{{KnowledgeGraphID: "graph"}}))
		}},
	}
}

func (c *rejecting) inputs() []rejection {
	return []rejection{
		{"GetInput", "not found", notFound, func(ctx context.Context) error { return done(c.GetInput(ctx, c.app, "none")) }},
		{"ListInputs", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.ListInputs(ctx, c.app, clarifai.ListInputsQuery{Page: clarifai.Page{PerPage: 1001}}))
		}},
		{"StreamInputs", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.StreamInputs(ctx, c.app, clarifai.StreamInputsQuery{PerPage: 1001}))
		}},
		{"PostInputs", "too many", argument, func(ctx context.Context) error {
			return done(c.PostInputs(ctx, c.app, clarifai.PostInputsRequest{Inputs: manyInputs(129)}))
		}},
		{"PostInputs", "duplicate", clarifai.StatusInputDuplicate, func(ctx context.Context) error {
			return added(c.PostInputs(ctx, c.app, clarifai.PostInputsRequest{Inputs: []clarifai.Input{textOf("a")}}))
		}},
		{"PostInputs", "bad id", clarifai.StatusInputInvalidField, func(ctx context.Context) error {
			return added(c.PostInputs(ctx, c.app, clarifai.PostInputsRequest{Inputs: []clarifai.Input{textOf("a b")}}))
		}},
		{"PatchInputs", "not found", clarifai.StatusInputDoesNotExist, func(ctx context.Context) error {
			return items(c.PatchInputs(ctx, c.app, []clarifai.Input{{ID: "none", Data: &clarifai.Data{}}}, clarifai.ActionMerge))
		}},
		{"PatchInputs", "too many", argument, func(ctx context.Context) error {
			return done(c.PatchInputs(ctx, c.app, manyInputs(129), clarifai.ActionMerge))
		}},
		{"DeleteInput", "not found", notFound, func(ctx context.Context) error { return c.DeleteInput(ctx, c.app, "none") }},
		{"DeleteInputs", "too many", argument, func(ctx context.Context) error { return c.DeleteInputs(ctx, c.app, make([]string, 129)) }},
		{"GetInputCount", "no such app", notFound, func(ctx context.Context) error { return done(c.GetInputCount(ctx, c.nowhere)) }},
	}
}

func (c *rejecting) datasets() []rejection {
	return []rejection{
		{"GetDataset", "not found", notFound, func(ctx context.Context) error { return done(c.GetDataset(ctx, c.app, "none")) }},
		{"ListDatasets", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.ListDatasets(ctx, c.app, clarifai.ListDatasetsQuery{Page: clarifai.Page{PerPage: 1001}}))
		}},
		{"PostDatasets", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostDatasets(ctx, c.app, []clarifai.Dataset{{ID: "d"}}))
		}},
		{"PostDatasets", "bad id", invalid, func(ctx context.Context) error {
			return done(c.PostDatasets(ctx, c.app, []clarifai.Dataset{{ID: "a/b"}}))
		}},
		{"PatchDatasets", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchDatasets(ctx, c.app, []clarifai.Dataset{{ID: "none"}}, clarifai.ActionMerge))
		}},
		{"DeleteDatasets", "nothing named", invalid, func(ctx context.Context) error { return c.DeleteDatasets(ctx, c.app, nil) }},
		{"GetDatasetInput", "not found", notFound, func(ctx context.Context) error { return done(c.GetDatasetInput(ctx, c.app, "d", "a")) }},
		{"ListDatasetInputs", "no such dataset", notFound, func(ctx context.Context) error {
			return done(c.ListDatasetInputs(ctx, c.app, "none", clarifai.Page{}))
		}},
		{"PostDatasetInputs", "no such input", clarifai.StatusInputDoesNotExist, func(ctx context.Context) error {
			return items(c.PostDatasetInputs(ctx, c.app, "d", []string{"none"}))
		}},
		{"PostDatasetInputs", "too many", argument, func(ctx context.Context) error {
			return done(c.PostDatasetInputs(ctx, c.app, "d", make([]string, 129)))
		}},
		{"DeleteDatasetInputs", "no such dataset", notFound, func(ctx context.Context) error {
			return c.DeleteDatasetInputs(ctx, c.app, "none", []string{"a"})
		}},
		{"GetDatasetVersion", "not found", notFound,
			func(ctx context.Context) error { return done(c.GetDatasetVersion(ctx, c.app, "d", "none")) }},
		{"ListDatasetVersions", "no such dataset", notFound, func(ctx context.Context) error {
			return done(c.ListDatasetVersions(ctx, c.app, "none", clarifai.ListDatasetVersionsQuery{}))
		}},
		{"PostDatasetVersions", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "v"}}))
		}},
		{"PostDatasetVersions", "bad id", invalid, func(ctx context.Context) error {
			return done(c.PostDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "1.0"}}))
		}},
		{"PatchDatasetVersions", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchDatasetVersions(ctx, c.app, "d", []clarifai.DatasetVersion{{ID: "none"}}, clarifai.ActionOverwrite))
		}},
		{"DeleteDatasetVersions", "no such dataset", notFound, func(ctx context.Context) error {
			return c.DeleteDatasetVersions(ctx, c.app, "none", []string{"v"})
		}},
		{"ListDatasetVersionMetricsGroups", "not found", notFound, func(ctx context.Context) error {
			return done(c.ListDatasetVersionMetricsGroups(ctx, c.app, "d", "none", clarifai.ListDatasetVersionMetricsGroupsQuery{}))
		}},
		{"PutDatasetVersionExports", "not ready", clarifai.StatusDatasetVersionConflict, func(ctx context.Context) error {
			return done(c.PutDatasetVersionExports(ctx, c.app, "d", "v", []clarifai.DatasetVersionExport{{Format: clarifai.ExportFormatCOCO}}))
		}},
	}
}

func (c *rejecting) annotations() []rejection {
	return []rejection{
		{"GetAnnotation", "not found", notFound, func(ctx context.Context) error { return done(c.GetAnnotation(ctx, c.app, "a", "none")) }},
		{"ListAnnotations", "ids without inputs", 24155, func(ctx context.Context) error {
			return done(c.ListAnnotations(ctx, c.app, clarifai.ListAnnotationsQuery{IDs: []string{"n"}}))
		}},
		{"PostAnnotations", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostAnnotations(ctx, c.app, []clarifai.Annotation{{ID: "n", InputID: "a",
				Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}}}}))
		}},
		{"PostAnnotations", "no such input", clarifai.StatusInputDoesNotExist, func(ctx context.Context) error {
			return done(c.PostAnnotations(ctx, c.app, []clarifai.Annotation{{InputID: "none",
				Data: &clarifai.Data{Concepts: []clarifai.Concept{{ID: "truck"}}}}}))
		}},
		{"PatchAnnotations", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchAnnotations(ctx, c.app, clarifai.PatchAnnotationsRequest{
				Annotations: []clarifai.Annotation{{ID: "none", InputID: "a", Data: &clarifai.Data{}}}, Action: clarifai.ActionMerge,
			}))
		}},
		{"DeleteAnnotation", "not found", notFound, func(ctx context.Context) error { return c.DeleteAnnotation(ctx, c.app, "a", "none") }},
		{"DeleteAnnotations", "nothing named", 24155, func(ctx context.Context) error {
			return c.DeleteAnnotations(ctx, c.app, clarifai.DeleteAnnotationsRequest{})
		}},
		{"GetAnnotationFilter", "not found", notFound,
			func(ctx context.Context) error { return done(c.GetAnnotationFilter(ctx, c.app, "none")) }},
		{"PostAnnotationFilters", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "f", Search: &c.filter}}))
		}},
		{"PostAnnotationFilters", "bad id", invalid, func(ctx context.Context) error {
			return done(c.PostAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "f f", Search: &c.filter}}))
		}},
		{"PatchAnnotationFilters", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchAnnotationFilters(ctx, c.app, []clarifai.AnnotationFilter{{ID: "none", Search: &c.filter}}, clarifai.ActionOverwrite))
		}},
		{"DeleteAnnotationFilters", "nothing named", invalid,
			func(ctx context.Context) error { return c.DeleteAnnotationFilters(ctx, c.app, nil) }},
	}
}

func (c *rejecting) searches() []rejection {
	return []rejection{
		{"GetSearch", "not found", notFound, func(ctx context.Context) error { return done(c.GetSearch(ctx, c.app, "none")) }},
		{"PostInputsSearches", "duplicate", duplicate, func(ctx context.Context) error {
			return done(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{c.saved}}))
		}},
		{"PostInputsSearches", "bad request", search, func(ctx context.Context) error {
			return done(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{{Algorithm: "guess"}}}))
		}},
		{"PostInputsSearches", "too deep", search, func(ctx context.Context) error {
			return done(c.PostInputsSearches(ctx, c.app, clarifai.PostInputsSearchesRequest{
				Searches: []clarifai.Search{{}}, Pagination: &clarifai.Pagination{Page: 11, PerPage: 1000},
			}))
		}},
		{"PostAnnotationsSearches", "bad request", search, func(ctx context.Context) error {
			return done(c.PostAnnotationsSearches(ctx, c.app,
				clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{{Metric: clarifai.MetricCosineDistance}}}))
		}},
		{"PostSearches", "nothing to search", search, func(ctx context.Context) error {
			return done(c.PostSearches(ctx, c.app, clarifai.PostSearchesRequest{}))
		}},
		{"PostSearchesByID", "not found", notFound, func(ctx context.Context) error {
			return done(c.PostSearchesByID(ctx, c.app, "none", clarifai.Page{}))
		}},
		{"PatchInputsSearches", "not found", notFound, func(ctx context.Context) error {
			return done(c.PatchInputsSearches(ctx, c.app, []clarifai.Search{{ID: "none"}}, clarifai.ActionOverwrite))
		}},
		{"PatchSearches", "bad action", invalid, func(ctx context.Context) error {
			return done(c.PatchSearches(ctx, c.app, []clarifai.Search{{ID: "s"}}, clarifai.ActionMerge))
		}},
		{"DeleteSearch", "not found", notFound, func(ctx context.Context) error { return c.DeleteSearch(ctx, c.app, "none") }},
	}
}

func (c *rejecting) bulkOperations() []rejection {
	return []rejection{
		{"GetBulkOperation", "not found", notFound, func(ctx context.Context) error { return done(c.GetBulkOperation(ctx, c.app, "none")) }},
		{"PostBulkOperations", "bad request", bulk, func(ctx context.Context) error {
			return done(c.PostBulkOperations(ctx, c.app, []clarifai.BulkOperation{{}}))
		}},
		{"PostBulkOperations", "no such dataset", notFound, func(ctx context.Context) error {
			return done(c.PostBulkOperations(ctx, c.app, []clarifai.BulkOperation{{
				InputIDs:  &clarifai.InputIDs{InputIDs: []string{"a"}},
				Operation: &clarifai.Operation{AddToDataset: &clarifai.AddToDataset{DatasetID: "none"}},
			}}))
		}},
		{"CancelBulkOperations", "not found", notFound,
			func(ctx context.Context) error { return done(c.CancelBulkOperations(ctx, c.app, []string{"none"})) }},
		{"DeleteBulkOperations", "still running", bulk, func(ctx context.Context) error {
			return c.DeleteBulkOperations(ctx, c.app, []string{c.running[0].ID})
		}},
	}
}

func (c *rejecting) jobsAndUploads() []rejection {
	return []rejection{
		{"GetInputsAddJob", "not found", notFound, func(ctx context.Context) error { return done(c.GetInputsAddJob(ctx, c.app, "none")) }},
		{"CancelInputsAddJob", "not found", notFound, func(ctx context.Context) error { return done(c.CancelInputsAddJob(ctx, c.app, "none")) }},
		{"GetInputsExtractionJob", "not found", notFound,
			func(ctx context.Context) error { return done(c.GetInputsExtractionJob(ctx, c.app, "none")) }},
		{"CancelInputsExtractionJobs", "not found", notFound, func(ctx context.Context) error {
			return done(c.CancelInputsExtractionJobs(ctx, c.app, []string{"none"}))
		}},
		{"PostInputsDataSources", "duplicate", clarifai.StatusJobConflict, func(ctx context.Context) error {
			return done(c.PostInputsDataSources(ctx, c.app, clarifai.PostInputsDataSourcesRequest{DataSources: []clarifai.InputsDataSource{{
				InputsAddJobID: "job", URL: &clarifai.DataSourceURL{URL: "s3://reports/"},
			}}}))
		}},
		{"PostInputsDataSources", "bad request", invalid, func(ctx context.Context) error {
			return done(c.PostInputsDataSources(ctx, c.app, clarifai.PostInputsDataSourcesRequest{DataSources: []clarifai.InputsDataSource{{
				URL: &clarifai.DataSourceURL{URL: "ftp://reports/"},
			}}}))
		}},
		{"PostInputsUploads", "no archive", invalid, func(ctx context.Context) error {
			return done(c.PostInputsUploads(ctx, c.app, []clarifai.InputsUpload{{Upload: &clarifai.Upload{ContentName: "a.txt", ContentLength: 1}}}))
		}},
		{"PostUploads", "no length", invalid, func(ctx context.Context) error {
			return done(c.PostUploads(ctx, c.app, []clarifai.Upload{{ContentName: "a.bin"}}))
		}},
		{"GetUpload", "not found", notFound, func(ctx context.Context) error { return done(c.GetUpload(ctx, c.app, "none")) }},
		{"PutUploadContentParts", "too much", clarifai.StatusUploadConflict, func(ctx context.Context) error {
			return done(c.PutUploadContentParts(ctx, c.app, c.uploads[0].ID, []clarifai.UploadContentPart{{PartNumber: 1, Data: []byte("four")}}))
		}},
		{"DeleteUploads", "not found", notFound, func(ctx context.Context) error { return c.DeleteUploads(ctx, c.app, []string{"none"}) }},
	}
}

func (c *rejecting) evaluationsAndModels() []rejection {
	return []rejection{
		{"GetEvaluation", "not found", notFound, func(ctx context.Context) error {
			return done(c.GetEvaluation(ctx, c.app, "none", clarifai.EvaluationFields{}))
		}},
		{"PostEvaluations", "no such model", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.PostEvaluations(ctx, c.app, []clarifai.EvalMetrics{{Model: &clarifai.Model{ID: "missing-m",
				ModelVersion: c.model.ModelVersion}}}))
		}},
		{"PostEvaluations", "no such dataset", notFound, func(ctx context.Context) error {
			return done(c.PostEvaluations(ctx, c.app, []clarifai.EvalMetrics{{Model: c.model, GroundTruthDataset: &clarifai.Dataset{ID: "none"}}}))
		}},
		{"PostEvaluations", "bad id", invalid, func(ctx context.Context) error {
			return done(c.PostEvaluations(ctx, c.app, []clarifai.EvalMetrics{{ID: "a b", Model: c.model}}))
		}},
		{"ListEvaluations", "too long a page", invalid, func(ctx context.Context) error {
			return done(c.ListEvaluations(ctx, c.app, clarifai.ListEvaluationsQuery{Page: clarifai.Page{PerPage: 1001}}))
		}},
		{"PostModelVersionEvaluations", "no such model", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.PostModelVersionEvaluations(ctx, c.app, "missing-m", "mv", []clarifai.EvalMetrics{{}}))
		}},
		{"GetModelVersionEvaluation", "not found", notFound, func(ctx context.Context) error {
			return done(c.GetModelVersionEvaluation(ctx, c.app, "m", "mv", "none", clarifai.EvaluationFields{}))
		}},
		{"GetModel", "not found", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.GetModel(ctx, c.app, "missing-m", clarifai.GetModelQuery{}))
		}},
		{"GetModelVersion", "not found", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.GetModelVersion(ctx, c.app, "missing-m", "mv"))
		}},
		{"ListModelVersions", "not found", clarifai.StatusModelDoesNotExist, func(ctx context.Context) error {
			return done(c.ListModelVersions(ctx, c.app, "missing-m", clarifai.ListModelVersionsQuery{}))
		}},
	}
}

func (c *rejecting) duplications() []rejection {
	return []rejection{
		{"GetAppDuplication", "not found", notFound, func(ctx context.Context) error { return done(c.GetAppDuplication(ctx, "me", "none")) }},
		{"PostAppDuplications", "bad request", copies, func(ctx context.Context) error {
			return done(c.PostAppDuplications(ctx, c.app, []clarifai.AppDuplication{{
				DestinationApp: &clarifai.App{ID: "copy"}, Filter: &clarifai.AppDuplicationFilters{CopyInputs: true},
			}}))
		}},
		{"PostAppDuplications", "bad id", copies, func(ctx context.Context) error {
			return done(c.PostAppDuplications(ctx, c.app, []clarifai.AppDuplication{{
				DestinationApp: &clarifai.App{ID: c.long}, Filter: &clarifai.AppDuplicationFilters{CopyConcepts: true},
			}}))
		}},
	}
}
