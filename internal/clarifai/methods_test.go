package clarifai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// endpoint is a row of testdata/endpoints.json.
type endpoint struct {
	OperationID         string       `json:"operationId"`
	Method              string       `json:"method"`
	Path                string       `json:"path"`
	InSeed              bool         `json:"inSeed"`
	ResponseMessage     string       `json:"responseMessage"`
	ItemsKey            string       `json:"itemsKey"`
	PathParams          []string     `json:"pathParams"`
	QueryParams         []namedField `json:"queryParams"`
	BodyFields          []namedField `json:"bodyFields"`
	ItemsKeyAlwaysThere bool         `json:"itemsKeyAlwaysPresent"`
}

type namedField struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func endpoints(t *testing.T) []endpoint {
	t.Helper()
	raw, err := os.ReadFile("testdata/endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []endpoint
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 105 {
		t.Fatalf("%d endpoints, want 105", len(list))
	}
	return list
}

// secondMethods are methods that send a request to an endpoint of another name.
var secondMethods = map[string]string{
	"PutUploadContent":        "PutUploadContentParts for a part that is streamed",
	"PostDatasetInputsSearch": "the search form of PostDatasetInputs",
}

// queryNotOffered are query parameters that methods do not offer, with the reason.
var queryNotOffered = map[string]string{
	"ListAnnotations.statuses":               "a list of messages cannot be put into a query",
	"ListDatasetVersionMetricsGroups.values": "a list of free values cannot be put into a query",
}

// bodyNotOffered are fields of request bodies that methods do not send, with the reason.
var bodyNotOffered = map[string]string{
	"PostDatasetInputs.search": "has a method of its own, PostDatasetInputsSearch",
}

// mayAnswerNothing are writes whose successful response can omit the objects, with the reason.
var mayAnswerNothing = map[string]string{
	"PostConceptMappingJobs":     "the ids are of no further use",
	"PatchInputsSearches":        "whether the searches come back is not documented",
	"PatchAnnotationsSearches":   "whether the searches come back is not documented",
	"PatchSearches":              "whether the searches come back is not documented",
	"PatchAnnotations":           "emptied annotations may be gone",
	"CancelInputsExtractionJobs": "the job is read again in any case",
	"CancelBulkOperations":       "the operation is read again in any case",
	"PostConceptsSearches":       "a search may find nothing",
	"PostInputsSearches":         "a search may find nothing",
	"PostAnnotationsSearches":    "a search may find nothing",
	"PostSearches":               "a search may find nothing",
	"PostSearchesByID":           "a search may find nothing",
	"PostInputs":                 "each item tells for itself",
	"PatchInputs":                "each item tells for itself",
	"PostDatasetInputs":          "each item tells for itself",
}

func TestEveryEndpointHasAMethod(t *testing.T) {
	client := reflect.TypeFor[*Client]()
	known := map[string]bool{}
	seed := 0
	for _, e := range endpoints(t) {
		known[e.OperationID] = true
		if e.InSeed {
			seed++
		}
		if _, ok := client.MethodByName(e.OperationID); !ok {
			t.Errorf("no method for %s", e.OperationID)
		}
	}
	if seed != 50 {
		t.Errorf("%d documented endpoints, want 50", seed)
	}
	verbs := []string{"Get", "List", "Post", "Put", "Patch", "Delete", "Cancel", "Stream", "My"}
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		hasVerb := slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(name, v) })
		if hasVerb && !known[name] && secondMethods[name] == "" {
			t.Errorf("method %s looks like an endpoint and is not in testdata/endpoints.json", name)
		}
	}
}

// recorded is one request that a recorder received.
type recorded struct {
	op, method, path string
	query            url.Values
	body             []byte
}

// recorder gives the same response to all requests and keeps them.
type recorder struct {
	status   int
	answer   string
	requests []recorded
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	seen := recorded{method: request.Method, path: request.URL.EscapedPath(), query: request.URL.Query()}
	if request.Body != nil {
		seen.body, _ = io.ReadAll(request.Body)
	}
	r.requests = append(r.requests, seen)
	return &http.Response{
		StatusCode: r.status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewBufferString(r.answer)), Request: request,
	}, nil
}

