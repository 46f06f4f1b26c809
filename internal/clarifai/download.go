package clarifai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

const hintDownload = "The download was interrupted, which says nothing about the export itself. Run again; " +
	"if it happens again, check the connection and any proxy between this machine and the address."

// Download copies a finished export or a hosted file to w and returns the number of bytes. The service's own addresses
// need the credential. It is sent to the client's origin and, for the public service, to hosts below clarifai.com over
// https, and nowhere else. Redirects are followed to https addresses.
//
// A download that breaks off, or receives nothing for Config.DownloadIdleTimeout, is resumed where it stopped, for
// Config.RetryTimeout after the last byte.
func (c *Client) Download(ctx context.Context, address string, w io.Writer) (int64, error) {
	call := call{op: "Download", method: http.MethodGet}
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || target.User != nil {
		return 0, &Error{Op: call.op, Method: call.method, Err: errors.New("the service gave an address that is not a URL")}
	}
	call.path = target.Path
	if target.Scheme != "https" && !c.sameOrigin(target) {
		return 0, &Error{Op: call.op, Method: call.method, Path: call.path,
			Err: errors.New("the address is on another host than the API and not https; it was not requested")}
	}
	d := &download{client: c, target: target, w: w}
	progress := c.clock.Now()
	for attempt, failures := 1, 1; ; attempt, failures = attempt+1, failures+1 {
		before := d.written
		failure := d.once(ctx, call)
		if failure == nil {
			return d.written, nil
		}
		now := c.clock.Now()
		if d.written > before {
			progress, failures = now, 1
		}
		failure.Op, failure.Method, failure.Path = call.op, call.method, call.path
		failure.Attempts, failure.Waited = attempt, now.Sub(progress)
		decision, delay := classify(call, failure), backoff(failures)
		limit := c.config.RetryTimeout
		if decision.notConnected {
			limit = min(limit, connectTimeLimit)
		}
		if !decision.retry || failures >= decision.maxAttempts || failure.Waited+delay > limit || ctx.Err() != nil {
			return d.written, failure
		}
		if c.clock.Sleep(ctx, delay) != nil {
			return d.written, failure
		}
	}
}

// download is the state of one download over its attempts.
type download struct {
	client  *Client
	target  *url.URL
	w       io.Writer
	written int64
	version string // ETag or modification time of the first response
}

// once sends one request, for what has not been written yet.
func (d *download) once(ctx context.Context, call call) (failure *Error) {
	permit, err := d.client.acquire(ctx, batch.Read)
	if err != nil {
		return &Error{Err: &transportError{err: err, permanent: true}}
	}
	defer permit.Release()
	ctx, span := startRequest(ctx, call.op)
	defer func() { d.client.endDownload(span, d.target, d.written, failure) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := newIdleTimer(d.client.config.DownloadIdleTimeout, cancel)
	defer idle.stop()

	target := d.target
	for hops := 0; ; hops++ {
		response, failure := d.request(ctx, call, target)
		if failure != nil {
			return failure
		}
		next, err := d.redirect(target, response, hops)
		if next == nil && err == nil {
			defer func() { _ = response.Body.Close() }()
			return d.copy(ctx, response, idle)
		}
		_ = response.Body.Close()
		if err != nil {
			return &Error{HTTPStatus: response.StatusCode, Err: err}
		}
		target = next
	}
}

func (d *download) request(ctx context.Context, call call, target *url.URL) (*http.Response, *Error) {
	trace := &connectTrace{}
	request, err := http.NewRequestWithContext(trace.on(ctx), call.method, target.String(), nil)
	if err != nil {
		return nil, &Error{Err: stripURL(err)}
	}
	if d.client.trusts(target) {
		d.client.authorize(request)
	}
	if d.written > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.written))
		if d.version != "" {
			request.Header.Set("If-Range", d.version)
		}
	}
	response, err := d.client.http.Do(request)
	if err != nil {
		return nil, d.broken(ctx, 0, connectionFailure(err, trace, target.Host))
	}
	return response, nil
}

// redirect returns where a response redirects to, or nil if it does not.
func (d *download) redirect(from *url.URL, response *http.Response, hops int) (*url.URL, error) {
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	next, err := from.Parse(response.Header.Get("Location"))
	switch {
	case hops >= maxRedirects:
		return nil, fmt.Errorf("the address redirects more than %d times", maxRedirects)
	case err != nil || next.Host == "" || next.User != nil:
		return nil, errors.New("the address redirects to something that is not a URL")
	case next.Scheme != "https" && !d.client.sameOrigin(next):
		return nil, fmt.Errorf("the address redirects to host %s without https; it was not requested", next.Host)
	}
	return next, nil
}

