package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Feature is a feature that not every CLI has.
type Feature struct {
	name      string
	terraform [2]int // lowest Terraform; {} when none
	tofu      [2]int // lowest OpenTofu; {} when none
}

// Features for [Require].
var (
	ImportByIdentity = Feature{"import by identity", [2]int{1, 12}, [2]int{1, 12}}
	Ephemeral        = Feature{"ephemeral resources", [2]int{1, 10}, [2]int{1, 11}}
	WriteOnly        = Feature{"write-only attributes", [2]int{1, 11}, [2]int{1, 11}}
	Query            = Feature{"terraform query", [2]int{1, 14}, [2]int{}}
	Actions          = Feature{"actions", [2]int{1, 14}, [2]int{}}
)

// CLI is the program that acceptance tests run.
type CLI struct {
	Path    string
	Tofu    bool
	Version [2]int
	Text    string // "Terraform 1.15.3"
}

// TheCLI returns the program: TF_ACC_TERRAFORM_PATH, or terraform, or tofu in PATH.
var TheCLI = sync.OnceValues(func() (CLI, error) {
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	for _, name := range []string{"terraform", "tofu"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		return CLI{}, fmt.Errorf("no terraform or tofu: set TF_ACC_TERRAFORM_PATH or put one in PATH")
	}
	out, err := exec.CommandContext(context.Background(), path, "version").Output()
	if err != nil {
		return CLI{}, fmt.Errorf("%s version: %w", path, err)
	}
	first, _, _ := strings.Cut(string(out), "\n")
	product, version, ok := strings.Cut(first, " v")
	parts := strings.Split(version, ".")
	if !ok || len(parts) < 2 {
		return CLI{}, fmt.Errorf("cannot identify %s from %q", path, first)
	}
	cli := CLI{Path: path, Tofu: product == "OpenTofu", Text: product + " " + version}
	for i := range cli.Version {
		if cli.Version[i], err = strconv.Atoi(parts[i]); err != nil {
			return CLI{}, fmt.Errorf("cannot read the version in %q", first)
		}
	}
	return cli, nil
})

// Require skips the test on a CLI that lacks a feature. The reason names the feature.
func Require(t *testing.T, features ...Feature) {
	t.Helper()
	cli, err := TheCLI()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if !cli.has(f) {
			t.Skipf("%s: not in %s", f.name, cli.Text)
		}
	}
}

func (c CLI) has(f Feature) bool {
	least := f.terraform
	if c.Tofu {
		least = f.tofu
	}
	return least != [2]int{} && slices.Compare(c.Version[:], least[:]) >= 0
}

// Has reports whether the CLI has a feature, for steps that need it.
func Has(f Feature) bool {
	cli, err := TheCLI()
	if err != nil {
		return false
	}
	return cli.has(f)
}
