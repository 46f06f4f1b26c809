package clarifai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	backoffBase         = 500 * time.Millisecond
	backoffCap          = 30 * time.Second
	maxAttempts         = 12
	maxOtherServerTries = 3                // of requests that something other than the Clarifai API responds to
	connectTimeLimit    = 10 * time.Second // a rejected connection is a wrong address more often than a restart
	maxRedirects        = 3
)

// send tries a request until its outcome is decided.
func (c *Client) send(ctx context.Context, call call, body []byte, out envelope) error {
	start := c.clock.Now()
	for attempt := 1; ; attempt++ {
		err := c.attempt(ctx, call, body, out, attempt)
		if err == nil {
			return nil
		}
		var e *Error
		if !errors.As(err, &e) {
			return err // ctx ended before anything was sent
		}
		e.Attempts, e.Waited = attempt, c.clock.Now().Sub(start)
		decision := classify(call, e)
		e.OutcomeUnknown = decision.outcomeUnknown
		if !decision.retry || attempt >= decision.maxAttempts || ctx.Err() != nil {
			return e
		}
		limit := c.config.RetryTimeout
		if decision.notConnected {
			limit = min(limit, connectTimeLimit)
		}
		delay := max(backoff(attempt), decision.retryAfter)
		now := c.clock.Now()
		if e.Waited+delay > limit {
			return e
		}
		if deadline, ok := ctx.Deadline(); ok && now.Add(delay).After(deadline) {
			return e
		}
		if decision.throttled {
			c.limiter.Cooldown(now.Add(delay))
		}
		if c.clock.Sleep(ctx, delay) != nil {
			return e
		}
	}
}

// backoff is exponential with full jitter, never below a tenth of its ceiling.
func backoff(attempt int) time.Duration {
	ceiling := min(backoffCap, backoffBase<<min(attempt-1, 10))
	return ceiling/10 + rand.N(ceiling-ceiling/10) //nolint:gosec // jitter needs no secrecy
}

// Retrier spaces out the attempts of a caller that repeats an operation itself, for example a create after a read has
// shown that the object does not exist. It allows attempts for as long as the client's retry timeout.
type Retrier struct {
	client  *Client
	start   time.Time
	attempt int
}

// NewRetrier returns a retrier whose time starts now.
func (c *Client) NewRetrier() *Retrier { return &Retrier{client: c, start: c.clock.Now()} }

