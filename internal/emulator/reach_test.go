package emulator_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// TestRoutes_everyDocumentedPath sends a request to each method and path of the table of
// endpoints and only checks that an endpoint serves it.
func TestRoutes_everyDocumentedPath(t *testing.T) {
	table, err := os.ReadFile("../clarifai/testdata/endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	var endpoints []struct {
		OperationID string   `json:"operationId"`
		Method      string   `json:"method"`
		Path        string   `json:"path"`
		OtherPaths  []string `json:"otherPaths"`
	}
	if err := json.Unmarshal(table, &endpoints); err != nil {
		t.Fatal(err)
	}
	s := start(t, inFleet)
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	for _, e := range endpoints {
		for _, path := range append([]string{e.Path}, e.OtherPaths...) {
			path = strings.NewReplacer("{user_app_id.user_id}", "me", "{user_app_id.app_id}", "nowhere").Replace(path)
			r := s.do(e.Method, parameter.ReplaceAllString(path, "x"), "{}")
			calls := s.Calls()
			want := e.OperationID
			if e.OperationID == "ListConceptRelations" || e.OperationID == "ListConceptRelations2" {
				// Each endpoint has the other's path as its further path.
				want = map[bool]string{true: "ListConceptRelations", false: "ListConceptRelations2"}[strings.Contains(path, "concept_id")]
			}
			if got := calls[len(calls)-1].Op; got != want {
				t.Errorf("%s %s is served by %q, not by %s: HTTP %d", e.Method, path, got, want, r.status)
			}
		}
	}
	if len(endpoints) < 100 {
		t.Errorf("the table has only %d endpoints", len(endpoints))
	}
}
