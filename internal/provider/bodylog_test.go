package provider_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func TestBodyTransport(t *testing.T) {
	const response = `{"status":{"code":10000},"inputs":[{"id":"b","data":{"image":{"url":"https://u:p@x.test/b.jpg?sig=CANARY"}}}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, response)
	}))
	defer server.Close()
	if provider.BodyTransport(1) != nil {
		t.Fatal("bodies are logged without being asked for")
	}
	t.Setenv("CLARIFAI_LOG_BODIES", "1")
	var log bytes.Buffer
	const sent = `{"inputs":[{"id":"a","data":{"text":{"raw":"CANARY"},"image":{"base64":"CANARY"}}}],` +
		`"credentials":{"s3":{"id":"CANARY","secret":"CANARY"}},"s3_creds":["CANARY"]}`
	ctx := tflogtest.RootLogger(t.Context(), &log)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/v2/inputs", strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Key CANARY")
	resp, err := provider.BodyTransport(1).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got, err := io.ReadAll(resp.Body); err != nil || string(got) != response {
		t.Errorf("the client reads %q, %v", got, err)
	}
	if strings.Contains(log.String(), "CANARY") {
		t.Errorf("a secret was logged:\n%s", log.String())
	}
	for _, want := range []string{"clarifai: request body", "clarifai: response body", `\"id\":\"a\"`, `\"id\":\"b\"`,
		"https://x.test/b.jpg?(masked)", "/v2/inputs"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q was not logged:\n%s", want, log.String())
		}
	}
}

// A response that ends early is one for the client, too.
func TestBodyTransport_truncated(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"status"`)
	}))
	defer server.Close()
	t.Setenv("CLARIFAI_LOG_BODIES", "1")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := provider.BodyTransport(1).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got, err := io.ReadAll(resp.Body); err == nil || string(got) != `{"status"` {
		t.Errorf("the client reads %q, %v", got, err)
	}
}

// With the real provider the bodies are in the log, and the token is not.
func TestAccProvider_bodyLog(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	w := env.Workspace(t, `
provider "clarifai" {
  user_id = "acme"
  app_id  = "fleet"
}`+aDataset)
	log := filepath.Join(w.Dir, "debug.log")
	w.Setenv("TF_LOG_PROVIDER", "DEBUG")
	w.Setenv("TF_LOG_PATH", log)
	w.Setenv("CLARIFAI_LOG_BODIES", "1")
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.MustRun(t, "apply", "-auto-approve")
	content, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "clarifai: request body") || strings.Contains(string(content), acctest.PAT) {
		t.Errorf("bodies are missing, or the token is in the log:\n%.2000s", content)
	}
}