func recordingClient(t *testing.T, status int, answer string) (*Client, *recorder) {
	t.Helper()
	r := &recorder{status: status, answer: answer}
	client, err := New(Config{PAT: testPAT, Transport: r, Clock: newTestClock(), Log: func(_ context.Context, e LogEntry) {
		r.requests[len(r.requests)-1].op = e.Op
	}})
	if err != nil {
		t.Fatal(err)
	}
	return client, r
}

// invoke calls a method with arguments that have every field set. Strings are numbered,
// so that a path shows whether they arrived in order. Sort keys are set to sortBy.
func invoke(client *Client, name, sortBy string) (ids []string, results []reflect.Value) {
	method := reflect.ValueOf(client).MethodByName(name)
	kind := method.Type()
	args := []reflect.Value{reflect.ValueOf(context.Background())}
	for i := 1; i < kind.NumIn(); i++ {
		in := kind.In(i)
		if kind.IsVariadic() && i == kind.NumIn()-1 {
			in = in.Elem()
		}
		arg := reflect.New(in).Elem()
		switch value := arg.Addr().Interface().(type) {
		case *AppRef:
			*value = AppRef{UserID: "some user", AppID: "some/app"}
			ids = append(ids, value.UserID, value.AppID)
		case *StatusCode:
			*value = StatusDoesNotExist
			ids = append(ids, "11101")
		case *string:
			if kind.IsVariadic() && i == kind.NumIn()-1 {
				*value = "additional"
				break
			}
			*value = fmt.Sprintf("id %d", i)
			ids = append(ids, *value)
		default:
			setMembers(arg, sortBy)
		}
		args = append(args, arg)
	}
	return ids, method.Call(args)
}

func setMembers(v reflect.Value, sortBy string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
		if strings.HasSuffix(v.Type().Name(), "Sort") {
			v.SetString(sortBy)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		if v.Index(0).Kind() != reflect.Struct {
			setMembers(v.Index(0), sortBy)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				setMembers(v.Field(i), sortBy)
			}
		}
	}
}

func lastError(results []reflect.Value) error {
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// The request of every method matches the table of endpoints: HTTP method, path, query and body.
func TestMethods_requestsMatchEndpoints(t *testing.T) {
	for _, e := range endpoints(t) {
		t.Run(e.OperationID, func(t *testing.T) {
			sorts := []string{""}
			wantQuery := []string{}
			for _, p := range e.QueryParams {
				if strings.HasPrefix(p.Name, "sort_by_") {
					sorts = append(sorts, p.Name)
				}
				if queryNotOffered[e.OperationID+"."+p.Name] == "" {
					wantQuery = append(wantQuery, p.Name)
				}
			}
			var gotQuery []string
			for _, sortBy := range sorts {
				client, r := recordingClient(t, 404, `{"status":{"code":11101,"description":"Resource does not exist","req_id":"r"}}`)
				ids, results := invoke(client, e.OperationID, sortBy)
				if err := lastError(results); e.OperationID != "GetStatusCode" && !IsNotFound(err) {
					t.Fatalf("error %v, want not found", err)
				}
				if len(r.requests) != 1 {
					t.Fatalf("%d requests", len(r.requests))
				}
				got := r.requests[0]
				wantPath := e.Path
				if len(ids) != len(e.PathParams) {
					t.Fatalf("%d ids for the path, want %v", len(ids), e.PathParams)
				}
				for i, param := range e.PathParams {
					wantPath = strings.Replace(wantPath, "{"+param+"}", url.PathEscape(ids[i]), 1)
				}
				if got.op != e.OperationID || got.method != e.Method || got.path != wantPath {
					t.Errorf("sent %s %s %s, want %s %s %s", got.op, got.method, got.path, e.OperationID, e.Method, wantPath)
				}
				for name := range got.query {
					if !slices.Contains(gotQuery, name) {
						gotQuery = append(gotQuery, name)
					}
				}
				checkBody(t, e, got.body)
			}
			sort.Strings(gotQuery)
			sort.Strings(wantQuery)
			if diff := cmp.Diff(wantQuery, gotQuery, cmp.Transformer("empty", func(s []string) string { return strings.Join(s, " ") })); diff != "" {
				t.Errorf("query (-table +sent):\n%s", diff)
			}
		})
	}
}

func checkBody(t *testing.T, e endpoint, body []byte) {
	t.Helper()
	hasBody := len(e.BodyFields) > 0 || e.OperationID == "CancelInputsAddJob" // a PATCH with an empty object
	if !hasBody {
		if len(body) != 0 {
			t.Errorf("sent a body: %s", body)
		}
		return
	}
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		t.Fatalf("body %s: %v", body, err)
	}
	for _, field := range e.BodyFields {
		_, sent := members[field.Name]
		delete(members, field.Name)
		if wanted := bodyNotOffered[e.OperationID+"."+field.Name] == ""; sent != wanted {
			t.Errorf("body member %s: sent %v, want %v (%s)", field.Name, sent, wanted, body)
		}
	}
	if len(members) > 0 {
		t.Errorf("body members that the endpoint does not take: %v", members)
	}
}

