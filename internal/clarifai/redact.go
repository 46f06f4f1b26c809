package clarifai

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const redacted = "(redacted)"

// redactor removes secrets from texts of other origin before they reach an error or a log. It knows the token
// and the credentials that requests of this client have carried, and the forms in which servers echo others.
type redactor struct {
	mu      sync.RWMutex
	secrets []string
}

const shortestSecret = 4 // shorter ones occur in ordinary words

func (r *redactor) add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range secrets {
		if len(s) < shortestSecret {
			continue
		}
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), strings.ReplaceAll(s, "/", `\/`), html.EscapeString(s)} {
			if !slices.Contains(r.secrets, form) {
				r.secrets = append(r.secrets, form)
			}
		}
	}
}

var redactions = []struct {
	pattern *regexp.Regexp
	with    string
}{
	// The query of a URL: signatures, tokens.
	{regexp.MustCompile(`(?i)\b(https?|s3|gs|azure)://[^\s"'<>?\\]*\?[^\s"'<>\\]*`), ""},
	// Parameters of signed URLs, also without the rest of the URL.
	{regexp.MustCompile(`(?i)\b((?:x-(?:amz|goog)-[a-z-]+|signature|sig|awsaccesskeyid|credential)=)[^&\s"'<>,\\]+`), "${1}" + redacted},
	// Elements of a bucket's error document.
	{regexp.MustCompile(`(?is)(<(StringToSign|StringToSignBytes|CanonicalRequest|CanonicalRequestBytes|SignatureProvided|` +
		`AWSAccessKeyId|AuthenticationErrorDetail)>)[^<]*`), "${1}" + redacted},
	// An echoed header.
	{regexp.MustCompile(`(?i)\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:key|bearer|basic)\s+)?[^\s"'<>,;\\]+`), "${1}" + redacted},
}

// text returns the text without secrets.
func (r *redactor) text(s string) string {
	if s == "" {
		return s
	}
	r.mu.RLock()
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	r.mu.RUnlock()
	if !strings.ContainsAny(s, "?=<:") { // each of the patterns needs one of these
		return s
	}
	for _, red := range redactions {
		if red.with == "" {
			s = red.pattern.ReplaceAllStringFunc(s, func(u string) string { return u[:strings.IndexByte(u, '?')+1] + redacted })
			continue
		}
		s = red.pattern.ReplaceAllString(s, red.with)
	}
	return s
}

// decodeStatus reads a status and removes secrets from its texts. It decodes the statuses of all responses.
func (r *redactor) decodeStatus(dec *jsontext.Decoder, into *Status) error {
	type plain Status
	if err := json.UnmarshalDecode(dec, (*plain)(into), responseOptions); err != nil {
		return err
	}
	into.Description, into.Details = r.text(into.Description), r.text(into.Details)
	into.InternalDetails, into.DeveloperNotes = r.text(into.InternalDetails), r.text(into.DeveloperNotes)
	for i := range into.StackTrace {
		into.StackTrace[i] = r.text(into.StackTrace[i])
	}
	if into.RedirectInfo != nil {
		into.RedirectInfo.URL = r.text(into.RedirectInfo.URL)
	}
	return nil
}

// excerpt shows the beginning of a response that is not one of the Clarifai API, on one line and without secrets.
func (c *Client) excerpt(body []byte) string {
	const most, window = 200, 16 << 10
	text := strings.Join(strings.Fields(c.redactor.text(string(body[:min(len(body), window)]))), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	if text == "" {
		return "(empty)"
	}
	return strconv.Quote(text)
}

// BodyLogEntry holds the bodies of one attempt for support. Credentials and content are masked.
type BodyLogEntry struct {
	Op, Method, Path  string
	Attempt           int
	HTTPStatus        int
	Request, Response string
}

const maxLoggedBody = 64 << 10

// masked are the members of requests and responses that hold credentials or content.
var masked = map[string]string{
	"base64": "content", "raw": "content", "buffer": "content", "decoded_bytes": "content", "bytes_value": "content",
	"string_value": "content", "raw_text": "content",
	"app_pat": "credential", "pat": "credential", "secret": "credential", "token": "credential", "account_key": "credential",
	"gcp_creds": "credential", "s3_creds": "credential", "azure_blob_creds": "credential",
}

func (c *Client) logBodies(ctx context.Context, call call, request, response []byte, entry *LogEntry) {
	if c.config.LogBodies == nil {
		return
	}
	out := BodyLogEntry{
		Op: call.op, Method: call.method, Path: call.path, Attempt: entry.Attempt, HTTPStatus: entry.HTTPStatus,
		Request: c.maskBody(request), Response: c.maskBody(response),
	}
	if call.stream != nil {
		out.Request = fmt.Sprintf("(%d bytes of content)", call.streamed)
	}
	c.config.LogBodies(ctx, out)
}

// maskBody returns a body without credentials and content, cut to what a log line can hold.
func (c *Client) maskBody(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var out bytes.Buffer
	text := out.String
	if err := maskJSON(jsontext.NewDecoder(bytes.NewReader(body), decodeOptions), &out); err != nil {
		rest := c.excerpt(body)
		text = func() string { return "(not JSON) " + rest }
	}
	masked := c.redactor.text(text())
	if len(masked) > maxLoggedBody {
		masked = strings.ToValidUTF8(masked[:maxLoggedBody], "") + fmt.Sprintf("… (%d bytes in all)", len(masked))
	}
	return masked
}

func maskJSON(dec *jsontext.Decoder, out *bytes.Buffer) error {
	enc := jsontext.NewEncoder(out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	inPart := false // of an upload: there, data is content; elsewhere it is an object
	for {
		token, err := dec.ReadToken()
		if err == io.EOF { //nolint:errorlint // as ReadToken documents
			return nil
		}
		if err != nil {
			return err
		}
		isName := false
		if kind, length := dec.StackIndex(dec.StackDepth()); kind == jsontext.KindBeginObject && length%2 == 1 {
			isName = true
		}
		name := ""
		if isName && token.Kind() == jsontext.KindString {
			name = token.String()
		}
		if err := enc.WriteToken(token); err != nil {
			return err
		}
		if name == "" {
			continue
		}
		inPart = inPart || name == "content_parts"
		kind, mask := masked[snake(name)]
		if !mask && !(inPart && name == "data" && dec.PeekKind() == jsontext.KindString) {
			continue
		}
		if kind == "" {
			kind = "content"
		}
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := enc.WriteToken(jsontext.String(fmt.Sprintf("(%s, %d bytes)", kind, len(value)))); err != nil {
			return err
		}
	}
}

// snake turns a camelCase key into snake_case.
func snake(key string) string {
	var b strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
