package protocheck_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const examplesDir = "../../clarifai/testdata/examples"

// example is a row in the index of examples.
type example struct {
	n, name string
	call    emulator.Call
}

var indexRow = regexp.MustCompile(`^\| (\w+) \| (\w+) \| (?:(\w+) (/\S+))? *\| (\d+) \|`)

// examples reads all examples as calls.
func examples(t *testing.T) []example {
	t.Helper()
	index, err := os.ReadFile(filepath.Join(examplesDir, "INDEX.md"))
	if err != nil {
		t.Fatal(err)
	}
	byNumber := map[string]string{}
	for _, e := range endpoints(t) {
		if e.N != 0 {
			byNumber[strconv.Itoa(e.N)] = e.OperationID
		}
	}
	var all []example
	for line := range strings.Lines(string(index)) {
		row := indexRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		e := example{n: row[1], name: row[2]}
		status, err := strconv.Atoi(row[5])
		if err != nil {
			t.Fatal(err)
		}
		e.call = emulator.Call{Op: byNumber[row[1]], Method: row[3], Status: status}
		if e.n == "B" {
			e.call.Op = operationOf(e.name)
		}
		target, err := url.Parse(row[4])
		if err != nil {
			t.Fatal(err)
		}
		e.call.Path, e.call.Query = target.Path, target.Query()
		if e.call.Request, err = os.ReadFile(filepath.Join(examplesDir, e.name+".request.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if e.call.Response, err = os.ReadFile(filepath.Join(examplesDir, e.name+".response.json")); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// operationOf returns the operation of an example that the list of endpoints does not
// number: get_input_failed belongs to GetInput.
func operationOf(name string) string {
	words := strings.Split(name, "_")
	if len(words) > 2 && (words[len(words)-1] == "failed" || words[len(words)-1] == "deleted" || words[len(words)-1] == "duplicate") {
		words = words[:len(words)-1]
	}
	op := ""
	for _, word := range words {
		op += strings.ToUpper(word[:1]) + word[1:]
	}
	return op
}

type endpoint struct {
	N               int    `json:"n"`
	OperationID     string `json:"operationId"`
	Method          string `json:"method"`
	Path            string `json:"path"`
	RequestMessage  string `json:"requestMessage"`
	ResponseMessage string `json:"responseMessage"`
	QueryParams     []struct {
		Name string `json:"name"`
	} `json:"queryParams"`
	OtherPaths []string `json:"otherPaths"`
}

func endpoints(t *testing.T) []endpoint {
	t.Helper()
	raw, err := os.ReadFile("../../clarifai/testdata/endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []endpoint
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// errorCalls are examples of errors, which belong to no operation. Those with a list use a list of datasets.
var errorCalls = map[string]emulator.Call{
	"":                        {Method: "GET", Path: "/v2/nowhere"},
	"error_duplicate_dataset": {Op: "PostDatasets", Method: "POST", Path: "/v2/users/acme/apps/fleet/datasets"},
	"error_invalid_key":       {Op: "ListDatasets", Method: "GET", Path: "/v2/users/acme/apps/fleet/datasets"},
}

// otherExamples are examples that are not responses of the API, with the reason.
var otherExamples = map[string]string{
	"error_gateway": "a response of the gateway in front of the service, which has no envelope",
}

// echoed is why the concept of an echoed query may lack its value: the examples are written by hand and
// repeat the request. The service treats an absent value as 1, and always shows the value.
const echoed = "composed by hand: a query's concept is echoed as it was sent, without the value that was understood"

// exceptions are examples that violate a rule, with the reason.
var exceptions = map[string]map[string]string{
	"patch_inputs_searches":      {"answer.searches[0]" + noValue: echoed},
	"post_inputs_searches":       {"answer.searches[0]" + noValue: echoed},
	"post_inputs_searches_save":  {"answer.searches[0]" + noValue: echoed},
	"post_inputs_searches_count": {"answer.searches[0]" + noValue: echoed},
	"get_search":                 {"answer.search" + noValue: echoed},
}

const noValue = ".query.filters[1].annotation.data.concepts[0]: value is not there; it is always shown"

func TestExamples_matchDefinitions(t *testing.T) {
	checker := protocheck.Need(t)
	seen := map[string]bool{}
	for _, e := range examples(t) {
		seen[e.name] = true
		t.Run(e.name, func(t *testing.T) {
			call, mode := e.call, protocheck.Mode(0)
			if e.n == "err" {
				answers, ok := errorCalls[e.name]
				if !ok {
					answers = errorCalls[""]
				}
				answers.Status, answers.Response = call.Status, call.Response
				call, mode = answers, protocheck.Untrusted
			}
			found := checker.Check(call, mode)
			if reason := otherExamples[e.name]; reason != "" {
				if len(found) == 0 {
					t.Errorf("it passes, and should not: it is %s", reason)
				}
				return
			}
			for _, err := range found {
				if exceptions[e.name][err.Error()] == "" {
					t.Error(err)
				}
			}
			for text := range exceptions[e.name] {
				if !mentions(found, text) {
					t.Errorf("listed as an exception, and not found: %s", text)
				}
			}
		})
	}
	files, err := filepath.Glob(filepath.Join(examplesDir, "*.response.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".response.json"); !seen[name] {
			t.Errorf("%s is in no row of the index", name)
		}
	}
}

func mentions(found []error, text string) bool {
	for _, err := range found {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// Message names and paths in the table of endpoints are those of the definitions.
func TestEndpoints_matchDefinitions(t *testing.T) {
	checker := protocheck.Need(t)
	for _, e := range endpoints(t) {
		request, response := checker.Messages(e.OperationID)
		if request != e.RequestMessage || response != e.ResponseMessage {
			t.Errorf("%s has request %s and response %s, the table has %s and %s", e.OperationID, request, response, e.RequestMessage,
				e.ResponseMessage)
		}
		for _, path := range append([]string{e.Path}, e.OtherPaths...) {
			call := emulator.Call{Op: e.OperationID, Method: e.Method, Path: path, Fault: "wantFindings only the request"}
			if path != e.Path {
				call.Op = strings.TrimRight(call.Op, "2") // the number stands for a further path
			}
			for _, err := range checker.Check(call, 0) {
				t.Errorf("%s at %s: %v", e.OperationID, path, err)
			}
		}
	}
}
