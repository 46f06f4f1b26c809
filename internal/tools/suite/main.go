// Command suite runs the project's tests as CI does and reports on them.
//
// All tests run once with the first CLI: the packages whose code starts goroutines under the race
// detector, the others without. The acceptance tests (those named TestAcc...) then run again with every other
// CLI. At the end it prints, for each CLI, what passed, failed and was skipped and why, and how many of the
// documented endpoints of the service the acceptance tests reached. Its last line is
// "N passed, N failed, N skipped".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"gotest.tools/gotestsum/testjson"
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
	race     string // paths of packages to run under the race detector
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
	flag.StringVar(&s.race, "race", "", "paths of packages to run under the race detector, separated by commas")
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

// everything runs all tests of the packages with one CLI.
func (s *suite) everything(ctx context.Context, c cli, patterns []string) (*results, error) {
	list := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	list.Dir = s.dir
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	race, plain := splitPackages(strings.Fields(string(out)), s.race)
	r := &results{}
	if err := s.goTest(ctx, c, r, race, "-race"); err != nil {
		return r, err
	}
	return r, s.goTest(ctx, c, r, plain)
}

// splitPackages separates the packages in one of the paths from the others.
func splitPackages(all []string, paths string) (in, others []string) {
	for _, pkg := range all {
		below := func(path string) bool {
			return path != "" && strings.Contains(pkg+"/", "/"+strings.Trim(path, "/")+"/")
		}
		if slices.ContainsFunc(strings.Split(paths, ","), below) {
			in = append(in, pkg)
		} else {
			others = append(others, pkg)
		}
	}
	return in, others
}

// goTest runs "go test" for packages.
func (s *suite) goTest(ctx context.Context, c cli, into *results, packages []string, flags ...string) error {
	if len(packages) == 0 || ctx.Err() != nil {
		return nil
	}
	args := []string{"test", "-json", "-count=1", "-parallel=" + strconv.Itoa(s.parallel), "-timeout=" + s.timeout.String()}
	args = append(args, flags...)
	if s.run != "" {
		args = append(args, "-run="+s.run)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, packages...)...)
	cmd.Dir = s.dir
	env, err := s.environment(c)
	if err != nil {
		return err
	}
	cmd.Env = env
	if len(flags) > 0 {
		c.name += " (race detector)"
	}
	return s.stream(cmd, c, into)
}

// notAcceptance matches the names of tests that drive no CLI.
const notAcceptance = "^Test([^A]|A[^c]|Ac[^c])"

// acceptance compiles the packages' tests once and runs their acceptance tests with each CLI.
func (s *suite) acceptance(ctx context.Context, clis []cli, packages []string, into []*results) error {
	for i := range clis {
		into[i] = &results{}
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
		for line := range strings.Lines(string(out)) {
			pkg, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
			cmd := exec.CommandContext(ctx, "go", "tool", "test2json", "-t", "-p", pkg,
				binaries+filepath.Base(pkg)+".test", "-test.v=test2json", "-test.paniconexit0",
				"-test.run="+pattern, "-test.skip="+notAcceptance, "-test.parallel="+strconv.Itoa(s.parallel), "-test.timeout="+s.timeout.String())
			cmd.Dir, cmd.Env = dir, env
			workers.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				if err := s.stream(cmd, c, into[i]); err != nil {
					mu.Lock()
					defer mu.Unlock()
					failures = append(failures, err)
				}
			})
		}
	}
	workers.Wait()
	return errors.Join(failures...)
}

// stream runs a command that writes test events, collects them and prints progress and failures.
// Failed tests are no error: they are in the results.
func (s *suite) stream(cmd *exec.Cmd, c cli, r *results) error {
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var printing sync.Mutex
	var messages strings.Builder
	scanErr := r.scan(stdout, stderr,
		func(run *testjson.Execution, pkg string) { s.progress(c, run, pkg) },
		func(line string) {
			printing.Lock()
			defer printing.Unlock()
			fmt.Fprintln(&messages, line)
		})
	waitErr := cmd.Wait()
	if messages.Len() > 0 {
		s.print.Lock()
		fmt.Print(messages.String())
		s.print.Unlock()
	}
	if scanErr != nil {
		return scanErr
	}
	if _, failed, _ := r.counts(); waitErr != nil && failed == 0 {
		return fmt.Errorf("%s: the tests ended with %w", c.name, waitErr)
	}
	return nil
}

// environment is the environment of the tests: it names the CLI and drops settings of the caller that
// would change results. With CLARIFAI_ACC_LIVE=1 the address and key of a real service stay.
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
		// A sixth of the CPU time is garbage collection in CLIs, which end soon.
		"GOGC=400",
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

// progress prints one line for a package that has ended, and the output of its failed tests.
func (s *suite) progress(c cli, run *testjson.Execution, name string) {
	s.print.Lock()
	defer s.print.Unlock()
	pkg := run.Package(name)
	failed := failedIn(run, name, pkg)
	if len(pkg.Passed)+len(pkg.Skipped)+len(failed) == 0 {
		return
	}
	mark := "ok  "
	if len(failed) > 0 {
		mark = "FAIL"
	}
	fmt.Printf("%s  %-32s %6.1fs  %4d passed", mark, c.name, pkg.Elapsed().Seconds(), len(pkg.Passed))
	if len(failed) > 0 {
		fmt.Printf(", %d failed", len(failed))
	}
	if len(pkg.Skipped) > 0 {
		fmt.Printf(", %d skipped", len(pkg.Skipped))
	}
	fmt.Printf("  %s\n", short(name))
	for _, t := range failed {
		fmt.Printf("\n--- %s: %s on %s\n%s\n", short(t.pkg), t.name, c.name, t.output)
	}
}

// short is a package's path inside the module under test.
func short(pkg string) string {
	if i := strings.Index(pkg, "/internal/"); i >= 0 {
		return pkg[i+1:]
	}
	return pkg
}
