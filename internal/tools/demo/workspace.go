package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A workspace is a copy of the scenario in which the CLI uses the new build of the provider.
type workspace struct {
	dir     string
	config  string // the CLI configuration
	cli     cli
	env     []string
	service *emulator
}

// newWorkspace copies the scenario, so that state and downloads stay out of the repository.
func newWorkspace(root, work, binary string, c cli, service *emulator) (*workspace, error) {
	w := &workspace{dir: filepath.Join(work, "quickstart"), config: filepath.Join(work, "dev.tfrc"), cli: c, service: service}
	if err := os.CopyFS(w.dir, os.DirFS(filepath.Join(root, "examples", "scenarios", "quickstart"))); err != nil {
		return nil, fmt.Errorf("copying the scenario: %w", err)
	}
	overrides := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/clarifai/clarifai" = %[1]q
    "registry.opentofu.org/clarifai/clarifai" = %[1]q
  }
  direct {}
}
`, filepath.Dir(binary))
	if err := os.WriteFile(w.config, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	w.env = append(cleanEnvironment(),
		"TF_CLI_CONFIG_FILE="+w.config,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"CLARIFAI_API_BASE="+service.url,
		"CLARIFAI_PAT="+service.pat,
		"CLARIFAI_USER_ID="+userID,
		"CLARIFAI_APP_ID="+appID,
	)
	return w, nil
}

// create applies the scenario, expects a plan without changes, and verifies the downloaded archive.
func (w *workspace) create(ctx context.Context) error {
	step("apply: create the resources of examples/scenarios/quickstart")
	fmt.Printf("  configuration: %s\n", filepath.Join(w.dir, "main.tf"))
	if err := w.command(ctx, onlyProgress, "apply", "-input=false", "-no-color", "-auto-approve"); err != nil {
		return err
	}
	if err := w.printRequests(ctx, "apply"); err != nil {
		return err
	}

	step("plan: expect no changes")
	if err := w.command(ctx, onlyProgress, "plan", "-input=false", "-no-color", "-detailed-exitcode"); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 2 {
			return errors.New("the plan after apply has changes")
		}
		return err
	}
	if err := w.printRequests(ctx, "plan"); err != nil {
		return err
	}

	step("archive: verify the download")
	if err := w.checkArchives(ctx); err != nil {
		return err
	}
	return w.command(ctx, everything, "output", "-no-color")
}

// destroy deletes what create has created.
func (w *workspace) destroy(ctx context.Context) error {
	step("destroy: delete all resources")
	if err := w.command(ctx, onlyProgress, "destroy", "-input=false", "-no-color", "-auto-approve"); err != nil {
		return err
	}
	if err := w.printRequests(ctx, "destroy"); err != nil {
		return err
	}
	step("Done: applied, planned without changes, archive verified, destroyed")
	fmt.Println("  Next: make demo KEEP=1 leaves everything in place; docs/guides/getting-started.md explains a configuration of your own.")
	return nil
}

// printNext prints how to continue with an emulator that keeps running.
func (w *workspace) printNext() {
	name := filepath.Base(w.cli.path)
	if strings.Contains(name, "-") { // a build in the cache
		name = w.cli.path
	}
	step("Done: applied, planned without changes, archive verified")
	fmt.Printf(`  The emulator keeps running at %s. Configuration and state: %s

  Continue in a shell:

    cd %s
    export TF_CLI_CONFIG_FILE=%s
    export CLARIFAI_API_BASE=%s CLARIFAI_PAT=%s CLARIFAI_USER_ID=%s CLARIFAI_APP_ID=%s

    %s plan                                  # no changes
    curl -s $CLARIFAI_API_BASE/__emulator/state | head -c 2000
    %s apply -var archive=second.zip         # change main.tf, or a variable, and apply

  End it with: kill %d
`, w.service.url, w.dir, w.dir, w.config, w.service.url, w.service.pat, userID, appID, name, name, w.service.cmd.Process.Pid)
}

// progressLine matches the lines of a CLI's output to print if all goes well.
var progressLine = regexp.MustCompile(`: (Still [a-z]+|(Creation|Destruction|Modifications) complete)` +
	`|^(Plan|Apply complete|Destroy complete|No changes)|^Warning:`)

// onlyProgress omits the details of plans, refreshes, the instances of for_each, and the warning about
// development overrides, which the demo sets itself.
func onlyProgress(line string) bool {
	return progressLine.MatchString(line) && !strings.Contains(line, `["`) &&
		line != "Warning: Provider development overrides are in effect"
}

