package clarifai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// DefaultBaseURL is the public service.
const DefaultBaseURL = "https://api.clarifai.com"

// Limits of one call that the service documents.
const (
	MaxItemsPerCall = 128       // inputs, dataset inputs and the like in one POST, PATCH or DELETE
	MaxBodyBytes    = 128 << 20 // request and answer alike
)

// Config says how to reach the service. Only PAT is required.
type Config struct {
	BaseURL   string // https, or http on loopback; DefaultBaseURL when empty
	PAT       string // personal access token (or app key); never logged
	UserAgent string

	RequestsPerSecond     float64       // 0: no pacing
	MaxConcurrentRequests int           // 0: 16
	RetryTimeout          time.Duration // how long one call may be retried; 0: 5 minutes
	RequestTimeout        time.Duration // one attempt, answer included; 0: 2 minutes
	BatchBytes            int           // up to which calls of one kind share a body; 0: 16 MiB

	Transport http.RoundTripper // nil: a transport of our own
	Clock     Clock             // nil: SystemClock
	Log       func(ctx context.Context, entry LogEntry)
}

// LogEntry describes one attempt of a call. It carries no bodies and no credentials.
type LogEntry struct {
	Op, Method, Path string
	Attempt          int
	HTTPStatus       int
	Code             StatusCode
	ReqID            string
	Duration         time.Duration
	RequestBytes     int
	Err              error
}

// Client talks to one service with one credential. It is safe for concurrent
// use; all its calls share pacing and the cool-down after a 429.
type Client struct {
	base   *url.URL
	config Config
	clock  Clock
	http   *http.Client
	gate   *gate

	batches batches       // single writes that share a call, see batch.go
	shelves shelves       // what has been read by lists, see reads.go
	polls   polls         // who waits for what, see polls.go
	writes  atomic.Uint64 // how many have ended, well or not; polls count too
}

// New checks the configuration and makes a client. It sends nothing.
func New(config Config) (*Client, error) {
	if config.BaseURL == "" {
		config.BaseURL = DefaultBaseURL
	}
	base, err := CheckBaseURL(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if config.PAT == "" {
		return nil, errors.New("no personal access token")
	}
	if strings.ContainsFunc(config.PAT, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the personal access token contains a space, a line break or a character that no token has")
	}
	if config.MaxConcurrentRequests <= 0 {
		config.MaxConcurrentRequests = 16
	}
	if config.RetryTimeout <= 0 {
		config.RetryTimeout = 5 * time.Minute
	}
	if config.RequestTimeout <= 0 {
		config.RequestTimeout = 2 * time.Minute
	}
	if config.BatchBytes <= 0 {
		config.BatchBytes = 16 << 20
	}
	if config.Clock == nil {
		config.Clock = SystemClock
	}
	if config.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = config.MaxConcurrentRequests
		config.Transport = t
	}
	if config.Log == nil {
		config.Log = func(context.Context, LogEntry) {}
	}
	return &Client{
		base:   base,
		config: config,
		clock:  config.Clock,
		http: &http.Client{
			Transport: config.Transport,
			// Redirects are followed by hand: only reads, only on the same origin.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		gate: newGate(config.RequestsPerSecond, config.MaxConcurrentRequests, config.Clock),
	}, nil
}

// BaseURL is the address that the client talks to.
func (c *Client) BaseURL() string { return c.base.String() }

// Clock is the clock that the client waits by.
func (c *Client) Clock() Clock { return c.clock }

// RetryTimeout is how long a request may be retried.
func (c *Client) RetryTimeout() time.Duration { return c.config.RetryTimeout }

// CheckBaseURL accepts https addresses, and http ones on loopback, without user
// info, path, query or fragment.
func CheckBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("it is not a URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("it must begin with https:// (or http:// for an address on this machine)")
	case u.Host == "":
		return nil, errors.New("it names no host")
	case u.User != nil:
		return nil, errors.New("it must not contain a user name or password; credentials belong in pat")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("it must be an origin only, such as https://api.clarifai.com, without path or query")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("http is accepted only for loopback addresses, since the token would travel unencrypted; use https")
	}
	u.Path, u.RawPath = "", ""
	return u, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// AppRef names the app that a call works in. UserID may be "me".
type AppRef struct {
	UserID string
	AppID  string
}

// path is the app's path with further segments, each percent-encoded.
func (a AppRef) path(segments ...string) string {
	return userPath(a.UserID, append([]string{"apps", a.AppID}, segments...)...)
}

// userPath is the user's path with further segments, each percent-encoded.
func userPath(userID string, segments ...string) string {
	var b strings.Builder
	b.WriteString("/v2/users/")
	b.WriteString(escapeSegment(userID))
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(escapeSegment(s))
	}
	return b.String()
}

// escapeSegment also takes the sting out of "." and "..", which would change
// what the path means.
func escapeSegment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

