package emulator

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A Fault is something that goes wrong, and with which calls or objects. Its
// matching fields narrow it down; what is empty matches everything. Of several
// faults that match, the first strikes.
type Fault struct {
	Name string `json:"name,omitzero"` // shown in recorded calls; made up when empty

	// Which calls.
	Op     string `json:"op,omitzero"`     // operation, such as PostInputs
	Method string `json:"method,omitzero"` // HTTP method
	Path   string `json:"path,omitzero"`   // regular expression found in the path

	// Which objects: makes asynchronous work on them fail, instead of calls.
	Object string `json:"object,omitzero"` // input, dataset_version, export, bulk_operation, extraction_job, evaluation, app_duplication
	ID     string `json:"id,omitzero"`     // regular expression found in the object's id
	URL    string `json:"url,omitzero"`    // regular expression found in the object's URL

	// How often.
	After       int     `json:"after,omitzero"`       // lets so many matches pass first
	Count       int     `json:"count,omitzero"`       // strikes so often, then no more; 0 is always
	Probability float64 `json:"probability,omitzero"` // 0 is always

	// What happens. The call fails with Code (or HTTP), unless only its
	// transport is disturbed.
	Code        clarifai.StatusCode `json:"code,omitzero"`         // status.code; the HTTP status follows from it
	HTTP        int                 `json:"http,omitzero"`         // HTTP status
	Details     string              `json:"details,omitzero"`      // status.details
	RetryAfter  string              `json:"retry_after,omitzero"`  // Retry-After header
	Body        string              `json:"body,omitzero"`         // answers with this text: a load balancer's page
	ContentType string              `json:"content_type,omitzero"` // of Body; text/html when empty
	MovedTo     string              `json:"moved_to,omitzero"`     // answers 307 / 10050 with this location

	Latency  Duration `json:"latency,omitzero"`   // waits before anything else
	Reset    Moment   `json:"reset,omitzero"`     // cuts the connection before or after the work
	Truncate bool     `json:"truncate,omitzero"`  // does the work, sends half the answer, cuts the connection
	SlowBody Duration `json:"slow_body,omitzero"` // does the work, spreads the answer over so long
}

// Moment is when a connection is cut.
type Moment string

// Before the work nothing has happened; after it only the answer is lost.
const (
	BeforeWork Moment = "before"
	AfterWork  Moment = "after"
)

// Duration is a time span written as in Go: "150ms", "2s".
type Duration time.Duration

// MarshalText writes 1.5s.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads 1.5s.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// NotFoundFor makes the operation answer "does not exist" n times: an object
// that is there but cannot be seen everywhere yet.
func NotFoundFor(n int, op string) Fault {
	return Fault{Op: op, Count: n, Code: clarifai.StatusDoesNotExist, Details: "not found yet"}
}

// rule is a fault that was set, with its expressions compiled and its count kept.
type rule struct {
	Fault
	path, id, url *regexp.Regexp
	seen, struck  int
}

type faults struct {
	mu     sync.Mutex
	rules  []*rule
	made   int
	random *rand.Rand
}

// AddFault sets a fault and returns its name.
func (s *Service) AddFault(f Fault) (string, error) {
	r := &rule{Fault: f}
	for _, e := range []struct {
		name, text string
		to         **regexp.Regexp
	}{{"path", f.Path, &r.path}, {"id", f.ID, &r.id}, {"url", f.URL, &r.url}} {
		if e.text == "" {
			continue
		}
		compiled, err := regexp.Compile(e.text)
		if err != nil {
			return "", fmt.Errorf("fault: %s is not a regular expression: %w", e.name, err)
		}
		*e.to = compiled
	}
	switch {
	case f.Object == "" && (f.ID != "" || f.URL != ""):
		return "", fmt.Errorf("fault: id and url only go with an object")
	case f.Object != "" && !slices.Contains(faultyObjects, f.Object):
		return "", fmt.Errorf("fault: object %q is none of %s", f.Object, strings.Join(faultyObjects, ", "))
	case f.Reset != "" && f.Reset != BeforeWork && f.Reset != AfterWork:
		return "", fmt.Errorf("fault: reset is %q or %q, not %q", BeforeWork, AfterWork, f.Reset)
	case f.Probability < 0 || f.Probability > 1:
		return "", fmt.Errorf("fault: probability %v is not between 0 and 1", f.Probability)
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if r.Name == "" {
		s.faults.made++
		r.Name = "fault-" + strconv.Itoa(s.faults.made)
	}
	s.faults.rules = append(s.faults.rules, r)
	return r.Name, nil
}

// MustFault is AddFault for tests: it panics on a bad fault.
func (s *Service) MustFault(f Fault) string {
	name, err := s.AddFault(f)
	if err != nil {
		panic(err)
	}
	return name
}

// ClearFaults takes the named faults away, or all.
func (s *Service) ClearFaults(names ...string) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = slices.DeleteFunc(s.faults.rules, func(r *rule) bool {
		return len(names) == 0 || slices.Contains(names, r.Name)
	})
}

