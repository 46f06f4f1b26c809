package batch

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/clarifai/terraform-provider-clarifai/internal/tracing"
)

// traced starts the span of work for several callers. It is a child of the span of the first caller that still has one. It links
// to the spans of all callers, and theirs link to it.
func traced(ctx context.Context, name string, callers []context.Context) (context.Context, trace.Span) {
	for _, caller := range callers {
		if of := trace.SpanFromContext(caller); of.IsRecording() {
			ctx = trace.ContextWithSpan(ctx, of)
			break
		}
	}
	ctx, span := tracing.Start(ctx, name, trace.SpanKindInternal)
	if !span.IsRecording() {
		return ctx, span
	}
	span.SetAttributes(attribute.Int("clarifai.callers", len(callers)))
	linked := map[trace.SpanID]bool{}
	for _, caller := range callers {
		of := trace.SpanFromContext(caller)
		if id := of.SpanContext().SpanID(); id.IsValid() && !linked[id] {
			linked[id] = true
			span.AddLink(trace.Link{SpanContext: of.SpanContext()})
			of.AddLink(trace.Link{SpanContext: span.SpanContext()})
		}
	}
	return ctx, span
}
