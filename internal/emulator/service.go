package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// DefaultUser owns what is made when [Options] names no user.
const DefaultUser = "acme"

// maxBody is the documented limit on requests.
const maxBody = 128 << 20

// Options set up a service.
type Options struct {
	User string // who "me" is; DefaultUser when empty
	App  string // made at start, and meant by paths without users and apps
	PAT  string // the only key that is taken; any when empty

	Clock   Clock         // real time when nil
	Latency time.Duration // added to each call
	Async   time.Duration // how long asynchronous work takes; 0: done at the next look
	RPS     float64       // requests a second before calls are throttled; 0: unlimited

	Seed      io.Reader         // what to start with, see Service.Load
	Buckets   map[string]string // directories behind the buckets of data sources, by name
	CamelCase bool              // answer in camelCase

	// Record keeps every call with its bodies, for tests.
	Record bool
	// PatchEmpties lets patches set texts, numbers and booleans to their zero
	// value. The service is believed to take zero values for absent ones.
	PatchEmpties bool
	// MoreLanguages are codes that concepts can be translated to beyond the documented ones.
	MoreLanguages []string
	// OlderConcepts ignores what concepts have had only of late: metadata and image.
	OlderConcepts bool
	// Withdrawn are operations that are no longer offered: their paths are unknown.
	Withdrawn []string
	// Random is where probabilities of faults come from; seeded when nil, so that
	// runs repeat.
	Random *rand.Rand
	// Logf reports each call in one line when set.
	Logf func(format string, args ...any)
}

// A Service is the emulated Clarifai. It is an http.Handler and safe for
// concurrent use.
type Service struct {
	options  Options
	clock    Clock
	router   *router
	faults   faults
	bucket   bucket
	recorder recorder

	mu sync.Mutex
	state
}

// New makes a service.
func New(options Options) (*Service, error) {
	s := &Service{options: options, clock: options.Clock}
	if s.clock == nil {
		s.clock = realClock{}
	}
	if s.options.User == "" {
		s.options.User = DefaultUser
	}
	s.faults.random = options.Random
	if s.faults.random == nil {
		s.faults.random = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // faults want repeatable chance
	}
	s.bucket.rate = options.RPS
	s.recorder.all = options.Record
	s.router = newRouter(allRoutes())
	s.exports = map[string]*export{}

	now := s.clock.Now()
	owner := s.addUser(s.options.User, now)
	if s.options.App != "" {
		if problem := idProblem("app id", s.options.App); problem != "" {
			return nil, errors.New(problem)
		}
	}
	if options.Seed != nil {
		if err := s.Load(options.Seed); err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
	}
	if s.options.App != "" && !owner.apps.has(s.options.App) { // the seed may describe it
		s.addApp(owner, clarifai.App{ID: s.options.App}, now)
	}
	return s, nil
}

// ServeHTTP answers a call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, adminPrefix); ok {
		s.serveAdmin(w, r, rest)
		return
	}
	s.recorder.begin()
	record := Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Headers: visibleHeaders(r.Header), Time: s.clock.Now()}
	reply := s.answer(r, &record)
	if reply.cut {
		record.Status = 0
	}
	// Recorded before it is sent: who has an answer finds its call recorded.
	s.recorder.end(record)
	reply.send(r.Context(), s.clock, w)
	if s.options.Logf != nil {
		s.options.Logf("%s %s %d %d %s", r.Method, r.URL.RequestURI(), record.Status, record.Code, record.Fault)
	}
	if reply.cut {
		cutConnection(w)
	}
}

// answer works out the reply to a call and notes it in record.
func (s *Service) answer(r *http.Request, record *Call) reply {
	ctx := r.Context()
	requestID := newID()
	if prefix := r.Header.Get("X-Clarifai-Request-ID-Prefix"); prefix != "" {
		requestID = prefix + "-" + requestID
	}
	if s.options.Latency > 0 {
		_ = s.clock.Wait(ctx, s.options.Latency)
	}

	e, values, pathKnown := s.router.find(r.Method, r.URL.EscapedPath())
	if e == nil {
		e = &unknownPath
		if pathKnown {
			e = &unknownMethod
		}
	}
	record.Op = e.op
	if slices.Contains(s.options.Withdrawn, e.op) {
		e = &unknownPath
	}

	fault := s.faults.forCall(e.op, r)
	if fault == nil {
		fault = &Fault{}
	}
	record.Fault = fault.Name
	if fault.Latency > 0 {
		_ = s.clock.Wait(ctx, time.Duration(fault.Latency))
	}
	if fault.Reset == BeforeWork || ctx.Err() != nil {
		return reply{cut: true}
	}

	c := &call{
		Service:     s,
		endpoint:    e,
		base:        baseURL(r),
		escapedPath: r.URL.EscapedPath(),
		path:        make(map[string]string, len(e.params)),
		query:       newQuery(record.Query),
	}
	for i, name := range e.params {
		c.path[name] = values[i]
	}

	body, result, err := s.work(c, r, fault)
	message, httpStatus := c.finish(e.action, result, err)
	reply := reply{status: httpStatus, header: http.Header{}, slow: time.Duration(fault.SlowBody)}
	switch m := message.(type) {
	case *file:
		reply.header.Set("Content-Type", m.contentType)
		reply.body = m.content
	case answer:
		c.outcome.ReqID = requestID
		if c.outcome.Description == "" {
			c.outcome.Description = c.outcome.Code.Text()
		}
		m.SetStatus(c.outcome)
		reply.header.Set("Content-Type", "application/json; charset=UTF-8")
		if reply.body, err = s.encode(m); err != nil {
			return jsonFailure(err)
		}
	}
	if location := c.outcome.RedirectInfo; location != nil {
		reply.header.Set("Location", location.URL)
	}
	if fault.RetryAfter != "" {
		reply.header.Set("Retry-After", fault.RetryAfter)
	}
	if fault.Body != "" {
		contentType := fault.ContentType
		if contentType == "" {
			contentType = "text/html; charset=UTF-8"
		}
		reply.header.Set("Content-Type", contentType)
		reply.body = []byte(fault.Body)
	}
	reply.cut = fault.Reset == AfterWork || fault.Truncate
	if fault.Reset == AfterWork {
		reply.body = nil
	}
	reply.half = fault.Truncate

	record.Status, record.Code = reply.status, c.outcome.Code
	if s.recorder.wantsBodies() {
		record.Request, record.Items = body, countItems(body)
		if _, isJSON := message.(answer); isJSON && fault.Body == "" {
			record.Response = reply.body
		}
	}
	return reply
}

