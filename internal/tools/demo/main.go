// Command demo shows the provider's main job without a network: it builds the provider, starts
// the emulator that its binary contains, and runs apply, a plan that must find nothing to do, and
// destroy over examples/scenarios/quickstart. It ends with an error unless all of it worked.
//
// The CLI is the terraform or tofu in PATH (or the one that DEMO_CLI names); where there is none
// that is recent enough, the newest Terraform is built.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// SIGPIPE too: when nobody reads the output any more, the emulator must still be stopped.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo DIRECTORY-OF-THE-REPOSITORY")
		os.Exit(2)
	}
	err := demo(ctx, os.Args[1])
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo does it all, and cleans up whatever happens.
func demo(ctx context.Context, root string) (err error) {
	work, err := os.MkdirTemp("", "clarifai-demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()

	step("Building the provider: bin/terraform-provider-clarifai")
	binary, err := buildProvider(ctx, root)
	if err != nil {
		return err
	}
	cli, err := findCLI(ctx, root)
	if err != nil {
		return err
	}
	step("Using %s (%s)", cli.name, cli.path)

	service, err := startEmulator(ctx, binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.stop()) }()
	step("Started the emulator of the Clarifai API at %s (user %q, app %q)", service.url, userID, appID)

	run, err := newWorkspace(root, work, binary, cli, service)
	if err != nil {
		return err
	}
	return run.scenario(ctx)
}

// step prints the heading of what is being done.
func step(format string, args ...any) { fmt.Printf("\n== "+format+"\n", args...) }
