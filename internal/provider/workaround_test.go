package provider_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func frameworkServer() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(provider.New("test")())()
}

func wrappedServer(t *testing.T) tfprotov6.ProviderServer {
	t.Helper()
	server, err := provider.NewServer("test")()
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// tf6server finds the optional parts of the protocol by type assertion, so a method of the framework's
// server that the wrapping server lacks would be lost without a sign.
func TestServer_hidesNothing(t *testing.T) {
	t.Parallel()
	inner, outer := reflect.TypeOf(frameworkServer()), reflect.TypeOf(wrappedServer(t))
	protocol := []reflect.Type{
		reflect.TypeFor[tfprotov6.ProviderServer](),
		reflect.TypeFor[tfprotov6.ProviderServerWithListResource](),
		reflect.TypeFor[tfprotov6.ProviderServerWithActions](),
		reflect.TypeFor[tfprotov6.ProviderServerWithStateStores](),
	}
	for _, part := range protocol {
		if inner.Implements(part) && !outer.Implements(part) {
			t.Errorf("the framework implements %s, the wrapping server does not", part)
		}
	}
	for i := range inner.NumMethod() {
		method := inner.Method(i)
		if takesContext(method.Type) && !hasMethod(outer, method) {
			t.Errorf("the framework's server has the method %s, the wrapping server does not", method.Name)
		}
	}
}

// takesContext tells an RPC method from the framework's own exported helpers.
func takesContext(method reflect.Type) bool {
	return method.NumIn() > 1 && method.In(1) == reflect.TypeFor[context.Context]()
}

func hasMethod(in reflect.Type, want reflect.Method) bool {
	got, ok := in.MethodByName(want.Name)
	return ok && got.Type.NumIn() == want.Type.NumIn() && got.Type.NumOut() == want.Type.NumOut()
}

// Capabilities tell Terraform what else the server can do, such as generating configuration. The wrapping server offers
// all that the framework offers.
func TestServer_capabilities(t *testing.T) {
	t.Parallel()
	schemas := func(server tfprotov6.ProviderServer) reflect.Value {
		resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		return reflect.ValueOf(*resp.ServerCapabilities)
	}
	inner, outer := schemas(frameworkServer()), schemas(wrappedServer(t))
	for i := range inner.NumField() {
		if inner.Field(i).Bool() && !outer.Field(i).Bool() {
			t.Errorf("the framework offers %s, the wrapping server does not", inner.Type().Field(i).Name)
		}
	}
}

// A provider whose configuration is not known yet defers everything, if the client allows it.
func TestServer_deferral(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		server := wrappedServer(t)
		schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		configure(t, server, schemas.Provider, allowed)
		object := schemas.DataSourceSchemas["clarifai_app"].ValueType()
		resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
			TypeName:           "clarifai_app",
			Config:             value(t, object, nil),
			ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: allowed},
		})
		if err != nil {
			t.Fatal(err)
		}
		deferred := resp.Deferred != nil && resp.Deferred.Reason == tfprotov6.DeferredReasonProviderConfigUnknown
		if deferred != allowed {
			t.Errorf("deferral allowed: %v, deferred: %v (%v)", allowed, deferred, resp.Diagnostics)
		}
		if failed := len(resp.Diagnostics) > 0; failed == allowed {
			t.Errorf("deferral allowed: %v, diagnostics: %v", allowed, resp.Diagnostics)
		}
	}
}

// configure configures a provider whose token is not known yet.
func configure(t *testing.T, server tfprotov6.ProviderServer, schema *tfprotov6.Schema, deferral bool) {
	t.Helper()
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: value(t, schema.ValueType(), map[string]tftypes.Value{
			"pat": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		}),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: deferral},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Fatalf("%s: %s", d.Summary, d.Detail)
	}
}

// value is an object with the given attributes; all others are null.
func value(t *testing.T, object tftypes.Type, set map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	attributes := map[string]tftypes.Value{}
	for name, kind := range object.(tftypes.Object).AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	for name, v := range set {
		attributes[name] = v
	}
	v, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, attributes))
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

type loggerKey struct{}

// logger stands for what contexts of requests carry.
type logger [1 << 10]byte

// retains reports whether a server keeps the context of a request after the response.
func retains(t *testing.T, server tfprotov6.ProviderServer) bool {
	t.Helper()
	var kept weak.Pointer[logger]
	func() {
		carried := &logger{}
		kept = weak.Make(carried)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), loggerKey{}, carried))
		defer cancel()
		if _, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: "clarifai_none"}); err != nil {
			t.Fatal(err)
		}
	}()
	for range 3 {
		runtime.GC()
	}
	defer runtime.KeepAlive(server)
	return kept.Value() != nil
}

func TestWorkaround_contexts(t *testing.T) {
	t.Parallel()
	if !retains(t, frameworkServer()) {
		t.Error("the framework no longer retains contexts: remove workaround_contexts.go")
	}
	if retains(t, wrappedServer(t)) {
		t.Error("the server retains the context of a request after the response")
	}
}

