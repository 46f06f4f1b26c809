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
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

const (
	backoffBase   = 500 * time.Millisecond
	backoffCap    = 30 * time.Second
	maxAttempts   = 12
	dialTimeLimit = 10 * time.Second // an address where nobody listens is a mistake more often than a restart
	maxRedirects  = 3
)

// send makes attempts until one settles the call.
func (c *Client) send(ctx context.Context, call call, body []byte, out envelope) error {
	start := c.clock.Now()
	for attempt := 1; ; attempt++ {
		err := c.attempt(ctx, call, body, out, attempt)
		if err == nil {
			return nil
		}
		var e *Error
		if !errors.As(err, &e) {
			return err // the caller's context ended before anything was sent
		}
		e.Attempts, e.Waited = attempt, c.clock.Now().Sub(start)
		verdict := judge(call, e)
		e.OutcomeUnknown = verdict.unknown
		if !verdict.again || attempt >= maxAttempts || ctx.Err() != nil {
			return e
		}
		limit := c.config.RetryTimeout
		if verdict.dial {
			limit = min(limit, dialTimeLimit)
		}
		delay := max(backoff(attempt), verdict.retryAfter)
		now := c.clock.Now()
		if e.Waited+delay > limit {
			return e
		}
		if deadline, ok := ctx.Deadline(); ok && now.Add(delay).After(deadline) {
			return e
		}
		if verdict.throttled {
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

type verdict struct {
	again      bool // worth another attempt
	unknown    bool // the work may have been done
	throttled  bool // everybody should pause
	dial       bool // nobody listens there
	retryAfter time.Duration
}

// transportError is trouble below HTTP: nothing came back, or not all of it.
type transportError struct {
	err  error
	sent bool // the request may have reached the service
}

func (t *transportError) Error() string { return t.err.Error() }
func (t *transportError) Unwrap() error { return t.err }

// retryAfterError carries the server's Retry-After along with a refusal.
type retryAfterError struct{ after time.Duration }

func (r *retryAfterError) Error() string {
	return fmt.Sprintf("the service asked to wait %s", r.after)
}

// judge decides whether a failed attempt may and should be made again. What is
// not idempotent is repeated only when the failure says that nothing was done.
func judge(call call, e *Error) verdict {
	var v verdict
	var after *retryAfterError
	if errors.As(e.Err, &after) {
		v.retryAfter = after.after
	}
	var broken *transportError
	if errors.As(e.Err, &broken) {
		v.dial = !broken.sent
		v.again = !broken.sent || call.mayRepeat()
		v.unknown = broken.sent && !call.mayRepeat()
		var unreadable *ContentError
		if errors.As(broken.err, &unreadable) {
			v.again = false
		}
		var dns *net.DNSError
		if errors.As(broken.err, &dns) && dns.IsNotFound {
			v.again = false
		}
		return v
	}
	switch e.Status.Code {
	case StatusHourlyLimit: // worth waiting for only when the service says how long
		v.again = v.retryAfter > 0
		return v
	case StatusThrottled:
		v.again, v.throttled = true, true
		return v
	case StatusServiceUnavailable, StatusMaintenanceWrites, StatusBackendQueueFull, StatusBackendBusy:
		v.again = true
		return v
	}
	if e.HTTPStatus == http.StatusTooManyRequests && e.Status.Code == 0 {
		v.again, v.throttled = true, true
		return v
	}
	if e.HTTPStatus >= 500 && e.HTTPStatus != http.StatusNotImplemented || e.Status.Code.Retryable() {
		v.again = call.mayRepeat()
		v.unknown = !call.mayRepeat()
	}
	return v
}

// attempt sends the call once. Its error is an *Error unless ctx ended first.
func (c *Client) attempt(ctx context.Context, call call, body []byte, out envelope, attempt int) error {
	permit, err := c.acquire(ctx, call.priority())
	if err != nil {
		return fmt.Errorf("%s: not sent: %w", call.op, err)
	}
	defer permit.Release()

	entry := LogEntry{Op: call.op, Method: call.method, Path: call.path, Attempt: attempt, RequestBytes: len(body) + int(call.streamed)}
	start := c.clock.Now()
	failure := c.roundTrip(ctx, call, body, out, &entry)
	entry.Duration = c.clock.Now().Sub(start)
	if failure != nil {
		failure.Op, failure.Method, failure.Path = call.op, call.method, call.path
		entry.Err = failure
	}
	c.config.Log(ctx, entry)
	if failure != nil {
		return failure
	}
	return nil
}

func (c *Client) roundTrip(ctx context.Context, call call, body []byte, out envelope, entry *LogEntry) *Error {
	ctx, cancel := context.WithTimeout(ctx, c.attemptTime(call))
	defer cancel()
	target := *c.base
	target.Path, target.RawPath = mustUnescape(call.path), call.path
	target.RawQuery = call.query.Encode()

	var response *http.Response
	for hops := 0; ; hops++ {
		var failure *Error
		if response, failure = c.roundTripOnce(ctx, call, target.String(), body); failure != nil {
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

	answer, err := io.ReadAll(io.LimitReader(response.Body, MaxBodyBytes+1))
	switch {
	case err != nil:
		return &Error{HTTPStatus: response.StatusCode, Err: &transportError{err: fmt.Errorf("the answer broke off after %d bytes: %w", len(answer), stripURL(err)), sent: true}}
	case len(answer) > MaxBodyBytes:
		return &Error{HTTPStatus: response.StatusCode, Err: fmt.Errorf("the answer is larger than %d bytes", MaxBodyBytes)}
	}
	return c.evaluate(call, response, answer, out, entry)
}

// evaluate judges an answer by its status.code.
func (c *Client) evaluate(call call, response *http.Response, answer []byte, out envelope, entry *LogEntry) *Error {
	reflect.ValueOf(out).Elem().SetZero() // nothing of an earlier attempt's answer may shine through
	err := Decode(answer, out)
	status := out.status()
	entry.Code, entry.ReqID = status.Code, status.ReqID
	ok2xx := response.StatusCode/100 == 2
	if err != nil && status.Code == 0 {
		failure := &Error{HTTPStatus: response.StatusCode, Err: fmt.Errorf("the answer is not one of the Clarifai API's: %s", excerpt(answer))}
		if ok2xx {
			// A success whose body cannot be read: something cut or replaced it on the way.
			failure.Err = &transportError{err: failure.Err, sent: true}
		}
		return withRetryAfter(failure, response, c.clock.Now())
	}
	if err != nil {
		return &Error{HTTPStatus: response.StatusCode, Status: *status, Err: fmt.Errorf("cannot read the answer: %w", err)}
	}
	switch status.Code {
	case StatusSuccess, StatusAccepted:
		if ok2xx {
			return nil
		}
	case StatusMixed, StatusFailure:
		if call.items {
			return nil
		}
	case 0:
		return withRetryAfter(&Error{HTTPStatus: response.StatusCode, Err: fmt.Errorf("the answer has no status code: %s", excerpt(answer))}, response, c.clock.Now())
	}
	return withRetryAfter(&Error{HTTPStatus: response.StatusCode, Status: *status}, response, c.clock.Now())
}

func (c *Client) roundTripOnce(ctx context.Context, call call, address string, body []byte) (*http.Response, *Error) {
	var reader io.Reader
	if call.in != nil {
		reader = bytes.NewReader(body)
	}
	if call.stream != nil {
		reader = call.stream()
	}
	request, err := http.NewRequestWithContext(ctx, call.method, address, reader)
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
		return nil, &Error{Err: &transportError{err: stripURL(err), sent: !isDialError(err)}}
	}
	return response, nil
}

func (c *Client) authorize(request *http.Request) {
	request.Header.Set("Authorization", "Key "+c.config.PAT)
	if c.config.UserAgent != "" {
		request.Header.Set("User-Agent", c.config.UserAgent)
	}
}

// redirect tells where a read should be sent instead. Writes are never sent
// on (the caller learns the new id from the error), and no request leaves the
// origin that the credential is meant for.
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

// withRetryAfter notes the server's wish to be left alone for a while.
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

// isDialError tells whether the connection never came to be, so that nothing was sent.
func isDialError(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns)
}

// stripURL drops the address that net/http puts into its errors: queries may
// hold what should not be shown, and the path is reported anyway.
func stripURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// excerpt shows the beginning of an answer that is not the service's, on one line.
func excerpt(body []byte) string {
	const most = 200
	text := strings.Join(strings.Fields(string(body[:min(len(body), 4*most)])), " ")
	if len(text) > most {
		text = text[:most] + "…"
	}
	if text == "" {
		return "(empty)"
	}
	return strconv.Quote(text)
}

// mustUnescape is the decoded form of a path that this package has built.
func mustUnescape(path string) string {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return decoded
}
