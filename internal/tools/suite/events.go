package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// event is one line of the stream that "go test -json" and test2json write.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string
	// FailedBuild names the build that made a package fail.
	FailedBuild string
}

// test is what became of one test or subtest.
type test struct {
	pkg     string
	name    string
	outcome string // pass, fail, skip, or "" while it runs
	output  strings.Builder
	parent  bool   // it has subtests
	build   string // the build that failed, when that is why a package failed
}

// results gathers what one run of tests reported.
type results struct {
	tests    map[string]*test // by package, a space, and the test's name
	packages map[string]*test // what packages wrote and became as a whole
	builds   map[string]*strings.Builder
	began    time.Time
	elapsed  time.Duration
}

func newResults() *results {
	return &results{
		tests:    map[string]*test{},
		packages: map[string]*test{},
		builds:   map[string]*strings.Builder{},
		began:    time.Now(),
	}
}

// read takes in a stream of events until it ends and calls done for each package that is finished.
// Lines that are not events are what the go command says itself; they are handed to stray.
func (r *results) read(stream io.Reader, done func(pkg *test, elapsed time.Duration), stray func(line string)) error {
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		if text := bytes.TrimSpace(line); len(text) > 0 {
			var e event
			if text[0] != '{' || json.Unmarshal(text, &e) != nil {
				stray(string(text))
			} else if pkg := r.add(e); pkg != nil {
				done(pkg, time.Duration(e.Elapsed*float64(time.Second)))
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// add takes in one event and returns its package when this event ends the package.
func (r *results) add(e event) *test {
	switch e.Action {
	case "build-output":
		if r.builds[e.ImportPath] == nil {
			r.builds[e.ImportPath] = &strings.Builder{}
		}
		r.builds[e.ImportPath].WriteString(e.Output)
		return nil
	case "build-fail":
		return nil
	}
	t := r.find(e.Package, e.Test)
	switch e.Action {
	case "output":
		t.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		t.outcome = e.Action
		t.build = e.FailedBuild
		if t.name == "" {
			return t
		}
	}
	return nil
}

// find returns the record of a test, or of a package as a whole when name is empty.
func (r *results) find(pkg, name string) *test {
	if name == "" {
		if r.packages[pkg] == nil {
			r.packages[pkg] = &test{pkg: pkg}
		}
		return r.packages[pkg]
	}
	key := pkg + " " + name
	t := r.tests[key]
	if t == nil {
		t = &test{pkg: pkg, name: name}
		r.tests[key] = t
		// A name may have slashes of its own, so not each of them ends the name of a test.
		for i := strings.LastIndex(name, "/"); i >= 0; i = strings.LastIndex(name[:i], "/") {
			if above := r.tests[pkg+" "+name[:i]]; above != nil {
				above.parent = true
				break
			}
		}
	}
	return t
}

// with returns the tests of one package (all packages when pkg is empty) that ended so, in the
// order of their names. Tests with subtests count by their subtests only, unless they failed
// while all of their subtests passed. A test that never ended (a crash, a timeout) has failed.
func (r *results) with(outcome, pkg string) []*test {
	var found []*test
	for _, t := range r.tests {
		is := t.outcome
		if is == "" {
			is = "fail"
		}
		if is != outcome || pkg != "" && t.pkg != pkg {
			continue
		}
		if t.parent && (outcome != "fail" || r.childFailed(t)) {
			continue
		}
		found = append(found, t)
	}
	slices.SortFunc(found, func(a, b *test) int { return strings.Compare(a.pkg+" "+a.name, b.pkg+" "+b.name) })
	return found
}

// childFailed tells whether a subtest of t did not pass.
func (r *results) childFailed(t *test) bool {
	for _, other := range r.tests {
		if other.pkg == t.pkg && strings.HasPrefix(other.name, t.name+"/") && (other.outcome == "fail" || other.outcome == "") {
			return true
		}
	}
	return false
}

// brokenPackages returns the packages that failed although none of their tests did:
// they did not compile, or ended in an unusual way.
func (r *results) brokenPackages() []*test {
	var found []*test
	for _, p := range r.packages {
		if p.outcome == "fail" && len(r.with("fail", p.pkg)) == 0 {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *test) int { return strings.Compare(a.pkg, b.pkg) })
	return found
}

// counts returns how many tests passed, failed and were skipped. A broken package is one failure.
func (r *results) counts() (passed, failed, skipped int) {
	return len(r.with("pass", "")), len(r.with("fail", "")) + len(r.brokenPackages()), len(r.with("skip", ""))
}

// acceptancePackages returns the packages in which an acceptance test was seen.
func (r *results) acceptancePackages() []string {
	var found []string
	for _, t := range r.tests {
		if strings.HasPrefix(t.name, "TestAcc") && !slices.Contains(found, t.pkg) {
			found = append(found, t.pkg)
		}
	}
	slices.Sort(found)
	return found
}

// sourceLine is the place that the testing package puts before what a test logs.
var sourceLine = regexp.MustCompile(`^\S+\.go:\d+: `)

// skipReason returns what a skipped test said last.
func (t *test) skipReason() string {
	reason := "no reason given"
	for line := range strings.Lines(t.output.String()) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		reason = sourceLine.ReplaceAllString(line, "")
	}
	return reason
}
