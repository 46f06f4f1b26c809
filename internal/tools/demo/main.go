// Command demo runs the quickstart scenario without a network: it builds the provider, starts
// the emulator that its binary contains, and runs apply, a plan that must show no changes, and
// destroy over examples/scenarios/quickstart. It ends with an error unless all of it worked.
//
// With KEEP=1 in the environment it leaves out destroy, keeps the emulator running, and prints how to continue.
//
// The CLI is the terraform or tofu in PATH (or the one that DEMO_CLI names). If none of them
// is recent enough, the newest Terraform is built.
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
	// SIGPIPE too: if the reader of the output has gone, the emulator must still be stopped.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo DIRECTORY-OF-THE-REPOSITORY")
		os.Exit(2)
	}
	err := demo(ctx, os.Args[1], os.Getenv("KEEP") == "1")
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo runs all steps. Unless keep is set it removes everything at the end, also after an error.
func demo(ctx context.Context, root string, keep bool) (err error) {
	work, err := os.MkdirTemp("", "clarifai-demo")
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, os.RemoveAll(work))
		}
	}()

	step("build: bin/terraform-provider-clarifai")
	binary, err := buildProvider(ctx, root)
	if err != nil {
		return err
	}
	cli, err := findCLI(ctx, root)
	if err != nil {
		return err
	}
	fmt.Printf("  %s (%s)\n", cli.name, cli.path)

	service, err := startEmulator(ctx, binary)
	if err != nil {
		return err
	}
	defer func() {
		if !kept {
			err = errors.Join(err, service.stop())
		}
	}()
	step("emulator of the Clarifai API: %s (user %q, app %q)", service.url, userID, appID)

	run, err := newWorkspace(root, work, binary, cli, service)
	if err != nil {
		return err
	}
	if err := run.create(ctx); err != nil {
		return err
	}
	if keep {
		kept = true
		run.printNext()
		return nil
	}
	return run.destroy(ctx)
}

// step prints the heading of a step.
func step(format string, args ...any) { fmt.Printf("\n== "+format+"\n", args...) }
