package provider_test

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

type loggerKey struct{}

// logger stands for what contexts of requests carry.
type logger [1 << 10]byte

// keeps tells whether a server holds on to the context of a request that it has answered.
func keeps(t *testing.T, server tfprotov6.ProviderServer) bool {
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

// A provider that is asked ten thousand things does not remember each of them.
func TestContextsAreLetGo(t *testing.T) {
	t.Parallel()
	if !keeps(t, providerserver.NewProtocol6(provider.New("test")())()) {
		t.Error("the framework by itself keeps nothing of a request any more: requestContext can go")
	}
	server, err := provider.NewServer("test")()
	if err != nil {
		t.Fatal(err)
	}
	if keeps(t, server) {
		t.Error("the server keeps the context of a request that it has answered")
	}
}

// What runs for a request still ends with it.
func TestContextsEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	request, letGo := provider.ForRequest(context.WithValue(ctx, loggerKey{}, "carried"))
	child, stop := context.WithCancel(request)
	defer stop()
	if child.Value(loggerKey{}) != "carried" || child.Err() != nil {
		t.Errorf("a child has %v and %v", child.Value(loggerKey{}), child.Err())
	}
	cancel(context.Canceled)
	<-child.Done()
	letGo()
	if request.Value(loggerKey{}) != nil || child.Value(loggerKey{}) != nil {
		t.Error("something of the request is kept")
	}
}
