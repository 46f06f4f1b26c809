// Command suite runs the project's tests as CI does and reports on them.
//
// Everything runs once, under the race detector, with the first CLI given. The acceptance tests
// (those named TestAcc...) then run again with every other CLI. At the end it prints, for each
// CLI, what passed, failed and was skipped and why, and how many of the documented endpoints of
// the service the acceptance tests reached. Its last line is "N passed, N failed, N skipped".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// cli is a Terraform or OpenTofu program that acceptance tests drive.
type cli struct {
	name string // such as "Terraform 1.11.4"
	path string
}

// suite is one invocation of this command.
type suite struct {
	dir      string // the module under test
	scratch  string
	race     bool
	run      string
	parallel int
	timeout  time.Duration
	print    sync.Mutex
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx)
	stop()
	os.Exit(code)
}

func run(ctx context.Context) int {
	s := &suite{}
	var clis []cli
	var absent []string
	flag.StringVar(&s.dir, "dir", ".", "directory of the module under test")
	flag.BoolVar(&s.race, "race", false, "run everything once under the race detector")
	flag.StringVar(&s.run, "run", "", "only tests that match this regular expression (as go test -run)")
	flag.IntVar(&s.parallel, "parallel", 4, "how many tests of one package run at a time")
	flag.DurationVar(&s.timeout, "timeout", 15*time.Minute, "limit for the tests of one package")
	endpoints := flag.String("endpoints", "", "JSON file that lists the service's endpoints")
	reach := flag.Int("reach", 0, "how many documented endpoints acceptance tests must reach with success")
	flag.Func("cli", "a CLI as NAME=PATH; may be repeated, the first one runs everything", func(value string) error {
		name, path, ok := strings.Cut(value, "=")
		if !ok {
			return errors.New("want NAME=PATH")
		}
		clis = append(clis, cli{name, path})
		return nil
	})
	flag.Func("absent", "what is not tested on this machine, and why; may be repeated", func(value string) error {
		absent = append(absent, value)
		return nil
	})
	flag.Parse()
	packages := flag.Args()
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	if len(clis) == 0 {
		fmt.Fprintln(os.Stderr, "suite: no Terraform and no OpenTofu to run acceptance tests with")
		return 1
	}
	scratch, err := os.MkdirTemp("", "suite")
	if err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
		return 1
	}
	defer os.RemoveAll(scratch)
	s.scratch = scratch

	all := make([]*results, len(clis))
	if err = s.buildProvider(ctx); err == nil {
		all[0], err = s.everything(ctx, clis[0], packages)
	}
	if err == nil && ctx.Err() == nil && len(clis) > 1 {
		err = s.acceptance(ctx, clis[1:], all[0].acceptancePackages(), all[1:])
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted: what follows is about the tests until then")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "suite:", err)
	}
	good := report(os.Stdout, clis, all, absent)
	if *endpoints != "" && s.run == "" {
		if coverageErr := s.reportEndpoints(os.Stdout, *endpoints, *reach, clis); coverageErr != nil {
			fmt.Println(coverageErr)
			good = false
		}
	}
	passed, failed, skipped := 0, 0, 0
	for _, r := range all {
		if r != nil {
			p, f, k := r.counts()
			passed, failed, skipped = passed+p, failed+f, skipped+k
		}
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if err != nil || !good || passed == 0 {
		return 1
	}
	return 0
}

// provider is the binary that tests run which need the provider as a process of its own.
func (s *suite) provider() string {
	return filepath.Join(s.scratch, "bin", "terraform-provider-clarifai")
}

// buildProvider builds it once, so that not every package's tests have to.
func (s *suite) buildProvider(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", s.provider(), ".")
	build.Dir = s.dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return nil
}

// everything runs all tests of the packages with one CLI, as "go test" does.
func (s *suite) everything(ctx context.Context, c cli, packages []string) (*results, error) {
	args := []string{"test", "-json", "-count=1", "-parallel=" + strconv.Itoa(s.parallel), "-timeout=" + s.timeout.String()}
	if s.race {
		args = append(args, "-race")
		c.name += " (race detector)"
	}
	if s.run != "" {
		args = append(args, "-run="+s.run)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, packages...)...)
	cmd.Dir = s.dir
	env, err := s.environment(c)
	if err != nil {
		return nil, err
	}
	cmd.Env = env
	r := newResults()
	err = s.stream(cmd, c, r)
	r.elapsed = time.Since(r.began)
	return r, err
}

