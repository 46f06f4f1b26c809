package protocheck_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Every rule of Check, each with a call that is right but for one planted mistake.
func TestMistakesAreCaught(t *testing.T) {
	checker := protocheck.Need(t)
	right := map[string]emulator.Call{}
	for _, e := range examples(t) {
		right[e.name] = e.call
	}
	answer := func(old, new string) func(*testing.T, *emulator.Call) {
		return func(t *testing.T, c *emulator.Call) { c.Response = replace(t, c.Response, old, new) }
	}
	request := func(old, new string) func(*testing.T, *emulator.Call) {
		return func(t *testing.T, c *emulator.Call) { c.Request = replace(t, c.Request, old, new) }
	}
	query := func(name string, values ...string) func(*testing.T, *emulator.Call) {
		return func(_ *testing.T, c *emulator.Call) {
			c.Query = maps.Clone(c.Query)
			if c.Query == nil {
				c.Query = url.Values{}
			}
			c.Query[name] = values
		}
	}
	for _, mistake := range []struct {
		what    string
		example string
		plant   func(*testing.T, *emulator.Call)
		caught  string // part of one of the violations
	}{
		// method, path and operation
		{"a wrong HTTP verb", "post_datasets", func(_ *testing.T, c *emulator.Call) { c.Method = "PUT" },
			"request: PUT /v2/users/acme/apps/fleet/datasets is a binding of no rpc; those of PostDatasets are POST"},
		{"another rpc's verb", "post_datasets", func(_ *testing.T, c *emulator.Call) { c.Method = "GET" },
			"is a binding of ListDatasets, not of PostDatasets"},
		{"a wrong path", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Path += "/info" }, "is a binding of no rpc"},
		{"an id that is a literal sibling", "get_concept", func(_ *testing.T, c *emulator.Call) { c.Path = "/v2/users/acme/apps/fleet/concepts/status" },
			"is a binding of GetConceptCounts, not of GetConcept"},
		{"the wrong one of two bindings", "list_concept_relations_all", func(_ *testing.T, c *emulator.Call) { c.Path = "/v2/users/acme/apps/fleet/concepts/truck/relations" },
			"is binding 1 of ListConceptRelations, and ListConceptRelations2 means binding 2"},
		{"an unknown operation", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Op = "FetchDataset" }, "FetchDataset is no rpc"},
		{"a path that nothing serves", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Op = "" }, "no operation answers GET"},

		// request bodies
		{"an unknown member in a request", "post_datasets", request(`"id":`, `"ident":`), `unknown field "ident"`},
		{"an unknown member deep in a request", "post_inputs", request(`"concepts"`, `"labels"`), `unknown field "labels"`},
		{"camelCase from our own client", "post_inputs_with_job", request(`"inputs_add_job_id"`, `"inputsAddJobId"`),
			"inputsAddJobId is not the name of a field of PostInputsRequest"},
		{"an enum by a name that it lacks", "put_dataset_version_exports", request(`"CLARIFAI_DATA_PROTOBUF"`, `"PARQUET"`),
			"is not a PutDatasetVersionExportsRequest"},
		{"a number for a text", "post_datasets", request(`"trucks-day"`, `7`), "is not a PostDatasetsRequest"},
		{"a body that is no JSON", "post_datasets", request(`{`, ``), "is not a PostDatasetsRequest"},
		{"a body where none is read", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Request = jsontext.Value(`{"dataset_id":"x"}`) },
			"GetDataset has no body"},
		{"the path's user again in the body", "post_datasets", request(`{`, `{"user_app_id":{"user_id":"acme"},`),
			"request.user_app_id.user_id: is in the path, and in the body again"},

		// query
		{"an unknown query parameter", "list_datasets", query("sort", "id"), "query: sort: ListDatasetsRequest has no field sort"},
		{"an unknown field of a message in the query", "list_inputs", query("status.state", "1"), "query: status.state: Status has no field state"},
		{"a query parameter that the path binds", "get_dataset", query("dataset_id", "x"), "query: dataset_id: is bound in the path"},
		{"a query parameter that holds what the path binds", "get_dataset", query("user_app_id", "x"), "query: user_app_id: is bound in the path"},
		{"a query beside a body", "post_datasets", query("datasets.id", "x"), "takes its fields from the body"},
		{"a text where the query has a number", "list_datasets", query("page", "first"), `query: page:`},
		{"a text where the query has a boolean", "list_datasets", query("sort_ascending", "1"), `"1" is neither true nor false`},
		{"an unknown enum in the query", "list_dataset_version_metrics_groups", query("types", "CONCEPT_ID", "COLOUR"), `"COLOUR" is no value of`},
		{"a repeated parameter that is no list", "list_datasets", query("page", "1", "2"), "is given 2 times and is not a list"},
		{"a message in the query", "list_inputs", query("status", "30000"), "is a Status, which no parameter can say"},

		// answers that are not the message
		{"an unknown key", "get_dataset", answer(`"created_at"`, `"birthday"`), `unknown field "birthday"`},
		{"an unknown key, as a name", "get_dataset", answer(`"created_at"`, `"birthday"`), "birthday is not the name of a field of Dataset"},
		{"another operation's answer", "get_dataset", answer(`"dataset"`, `"datasets"`), "is not a SingleDatasetResponse"},
		{"an object for a list", "get_evaluation", func(_ *testing.T, c *emulator.Call) {
			c.Op, c.Path, c.Query = "ListEvaluations", "/v2/users/acme/apps/fleet/evaluations", nil
		}, "is not a MultiEvalMetricsResponse"},
		{"an answer that is no JSON", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Response = nil }, "answer: is not JSON"},
		{"the same key twice", "get_dataset", answer(`"dataset"`, `"dataset":{},"dataset"`), "duplicate"},

		// answers in the wrong form
		{"camelCase", "get_dataset", answer(`"created_at"`, `"createdAt"`), "createdAt is not the name of a field of Dataset"},
		{"an enum by name", "get_dataset", answer(`"gettable": 10`, `"gettable": "PRIVATE"`), "gettable: PRIVATE: enums are integers"},
		{"an enum that is not known", "get_dataset", answer(`"gettable": 10`, `"gettable": 11`), "gettable: 11 is no value of Gettable"},
		{"a status code that is not known", "get_dataset", answer(`"code": 10000`, `"code": 10001`), "answer.status.code: 10001 is no value of StatusCode"},
		{"a number for a 64-bit integer", "put_dataset_version_exports_repeated", answer(`"size": "`, `"size": 1, "x": "`), "size: 1: 64-bit integers are strings"},
		{"a text for a 32-bit integer", "get_input_count", answer(`"to_process": 0`, `"to_process": "0"`), "to_process: 0: 32-bit integers are numbers"},
		{"a text for a float", "get_concept", answer(`"value": 1`, `"value": "1"`), "value: 1: floats are numbers"},
		{"a float with the digits of a double", "get_concept", answer(`"value": 1`, `"value": 0.1234567891234`), "has more digits than 32 bits hold"},
		{"a list that is always there and is not", "list_datasets_past_end", answer(`"datasets": []`, ``), "datasets is not there; it is always shown"},
		{"a list missing from an error", "post_concepts_duplicate", answer(`"concepts": []`, ``), "concepts is not there; it is always shown"},
		{"a number that is always there and is not", "get_concept", answer(`"value": 1`, ``), "answer.concept: value is not there; it is always shown"},
		{"an empty text", "get_dataset", answer(`"Daylight"`, `""`), "description: is empty, and such fields are left out"},
		{"a zero", "get_dataset", answer(`"status": {`, `"status": {"percent_completed": 0,`), "percent_completed: is empty"},
		{"false", "get_concept", answer(`"id": "truck"`, `"id": "truck", "extra_info": {"is_rankable": false}`), "is_rankable: is empty"},
		{"an enum's zero", "get_dataset", answer(`"gettable": 10`, `"gettable": 0`), "gettable: is empty"},
		{"a 64-bit zero", "put_dataset_version_exports_repeated", answer(`"size": "`, `"size": "0", "x": "`), "size: is empty"},
		{"an empty list that is left out", "list_evaluations_empty", answer(`"status": {`, `"eval_metrics": [], "status": {`), "eval_metrics: is empty"},
		{"null", "get_dataset", answer(`"Daylight"`, `null`), "description: is null"},
		{"null for a message", "get_dataset", answer(`"id": "trucks-day"`, `"id": "trucks-day", "version": null`), "version: is null"},
		{"a time with an offset", "get_dataset", answer(`Z"`, `+00:00"`), "is not a time in UTC with Z"},
		{"base64 without padding", "get_input", answer(`"image": {`, `"image": {"base64": "QQ",`), "base64: is not base64 with padding"},
		{"a text for a free object", "get_dataset", answer(`{"season": "summer"}`, `"summer"`), "metadata: is not an object"},

		// status
		{"a good code with a bad HTTP status", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Status = 404 },
			"code 10000 (SUCCESS) goes with HTTP [200], not with 404"},
		{"a bad code with a good HTTP status", "get_input_deleted", func(_ *testing.T, c *emulator.Call) { c.Status = 200 },
			"goes with HTTP [404], not with 200"},
		{"a refusal of all items as success", "post_inputs_duplicate", func(_ *testing.T, c *emulator.Call) { c.Status = 200 },
			"goes with HTTP [400], not with 200"},
		{"no request id", "get_dataset", answer(`"req_id"`, `"details"`), "lacks its code, description or req_id"},
		{"no status", "delete_datasets", answer(`"status"`, `"outcome"`), "lacks its code"},
	} {
		t.Run(strings.ReplaceAll(mistake.what, " ", "-"), func(t *testing.T) {
			call, ok := right[mistake.example]
			if !ok {
				t.Fatalf("there is no example %s", mistake.example)
			}
			if found := checker.Check(call, 0); len(found) > 0 {
				t.Fatalf("the call is wrong before anything is planted: %v", found)
			}
			mistake.plant(t, &call)
			if found := checker.Check(call, 0); !mentions(found, mistake.caught) {
				t.Errorf("not caught; what was found: %v", found)
			}
		})
	}
}

