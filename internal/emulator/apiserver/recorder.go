package apiserver

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// keptCalls is the number of requests that are kept, unless all are recorded.
const keptCalls = 1000

// A Call is a request and its response.
type Call struct {
	Op       string              `json:"op"` // "" when no endpoint matched
	Method   string              `json:"method"`
	Path     string              `json:"path"`
	Query    url.Values          `json:"query,omitempty"`
	Headers  http.Header         `json:"headers,omitempty"` // without secrets
	Request  jsontext.Value      `json:"request,omitzero"`  // when recorded
	Response jsontext.Value      `json:"response,omitzero"` // when recorded and JSON
	Items    int                 `json:"items,omitzero"`    // length of the longest list in the request
	Status   int                 `json:"status"`            // HTTP; 0 when the connection was cut
	Code     clarifai.StatusCode `json:"code"`
	Fault    string              `json:"fault,omitzero"` // name of the fault that was applied
	Time     time.Time           `json:"time"`
}

type recorder struct {
	mu          sync.Mutex
	all         bool // keep everything, with bodies
	calls       []Call
	counts      map[string]int
	inFlight    int
	maxInFlight int
	observers   []func(Call)
}

func (r *recorder) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight++
	r.maxInFlight = max(r.maxInFlight, r.inFlight)
}

func (r *recorder) end(call Call) {
	r.mu.Lock()
	r.inFlight--
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	r.counts[call.Op]++
	observers := r.observers
	kept := call
	if !r.all {
		kept.Request, kept.Response = nil, nil
		if len(r.calls) >= 2*keptCalls {
			r.calls = slices.Delete(r.calls, 0, len(r.calls)-keptCalls+1)
		}
	}
	r.calls = append(r.calls, kept)
	r.mu.Unlock()
	for _, observe := range observers {
		observe(call)
	}
}

// wantsBodies reports whether bodies are recorded or observed.
func (r *recorder) wantsBodies() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all || len(r.observers) > 0
}

// Calls returns the recorded requests of the named operations, or of all, oldest first.
// Without [Options.Record] only the last thousand are kept, without bodies.
func (h *Handler) Calls(ops ...string) []Call {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	if len(ops) == 0 {
		return slices.Clone(h.recorder.calls)
	}
	var found []Call
	for _, c := range h.recorder.calls {
		if slices.Contains(ops, c.Op) {
			found = append(found, c)
		}
	}
	return found
}

// Count returns the number of requests of the operations, or of all if none is named.
func (h *Handler) Count(ops ...string) int {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	total := 0
	if len(ops) == 0 {
		for _, n := range h.recorder.counts {
			total += n
		}
		return total
	}
	for _, op := range ops {
		total += h.recorder.counts[op]
	}
	return total
}

// Counts returns the number of requests of each operation.
func (h *Handler) Counts() map[string]int {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	return maps.Clone(h.recorder.counts)
}

// MaxInFlight returns the largest number of requests that were in progress at once.
func (h *Handler) MaxInFlight() int {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	return h.recorder.maxInFlight
}

// MaxBodyItems returns the length of the longest list in a kept request of the operation.
func (h *Handler) MaxBodyItems(op string) int {
	longest := 0
	for _, c := range h.Calls(op) {
		longest = max(longest, c.Items)
	}
	return longest
}

// ResetCalls removes all recorded requests and counts.
func (h *Handler) ResetCalls() {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	h.recorder.calls, h.recorder.counts = nil, nil
	h.recorder.maxInFlight = h.recorder.inFlight
}

// Observe calls f after every completed request, with its bodies. f may be
// called by several goroutines at once.
func (h *Handler) Observe(f func(Call)) {
	h.recorder.mu.Lock()
	defer h.recorder.mu.Unlock()
	h.recorder.observers = append(slices.Clip(h.recorder.observers), f)
}

// visibleHeaders copies a request's headers without secrets.
func visibleHeaders(h http.Header) http.Header {
	visible := h.Clone()
	for name := range visible {
		switch name {
		case "Authorization", "Cookie", "Proxy-Authorization", "X-Clarifai-Session-Token":
			visible.Set(name, secret)
		}
	}
	return visible
}

// countItems returns the length of the longest list among the fields of a JSON object.
func countItems(body []byte) int {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return 0
	}
	longest := 0
	for d.PeekKind() == '"' {
		if d.SkipValue() != nil { // the key
			break
		}
		if d.PeekKind() != '[' {
			if d.SkipValue() != nil {
				break
			}
			continue
		}
		if _, err := d.ReadToken(); err != nil {
			break
		}
		n := 0
		for d.PeekKind() != ']' {
			if d.SkipValue() != nil {
				return longest
			}
			n++
		}
		longest = max(longest, n)
		if _, err := d.ReadToken(); err != nil {
			break
		}
	}
	return longest
}
