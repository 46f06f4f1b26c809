package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"
)

// Workaround: the plugin framework retains the context of every request.
//
// Server.registerContext in the framework's internal/proto6server appends a cancel function for each
// request to a list that is emptied only when the provider stops (framework 1.19.0). Each of them keeps
// the request's context with its loggers, about 10 kB, and Terraform sends three to six requests for each
// resource instance: 1,000 instances retain some 40 MB.
//
// The server therefore passes a requestContext to the framework, which drops the request's values as soon
// as the request has been answered. There is no upstream issue for this yet.
// TestWorkaround_contexts fails when the framework no longer retains contexts.

// requestContext is the context of one request. Deadline, Done and Err keep the contract of
// [context.Context]: Done is one channel, closed when the request is cancelled or has been answered.
// Value returns the request's values until the request has been answered; after that it returns
// the process-wide loggers, so that work that outlives the request can still log.
type requestContext struct {
	context.Context // cancelled with the request and when it has been answered; has no values

	values  atomic.Pointer[context.Context]
	loggers context.Context //nolint:containedctx // see the type's comment
}

// newRequestContext returns a context for one request and the function that ends it.
func newRequestContext(ctx, loggers context.Context) (_ context.Context, end func()) {
	own, cancel := context.WithCancelCause(context.Background())
	stopTimer := func() {}
	if deadline, ok := ctx.Deadline(); ok {
		own, stopTimer = context.WithDeadline(own, deadline)
	}
	r := &requestContext{Context: own, loggers: loggers}
	r.values.Store(&ctx)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	return r, func() {
		stop()
		r.values.Store(nil)
		cancel(nil)
		stopTimer()
	}
}

// Value returns the request's value for key, or a process-wide logger when the request has been answered.
func (r *requestContext) Value(key any) any {
	// The context package finds the parent to cancel with by a key of its own.
	if own := r.Context.Value(key); own != nil {
		return own
	}
	if values := r.values.Load(); values != nil {
		return (*values).Value(key)
	}
	if r.loggers == nil {
		return nil
	}
	return r.loggers.Value(key)
}

var _ context.Context = (*requestContext)(nil)

// processLoggers returns a context with the loggers that tf6server gives to each request, without
// the fields of any request.
func processLoggers() context.Context {
	const name = "clarifai"
	return tfsdklog.NewRootProviderLogger(context.Background(),
		tfsdklog.WithStderrFromInit(),
		tfsdklog.WithLogName(name),
		tfsdklog.WithLevelFromEnv("TF_LOG_PROVIDER", name))
}

// answer calls a method of the framework's server with a context that retains nothing afterwards.
func answer[Request, Response any](
	ctx context.Context, s *server, req Request, method func(context.Context, Request) (Response, error),
) (Response, error) {
	ctx, end := newRequestContext(s.withProgress(ctx), s.loggers)
	defer end()
	return method(ctx, req)
}

// ValidateResourceConfig implements [tfprotov6.ResourceServer].
func (s *server) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ValidateResourceConfig)
}

// UpgradeResourceState implements [tfprotov6.ResourceServer].
func (s *server) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.UpgradeResourceState)
}

// UpgradeResourceIdentity implements [tfprotov6.ResourceServer].
func (s *server) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.UpgradeResourceIdentity)
}

// ReadResource implements [tfprotov6.ResourceServer].
func (s *server) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ReadResource)
}

// PlanResourceChange implements [tfprotov6.ResourceServer].
func (s *server) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.PlanResourceChange)
}

// ApplyResourceChange implements [tfprotov6.ResourceServer].
func (s *server) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ApplyResourceChange)
}

// ImportResourceState implements [tfprotov6.ResourceServer].
func (s *server) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ImportResourceState)
}

// ValidateDataResourceConfig implements [tfprotov6.DataSourceServer].
func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ValidateDataResourceConfig)
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.ReadDataSource)
}

// CallFunction implements [tfprotov6.FunctionServer].
func (s *server) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return answer(ctx, s, req, s.frameworkServer.CallFunction)
}
