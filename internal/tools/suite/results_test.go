package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/gotestsum/testjson"
)

// stream is what "go test -json" wrote for a package with a pass, a skip, a failing subtest and a
// test that a crash cut short, for a package that passes, and for one that does not compile.
const stream = `{"Action":"start","Package":"m/a"}
{"Action":"run","Package":"m/a","Test":"TestAccGood"}
{"Action":"output","Package":"m/a","Test":"TestAccGood","Output":"=== RUN   TestAccGood\n"}
{"Action":"pass","Package":"m/a","Test":"TestAccGood","Elapsed":0.1}
{"Action":"run","Package":"m/a","Test":"TestAccNew"}
{"Action":"output","Package":"m/a","Test":"TestAccNew","Output":"=== RUN   TestAccNew\n"}
{"Action":"output","Package":"m/a","Test":"TestAccNew","Output":"    a_test.go:12: needs Terraform 1.14\n"}
{"Action":"output","Package":"m/a","Test":"TestAccNew","Output":"--- SKIP: TestAccNew (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestAccNew","Elapsed":0}
{"Action":"run","Package":"m/a","Test":"TestParts"}
{"Action":"run","Package":"m/a","Test":"TestParts/one"}
{"Action":"output","Package":"m/a","Test":"TestParts/one","Output":"    a_test.go:20: got 1, want 2\n"}
{"Action":"fail","Package":"m/a","Test":"TestParts/one","Elapsed":0}
{"Action":"run","Package":"m/a","Test":"TestParts/two"}
{"Action":"pass","Package":"m/a","Test":"TestParts/two","Elapsed":0}
{"Action":"fail","Package":"m/a","Test":"TestParts","Elapsed":0}
{"Action":"run","Package":"m/a","Test":"TestCrash"}
{"Action":"output","Package":"m/a","Test":"TestCrash","Output":"panic: boom\n"}
{"Action":"fail","Package":"m/a","Elapsed":1.5}
{"Action":"start","Package":"m/b"}
{"Action":"run","Package":"m/b","Test":"TestFine"}
{"Action":"run","Package":"m/b","Test":"TestFine/kind/name"}
{"Action":"pass","Package":"m/b","Test":"TestFine/kind/name","Elapsed":0.1}
{"Action":"pass","Package":"m/b","Test":"TestFine","Elapsed":0.1}
{"Action":"pass","Package":"m/b","Elapsed":0.2}
{"ImportPath":"m/c [m/c.test]","Action":"build-output","Output":"c_test.go:3: undefined: x\n"}
{"ImportPath":"m/c [m/c.test]","Action":"build-fail"}
{"Action":"start","Package":"m/c"}
{"Action":"fail","Package":"m/c","Elapsed":0,"FailedBuild":"m/c [m/c.test]"}
go: a line of the go command
`

func scanStream(t *testing.T) (r *results, done []string, stray string) {
	t.Helper()
	r = &results{}
	err := r.scan(strings.NewReader(stream), strings.NewReader(""),
		func(run *testjson.Execution, pkg string) {
			done = append(done, pkg+" "+string(run.Package(pkg).Result()))
		},
		func(line string) { stray += line })
	if err != nil {
		t.Fatal(err)
	}
	return r, done, stray
}

func TestCounts(t *testing.T) {
	r, done, stray := scanStream(t)
	passed, failed, skipped := r.counts()
	if passed != 4 || failed != 3 || skipped != 1 {
		t.Errorf("got %d passed, %d failed, %d skipped; want 4, 3 (a subtest, a crash, a package), 1", passed, failed, skipped)
	}
	if got, want := strings.Join(done, ", "), "m/a fail, m/b pass, m/c fail"; got != want {
		t.Errorf("packages done: %s; want %s", got, want)
	}
	if want := "go: a line of the go command"; stray != want {
		t.Errorf("stray lines: %q, want %q", stray, want)
	}
	broken := slices.DeleteFunc(r.failed(), func(tc testCase) bool { return tc.name != "" })
	if len(broken) != 1 || !strings.Contains(broken[0].output, "c_test.go:3: undefined: x\n") {
		t.Errorf("broken packages: %v, want m/c with the build's output", broken)
	}
}

