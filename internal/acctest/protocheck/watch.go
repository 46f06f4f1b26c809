package protocheck

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// DirectoryVariable names the environment variable that says where the
// definitions are.
const DirectoryVariable = "CLARIFAI_PROTO_DIR"

// absent is what to say when it is not set.
const absent = DirectoryVariable + " is not set (see \"make protos\"): traffic is not held against the official definitions"

// loaded is the checker of this process; nil without an error when the
// definitions are not at hand and need not be.
var loaded = sync.OnceValues(func() (*Checker, error) {
	dir := os.Getenv(DirectoryVariable)
	if dir == "" {
		if os.Getenv("CI") == "true" {
			return nil, fmt.Errorf("%s, which CI must", absent)
		}
		return nil, nil
	}
	return Load(dir)
})

var sayAbsentOnce sync.Once

// Need gives a test the checker. Without the definitions it skips the test, or
// fails it where the environment has CI=true.
func Need(t testing.TB) *Checker {
	t.Helper()
	checker, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	if checker == nil {
		t.Skip(absent)
	}
	return checker
}

// largeBody is the size of bodies of which one for each operation and test is
// looked at: a part of an upload has megabytes of content, and nothing that the
// next part has not, while reading it strictly takes seconds under the race detector.
const largeBody = 1 << 20

// Watch holds every call that a service answers during a test against the
// definitions, and fails the test at its end when one violates them; of large
// bodies, one for each operation. Without
// definitions it does nothing, except that it says so once.
func Watch(t testing.TB, service *emulator.Service, mode Mode) {
	t.Helper()
	checker, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	if checker == nil {
		sayAbsentOnce.Do(func() { t.Log(absent) })
		return
	}
	w := &watcher{violations: map[string]*violation{}}
	var large sync.Map // operations of which a large body was looked at
	service.Observe(func(call emulator.Call) {
		if len(call.Request)+len(call.Response) > largeBody {
			if _, seen := large.LoadOrStore(call.Op, true); seen {
				return
			}
		}
		if found := checker.Check(call, mode); len(found) > 0 {
			w.note(call, found)
		}
	})
	t.Cleanup(func() {
		t.Helper()
		for _, text := range w.report() {
			t.Error(text)
		}
	})
}

// watcher collects the violations of one test: each once, with the first call
// that had it. A test's end may not be delayed by calls that are still under way.
type watcher struct {
	mu         sync.Mutex
	violations map[string]*violation
}

type violation struct {
	call  emulator.Call
	times int
}

func (w *watcher) note(call emulator.Call, found []error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, err := range found {
		key := call.Op + ": " + err.Error()
		if w.violations[key] == nil {
			w.violations[key] = &violation{call: call}
		}
		w.violations[key].times++
	}
}

// shownBody is how much of a body is shown with a violation.
const shownBody = 2000

func (w *watcher) report() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(w.violations)) {
		v := w.violations[key]
		texts = append(texts, fmt.Sprintf(
			"violates the official definitions (%d calls like this): %s\n  %s %s?%s\n  request:  %.*s\n  answer %d: %.*s",
			v.times, key, v.call.Method, v.call.Path, v.call.Query.Encode(),
			shownBody, v.call.Request, v.call.Status, shownBody, v.call.Response))
	}
	return texts
}
