// Command suite runs the project's tests as CI does and reports on them.
//
// All tests run once with the first CLI: the packages whose code starts goroutines under the race
// detector, the others without. The acceptance tests (those named TestAcc...) run again with the other CLIs, from
// the same test binaries: all of them, or, with -everywhere, those that it matches. At the end it prints, for each CLI, what passed, failed and was skipped and why, how many of the
// documented endpoints of the service the acceptance tests reached, and how many of the fields that a client can
// set they sent. Its last line is
// "N passed, N failed, N skipped".
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
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
	dir     string // the module under test
	scratch string
	race    string // paths of packages to run under the race detector
	once    string // paths of packages whose acceptance tests run only with the first CLI
	run     string
	// Matches the acceptance tests that run with every CLI; the others run with the first one. nil: all run with every CLI.
	everywhere *regexp.Regexp
	parallel   int
	timeout    time.Duration
	print      sync.Mutex
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
	flag.StringVar(&s.race, "race", "", "paths of packages to run under the race detector, separated by commas; PATH/... includes those below")
	flag.StringVar(&s.once, "once", "", "paths of packages, as for -race, whose acceptance tests run only with the first CLI")
	flag.Func("everywhere", "acceptance tests that do not match run only with the first CLI (regular expression)",
		func(value string) (err error) {
			s.everywhere, err = regexp.Compile(value)
			return err
		})
	flag.StringVar(&s.run, "run", "", "only tests that match this regular expression (as go test -run)")
	flag.IntVar(&s.parallel, "parallel", 4, "how many tests of one package run at a time")
	flag.DurationVar(&s.timeout, "timeout", 30*time.Minute, "limit for the tests of one package")
	endpoints := flag.String("endpoints", "", "JSON file that lists the service's endpoints")
	reach := flag.Int("reach", 0, "how many documented endpoints acceptance tests must reach with success")
	fields := flag.String("fields", "", "table of what a client can send to the endpoints")
	sent := flag.Int("sent", -1, "how many settable fields acceptance tests must send through each CLI; all if negative")
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
	for i := range all {
		all[i] = &results{}
	}
	if err = s.buildProvider(ctx); err == nil {
		err = s.runAll(ctx, clis, packages, all)
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
	if *fields != "" && s.run == "" {
		if coverageErr := s.reportFields(os.Stdout, *fields, *sent, clis); coverageErr != nil {
			fmt.Println(coverageErr)
			good = false
		}
	}
	passed, failed, skipped := 0, 0, 0
	for _, r := range all {
		p, f, k := r.counts()
		passed, failed, skipped = passed+p, failed+f, skipped+k
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

// runAll runs all tests with the first CLI, and the acceptance tests with the others. Packages to run under the race
// detector come first; the tests of the others, and all acceptance tests for further CLIs, are compiled once.
func (s *suite) runAll(ctx context.Context, clis []cli, patterns []string, into []*results) error {
	packages, err := s.testedPackages(ctx, patterns)
	if err != nil {
		return err
	}
	race, plain := splitPackages(packages, s.race)
	if err := s.goTest(ctx, clis[0], into[0], race); err != nil {
		return err
	}
	var again []testedPackage
	if len(clis) > 1 {
		_, again = splitPackages(packages, s.once)
		again = slices.DeleteFunc(again, func(pkg testedPackage) bool { return len(acceptanceTests(pkg.dir)) == 0 })
	}
	tests, err := s.compile(ctx, plain, again)
	if err != nil || ctx.Err() != nil {
		return err
	}
	type job struct {
		cli  cli
		test compiled
		args []string
		into *results
	}
	var jobs []job
	for i, c := range clis {
		for _, t := range tests {
			switch {
			case i == 0 && slices.Contains(plain, t.pkg):
				jobs = append(jobs, job{c, t, []string{"-test.run=" + s.run}, into[i]})
			case i > 0 && slices.Contains(again, t.pkg):
				if selection := s.selection(t.pkg); selection != nil {
					jobs = append(jobs, job{c, t, selection, into[i]})
				}
			}
		}
	}
	var mu sync.Mutex
	var failures []error
	var workers sync.WaitGroup
	queue := make(chan job)
	// Some tests wait most of their time, so one package more than there are processors keeps these busy.
	for range runtime.GOMAXPROCS(0) + 1 {
		workers.Go(func() {
			for j := range queue {
				if err := s.runCompiled(ctx, j.cli, j.test, j.into, j.args); err != nil {
					mu.Lock()
					failures = append(failures, err)
					mu.Unlock()
				}
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	workers.Wait()
	return errors.Join(failures...)
}

// selection returns the arguments that select the acceptance tests of a package for the CLIs after the first; nil: none.
func (s *suite) selection(pkg testedPackage) []string {
	if s.run != "" || s.everywhere == nil {
		return []string{"-test.run=" + cmp.Or(s.run, "^TestAcc"), "-test.skip=" + notAcceptance}
	}
	names := slices.DeleteFunc(acceptanceTests(pkg.dir), func(name string) bool { return !s.everywhere.MatchString(name) })
	if len(names) == 0 {
		return nil
	}
	return []string{"-test.run=^(" + strings.Join(names, "|") + ")$"}
}

// runCompiled runs tests of a compiled package with a CLI.
func (s *suite) runCompiled(ctx context.Context, c cli, t compiled, into *results, selection []string) error {
	env, err := s.environment(c)
	if err != nil || ctx.Err() != nil {
		return err
	}
	args := append([]string{"tool", "test2json", "-t", "-p", t.pkg.path, t.binary, "-test.v=test2json", "-test.paniconexit0",
		"-test.parallel=" + strconv.Itoa(s.parallel), "-test.timeout=" + s.timeout.String()}, selection...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = t.pkg.dir, env
	return s.stream(cmd, c, into)
}

// A testedPackage is a package that has tests.
type testedPackage struct {
	path, dir string
}

// testedPackages lists the packages that match the patterns and have tests.
func (s *suite) testedPackages(ctx context.Context, patterns []string) ([]testedPackage, error) {
	const format = "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}}{{end}}"
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-f", format}, patterns...)...)
	list.Dir = s.dir
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	var packages []testedPackage
	for line := range strings.Lines(string(out)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			packages = append(packages, testedPackage{path, dir})
		}
	}
	return packages, nil
}

// splitPackages separates the packages at one of the paths from the others. The paths are separated by commas; one that
// ends in "/..." matches the packages below it, too.
func splitPackages(all []testedPackage, paths string) (in, others []testedPackage) {
	for _, pkg := range all {
		matches := func(path string) bool {
			if above, ok := strings.CutSuffix(path, "/..."); ok {
				return strings.Contains(pkg.path+"/", "/"+above+"/")
			}
			return path != "" && strings.HasSuffix(pkg.path, "/"+path)
		}
		if slices.ContainsFunc(strings.Split(paths, ","), matches) {
			in = append(in, pkg)
		} else {
			others = append(others, pkg)
		}
	}
	return in, others
}

// goTest runs all tests of the packages under the race detector.
func (s *suite) goTest(ctx context.Context, c cli, into *results, packages []testedPackage) error {
	if len(packages) == 0 || ctx.Err() != nil {
		return nil
	}
	args := []string{"test", "-json", "-race", "-count=1", "-vet=off", "-run=" + s.run,
		"-parallel=" + strconv.Itoa(s.parallel), "-timeout=" + s.timeout.String()}
	cmd := exec.CommandContext(ctx, "go", append(args, paths(packages)...)...)
	cmd.Dir = s.dir
	env, err := s.environment(c)
	if err != nil {
		return err
	}
	cmd.Env = env
	c.name += " (race detector)"
	return s.stream(cmd, c, into)
}

func paths(packages []testedPackage) []string {
	var paths []string
	for _, pkg := range packages {
		paths = append(paths, pkg.path)
	}
	return paths
}

// compiled is a test binary.
type compiled struct {
	pkg    testedPackage
	binary string
}

// notAcceptance matches the names of tests that drive no CLI.
const notAcceptance = "^Test([^A]|A[^c]|Ac[^c])"

// compile compiles the tests of the packages in either list, each once.
func (s *suite) compile(ctx context.Context, lists ...[]testedPackage) ([]compiled, error) {
	var tests []compiled
	for _, pkg := range slices.Concat(lists...) {
		if test := (compiled{pkg: pkg}); !slices.Contains(tests, test) {
			tests = append(tests, test)
		}
	}
	// Those with the most acceptance tests take longest. If they begin first, all processors are busy until the end.
	slices.SortStableFunc(tests, func(a, b compiled) int { return len(acceptanceTests(b.pkg.dir)) - len(acceptanceTests(a.pkg.dir)) })
	// "go test -c" names a binary after the last element of the path, so packages that share it are compiled apart.
	for left, round := tests, 0; len(left) > 0; round++ {
		directory := filepath.Join(s.scratch, "tests", strconv.Itoa(round)) + string(filepath.Separator)
		var names, args []string
		var next []compiled
		for i := range left {
			name := filepath.Base(left[i].pkg.path)
			if slices.Contains(names, name) {
				next = append(next, left[i])
				continue
			}
			names, args = append(names, name), append(args, left[i].pkg.path)
		}
		for i := range tests {
			if slices.Contains(args, tests[i].pkg.path) {
				tests[i].binary = directory + filepath.Base(tests[i].pkg.path) + ".test"
			}
		}
		compile := exec.CommandContext(ctx, "go", append([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", directory}, args...)...)
		compile.Dir = s.dir
		if out, err := compile.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("compiling the tests: %w\n%s", err, out)
		}
		left = next
	}
	return tests, nil
}

var acceptanceTest = regexp.MustCompile(`(?m)^func (TestAcc\w*)\(t \*testing\.T\)`)

// acceptanceTests returns the names of the acceptance tests in the test files of a directory.
func acceptanceTests(directory string) []string {
	var names []string
	files, _ := filepath.Glob(filepath.Join(directory, "*_test.go"))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for _, match := range acceptanceTest.FindAllSubmatch(content, -1) {
			names = append(names, string(match[1]))
		}
	}
	return names
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

// coverageDir is where the acceptance tests that run with one CLI note the endpoints they reach and the fields they send.
func (s *suite) coverageDir(c cli) string {
	name, _, _ := strings.Cut(c.name, " (")
	return filepath.Join(s.scratch, "coverage", strings.ReplaceAll(name, " ", "-"))
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