// Every method returns the part of the response that the table names. If a response reports
// success without that part, the method returns an error.
func TestMethods_responsesMatchEndpoints(t *testing.T) {
	for _, e := range endpoints(t) {
		if e.OperationID == "GetStatusCode" {
			continue // its response is a status; see TestGetStatusCode
		}
		t.Run(e.OperationID, func(t *testing.T) {
			payload := `{"id":"x"}`
			switch {
			case e.ItemsKey == "ids" || e.ItemsKey == "scopes":
				payload = `["x"]`
			case e.ItemsKey == "counts":
				payload = `{"processed":1}`
			case e.ItemsKey == "hits":
				payload = `[{"score":1}]`
			case e.ItemsKey == "statuses":
				payload = `[{"code":10000}]`
			case e.ItemsKey == "exports":
				payload = `[{"format":1}]`
			case e.ItemsKey == "dataset_input":
				payload = `{"input":{"id":"x"}}`
			case e.ItemsKey == "dataset_inputs":
				payload = `[{"input":{"id":"x"}}]`
			case e.ItemsKey == "dataset_version_metrics_groups":
				payload = `[{"type":2}]`
			case strings.HasPrefix(e.ResponseMessage, "Multi"):
				payload = `[{"id":"x"}]`
			}
			answer := `{"status":{"code":10000,"description":"Ok","req_id":"r"}`
			if e.ItemsKey != "" {
				client, _ := recordingClient(t, 200, answer+`,"`+e.ItemsKey+`":`+payload+`}`)
				_, results := invoke(client, e.OperationID, "")
				if err := lastError(results); err != nil {
					t.Fatal(err)
				}
				if len(results) < 2 || holdsNothing(results[0]) {
					t.Errorf("response %s, got %v", payload, results[0])
				}
			}
			client, _ := recordingClient(t, 200, answer+`}`)
			_, results := invoke(client, e.OperationID, "")
			err := lastError(results)
			one := strings.HasPrefix(e.ResponseMessage, "Single")
			switch {
			case e.ItemsKey == "", e.Method == http.MethodGet && !one, mayAnswerNothing[e.OperationID] != "":
				if err != nil {
					t.Errorf("without payload: %v", err)
				}
			default:
				if err == nil || !strings.Contains(err.Error(), e.ItemsKey) {
					t.Errorf("without payload: error %v, want one that names %q", err, e.ItemsKey)
				}
			}
		})
	}
}

func holdsNothing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice:
		return v.Len() == 0 || v.Index(0).IsZero()
	case reflect.Pointer:
		return v.IsNil() || v.Elem().IsZero()
	}
	return v.IsZero()
}

