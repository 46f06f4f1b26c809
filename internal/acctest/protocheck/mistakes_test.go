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

// A mistake is a violation of one rule in a call that is correct otherwise. Check must detect it.
type mistake struct {
	what    string
	example string
	plant   func(*testing.T, *emulator.Call)
	caught  string // part of one of the violations
}

// inResponse makes a mistake in the response.
func inResponse(old, new string) func(*testing.T, *emulator.Call) {
	return func(t *testing.T, c *emulator.Call) { c.Response = replace(t, c.Response, old, new) }
}

// inRequest makes a mistake in the body of the request.
func inRequest(old, new string) func(*testing.T, *emulator.Call) {
	return func(t *testing.T, c *emulator.Call) { c.Request = replace(t, c.Request, old, new) }
}

// inQuery sets a query parameter.
func inQuery(name string, values ...string) func(*testing.T, *emulator.Call) {
	return func(_ *testing.T, c *emulator.Call) {
		c.Query = maps.Clone(c.Query)
		if c.Query == nil {
			c.Query = url.Values{}
		}
		c.Query[name] = values
	}
}

// detects checks that the examples are correct without the mistakes, and that Check detects each mistake.
func detects(t *testing.T, mistakes []mistake) {
	t.Helper()
	checker := protocheck.Need(t)
	correct := map[string]emulator.Call{}
	for _, e := range examples(t) {
		correct[e.name] = e.call
	}
	for _, m := range mistakes {
		t.Run(strings.ReplaceAll(m.what, " ", "-"), func(t *testing.T) {
			call, ok := correct[m.example]
			if !ok {
				t.Fatalf("there is no example %s", m.example)
			}
			if found := checker.Check(call, 0); len(found) > 0 {
				t.Fatalf("the call is incorrect without the mistake: %v", found)
			}
			m.plant(t, &call)
			if found := checker.Check(call, 0); !mentions(found, m.caught) {
				t.Errorf("not detected; violations: %v", found)
			}
		})
	}
}

func TestCheck_methodAndPath(t *testing.T) {
	detects(t, []mistake{
		{"a wrong HTTP verb", "post_datasets", func(_ *testing.T, c *emulator.Call) { c.Method = "PUT" },
			"request: PUT /v2/users/acme/apps/fleet/datasets is a binding of no rpc; those of PostDatasets are POST"},
		{"another rpc's verb", "post_datasets", func(_ *testing.T, c *emulator.Call) { c.Method = "GET" },
			"is a binding of ListDatasets, not of PostDatasets"},
		{"a wrong path", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Path += "/info" }, "is a binding of no rpc"},
		{"an id that is a literal sibling", "get_concept",
			func(_ *testing.T, c *emulator.Call) { c.Path = "/v2/users/acme/apps/fleet/concepts/status" },
			"is a binding of GetConceptCounts, not of GetConcept"},
		{"the wrong one of two bindings", "list_concept_relations_all",
			func(_ *testing.T, c *emulator.Call) { c.Path = "/v2/users/acme/apps/fleet/concepts/truck/relations" },
			"is binding 1 of ListConceptRelations, and ListConceptRelations2 means binding 2"},
		{"an unknown operation", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Op = "FetchDataset" }, "FetchDataset is no rpc"},
		{"a path that nothing serves", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Op = "" }, "no operation answers GET"},
	})
}

func TestCheck_requestBody(t *testing.T) {
	detects(t, []mistake{
		{"an unknown member in a request", "post_datasets", inRequest(`"id":`, `"ident":`), `unknown field "ident"`},
		{"an unknown member deep in a request", "post_inputs", inRequest(`"concepts"`, `"labels"`), `unknown field "labels"`},
		{"camelCase from the client", "post_inputs_with_job", inRequest(`"inputs_add_job_id"`, `"inputsAddJobId"`),
			"inputsAddJobId is not the name of a field of PostInputsRequest"},
		{"an enum by a name that it lacks", "put_dataset_version_exports", inRequest(`"CLARIFAI_DATA_PROTOBUF"`, `"PARQUET"`),
			"is not a PutDatasetVersionExportsRequest"},
		{"a number for a text", "post_datasets", inRequest(`"trucks-day"`, `7`), "is not a PostDatasetsRequest"},
		{"a body that is not JSON", "post_datasets", inRequest(`{`, ``), "is not a PostDatasetsRequest"},
		{"a body where none is read", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Request = jsontext.Value(`{"dataset_id":"x"}`) },
			"GetDataset has no body"},
		{"the path's user again in the body", "post_datasets", inRequest(`{`, `{"user_app_id":{"user_id":"acme"},`),
			"request.user_app_id.user_id: is in the path, and in the body again"},
	})
}

