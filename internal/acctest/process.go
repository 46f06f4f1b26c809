package acctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// RealTime makes the emulator use the machine's clock, for tests that run the provider as a process of its own.
func RealTime(s *setup) { s.emulator.Clock = nil }

// Workspace is a directory in which the real CLI runs the real provider binary
// against the Env's emulator. It tests signals, kills, logs and exit codes, which an in-process provider cannot.
type Workspace struct {
	Dir string
	cli CLI
	bin string // the provider
	env []string
	// The provider of this process, for [Workspace.Run] instead of bin; see [Env.InProcess].
	serve func() (tfprotov6.ProviderServer, error)
}

// Workspace returns a workspace with a configuration. Use it with [RealTime].
func (e *Env) Workspace(t *testing.T, config string) *Workspace {
	t.Helper()
	cli, err := TheCLI()
	if err != nil {
		t.Fatal(err)
	}
	bin, err := providerBinary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := &Workspace{Dir: dir, cli: cli, bin: bin}
	w.Write(t, "main.tf", config)
	w.Write(t, "cli.tfrc", w.DevOverrides())
	w.env = append(os.Environ(),
		"TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"),
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "NO_COLOR=1",
	)
	return w
}

// DevOverrides writes a CLI configuration with which the CLI uses the provider without "terraform init".
func (w *Workspace) DevOverrides() string {
	return fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/hashicorp/clarifai" = %[1]q
    "registry.opentofu.org/hashicorp/clarifai" = %[1]q
    "registry.terraform.io/clarifai/clarifai"  = %[1]q
    "registry.opentofu.org/clarifai/clarifai"  = %[1]q
  }
  direct {}
}
`, filepath.Dir(w.bin))
}

// Mirror writes a CLI configuration with which "terraform init" finds the provider as a released version.
func (w *Workspace) Mirror(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(dir, host, "clarifai", "clarifai", version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(target, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(w.bin, filepath.Join(target, "terraform-provider-clarifai_v"+version)); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", dir)
}

// Provider returns the path of the provider's binary.
func (w *Workspace) Provider() string { return w.bin }

// Environ returns the environment of the workspace's commands.
func (w *Workspace) Environ() []string { return slices.Clone(w.env) }

// Write puts a file into the workspace.
func (w *Workspace) Write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Setenv sets an environment variable of later commands.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// Command returns a command that runs the CLI. Its standard output and standard error go to output.
func (w *Workspace) Command(ctx context.Context, output *Output, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.cli.Path, args...) //nolint:gosec // arguments of a test
	cmd.Dir, cmd.Env = w.Dir, w.env
	cmd.Stdout, cmd.Stderr = output, output
	return cmd
}

// Run runs the CLI and returns its output and exit code.
func (w *Workspace) Run(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var output Output
	cmd := w.Command(t.Context(), &output, args...)
	if w.serve != nil {
		variable, stop, err := attach(t, w.serve)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		cmd.Env = append(slices.Clone(w.env), variable)
	}
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return output.String(), exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return output.String(), 0
}

// MustRun is like Run and fails the test unless the command succeeds.
func (w *Workspace) MustRun(t *testing.T, args ...string) string {
	t.Helper()
	output, code := w.Run(t, args...)
	if code != 0 {
		t.Fatalf("%v ended with %d:\n%s", args, code, output)
	}
	return output
}

// NoChanges fails the test unless the plan is empty.
func (w *Workspace) NoChanges(t *testing.T) {
	t.Helper()
	if output, code := w.Run(t, "plan", "-no-color", "-detailed-exitcode"); code != 0 {
		t.Errorf("the plan is not empty:\n%s", output)
	}
}

// Flat returns the text of diagnostics, which the CLI wraps and frames, in one line.
func Flat(output string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
}

// Output collects the output of a process; it may be read at the same time.
type Output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// String returns the output so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

const module = "github.com/clarifai/terraform-provider-clarifai"

// providerBinary builds the provider once for all tests of the process, unless
// CLARIFAI_PROVIDER_BINARY names a binary, as in "make test".
var providerBinary = sync.OnceValues(func() (string, error) {
	if built := os.Getenv("CLARIFAI_PROVIDER_BINARY"); built != "" {
		return built, nil
	}
	dir, err := os.MkdirTemp("", "clarifai-provider")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "terraform-provider-clarifai")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", bin, module).CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return bin, nil
})
