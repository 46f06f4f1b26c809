package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A cli is the Terraform or OpenTofu program that the demo drives.
type cli struct {
	path string
	name string // such as "Terraform v1.11.4"
}

// oldestMinor is the oldest 1.x of both Terraform and OpenTofu that the provider supports.
const oldestMinor = 11

var versionLine = regexp.MustCompile(`^(Terraform|OpenTofu) v1\.(\d+)\.\S+`)

// inspect runs "version" and returns an error for a program that is no CLI or too old.
func inspect(ctx context.Context, path string) (cli, error) {
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(cleanEnvironment(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	out, err := cmd.Output()
	if err != nil {
		return cli{}, fmt.Errorf("%s version: %w", path, err)
	}
	match := versionLine.FindStringSubmatch(string(out))
	if match == nil {
		return cli{}, fmt.Errorf("%s does not identify itself as Terraform or OpenTofu 1.x", path)
	}
	if minor, err := strconv.Atoi(match[2]); err != nil || minor < oldestMinor {
		return cli{}, fmt.Errorf("%s is %s, and the provider needs 1.%d or later", path, match[0], oldestMinor)
	}
	return cli{path: path, name: match[0]}, nil
}

// findCLI returns the CLI that DEMO_CLI names, or the first of terraform and tofu in PATH that is
// recent enough, or builds the newest Terraform.
func findCLI(ctx context.Context, root string) (cli, error) {
	if asked := os.Getenv("DEMO_CLI"); asked != "" {
		path, err := exec.LookPath(asked)
		if err != nil {
			return cli{}, fmt.Errorf("DEMO_CLI: %w", err)
		}
		return inspect(ctx, path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		found, err := inspect(ctx, path)
		if err == nil {
			return found, nil
		}
		fmt.Println("  not used:", err)
	}
	step("no Terraform or OpenTofu 1.%d or later in PATH: using the newest Terraform, which is built from source once", oldestMinor)
	build := exec.CommandContext(ctx, "bash", filepath.Join(root, "internal", "tools", "cli.sh"), "terraform")
	build.Stderr = os.Stdout
	out, err := build.Output()
	if err != nil {
		return cli{}, errors.New("Terraform could not be built; install terraform or tofu and run this again")
	}
	return inspect(ctx, strings.TrimSpace(string(out)))
}

// buildProvider builds bin/terraform-provider-clarifai and returns its path.
func buildProvider(ctx context.Context, root string) (string, error) {
	build := exec.CommandContext(ctx, "make", "-C", root, "build")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return filepath.Join(root, "bin", "terraform-provider-clarifai"), nil
}

// cleanEnvironment is the environment without the settings of CLIs and the provider.
func cleanEnvironment() []string {
	var env []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CLARIFAI_") {
			env = append(env, variable)
		}
	}
	return env
}