// copy writes the body of a response, from where the last attempt stopped.
func (d *download) copy(ctx context.Context, response *http.Response, idle *idleTimer) *Error {
	skip := int64(0)
	switch {
	case response.StatusCode == http.StatusPartialContent && rangeStart(response) == d.written:
	case response.StatusCode == http.StatusOK && d.written == 0:
		d.version = response.Header.Get("ETag")
		if d.version == "" || strings.HasPrefix(d.version, "W/") {
			d.version = response.Header.Get("Last-Modified")
		}
	case response.StatusCode == http.StatusOK: // the server does not resume
		if now := response.Header.Get("ETag"); d.version != "" && now != d.version && response.Header.Get("Last-Modified") != d.version {
			return &Error{HTTPStatus: response.StatusCode, Hint: hintDownload,
				Err: errors.New("the file changed while it was downloaded")}
		}
		skip = d.written
	default:
		return d.rejected(response)
	}
	body := &idleReader{from: response.Body, idle: idle}
	if _, err := io.CopyN(io.Discard, body, skip); err != nil {
		return d.broken(ctx, response.StatusCode, &Error{Err: &transportError{err: stripURL(err), sent: true}})
	}
	n, err := io.Copy(writeOnly{d.w}, body)
	d.written += n
	var writing *writeError
	switch {
	case errors.As(err, &writing):
		return &Error{HTTPStatus: response.StatusCode, Err: writing.err}
	case err != nil:
		return d.broken(ctx, response.StatusCode, &Error{Err: &transportError{err: stripURL(err), sent: true}})
	}
	return nil
}

// broken explains a connection that failed, or that received nothing for too long.
func (d *download) broken(ctx context.Context, httpStatus int, failure *Error) *Error {
	if cause := context.Cause(ctx); errors.Is(cause, errIdle) {
		failure.Err = &transportError{err: fmt.Errorf("received nothing for %s", d.client.config.DownloadIdleTimeout), sent: true}
	}
	if d.written > 0 {
		failure.Err = fmt.Errorf("after %d bytes: %w", d.written, failure.Err)
	}
	failure.HTTPStatus = httpStatus
	if failure.Hint == "" {
		failure.Hint = hintDownload
	}
	return failure
}

// rejected is the error of a response that is not the file.
func (d *download) rejected(response *http.Response) *Error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	var out struct{ Envelope }
	if decode(body, &out, d.client.responseOptions) == nil && out.Status.Code != 0 {
		return withRetryAfter(&Error{HTTPStatus: response.StatusCode, Status: out.Status}, response, d.client.clock.Now())
	}
	failure := &Error{HTTPStatus: response.StatusCode, Err: errors.New(d.client.excerpt(body)), Hint: hintDownload}
	if response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusNotFound {
		failure.Hint = "The address may have expired. Run again to get a new one."
	}
	return withRetryAfter(failure, response, d.client.clock.Now())
}

// rangeStart returns the first byte of a partial response, or -1.
func rangeStart(response *http.Response) int64 {
	text, ok := strings.CutPrefix(response.Header.Get("Content-Range"), "bytes ")
	start, _, cut := strings.Cut(text, "-")
	n, err := strconv.ParseInt(start, 10, 64)
	if !ok || !cut || err != nil {
		return -1
	}
	return n
}

// trusts reports whether the credential may be sent to an address.
func (c *Client) trusts(u *url.URL) bool {
	if c.sameOrigin(u) {
		return true
	}
	const own = ".clarifai.com"
	return u.Scheme == "https" && u.Port() == "" &&
		strings.HasSuffix(c.base.Hostname(), own) && strings.HasSuffix(strings.ToLower(u.Hostname()), own)
}

var errIdle = errors.New("nothing was received")

// idleTimer cancels a request that receives nothing for a time.
type idleTimer struct {
	timeout time.Duration
	timer   *time.Timer
}

func newIdleTimer(timeout time.Duration, cancel context.CancelCauseFunc) *idleTimer {
	return &idleTimer{timeout: timeout, timer: time.AfterFunc(timeout, func() { cancel(errIdle) })}
}

func (t *idleTimer) stop()  { t.timer.Stop() }
func (t *idleTimer) reset() { t.timer.Reset(t.timeout) }

type idleReader struct {
	from io.Reader
	idle *idleTimer
}

func (r *idleReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if n > 0 {
		r.idle.reset()
	}
	return n, err
}

// writeOnly hides other methods of a writer, and marks its errors: those of the network are retried, those of the disk
// are not.
type writeOnly struct{ w io.Writer }

func (w writeOnly) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil {
		err = &writeError{err}
	}
	return n, err
}

type writeError struct{ err error }

func (w *writeError) Error() string { return w.err.Error() }
func (w *writeError) Unwrap() error { return w.err }
