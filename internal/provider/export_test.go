package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/telemetry"
)

// For tests.
var (
	NewRequestContext = newRequestContext
	DisableSDKTraces  = disableSDKTraces
	ReserveHeap       = reserveHeap
	BodyTransport     = bodyTransport
)

// TracedServer returns a server with spans around methods that panic or, if they return streams, return none.
func TracedServer(traces *telemetry.Traces) tfprotov6.ProviderServer {
	return &tracedServer{silentServer{}, traces}
}

type silentServer struct{ frameworkServer }

func (silentServer) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return nil, nil
}

func (silentServer) ListResource(context.Context, *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return nil, nil
}

// DiagnosticsOf is what spans count.
var DiagnosticsOf = diagnosticsOf