func TestCheck_query(t *testing.T) {
	detects(t, []mistake{
		{"an unknown query parameter", "list_datasets", inQuery("sort", "id"), "query: sort: ListDatasetsRequest has no field sort"},
		{"an unknown field of a message in the query", "list_inputs", inQuery("status.state", "1"),
			"query: status.state: Status has no field state"},
		{"a query parameter that the path binds", "get_dataset", inQuery("dataset_id", "x"), "query: dataset_id: is bound in the path"},
		{"a query parameter that holds what the path binds", "get_dataset", inQuery("user_app_id", "x"),
			"query: user_app_id: is bound in the path"},
		{"a query beside a body", "post_datasets", inQuery("datasets.id", "x"), "takes its fields from the body"},
		{"a text where the query has a number", "list_datasets", inQuery("page", "first"), `query: page:`},
		{"a text where the query has a boolean", "list_datasets", inQuery("sort_ascending", "1"), `"1" is neither true nor false`},
		{"an unknown enum in the query", "list_dataset_version_metrics_groups", inQuery("types", "CONCEPT_ID", "COLOUR"),
			`"COLOUR" is no value of`},
		{"a repeated parameter that is no list", "list_datasets", inQuery("page", "1", "2"), "is given 2 times and is not a list"},
		{"a message in the query", "list_inputs", inQuery("status", "30000"), "is a Status, which no parameter can say"},
	})
}

func TestCheck_responseMessage(t *testing.T) {
	detects(t, []mistake{
		{"an unknown key", "get_dataset", inResponse(`"created_at"`, `"birthday"`), `unknown field "birthday"`},
		{"an unknown key, as a name", "get_dataset", inResponse(`"created_at"`, `"birthday"`), "birthday is not the name of a field of Dataset"},
		{"another operation's response", "get_dataset", inResponse(`"dataset"`, `"datasets"`), "is not a SingleDatasetResponse"},
		{"an object for a list", "get_evaluation", func(_ *testing.T, c *emulator.Call) {
			c.Op, c.Path, c.Query = "ListEvaluations", "/v2/users/acme/apps/fleet/evaluations", nil
		}, "is not a MultiEvalMetricsResponse"},
		{"a response that is not JSON", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Response = nil }, "answer: is not JSON"},
		{"the same key twice", "get_dataset", inResponse(`"dataset"`, `"dataset":{},"dataset"`), "duplicate"},
	})
}

func TestCheck_responseForm(t *testing.T) {
	detects(t, []mistake{
		{"camelCase", "get_dataset", inResponse(`"created_at"`, `"createdAt"`), "createdAt is not the name of a field of Dataset"},
		{"an enum by name", "get_dataset", inResponse(`"gettable": 10`, `"gettable": "PRIVATE"`), "gettable: PRIVATE: enums are integers"},
		{"an enum that is not known", "get_dataset", inResponse(`"gettable": 10`, `"gettable": 11`), "gettable: 11 is no value of Gettable"},
		{"a status code that is not known", "get_dataset", inResponse(`"code": 10000`, `"code": 10001`),
			"answer.status.code: 10001 is no value of StatusCode"},
		{"a number for a 64-bit integer", "put_dataset_version_exports_repeated", inResponse(`"size": "`, `"size": 1, "x": "`),
			"size: 1: 64-bit integers are strings"},
		{"a text for a 32-bit integer", "get_input_count", inResponse(`"to_process": 0`, `"to_process": "0"`),
			"to_process: 0: 32-bit integers are numbers"},
		{"a text for a float", "get_concept", inResponse(`"value": 1`, `"value": "1"`), "value: 1: floats are numbers"},
		{"a float with the digits of a double", "get_concept", inResponse(`"value": 1`, `"value": 0.1234567891234`),
			"has more digits than 32 bits hold"},
		{"a list that is always there and is not", "list_datasets_past_end", inResponse(`"datasets": []`, ``),
			"datasets is not there; it is always shown"},
		{"a list missing from an error", "post_concepts_duplicate", inResponse(`"concepts": []`, ``),
			"concepts is not there; it is always shown"},
		{"a number that is always there and is not", "get_concept", inResponse(`"value": 1`, ``),
			"answer.concept: value is not there; it is always shown"},
		{"an empty text", "get_dataset", inResponse(`"Daylight"`, `""`), "description: is empty, and such fields are left out"},
		{"a zero", "get_dataset", inResponse(`"status": {`, `"status": {"percent_completed": 0,`), "percent_completed: is empty"},
		{"false", "get_concept", inResponse(`"id": "truck"`, `"id": "truck", "extra_info": {"is_rankable": false}`), "is_rankable: is empty"},
		{"an enum's zero", "get_dataset", inResponse(`"gettable": 10`, `"gettable": 0`), "gettable: is empty"},
		{"a 64-bit zero", "put_dataset_version_exports_repeated", inResponse(`"size": "`, `"size": "0", "x": "`), "size: is empty"},
		{"an empty list that is left out", "list_evaluations_empty", inResponse(`"status": {`, `"eval_metrics": [], "status": {`),
			"eval_metrics: is empty"},
		{"null", "get_dataset", inResponse(`"Daylight"`, `null`), "description: is null"},
		{"null for a message", "get_dataset", inResponse(`"id": "trucks-day"`, `"id": "trucks-day", "version": null`), "version: is null"},
		{"a time with an offset", "get_dataset", inResponse(`Z"`, `+00:00"`), "is not a time in UTC with Z"},
		{"base64 without padding", "get_input", inResponse(`"image": {`, `"image": {"base64": "QQ",`), "base64: is not base64 with padding"},
		{"a text for a free object", "get_dataset", inResponse(`{"season": "summer"}`, `"summer"`), "metadata: is not an object"},
	})
}

