package provider_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"google.golang.org/protobuf/proto"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlptrace "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/telemetry"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// collector receives traces as OTLP/HTTP.
type collector struct {
	*httptest.Server

	mu    sync.Mutex
	raw   bytes.Buffer
	spans []*otlptrace.Span
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(r.Body); err != nil {
				t.Error(err)
				return
			}
		}
		content, err := io.ReadAll(body)
		var request coltrace.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(content, &request)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(content)
		for name, values := range r.Header {
			c.raw.WriteString(name + ": " + strings.Join(values, ","))
		}
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(c.Close)
	return c
}

// named returns the spans whose names begin with a text.
func (c *collector) named(prefix string) (found []*otlptrace.Span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, span := range c.spans {
		if strings.HasPrefix(span.Name, prefix) {
			found = append(found, span)
		}
	}
	return found
}

func attributeOf(span *otlptrace.Span, key string) string {
	for _, a := range span.Attributes {
		if a.Key == key {
			if v := a.Value.GetStringValue(); v != "" {
				return v
			}
			return a.Value.String()
		}
	}
	return ""
}

const tracedConfig = `
resource "clarifai_dataset" "trucks" {
  id = "trucks"
}

resource "clarifai_concept" "labels" {
  for_each        = { a = "A", b = "B", c = "C" }
  id              = each.key
  name            = each.value
  deletion_policy = "abandon"
}

resource "clarifai_dataset_version" "v1" {
  dataset_id = clarifai_dataset.trucks.id
  id         = "v1"
}
`

// A pipeline's trace contains the requests of the CLI, the shared work that they lead to, the requests to Clarifai, and the waits.
func TestAccProvider_traces(t *testing.T) {
	const traceID, parentID = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	env := acctest.New(t, acctest.RealTime)
	c := newCollector(t)
	w := env.Workspace(t, env.ConfigWith(acctest.FewRequests, tracedConfig))
	w.MustRun(t, "plan")
	if len(c.named("")) != 0 {
		t.Fatal("spans were exported without an endpoint")
	}

	w.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	w.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20collector-secret")
	w.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1500") // on a busy machine
	w.Setenv("TRACEPARENT", "00-"+traceID+"-"+parentID+"-01")
	w.MustRun(t, "apply", "-auto-approve")

	spans := map[string]*otlptrace.Span{}
	for _, span := range c.named("") {
		spans[string(span.SpanId)] = span
		if got := hex.EncodeToString(span.TraceId); got != traceID {
			t.Errorf("%s is in trace %s", span.Name, got)
		}
	}
	creates := c.named("ApplyResourceChange clarifai_concept")
	if len(creates) != 3 {
		t.Errorf("%d applies of concepts, want 3", len(creates))
	}
	for _, span := range creates {
		if hex.EncodeToString(span.ParentSpanId) != parentID || attributeOf(span, "terraform.change") != "create" {
			t.Errorf("apply: %v", span)
		}
	}
	linked := map[string]bool{}
	for _, span := range c.named("shared write") {
		for _, link := range span.Links {
			linked[spans[string(link.SpanId)].GetName()] = true
		}
	}
	if !linked["ApplyResourceChange clarifai_concept"] {
		t.Errorf("shared writes link to %v", linked)
	}
	posts := c.named("PostConcepts")
	if len(posts) == 0 || spans[string(posts[0].ParentSpanId)].GetName() != "shared write" ||
		attributeOf(posts[0], "http.request.method") != "POST" || attributeOf(posts[0], "clarifai.status.name") != "SUCCESS" {
		t.Errorf("requests: %v", posts)
	}
	waits := c.named("wait")
	if !slices.ContainsFunc(waits, func(span *otlptrace.Span) bool {
		return strings.Contains(attributeOf(span, "clarifai.wait.for"), `version "v1"`) && attributeOf(span, "clarifai.wait.polls") != ""
	}) {
		t.Errorf("waits: %v", waits)
	}
	sent := c.raw.String()
	if strings.Contains(sent, acctest.PAT) {
		t.Error("the token was exported")
	}
	if !strings.Contains(sent, "Bearer collector-secret") {
		t.Error("the collector did not get its own header, so this test would not notice the token")
	}
	for _, call := range env.Calls() {
		if call.Headers.Get("Traceparent") != "" || strings.Contains(call.Headers.Get("Authorization"), "collector-secret") {
			t.Errorf("%s was sent with %v", call.Op, call.Headers)
		}
	}
}