// replace plants a mistake at the first place where old is.
func replace(t *testing.T, b jsontext.Value, old, new string) jsontext.Value {
	t.Helper()
	before, after, found := strings.Cut(string(b), old)
	if !found {
		t.Fatalf("%s is not in %s", old, b)
	}
	if new == "" { // with the comma that it leaves behind
		before = strings.TrimRight(before, " \n,")
	}
	return jsontext.Value(before + new + after)
}

func TestWhatIsNotJudged(t *testing.T) {
	checker := protocheck.Need(t)
	right := map[string]emulator.Call{}
	for _, e := range examples(t) {
		right[e.name] = e.call
	}
	refused := right["post_inputs_duplicate"]
	refused.Request = jsontext.Value(`{"inputs":[{"colour":"red"}]}`)
	accepted := right["post_inputs"]
	accepted.Request = refused.Request
	broken := right["get_dataset"]
	broken.Response, broken.Fault = jsontext.Value(`{"code":14}`), "gateway"
	camel := right["post_inputs_with_job"]
	camel.Request = replace(t, camel.Request, `"inputs_add_job_id"`, `"inputsAddJobId"`)
	file := emulator.Call{Op: "DownloadMedia", Method: "GET", Path: "/data/orig/x", Status: 200}
	lost := right["get_dataset"]
	lost.Response, lost.Status = nil, 0
	for _, c := range []struct {
		what  string
		call  emulator.Call
		mode  protocheck.Mode
		judge bool
	}{
		{"a bad request of a stranger that was refused", refused, protocheck.Foreign, false},
		{"a bad request of a stranger that was accepted", accepted, protocheck.Foreign, true},
		{"a bad request of our client that was refused", refused, 0, true},
		{"camelCase from a stranger", camel, protocheck.Foreign, false},
		{"camelCase from our client", camel, 0, true},
		{"an answer that a fault made", broken, 0, false},
		{"an answer that was lost", lost, 0, false},
		{"a file", file, 0, false},
	} {
		found := checker.Check(c.call, c.mode)
		if judged := len(found) > 0; judged != c.judge {
			t.Errorf("%s: found %v, expected to find something: %t", c.what, found, c.judge)
		}
	}
}