// everything omits nothing.
func everything(string) bool { return true }

// command runs the CLI and prints the lines of its output that show selects. If it fails, it prints
// the whole output.
func (w *workspace) command(ctx context.Context, show func(line string) bool, args ...string) error {
	fmt.Printf("  $ %s %s\n", filepath.Base(w.cli.path), strings.Join(args, " "))
	var all bytes.Buffer
	lines := &lineWriter{line: func(line string) {
		if show(line) {
			fmt.Println("  " + line)
		}
	}}
	cmd := exec.CommandContext(ctx, w.cli.path, args...)
	// After the first interrupt the CLI needs some time to end cleanly.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = time.Minute
	cmd.Dir, cmd.Env = w.dir, w.env
	cmd.Stdout = io.MultiWriter(&all, lines)
	cmd.Stderr = &all
	if err := cmd.Run(); err != nil {
		fmt.Print(all.String())
		return fmt.Errorf("%s %s: %w", w.cli.name, args[0], err)
	}
	return nil
}

// printRequests prints how many requests to the API a command has sent, by operation.
func (w *workspace) printRequests(ctx context.Context, command string) error {
	counts, total, err := w.service.takeRequests(ctx)
	if err != nil {
		return err
	}
	operations := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for i, operation := range operations {
		name := operation
		if name == "" {
			name = "other"
		}
		operations[i] = fmt.Sprintf("%s %d", name, counts[operation])
	}
	fmt.Printf("  %d API requests by %s: %s\n", total, command, strings.Join(operations, ", "))
	return nil
}

// checkArchives reads every downloaded archive completely and compares its digest with the outputs.
func (w *workspace) checkArchives(ctx context.Context) error {
	outputs, err := w.outputs(ctx)
	if err != nil {
		return err
	}
	found := 0
	err = filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".zip" {
			return err
		}
		found++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		entries, err := readArchive(content)
		if err != nil {
			return fmt.Errorf("%s: %w", entry.Name(), err)
		}
		sum := sha256.Sum256(content)
		digest := hex.EncodeToString(sum[:])
		if !strings.Contains(outputs, digest) {
			return fmt.Errorf("%s has the sha256 %s, which is not among the outputs of the scenario:\n%s", entry.Name(), digest, outputs)
		}
		fmt.Printf("  %s: %d bytes, %d entries, all readable\n  sha256 %s, as in state\n", entry.Name(), len(content), entries, digest)
		return nil
	})
	if err == nil && found == 0 {
		err = errors.New("the scenario downloaded no archive")
	}
	return err
}

// outputs returns the scenario's outputs as JSON.
func (w *workspace) outputs(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, w.cli.path, "output", "-json", "-no-color")
	cmd.Dir, cmd.Env = w.dir, w.env
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s output: %w", w.cli.name, err)
	}
	// OpenTofu and Terraform may write warnings before the JSON object.
	start := bytes.IndexByte(out, '{')
	if start < 0 || !json.Valid(out[start:]) {
		return "", fmt.Errorf("%s output wrote no JSON: %s", w.cli.name, out)
	}
	return string(out[start:]), nil
}

// readArchive unpacks a ZIP archive in memory, which verifies the checksum of every entry.
func readArchive(content []byte) (entries int, err error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return 0, err
	}
	for _, file := range archive.File {
		entry, err := file.Open()
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file.Name, err)
		}
		_, err = io.Copy(io.Discard, entry)
		if err = errors.Join(err, entry.Close()); err != nil {
			return 0, fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return len(archive.File), nil
}

// A lineWriter calls a function for each line that is written to it.
type lineWriter struct {
	line func(string)
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		i := bytes.IndexByte(w.rest, '\n')
		if i < 0 {
			return len(p), nil
		}
		w.line(string(w.rest[:i]))
		w.rest = w.rest[i+1:]
	}
}
