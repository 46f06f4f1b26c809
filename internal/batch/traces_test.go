package batch

import (
	"context"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// A caller whose span has ended is not the parent of shared work: its trace could be another one.
func TestTraced(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("test")
	first, gone := tracer.Start(t.Context(), "first")
	second, serving := tracer.Start(t.Context(), "second")
	third, other := tracer.Start(t.Context(), "third")
	gone.End()
	ctx, span := traced(first, "shared", []context.Context{t.Context(), first, second, third, second})
	span.End()
	serving.End()
	other.End()
	if trace.SpanFromContext(ctx) != span {
		t.Error("the span is not in its context")
	}
	byName := map[string]sdktrace.ReadOnlySpan{}
	for _, s := range recorder.Ended() {
		byName[s.Name()] = s
	}
	shared := byName["shared"]
	if shared == nil || shared.Parent().SpanID() != serving.SpanContext().SpanID() {
		t.Fatalf("shared: %v", shared)
	}
	if links := shared.Links(); len(links) != 3 || links[1].SpanContext.SpanID() != serving.SpanContext().SpanID() {
		t.Errorf("links to callers: %v", links)
	}
	for _, name := range []string{"second", "third"} {
		if links := byName[name].Links(); len(links) != 1 || links[0].SpanContext.SpanID() != shared.SpanContext().SpanID() {
			t.Errorf("links of %s: %v", name, links)
		}
	}
}

// Without an exporter, the span of shared work costs no memory.
func TestTraced_off(t *testing.T) {
	ctx := t.Context()
	callers := []context.Context{ctx, ctx}
	if allocations := testing.AllocsPerRun(100, func() {
		_, span := traced(ctx, "shared", callers)
		span.End()
	}); allocations != 0 {
		t.Errorf("%v allocations, want none", allocations)
	}
}
