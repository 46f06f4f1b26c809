package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// All rows with small sizes: each of them measures something and prints its figures.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a CLI")
	}
	t.Setenv("PEER_RESTAPI", "")
	t.Setenv("PEER_RANDOM", "")
	plot := filepath.Join(t.TempDir(), "images", "cost.svg")
	var out strings.Builder
	err := run(t.Context(), options{
		rows: defaultRows + ",million,boxes", inputs: 300, many: 1200, million: 1300, instances: 12, relations: 12, versions: 10,
		annotated: 150, boxes: 300, manyAnnotated: 140, manyBoxes: 600,
		build: time.Second / 2, latency: 10 * time.Millisecond, processing: time.Second / 4, starts: 1, plot: plot, sizes: "300,1200",
		fewer: true,
	}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		"| posts ", "PostInputs 3,", // 300 inputs
		"PostInputs 10,",     // 1,200 inputs
		"PostAnnotations 3,", // 300 boxes
		"PostAnnotations 5,", // 600 boxes
		"ListConceptRelations2 ", "ListDatasetVersions ",
		"plan of one clarifai_dataset", "one label changed", "with -refresh=false",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in what was printed:\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "| 1 ") && strings.Contains(line, "| posts ") && !strings.Contains(line, "| 3 ") {
			t.Errorf("300 inputs take 3 posts: %s", line)
		}
	}
	content, err := os.ReadFile(plot)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, string(content))
}

func TestOutcome(t *testing.T) {
	for want, g := range map[string]goal{
		"reached":         {got: 79, most: 79},
		"MISSED by 50 %":  {got: 1.95, most: 1.3},
		"MISSED by 100 %": {got: 2, most: 1},
		"":                {got: 2, most: 1, text: "for information"},
	} {
		if got := g.outcome(); got != want {
			t.Errorf("%v of at most %v: %q, not %q", g.got, g.most, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	table := table{about: "Terraform", load: []string{"1", "2"}}
	spent := cost{wall: 3 * time.Second, calls: map[string]int{"A": 1, "B": 2}, provider: usage{CPU: time.Second, Peak: 5e6}}
	table.line("1", "create", spent, 2*time.Second)
	table.goal("1", "create", "posts", 4, 2, count)
	var out strings.Builder
	table.print(&out)
	for _, want := range []string{"| 3        | 3.00 s | 1.50x", "1.00 s", "5 MB", "MISSED by 100 %", "B 2, A 1", "1 figures are missed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

// The usage of a program is known when it has ended; a killed one is an error.
func TestMetered(t *testing.T) {
	dir := t.TempDir()
	if _, err := metered(dir); err == nil {
		t.Error("nothing was measured, which should be an error")
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	if code, err := meter([]string{dir, sh, "-c", "exit 3"}); err != nil || code != 3 {
		t.Errorf("code %d, %v", code, err)
	}
	sum, err := metered(dir)
	if err != nil || sum.Peak == 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := metered(dir); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("a provider that was killed: %v", err)
	}
}

func TestDraw(t *testing.T) {
	svg := draw("a < b & c", panel{"calls", []series{{name: "create", colour: "#000000", points: []point{{100, 8}, {100_000, 790}}}}})
	wellFormed(t, svg)
	// The axis goes from one power of ten to another.
	for _, want := range []string{"100,000", "a &lt; b &amp; c", "create: 790 at 100,000"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%q is missing in\n%s", want, svg)
		}
	}
	s := newScale(8, 790, 300, 0)
	if s.at(1) != 300 || s.at(1000) != 0 || s.at(10) != 200 {
		t.Errorf("%v: %v %v %v", s, s.at(1), s.at(1000), s.at(10))
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
	}
}

// The peak of a small program is its own and not that of the program that starts it.
func TestPeak(t *testing.T) {
	if peakOf(os.Getpid()) == 0 {
		t.Skip("no /proc")
	}
	cmd := exec.CommandContext(t.Context(), "sleep", "1")
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	stop := watchPeak(cmd.Process.Pid)
	_ = cmd.Wait()
	if own, peak := peakOf(os.Getpid()), stop(); peak == 0 || peak > own/2 {
		t.Errorf("sleep peaked at %d bytes, this program at %d", peak, own)
	}
}

// A row that fails ends the measurement. The table of the rows before it is printed.
func TestReport_rowFails(t *testing.T) {
	var out strings.Builder
	b := newBench(options{rows: "1,2,3"}, &out)
	failure := errors.New("no service")
	measured := func(b *bench, _ context.Context) error {
		b.table.line("1", "create 3 concept relations", cost{wall: time.Second}, 0)
		return nil
	}
	err := b.report(t.Context(), []row{
		{"1", "relations", measured},
		{"2", "versions", func(*bench, context.Context) error { return failure }},
		{"3", "inputs", func(*bench, context.Context) error { panic("a row is measured after one that failed") }},
		{"4", "others", func(*bench, context.Context) error { panic("a row is measured that nobody wants") }},
	})
	if !errors.Is(err, failure) || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "| create 3 concept relations ") {
		t.Errorf("row 1 is missing in:\n%s", out.String())
	}
}
