package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// BenchmarkTenThousandInputs posts 10,000 inputs in batches and lists them, like a
// benchmark of a client, without the network.
func BenchmarkTenThousandInputs(b *testing.B) {
	for b.Loop() {
		s, err := emulator.New(emulator.Options{App: "fleet"})
		if err != nil {
			b.Fatal(err)
		}
		postMany(b, s, 10_000)
		for page := 1; page <= 11; page++ {
			serve(b, s, http.MethodGet, fmt.Sprintf("%s/inputs?page=%d&per_page=1000", fleet, page), "")
		}
	}
}

// BenchmarkLastPage lists the last page of 100,000 inputs.
func BenchmarkLastPage(b *testing.B) {
	s, err := emulator.New(emulator.Options{App: "fleet"})
	if err != nil {
		b.Fatal(err)
	}
	postMany(b, s, 100_000)
	for b.Loop() {
		serve(b, s, http.MethodGet, fleet+"/inputs?page=100&per_page=1000", "")
	}
}

// BenchmarkVersion creates a version of 100,000 inputs and exports it.
func BenchmarkVersion(b *testing.B) {
	s, err := emulator.New(emulator.Options{App: "fleet"})
	if err != nil {
		b.Fatal(err)
	}
	serve(b, s, http.MethodPost, fleet+"/datasets", `{"datasets":[{"id":"d"}]}`)
	postMany(b, s, 100_000)
	for _, id := range s.Inputs("fleet") {
		s.JoinDataset("fleet", "d", id)
	}
	n := 0
	for b.Loop() {
		n++
		serve(b, s, http.MethodPost, versionPath, fmt.Sprintf(`{"dataset_versions":[{"id":"v%d"}]}`, n))
		exports := fmt.Sprintf("%s/v%d/exports", versionPath, n)
		serve(b, s, http.MethodPut, exports, `{"exports":[{"format":1}]}`)
		serve(b, s, http.MethodPut, exports, `{"exports":[{"format":1}]}`)
	}
}

func postMany(b testing.TB, s *emulator.Service, n int) {
	b.Helper()
	postFrom(b, s, 0, n)
}

// postFrom posts the inputs from one number to another in full batches.
func postFrom(b testing.TB, s *emulator.Service, from, to int) {
	b.Helper()
	const batch = 128
	for ; from < to; from += batch {
		var items []string
		for i := from; i < min(from+batch, to); i++ {
			items = append(items, fmt.Sprintf(`{"id":"input-%06d","data":{"image":{"url":"https://example.com/%06d.jpg"},`+
				`"concepts":[{"id":"concept-%d"}],"metadata":{"index":%d,"source":"camera"}}}`, i, i, i%20, i))
		}
		serve(b, s, http.MethodPost, fleet+"/inputs", `{"inputs":[`+strings.Join(items, ",")+`]}`)
	}
}

func serve(b testing.TB, s *emulator.Service, method, path, body string) {
	b.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Key k")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		b.Fatalf("%s %s: HTTP %d %s", method, path, w.Code, w.Body)
	}
}
