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

// A workspace is a copy of the scenario, in which the CLI uses the provider that was just built.
type workspace struct {
	dir     string
	cli     cli
	env     []string
	service *emulator
}

// newWorkspace copies the scenario, so that state and downloads stay out of the repository.
func newWorkspace(root, work, binary string, c cli, service *emulator) (*workspace, error) {
	w := &workspace{dir: filepath.Join(work, "quickstart"), cli: c, service: service}
	if err := os.CopyFS(w.dir, os.DirFS(filepath.Join(root, "examples", "scenarios", "quickstart"))); err != nil {
		return nil, fmt.Errorf("copying the scenario: %w", err)
	}
	config := filepath.Join(work, "dev.tfrc")
	overrides := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/clarifai/clarifai" = %[1]q
    "registry.opentofu.org/clarifai/clarifai" = %[1]q
  }
  direct {}
}
`, filepath.Dir(binary))
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	w.env = append(cleanEnvironment(),
		"TF_CLI_CONFIG_FILE="+config,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"CLARIFAI_API_BASE="+service.url,
		"CLARIFAI_PAT="+service.pat,
		"CLARIFAI_USER_ID="+userID,
		"CLARIFAI_APP_ID="+appID,
	)
	return w, nil
}

// scenario is the job: everything is made, nothing is left to do, everything goes away.
func (w *workspace) scenario(ctx context.Context) error {
	step("apply: make what examples/scenarios/quickstart describes")
	if err := w.command(ctx, onlyProgress, "apply", "-input=false", "-no-color", "-auto-approve"); err != nil {
		return err
	}
	if err := w.printCalls(ctx, "apply"); err != nil {
		return err
	}

	step("plan: nothing may be left to do")
	if err := w.command(ctx, onlyProgress, "plan", "-input=false", "-no-color", "-detailed-exitcode"); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 2 {
			return errors.New("the plan after apply has changes")
		}
		return err
	}
	if err := w.printCalls(ctx, "plan"); err != nil {
		return err
	}

	step("The exported archive")
	if err := w.checkArchives(ctx); err != nil {
		return err
	}
	if err := w.command(ctx, everything, "output", "-no-color"); err != nil {
		return err
	}

	step("destroy: take all of it away again")
	if err := w.command(ctx, onlyProgress, "destroy", "-input=false", "-no-color", "-auto-approve"); err != nil {
		return err
	}
	if err := w.printCalls(ctx, "destroy"); err != nil {
		return err
	}
	step("Done: applied, planned without changes, archive checked, destroyed")
	return nil
}

// progressLine matches what is worth seeing of a CLI's output when all goes well.
var progressLine = regexp.MustCompile(`: (Still [a-z]+|(Creation|Destruction|Modifications) complete)|^(Plan|Apply complete|Destroy complete|No changes)|^Warning:`)

// onlyProgress leaves out the details of plans and what each refresh reads.
// That the provider is one under development is the demo's own doing.
func onlyProgress(line string) bool {
	return progressLine.MatchString(line) && line != "Warning: Provider development overrides are in effect"
}

// everything leaves nothing out.
func everything(string) bool { return true }

// command runs the CLI and prints those lines of its output that are asked for. When it fails,
// everything it wrote is printed.
func (w *workspace) command(ctx context.Context, show func(line string) bool, args ...string) error {
	fmt.Printf("  $ %s %s\n", filepath.Base(w.cli.path), strings.Join(args, " "))
	var all bytes.Buffer
	lines := &lineWriter{line: func(line string) {
		if show(line) {
			fmt.Println("  " + line)
		}
	}}
	cmd := exec.CommandContext(ctx, w.cli.path, args...)
	// The first Ctrl-C asks the CLI to end well, which it may need some time for.
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

// printCalls prints how many calls to the service a command cost, and which.
func (w *workspace) printCalls(ctx context.Context, command string) error {
	counts, total, err := w.service.takeCalls(ctx)
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
	fmt.Printf("  %d calls by %s: %s\n", total, command, strings.Join(operations, ", "))
	return nil
}

// checkArchives reads every archive that the scenario downloaded to its end, and wants its digest
// among the outputs.
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
		fmt.Printf("  %s: %d bytes, %d entries, all readable\n  sha256 %s, which is what the state says\n", entry.Name(), len(content), entries, digest)
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
	// OpenTofu and Terraform may write warnings before the object; it is what is left.
	start := bytes.IndexByte(out, '{')
	if start < 0 || !json.Valid(out[start:]) {
		return "", fmt.Errorf("%s output wrote no JSON: %s", w.cli.name, out)
	}
	return string(out[start:]), nil
}

// readArchive unpacks a ZIP archive in memory, which checks every entry's checksum.
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

// A lineWriter hands on what is written to it line by line.
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
