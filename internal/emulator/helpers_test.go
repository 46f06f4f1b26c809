package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// session is a plain HTTP client that does not use the wire types.
type session struct {
	*emulator.Server
	t     testing.TB
	key   string
	camel bool
	clock *emulator.ManualClock
}

// start runs a service with a manual clock. Its traffic is checked against the
// official definitions.
func start(t testing.TB, set func(*emulator.Options)) *session {
	t.Helper()
	s := startNewer(t, func(o *emulator.Options) {
		if set != nil {
			set(o)
		}
	})
	mode := protocheck.Untrusted
	if s.camel {
		mode |= protocheck.Camel
	}
	protocheck.Watch(t, s.Service, mode)
	return s
}

// startNewer is start for services that send fields which the definitions do not have.
func startNewer(t testing.TB, set func(*emulator.Options)) *session {
	t.Helper()
	clock := emulator.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC))
	options := emulator.Options{Clock: clock, Record: true}
	if set != nil {
		set(&options)
	}
	server, err := emulator.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return &session{Server: server, t: t, key: "Key secret", clock: clock, camel: options.CamelCase}
}

func inFleet(o *emulator.Options) { o.App = "fleet" }

// fleet is the path of the app that inFleet creates.
const fleet = "/v2/users/acme/apps/fleet"

// reply is a response, decoded without types.
type reply struct {
	t      testing.TB
	call   string
	status int
	header http.Header
	raw    []byte
	body   any
}

func (s *session) get(path string) *reply { s.t.Helper(); return s.do(http.MethodGet, path, "") }
func (s *session) post(path, body string) *reply {
	s.t.Helper()
	return s.do(http.MethodPost, path, body)
}

func (s *session) do(method, path, body string) *reply {
	s.t.Helper()
	r, err := s.try(method, path, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// try is do for requests that can fail below HTTP.
func (s *session) try(method, path, body string) (*reply, error) {
	s.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = s.URL() + path
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if s.key != "" {
		req.Header.Set("Authorization", s.key)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	r := &reply{t: s.t, call: method + " " + path, status: resp.StatusCode, header: resp.Header}
	if r.raw, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(r.raw, &r.body); err != nil {
			s.t.Fatalf("%s: the response is not JSON: %v\n%s", r.call, err, r.raw)
		}
	}
	return r, nil
}

// is checks the HTTP status and status.code, and that the status is complete.
func (r *reply) is(status, code int) *reply {
	r.t.Helper()
	if got := r.at("status.code"); r.status != status || got != float64(code) {
		r.t.Fatalf("%s: HTTP %d with code %v, want %d with %d\n%s", r.call, r.status, got, status, code, r.raw)
	}
	if id, _ := r.at("status.req_id").(string); len(id) < 32 {
		r.t.Errorf("%s: req_id is %q", r.call, id)
	}
	if r.at("status.description") == nil {
		r.t.Errorf("%s: no description", r.call)
	}
	return r
}

// has checks a value by its path, such as "apps.0.id".
func (r *reply) has(path string, want any) *reply {
	r.t.Helper()
	if n, ok := want.(int); ok {
		want = float64(n)
	}
	if got := r.at(path); !reflect.DeepEqual(got, want) {
		r.t.Errorf("%s: %s is %#v, want %#v\n%s", r.call, path, got, want, r.raw)
	}
	return r
}

// lacks checks that a key is absent.
func (r *reply) lacks(path string) *reply {
	r.t.Helper()
	if got := r.at(path); got != nil {
		r.t.Errorf("%s: %s is %#v, want it absent", r.call, path, got)
	}
	return r
}

func (r *reply) at(path string) any {
	v := r.body
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// ids returns a field of the objects in a list: ids("inputs", "id").
func (r *reply) ids(list, member string) []string {
	r.t.Helper()
	items, _ := r.at(list).([]any)
	found := []string{}
	for i := range items {
		s, _ := r.at(list + "." + strconv.Itoa(i) + "." + member).(string)
		found = append(found, s)
	}
	return found
}

func (r *reply) contains(text string) *reply {
	r.t.Helper()
	if !bytes.Contains(r.raw, []byte(text)) {
		r.t.Errorf("%s: %q is not in %s", r.call, text, r.raw)
	}
	return r
}