// call is one request to the service.
type call struct {
	op     string
	method string
	path   string
	query  url.Values
	in     any // body; nil for none

	// stream gives the body of a call whose body is not held in memory, anew for
	// each attempt; streamed is its length. The call then has no in.
	stream   func() io.Reader
	streamed int64

	// repeatable marks a POST that may be sent again after an unknown outcome.
	// Every other verb may: the service's PUT, PATCH and DELETE are idempotent.
	repeatable bool
	// items marks a call whose answer carries an outcome for each item: partial
	// and complete failure of the items is then not an error of the call.
	items bool
}

func (c call) mayRepeat() bool { return c.method != http.MethodPost || c.repeatable }

// reads tells whether the call changes nothing: a GET, or a search, which is a
// repeatable POST without items.
func (c call) reads() bool { return c.method == http.MethodGet || c.repeatable && !c.items }

func (c call) line() line {
	if c.reads() {
		return reading
	}
	return writing
}

// envelope is any answer of the service: a struct that embeds Envelope.
type envelope interface{ status() *Status }

// Item is the outcome of one item of a call that carries many.
type Item[T any] struct {
	Value T
	Err   error
}

// gate paces requests: so many at once, so many a second, and none while the
// service has asked for quiet.
type gate struct {
	clock   Clock
	slots   chan struct{}
	limiter *rate.Limiter // nil: no pacing
	quiet   quiet

	mu       sync.Mutex
	lines    [2][]chan struct{} // who waits for a turn under pacing, by line
	next     line               // whose turn it is when both wait
	ushering bool
}

// line is where a request waits for its turn. Reads and writes take turns, so
// that what was begun is seen through while more is being begun.
type line int

const (
	writing line = iota
	reading
)

func newGate(perSecond float64, concurrent int, clock Clock) *gate {
	g := &gate{clock: clock, slots: make(chan struct{}, concurrent)}
	if perSecond > 0 {
		// A small burst keeps short runs quick without overrunning the quota.
		g.limiter = rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond/5)))
	}
	return g
}

// ticket is a way through the gate that was waited for ahead of the call, so
// that the call could be filled with what queued up meanwhile. It serves one
// attempt; further ones wait at the gate themselves.
type ticket struct {
	leave func()
	used  atomic.Bool
}

type ticketKey struct{}

// withTicket has the first attempt made with the context go through with the
// ticket. release gives back one that no attempt has used.
func withTicket(ctx context.Context, leave func()) (_ context.Context, release func()) {
	t := &ticket{leave: leave}
	return context.WithValue(ctx, ticketKey{}, t), func() {
		if t.used.CompareAndSwap(false, true) {
			leave()
		}
	}
}

// enter waits until a request may leave, and returns what to call when it is over.
func (g *gate) enter(ctx context.Context, in line) (leave func(), err error) {
	if t, ok := ctx.Value(ticketKey{}).(*ticket); ok && t.used.CompareAndSwap(false, true) {
		return t.leave, nil
	}
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	leave = func() { <-g.slots }
	if g.limiter != nil {
		if err := g.turn(ctx, in); err != nil {
			leave()
			return nil, err
		}
	}
	if err := g.hush(ctx); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// turn waits in line until the pacing lets the next request through.
func (g *gate) turn(ctx context.Context, in line) error {
	mine := make(chan struct{})
	g.mu.Lock()
	g.lines[in] = append(g.lines[in], mine)
	if !g.ushering {
		g.ushering = true
		go g.usher(context.WithoutCancel(ctx))
	}
	g.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines[in] = slices.DeleteFunc(g.lines[in], func(other chan struct{}) bool { return other == mine })
	return ctx.Err()
}

// usher lets one request after the other through, until nobody waits.
func (g *gate) usher(ctx context.Context) {
	for {
		_ = g.hush(ctx) // a context without end
		now := g.clock.Now()
		_ = g.clock.Sleep(ctx, g.limiter.ReserveN(now, 1).DelayFrom(now))
		g.mu.Lock()
		if len(g.lines[g.next]) == 0 {
			g.next = 1 - g.next
		}
		if line := g.lines[g.next]; len(line) > 0 {
			close(line[0])
			g.lines[g.next] = line[1:]
			g.next = 1 - g.next
		}
		if len(g.lines[writing])+len(g.lines[reading]) == 0 {
			g.ushering = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
	}
}

// hush waits until the service has had the quiet that it asked for.
func (g *gate) hush(ctx context.Context) error {
	for {
		d := g.quiet.until().Sub(g.clock.Now())
		if d <= 0 {
			return nil
		}
		if err := g.clock.Sleep(ctx, d); err != nil {
			return err
		}
	}
}

func (c *Client) do(ctx context.Context, call call, out envelope) error {
	if !call.reads() {
		defer c.writes.Add(1)
	}
	var body []byte
	if call.in != nil {
		var err error
		if body, err = Encode(call.in); err != nil {
			return &Error{Op: call.op, Method: call.method, Path: call.path, Err: fmt.Errorf("cannot encode the request: %w", err)}
		}
		if len(body) > MaxBodyBytes {
			return &Error{Op: call.op, Method: call.method, Path: call.path,
				Err: fmt.Errorf("the request has %d bytes; the service takes at most %d", len(body), MaxBodyBytes)}
		}
	}
	return c.send(ctx, call, body, out)
}
