package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/telemetry"
)

// tracedServer is a server that starts a span for each request of the CLI. It is used only if the process exports traces. Only state
// stores, which the provider does not have, are left out.
type tracedServer struct {
	frameworkServer

	traces *telemetry.Traces
}

// traced calls a method of the server in a span. object is the type of the resource, data source or action, or the name of the
// function.
func traced[Request, Response any](
	ctx context.Context, t *telemetry.Traces, rpc, object string, req Request, method func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, span := startRPC(ctx, t, rpc, object)
	defer span.End()
	resp, err := method(ctx, req)
	endRPC(span, resp, err)
	return resp, err
}

func startRPC(ctx context.Context, t *telemetry.Traces, rpc, object string) (context.Context, trace.Span) {
	if object == "" {
		return t.RPC(ctx, rpc)
	}
	return t.RPC(ctx, rpc+" "+object, attribute.String("terraform.type", object))
}

// endRPC counts the diagnostics of the response, and marks the span as failed if one of them is an error.
func endRPC(span trace.Span, resp any, err error) {
	if err != nil {
		telemetry.Fail(span, err.Error())
		return
	}
	if result, ok := resp.(*tfprotov6.CallFunctionResponse); ok && result != nil && result.Error != nil {
		telemetry.Fail(span, "") // the text may quote arguments
	}
	endWith(span, diagnosticsOf(resp))
}

// endWith records the summary of an error and not its detail, which may quote the configuration.
func endWith(span trace.Span, diagnostics []*tfprotov6.Diagnostic) {
	failed := 0
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			if failed++; failed == 1 {
				telemetry.Fail(span, d.Summary)
			}
		}
	}
	if len(diagnostics) > 0 {
		span.SetAttributes(attribute.Int("terraform.diagnostics.errors", failed),
			attribute.Int("terraform.diagnostics.warnings", len(diagnostics)-failed))
	}
}

// diagnosticsOf returns the diagnostics of a response; nil if it has none by its type.
func diagnosticsOf(resp any) []*tfprotov6.Diagnostic {
	switch resp := resp.(type) {
	case *tfprotov6.GetMetadataResponse:
		return resp.Diagnostics
	case *tfprotov6.GetFunctionsResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateProviderConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.ConfigureProviderResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateResourceConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.UpgradeResourceStateResponse:
		return resp.Diagnostics
	case *tfprotov6.ReadResourceResponse:
		return resp.Diagnostics
	case *tfprotov6.PlanResourceChangeResponse:
		return resp.Diagnostics
	case *tfprotov6.ApplyResourceChangeResponse:
		return resp.Diagnostics
	case *tfprotov6.ImportResourceStateResponse:
		return resp.Diagnostics
	case *tfprotov6.MoveResourceStateResponse:
		return resp.Diagnostics
	case *tfprotov6.GenerateResourceConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateDataResourceConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.ReadDataSourceResponse:
		return resp.Diagnostics
	case *tfprotov6.PlanActionResponse:
		return resp.Diagnostics
	case *tfprotov6.OpenEphemeralResourceResponse:
		return resp.Diagnostics
	case *tfprotov6.RenewEphemeralResourceResponse:
		return resp.Diagnostics
	case *tfprotov6.CloseEphemeralResourceResponse:
		return resp.Diagnostics
	case *tfprotov6.GetProviderSchemaResponse:
		return resp.Diagnostics
	case *tfprotov6.GetResourceIdentitySchemasResponse:
		return resp.Diagnostics
	case *tfprotov6.UpgradeResourceIdentityResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateListResourceConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateActionConfigResponse:
		return resp.Diagnostics
	case *tfprotov6.ValidateEphemeralResourceConfigResponse:
		return resp.Diagnostics
	}
	return nil
}

// changeOf returns what a plan or an apply does, from which of its states are null.
func changeOf(before, after *tfprotov6.DynamicValue) string {
	isNull := func(v *tfprotov6.DynamicValue) bool {
		if v == nil {
			return true
		}
		null, err := v.IsNull()
		return err == nil && null
	}
	switch {
	case isNull(before):
		return "create"
	case isNull(after):
		return "delete"
	}
	return "update"
}

