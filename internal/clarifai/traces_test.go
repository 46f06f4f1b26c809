package clarifai

import (
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// Without an exporter, the span of a request costs no memory.
func TestTraces_off(t *testing.T) {
	c, err := New(Config{PAT: "canary-pat"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	entry := LogEntry{Op: "GetInput", Method: "GET", Path: "/v2/users/u/apps/a/inputs/i", Attempt: 1, HTTPStatus: 200, Code: StatusSuccess}
	if allocations := testing.AllocsPerRun(100, func() {
		_, span := startRequest(ctx, entry.Op)
		c.endRequest(span, &entry)
	}); allocations != 0 {
		t.Errorf("%v allocations for each request, want none", allocations)
	}
}

// What a span says of a request contains no credential, whatever the service responds.
func TestTraces_redacted(t *testing.T) {
	c, err := New(Config{PAT: "canary-pat"})
	if err != nil {
		t.Fatal(err)
	}
	recorder := tracetest.NewSpanRecorder()
	ctx, rpc := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("test").Start(t.Context(), "rpc")
	_, span := startRequest(ctx, "GetInput")
	c.endRequest(span, &LogEntry{
		Op: "GetInput", Method: "GET", Path: "/v2/users/canary-pat/inputs", Attempt: 3, ReqID: "req-canary-pat",
		Err: &Error{Op: "GetInput", Err: &notFromAPIError{text: "Authorization: Key canary-pat at https://b.test/x?sig=canary-pat"}},
	})
	rpc.End()
	ended := recorder.Ended()
	if len(ended) != 2 || ended[0].Parent().SpanID() != rpc.SpanContext().SpanID() {
		t.Fatalf("spans: %v", ended)
	}
	said := ended[0].Status().Description
	for _, a := range ended[0].Attributes() {
		said += "\n" + string(a.Key) + "=" + a.Value.String()
	}
	if strings.Contains(said, "canary-pat") {
		t.Errorf("a credential is in the span:\n%s", said)
	}
	for _, want := range []string{"not one of the Clarifai API", "error.type=connection", "http.request.resend_count=2",
		"url.full=https://api.clarifai.com/v2/users/(redacted)/inputs", "server.address=api.clarifai.com", "clarifai.request.id=req-(redacted)"} {
		if !strings.Contains(said, want) {
			t.Errorf("the span does not say %s:\n%s", want, said)
		}
	}
}
