package clarifai

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// tracer does nothing unless the process exports traces.
var tracer = otel.Tracer("github.com/clarifai/terraform-provider-clarifai/internal/clarifai")

// startRequest starts the span of one attempt of a request. Requests carry no trace context: it is of no use to the service.
func startRequest(ctx context.Context, op string) (context.Context, trace.Span) {
	return tracer.Start(ctx, op, trace.WithSpanKind(trace.SpanKindClient))
}

// endRequest ends the span with what the log says of the attempt: no query, no body and no credentials.
func endRequest(span trace.Span, host string, entry LogEntry) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(
		attribute.String("http.request.method", entry.Method),
		attribute.String("server.address", host),
		attribute.String("url.path", entry.Path),
		attribute.Int("http.request.body.size", entry.RequestBytes),
	)
	if entry.Attempt > 1 {
		span.SetAttributes(attribute.Int("http.request.resend_count", entry.Attempt-1))
	}
	if entry.HTTPStatus != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", entry.HTTPStatus))
	}
	if entry.Code != 0 {
		span.SetAttributes(attribute.Int("clarifai.status.code", int(entry.Code)), attribute.String("clarifai.status.name", entry.Code.Name()))
	}
	if entry.ReqID != "" {
		span.SetAttributes(attribute.String("clarifai.request.id", entry.ReqID))
	}
	if entry.Err != nil {
		span.SetStatus(codes.Error, entry.Err.Error())
	}
}

// endDownload ends the span of one attempt of a download. The address is left out: it may be signed.
func endDownload(span trace.Span, written int64, failure *Error) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("http.request.method", http.MethodGet), attribute.Int64("clarifai.download.bytes", written))
	if failure != nil {
		span.SetStatus(codes.Error, failure.Error())
	}
}
