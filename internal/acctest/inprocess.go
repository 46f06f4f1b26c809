package acctest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// InProcess returns a workspace whose commands use the provider of this process with the test's clock. It is for
// tests that run many configurations: the testing framework runs about ten commands for each step.
func (e *Env) InProcess(t *testing.T, config string) *Workspace {
	t.Helper()
	cli, err := TheCLI()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Dir: t.TempDir(), cli: cli, serve: e.Factories()["clarifai"]}
	w.Write(t, "main.tf", config)
	w.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "NO_COLOR=1")
	return w
}

// attach serves a provider until stop is called. variable is the environment variable with which the CLI finds it.
func attach(t *testing.T, factory func() (tfprotov6.ProviderServer, error)) (variable string, stop func(), err error) {
	server, err := factory()
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(t.Context())
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- tf6server.Serve(provider.Address, func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()),
			tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride())
	}()
	stop = func() {
		cancel()
		<-closed
	}
	var config *plugin.ReattachConfig
	select {
	case config = <-configs:
	case err := <-ended:
		cancel()
		return "", nil, fmt.Errorf("the provider could not be served: %w", err)
	}
	type address struct{ Network, String string }
	type reattach struct {
		Protocol        string
		ProtocolVersion int
		Pid             int
		Test            bool
		Addr            address
	}
	served := reattach{
		string(config.Protocol), config.ProtocolVersion, config.Pid, config.Test,
		address{config.Addr.Network(), config.Addr.String()},
	}
	value, err := json.Marshal(map[string]reattach{
		"registry.terraform.io/hashicorp/clarifai": served,
		"registry.opentofu.org/hashicorp/clarifai": served,
	})
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("address of the provider: %w", err)
	}
	return "TF_REATTACH_PROVIDERS=" + string(value), stop, nil
}