// ApplyResourceChange implements [tfprotov6.ResourceServer].
func (s *tracedServer) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, span := startRPC(ctx, s.traces, "ApplyResourceChange", req.TypeName)
	defer span.End()
	span.SetAttributes(attribute.String("terraform.change", changeOf(req.PriorState, req.PlannedState)))
	resp, err := s.frameworkServer.ApplyResourceChange(ctx, req)
	endRPC(span, resp, err)
	return resp, err
}

// InvokeAction implements [tfprotov6.ActionServer]. The action runs while the CLI reads its events.
func (s *tracedServer) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, span := startRPC(ctx, s.traces, "InvokeAction", req.ActionType)
	stream, err := s.frameworkServer.InvokeAction(ctx, req)
	if err != nil || stream == nil {
		endRPC(span, nil, err)
		span.End()
		return stream, err
	}
	events := stream.Events
	stream.Events = func(yield func(tfprotov6.InvokeActionEvent) bool) {
		defer span.End()
		for event := range events {
			if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
				endWith(span, completed.Diagnostics)
			}
			if !yield(event) {
				return
			}
		}
	}
	return stream, nil
}

// ListResource implements [tfprotov6.ListResourceServer]. The list is read while the CLI reads its results.
func (s *tracedServer) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, span := startRPC(ctx, s.traces, "ListResource", req.TypeName)
	stream, err := s.frameworkServer.ListResource(ctx, req)
	if err != nil || stream == nil || stream.Results == nil {
		endRPC(span, nil, err)
		span.End()
		return stream, err
	}
	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		defer span.End()
		for result := range results {
			if len(result.Diagnostics) > 0 {
				endWith(span, result.Diagnostics)
			}
			if !yield(result) {
				return
			}
		}
	}
	return stream, nil
}

// GetMetadata implements [tfprotov6.ProviderServer].
func (s *tracedServer) GetMetadata(ctx context.Context, req *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return traced(ctx, s.traces, "GetMetadata", "", req, s.frameworkServer.GetMetadata)
}

// GetFunctions implements [tfprotov6.FunctionServer].
func (s *tracedServer) GetFunctions(ctx context.Context, req *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return traced(ctx, s.traces, "GetFunctions", "", req, s.frameworkServer.GetFunctions)
}

// StopProvider implements [tfprotov6.ProviderServer].
func (s *tracedServer) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return traced(ctx, s.traces, "StopProvider", "", req, s.frameworkServer.StopProvider)
}

// GetProviderSchema implements [tfprotov6.ProviderServer].
func (s *tracedServer) GetProviderSchema(
	ctx context.Context, req *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return traced(ctx, s.traces, "GetProviderSchema", "", req, s.frameworkServer.GetProviderSchema)
}

// GetResourceIdentitySchemas implements [tfprotov6.ProviderServer].
func (s *tracedServer) GetResourceIdentitySchemas(
	ctx context.Context, req *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return traced(ctx, s.traces, "GetResourceIdentitySchemas", "", req, s.frameworkServer.GetResourceIdentitySchemas)
}

// ValidateProviderConfig implements [tfprotov6.ProviderServer].
func (s *tracedServer) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateProviderConfig", "", req, s.frameworkServer.ValidateProviderConfig)
}

// ConfigureProvider implements [tfprotov6.ProviderServer].
func (s *tracedServer) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return traced(ctx, s.traces, "ConfigureProvider", "", req, s.frameworkServer.ConfigureProvider)
}

// ValidateResourceConfig implements [tfprotov6.ResourceServer].
func (s *tracedServer) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateResourceConfig", req.TypeName, req, s.frameworkServer.ValidateResourceConfig)
}

// UpgradeResourceState implements [tfprotov6.ResourceServer].
func (s *tracedServer) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return traced(ctx, s.traces, "UpgradeResourceState", req.TypeName, req, s.frameworkServer.UpgradeResourceState)
}