// Every sort key of a list has a constant with its name.
func TestSortOrders(t *testing.T) {
	offered := map[string][]string{
		"ListApps": {
			string(AppSortName), string(AppSortModifiedAt), string(AppSortCreatedAt), string(AppSortStarCount),
			string(AppSortID), string(AppSortRelevance),
		},
		"ListDatasets": {
			string(DatasetSortCreatedAt), string(DatasetSortStarCount), string(DatasetSortModifiedAt), string(DatasetSortID),
			string(DatasetSortRelevance),
		},
		"ListEvaluations": {
			string(EvaluationSortAppID), string(EvaluationSortROCAUC), string(EvaluationSortF1), string(EvaluationSortCreatedAt),
			string(EvaluationSortMeanAvgPrecision), string(EvaluationSortPrecision), string(EvaluationSortRecall),
			string(EvaluationSortModelID), string(EvaluationSortEvalDatasetID), string(EvaluationSortTrainDatasetID),
		},
		"ListModelVersions": {
			string(ModelVersionSortStatusCode), string(ModelVersionSortNumInputs), string(ModelVersionSortDescription),
			string(ModelVersionSortCreatedAt),
		},
	}
	for _, e := range endpoints(t) {
		var want []string
		for _, p := range e.QueryParams {
			if strings.HasPrefix(p.Name, "sort_by_") {
				want = append(want, p.Name)
			}
		}
		if diff := cmp.Diff(want, offered[e.OperationID]); diff != "" {
			t.Errorf("%s (-table +offered):\n%s", e.OperationID, diff)
		}
	}
}

// Every iterator requests pages of the service's default size, yields their items
// and stops after a short page.
func TestIteratorsWalkPages(t *testing.T) {
	const one = `[{"id":"x"}]`
	answer := `{"status":{"code":10000},"dataset_inputs":[{"input":{"id":"x"}}],"hits":[{"score":1,"input":{"id":"x"}}],` +
		`"dataset_version_metrics_groups":[{"type":2,"value":"image"}]`
	for _, key := range []string{"datasets", "dataset_versions", "inputs", "concepts", "concept_counts", "concept_languages",
		"concept_relations", "inputs_add_jobs", "inputs_extraction_jobs", "eval_metrics", "searches", "apps", "app_duplications",
		"annotation_filters", "annotations", "uploads"} {
		answer += `,"` + key + `":` + one
	}
	answer += `}`
	kind := reflect.TypeFor[*Client]()
	count := 0
	for i := range kind.NumMethod() {
		name := kind.Method(i).Name
		if !strings.HasPrefix(name, "All") || name == "AllInputsByCursor" {
			continue
		}
		count++
		t.Run(name, func(t *testing.T) {
			client, r := recordingClient(t, 200, answer)
			method := reflect.ValueOf(client).MethodByName(name)
			args := []reflect.Value{reflect.ValueOf(context.Background())}
			for i := 1; i < method.Type().NumIn(); i++ {
				arg := reflect.New(method.Type().In(i)).Elem()
				if arg.Kind() == reflect.String {
					arg.SetString("id")
				}
				args = append(args, arg)
			}
			items := 0
			for item, err := range method.Call(args)[0].Seq2() {
				if !err.IsNil() || item.IsZero() {
					t.Fatalf("got %v, %v", item, err)
				}
				items++
			}
			if items != 1 || len(r.requests) != 1 {
				t.Fatalf("%d items of %d requests, want one of one", items, len(r.requests))
			}
			page := r.requests[0].query.Encode()
			if r.requests[0].method == http.MethodPost {
				page = string(r.requests[0].body)
			}
			if page != "page=1&per_page=128" && !strings.Contains(page, `"pagination":{"page":1,"per_page":128}`) {
				t.Errorf("asked for %s", page)
			}
		})
	}
	if count < 16 {
		t.Errorf("%d iterators", count)
	}
}