func TestReport(t *testing.T) {
	r, _, _ := scanStream(t)
	clis := []cli{{name: "Terraform 1.15.3"}, {name: "OpenTofu 1.12.6"}}
	var out bytes.Buffer
	if report(&out, clis, []*results{r, {}}, []string{"Terraform 1.11: no terraform in PATH"}) {
		t.Error("a run with failures was reported as good")
	}
	for _, want := range []string{
		"Terraform 1.15.3, all tests         4        3        1",
		"OpenTofu 1.12.6              did not run",
		"not tested: Terraform 1.11: no terraform in PATH",
		"failed on Terraform 1.15.3: package m/c",
		"failed on Terraform 1.15.3: TestCrash in m/a",
		"failed on Terraform 1.15.3: TestParts/one in m/a",
		"skipped on Terraform 1.15.3: needs Terraform 1.14\n    TestAccNew",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
}

func TestReportWithoutTests(t *testing.T) {
	if report(&bytes.Buffer{}, []cli{{name: "Terraform 1.15.3"}}, []*results{{}}, nil) {
		t.Error("a run without a single test was reported as good")
	}
}

func TestSplitPackages(t *testing.T) {
	var all []testedPackage
	for _, path := range []string{"m/internal/clarifai", "m/internal/clarifaix", "m/internal/service/inputs/source", "m",
		"m/internal/batch/x"} {
		all = append(all, testedPackage{path: path})
	}
	race, plain := splitPackages(all, "internal/clarifai,internal/service/inputs/...,internal/batch")
	if !slices.Equal(race, []testedPackage{all[0], all[2]}) || !slices.Equal(plain, []testedPackage{all[1], all[3], all[4]}) {
		t.Errorf("race %v, plain %v", race, plain)
	}
}

// Packages whose binaries would have one name are compiled apart, and each package once.
func TestCompile(t *testing.T) {
	s := &suite{dir: t.TempDir(), scratch: t.TempDir()}
	write(t, filepath.Join(s.dir, "go.mod"), "module m\n")
	const test = "package x\n\nimport \"testing\"\n\nfunc TestAccX(t *testing.T) {}\n"
	write(t, filepath.Join(s.dir, "a", "x", "x_test.go"), test)
	write(t, filepath.Join(s.dir, "b", "x", "x_test.go"), strings.Replace(test, "TestAccX", "TestX", 1))
	write(t, filepath.Join(s.dir, "c", "x", "x.go"), "package x\n")
	packages, err := s.testedPackages(t.Context(), []string{"./..."})
	if err != nil {
		t.Fatal(err)
	}
	tests, err := s.compile(t.Context(), packages, packages[:1])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, test := range tests {
		if _, err := os.Stat(test.binary); err != nil {
			t.Error(err)
		}
		got = append(got, fmt.Sprintf("%s %q", test.pkg.path, acceptanceTests(test.pkg.dir)))
	}
	if want := []string{`m/a/x ["TestAccX"]`, `m/b/x []`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if tests[0].binary == tests[1].binary {
		t.Errorf("both tests are %s", tests[0].binary)
	}
}

// With -everywhere, only the tests that it matches run with further CLIs.
func TestSelection(t *testing.T) {
	pkg := testedPackage{dir: t.TempDir()}
	write(t, filepath.Join(pkg.dir, "x_test.go"), `package x

func TestUnit(t *testing.T) {}
func TestAccX_basic(t *testing.T) {}
func TestAccX_update(t *testing.T) {}
func TestAccY_basic(t *testing.T) {}
`)
	for expression, want := range map[string][]string{
		"_basic$": {"-test.run=^(TestAccX_basic|TestAccY_basic)$"},
		"_other$": nil,
	} {
		s := &suite{everywhere: regexp.MustCompile(expression)}
		if got := s.selection(pkg); !slices.Equal(got, want) {
			t.Errorf("%s selects %q, want %q", expression, got, want)
		}
	}
	s := &suite{}
	if got := s.selection(pkg); !slices.Equal(got, []string{"-test.run=^TestAcc", "-test.skip=" + notAcceptance}) {
		t.Errorf("without -everywhere: %q", got)
	}
}

func TestReportEndpoints(t *testing.T) {
	s := &suite{scratch: t.TempDir()}
	list := filepath.Join(s.scratch, "endpoints.json")
	write(t, list, `[{"n":1,"operationId":"GetA","inSeed":true},{"n":2,"operationId":"PostB","inSeed":true},{"n":0,"operationId":"GetUser",
		"inSeed":false}]`)
	clis := []cli{{name: "Terraform 1.15.3"}, {name: "OpenTofu 1.12.6"}}
	write(t, filepath.Join(s.coverageDir(clis[0]), "ops-1.txt"), "GetUser\nGetA\n")
	write(t, filepath.Join(s.coverageDir(clis[0]), "ops-2.txt"), "GetA\n")

	var out bytes.Buffer
	if err := s.reportEndpoints(&out, list, 2, clis); err == nil {
		t.Error("one endpoint of two was enough")
	}
	for _, want := range []string{"1 of 2 through Terraform 1.15.3", "0 of 2 through OpenTofu 1.12.6", "not reached: 2 PostB"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}

	write(t, filepath.Join(s.coverageDir(clis[1]), "ops-1.txt"), "PostB\n")
	out.Reset()
	if err := s.reportEndpoints(&out, list, 2, clis); err != nil {
		t.Errorf("both endpoints were reached, by one CLI each: %v", err)
	}
	if want := "2 of 2 through any CLI"; !strings.Contains(out.String(), want) {
		t.Errorf("the report lacks %q:\n%s", want, out.String())
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