// UpgradeResourceIdentity implements [tfprotov6.ResourceServer].
func (s *tracedServer) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return traced(ctx, s.traces, "UpgradeResourceIdentity", req.TypeName, req, s.frameworkServer.UpgradeResourceIdentity)
}

// ReadResource implements [tfprotov6.ResourceServer].
func (s *tracedServer) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return traced(ctx, s.traces, "ReadResource", req.TypeName, req, s.frameworkServer.ReadResource)
}

// PlanResourceChange implements [tfprotov6.ResourceServer].
func (s *tracedServer) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	ctx, span := startRPC(ctx, s.traces, "PlanResourceChange", req.TypeName)
	defer span.End()
	span.SetAttributes(attribute.String("terraform.change", changeOf(req.PriorState, req.ProposedNewState)))
	resp, err := s.frameworkServer.PlanResourceChange(ctx, req)
	endRPC(span, resp, err)
	return resp, err
}

// ImportResourceState implements [tfprotov6.ResourceServer].
func (s *tracedServer) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return traced(ctx, s.traces, "ImportResourceState", req.TypeName, req, s.frameworkServer.ImportResourceState)
}

// MoveResourceState implements [tfprotov6.ResourceServer].
func (s *tracedServer) MoveResourceState(
	ctx context.Context, req *tfprotov6.MoveResourceStateRequest,
) (*tfprotov6.MoveResourceStateResponse, error) {
	return traced(ctx, s.traces, "MoveResourceState", req.TargetTypeName, req, s.frameworkServer.MoveResourceState)
}

// GenerateResourceConfig implements [tfprotov6.ResourceServer].
func (s *tracedServer) GenerateResourceConfig(
	ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest,
) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return traced(ctx, s.traces, "GenerateResourceConfig", req.TypeName, req, s.frameworkServer.GenerateResourceConfig)
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s *tracedServer) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateDataResourceConfig", req.TypeName, req, s.frameworkServer.ValidateDataResourceConfig)
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *tracedServer) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return traced(ctx, s.traces, "ReadDataSource", req.TypeName, req, s.frameworkServer.ReadDataSource)
}

// ValidateListResourceConfig implements [tfprotov6.ListResourceServer].
func (s *tracedServer) ValidateListResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest,
) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateListResourceConfig", req.TypeName, req, s.frameworkServer.ValidateListResourceConfig)
}

// ValidateActionConfig implements [tfprotov6.ActionServer].
func (s *tracedServer) ValidateActionConfig(
	ctx context.Context, req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateActionConfig", req.ActionType, req, s.frameworkServer.ValidateActionConfig)
}

// PlanAction implements [tfprotov6.ActionServer].
func (s *tracedServer) PlanAction(
	ctx context.Context, req *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	return traced(ctx, s.traces, "PlanAction", req.ActionType, req, s.frameworkServer.PlanAction)
}

// ValidateEphemeralResourceConfig implements [tfprotov6.EphemeralResourceServer].
func (s *tracedServer) ValidateEphemeralResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return traced(ctx, s.traces, "ValidateEphemeralResourceConfig", req.TypeName, req, s.frameworkServer.ValidateEphemeralResourceConfig)
}

// OpenEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *tracedServer) OpenEphemeralResource(
	ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return traced(ctx, s.traces, "OpenEphemeralResource", req.TypeName, req, s.frameworkServer.OpenEphemeralResource)
}

// RenewEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *tracedServer) RenewEphemeralResource(
	ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest,
) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return traced(ctx, s.traces, "RenewEphemeralResource", req.TypeName, req, s.frameworkServer.RenewEphemeralResource)
}

// CloseEphemeralResource implements [tfprotov6.EphemeralResourceServer].
func (s *tracedServer) CloseEphemeralResource(
	ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return traced(ctx, s.traces, "CloseEphemeralResource", req.TypeName, req, s.frameworkServer.CloseEphemeralResource)
}

// CallFunction implements [tfprotov6.FunctionServer].
func (s *tracedServer) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return traced(ctx, s.traces, "CallFunction", req.Name, req, s.frameworkServer.CallFunction)
}