// work authenticates, reads the body and runs the handler.
func (s *Service) work(c *call, r *http.Request, fault *Fault) (body []byte, result any, err error) {
	if !s.bucket.take(s.clock.Now()) {
		return nil, nil, fail(clarifai.StatusThrottled, "exceeded limit of %g requests per second", s.options.RPS)
	}
	if c.endpoint.needs != nothing {
		if err := s.authenticate(r); err != nil {
			return nil, nil, err
		}
	}
	if c.endpoint.action.decode != nil {
		body, err = io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
		if err != nil {
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				return nil, nil, fail(statusMessageTooLarge, "the request is over %d bytes", maxBody)
			}
			return nil, nil, fail(clarifai.StatusBadRequestFormat, "reading the request: %v", err)
		}
	}
	if fault.refuses() {
		return body, nil, fault.refusal(c)
	}
	c.body = body
	var in any
	if c.endpoint.action.decode != nil {
		if in, err = c.endpoint.action.decode(body); err != nil {
			return body, nil, err
		}
	}
	result, err = s.locked(c, in)
	return body, result, err
}

func (s *Service) locked(c *call, in any) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.clock.Now().UTC()
	s.settle(c.now)
	if err := c.locate(); err != nil {
		return nil, err
	}
	return c.endpoint.action.run(c, in)
}

// refusal is the error that a fault answers with.
func (f *Fault) refusal(c *call) error {
	refused := &failure{code: f.Code, http: f.HTTP, details: f.Details}
	switch {
	case f.MovedTo != "":
		refused.code = clarifai.StatusMoved
		refused.moved = &clarifai.RedirectInfo{URL: f.MovedTo, ResourceType: "app", OldResourceID: c.path["app_id"]}
	case f.Code == 0 && f.HTTP == http.StatusTooManyRequests:
		refused.code = clarifai.StatusThrottled
	case f.Code == 0 && f.HTTP == http.StatusServiceUnavailable:
		refused.code = clarifai.StatusServiceUnavailable
	case f.Code == 0:
		refused.code = clarifai.StatusInternalError
		if f.HTTP == 0 {
			refused.http = http.StatusBadGateway // a gateway's page
		}
	}
	return refused
}

// encode writes an answer. It runs without the mutex: stored objects never change.
func (s *Service) encode(message any) ([]byte, error) {
	b, err := clarifai.Encode(message)
	if err != nil || !s.options.CamelCase {
		return b, err
	}
	return camelCase(b)
}

var (
	unknownPath = endpoint{needs: nothing, action: read(func(*call) (*clarifai.BaseResponse, error) {
		return nil, fail(clarifai.StatusDoesNotExist, "Resource does not exist. Check the url of your request.")
	})}
	unknownMethod = endpoint{needs: nothing, action: read(func(*call) (*clarifai.BaseResponse, error) {
		return nil, fail(clarifai.StatusMethodNotAllowed, "Method Not Allowed")
	})}
)

// reply is what goes back over the wire.
type reply struct {
	status int
	header http.Header
	body   []byte
	slow   time.Duration // spread the body over this long
	half   bool          // send half of the body
	cut    bool          // then cut the connection
}

func jsonFailure(err error) reply {
	b, _ := json.Marshal(map[string]any{"code": 13, "message": err.Error(), "details": []jsontext.Value{}})
	return reply{status: http.StatusInternalServerError, header: http.Header{"Content-Type": {"application/json"}}, body: b}
}

func (p reply) send(ctx context.Context, clock Clock, w http.ResponseWriter) {
	if p.cut && !p.half {
		return
	}
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	body := p.body
	if p.half {
		body = body[:len(body)/2]
	}
	if p.slow == 0 {
		_, _ = w.Write(body)
	} else {
		const pieces = 10
		for i := range pieces {
			if clock.Wait(ctx, p.slow/pieces) != nil {
				return
			}
			_, _ = w.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces])
			_ = http.NewResponseController(w).Flush()
		}
	}
	if p.half {
		_ = http.NewResponseController(w).Flush()
	}
}

// cutConnection resets the connection instead of ending it properly.
func cutConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// baseURL is the address under which the caller reached the service.
func baseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