// Children of a request's context end with the request, and see its values until then.
func TestRequestContext_cancel(t *testing.T) {
	t.Parallel()
	reason := errors.New("stopped")
	parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), loggerKey{}, "request"))
	request, end := provider.NewRequestContext(parent, nil)
	defer end()
	child, stop := context.WithCancel(request)
	defer stop()
	if child.Value(loggerKey{}) != "request" || child.Err() != nil {
		t.Errorf("before: value %v, error %v", child.Value(loggerKey{}), child.Err())
	}
	done := request.Done()
	cancel(reason)
	<-child.Done()
	if !errors.Is(request.Err(), context.Canceled) || !errors.Is(context.Cause(child), reason) {
		t.Errorf("error %v, cause %v", request.Err(), context.Cause(child))
	}
	if request.Done() != done {
		t.Error("Done returned two channels")
	}
}

// After the response Done stays closed, Err stays the same, and Value serves the process's loggers.
func TestRequestContext_end(t *testing.T) {
	t.Parallel()
	loggers := context.WithValue(context.Background(), loggerKey{}, "process")
	request, end := provider.NewRequestContext(context.WithValue(t.Context(), loggerKey{}, "request"), loggers)
	child, stop := context.WithCancel(request)
	defer stop()
	detached := context.WithoutCancel(request)
	done := request.Done()
	end()
	<-done
	<-child.Done()
	for range 2 {
		if !errors.Is(request.Err(), context.Canceled) || request.Done() != done {
			t.Errorf("error %v, same channel: %v", request.Err(), request.Done() == done)
		}
	}
	if got := detached.Value(loggerKey{}); got != "process" {
		t.Errorf("work that outlives the request logs to %v", got)
	}
	end() // a second time changes nothing
}

func TestRequestContext_deadline(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	request, end := provider.NewRequestContext(parent, nil)
	defer end()
	<-request.Done()
	want, _ := parent.Deadline()
	if got, ok := request.Deadline(); !ok || !got.Equal(want) || !errors.Is(request.Err(), context.DeadlineExceeded) {
		t.Errorf("deadline %v, error %v", got, request.Err())
	}
}

func TestWorkaround_writeOnly(t *testing.T) {
	t.Parallel()
	rejects := func(server tfprotov6.ProviderServer) bool {
		schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		object := schemas.ActionSchemas["clarifai_inputs_import"].Schema.ValueType()
		credentials := object.(tftypes.Object).AttributeTypes["credentials_wo"].(tftypes.Object)
		s3 := credentials.AttributeTypes["s3"].(tftypes.Object)
		keys := map[string]tftypes.Value{}
		for name, kind := range s3.AttributeTypes {
			keys[name] = tftypes.NewValue(kind, nil)
			if kind.Is(tftypes.String) {
				keys[name] = tftypes.NewValue(kind, "x")
			}
		}
		stores := map[string]tftypes.Value{}
		for name, kind := range credentials.AttributeTypes {
			stores[name] = tftypes.NewValue(kind, nil)
		}
		stores["s3"] = tftypes.NewValue(s3, keys)
		resp, err := server.(tfprotov6.ProviderServerWithActions).ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{
			ActionType: "clarifai_inputs_import",
			Config: value(t, object, map[string]tftypes.Value{
				"url":            tftypes.NewValue(tftypes.String, "s3://acme-bucket/trucks"),
				"credentials_wo": tftypes.NewValue(credentials, stores),
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
			return d.Summary == "WriteOnly Attribute Not Allowed"
		})
	}
	if !rejects(frameworkServer()) {
		t.Error("the framework accepts write-only attributes of actions: remove workaround_writeonly.go")
	}
	if rejects(wrappedServer(t)) {
		t.Error("the server rejects write-only attributes of actions")
	}
}

// tracedLines returns the number of lines that the framework logs for one request if logging is not enabled.
func tracedLines(t *testing.T) int {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = write
	ctx := tfsdklog.NewRootSDKLogger(t.Context())
	os.Stderr = stderr
	logged := make(chan []byte)
	go func() {
		all, _ := io.ReadAll(read) // a pipe of this process
		logged <- all
	}()
	_, err = frameworkServer().UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: "clarifai_none"})
	_ = write.Close()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(<-logged, []byte("@level"))
}

func TestWorkaround_traces(t *testing.T) {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		t.Setenv(name, "")
	}
	if tracedLines(t) == 0 {
		t.Error("the framework no longer traces by default: remove workaround_traces.go")
	}
	provider.DisableSDKTraces()
	if n := tracedLines(t); n != 0 {
		t.Errorf("the framework writes %d lines for one request", n)
	}
	t.Setenv("TF_LOG_SDK_FRAMEWORK", "")
	t.Setenv("TF_LOG_SDK", "")
	t.Setenv("TF_LOG_SDK_PROTO", "")
	t.Setenv("TF_LOG", "TRACE")
	provider.DisableSDKTraces()
	if tracedLines(t) == 0 {
		t.Error("the traces are off although TF_LOG is set")
	}
}

var garbage []byte

// collections counts the garbage collections that 256 MB of garbage cause.
func collections() uint32 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 256 {
		garbage = make([]byte, 1<<20)
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC
}

func TestWorkaround_heap(t *testing.T) {
	without := collections()
	release := provider.ReserveHeap()
	with := collections()
	release()
	if with*4 > without*3 {
		t.Errorf("%d collections with the reserved heap, %d without: remove workaround_heap.go", with, without)
	}
}