// The relations of the app and those of one concept have different paths.
func TestAllConceptRelationsOfTheApp(t *testing.T) {
	client, r := recordingClient(t, 200, `{"status":{"code":10000},"concept_relations":[]}`)
	for _, concept := range []string{"", "truck"} {
		for _, err := range client.AllConceptRelations(t.Context(), AppRef{"u", "a"}, concept, ListConceptRelationsQuery{}) {
			t.Error(err)
		}
	}
	got := []string{r.requests[0].path, r.requests[1].path}
	want := []string{"/v2/users/u/apps/a/concepts/relations", "/v2/users/u/apps/a/concepts/truck/relations"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAllInputsByCursor(t *testing.T) {
	var asked []string
	all := []string{"a", "b", "c", "d", "e"}
	client, _ := recordingClient(t, 200, "")
	client.http.Transport = roundTripFunc(func(request *http.Request) (*http.Response, error) {
		last := request.URL.Query().Get("last_id")
		asked = append(asked, last)
		from := slices.Index(all, last) + 1
		var out MultiInputResponse
		out.Status.Code = StatusSuccess
		for _, id := range all[from:min(from+2, len(all))] {
			out.Inputs = append(out.Inputs, Input{ID: id})
		}
		body, err := Encode(out)
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), Header: http.Header{}, Request: request}, err
	})
	client.config.Log = func(context.Context, LogEntry) {}
	var got []string
	for input, err := range client.AllInputsByCursor(t.Context(), AppRef{"u", "a"}, StreamInputsQuery{PerPage: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, input.ID)
	}
	if diff := cmp.Diff(all, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "b", "d", "e"}, asked); diff != "" {
		t.Error(diff)
	}
}

// If a service ignores the cursor, the iterator ends nevertheless.
func TestAllInputsByCursor_endsWithoutNewInputs(t *testing.T) {
	client, r := recordingClient(t, 200, `{"status":{"code":10000},"inputs":[{"id":"a"},{"id":"b"}]}`)
	var got []string
	for input, err := range client.AllInputsByCursor(t.Context(), AppRef{"u", "a"}, StreamInputsQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, input.ID)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" || len(r.requests) != 2 {
		t.Errorf("%d requests: %s", len(r.requests), diff)
	}
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The status in this response is the requested code, which usually is an error code.
func TestGetStatusCode(t *testing.T) {
	app := `{"status":{"code":11101,"description":"Resource does not exist","req_id":"r"}}`
	for _, status := range []int{200, 404} {
		client, _ := recordingClient(t, status, app)
		got, err := client.GetStatusCode(t.Context(), StatusDoesNotExist)
		if err != nil || got.Description != "Resource does not exist" {
			t.Errorf("HTTP %d: got %v, %v", status, got, err)
		}
	}
	client, r := recordingClient(t, 200, `{"status":{"code":11005,"description":"Making too many requests"}}`)
	if got, err := client.GetStatusCode(t.Context(), StatusThrottled); err != nil || got.Code != StatusThrottled || len(r.requests) != 1 {
		t.Errorf("got %v, %v after %d requests", got, err, len(r.requests))
	}
	client, _ = recordingClient(t, 404, app)
	if _, err := client.GetStatusCode(t.Context(), 12345); !IsNotFound(err) {
		t.Errorf("error %v, want not found", err)
	}
	client, _ = recordingClient(t, 200, app)
	if _, err := client.GetStatusCode(t.Context(), 12345); !IsNotFound(err) {
		t.Errorf("error %v, want not found", err)
	}
}

// A search is repeated after a lost response, unless it stores something.
func TestPostInputsSearches_repeatedUnlessTheyStore(t *testing.T) {
	for _, save := range []bool{false, true} {
		client, r := recordingClient(t, 500, `{"status":{"code":99009,"description":"Internal error"}}`)
		_, err := client.PostInputsSearches(t.Context(), AppRef{"u", "a"}, PostInputsSearchesRequest{Searches: []Search{{ID: "s", Save: save}}})
		if repeated := len(r.requests) > 1; repeated == save || IsOutcomeUnknown(err) != save {
			t.Errorf("save %v: %d requests, %v", save, len(r.requests), err)
		}
	}
}

