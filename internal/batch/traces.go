package batch

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// tracer does nothing unless the process exports traces.
var tracer = otel.Tracer("github.com/clarifai/terraform-provider-clarifai/internal/batch")

// traced starts the span of work for several callers. It is a child of the first caller's span and links to those of all.
func traced(ctx context.Context, name string, callers []context.Context) (context.Context, trace.Span) {
	ctx, span := tracer.Start(ctx, name)
	if !span.IsRecording() {
		return ctx, span
	}
	span.SetAttributes(attribute.Int("clarifai.callers", len(callers)))
	linked := map[trace.SpanID]bool{}
	for _, caller := range callers {
		if of := trace.SpanContextFromContext(caller); of.IsValid() && !linked[of.SpanID()] {
			linked[of.SpanID()] = true
			span.AddLink(trace.Link{SpanContext: of})
		}
	}
	return ctx, span
}