// Wait waits before the next attempt, with exponential backoff. It reports false, without waiting, if the attempt would
// start after the retry timeout or the context's deadline, and false if ctx ends.
func (r *Retrier) Wait(ctx context.Context) bool {
	r.attempt++
	delay, now := backoff(r.attempt), r.client.clock.Now()
	if now.Sub(r.start)+delay > r.client.config.RetryTimeout {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && now.Add(delay).After(deadline) {
		return false
	}
	return r.client.clock.Sleep(ctx, delay) == nil
}

// decision is what follows from a failed attempt.
type decision struct {
	retry          bool // another attempt may succeed and does no harm
	maxAttempts    int
	outcomeUnknown bool // the service may have processed the request
	throttled      bool // all requests should pause
	notConnected   bool // no connection was established
	retryAfter     time.Duration
}

// transportError is a failure below the API: there is no response, or not a complete one.
type transportError struct {
	err       error
	sent      bool // the request may have reached the service
	permanent bool // another attempt would fail in the same way
}

func (t *transportError) Error() string { return t.err.Error() }
func (t *transportError) Unwrap() error { return t.err }

// notFromAPIError is a response that does not come from the Clarifai API: a page of a proxy, a load balancer or another server.
type notFromAPIError struct {
	text string
	html bool // not even JSON
}

func (f *notFromAPIError) Error() string {
	return "the response is not one of the Clarifai API: " + f.text
}

// retryAfterError carries the server's Retry-After.
type retryAfterError struct{ after time.Duration }

func (r *retryAfterError) Error() string {
	return fmt.Sprintf("the service asked to wait %s", r.after)
}

// classify decides what follows from a failed attempt. A request that is not idempotent is only repeated if the failure
// says that nothing was done.
func classify(call call, e *Error) decision {
	d := decision{maxAttempts: maxAttempts}
	var after *retryAfterError
	if errors.As(e.Err, &after) {
		d.retryAfter = after.after
	}
	var notAPI *notFromAPIError
	isNotAPI := errors.As(e.Err, &notAPI)
	if isNotAPI && notAPI.html {
		d.maxAttempts = maxOtherServerTries
	}
	var broken *transportError
	if errors.As(e.Err, &broken) {
		d.notConnected = !broken.sent
		d.retry = !broken.permanent && (!broken.sent || call.mayRepeat())
		d.outcomeUnknown = broken.sent && !call.mayRepeat()
		return d
	}
	switch e.Status.Code {
	case StatusHourlyLimit: // worth waiting for only if the service says how long
		d.retry = d.retryAfter > 0
		return d
	case StatusThrottled:
		d.retry, d.throttled = true, true
		return d
	case StatusServiceUnavailable, StatusMaintenanceWrites, StatusBackendQueueFull, StatusBackendBusy:
		d.retry = true
		return d
	case StatusMixed: // if the response has no outcome for each item
		d.retry = call.reads()
		d.outcomeUnknown = !call.mayRepeat()
		return d
	}
	switch {
	case e.HTTPStatus == http.StatusTooManyRequests && e.Status.Code == 0:
		d.retry, d.throttled, d.maxAttempts = true, true, maxAttempts
	case e.HTTPStatus == http.StatusRequestTimeout && e.Status.Code == 0,
		e.HTTPStatus >= 500 && e.HTTPStatus != http.StatusNotImplemented, e.Status.Code.Retryable():
		d.retry, d.outcomeUnknown, d.maxAttempts = call.mayRepeat(), !call.mayRepeat(), maxAttempts
	case isNotAPI && notAPI.html:
		d.retry = true // a gateway's page says that nothing was done
	}
	return d
}

// attempt sends the request once. Its error is an *Error unless ctx ended first.
func (c *Client) attempt(ctx context.Context, call call, body []byte, out envelope, attempt int) error {
	permit, err := c.acquire(ctx, call.priority())
	if err != nil {
		return fmt.Errorf("%s: not sent: %w", call.op, err)
	}
	defer permit.Release()

	ctx, span := startRequest(ctx, call.op)
	entry := LogEntry{Op: call.op, Method: call.method, Path: call.path, Attempt: attempt, RequestBytes: len(body) + int(call.streamed)}
	start := c.clock.Now()
	failure := c.roundTrip(ctx, call, body, out, &entry)
	entry.Duration = c.clock.Now().Sub(start)
	if failure != nil {
		failure.Op, failure.Method, failure.Path = call.op, call.method, call.path
		entry.Err = failure
	}
	c.config.Log(ctx, entry)
	c.endRequest(span, &entry)
	if failure != nil {
		return failure
	}
	return nil
}

func (c *Client) roundTrip(ctx context.Context, call call, body []byte, out envelope, entry *LogEntry) *Error {
	attemptCtx, cancel := context.WithTimeout(ctx, c.attemptTime(call))
	defer cancel()
	target := *c.base
	target.Path, target.RawPath = mustUnescape(call.path), call.path
	target.RawQuery = call.query.Encode()

	var response *http.Response
	for hops := 0; ; hops++ {
		var failure *Error
		if response, failure = c.roundTripOnce(attemptCtx, call, target.String(), body); failure != nil {
			c.logBodies(ctx, call, body, nil, entry)
			return failure
		}
		next, ok := c.redirect(call, &target, response, hops)
		if !ok {
			break
		}
		_ = response.Body.Close()
		target = *next
	}
	defer func() { _ = response.Body.Close() }()
	entry.HTTPStatus = response.StatusCode
	c.noteDate(response)

	buffer := responseBuffers.Get().(*bytes.Buffer)
	defer recycle(buffer)
	err := readBody(buffer, response)
	c.logBodies(ctx, call, body, buffer.Bytes(), entry)
	switch {
	case err != nil:
		cause := fmt.Errorf("the response broke off after %d bytes: %w", buffer.Len(), stripURL(err))
		return &Error{HTTPStatus: response.StatusCode, Err: &transportError{err: cause, sent: true}}
	case buffer.Len() > MaxBodyBytes:
		cause := fmt.Errorf("the response is larger than %d bytes", MaxBodyBytes)
		return &Error{HTTPStatus: response.StatusCode, Err: &transportError{err: cause, sent: true, permanent: true}}
	}
	return c.evaluate(call, response, buffer.Bytes(), out, entry)
}

// responseBuffers holds buffers for response bodies: pages of a thousand objects are some hundred kilobytes each.
var responseBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const maxPooledBuffer = 4 << 20

func recycle(buffer *bytes.Buffer) {
	if buffer.Cap() <= maxPooledBuffer {
		buffer.Reset()
		responseBuffers.Put(buffer)
	}
}

// readBody reads at most one byte more than MaxBodyBytes. It allocates by Content-Length only up to the size of a pooled buffer.
func readBody(buffer *bytes.Buffer, response *http.Response) error {
	if n := response.ContentLength; n > 0 {
		buffer.Grow(int(min(n, maxPooledBuffer-bytes.MinRead)) + bytes.MinRead)
	}
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, MaxBodyBytes+1))
	return err
}