// FaultReport is a fault that is set, with its history.
type FaultReport struct {
	Fault
	Seen   int `json:"seen"`   // calls or objects that matched
	Struck int `json:"struck"` // how often it struck
}

// Faults are the faults that are set.
func (s *Service) Faults() []FaultReport {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	reports := []FaultReport{}
	for _, r := range s.faults.rules {
		reports = append(reports, FaultReport{r.Fault, r.seen, r.struck})
	}
	return reports
}

// Struck is how often the named fault has struck.
func (s *Service) Struck(name string) int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, r := range s.faults.rules {
		if r.Name == name {
			return r.struck
		}
	}
	return 0
}

// Names of the objects whose asynchronous work can be made to fail.
const (
	objectInput         = "input"
	objectVersion       = "dataset_version"
	objectExport        = "export"
	objectBulkOperation = "bulk_operation"
	objectExtractionJob = "extraction_job"
	objectEvaluation    = "evaluation"
	objectDuplication   = "app_duplication"
)

var faultyObjects = []string{
	objectInput, objectVersion, objectExport, objectBulkOperation, objectExtractionJob, objectEvaluation, objectDuplication,
}

// forCall gives the fault that strikes a call, or nil.
func (f *faults) forCall(op string, req *http.Request) *Fault {
	return f.strike(func(r *rule) bool {
		return r.Object == "" &&
			(r.Op == "" || r.Op == op) &&
			(r.Method == "" || r.Method == req.Method) &&
			(r.path == nil || r.path.MatchString(req.URL.Path))
	})
}

// forObject gives the fault that strikes work on an object, or nil.
func (f *faults) forObject(object, id, url string) *Fault {
	return f.strike(func(r *rule) bool {
		return r.Object == object &&
			(r.id == nil || r.id.MatchString(id)) &&
			(r.url == nil || r.url.MatchString(url))
	})
}

func (f *faults) strike(match func(*rule) bool) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.rules {
		if !match(r) || r.Count > 0 && r.struck >= r.Count {
			continue
		}
		if r.seen++; r.seen <= r.After {
			continue
		}
		if r.Probability > 0 && f.random.Float64() >= r.Probability {
			continue
		}
		r.struck++
		return &r.Fault
	}
	return nil
}

// refuses tells whether the fault answers instead of the service.
func (f *Fault) refuses() bool {
	return f.Code != 0 || f.HTTP != 0 || f.Body != "" || f.MovedTo != ""
}

// spoil is the failing outcome of asynchronous work on an object, or nil when
// the work is to succeed.
func (s *Service) spoil(object, id, url string, usual clarifai.StatusCode) *clarifai.Status {
	f := s.faults.forObject(object, id, url)
	if f == nil {
		return nil
	}
	code := f.Code
	if code == 0 {
		code = usual
	}
	status := statusOf(code)
	status.Details = f.Details
	return status
}

// bucket is a token bucket: rate requests a second, and as many at once.
type bucket struct {
	mu     sync.Mutex
	rate   float64
	tokens float64
	last   time.Time
}

func (b *bucket) take(now time.Time) bool {
	if b.rate <= 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last.IsZero() {
		b.tokens = max(b.rate, 1)
	} else {
		b.tokens = min(max(b.rate, 1), b.tokens+now.Sub(b.last).Seconds()*b.rate)
	}
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
