// Command terraform-provider-clarifai is a Terraform and OpenTofu provider for
// the Clarifai v2 API, and with the argument "emulator" an offline stand-in of
// that API.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// version is set by the linker for releases.
var version = "dev"

const address = "registry.terraform.io/clarifai/clarifai"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "emulator" {
		runEmulator(os.Args[2:])
		return
	}
	debug := flag.Bool("debug", false, "serve for a debugger: print the TF_REATTACH_PROVIDERS to use")
	flag.Parse()
	quietSDK()
	server, err := provider.NewServer(version)()
	if err != nil {
		log.Fatal(err)
	}
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	ballast := make([]byte, ballastBytes)
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...); err != nil {
		log.Fatal(err)
	}
	runtime.KeepAlive(ballast)
}

// ballastBytes of the heap are never touched, so they take no memory. The garbage
// collector counts them: a heap of a few megabytes, with much that is short-lived for each
// instance, is then not collected over and over. It saves a third of the CPU of a refresh
// of a thousand instances for 30 MB.
const ballastBytes = 24 << 20

func runEmulator(args []string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := emulator.Command(ctx, args, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}

// quietSDK switches the traces of the plugin libraries off unless some logging was
// asked for. By default they are written for each request, read by the CLI and thrown
// away; what they cost is quadratic in the number of values of a resource. Each part
// is named: only then it does not even gather what it would have written.
func quietSDK() {
	parts := []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"}
	for _, name := range append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, parts...) {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range parts {
		_ = os.Setenv(name, "off")
	}
}
