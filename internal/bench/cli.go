package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A cli is the Terraform or OpenTofu program that runs.
type cli struct {
	path string
	name string // "Terraform v1.15.3"
}

// findCLI returns TF_ACC_TERRAFORM_PATH, or the newest Terraform from the cache of tools, or the CLI in PATH.
func findCLI(ctx context.Context, root string) (cli, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		cmd := exec.CommandContext(ctx, "bash", filepath.Join(root, "internal", "tools", "cli.sh"), "terraform")
		cmd.Stderr = os.Stderr
		if out, err := cmd.Output(); err == nil {
			path = strings.TrimSpace(string(out))
		}
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		return cli{}, errors.New("no terraform or tofu: set TF_ACC_TERRAFORM_PATH or put one in PATH")
	}
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(cleanEnvironment(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	out, err := cmd.Output()
	if err != nil {
		return cli{}, fmt.Errorf("%s version: %w", path, err)
	}
	name, _, _ := strings.Cut(string(out), "\n")
	return cli{path, name}, nil
}

// repository returns the root directory of the repository.
func repository(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("run this inside of the repository: go list -m: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// build builds the programs of packages into a directory. This program is one of them: it starts itself around the
// provider, and a binary of "go test -race" would start slowly.
func build(ctx context.Context, root, dir string, packages ...string) error {
	args := append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator)}, packages...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return nil
}

// cleanEnvironment returns the environment without the settings of CLIs and providers.
func cleanEnvironment() []string {
	env := []string{"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "NO_COLOR=1"}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CLARIFAI_") {
			env = append(env, variable)
		}
	}
	return env
}

// loadAverage returns the load of the machine, if the system tells.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(content), " ")
	return first
}

func cores() int { return runtime.NumCPU() }

// The user, the app and the token of the emulators.
const (
	user   = "acme"
	app    = "bench"
	secret = "bench-pat"
)

// newService starts an emulator with an empty app.
func (b *bench) newService(async time.Duration) (*emulator.Server, error) {
	return newServiceWith(b.latency, async)
}

func newServiceWith(latency, async time.Duration) (*emulator.Server, error) {
	return emulator.NewServer(emulator.Options{User: user, App: app, PAT: secret, Latency: latency, Async: async})
}

// A workspace is a directory in which the CLI runs a measured provider.
type workspace struct {
	b       *bench
	dir     string
	notes   string // where meter writes
	service *emulator.Server
}

// newWorkspace returns a workspace for a provider: a program and its arguments.
func (b *bench) newWorkspace(service *emulator.Server, address, config string, program ...string) (*workspace, error) {
	dir, err := os.MkdirTemp(b.dir, "workspace")
	if err != nil {
		return nil, err
	}
	w := &workspace{b: b, dir: dir, notes: filepath.Join(dir, "usage"), service: service}
	bin := filepath.Join(dir, "bin")
	for _, d := range []string{w.notes, bin} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return nil, err
		}
	}
	words := append([]string{b.self, meterCommand, w.notes}, program...)
	for i, word := range words {
		words[i] = "'" + word + "'"
	}
	name := address[strings.LastIndex(address, "/")+1:]
	files := map[string]string{
		"main.tf": fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n%s", name, address, config),
		"cli.tfrc": fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/%[1]s" = %[2]q
    "registry.opentofu.org/%[1]s" = %[2]q
  }
  direct {}
}
`, address, bin),
		"bin/terraform-provider-" + name: "#!/bin/sh\nexec " + strings.Join(words, " ") + " \"$@\"\n",
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o700); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// ours returns a workspace with the provider of this repository.
func (b *bench) ours(service *emulator.Server, pace, config string) (*workspace, error) {
	return b.newWorkspace(service, "clarifai/clarifai", providerBlock(service, pace)+config, b.provider)
}

// idle returns a workspace with the provider that does nothing.
func (b *bench) idle(service *emulator.Server, config string) (*workspace, error) {
	return b.newWorkspace(service, "clarifai/clarifai", providerBlock(service, paceOff)+config, b.self, idleCommand)
}

// How the provider paces its requests.
const (
	paceOff = "off"
	paceOn  = "15/s" // the default
)

func providerBlock(service *emulator.Server, pace string) string {
	limit := ""
	if pace == paceOff {
		limit = "  requests_per_second = 0\n"
	}
	return fmt.Sprintf("provider \"clarifai\" {\n  base_url = %q\n  pat = %q\n  user_id = %q\n  app_id = %q\n%s}\n",
		service.URL(), secret, user, app, limit)
}

// cost is the cost of one command.
type cost struct {
	wall     time.Duration
	working  time.Duration // from the first request to the last
	provider usage
	cli      time.Duration // CPU of the CLI
	calls    map[string]int
	state    int64 // bytes of the state file
	output   string
}

// total returns the number of requests.
func (c cost) total() int {
	sum := 0
	for n := range maps.Values(c.calls) {
		sum += n
	}
	return sum
}

// run runs the CLI and measures its cost.
func (w *workspace) run(ctx context.Context, args ...string) (cost, error) {
	w.service.ResetCalls()
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, w.b.cli.path, args...)
	// After the first interrupt the CLI ends cleanly.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = time.Minute
	cmd.Dir = w.dir
	cmd.Env = append(cleanEnvironment(), "TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc"))
	cmd.Stdout, cmd.Stderr = &output, &output
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start), calls: w.service.Counts(), output: output.String()}
	if err != nil {
		return c, fmt.Errorf("%s %s: %w\n%s", w.b.cli.name, strings.Join(args, " "), err, tail(c.output))
	}
	if calls := w.service.Calls(); len(calls) > 0 {
		c.working = calls[len(calls)-1].Time.Sub(calls[0].Time) + w.b.latency
	}
	if c.provider, err = metered(w.notes); err != nil {
		return c, err
	}
	// The system reports the sum of a process and its children.
	c.cli = usageOf(cmd.ProcessState).CPU - c.provider.CPU
	if info, err := os.Stat(filepath.Join(w.dir, "terraform.tfstate")); err == nil {
		c.state = info.Size()
	}
	return c, nil
}

func (w *workspace) apply(ctx context.Context, args ...string) (cost, error) {
	return w.run(ctx, append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
}

// plan runs a plan and returns an error if it has changes.
func (w *workspace) plan(ctx context.Context, args ...string) (cost, error) {
	c, err := w.run(ctx, append([]string{"plan", "-detailed-exitcode", "-no-color"}, args...)...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 {
		return c, fmt.Errorf("the plan after apply has changes:\n%s", tail(c.output))
	}
	return c, err
}

// tail returns the end of a long text.
func tail(text string) string {
	const most = 3000
	if len(text) > most {
		return "[...]" + text[len(text)-most:]
	}
	return text
}
