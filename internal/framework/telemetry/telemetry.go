// Package telemetry exports OpenTelemetry traces of a provider process if its environment names a collector. Without one
// it starts nothing.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
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

	"github.com/clarifai/terraform-provider-clarifai/internal/tracing"
)

const (
	serviceName = "terraform-provider-clarifai" // unless OTEL_SERVICE_NAME names another

	// What sending the last spans may take when the CLI ends the process: a tenth of the time that the process has run, within these
	// bounds. The CLI starts several processes for one command and kills each of them after two seconds.
	minStop, maxStop = 250 * time.Millisecond, time.Second
	// longestStop bounds what the environment may set instead.
	longestStop = 1500 * time.Millisecond
)

// Traces exports the spans of a process. A nil Traces exports nothing.
type Traces struct {
	provider *trace.TracerProvider
	tracer   oteltrace.Tracer
	parent   oteltrace.SpanContext // of the process's RPCs
	process  oteltrace.Span        // nil if the environment has a parent
	started  time.Time
}

// Start exports traces as the environment says (OTEL_EXPORTER_OTLP_ENDPOINT and the other variables of the OpenTelemetry SDK), with
// TRACEPARENT as their parent. Otherwise it returns nil. warn receives what goes wrong, at most once: traces never make an operation
// fail.
func Start(ctx context.Context, version string, warn func(error)) *Traces {
	if !enabled() {
		return nil
	}
	var once sync.Once
	report := func(err error) { once.Do(func() { warn(errors.New(problem(err))) }) }
	otel.SetErrorHandler(otel.ErrorHandlerFunc(report))
	otel.SetLogger(logr.Discard()) // it quotes variables that cannot be parsed, the headers with credentials among them
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
	t := &Traces{started: time.Now(), provider: trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(about))}
	t.tracer = t.provider.Tracer(tracing.Scope)
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
	exporter := os.Getenv("OTEL_TRACES_EXPORTER")
	return endpoint != "" && !strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") && (exporter == "" || exporter == "otlp")
}

func newExporter(ctx context.Context) (*otlptrace.Exporter, error) {
	protocol := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
	if protocol == "" {
		protocol = os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL")
	}
	switch protocol {
	case "", "http/protobuf", "http/json":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	}
	return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q; the provider can export traces as http/protobuf, http/json and grpc", protocol)
}

// RPC starts the span of a request of the CLI.
func (t *Traces) RPC(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, oteltrace.Span) {
	return t.tracer.Start(oteltrace.ContextWithRemoteSpanContext(ctx, t.parent), name,
		oteltrace.WithSpanKind(oteltrace.SpanKindServer), oteltrace.WithAttributes(attributes...))
}

// Stop sends the spans that have ended. How long it waits for a collector that does not respond is bounded, see [stopTimeout].
func (t *Traces) Stop() {
	if t == nil {
		return
	}
	if t.process != nil {
		t.process.End()
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout(time.Since(t.started)))
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		otel.Handle(err)
	}
}

// stopTimeout returns how long the end of a process that has run for some time may take.
func stopTimeout(ran time.Duration) time.Duration {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"} {
		if ms, err := strconv.Atoi(os.Getenv(name)); err == nil && ms > 0 {
			return min(longestStop, time.Duration(ms)*time.Millisecond)
		}
	}
	return min(maxStop, max(minStop, ran/10))
}

const maxProblem = 300

// problem returns the text of an error without the collector's address and the headers for it: a collector may send them back.
func problem(err error) string {
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	text := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		text = "the collector did not respond in time"
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for header := range strings.SplitSeq(os.Getenv(name), ",") {
			_, value, _ := strings.Cut(header, "=")
			decoded, _ := url.PathUnescape(value) // "" if it cannot be decoded: then it is not sent
			for _, secret := range []string{strings.TrimSpace(decoded), strings.TrimSpace(value)} {
				if secret != "" {
					text = strings.ReplaceAll(text, secret, "(redacted)")
				}
			}
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxProblem {
		text = strings.ToValidUTF8(text[:maxProblem], "") + "..."
	}
	return text
}

// Fail marks a span as failed. The text must not contain secrets.
func Fail(span oteltrace.Span, text string) { span.SetStatus(codes.Error, text) }
