package provider

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logBodiesVariable enables the log of bodies, for support.
const logBodiesVariable = "CLARIFAI_LOG_BODIES"

// maxLoggedBody is how much of a body is logged, and maxReadBody up to which size it is read for that.
const (
	maxLoggedBody = 64 << 10
	maxReadBody   = 4 << 20
)

// bodyTransport returns the transport of the client: one that logs bodies if the environment asks for it, and otherwise
// nil, which is the client's default.
func bodyTransport(connections int) http.RoundTripper {
	if os.Getenv(logBodiesVariable) != "1" {
		return nil
	}
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return &bodyLogger{http.DefaultTransport}
	}
	transport = transport.Clone()
	transport.MaxIdleConnsPerHost = max(connections, 1)
	return &bodyLogger{transport}
}

// bodyLogger logs the JSON bodies of requests and responses at DEBUG, with credentials and content masked.
type bodyLogger struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (l *bodyLogger) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	fields := func(size int64, body string) map[string]any {
		return map[string]any{"method": req.Method, "path": req.URL.Path, "bytes": size, "body": body}
	}
	if isJSON(req.Header) && req.GetBody != nil && req.ContentLength <= maxReadBody {
		if copied, err := req.GetBody(); err == nil {
			logBody(ctx, "clarifai: request body", copied, fields)
		}
	}
	resp, err := l.next.RoundTrip(req)
	if err != nil || !isJSON(resp.Header) || resp.ContentLength > maxReadBody {
		return resp, err
	}
	// What has been read is put in front of the rest, so that the client sees the same body and the same error.
	read, readErr := io.ReadAll(io.LimitReader(resp.Body, maxReadBody))
	rest := resp.Body
	if readErr != nil {
		rest = io.NopCloser(&failingReader{readErr})
	}
	logBody(ctx, "clarifai: response body", bytes.NewReader(read), fields)
	resp.Body = &joinedBody{io.MultiReader(bytes.NewReader(read), rest), resp.Body}
	return resp, nil
}

// joinedBody reads from one reader and closes another.
type joinedBody struct {
	io.Reader
	io.Closer
}

type failingReader struct{ err error }

func (r *failingReader) Read([]byte) (int, error) { return 0, r.err }

func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}

func logBody(ctx context.Context, message string, body io.Reader, fields func(size int64, body string) map[string]any) {
	content, err := io.ReadAll(body)
	if err != nil || len(content) == 0 {
		return
	}
	tflog.Debug(ctx, message, fields(int64(len(content)), masked(content)))
}

// masked returns a JSON text without credentials, content and the queries of URLs.
func masked(content []byte) string {
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return fmt.Sprintf("(%d bytes that are no JSON)", len(content))
	}
	text, err := json.Marshal(maskValue("", value), json.Deterministic(true))
	if err != nil {
		return fmt.Sprintf("(%d bytes)", len(content))
	}
	if len(text) > maxLoggedBody {
		return string(text[:maxLoggedBody]) + "... (cut)"
	}
	return string(text)
}

// isSecret tells whether the values below a key are credentials or content.
func isSecret(key string) bool {
	key = strings.ToLower(strings.ReplaceAll(key, "_", ""))
	switch key {
	case "base64", "raw", "key", "pat", "id_token", "sas":
		return true
	}
	for _, part := range []string{"cred", "secret", "token", "password", "apikey"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}

func maskValue(key string, value any) any {
	if isSecret(key) && value != nil && value != "" {
		return "(masked)"
	}
	switch v := value.(type) {
	case map[string]any:
		for k, inner := range v {
			v[k] = maskValue(k, inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = maskValue(key, inner)
		}
	case string:
		return withoutQuery(v)
	}
	return value
}

// withoutQuery removes user info, query and fragment of a URL, any of which may authorize its holder.
func withoutQuery(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" || u.RawQuery == "" && u.Fragment == "" && u.User == nil {
		return text
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String() + "?(masked)"
}
