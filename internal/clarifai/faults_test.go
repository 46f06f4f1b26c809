package clarifai

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func createDataset(ctx context.Context, c *Client) error {
	_, err := c.PostDatasets(ctx, AppRef{UserID: "u", AppID: "a"}, []Dataset{{ID: "d"}})
	return err
}

func getDataset(ctx context.Context, c *Client) error {
	_, err := c.GetDataset(ctx, AppRef{UserID: "u", AppID: "a"}, "d")
	return err
}

// A success that cannot be read completely leaves open what was done, whatever its status says, and the error shows why.
func TestResponsesThatCannotBeReadCompletely(t *testing.T) {
	t.Parallel()
	const success = `{"status":{"code":10000,"description":"Ok","req_id":"r"},`
	fineOne := answer(200, success+`"dataset":{"id":"d"}}`)
	for name, c := range map[string]struct {
		do    func(context.Context, *Client) error
		body  string
		calls int32
		want  string // in the error; "" for success
	}{
		"a create whose response is cut":        {createDataset, success + `"datasets":[{"id":"d","cre`, 1, "cannot be read completely"},
		"a create with a field of another type": {createDataset, success + `"datasets":[{"id":["d"]}]}`, 1, "cannot be read completely"},
		"a create without the object":           {createDataset, success + `"datasets":[]}`, 1, `has no "datasets"`},
		"a create with null for the object":     {createDataset, success + `"datasets":[null]}`, 1, `has no "datasets"`},
		"a create with another object":          {createDataset, success + `"datasets":[{"id":"x"}]}`, 1, `has no "datasets"`},
		"a mixed create":                        {createDataset, `{"status":{"code":10010,"description":"Mixed"}}`, 1, "Mixed"},
		"a read whose response is cut":          {getDataset, success + `"dataset":{"id":"d","cre`, 2, ""},
		"a mixed read":                          {getDataset, `{"status":{"code":10010,"description":"Mixed"}}`, 2, ""},
		"a read with a field of another type":   {getDataset, success + `"dataset":{"id":["d"]}}`, 1, "cannot be read completely"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server, _ := testClient(t, nil, answer(200, c.body), fineOne)
			err := c.do(t.Context(), client)
			if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
			if create := strings.HasPrefix(name, "a create") || name == "a mixed create"; IsOutcomeUnknown(err) != create {
				t.Errorf("outcome unknown = %v (%v)", IsOutcomeUnknown(err), err)
			}
			if got := server.calls.Load(); got != c.calls {
				t.Errorf("%d requests, want %d", got, c.calls)
			}
			if err != nil && Code(err) == StatusSuccess {
				t.Errorf("the error says %v", err)
			}
		})
	}
}

