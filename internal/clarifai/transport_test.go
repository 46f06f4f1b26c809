package clarifai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const testPAT = "canary-0123456789abcdef"

// testClock only advances when code waits, and records the waits.
type testClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newTestClock() *testClock { return &testClock{now: time.Unix(1_700_000_000, 0)} }

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.now = c.now.Add(d)
		c.slept = append(c.slept, d)
	}
	return ctx.Err()
}

func (c *testClock) total() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// script gives its responses one after the other; the last one repeats.
type script struct {
	t       *testing.T
	answers []http.HandlerFunc
	calls   atomic.Int32
	last    atomic.Pointer[http.Request]
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := int(s.calls.Add(1))
	s.last.Store(r)
	s.answers[min(n, len(s.answers))-1](w, r)
}

func testClient(t *testing.T, adjust func(*Config), answers ...http.HandlerFunc) (*Client, *script, *testClock) {
	t.Helper()
	s := &script{t: t, answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	clock := newTestClock()
	config := Config{BaseURL: server.URL, PAT: testPAT, Clock: clock}
	if adjust != nil {
		adjust(&config)
	}
	client, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client, s, clock
}

func answer(httpStatus int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(httpStatus)
		_, _ = io.WriteString(w, body)
	}
}

func cut(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

var (
	fine      = answer(200, `{"status":{"code":10000,"description":"Ok","req_id":"r1"}}`)
	throttled = answer(429, `{"status":{"code":11005,"description":"Making too many requests"}}`)
	internal  = answer(500, `{"status":{"code":99009,"description":"Internal error","req_id":"r9"}}`)
	gateway   = answer(503, `{"code": 14, "message": "upstream connect error", "details": []}`)
)

type plainAnswer struct{ Envelope }

func get(ctx context.Context, c *Client) error {
	return c.do(ctx, call{op: "GetThing", method: http.MethodGet, path: "/v2/thing"}, &plainAnswer{})
}

func post(ctx context.Context, c *Client) error {
	return c.do(ctx, call{op: "PostThings", method: http.MethodPost, path: "/v2/things", in: map[string]string{"id": "x"}}, &plainAnswer{})
}

func TestRetries(t *testing.T) {
	t.Parallel()
	html := answer(502, "<html>Bad gateway</html>")
	cases := []struct {
		name    string
		do      func(context.Context, *Client) error
		answers []http.HandlerFunc
		calls   int32
		fails   bool
		unknown bool
	}{
		{"read after throttling", get, []http.HandlerFunc{throttled, throttled, fine}, 3, false, false},
		{"create after throttling", post, []http.HandlerFunc{throttled, fine}, 2, false, false},
		{"read after internal error", get, []http.HandlerFunc{internal, fine}, 2, false, false},
		{"create is not repeated after internal error", post, []http.HandlerFunc{internal, fine}, 1, true, true},
		{"read after a cut connection", get, []http.HandlerFunc{cut, fine}, 2, false, false},
		{"create is not repeated after a cut connection", post, []http.HandlerFunc{cut, fine}, 1, true, true},
		{"read after a gateway's object", get, []http.HandlerFunc{gateway, fine}, 2, false, false},
		{"create is not repeated after a gateway's page", post, []http.HandlerFunc{html, fine}, 1, true, true},
		{"create during maintenance", post, []http.HandlerFunc{answer(503, `{"status":{"code":39997}}`), fine}, 2, false, false},
		{"read after half an answer", get, []http.HandlerFunc{answer(200, `{"status":{"co`), fine}, 2, false, false},
		{"refusals are final", get, []http.HandlerFunc{answer(400, `{"status":{"code":11102}}`), fine}, 1, true, false},
		{"not found is final", get, []http.HandlerFunc{answer(404, `{"status":{"code":11101}}`), fine}, 1, true, false},
		{"hourly quota without a time is final", get, []http.HandlerFunc{answer(429, `{"status":{"code":11003}}`), fine}, 1, true, false},
		{"hourly quota with a time", get, []http.HandlerFunc{answer(429, `{"status":{"code":11003}}`, "Retry-After", "60"), fine}, 2, false,
			false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, server, _ := testClient(t, nil, c.answers...)
			err := c.do(t.Context(), client)
			if (err != nil) != c.fails {
				t.Errorf("error = %v, want failure %v", err, c.fails)
			}
			if IsOutcomeUnknown(err) != c.unknown {
				t.Errorf("outcome unknown = %v, want %v (%v)", IsOutcomeUnknown(err), c.unknown, err)
			}
			if n := server.calls.Load(); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
		})
	}
}