func TestCheck_status(t *testing.T) {
	detects(t, []mistake{
		{"a good code with a bad HTTP status", "get_dataset", func(_ *testing.T, c *emulator.Call) { c.Status = 404 },
			"code 10000 (SUCCESS) goes with HTTP [200], not with 404"},
		{"a bad code with a good HTTP status", "get_input_deleted", func(_ *testing.T, c *emulator.Call) { c.Status = 200 },
			"goes with HTTP [404], not with 200"},
		{"a rejection of all items as success", "post_inputs_duplicate", func(_ *testing.T, c *emulator.Call) { c.Status = 200 },
			"goes with HTTP [400], not with 200"},
		{"no request id", "get_dataset", inResponse(`"req_id"`, `"details"`), "lacks its code, description or req_id"},
		{"no status", "delete_datasets", inResponse(`"status"`, `"outcome"`), "lacks its code"},
	})
}

// replace makes a mistake by replacing the first occurrence of old.
func replace(t *testing.T, b jsontext.Value, old, new string) jsontext.Value {
	t.Helper()
	before, after, found := strings.Cut(string(b), old)
	if !found {
		t.Fatalf("%s is not in %s", old, b)
	}
	if new == "" { // with the comma that remains
		before = strings.TrimRight(before, " \n,")
	}
	return jsontext.Value(before + new + after)
}

func TestCheck_modes(t *testing.T) {
	checker := protocheck.Need(t)
	correct := map[string]emulator.Call{}
	for _, e := range examples(t) {
		correct[e.name] = e.call
	}
	rejected := correct["post_inputs_duplicate"]
	rejected.Request = jsontext.Value(`{"inputs":[{"colour":"red"}]}`)
	accepted := correct["post_inputs"]
	accepted.Request = rejected.Request
	broken := correct["get_dataset"]
	broken.Response, broken.Fault = jsontext.Value(`{"code":14}`), "gateway"
	camel := correct["post_inputs_with_job"]
	camel.Request = replace(t, camel.Request, `"inputs_add_job_id"`, `"inputsAddJobId"`)
	file := emulator.Call{Op: "DownloadMedia", Method: "GET", Path: "/data/orig/x", Status: 200}
	lost := correct["get_dataset"]
	lost.Response, lost.Status = nil, 0
	for _, c := range []struct {
		what         string
		call         emulator.Call
		mode         protocheck.Mode
		wantFindings bool
	}{
		{"an invalid request of an untrusted caller that was rejected", rejected, protocheck.Untrusted, false},
		{"an invalid request of an untrusted caller that was accepted", accepted, protocheck.Untrusted, true},
		{"an invalid request of the client that was rejected", rejected, 0, true},
		{"camelCase from an untrusted caller", camel, protocheck.Untrusted, false},
		{"camelCase from the client", camel, 0, true},
		{"a response that a fault changed", broken, 0, false},
		{"a lost response", lost, 0, false},
		{"a file", file, 0, false},
	} {
		found := checker.Check(c.call, c.mode)
		if anyFindings := len(found) > 0; anyFindings != c.wantFindings {
			t.Errorf("%s: found %v, expected to find something: %t", c.what, found, c.wantFindings)
		}
	}
}

// The responses of a service with camelCase are checked against that spelling.
func TestCheck_camelCase(t *testing.T) {
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

// Operations that release 11 no longer has are checked against release 10.2.1.
func TestCheck_olderDefinitions(t *testing.T) {
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