// notAcceptance matches the names of tests that drive no CLI.
const notAcceptance = "^Test([^A]|A[^c]|Ac[^c])"

// acceptance compiles the packages' tests once and runs their acceptance tests with each CLI.
func (s *suite) acceptance(ctx context.Context, clis []cli, packages []string, into []*results) error {
	for i := range clis {
		into[i] = newResults()
	}
	if len(packages) == 0 {
		return nil
	}
	binaries := filepath.Join(s.scratch, "tests") + string(filepath.Separator)
	compile := exec.CommandContext(ctx, "go", append([]string{"test", "-c", "-o", binaries}, packages...)...)
	compile.Dir = s.dir
	if out, err := compile.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling the acceptance tests: %w\n%s", err, out)
	}
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-f", "{{.ImportPath}} {{.Dir}}"}, packages...)...)
	list.Dir = s.dir
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("finding the directories of the acceptance tests: %w", err)
	}

	pattern := s.run
	if pattern == "" {
		pattern = "^TestAcc"
	}
	var mu sync.Mutex
	var failures []error
	var workers sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, c := range clis {
		env, err := s.environment(c)
		if err != nil {
			return err
		}
		// A sixth of the time of these runs is garbage collection in CLIs that end before it pays.
		env = append(env, "GOGC=400")
		for line := range strings.Lines(string(out)) {
			pkg, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
			cmd := exec.CommandContext(ctx, "go", "tool", "test2json", "-t", "-p", pkg,
				binaries+filepath.Base(pkg)+".test", "-test.v=test2json", "-test.paniconexit0",
				"-test.run="+pattern, "-test.skip="+notAcceptance, "-test.parallel="+strconv.Itoa(s.parallel), "-test.timeout="+s.timeout.String())
			cmd.Dir, cmd.Env = dir, env
			workers.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				own := newResults()
				err := s.stream(cmd, c, own)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					failures = append(failures, err)
				}
				into[i].merge(own)
			})
		}
	}
	workers.Wait()
	return errors.Join(failures...)
}

// merge adds what another run reported about other packages. Times add up, although packages
// of several CLIs run side by side.
func (r *results) merge(other *results) {
	for key, t := range other.tests {
		r.tests[key] = t
	}
	for key, p := range other.packages {
		r.packages[key] = p
	}
	r.elapsed += time.Since(other.began)
}

// stream runs a command that writes test events, gathers them and prints progress and failures.
// Tests that fail are no error here: they are in the results.
func (s *suite) stream(cmd *exec.Cmd, c cli, r *results) error {
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	var complaints strings.Builder
	cmd.Stderr = &complaints
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	stray := func(line string) { fmt.Fprintln(&complaints, line) }
	readErr := r.read(events, func(pkg *test, elapsed time.Duration) { s.progress(c, r, pkg, elapsed) }, stray)
	waitErr := cmd.Wait()
	if complaints.Len() > 0 {
		s.print.Lock()
		fmt.Print(complaints.String())
		s.print.Unlock()
	}
	if readErr != nil {
		return readErr
	}
	_, failed, _ := r.counts()
	if waitErr != nil && failed == 0 {
		return fmt.Errorf("%s: the tests ended with %w", c.name, waitErr)
	}
	return nil
}

// environment is that of the tests: it names the CLI and keeps out what the caller's own
// environment would change. With CLARIFAI_ACC_LIVE=1 the address and key of a real service stay.
func (s *suite) environment(c cli) ([]string, error) {
	live := os.Getenv("CLARIFAI_ACC_LIVE") == "1"
	var env []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		switch {
		case name == "CLARIFAI_PROTO_DIR", name == "CLARIFAI_ACC_LIVE":
		case strings.HasPrefix(name, "TF_"):
			continue
		case strings.HasPrefix(name, "CLARIFAI_") && !live:
			continue
		}
		env = append(env, variable)
	}
	// OpenTofu writes a warning about a missing configuration file where its version is expected.
	config := filepath.Join(s.scratch, "empty.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return nil, err
	}
	coverage := s.coverageDir(c)
	if err := os.MkdirAll(coverage, 0o700); err != nil {
		return nil, err
	}
	env = append(env,
		"TF_ACC=1",
		"TF_ACC_TERRAFORM_PATH="+c.path,
		"TF_CLI_CONFIG_FILE="+config,
		"TF_LOG_SDK=off",
		"CHECKPOINT_DISABLE=1",
		"CLARIFAI_COVERAGE_DIR="+coverage,
		"CLARIFAI_PROVIDER_BINARY="+s.provider(),
	)
	if strings.HasPrefix(c.name, "OpenTofu") {
		env = append(env, "TF_ACC_PROVIDER_HOST=registry.opentofu.org")
	}
	return env, nil
}