// A service that answers in camelCase is checked against the other spelling.
func TestCamelCase(t *testing.T) {
	checker := protocheck.Need(t)
	call := emulator.Call{Op: "GetInputCount", Method: "GET", Path: "/v2/inputs/status", Status: 200}
	snake := jsontext.Value(`{"status":{"code":10000,"description":"Ok","req_id":"1"},"counts":{"processed":1,"to_process":0,"errors":0,
		"processing":0,"reindexed":0,"to_reindex":0,"reindex_errors":0,"reindexing":0}}`)
	camel := jsontext.Value(strings.NewReplacer("req_id", "reqId", "to_process", "toProcess", "to_reindex", "toReindex",
		"reindex_errors", "reindexErrors").Replace(string(snake)))
	call.Response = camel
	if found := checker.Check(call, protocheck.Camel); len(found) > 0 {
		t.Errorf("camelCase from a service in camelCase: %v", found)
	}
	if found := checker.Check(call, 0); !mentions(found, "toProcess is not the name") {
		t.Errorf("camelCase from a service in snake_case: %v", found)
	}
	call.Response = snake
	if found := checker.Check(call, protocheck.Camel); !mentions(found, "toProcess is not there") {
		t.Errorf("snake_case from a service in camelCase: %v", found)
	}
}

// What release 11 no longer has is held against release 10.2.1.
func TestOlderDefinitions(t *testing.T) {
	checker := protocheck.Need(t)
	i := slices.IndexFunc(examples(t), func(e example) bool { return e.call.Op == "PostConceptMappingJobs" })
	if i < 0 {
		t.Fatal("no example")
	}
	call := examples(t)[i].call
	if found := checker.Check(call, 0); len(found) > 0 {
		t.Error(found)
	}
	call.Response = replace(t, call.Response, `"ids"`, `"jobs"`)
	if found := checker.Check(call, 0); !mentions(found, `unknown field "jobs"`) {
		t.Errorf("not caught; what was found: %v", found)
	}
}
