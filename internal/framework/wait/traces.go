package wait

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// tracer does nothing unless the process exports traces.
var tracer = otel.Tracer("github.com/clarifai/terraform-provider-clarifai/internal/framework/wait")

func endWait(span trace.Span, what string, polls int, err error) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("clarifai.wait.for", what), attribute.Int("clarifai.wait.polls", polls))
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
}