func TestRetryAfterIsObserved(t *testing.T) {
	t.Parallel()
	client, _, clock := testClient(t, nil, answer(429, `{"status":{"code":11005}}`, "Retry-After", "7"), fine)
	if err := get(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if clock.total() < 7*time.Second {
		t.Errorf("waited %s, want at least 7s", clock.total())
	}
}

// If one response asks to wait, the other callers do not send either.
func TestCooldownIsShared(t *testing.T) {
	t.Parallel()
	client, server, clock := testClient(t, nil, fine)
	until := clock.Now().Add(20 * time.Second)
	client.limiter.Cooldown(until)
	if err := get(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if clock.Now().Before(until) {
		t.Errorf("sent %s before the end of the cool-down", until.Sub(clock.Now()))
	}
	if server.calls.Load() != 1 {
		t.Errorf("%d calls, want 1", server.calls.Load())
	}
}

func TestRetries_endAfterRetryTimeout(t *testing.T) {
	t.Parallel()
	client, _, clock := testClient(t, func(c *Config) { c.RetryTimeout = 20 * time.Second }, throttled)
	err := get(t.Context(), client)
	var e *Error
	if !errors.As(err, &e) || e.Status.Code != StatusThrottled || e.Attempts < 2 {
		t.Fatalf("error = %#v, want the throttling after several attempts", err)
	}
	if clock.total() > 20*time.Second {
		t.Errorf("waited %s, want at most 20s", clock.total())
	}
	if !strings.Contains(err.Error(), "tried") {
		t.Errorf("%q does not say how often it was tried", err)
	}
}

func TestRetries_noServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	clock := newTestClock()
	client, err := New(Config{BaseURL: address, PAT: testPAT, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	err = post(t.Context(), client)
	if err == nil || IsOutcomeUnknown(err) {
		t.Fatalf("error = %v, want one whose outcome is known", err)
	}
	if clock.total() > connectTimeLimit {
		t.Errorf("waited %s for an address without a server", clock.total())
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	client, _, clock := testClient(t, func(c *Config) { c.RequestsPerSecond = 10 }, fine)
	start := clock.Now()
	for range 52 {
		if err := get(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	}
	// A burst of 2, then 50 requests at 10 a second.
	if took := clock.Now().Sub(start); took < 4900*time.Millisecond || took > 5100*time.Millisecond {
		t.Errorf("52 requests took %s, want about 5s", took)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	release := make(chan struct{})
	client, server, _ := testClient(t, func(c *Config) { c.MaxConcurrentRequests = 3 }, func(w http.ResponseWriter, r *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		<-release
		now.Add(-1)
		fine(w, r)
	})
	var group sync.WaitGroup
	for range 9 {
		group.Go(func() {
			if err := get(t.Context(), client); err != nil {
				t.Error(err)
			}
		})
	}
	for range 9 {
		release <- struct{}{}
	}
	group.Wait()
	if most.Load() > 3 {
		t.Errorf("%d requests at once, want at most 3", most.Load())
	}
	if server.calls.Load() != 9 {
		t.Errorf("%d calls, want 9", server.calls.Load())
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var stolen atomic.Bool
	foreign := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stolen.Store(r.Header.Get("Authorization") != "")
	}))
	t.Cleanup(foreign.Close)
	moved := `{"status":{"code":10050,"description":"Resource moved","redirect_info":{"new_resource_id":"fleet2"}}}`

	t.Run("reads follow on the same origin", func(t *testing.T) {
		t.Parallel()
		client, server, _ := testClient(t, nil, answer(307, moved, "Location", "/v2/other"), fine)
		if err := get(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		if r := server.last.Load(); r.URL.Path != "/v2/other" || r.Header.Get("Authorization") != "Key "+testPAT {
			t.Errorf("followed to %s with %q", r.URL.Path, r.Header.Get("Authorization"))
		}
	})
	t.Run("the credential stays on its origin", func(t *testing.T) {
		t.Parallel()
		client, _, _ := testClient(t, nil, answer(307, moved, "Location", foreign.URL+"/v2/other"))
		if err := get(t.Context(), client); Code(err) != StatusMoved {
			t.Errorf("error = %v, want the redirect reported", err)
		}
		if stolen.Load() {
			t.Error("the credential reached another origin")
		}
	})
	t.Run("writes are not sent on", func(t *testing.T) {
		t.Parallel()
		client, server, _ := testClient(t, nil, answer(307, moved, "Location", "/v2/other"), fine)
		err := post(t.Context(), client)
		var e *Error
		if !errors.As(err, &e) || e.Status.RedirectInfo == nil || e.Status.RedirectInfo.NewResourceID != "fleet2" {
			t.Errorf("error = %v, want one that knows the new id", err)
		}
		if server.calls.Load() != 1 {
			t.Errorf("%d calls, want 1", server.calls.Load())
		}
	})
}

// A 404 of a server that is not the Clarifai API does not mean that
// an object does not exist.
func TestIsNotFound_404OfAnotherServer(t *testing.T) {
	t.Parallel()
	client, _, _ := testClient(t, nil, answer(404, "<html>no such page</html>"))
	err := get(t.Context(), client)
	if err == nil || IsNotFound(err) {
		t.Errorf("error = %v, IsNotFound = %v; want an error that is no proof of absence", err, IsNotFound(err))
	}
	real404, _, _ := testClient(t, nil, answer(404, `{"status":{"code":11101}}`))
	if err := get(t.Context(), real404); !IsNotFound(err) {
		t.Errorf("error = %v, want not found", err)
	}
}

func TestErrorsCarryNoSecrets(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	var mu sync.Mutex
	client, _, _ := testClient(t, func(c *Config) {
		c.RetryTimeout = time.Second
		c.Log = func(_ context.Context, e LogEntry) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(&logged, "%+v\n", e)
		}
	}, internal, cut, answer(400, "who is "+testPAT[:3]))
	for range 6 {
		for _, do := range []func(context.Context, *Client) error{get, post} {
			if err := do(t.Context(), client); err != nil {
				fmt.Fprintf(&logged, "%v %+v\n", err, err)
			}
		}
	}
	if !strings.Contains(logged.String(), "GetThing") {
		t.Fatal("nothing was logged, so nothing is shown")
	}
	if strings.Contains(logged.String(), testPAT) {
		t.Errorf("the token is in: %s", logged.String())
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for raw, ok := range map[string]bool{
		"https://api.clarifai.com":      true,
		"https://api.clarifai.com/":     true,
		"http://127.0.0.1:8080":         true,
		"http://[::1]:8080":             true,
		"http://localhost:8080":         true,
		"http://api.clarifai.com":       false,
		"http://127.0.0.1.evil.example": false,
		"https://user:pw@example.com":   false,
		"https://api.clarifai.com/v2":   false,
		"api.clarifai.com":              false,
		"ftp://api.clarifai.com":        false,
		"":                              false,
	} {
		if _, err := CheckBaseURL(raw); (err == nil) != ok {
			t.Errorf("CheckBaseURL(%q) = %v, want ok %v", raw, err, ok)
		}
	}
}

func TestPathsAreEscaped(t *testing.T) {
	t.Parallel()
	got := AppRef{UserID: "me", AppID: "a b"}.path("inputs", "../x/y", "..")
	if want := "/v2/users/me/apps/a%20b/inputs/..%2Fx%2Fy/%2E%2E"; got != want {
		t.Errorf("path = %s, want %s", got, want)
	}
	client, server, _ := testClient(t, nil, fine)
	err := client.do(t.Context(), call{op: "GetThing", method: http.MethodGet,
		path: AppRef{UserID: "me", AppID: "x"}.path("inputs", "a/b", "..")}, &plainAnswer{})
	if err != nil {
		t.Fatal(err)
	}
	if got := server.last.Load().URL.EscapedPath(); got != "/v2/users/me/apps/x/inputs/a%2Fb/%2E%2E" {
		t.Errorf("sent to %s", got)
	}
}

func TestFloatKeepsItsSpelling(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0.7", "1", "0", "40.7127", "-30", "0.1"} {
		var f Float
		if err := Decode([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		out, err := Encode(f)
		if err != nil || string(out) != text {
			t.Errorf("%s became %s (%v)", text, out, err)
		}
		if fmt.Sprint(float64(f)) != text {
			t.Errorf("%s is held as %v", text, float64(f))
		}
	}
}
