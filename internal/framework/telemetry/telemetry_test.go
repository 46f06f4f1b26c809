package telemetry

import (
	"context"
	"errors"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

const endpoint, tracesEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"

// clearEnvironment unsets what the machine may have set.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{endpoint, tracesEndpoint, "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_PROTOCOL",
		"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
		"OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "TRACEPARENT", "TRACESTATE"} {
		t.Setenv(name, "")
	}
}

// Nothing starts unless the environment asks for it.
func TestStart(t *testing.T) {
	const closed = "http://127.0.0.1:1"
	for name, test := range map[string]struct {
		env    map[string]string
		starts bool
	}{
		"nothing":          {nil, false},
		"endpoint":         {map[string]string{endpoint: closed}, true},
		"endpoint, traces": {map[string]string{tracesEndpoint: closed}, true},
		"otlp":             {map[string]string{endpoint: closed, "OTEL_TRACES_EXPORTER": "otlp"}, true},
		"disabled":         {map[string]string{endpoint: closed, "OTEL_SDK_DISABLED": "TRUE"}, false},
		"no traces":        {map[string]string{endpoint: closed, "OTEL_TRACES_EXPORTER": "none"}, false},
		"another exporter": {map[string]string{endpoint: closed, "OTEL_TRACES_EXPORTER": "console"}, false},
		"only a parent":    {map[string]string{"TRACEPARENT": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			clearEnvironment(t)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			before := runtime.NumGoroutine()
			traces := Start(t.Context(), "test", func(error) {})
			if got := runtime.NumGoroutine() > before; (traces != nil) != test.starts || got != test.starts {
				t.Errorf("traces %v, goroutines started: %v, want %v", traces, got, test.starts)
			}
			traces.Stop()
		})
	}
}

func TestStart_unknownProtocol(t *testing.T) {
	clearEnvironment(t)
	t.Setenv(endpoint, "http://127.0.0.1:1")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon")
	var warned error
	if traces := Start(t.Context(), "test", func(err error) { warned = err }); traces != nil {
		t.Error("traces have started")
	}
	if warned == nil || !strings.Contains(warned.Error(), "carrier-pigeon") {
		t.Errorf("the warning is %v", warned)
	}
}

// grpcCollector receives traces as OTLP/gRPC.
type grpcCollector struct {
	coltrace.UnimplementedTraceServiceServer

	received chan *coltrace.ExportTraceServiceRequest
	key      string
}

func (c *grpcCollector) Export(ctx context.Context, req *coltrace.ExportTraceServiceRequest) (*coltrace.ExportTraceServiceResponse, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	c.key = strings.Join(incoming.Get("x-key"), ",")
	c.received <- req
	return &coltrace.ExportTraceServiceResponse{}, nil
}

func TestStart_grpc(t *testing.T) {
	clearEnvironment(t)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &grpcCollector{received: make(chan *coltrace.ExportTraceServiceRequest, 1)}
	server := grpc.NewServer()
	coltrace.RegisterTraceServiceServer(server, c)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()

	t.Setenv(endpoint, "http://"+listener.Addr().String())
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret")
	t.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1500")
	traces := Start(t.Context(), "test", func(err error) { t.Error(err) })
	_, span := traces.RPC(t.Context(), "GetMetadata")
	span.End()
	traces.Stop()
	select {
	case req := <-c.received:
		if names := req.String(); !strings.Contains(names, "GetMetadata") || !strings.Contains(names, serviceName) || c.key != "secret" {
			t.Errorf("received with key %q: %s", c.key, names)
		}
	default:
		t.Error("nothing was received")
	}
}

func TestStopTimeout(t *testing.T) {
	clearEnvironment(t)
	for ran, want := range map[time.Duration]time.Duration{
		0: minStop, time.Second: minStop, 5 * time.Second: 500 * time.Millisecond, time.Hour: maxStop,
	} {
		if got := stopTimeout(ran); got != want {
			t.Errorf("after %s: %s, want %s", ran, got, want)
		}
	}
	for text, want := range map[string]time.Duration{"700": 700 * time.Millisecond, "10000": longestStop, "0": minStop, "soon": minStop} {
		t.Setenv("OTEL_EXPORTER_OTLP_TIMEOUT", text)
		if got := stopTimeout(0); got != want {
			t.Errorf("OTEL_EXPORTER_OTLP_TIMEOUT=%s: %s, want %s", text, got, want)
		}
	}
}

func TestProblem(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20canary-one, x-key = canary-two")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-other=canary-three%zz")
	got := problem(errors.New("401: Bearer canary-one,\n canary-two, Bearer%20canary-one, canary-three%zz " + strings.Repeat("x", 1000)))
	if strings.Contains(got, "canary") || !strings.HasPrefix(got, "401: (redacted), (redacted),") || len(got) > maxProblem+len("...") {
		t.Errorf("the text is %q", got)
	}
}
