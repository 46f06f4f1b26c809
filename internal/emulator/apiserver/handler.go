package apiserver

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// maxBody is the documented limit on requests.
const maxBody = 128 << 20

// Options configure a handler.
type Options struct {
	Endpoints []Endpoint
	InApp     string   // the path below which endpoints also have a short form
	Objects   []string // what faults of asynchronous work can name
	PAT       string   // the only key that is accepted; any if empty

	Clock   Clock         // real time if nil
	Latency time.Duration // added to each request
	RPS     float64       // requests per second before requests are throttled; 0: unlimited

	Record    bool     // keep every request with its bodies
	CamelCase bool     // respond in camelCase
	Withdrawn []string // operations that are no longer offered: their paths are unknown

	HTTPStatus        map[clarifai.StatusCode]int // HTTP statuses that differ from the usual ones
	IgnoreUnknownKeys bool                        // accept keys of request bodies that no message has
	ClampPerPage      bool                        // use the maximum for a larger per_page instead of rejecting it

	// Admin serves requests below /__emulator/ that the handler does not know.
	// It reports whether it did.
	Admin func(w http.ResponseWriter, r *http.Request, what string) bool
	// RandomOutputs is a seed for [Handler.RandomizeOutputs]; 0: off.
	RandomOutputs uint64
	// Random decides on faults with a probability. If nil it is seeded, so that runs repeat.
	Random *rand.Rand
	// Logf reports each request in one line if set.
	Logf func(format string, args ...any)
}

// A Handler serves endpoints. It is safe for concurrent use.
type Handler struct {
	options  Options
	decoding json.Options
	clock    Clock
	router   *router
	faults   faults
	bucket   bucket
	recorder recorder
	outputs  atomic.Pointer[outputs] // nil unless outputs are random
}

// NewHandler creates a handler.
func NewHandler(options Options) *Handler {
	h := &Handler{options: options, decoding: Strict, clock: options.Clock}
	if h.clock == nil {
		h.clock = RealClock{}
	}
	if options.IgnoreUnknownKeys {
		h.decoding = json.JoinOptions(Strict, json.RejectUnknownMembers(false))
	}
	h.faults.random, h.faults.objects = options.Random, options.Objects
	if h.faults.random == nil {
		h.faults.random = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // faults need repeatable random numbers
	}
	h.bucket.rate = options.RPS
	h.recorder.all = options.Record
	h.RandomizeOutputs(options.RandomOutputs)
	h.router = newRouter(options.Endpoints, options.InApp)
	return h
}

// ServeHTTP serves a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if reason := fromWebPage(r); reason != "" {
		http.Error(w, reason, http.StatusForbidden)
		return
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, adminPrefix); ok {
		h.serveAdmin(w, r, rest)
		return
	}
	h.recorder.begin()
	record := Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Headers: visibleHeaders(r.Header), Time: h.clock.Now()}
	resp := h.respond(r, &record)
	if resp.cut {
		record.Status = 0
	}
	// Recorded before it is sent, so that a client that has the response finds the record.
	h.recorder.end(record)
	resp.send(r.Context(), h.clock, w)
	if h.options.Logf != nil {
		h.options.Logf("%s %s %d %d %s", r.Method, r.URL.RequestURI(), record.Status, record.Code, record.Fault)
	}
	if resp.cut {
		cutConnection(w)
	}
}

// respond computes the response to a request and adds it to the record.
func (h *Handler) respond(r *http.Request, record *Call) response {
	ctx := r.Context()
	requestID := NewID()
	if prefix := r.Header.Get("X-Clarifai-Request-ID-Prefix"); prefix != "" {
		requestID = prefix + "-" + requestID
	}
	if h.options.Latency > 0 {
		_ = h.clock.Wait(ctx, h.options.Latency)
	}

	e, values, pathKnown := h.router.find(r.Method, r.URL.EscapedPath())
	if e == nil {
		e = &unknownPath
		if pathKnown {
			e = &unknownMethod
		}
	}
	record.Op = e.Op
	if slices.Contains(h.options.Withdrawn, e.Op) {
		e = &unknownPath
	}

	fault := h.faults.forRequest(e.Op, r)
	if fault == nil {
		fault = &Fault{}
	}
	record.Fault = fault.Name
	if fault.Latency > 0 {
		_ = h.clock.Wait(ctx, time.Duration(fault.Latency))
	}
	if fault.Reset == BeforeWork || ctx.Err() != nil {
		return response{cut: true}
	}

	req := &Request{
		Endpoint:    e,
		Base:        baseURL(r),
		EscapedPath: r.URL.EscapedPath(),
		Path:        make(map[string]string, len(e.params)),
		Query:       newQuery(record.Query),
		options:     &h.options,
	}
	for i, name := range e.params {
		req.Path[name] = values[i]
	}

	result, err := h.work(req, r, fault)
	if errors.Is(err, errIncomplete) {
		return response{cut: true}
	}
	m, httpStatus := req.finish(e.Action, result, err)
	resp, err := h.encode(req, m, httpStatus, requestID)
	if err != nil {
		return encodingFailure(err)
	}
	fault.disturb(&resp)

	record.Status, record.Code = resp.status, req.Outcome.Code
	if h.recorder.wantsBodies() {
		record.Request, record.Items = req.Body, countItems(req.Body)
		if _, isJSON := m.(message); isJSON && fault.Body == "" {
			record.Response = resp.body
		}
	}
	return resp
}

// errIncomplete is the error for a request of which the client did not send the whole body: nobody waits for a response.
var errIncomplete = errors.New("the request is incomplete")

// work throttles and authenticates, reads the body and runs the handler.
func (h *Handler) work(req *Request, r *http.Request, fault *Fault) (any, error) {
	if !h.bucket.take(h.clock.Now()) {
		return nil, Reject(clarifai.StatusThrottled, "exceeded limit of %g requests per second", h.options.RPS)
	}
	if req.Endpoint.Needs != None {
		if err := h.authenticate(r); err != nil {
			return nil, err
		}
	}
	action := req.Endpoint.Action
	if action.decode != nil {
		var err error
		req.Body, err = io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
		if err != nil {
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				return nil, Reject(statusMessageTooLarge, "the request is over %d bytes", maxBody)
			}
			return nil, errIncomplete
		}
	}
	if fault.rejects() {
		return nil, fault.rejection(req)
	}
	var in any
	if action.decode != nil {
		var err error
		if in, err = action.decode(req.Body, h.decoding); err != nil {
			return nil, err
		}
	}
	return action.run(req, in)
}

// Now returns the service's time.
func (h *Handler) Now() time.Time { return h.clock.Now() }

// baseURL returns the address that the client used for the service.
func baseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
