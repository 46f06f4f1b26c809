// Package tracing starts OpenTelemetry spans below the span that a context carries. If it carries none, this costs nothing:
// the provider adds the first span to the context of each Terraform RPC, and only while it exports traces.
package tracing

import (
	"context"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Scope is the name under which all spans of this module are recorded.
const Scope = "github.com/clarifai/terraform-provider-clarifai"

var none trace.Span = noop.Span{}

// Start starts a span if ctx carries one that is recorded, and otherwise returns ctx and a span that does nothing. The caller
// must end the span. Compute attributes only if the span's IsRecording is true.
func Start(ctx context.Context, name string, kind trace.SpanKind) (context.Context, trace.Span) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, none
	}
	return parent.TracerProvider().Tracer(Scope).Start(ctx, name, trace.WithSpanKind(kind))
}
