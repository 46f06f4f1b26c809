package clarifai

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/clarifai/terraform-provider-clarifai/internal/tracing"
)

// startRequest starts the span of one attempt of a request. Requests carry no trace context: it is of no use to the service.
func startRequest(ctx context.Context, op string) (context.Context, trace.Span) {
	return tracing.Start(ctx, op, trace.SpanKindClient)
}

// endRequest ends the span with what the log says of the attempt: no query, no body and no credentials.
func (c *Client) endRequest(span trace.Span, entry *LogEntry) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	path := c.redactor.text(entry.Path)
	span.SetAttributes(
		attribute.String("http.request.method", entry.Method),
		attribute.String("url.full", c.base.String()+path),
		attribute.String("url.path", path),
		attribute.Int("http.request.body.size", entry.RequestBytes),
	)
	span.SetAttributes(serverAttributes(c.base)...)
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
		span.SetAttributes(attribute.String("clarifai.request.id", c.redactor.text(entry.ReqID)))
	}
	if entry.Err != nil {
		c.failSpan(span, entry.Err, entry.HTTPStatus)
	}
}

// endDownload ends the span of one attempt of a download. The address is left out, except for its host: it may be signed.
func (c *Client) endDownload(span trace.Span, from *url.URL, written int64, failure *Error) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.String("http.request.method", http.MethodGet), attribute.Int64("clarifai.download.bytes", written))
	span.SetAttributes(serverAttributes(from)...)
	if failure != nil {
		c.failSpan(span, failure, failure.HTTPStatus)
	}
}

func (c *Client) failSpan(span trace.Span, err error, httpStatus int) {
	span.SetStatus(codes.Error, c.redactor.text(err.Error()))
	class := "connection"
	if code := Code(err); code != 0 {
		class = code.Name()
	} else if httpStatus != 0 {
		class = strconv.Itoa(httpStatus)
	}
	span.SetAttributes(attribute.String("error.type", class))
}

func serverAttributes(of *url.URL) []attribute.KeyValue {
	attributes := []attribute.KeyValue{attribute.String("server.address", of.Hostname())}
	if port, err := strconv.Atoi(of.Port()); err == nil {
		attributes = append(attributes, attribute.Int("server.port", port))
	}
	return attributes
}
