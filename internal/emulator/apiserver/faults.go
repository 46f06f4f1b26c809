package apiserver

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

// A Fault describes a failure and selects the requests or objects it applies to. An empty
// field of the selection matches everything. Of several
// faults that match, the first is applied.
type Fault struct {
	Name string `json:"name,omitzero"` // shown in recorded requests; generated if empty

	// Which requests.
	Op     string `json:"op,omitzero"`     // operation, such as PostInputs
	Method string `json:"method,omitzero"` // HTTP method
	Path   string `json:"path,omitzero"`   // regular expression found in the path

	// Which objects: makes asynchronous work on them fail, instead of requests.
	Object string `json:"object,omitzero"` // input, dataset_version, export, bulk_operation, extraction_job, evaluation, app_duplication
	ID     string `json:"id,omitzero"`     // regular expression found in the object's id
	URL    string `json:"url,omitzero"`    // regular expression found in the object's URL

	// How often.
	After       int     `json:"after,omitzero"`       // number of matches to skip first
	Count       int     `json:"count,omitzero"`       // number of times the fault is applied; 0 is always
	Probability float64 `json:"probability,omitzero"` // 0 is always

	// The effect. The request fails with Code (or HTTP), unless the fault only
	// disturbs its transport.
	Code        clarifai.StatusCode `json:"code,omitzero"`         // status.code; the HTTP status follows from it
	HTTP        int                 `json:"http,omitzero"`         // HTTP status
	Details     string              `json:"details,omitzero"`      // status.details
	RetryAfter  string              `json:"retry_after,omitzero"`  // Retry-After header
	Body        string              `json:"body,omitzero"`         // responds with this text, such as a load balancer's page
	ContentType string              `json:"content_type,omitzero"` // of Body; text/html when empty
	MovedTo     string              `json:"moved_to,omitzero"`     // responds 307 / 10050 with this location

	Latency  Duration `json:"latency,omitzero"`  // waits before anything else
	Reset    Moment   `json:"reset,omitzero"`    // cuts the connection before or after the work
	Truncate bool     `json:"truncate,omitzero"` // does the work, sends half the response, cuts the connection
	// The request is processed, and the response is well-formed HTTP with other content.
	CutJSON bool   `json:"cut_json,omitzero"` // the JSON ends in the middle, after the status
	Items   string `json:"items,omitzero"`    // of every list one item is "null", "wrong" (another id), "missing" or "extra"
	Mixed   bool   `json:"mixed,omitzero"`    // the status is 10010
	NaN     bool   `json:"nan,omitzero"`      // floating-point numbers are "NaN"
	Drop    string `json:"drop,omitzero"`     // members with this name are left out

	SlowBody Duration `json:"slow_body,omitzero"` // does the work, spreads the response over this time
}

// Moment is when a connection is cut.
type Moment string

// Before: the request is not processed. After: only the response is lost.
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

// NotFoundFor returns a fault that makes the operation respond "does not exist" n times, like for an
// object that exists but is not visible everywhere yet.
func NotFoundFor(n int, op string) Fault {
	return Fault{Op: op, Count: n, Code: clarifai.StatusDoesNotExist, Details: "not found yet"}
}

// rule is a fault with its expressions compiled and its count.
type rule struct {
	Fault
	path, id, url *regexp.Regexp
	seen, applied int
}

type faults struct {
	mu      sync.Mutex
	rules   []*rule
	named   int // names given so far
	objects []string
	random  *rand.Rand
}

// AddFault adds a fault and returns its name.
func (h *Handler) AddFault(f Fault) (string, error) {
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
	case f.Object != "" && !slices.Contains(h.faults.objects, f.Object):
		return "", fmt.Errorf("fault: object %q is none of %s", f.Object, strings.Join(h.faults.objects, ", "))
	case f.Reset != "" && f.Reset != BeforeWork && f.Reset != AfterWork:
		return "", fmt.Errorf("fault: reset is %q or %q, not %q", BeforeWork, AfterWork, f.Reset)
	case f.Items != "" && !slices.Contains(itemFaults, f.Items):
		return "", fmt.Errorf("fault: items is one of %s, not %q", strings.Join(itemFaults, ", "), f.Items)
	case f.Probability < 0 || f.Probability > 1:
		return "", fmt.Errorf("fault: probability %v is not between 0 and 1", f.Probability)
	}
	h.faults.mu.Lock()
	defer h.faults.mu.Unlock()
	if r.Name == "" {
		h.faults.named++
		r.Name = "fault-" + strconv.Itoa(h.faults.named)
	}
	h.faults.rules = append(h.faults.rules, r)
	return r.Name, nil
}

