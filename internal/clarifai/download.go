package clarifai

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/batch"
)

// Download copies a finished export or a hosted medium to w and returns how
// many bytes it was. The service's own addresses want the credential; it is
// sent to the client's origin and, on the public service, to hosts below
// clarifai.com over https, and nowhere else.
//
// A failure before the first byte is retried like any read; after that it is
// returned, since w cannot be rewound.
func (c *Client) Download(ctx context.Context, address string, w io.Writer) (int64, error) {
	const op = "Download"
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || target.User != nil {
		return 0, &Error{Op: op, Method: http.MethodGet, Err: fmt.Errorf("the service gave an address that is not a URL")}
	}
	if target.Scheme != "https" && !c.sameOrigin(target) {
		return 0, &Error{Op: op, Method: http.MethodGet, Path: target.Path,
			Err: fmt.Errorf("the address is on another host than the API and not https; not fetched")}
	}
	call := call{op: op, method: http.MethodGet, path: target.Path}
	start := c.clock.Now()
	for attempt := 1; ; attempt++ {
		n, failure := c.downloadOnce(ctx, call, target, w)
		if failure == nil {
			return n, nil
		}
		failure.Op, failure.Method, failure.Path = call.op, call.method, call.path
		failure.Attempts, failure.Waited = attempt, c.clock.Now().Sub(start)
		delay := backoff(attempt)
		if n > 0 || !judge(call, failure).again || attempt >= maxAttempts || failure.Waited+delay > c.config.RetryTimeout {
			return n, failure
		}
		if c.clock.Sleep(ctx, delay) != nil {
			return n, failure
		}
	}
}

func (c *Client) downloadOnce(ctx context.Context, call call, target *url.URL, w io.Writer) (int64, *Error) {
	permit, err := c.acquire(ctx, batch.Read)
	if err != nil {
		return 0, &Error{Err: err}
	}
	defer permit.Release()
	request, err := http.NewRequestWithContext(ctx, call.method, target.String(), nil)
	if err != nil {
		return 0, &Error{Err: stripURL(err)}
	}
	if c.trusts(target) {
		c.authorize(request)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, &Error{Err: &transportError{err: stripURL(err), sent: !isDialError(err)}}
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16))
		var out struct{ Envelope }
		if Decode(answer, &out) == nil && out.Status.Code != 0 {
			return 0, &Error{HTTPStatus: response.StatusCode, Status: out.Status}
		}
		return 0, &Error{HTTPStatus: response.StatusCode, Err: fmt.Errorf("%s", excerpt(answer))}
	}
	n, err := io.Copy(w, response.Body)
	if err != nil {
		return n, &Error{HTTPStatus: response.StatusCode, Err: fmt.Errorf("after %d bytes: %w", n, stripURL(err))}
	}
	return n, nil
}

// trusts tells whether the credential may go to an address.
func (c *Client) trusts(u *url.URL) bool {
	if c.sameOrigin(u) {
		return true
	}
	const own = ".clarifai.com"
	return u.Scheme == "https" && u.Port() == "" &&
		strings.HasSuffix(c.base.Hostname(), own) && strings.HasSuffix(strings.ToLower(u.Hostname()), own)
}
