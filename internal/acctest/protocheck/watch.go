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

// DirectoryVariable is the environment variable with the directory of the
// definitions.
const DirectoryVariable = "CLARIFAI_PROTO_DIR"

// absent is the message if it is not set.
const absent = DirectoryVariable + " is not set (see \"make protos\"): traffic is not checked against the official definitions"

// loaded returns the checker of this process; nil without an error if the
// definitions are missing and not required.
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

// Need returns the checker. Without the definitions it skips the test, or
// fails it if the environment has CI=true.
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

// largeBody is the size from which only one body for each operation and test is
// checked: parts of an upload contain megabytes of content that differ in nothing
// the check sees, and checking one strictly takes seconds under the race detector.
const largeBody = 1 << 20

// Watch checks every call that a service serves during a test against the
// definitions, and fails the test at its end if one violates them. Of large
// bodies it checks one for each operation. Without
// definitions it does nothing except log that once.
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
	var large sync.Map // operations of which a large body was checked
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
// that had it. The end of a test does not wait for calls that are still running.
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

// shownBody is the length of the part of a body that is shown with a violation.
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
