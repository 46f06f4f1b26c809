//go:build unix

package emulator_test

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// cost is the processor time of some work, independent of the load of the machine,
// and the number of objects that it allocated.
type cost struct {
	cpu     time.Duration
	mallocs uint64
}

func costOf(t *testing.T, work func()) cost {
	t.Helper()
	runtime.GC()
	read := func() cost {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			t.Fatal(err)
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		return cost{time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), memory.Mallocs}
	}
	before := read()
	work()
	after := read()
	return cost{after.cpu - before.cpu, after.mallocs - before.mallocs}
}

// withRaceDetector reports whether the race detector slows everything down.
func withRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// TestCost_tenThousandInputs posts 10,000 inputs in batches and lists them.
// The number of allocations is nearly constant; the processor time
// is about a quarter of its limit.
func TestCost_tenThousandInputs(t *testing.T) {
	s, err := emulator.New(emulator.Options{App: "fleet"})
	if err != nil {
		t.Fatal(err)
	}
	const n = 10_000
	posted := costOf(t, func() { postMany(t, s, n) })
	listed := costOf(t, func() {
		for page := 1; page <= 11; page++ {
			serve(t, s, http.MethodGet, fmt.Sprintf("%s/inputs?page=%d&per_page=1000", fleet, page), "")
		}
	})
	if got := len(s.Inputs("fleet")); got != n {
		t.Fatalf("%d inputs are there", got)
	}
	t.Logf("posted: %v, %d objects each; listed: %v, %d objects each", posted.cpu, posted.mallocs/n, listed.cpu, listed.mallocs/n)
	if each := posted.mallocs / n; each > 100 {
		t.Errorf("posting an input makes %d objects", each)
	}
	if each := listed.mallocs / n; each > 45 {
		t.Errorf("listing an input makes %d objects", each)
	}
	if took := posted.cpu + listed.cpu; took > time.Second && !withRaceDetector() {
		t.Errorf("10,000 inputs take %v of the processor", took)
	}
}

// TestCost_independentOfStoredObjects compares the cost of requests in a full app and in an
// empty one.
func TestCost_independentOfStoredObjects(t *testing.T) {
	s, err := emulator.New(emulator.Options{App: "fleet"})
	if err != nil {
		t.Fatal(err)
	}
	const part = 4_000
	from := 0
	work := func() {
		postFrom(t, s, from, from+part)
		from += part
		for page := 1; page <= 4; page++ {
			serve(t, s, http.MethodGet, fmt.Sprintf("%s/inputs?page=%d&per_page=1000", fleet, page), "")
		}
	}
	// The least of three runs is the cost without interruptions.
	least := func() (took time.Duration) {
		for range 3 {
			if c := costOf(t, work).cpu; took == 0 || c < took {
				took = c
			}
		}
		return took
	}
	empty := least()
	postFrom(t, s, from, from+30_000)
	from += 30_000
	full := least()
	t.Logf("%v while it holds little, %v while it holds much", empty, full)
	if full > 4*empty {
		t.Errorf("%d inputs take %v while the app holds little, and %v while it holds %d", part, empty, full, from)
	}
}