func itemIDs[T any](items []Item[T], id func(T) string) (got []string) {
	for _, item := range items {
		entry := id(item.Value)
		if item.Err != nil {
			if IsOutcomeUnknown(item.Err) {
				entry += " unknown"
			} else {
				entry += " " + Code(item.Err).Name()
			}
		}
		got = append(got, entry)
	}
	return got
}

func TestPostInputsOutcomes(t *testing.T) {
	ok := `"status":{"code":30001,"description":"Download pending"}`
	taken := `"status":{"code":30100,"description":"Duplicate","details":"Input has a duplicate ID."}`
	cases := map[string]struct {
		http   int
		answer string
		asked  []string
		want   []string
	}{
		"all accepted": {200, `{"status":{"code":10000},"inputs":[{"id":"a",` + ok + `},{"id":"b",` + ok + `}]}`,
			[]string{"a", "b"}, []string{"a", "b"}},
		"in another order": {200, `{"status":{"code":10010},"inputs":[{"id":"b",` + taken + `},{"id":"a",` + ok + `}]}`,
			[]string{"a", "b"}, []string{"a", "b INPUT_DUPLICATE"}},
		"all rejected": {400, `{"status":{"code":10020,"req_id":"r"},"inputs":[{"id":"a",` + taken + `}]}`,
			[]string{"a"}, []string{"a INPUT_DUPLICATE"}},
		"ids made by the service": {200, `{"status":{"code":10000},"inputs":[{"id":"s1",` + ok + `},{"id":"b",` + ok + `},{"id":"s2",` + ok +
			`}]}`,
			[]string{"", "b", ""}, []string{"s1", "b", "s2"}},
		"ids with a suffix": {200, `{"status":{"code":10000},"inputs":[{"id":"a-1",` + ok + `},{"id":"b",` + ok + `}]}`,
			[]string{"a", "b"}, []string{"a-1", "b"}},
		"the same id twice": {200, `{"status":{"code":10010},"inputs":[{"id":"a",` + ok + `},{"id":"a",` + taken + `}]}`,
			[]string{"a", "a"}, []string{"a", "a INPUT_DUPLICATE"}},
		"places that do not fit": {200, `{"status":{"code":10000},"inputs":[{"id":"a",` + ok + `},{"id":"s1",` + ok + `}]}`,
			[]string{"", "a"}, []string{" unknown", "a"}},
		"one without an outcome": {200, `{"status":{"code":10010},"inputs":[{"id":"b",` + ok + `}]}`,
			[]string{"a", "b"}, []string{"a unknown", "b"}},
		"the outcome of another input": {200, `{"status":{"code":10000},"inputs":[{"id":"z",` + ok + `}]}`,
			[]string{"a"}, []string{"a unknown"}},
		"a code newer than the table": {200, `{"status":{"code":10000},"inputs":[{"id":"a","status":{"code":39123}}]}`,
			[]string{"a"}, []string{"a status 39123"}},
		"rejected without a reason": {400, `{"status":{"code":10020},"inputs":[{"id":"a"}]}`,
			[]string{"a"}, []string{"a FAILURE"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			client, r := recordingClient(t, c.http, c.answer)
			var request PostInputsRequest
			for _, id := range c.asked {
				request.Inputs = append(request.Inputs, Input{ID: id})
			}
			result, err := client.PostInputs(t.Context(), AppRef{"u", "a"}, request)
			if err != nil || len(r.requests) != 1 {
				t.Fatalf("%d requests: %v", len(r.requests), err)
			}
			if diff := cmp.Diff(c.want, itemIDs(result.Items, inputID)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The error of an item carries the error of its request.
func TestItemErrors(t *testing.T) {
	client, _ := recordingClient(t, 400, `{"status":{"code":10020,"req_id":"r-1"},"inputs":[{"id":"a","status":{"code":30100,
		"details":"Input has a duplicate ID."}}]}`)
	result, err := client.PostInputs(t.Context(), AppRef{"u", "a"}, PostInputsRequest{Inputs: []Input{{ID: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if !errors.As(result.Items[0].Err, &e) || e.Status.ReqID != "r-1" || e.Op != "PostInputs" || !IsDuplicate(e) {
		t.Errorf("got %v", result.Items[0].Err)
	}

	client, _ = recordingClient(t, 400, `{"status":{"code":10020,"description":"Failure","details":"no room","req_id":"r-2"},"inputs":[]}`)
	if _, err := client.PostInputs(t.Context(), AppRef{"u", "a"},
		PostInputsRequest{Inputs: []Input{{ID: "a"}}}); Code(err) != StatusFailure || !strings.Contains(err.Error(), "no room") {
		t.Errorf("a response without items: error %v, want that of the request", err)
	}

	client, _ = recordingClient(t, 200, `{"status":{"code":10000,"req_id":"r-3"},"inputs":[]}`)
	result, err = client.PostInputs(t.Context(), AppRef{"u", "a"}, PostInputsRequest{Inputs: []Input{{ID: "a"}}})
	if err != nil || !IsOutcomeUnknown(result.Items[0].Err) || !strings.Contains(result.Items[0].Err.Error(), "r-3") {
		t.Errorf("success that says nothing: %v, %v", result, err)
	}
}

func TestPostInputsJob(t *testing.T) {
	raw := examples(t)["post_inputs_with_job.response"]
	client, _ := recordingClient(t, 200, string(raw))
	result, err := client.PostInputs(t.Context(), AppRef{"u", "a"},
		PostInputsRequest{Inputs: []Input{{ID: "txt-1"}}, InputsAddJobID: "import-7"})
	if err != nil || result.Job == nil || result.Job.ID != "import-7" || result.Job.Progress.PendingCount != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
}

func TestPatchInputsOutcomes(t *testing.T) {
	client, r := recordingClient(t, 200, `{"status":{"code":10010},"inputs":[{"id":"a","status":{"code":30200}},{"id":"b",
		"status":{"code":30102}}]}`)
	items, err := client.PatchInputs(t.Context(), AppRef{"u", "a"}, []Input{{ID: "a"}, {ID: "b"}}, ActionMerge)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b INPUT_DOES_NOT_EXIST"}, itemIDs(items, inputID)); diff != "" {
		t.Error(diff)
	}
	if !IsNotFound(items[1].Err) {
		t.Errorf("%v is not taken for not found", items[1].Err)
	}
	if want := `{"inputs":[{"id":"a"},{"id":"b"}],"action":"merge"}`; string(r.requests[0].body) != want {
		t.Errorf("sent %s", r.requests[0].body)
	}
}

func TestPostDatasetInputsOutcomes(t *testing.T) {
	client, _ := recordingClient(t, 200, string(examples(t)["post_dataset_inputs_mixed.response"]))
	items, err := client.PostDatasetInputs(t.Context(), AppRef{"u", "a"}, "d", []string{"img-1", "nope"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"img-1", "nope INPUT_DOES_NOT_EXIST"}, itemIDs(items, datasetInputID)); diff != "" {
		t.Error(diff)
	}
	client, _ = recordingClient(t, 200, `{"status":{"code":10000},"dataset_inputs":[{"input":{"id":"x"}},{"input":{"id":"y",
		"status":{"code":64101}}}]}`)
	items, err = client.PostDatasetInputs(t.Context(), AppRef{"u", "a"}, "d", []string{"x", "y"})
	if err != nil || items[0].Err != nil || items[1].Err != nil {
		t.Errorf("no status, or member already, is success: %v, %v", items, err)
	}

	client, _ = recordingClient(t, 200, string(examples(t)["post_dataset_inputs_search.response"]))
	operation, err := client.PostDatasetInputsSearch(t.Context(), AppRef{"u", "a"}, "d", Search{})
	if err != nil || operation.Status.Code != StatusBulkOperationPending {
		t.Errorf("got %v, %v", operation, err)
	}
}