// evaluate decides the outcome of a request by the status.code of its response.
func (c *Client) evaluate(call call, response *http.Response, body []byte, out envelope, entry *LogEntry) *Error {
	reflect.ValueOf(out).Elem().SetZero() // a retry must not keep fields that an earlier attempt decoded
	err := decode(body, out, c.responseOptions)
	status := out.status()
	entry.Code, entry.ReqID = status.Code, status.ReqID
	ok2xx := response.StatusCode/100 == 2
	succeeded := status.Code == StatusSuccess || status.Code == StatusAccepted
	switch {
	case status.Code == 0 && err == nil && len(bytes.TrimSpace(body)) > 0 && ok2xx:
		err = &notFromAPIError{text: c.excerpt(body)} // JSON without a status
		return &Error{HTTPStatus: response.StatusCode, Hint: hintForeign, Err: &transportError{err: err, sent: true}}
	case status.Code == 0:
		return c.notFromAPI(response, body, err)
	case err != nil && ok2xx && (succeeded || status.Code == StatusMixed):
		// What the request did may be in the part that cannot be read, whatever the status says.
		cause := fmt.Errorf("the response cannot be read completely: %w", err)
		return &Error{
			HTTPStatus: response.StatusCode, Status: Status{ReqID: status.ReqID}, Hint: hintUnreadable,
			Err: &transportError{err: cause, sent: true, permanent: !isBrokenJSON(err)},
		}
	case succeeded && ok2xx:
		return nil
	case call.items > 0 && (status.Code == StatusMixed || status.Code == StatusFailure || hasItemStatuses(out, *status, call.items)):
		return nil
	}
	return withRetryAfter(&Error{HTTPStatus: response.StatusCode, Status: *status}, response, c.clock.Now())
}

// notFromAPI returns the error of a response that does not come from the Clarifai API.
func (c *Client) notFromAPI(response *http.Response, body []byte, err error) *Error {
	trimmed := bytes.TrimSpace(body)
	isJSON := len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
	failure := &Error{HTTPStatus: response.StatusCode, Hint: hintForeign, Err: &notFromAPIError{text: c.excerpt(body), html: !isJSON}}
	if response.StatusCode/100 == 2 {
		// A success whose body cannot be read: something cut or replaced it on the way.
		failure.Err = &transportError{err: failure.Err, sent: true, permanent: isJSON && err != nil && !isBrokenJSON(err)}
	}
	return withRetryAfter(failure, response, c.clock.Now())
}

const (
	hintForeign = "What responded is probably not the Clarifai API: a proxy, a load balancer, or another server. " +
		"Check base_url (or CLARIFAI_API_BASE)."
	hintUnreadable = "Something cut the response on its way, or the service is newer than this version of the provider. " +
		"If it happens again, update the provider."
)

// itemStatuses is a response that carries a status for each item.
type itemStatuses interface{ itemStatuses() []Status }

