package clarifai

import "testing"

// Without an exporter, the span of a request costs next to nothing.
func TestTraces_off(t *testing.T) {
	entry := LogEntry{Op: "GetInput", Method: "GET", Path: "/v2/users/u/apps/a/inputs/i", Attempt: 1, HTTPStatus: 200, Code: StatusSuccess}
	allocations := testing.AllocsPerRun(100, func() {
		_, span := startRequest(t.Context(), entry.Op)
		endRequest(span, "api.clarifai.com", entry)
	})
	if allocations > 5 {
		t.Errorf("%v allocations for each request, want at most 5", allocations)
	}
}