// Where a response lists a status for each item, these decide, whatever the code of the request.
func TestItemsDecideWhateverTheCodeOfTheRequest(t *testing.T) {
	t.Parallel()
	inputs := []Input{{ID: "a"}, {ID: "b"}}
	const duplicate = `{"code":30100,"description":"Input has a duplicate ID."}`
	for name, c := range map[string]struct {
		http int
		body string
		want [2]func(error) bool
	}{
		"the code of the reason": {400, `{"status":{"code":30100},"inputs":[
				{"id":"a","status":` + duplicate + `},{"id":"b","status":` + duplicate + `}]}`,
			[2]func(error) bool{IsDuplicate, IsDuplicate}},
		"invalid argument": {400, `{"status":{"code":39999},"inputs":[{"id":"a","status":{"code":30000}},{"id":"b","status":` + duplicate + `}]}`,
			[2]func(error) bool{succeeded, IsDuplicate}},
		"the code of a bad field": {400, `{"status":{"code":10020},"inputs":[
				{"id":"a","status":{"code":30104,"details":"Input has a duplicate ID."}},{"id":"b","status":` + duplicate + `}]}`,
			[2]func(error) bool{IsDuplicate, IsDuplicate}},
		"mixed with a null item": {200, `{"status":{"code":10010},"inputs":[{"id":"a","status":{"code":30000}},null]}`,
			[2]func(error) bool{succeeded, IsOutcomeUnknown}},
		"a missing item": {200, `{"status":{"code":10000},"inputs":[{"id":"b","status":{"code":30000}}]}`,
			[2]func(error) bool{IsOutcomeUnknown, succeeded}},
		"an item that nobody sent": {200, `{"status":{"code":10000},"inputs":[
				{"id":"b","status":{"code":30000}},{"id":"x","status":{"code":30000}}]}`,
			[2]func(error) bool{IsOutcomeUnknown, succeeded}},
		"an item to try again": {200, `{"status":{"code":10010},"inputs":[
				{"id":"a","status":{"code":10030}},{"id":"b","status":{"code":30000}}]}`,
			[2]func(error) bool{IsOutcomeUnknown, succeeded}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server, _ := testClient(t, nil, answer(c.http, c.body))
			for _, brief := range []bool{false, true} {
				var items []Item[Input]
				if brief {
					items = client.CreateInputs(t.Context(), AppRef{UserID: "u", AppID: "a"}, inputs)
				} else {
					result, err := client.PostInputs(t.Context(), AppRef{UserID: "u", AppID: "a"}, PostInputsRequest{Inputs: inputs})
					if err != nil {
						t.Fatal(err)
					}
					items = result.Items
				}
				for i, item := range items {
					if !c.want[i](item.Err) {
						t.Errorf("item %d (brief: %v): %v", i, brief, item.Err)
					}
				}
			}
			if server.calls.Load() != 2 {
				t.Errorf("%d requests", server.calls.Load())
			}
		})
	}
	client, _, _ := testClient(t, nil, answer(400, `{"status":{"code":39999,"description":"Invalid"},"inputs":[{"id":"a"},{"id":"b"}]}`))
	if _, err := client.PostInputs(t.Context(), AppRef{}, PostInputsRequest{Inputs: inputs}); Code(err) != StatusInvalidArgument {
		t.Errorf("without statuses of items: %v", err)
	}
}

func succeeded(err error) bool { return err == nil }

// In a shared request, only those whose object the response lacks do not know the outcome.
func TestSharedCreatesWithAnIncompleteResponse(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{
		"a null item":        `[{"id":"a"},null]`,
		"a missing item":     `[{"id":"a"}]`,
		"an unrequested one": `[{"id":"a"},{"id":"x"}]`,
	} {
		client, _, _ := testClient(t, nil, answer(200, `{"status":{"code":10000},"datasets":`+list+`}`))
		items := createDatasets.many(t.Context(), client, scope{}, []Dataset{{ID: "a"}, {ID: "b"}})
		if items[0].Err != nil || !IsOutcomeUnknown(items[1].Err) {
			t.Errorf("%s: %v, %v", name, items[0].Err, items[1].Err)
		}
	}
}

// What another server responds is given up after a few tries, and never taken for the service's word.
func TestResponsesOfOtherServersAreGivenUpSoon(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status  int
		body    string
		do      func(context.Context, *Client) error
		calls   int32
		unknown bool
	}{
		{200, "<html>Sign in</html>", get, maxOtherServerTries, false},
		{200, "", get, maxOtherServerTries, false},
		{302, "<html>Moved</html>", get, maxOtherServerTries, false},
		{403, "Forbidden by policy", get, maxOtherServerTries, false},
		{404, "<html>no such page</html>", get, maxOtherServerTries, false},
		{403, "Forbidden by policy", post, maxOtherServerTries, false},
		{200, "<html>Sign in</html>", post, 1, true},
		{408, "timeout", get, maxAttempts, false},
		{429, "slow down", get, maxAttempts, false},
		{502, "<html>Bad gateway</html>", get, maxAttempts, false},
	} {
		client, server, clock := testClient(t, func(c *Config) { c.RetryTimeout = time.Hour }, answer(c.status, c.body))
		err := c.do(t.Context(), client)
		if err == nil || IsNotFound(err) || IsOutcomeUnknown(err) != c.unknown {
			t.Errorf("%d %q: %v", c.status, c.body, err)
		}
		if got := server.calls.Load(); got != c.calls {
			t.Errorf("%d %q: %d requests in %s, want %d", c.status, c.body, got, clock.total(), c.calls)
		}
		var e *Error
		if errors.As(err, &e) && c.status < 400 && e.Hint == "" {
			t.Errorf("%d: no hint", c.status)
		}
	}
}