// Without a parent, the spans of one process are one trace. A collector that cannot be reached changes nothing.
func TestAccProvider_tracesUnreachable(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	c := newCollector(t)
	w := env.Workspace(t, env.Config(`resource "clarifai_dataset" "trucks" {
  id = "trucks"
}
`))
	w.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", c.URL+"/v1/traces")
	w.Setenv("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1500") // on a busy machine
	w.MustRun(t, "plan")
	processes := c.named("terraform-provider-clarifai")
	if len(processes) == 0 {
		t.Fatal("no process has a span")
	}
	for _, span := range c.named("PlanResourceChange") {
		if span.ParentSpanId == nil {
			t.Errorf("%s has no parent", span.Name)
		}
	}
	c.Close()
	w.Setenv("TF_LOG_PROVIDER", "WARN")
	output := w.MustRun(t, "apply", "-auto-approve", "-no-color")
	if !strings.Contains(output, "traces are incomplete") {
		t.Errorf("nothing says that traces are incomplete:\n%s", output)
	}
	if strings.Count(output, "Warning:") > strings.Count(output, "Warning: Provider development overrides") {
		t.Errorf("the apply has a warning:\n%s", output)
	}
	w.NoChanges(t)
}

// What the environment says to the collector stays out of the log, even if it cannot be parsed or comes back in a response.
func TestAccProvider_tracesHeadersNotLogged(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	rejecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "no access with "+r.Header.Get("Authorization"), http.StatusUnauthorized)
	}))
	defer rejecting.Close()
	for name, test := range map[string]struct{ headers, want string }{
		"echoed":    {"authorization=Bearer%20collector-secret", "no access with (redacted)"},
		"malformed": {"authorization:Bearer collector-secret", "no access with"},
	} {
		t.Run(name, func(t *testing.T) {
			w := env.Workspace(t, env.Config(`resource "clarifai_dataset" "trucks" {
  id = "trucks"
}
`))
			log := filepath.Join(w.Dir, "trace.log")
			w.Setenv("TF_LOG", "TRACE")
			w.Setenv("TF_LOG_PATH", log)
			w.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", rejecting.URL)
			w.Setenv("OTEL_EXPORTER_OTLP_HEADERS", test.headers)
			w.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1500") // on a busy machine
			w.MustRun(t, "plan")
			content, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(content), test.want) {
				t.Errorf("the log does not say %q, so this test would not notice the header", test.want)
			}
			for line := range strings.Lines(string(content)) {
				if strings.Contains(line, "collector-secret") {
					t.Errorf("the header was logged: %s", line)
				}
			}
		})
	}
}

// A collector that accepts connections and never responds delays the end of each provider process by a second at most.
func TestAccProvider_tracesHung(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	hung, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hung.Close() }()
	w := env.Workspace(t, env.Config(`resource "clarifai_dataset" "trucks" {
  id = "trucks"
}
`))
	apply := func() (string, time.Duration) {
		start := time.Now()
		output := w.MustRun(t, "apply", "-auto-approve", "-no-color")
		return output, time.Since(start)
	}
	_, alone := apply()
	w.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+hung.Addr().String())
	w.Setenv("TF_LOG_PROVIDER", "WARN")
	output, traced := apply()
	t.Logf("without traces %s, with a hung collector %s, %d processes", alone, traced, strings.Count(output, "traces are incomplete"))
	if !strings.Contains(output, "did not respond in time") {
		t.Errorf("nothing says that the collector does not respond:\n%s", output)
	}
	w.NoChanges(t)
}

// Every RPC that the provider has makes a span.
func TestTracedServer_complete(t *testing.T) {
	c := newCollector(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1500")
	traces := telemetry.Start(t.Context(), "test", func(err error) { t.Error(err) })
	server := reflect.ValueOf(provider.TracedServer(traces))
	var rpcs []string
	for _, part := range []reflect.Type{
		reflect.TypeFor[tfprotov6.ProviderServer](), reflect.TypeFor[tfprotov6.ListResourceServer](), reflect.TypeFor[tfprotov6.ActionServer](),
	} {
		for i := range part.NumMethod() {
			rpcs = append(rpcs, part.Method(i).Name)
		}
	}
	for _, rpc := range rpcs {
		method := server.MethodByName(rpc)
		request := reflect.New(method.Type().In(1).Elem())
		func() {
			defer func() { _ = recover() }() // there is nothing behind the traced server
			method.Call([]reflect.Value{reflect.ValueOf(t.Context()), request})
		}()
	}
	traces.Stop()
	for _, rpc := range rpcs {
		if len(c.named(rpc)) == 0 {
			t.Errorf("%s has no span", rpc)
		}
	}
	if len(rpcs) < 28 {
		t.Errorf("only %v were called", rpcs)
	}
}

// The errors of each response that can have some mark its span.
func TestDiagnosticsOf_complete(t *testing.T) {
	t.Parallel()
	want := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "failed"}}
	seen := 0
	for _, part := range []reflect.Type{
		reflect.TypeFor[tfprotov6.ProviderServer](), reflect.TypeFor[tfprotov6.ListResourceServer](), reflect.TypeFor[tfprotov6.ActionServer](),
	} {
		for i := range part.NumMethod() {
			response := reflect.New(part.Method(i).Type.Out(0).Elem())
			field := response.Elem().FieldByName("Diagnostics")
			if !field.IsValid() {
				continue
			}
			seen++
			field.Set(reflect.ValueOf(want))
			if got := provider.DiagnosticsOf(response.Interface()); len(got) != 1 {
				t.Errorf("%s: %v", part.Method(i).Name, got)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d responses have diagnostics", seen)
	}
}
