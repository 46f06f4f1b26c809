// Command terraform-provider-clarifai is a Terraform and OpenTofu provider for the Clarifai v2 API.
// The same binary has commands for people, such as an offline emulator of the API: see
// "terraform-provider-clarifai help".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/export"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// version is set by the linker for releases.
var version = "dev"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// A command is what the first argument names. Its arguments are those that follow.
type command struct {
	name, summary string
	run           func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

// commands are in the order in which help lists them.
func commands() []command {
	return []command{
		{"emulator", "run an offline emulator of the Clarifai API", emulator.Command},
		{"export", "write an existing app as Terraform configuration", runExport},
		{"version", "print the version", printVersion},
		{"help", "print this text", printHelp},
	}
}

// run runs a command, or serves the provider when there is none, and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return runCommand(args[0], args[1:], stdout, stderr)
	}
	flags := flag.NewFlagSet("terraform-provider-clarifai", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { writeHelp(flags.Output()) }
	debug := flags.Bool("debug", false, "serve for a debugger: print the TF_REATTACH_PROVIDERS to use")
	showVersion := flags.Bool("version", false, "print the version")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if *showVersion {
		return runCommand("version", nil, stdout, stderr)
	}
	if err := provider.Serve(version, *debug); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func runCommand(name string, args []string, stdout, stderr io.Writer) int {
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		switch err := c.run(ctx, args, stdout, stderr); {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		default:
			fmt.Fprintf(stderr, "%s: %v\n", name, err)
			return 1
		}
	}
	fmt.Fprintf(stderr, "unknown command %q\n\n", name)
	writeHelp(stderr)
	return 2
}

func runExport(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return export.Command(ctx, args, stdout, stderr,
		func(ctx context.Context, settings configure.Settings) (tfprotov6.ProviderServer, *configure.Provider, error) {
			return provider.Connect(ctx, version, settings)
		})
}

func printVersion(_ context.Context, _ []string, stdout, _ io.Writer) error {
	_, err := fmt.Fprintf(stdout, "terraform-provider-clarifai %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

func printHelp(_ context.Context, _ []string, stdout, _ io.Writer) error {
	writeHelp(stdout)
	return nil
}

func writeHelp(w io.Writer) {
	fmt.Fprint(w, `terraform-provider-clarifai is a Terraform and OpenTofu provider for Clarifai.
Terraform and OpenTofu start it themselves, without arguments. For people it has these commands:

`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
"terraform-provider-clarifai COMMAND -help" prints the flags of a command.

Flags for developers of the provider:

  -debug     serve for a debugger: print the TF_REATTACH_PROVIDERS to use

Documentation: https://registry.terraform.io/providers/clarifai/clarifai/latest/docs
`)
}