// Certificates, proxies and servers without TLS are named at once, and nobody says that the request had left.
func TestConnectionsThatCannotWork(t *testing.T) {
	secure := httptest.NewTLSServer(fine)
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = nil
	plain := httptest.NewServer(fine)
	t.Cleanup(plain.Close)
	proxy := httptest.NewServer(answer(http.StatusProxyAuthRequired, "who are you?"))
	t.Cleanup(proxy.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	_ = listener.Close()

	via := func(address string) http.RoundTripper {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Transport{Proxy: http.ProxyURL(u), OnProxyConnectResponse: reportProxy}
	}
	for name, c := range map[string]struct {
		base      string
		transport http.RoundTripper
		text      string
		hint      string
	}{
		"an untrusted certificate":     {secure.URL, nil, "certificate", "certificate authority"},
		"plain HTTP behind https":      {strings.Replace(plain.URL, "http:", "https:", 1), nil, "HTTP response to HTTPS client", "without TLS"},
		"a proxy that wants a name":    {"https://api.clarifai.com", via(proxy.URL), "407", "user name"},
		"a proxy that is not there":    {"https://api.clarifai.com", via(closed), "proxy", "HTTPS_PROXY"},
		"a host that refuses to serve": {closed, nil, "refused", "base_url"},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newTestClock()
			client, err := New(Config{BaseURL: c.base, PAT: testPAT, Clock: clock, Transport: c.transport})
			if err != nil {
				t.Fatal(err)
			}
			err = post(t.Context(), client)
			var e *Error
			if !errors.As(err, &e) || IsOutcomeUnknown(err) || !strings.Contains(err.Error(), c.text) || !strings.Contains(e.Hint, c.hint) {
				t.Fatalf("error = %v, hint %q, outcome unknown %v", err, e.Hint, e.OutcomeUnknown)
			}
			if name != "a host that refuses to serve" && clock.total() > 0 {
				t.Errorf("waited %s", clock.total())
			}
		})
	}

	// The same server is fine once its certificate is trusted.
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := New(Config{BaseURL: secure.URL, PAT: testPAT, Clock: newTestClock(), Transport: secure.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	if err := post(t.Context(), client); err != nil {
		t.Errorf("with its certificate: %v", err)
	}
}

// A server that repeats what it was told does not bring a secret into an error, a log or a body log.
func TestNothingSecretIsEchoed(t *testing.T) {
	t.Parallel()
	const awsSecret, accountKey, signature = "wJalr/XUtn+FEMI=K7", "azureKey==1234", "deadbeefcafe4711"
	gcp := []byte(`{"private_key":"-----BEGIN very private-----","client_email":"x@y"}`)
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := fmt.Sprintf("%s %s https://bucket.s3/x?X-Amz-Signature=%s&a=b <StringToSign>%s</StringToSign> X-Amz-Signature=%s",
			r.Header, body, signature, signature, signature)
		if r.URL.Path == "/html" {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, text)
			return
		}
		status := Status{Code: StatusInvalidRequest, Description: text, Details: text, InternalDetails: text, StackTrace: []string{text}}
		encoded, _ := Encode(
			MultiInputsAddJobResponse{Envelope: Envelope{Status: status}, InputsAddJobs: []InputsAddJob{{ID: "j", Status: status}}},
		)
		if strings.Contains(r.URL.Path, "jobs") {
			encoded = bytes.Replace(encoded, []byte("11102"), []byte("10000"), 1)
		}
		w.WriteHeader(http.StatusBadRequest - 200*boolInt(strings.Contains(r.URL.Path, "jobs")))
		_, _ = w.Write(encoded)
	}
	var logged strings.Builder
	var mu sync.Mutex
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&logged, format+"\n", args...)
	}
	client, _, _ := testClient(t, func(c *Config) {
		c.Log = func(_ context.Context, e LogEntry) { note("%+v", e) }
		c.LogBodies = func(_ context.Context, e BodyLogEntry) { note("%+v", e) }
	}, echo)
	app := AppRef{UserID: "u", AppID: "a"}
	_, err := client.PostInputsDataSources(t.Context(), app, PostInputsDataSourcesRequest{
		AppPAT: "an app's pat", DataSources: []InputsDataSource{
			{
				URL: &DataSourceURL{
					URL:         "s3://b",
					Credentials: &DataSourceCredentials{S3Creds: &AWSCreds{ID: "AKIAEXAMPLE", Secret: awsSecret, Token: "session-token"}},
				},
			},
			{URL: &DataSourceURL{URL: "gs://b", Credentials: &DataSourceCredentials{GCPCreds: gcp}}},
			{URL: &DataSourceURL{URL: "azure://b", Credentials: &DataSourceCredentials{AzureBlobCreds: &AzureBlobCreds{AccountKey: accountKey}}}},
		},
	})
	note("%v %+v", err, err)
	jobs, err := client.ListInputsAddJobs(t.Context(), app, Page{})
	note("%+v %v", jobs, err)
	err = client.do(t.Context(), call{op: "GetPage", method: http.MethodGet, path: "/html"}, &plainAnswer{})
	note("%v", err)
	_, err = client.Download(t.Context(), client.BaseURL()+"/html?X-Amz-Signature="+signature, io.Discard)
	note("%v", err)
	text := logged.String()
	for _, secret := range []string{
		testPAT, awsSecret, accountKey, signature, "very private", "session-token", "AKIAEXAMPLE", "an app's pat",
	} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in:\n%s", secret, text)
		}
	}
	for _, shown := range []string{"PostInputsDataSources", redacted, "GetPage", "Download", "ListInputsAddJobs", "bucket.s3/x?"} {
		if !strings.Contains(text, shown) {
			t.Errorf("%q is not shown, so nothing is proven:\n%s", shown, text)
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestBodyLogMasksContent(t *testing.T) {
	t.Parallel()
	var entries []BodyLogEntry
	var mu sync.Mutex
	client, _, _ := testClient(t, func(c *Config) {
		c.LogBodies = func(_ context.Context, e BodyLogEntry) {
			mu.Lock()
			defer mu.Unlock()
			entries = append(entries, e)
		}
	}, answer(200, `{"status":{"code":10000},"inputs":[{"id":"a","data":{"text":{"raw":"private words"},"concepts":[{"id":"dog"}]}}],`+
		`"upload":{"id":"u"}}`))
	app := AppRef{UserID: "u", AppID: "a"}
	_, err := client.PostInputs(t.Context(), app, PostInputsRequest{Inputs: []Input{
		{ID: "a", Data: &Data{Text: &Text{Raw: "private words"}, Concepts: []Concept{{ID: "dog"}}}},
		{ID: "b", Data: &Data{Image: &Image{Base64: []byte("private pixels")}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutUploadContentParts(t.Context(), app, "u", []UploadContentPart{{PartNumber: 1, Data: []byte("private bytes")}})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v", entries)
	for _, private := range []string{"private words", "cHJpdmF0ZS"} {
		if strings.Contains(text, private) {
			t.Errorf("%q is in %s", private, text)
		}
	}
	for _, shown := range []string{`"id":"dog"`, "content, 15 bytes", `"part_number":"1"`, "PutUploadContentParts", "10000"} {
		if !strings.Contains(text, shown) {
			t.Errorf("%q is not in %s", shown, text)
		}
	}
}

func TestServiceTime(t *testing.T) {
	t.Parallel()
	clock := newTestClock()
	ahead := clock.Now().Add(42 * time.Minute).UTC()
	client, _, _ := testClient(
		t,
		func(c *Config) { c.Clock = clock },
		answer(200, `{"status":{"code":10000}}`, "Date", ahead.Format(http.TimeFormat)),
	)
	if client.ServiceTime() != clock.Now() {
		t.Error("the clocks differ before any response")
	}
	if err := get(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if got := client.ServiceTime().Sub(clock.Now()); got < 42*time.Minute-time.Second || got > 42*time.Minute {
		t.Errorf("the service's clock is %s ahead", got)
	}
}

func TestRetrier(t *testing.T) {
	t.Parallel()
	client, _, clock := testClient(t, func(c *Config) { c.RetryTimeout = time.Minute }, fine)
	retrier, waits := client.NewRetrier(), 0
	for retrier.Wait(t.Context()) {
		waits++
	}
	if clock.total() > time.Minute || waits < 3 {
		t.Errorf("waited %d times, %s", waits, clock.total())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if client.NewRetrier().Wait(ended) {
		t.Error("an ended context allowed another attempt")
	}
}

// file is a server of one file that breaks off in various ways. It runs without a network, so that synctest can control
// the time.
type file struct {
	content  string
	requests []*http.Request
	respond  func(n int, r *http.Request) (status int, header http.Header, body io.Reader)
}

func (f *file) RoundTrip(r *http.Request) (*http.Response, error) {
	f.requests = append(f.requests, r)
	status, header, body := f.respond(len(f.requests), r)
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body), Request: r, ContentLength: -1}, nil
}

type failingReader struct {
	ctx  context.Context //nolint:containedctx // of the request
	text io.Reader
	err  error // nil: stall
}

func (r *failingReader) Read(p []byte) (int, error) {
	n, err := r.text.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if r.err != nil {
		return n, r.err
	}
	<-r.ctx.Done()
	return n, r.ctx.Err()
}

func TestDownloadResumes(t *testing.T) {
	t.Parallel()
	const content = "0123456789abcdefghij"
	etag := http.Header{"Etag": {`"v1"`}}
	for name, c := range map[string]struct {
		ranges  bool  // the server resumes
		cut     error // nil: the connection stalls
		changed bool
		want    string // in the error; "" for success
	}{
		"resumed after a cut":       {ranges: true, cut: io.ErrUnexpectedEOF},
		"resumed after a stall":     {ranges: true},
		"without ranges":            {cut: io.ErrUnexpectedEOF},
		"the file changed meantime": {cut: io.ErrUnexpectedEOF, changed: true, want: "changed while it was downloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &file{content: content}
				f.respond = func(n int, r *http.Request) (int, http.Header, io.Reader) {
					if n == 1 {
						return 200, etag, &failingReader{ctx: r.Context(), text: strings.NewReader(content[:7]), err: c.cut}
					}
					if got := r.Header.Get("Range"); got != "bytes=7-" {
						t.Errorf("asked for %q", got)
					}
					switch {
					case c.changed:
						return 200, http.Header{"Etag": {`"v2"`}}, strings.NewReader(content)
					case c.ranges:
						return 206, http.Header{"Content-Range": {"bytes 7-19/20"}}, strings.NewReader(content[7:])
					}
					return 200, etag, strings.NewReader(content)
				}
				client, err := New(Config{PAT: testPAT, Transport: f, DownloadIdleTimeout: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				var got strings.Builder
				start := time.Now()
				n, err := client.Download(t.Context(), "https://files.example.com/x", &got)
				if c.want != "" {
					var e *Error
					if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || e.Hint == "" {
						t.Errorf("error = %v", err)
					}
					return
				}
				if err != nil || got.String() != content || n != int64(len(content)) {
					t.Errorf("got %q (%d), %v", got.String(), n, err)
				}
				if stalled := time.Since(start) >= time.Minute; stalled != (c.cut == nil) {
					t.Errorf("took %s", time.Since(start))
				}
			})
		})
	}
}

func TestDownloadGivesUpOnAServerThatSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &file{respond: func(_ int, r *http.Request) (int, http.Header, io.Reader) {
			return 200, http.Header{}, &failingReader{ctx: r.Context(), text: strings.NewReader("")}
		}}
		client, err := New(Config{PAT: testPAT, Transport: f, RetryTimeout: 10 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = client.Download(t.Context(), "https://files.example.com/x", io.Discard)
		if err == nil || !strings.Contains(err.Error(), "received nothing for 1m0s") {
			t.Errorf("error = %v", err)
		}
		if took := time.Since(start); took > 12*time.Minute {
			t.Errorf("took %s", took)
		}
	})
}

func TestDownloadFollowsRedirects(t *testing.T) {
	t.Parallel()
	for location, ok := range map[string]bool{
		"https://bucket.example.com/x?X-Amz-Signature=1": true,
		"http://bucket.example.com/x":                    false,
		"https://user:pw@bucket.example.com/x":           false,
		"ftp://bucket.example.com/x":                     false,
	} {
		f := &file{}
		f.respond = func(_ int, r *http.Request) (int, http.Header, io.Reader) {
			if r.URL.Host == "api.clarifai.com" {
				return 302, http.Header{"Location": {location}}, strings.NewReader("")
			}
			return 200, http.Header{}, strings.NewReader("content")
		}
		client, err := New(Config{PAT: testPAT, Transport: f, Clock: newTestClock()})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		_, err = client.Download(t.Context(), "https://api.clarifai.com/export", &got)
		if (err == nil) != ok || ok && got.String() != "content" {
			t.Errorf("%s: got %q, %v", location, got.String(), err)
		}
		for _, r := range f.requests {
			if sent := r.Header.Get("Authorization") != ""; sent != (r.URL.Host == "api.clarifai.com") {
				t.Errorf("%s: credential sent to %s: %v", location, r.URL.Host, sent)
			}
		}
		if err != nil && strings.Contains(err.Error(), "Signature") {
			t.Errorf("the error shows the address: %v", err)
		}
	}
	loop := &file{respond: func(int, *http.Request) (int, http.Header, io.Reader) {
		return 302, http.Header{"Location": {"https://api.clarifai.com/export"}}, strings.NewReader("")
	}}
	client, err := New(Config{PAT: testPAT, Transport: loop, Clock: newTestClock()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Download(t.Context(), "https://api.clarifai.com/export", io.Discard); err == nil ||
		len(loop.requests) != maxRedirects+1 {
		t.Errorf("%d requests, %v", len(loop.requests), err)
	}
}

// A disk that is full is not retried.
func TestDownloadDoesNotRetryTheDisk(t *testing.T) {
	t.Parallel()
	f := &file{respond: func(int, *http.Request) (int, http.Header, io.Reader) {
		return 200, http.Header{}, strings.NewReader("content")
	}}
	client, err := New(Config{PAT: testPAT, Transport: f, Clock: newTestClock()})
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left on device")
	if _, err := client.Download(t.Context(), "https://files.example.com/x", fullDisk{full}); !errors.Is(err, full) || len(f.requests) != 1 {
		t.Errorf("%d requests, %v", len(f.requests), err)
	}
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }

// Pages of a list whose length is known are requested at once: no more requests than one after the other, and in order.
func TestPagesAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		actual, expected, clamp int
		requests                int // as many as one after the other, but where the list is shorter than expected
		atOnce                  bool
	}{
		{actual: 100_000, expected: 100_000, requests: 101, atOnce: true},
		{actual: 99_500, expected: 99_500, requests: 101, atOnce: true},
		{actual: 3_000, expected: 0, requests: 4},
		{actual: 3_000, expected: 1_500, requests: 4, atOnce: true},
		{actual: 10, expected: 100_000, requests: 9, atOnce: true},
		{actual: 0, expected: 1_000, requests: 1},
		{actual: 10_000, expected: 10_000, clamp: 128, requests: 80, atOnce: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			var requests, running, most atomic.Int32
			fetch := func(ctx context.Context, p Page) ([]int, error) {
				requests.Add(1)
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				defer running.Add(-1)
				if err := SystemClock.Sleep(ctx, 300*time.Millisecond); err != nil {
					return nil, err
				}
				size := int(p.PerPage)
				if c.clamp > 0 {
					size = c.clamp
				}
				var items []int
				for i := (int(p.Page) - 1) * size; i < min(int(p.Page)*size, c.actual); i++ {
					items = append(items, i+1)
				}
				return items, nil
			}
			next := 1
			idOf := func(n int) string { return fmt.Sprint(n) }
			for n, err := range walk(t.Context(), Page{PerPage: MaxPerPage, Expected: c.expected}, fetch, idOf) {
				if err != nil || n != next {
					t.Fatalf("got %d, %v, want %d", n, err, next)
				}
				next++
			}
			if next-1 != c.actual || int(requests.Load()) > c.requests {
				t.Errorf("%+v: %d items, %d requests", c, next-1, requests.Load())
			}
			if (most.Load() > 1) != c.atOnce || most.Load() > maxPagesAtOnce {
				t.Errorf("%+v: %d requests at once", c, most.Load())
			}
			if running.Load() != 0 {
				t.Error("requests are left behind")
			}
		})
	}
}

func TestPagesAtOnceEndWithTheirReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var running atomic.Int32
	fetch := func(ctx context.Context, p Page) ([]int, error) {
		running.Add(1)
		defer running.Add(-1)
		switch p.Page {
		case 1, 2:
			return []int{int(p.Page)}, nil
		case 3:
			return nil, broken
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for _, stopAt := range []int{1, 3} {
		var got []int
		var failed error
		for n, err := range walk(t.Context(), Page{PerPage: 1, Expected: 100}, fetch, func(n int) string { return fmt.Sprint(n) }) {
			failed = err
			if got = append(got, n); len(got) == stopAt {
				break
			}
		}
		if running.Load() != 0 {
			t.Error("requests are left behind")
		}
		if stopAt == 1 && failed != nil || stopAt == 3 && !errors.Is(failed, broken) {
			t.Errorf("got %v, %v", got, failed)
		}
	}
}