// coverageDir is where the acceptance tests that run with one CLI note the endpoints they reach.
func (s *suite) coverageDir(c cli) string {
	name, _, _ := strings.Cut(c.name, " (")
	return filepath.Join(s.scratch, "endpoints", strings.ReplaceAll(name, " ", "-"))
}

// progress prints one line for a package that is done, and all that its failed tests wrote.
func (s *suite) progress(c cli, r *results, pkg *test, elapsed time.Duration) {
	s.print.Lock()
	defer s.print.Unlock()
	passed, failed, skipped := len(r.with("pass", pkg.pkg)), r.with("fail", pkg.pkg), len(r.with("skip", pkg.pkg))
	if passed+len(failed)+skipped == 0 && pkg.outcome != "fail" {
		return
	}
	mark := "ok  "
	if pkg.outcome == "fail" {
		mark = "FAIL"
	}
	fmt.Printf("%s  %-32s %6.1fs  %4d passed", mark, c.name, elapsed.Seconds(), passed)
	if len(failed) > 0 {
		fmt.Printf(", %d failed", len(failed))
	}
	if skipped > 0 {
		fmt.Printf(", %d skipped", skipped)
	}
	fmt.Printf("  %s\n", short(pkg.pkg))
	for _, t := range failed {
		fmt.Printf("\n--- %s: %s on %s\n%s\n", short(t.pkg), t.name, c.name, t.output.String())
	}
	if pkg.outcome == "fail" && len(failed) == 0 {
		fmt.Printf("\n--- %s on %s\n", pkg.pkg, c.name)
		if build := r.builds[pkg.build]; build != nil {
			fmt.Print(build.String())
		}
		fmt.Println(pkg.output.String())
	}
}

// short is a package's path inside the module under test.
func short(pkg string) string {
	if i := strings.Index(pkg, "/internal/"); i >= 0 {
		return pkg[i+1:]
	}
	return pkg
}

// report prints the table of results and the reasons of skipped tests. It returns whether
// every CLI ran tests and none of them failed.
func report(w io.Writer, clis []cli, all []*results, absent []string) bool {
	good := true
	fmt.Fprintf(w, "\n%-28s %8s %8s %8s %9s\n", "", "passed", "failed", "skipped", "time")
	for i, c := range clis {
		if all[i] == nil {
			fmt.Fprintf(w, "%-28s did not run\n", c.name)
			good = false
			continue
		}
		passed, failed, skipped := all[i].counts()
		what := "all tests"
		if i > 0 {
			what = "TestAcc"
		}
		fmt.Fprintf(w, "%-28s %8d %8d %8d %8.0fs\n", c.name+", "+what, passed, failed, skipped, all[i].elapsed.Seconds())
		if failed > 0 || passed == 0 {
			good = false
		}
	}
	for _, a := range absent {
		fmt.Fprintf(w, "not tested: %s\n", a)
	}
	for i, c := range clis {
		if all[i] == nil {
			continue
		}
		for _, p := range all[i].brokenPackages() {
			fmt.Fprintf(w, "failed on %s: package %s\n", c.name, short(p.pkg))
		}
		for _, t := range all[i].with("fail", "") {
			fmt.Fprintf(w, "failed on %s: %s in %s\n", c.name, t.name, short(t.pkg))
		}
	}
	for i, c := range clis {
		if all[i] == nil {
			continue
		}
		reasons, order := map[string][]string{}, []string{}
		for _, t := range all[i].with("skip", "") {
			reason := t.skipReason()
			if reasons[reason] == nil {
				order = append(order, reason)
			}
			reasons[reason] = append(reasons[reason], t.name)
		}
		for _, reason := range order {
			fmt.Fprintf(w, "skipped on %s: %s\n    %s\n", c.name, reason, strings.Join(reasons[reason], "\n    "))
		}
	}
	return good
}
