package progress_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/testclock"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
)

func TestOperation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.jsonl")
	file, err := progress.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	clock := testclock.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))

	ctx := progress.NewContext(t.Context(), file)
	short := progress.Start(ctx, clock, `clarifai_inputs "a"`, "create inputs", 2)
	short.Add(2, 0)
	short.End()
	if content, _ := os.ReadFile(path); len(content) > 0 {
		t.Errorf("a short operation reports %s", content)
	}

	long := progress.Start(ctx, clock, `clarifai_inputs "b"`, "create inputs", 100)
	for range 4 {
		clock.Advance(6 * time.Second)
		long.Add(20, 1)
	}
	long.Status("JOB_RUNNING")
	long.End()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"time":"2026-01-02T03:04:17Z","resource":"clarifai_inputs \"b\"","doing":"create inputs","done":40,"total":100,"failed":2,` +
			`"seconds_left":18,"finished":false}`,
		`"done":80,"total":100,"failed":4,"seconds_left":6,"finished":false}`,
		`"status":"JOB_RUNNING","done":80,"total":100,"failed":4,"finished":true}`,
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("there are %d lines, not %d:\n%s", len(lines), len(want), content)
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("line %d is %s, want %s", i+1, line, want[i])
		}
	}

	// Without a file it only logs.
	progress.Start(progress.NewContext(t.Context(), nil), clock, "x", "y", 1).Add(1, 0)
	if _, err := progress.Open(filepath.Join(path, "below")); err == nil {
		t.Error("a path below a file can be opened")
	}
}
