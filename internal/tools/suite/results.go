package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gotest.tools/gotestsum/testjson"
)

// results are what the test runs with one CLI reported.
type results struct {
	mu      sync.Mutex
	runs    []*testjson.Execution
	elapsed time.Duration
}

// A testCase is one test or subtest, or a package as a whole if name is empty.
type testCase struct {
	pkg, name string
	output    string
}

// scan reads the events that "go test -json" or test2json writes. It calls done for each package that
// ends, and stray for each line that is no event.
func (r *results) scan(stdout, stderr io.Reader, done func(run *testjson.Execution, pkg string), stray func(line string)) error {
	began := time.Now()
	run, err := testjson.ScanTestOutput(testjson.ScanConfig{
		Stdout: stdout, Stderr: stderr, IgnoreNonJSONOutputLines: true,
		Handler: handler{done: done, stray: stray},
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.runs = append(r.runs, run)
	r.elapsed += time.Since(began)
	return err
}

type handler struct {
	done  func(run *testjson.Execution, pkg string)
	stray func(line string)
}

// Event implements [testjson.EventHandler].
func (h handler) Event(event testjson.TestEvent, run *testjson.Execution) error {
	if event.PackageEvent() && event.Package != "" && event.Action.IsTerminal() {
		h.done(run, event.Package)
	}
	return nil
}

// Err implements [testjson.EventHandler].
func (h handler) Err(line string) error {
	h.stray(line)
	return nil
}

// packages calls f for each package of each run.
func (r *results) packages(f func(run *testjson.Execution, name string, pkg *testjson.Package)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		for _, name := range run.Packages() {
			if name != "" {
				f(run, name, run.Package(name))
			}
		}
	}
}

// counts returns the number of tests that passed, failed and were skipped.
func (r *results) counts() (passed, failed, skipped int) {
	r.packages(func(_ *testjson.Execution, _ string, pkg *testjson.Package) {
		passed += len(pkg.Passed)
		skipped += len(pkg.Skipped)
	})
	return passed, len(r.failed()), skipped
}

// failed returns the failed tests, without the parents of failed subtests. A package that failed
// although none of its tests did (it does not compile, or TestMain failed) has an empty name.
func (r *results) failed() []testCase {
	var found []testCase
	r.packages(func(run *testjson.Execution, name string, pkg *testjson.Package) {
		found = append(found, failedIn(run, name, pkg)...)
	})
	return found
}

func failedIn(run *testjson.Execution, name string, pkg *testjson.Package) []testCase {
	var found []testCase
	for _, tc := range testjson.FilterFailedUnique(slices.Clone(pkg.Failed)) {
		found = append(found, testCase{name, tc.Test.Name(), strings.Join(pkg.OutputLines(tc), "")})
	}
	if pkg.TestMainFailed() {
		var output strings.Builder
		_ = pkg.WriteOutputTo(&output, 0) // a strings.Builder returns no error
		found = append(found, testCase{name, "", strings.Join(run.Errors(), "\n") + output.String()})
	}
	return found
}

// longest returns the n tests that took the most time, which includes waiting for a processor.
func (r *results) longest(n int) []testjson.TestCase {
	var all []testjson.TestCase
	r.packages(func(_ *testjson.Execution, _ string, pkg *testjson.Package) {
		for _, test := range pkg.TestCases() {
			if !test.Test.IsSubTest() {
				all = append(all, test)
			}
		}
	})
	slices.SortFunc(all, func(a, b testjson.TestCase) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	return all[:min(n, len(all))]
}

// A skipReason is why tests were skipped.
type skipReason struct {
	reason string
	tests  []string
}

// sourceLine is the position that the testing package puts before what a test logs.
var sourceLine = regexp.MustCompile(`^\S+\.go:\d+: `)

// skips returns the skipped tests by reason, which is the last line that a test logged.
func (r *results) skips() []skipReason {
	var found []skipReason
	r.packages(func(_ *testjson.Execution, _ string, pkg *testjson.Package) {
		for _, tc := range pkg.Skipped {
			reason := "no reason given"
			for _, line := range pkg.OutputLines(tc) {
				line = strings.TrimSpace(line)
				if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
					reason = sourceLine.ReplaceAllString(line, "")
				}
			}
			at := slices.IndexFunc(found, func(s skipReason) bool { return s.reason == reason })
			if at < 0 {
				at = len(found)
				found = append(found, skipReason{reason: reason})
			}
			found[at].tests = append(found[at].tests, tc.Test.Name())
		}
	})
	return found
}

// report prints the table of results and the reasons of skipped tests. It returns whether
// every CLI ran tests and none of them failed.
func report(w io.Writer, clis []cli, all []*results, absent []string) bool {
	good := true
	fmt.Fprintf(w, "\n%-28s %8s %8s %8s %9s\n", "", "passed", "failed", "skipped", "time")
	for i, c := range clis {
		if len(all[i].runs) == 0 {
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
	fmt.Fprintln(w, "longest tests:")
	for i, c := range clis {
		for _, t := range all[i].longest(10) {
			fmt.Fprintf(w, "%8.1fs %s on %s\n", t.Elapsed.Seconds(), t.Test.Name(), c.name)
		}
	}
	for _, a := range absent {
		fmt.Fprintf(w, "not tested: %s\n", a)
	}
	for i, c := range clis {
		for _, t := range all[i].failed() {
			if t.name == "" {
				fmt.Fprintf(w, "failed on %s: package %s\n", c.name, short(t.pkg))
				continue
			}
			fmt.Fprintf(w, "failed on %s: %s in %s\n", c.name, t.name, short(t.pkg))
		}
	}
	for i, c := range clis {
		for _, s := range all[i].skips() {
			fmt.Fprintf(w, "skipped on %s: %s\n    %s\n", c.name, s.reason, strings.Join(s.tests, "\n    "))
		}
	}
	return good
}
