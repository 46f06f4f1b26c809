package acctest_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The code blocks of README, guides and scenarios are run as a reader would: a block whose first line
// is a comment with a file name becomes that file, and shell blocks run one after the other in one shell.
// A comment before a block changes that:
//
//	<!-- not run: REASON -->   leaves the next block out
//	<!-- check: COMMAND -->    runs a command that readers do not see
//
// A shell line that ends in "# exit code N" must end with that code.

// pageDir is where a page's commands run, from the root of the copied repository.
func pageDir(page string) string {
	if strings.HasPrefix(page, "examples/") {
		return filepath.Dir(page)
	}
	return "."
}

// otherPages are guides whose blocks are fragments; the tests of their services apply them.
var otherPages = []string{"taxonomies", "annotations", "annotation-formats"}

func TestAccPages(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the pages' commands are for a POSIX shell")
	}
	root := filepath.Join("..", "..")
	pages := []string{"README.md"}
	for _, pattern := range []string{"templates/guides/*.md.tmpl", "examples/scenarios/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: no pages (%v)", pattern, err)
		}
		for _, file := range found {
			relative, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, filepath.ToSlash(relative))
		}
	}
	ran := 0
	for _, page := range pages {
		name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(page), ".tmpl"), ".md")
		if strings.HasPrefix(page, "examples/") {
			name = filepath.Base(filepath.Dir(page))
		}
		content, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		script, err := pageScript(string(content))
		exempt := false
		for _, other := range otherPages {
			exempt = exempt || name == other
		}
		if exempt {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", page, err)
			continue
		}
		if script == "" {
			continue
		}
		ran++
		t.Run(name, func(t *testing.T) { runPage(t, page, script) })
	}
	if ran < 5 {
		t.Errorf("only %d pages have blocks that run", ran)
	}
}

var (
	fence      = regexp.MustCompile("^( *)```([a-z]*)$")
	fileName   = regexp.MustCompile(`^(?:#|//) (\S+\.[a-z0-9.]+)$`)
	notRun     = regexp.MustCompile(`^ *<!-- not run: .+ -->$`)
	check      = regexp.MustCompile(`^ *<!-- check: (.+) -->$`)
	exitCode   = regexp.MustCompile(`^(.*?)\s+# exit code (\d+).*$`)
	background = "127.0.0.1:8080"
)

// pageScript turns a page into a shell script. It fails for a block that is neither a file nor a command,
// and is not marked as one that is not run.
func pageScript(page string) (string, error) {
	var script strings.Builder
	skip := false
	lines := strings.Split(page, "\n")
	for i := 0; i < len(lines); i++ {
		switch line := lines[i]; {
		case notRun.MatchString(line):
			skip = true
		case check.MatchString(line):
			script.WriteString(check.FindStringSubmatch(line)[1] + "\n")
		case fence.MatchString(line):
			begin := fence.FindStringSubmatch(line)
			var block []string
			for i++; i < len(lines) && strings.TrimSpace(lines[i]) != "```"; i++ {
				block = append(block, strings.TrimPrefix(lines[i], begin[1]))
			}
			if err := addBlock(&script, begin[2], block, skip); err != nil {
				return "", fmt.Errorf("the block before line %d: %w", i+1, err)
			}
			skip = false
		}
	}
	return script.String(), nil
}

func addBlock(script *strings.Builder, language string, block []string, skip bool) error {
	switch language {
	case "json", "text", "mermaid", "console", "":
		skip = true // shown, but neither a file nor a command
	}
	switch {
	case skip || len(block) == 0:
	case language == "shell":
		for _, line := range block {
			if m := exitCode.FindStringSubmatch(line); m != nil {
				line = fmt.Sprintf("code=0; %s || code=$?; [ $code = %s ] || { echo \"exit code $code\"; exit 1; }", m[1], m[2])
			}
			script.WriteString(line + "\n")
		}
	case fileName.MatchString(block[0]):
		name := fileName.FindStringSubmatch(block[0])[1]
		fmt.Fprintf(script, "mkdir -p \"$(dirname %[1]s)\"; cat > %[1]s <<'END_OF_FILE'\n%[2]s\nEND_OF_FILE\n", name, strings.Join(block, "\n"))
	default:
		return fmt.Errorf("%s: it names no file and is not marked as not run", language)
	}
	return nil
}

// runPage runs a script in a copy of the repository's examples, with the CLI under test as both
// terraform and tofu, and the provider as "terraform init" installs a release.
func runPage(t *testing.T, page, script string) {
	env := acctest.New(t, acctest.RealTime, acctest.Emulator(func(o *emulator.Options) {
		o.Buckets = map[string]string{"acme-bucket": filepath.Join("testdata", "acme-bucket")}
	}))
	w := env.Workspace(t, "")
	cli, err := acctest.TheCLI()
	if err != nil {
		t.Fatal(err)
	}
	root, bin := t.TempDir(), filepath.Join(t.TempDir(), "path")
	copyInto(t, filepath.Join(root, "examples", "scenarios"), filepath.Join(examples, "scenarios"), func(string) bool { return true })
	for link, target := range map[string]string{
		filepath.Join(bin, "terraform"):                           cli.Path,
		filepath.Join(bin, "tofu"):                                cli.Path,
		filepath.Join(root, "bin", "terraform-provider-clarifai"): w.Provider(),
	} {
		if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(root, "dev.tfrc")
	text := w.Mirror(t, "0.1.0") // as after a release
	if strings.HasPrefix(page, "examples/") {
		text = w.DevOverrides()
	}
	if page != "README.md" { // README.md writes it itself
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// Commands that ask the reader for confirmation.
	w.Setenv("TF_CLI_ARGS_apply", "-auto-approve")
	w.Setenv("TF_CLI_ARGS_destroy", "-auto-approve")
	w.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	w.Setenv("TF_CLI_CONFIG_FILE", config)
	w.Setenv("CLARIFAI_API_BASE", env.URL())
	w.Setenv("CLARIFAI_PAT", acctest.PAT)
	w.Setenv("CLARIFAI_USER_ID", acctest.User)
	w.Setenv("CLARIFAI_APP_ID", acctest.App)

	script = "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + strings.ReplaceAll(script, background, freeAddress(t))
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
	cmd.Dir, cmd.Env = filepath.Join(root, pageDir(page)), w.Environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s\nafter these commands:\n%s", page, err, out, script)
	}
}

// freeAddress returns a loopback address that is not in use.
func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func TestPageScript(t *testing.T) {
	t.Parallel()
	page := "```terraform\n# a.tf\nx\n```\n<!-- check: test -f a.tf -->\n" +
		"<!-- not run: why -->\n```shell\nmissing\n```\n```shell\nfalse   # exit code 1: so it is\n```\n"
	script, err := pageScript(page)
	if err != nil {
		t.Fatal(err)
	}
	script = "set -e\n" + script
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, script)
	}
	for page, want := range map[string]string{
		"```terraform\nresource\n```\n": "names no file",
		"```hcl\nx\n```\n":              "names no file",
	} {
		if _, err := pageScript(page); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", page, err)
		}
	}
	failing, err := pageScript("```shell\ntrue   # exit code 1\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.CommandContext(t.Context(), "bash", "-c", "set -e\n"+failing).Run(); err == nil {
		t.Error("a command with another exit code passes")
	}
}
