package provider

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/telemetry"
)

// Address is the provider's address in the Terraform registry.
const Address = "registry.terraform.io/clarifai/clarifai"

// Serve serves the provider to the CLI that started this process, until the CLI ends it.
// With debug it prints the TF_REATTACH_PROVIDERS value for a debugger instead.
func Serve(version string, debug bool) error {
	disableSDKTraces()
	defer reserveHeap()()
	loggers := processLoggers()
	untraced, err := newServer(version, withLoggers(loggers))
	if err != nil {
		return err
	}
	var server tfprotov6.ProviderServer = untraced
	traces := telemetry.Start(context.Background(), version, func(err error) {
		tflog.Warn(loggers, "OpenTelemetry: traces are incomplete", map[string]any{"error": err.Error()})
	})
	if traces != nil {
		defer traces.Stop()
		server = &tracedServer{untraced, traces}
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	return tf6server.Serve(Address, func() tfprotov6.ProviderServer { return server }, options...)
}

// NewServer returns the provider as a protocol server: the plugin framework's own server, with the
// workarounds of workaround_contexts.go and workaround_writeonly.go around it.
func NewServer(version string, options ...Option) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) { return newServer(version, options...) }
}

func newServer(version string, options ...Option) (*server, error) {
	p := newProvider(version, options...)
	inner := providerserver.NewProtocol6(p)()
	complete, ok := inner.(frameworkServer)
	if !ok {
		return nil, fmt.Errorf("the plugin framework's server %T lacks an optional interface of the protocol", inner)
	}
	s := &server{frameworkServer: complete, loggers: p.loggers, provider: p}
	p.onConfigure = s.configured.Store
	return s, nil
}

// frameworkServer lists every interface that the plugin framework's server implements. tf6server looks
// for the optional ones with type assertions, so one that is missing here would be hidden;
// TestServer_hidesNothing compares the method sets.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server is the framework's server with workarounds. Methods that are not overridden are the framework's.
type server struct {
	frameworkServer

	loggers context.Context //nolint:containedctx // carries the process-wide loggers, see workaround_contexts.go

	provider   *clarifaiProvider
	configured atomic.Pointer[configure.Provider] // what the last configuration came to

	schemasOnce sync.Once
	schemas     map[string]schema.Schema // see resourceSchemas
}

var _ frameworkServer = (*server)(nil)

// withProgress returns a context with which long operations report to progress_file.
func (s *server) withProgress(ctx context.Context) context.Context {
	if configured := s.configured.Load(); configured != nil {
		return progress.NewContext(ctx, configured.Progress)
	}
	return ctx
}

// InvokeAction implements [tfprotov6.ActionServer].
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return s.frameworkServer.InvokeAction(s.withProgress(ctx), req)
}