// hasItemStatuses reports whether a failed request lists a status for each of its n items, which then say more than the
// status of the request.
func hasItemStatuses(out envelope, request Status, n int) bool {
	response, ok := out.(itemStatuses)
	if !ok || request.Code.Retryable() {
		return false
	}
	statuses := response.itemStatuses()
	for _, s := range statuses {
		if s.Code == 0 {
			return false
		}
	}
	return len(statuses) == n
}

func (c *Client) roundTripOnce(ctx context.Context, call call, address string, body []byte) (*http.Response, *Error) {
	var reader io.Reader
	if call.in != nil {
		reader = bytes.NewReader(body)
	}
	if call.stream != nil {
		reader = call.stream()
	}
	trace := &connectTrace{}
	request, err := http.NewRequestWithContext(trace.on(ctx), call.method, address, reader)
	if err != nil {
		return nil, &Error{Err: stripURL(err)}
	}
	if call.stream != nil {
		request.ContentLength = call.streamed
	}
	c.authorize(request)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("X-Clarifai-Request-ID-Prefix", "terraform")
	if reader != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, connectionFailure(err, trace, request.URL.Host)
	}
	return response, nil
}

func (c *Client) authorize(request *http.Request) {
	request.Header.Set("Authorization", "Key "+c.config.PAT)
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
}

// noteDate keeps how far the service's clock is ahead of this one.
func (c *Client) noteDate(response *http.Response) {
	if at, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		c.clockOffset.Store(int64(at.Sub(c.clock.Now())))
	}
}

// ServiceTime returns the current time by the service's clock, as its latest response said in the Date header. Compare
// creation times with it and not with the time of this machine.
func (c *Client) ServiceTime() time.Time {
	return c.clock.Now().Add(time.Duration(c.clockOffset.Load()))
}

// redirect returns where a read should be sent instead. Writes are never sent on (the caller learns the new ID from the
// error), and no request leaves the origin that the credential is meant for.
func (c *Client) redirect(call call, from *url.URL, response *http.Response, hops int) (*url.URL, bool) {
	if response.StatusCode != http.StatusTemporaryRedirect && response.StatusCode != http.StatusPermanentRedirect {
		return nil, false
	}
	if call.method != http.MethodGet || hops >= maxRedirects {
		return nil, false
	}
	next, err := from.Parse(response.Header.Get("Location"))
	if err != nil || !c.sameOrigin(next) {
		return nil, false
	}
	if next.RawQuery == "" {
		next.RawQuery = from.RawQuery
	}
	return next, true
}

func (c *Client) sameOrigin(u *url.URL) bool {
	return u.User == nil && u.Scheme == c.base.Scheme && strings.EqualFold(u.Host, c.base.Host)
}

// withRetryAfter adds how long the server asks to wait.
func withRetryAfter(e *Error, response *http.Response, now time.Time) *Error {
	value := response.Header.Get("Retry-After")
	if value == "" {
		return e
	}
	after := time.Duration(0)
	if seconds, err := strconv.Atoi(value); err == nil {
		after = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		after = at.Sub(now)
	}
	if after > 0 {
		e.Err = errors.Join(e.Err, &retryAfterError{after: after})
	}
	return e
}

// connectTrace records whether a request had a connection to be sent on.
type connectTrace struct {
	mu              sync.Mutex
	wanted, written bool
}

func (t *connectTrace) on(ctx context.Context) context.Context {
	set := func(flag *bool) {
		t.mu.Lock()
		defer t.mu.Unlock()
		*flag = true
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { set(&t.wanted) },
		WroteHeaders: func() { set(&t.written) },
	})
}

// unsent reports whether it is certain that nothing was sent.
func (t *connectTrace) unsent() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wanted && !t.written
}

// stripURL drops the address that net/http puts into its errors: queries may hold what must not be shown, and the path is
// reported anyway.
func stripURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// isDialError reports whether no connection was established, so that nothing was sent.
func isDialError(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns)
}

// mustUnescape decodes a path that this package has built.
func mustUnescape(path string) string {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return decoded
}
