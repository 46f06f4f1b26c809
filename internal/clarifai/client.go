package clarifai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// DefaultBaseURL is the public service.
const DefaultBaseURL = "https://api.clarifai.com"

// Limits of one request that the service documents.
const (
	MaxItemsPerCall = 128       // inputs, dataset inputs and the like in one POST, PATCH or DELETE
	MaxBodyBytes    = 128 << 20 // of requests and responses
)

// Config configures a client. Only PAT is required.
type Config struct {
	BaseURL   string // https, or http on loopback; DefaultBaseURL when empty
	PAT       string // personal access token (or app key); never logged
	UserAgent string

	RequestsPerSecond     float64       // 0: not limited
	MaxConcurrentRequests int           // 0: 16
	RetryTimeout          time.Duration // how long one request may be retried; 0: 5 minutes
	RequestTimeout        time.Duration // of one attempt, response included; 0: 2 minutes
	DownloadIdleTimeout   time.Duration // how long a download may receive nothing; 0: 1 minute
	BatchBytes            int           // size up to which items share a request; 0: 16 MiB

	Transport http.RoundTripper // nil: the client's own
	Clock     Clock             // nil: SystemClock
	Log       func(ctx context.Context, entry LogEntry)
	// LogBodies, if not nil, receives the bodies of every attempt with credentials and content masked. It is for support
	// and costs time.
	LogBodies func(ctx context.Context, entry BodyLogEntry)
}

// LogEntry describes one attempt of a request. It carries no bodies and no credentials.
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

// Client sends requests to one service with one credential. It is safe for concurrent use. All requests share the rate
// limit and the cooldown after a 429.
type Client struct {
	*core
	// permit is used by the first attempt of the next request; nil except in the client that a batch is sent with.
	permit *batch.Permit
}

type core struct {
	base    *url.URL
	config  Config
	clock   Clock
	http    *http.Client
	limiter *batch.Limiter

	batchers   batchers
	caches     caches
	pollers    pollers
	generation batch.Generation // advanced by writes, whatever their outcome, and by polls

	redactor        redactor
	responseOptions json.Options
	clockOffset     atomic.Int64 // nanoseconds that the service's clock is ahead
}

// using returns a client whose next request uses a permit that has been acquired for it.
func (c *Client) using(permit *batch.Permit) *Client { return &Client{core: c.core, permit: permit} }

// acquire waits until a request may start.
func (c *Client) acquire(ctx context.Context, priority batch.Priority) (*batch.Permit, error) {
	if c.permit.Take() {
		return c.permit, nil
	}
	return c.limiter.Acquire(ctx, priority)
}

// New checks the configuration and returns a client. It sends nothing.
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
		return nil, errors.New("the personal access token contains a space, a line break or another character that tokens do not have")
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
	if config.DownloadIdleTimeout <= 0 {
		config.DownloadIdleTimeout = time.Minute
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
		t.OnProxyConnectResponse = reportProxy
		config.Transport = t
	}
	if config.Log == nil {
		config.Log = func(context.Context, LogEntry) {}
	}
	c := &core{
		base:   base,
		config: config,
		clock:  config.Clock,
		http: &http.Client{
			Transport: config.Transport,
			// Redirects are followed by hand: only reads, only on the same origin.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		limiter: batch.NewLimiter(config.RequestsPerSecond, config.MaxConcurrentRequests, config.Clock),
	}
	c.redactor.add(config.PAT)
	c.responseOptions = json.JoinOptions(decodeOptions, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(c.redactor.decodeStatus), responseUnmarshalers)))
	return &Client{core: c}, nil
}

// BaseURL returns the address of the service.
func (c *Client) BaseURL() string { return c.base.String() }

// RequestsPerSecond is the configured limit; 0 if there is none.
func (c *Client) RequestsPerSecond() float64 { return c.config.RequestsPerSecond }

// Clock returns the clock that the client uses to wait.
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
		return nil, errors.New("http is only accepted for loopback addresses, because the token would be sent unencrypted; use https")
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

// AppRef names the app of a request. UserID may be "me".
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

// escapeSegment percent-encodes s as a path segment. "." and ".." are encoded too, so that they are not cleaned away.
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

	// stream returns the body of a request that is not held in memory. It is called once for each attempt; streamed is the
	// length of the body. Such a request has no in.
	stream   func() io.Reader
	streamed int64

	// repeatable marks a POST that may be sent again after an unknown outcome. Requests with other methods may: the
	// service's PUT, PATCH and DELETE are idempotent.
	repeatable bool
	// items is how many items the request carries, if its response has an outcome for each: partial and complete failure
	// of the items is then not an error of the request.
	items int
	// secrets are credentials that the request carries.
	secrets []string
}

func (c call) mayRepeat() bool { return c.method != http.MethodPost || c.repeatable }

// reads reports whether the request changes nothing: a GET, or a search, which is a repeatable POST without items.
func (c call) reads() bool { return c.method == http.MethodGet || c.repeatable && c.items == 0 }

func (c call) priority() batch.Priority {
	if c.reads() {
		return batch.Read
	}
	return batch.Write
}

// envelope is any response of the service: a struct that embeds Envelope.
type envelope interface{ status() *Status }

func (c *Client) do(ctx context.Context, call call, out envelope) error {
	if !call.reads() {
		defer c.generation.Advance()
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
	c.redactor.add(call.secrets...)
	return c.send(ctx, call, body, out)
}
