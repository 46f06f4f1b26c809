// Package telemetry exports OpenTelemetry traces of a provider process if its environment names a collector. Without one
// it starts nothing.
package telemetry

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

const (
	scope       = "github.com/clarifai/terraform-provider-clarifai"
	serviceName = "terraform-provider-clarifai" // unless OTEL_SERVICE_NAME names another

	// stopTimeout limits sending the last spans when the CLI ends the process, which it does after two seconds at the latest.
	stopTimeout = time.Second
)

// Traces exports the spans of a process. A nil Traces exports nothing.
type Traces struct {
	provider *trace.TracerProvider
	tracer   oteltrace.Tracer
	parent   oteltrace.SpanContext // of the process's RPCs
	process  oteltrace.Span        // nil if the environment has a parent
}

// Start exports traces as the environment says (OTEL_EXPORTER_OTLP_ENDPOINT and the other variables of the OpenTelemetry SDK), with
// TRACEPARENT as their parent. Otherwise it returns nil. warn receives what goes wrong, at most once: traces never make an operation
// fail.
func Start(ctx context.Context, version string, warn func(error)) *Traces {
	if !enabled() {
		return nil
	}
	var once sync.Once
	report := func(err error) { once.Do(func() { warn(err) }) }
	exporter, err := newExporter(ctx)
	if err != nil {
		report(err)
		return nil
	}
	about, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", serviceName), attribute.String("service.version", version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		report(err) // what could be read is still used
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(report))
	t := &Traces{provider: trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(about))}
	otel.SetTracerProvider(t.provider)
	t.tracer = t.provider.Tracer(scope)
	environment := propagation.MapCarrier{"traceparent": os.Getenv("TRACEPARENT"), "tracestate": os.Getenv("TRACESTATE")}
	t.parent = oteltrace.SpanContextFromContext(propagation.TraceContext{}.Extract(ctx, environment))
	if !t.parent.IsValid() {
		_, t.process = t.tracer.Start(ctx, serviceName)
		t.parent = t.process.SpanContext()
	}
	return t
}

func enabled() bool {
	endpoint := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	return endpoint != "" && !strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") && os.Getenv("OTEL_TRACES_EXPORTER") != "none"
}

func newExporter(ctx context.Context) (*otlptrace.Exporter, error) {
	protocol := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
	if protocol == "" {
		protocol = os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL")
	}
	switch protocol {
	case "", "http/protobuf":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	}
	return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q; the provider can export traces as http/protobuf and grpc", protocol)
}

// RPC starts the span of a request of the CLI.
func (t *Traces) RPC(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, oteltrace.Span) {
	return t.tracer.Start(oteltrace.ContextWithRemoteSpanContext(ctx, t.parent), name,
		oteltrace.WithSpanKind(oteltrace.SpanKindServer), oteltrace.WithAttributes(attributes...))
}

// Stop sends the spans that have ended. It takes at most a second.
func (t *Traces) Stop() {
	if t == nil {
		return
	}
	if t.process != nil {
		t.process.End()
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		otel.Handle(err)
	}
}

// Fail marks a span as failed. The text must not contain secrets.
func Fail(span oteltrace.Span, text string) { span.SetStatus(codes.Error, text) }
