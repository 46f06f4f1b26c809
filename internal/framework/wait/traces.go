package wait

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

func endWait(span trace.Span, what string, polls int, err error) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("clarifai.wait.for", what), attribute.Int("clarifai.wait.polls", polls))
	if err != nil {
		span.SetStatus(codes.Error, err.Error()) // made of errors of the client, which contain no secrets
	}
}