// MustFault is AddFault for tests: it panics on a bad fault.
func (h *Handler) MustFault(f Fault) string {
	name, err := h.AddFault(f)
	if err != nil {
		panic(err)
	}
	return name
}

// ClearFaults removes the named faults, or all.
func (h *Handler) ClearFaults(names ...string) {
	h.faults.mu.Lock()
	defer h.faults.mu.Unlock()
	h.faults.rules = slices.DeleteFunc(h.faults.rules, func(r *rule) bool {
		return len(names) == 0 || slices.Contains(names, r.Name)
	})
}

// FaultReport is a fault with its counts.
type FaultReport struct {
	Fault
	Seen   int `json:"seen"`   // requests or objects that matched
	Struck int `json:"struck"` // number of times it was applied
}

// Faults returns the active faults.
func (h *Handler) Faults() []FaultReport {
	h.faults.mu.Lock()
	defer h.faults.mu.Unlock()
	reports := []FaultReport{}
	for _, r := range h.faults.rules {
		reports = append(reports, FaultReport{r.Fault, r.seen, r.applied})
	}
	return reports
}

// Struck returns the number of times the named fault was applied.
func (h *Handler) Struck(name string) int {
	h.faults.mu.Lock()
	defer h.faults.mu.Unlock()
	for _, r := range h.faults.rules {
		if r.Name == name {
			return r.applied
		}
	}
	return 0
}

// forRequest returns the fault to apply to a request, or nil.
func (f *faults) forRequest(op string, req *http.Request) *Fault {
	return f.next(func(r *rule) bool {
		return r.Object == "" &&
			(r.Op == "" || r.Op == op) &&
			(r.Method == "" || r.Method == req.Method) &&
			(r.path == nil || r.path.MatchString(req.URL.Path))
	})
}

// forObject returns the fault to apply to work on an object, or nil.
func (f *faults) forObject(object, id, url string) *Fault {
	return f.next(func(r *rule) bool {
		return r.Object == object &&
			(r.id == nil || r.id.MatchString(id)) &&
			(r.url == nil || r.url.MatchString(url))
	})
}

// next returns the first fault that matches and is due, and counts it.
func (f *faults) next(match func(*rule) bool) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.rules {
		if !match(r) || r.Count > 0 && r.applied >= r.Count {
			continue
		}
		if r.seen++; r.seen <= r.After {
			continue
		}
		if r.Probability > 0 && f.random.Float64() >= r.Probability {
			continue
		}
		r.applied++
		return &r.Fault
	}
	return nil
}

// rejects reports whether the fault responds instead of the service.
func (f *Fault) rejects() bool {
	return f.Code != 0 || f.HTTP != 0 || f.Body != "" || f.MovedTo != ""
}

// rejection returns the error that a fault responds with.
func (f *Fault) rejection(r *Request) error {
	rejected := &Rejection{Code: f.Code, HTTP: f.HTTP, Details: f.Details}
	switch {
	case f.MovedTo != "":
		rejected.Code = clarifai.StatusMoved
		rejected.Moved = &clarifai.RedirectInfo{URL: f.MovedTo, ResourceType: "app", OldResourceID: r.Path["app_id"]}
	case f.Code == 0 && f.HTTP == http.StatusTooManyRequests:
		rejected.Code = clarifai.StatusThrottled
	case f.Code == 0 && f.HTTP == http.StatusServiceUnavailable:
		rejected.Code = clarifai.StatusServiceUnavailable
	case f.Code == 0:
		rejected.Code = clarifai.StatusInternalError
		if f.HTTP == 0 {
			rejected.HTTP = http.StatusBadGateway // a gateway's page
		}
	}
	return rejected
}

// AsyncFailure returns the status with which asynchronous work on an object fails, or
// nil if it succeeds. usual is the code if the fault names none.
func (h *Handler) AsyncFailure(object, id, url string, usual clarifai.StatusCode) *clarifai.Status {
	f := h.faults.forObject(object, id, url)
	if f == nil {
		return nil
	}
	code := f.Code
	if code == 0 {
		code = usual
	}
	status := StatusOf(code)
	status.Details = f.Details
	return status
}

// bucket is a token bucket: rate requests per second, and as many at once.
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
