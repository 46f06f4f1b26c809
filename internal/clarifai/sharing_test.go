package clarifai_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var fleet = clarifai.AppRef{UserID: "acme", AppID: "fleet"}

// request is a request as the service received it.
type request struct {
	method, path string // the path below the app
	query        url.Values
	body         []byte
}

func (r request) is(method, path string) bool { return r.method == method && r.path == path }

// reply is the response of the service.
type reply struct {
	http int
	body any
	lost bool // the request was processed, and its response is lost
}

func ok(body any) reply { return reply{http: http.StatusOK, body: body} }

func rejection(status int, code clarifai.StatusCode, details string) reply {
	return reply{http: status, body: clarifai.BaseResponse{Envelope: clarifai.Envelope{Status: clarifai.Status{Code: code,
		Description: code.Text(), Details: details}}}}
}

func success() clarifai.Envelope {
	return clarifai.Envelope{Status: clarifai.Status{Code: clarifai.StatusSuccess, Description: "Ok"}}
}

// service is a transport that responds without a network, so that a test can run in a synctest bubble
// with exact time. Half of the latency passes before the work, half after it.
type service struct {
	latency func() time.Duration
	work    func(request) reply

	mu       sync.Mutex
	requests []request
	ended    int // requests whose context ended before the response
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	call := request{r.Method, strings.TrimPrefix(r.URL.Path, "/v2/users/acme/apps/fleet"), r.URL.Query(), body}
	s.mu.Lock()
	s.requests = append(s.requests, call)
	s.mu.Unlock()
	half := s.latency() / 2
	if err := s.pass(r.Context(), half); err != nil {
		return nil, err
	}
	answer := s.work(call)
	if err := s.pass(r.Context(), half); err != nil {
		return nil, err
	}
	if answer.lost {
		return nil, errors.New("connection reset by peer")
	}
	encoded, err := clarifai.Encode(answer.body)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: answer.http, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(encoded)), Request: r}, nil
}

func (s *service) pass(ctx context.Context, d time.Duration) error {
	err := clarifai.SystemClock.Sleep(ctx, d)
	if err != nil {
		s.mu.Lock()
		s.ended++
		s.mu.Unlock()
	}
	return err
}

// seen returns the requests so far, of one method and path ("" matches any).
func (s *service) seen(method, path string) []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []request
	for _, r := range s.requests {
		if (method == "" || r.method == method) && (path == "" || r.path == path) {
			found = append(found, r)
		}
	}
	return found
}

func (s *service) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func constant(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

func (s *service) client(t testing.TB, set func(*clarifai.Config)) *clarifai.Client {
	t.Helper()
	config := clarifai.Config{BaseURL: "http://127.0.0.1:1", PAT: "secret", Transport: s}
	if s.latency == nil {
		s.latency = constant(50 * time.Millisecond)
	}
	if set != nil {
		set(&config)
	}
	client, err := clarifai.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// whileBusy starts work while another request occupies the client's only permit. It
// returns when all of the work is queued.
func whileBusy(t testing.TB, client *clarifai.Client, work ...func()) (wait func()) {
	t.Helper()
	var all sync.WaitGroup
	all.Go(func() { _, _ = client.GetApp(t.Context(), fleet) })
	synctest.Wait()
	for _, w := range work {
		all.Go(w)
		synctest.Wait() // one after the other, so that their order is known
	}
	return all.Wait
}

func oneAtATime(c *clarifai.Config) { c.MaxConcurrentRequests = 1 }

// inputs simulates an app that accepts POST, PATCH, DELETE and GET requests for inputs.
type inputs struct {
	mu     sync.Mutex
	byID   map[string]clarifai.Input
	order  []string        // of creation
	strict bool            // a bad item fails the whole request
	clamp  int             // largest page; 0: 1000
	hidden map[string]bool // inputs that lists omit
	noIDs  bool            // lists ignore the ids parameter
}

func (i *inputs) work(r request) reply {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case r.is(http.MethodPost, "/inputs"):
		return i.post(r)
	case r.is(http.MethodPatch, "/inputs"):
		return i.patch(r)
	case r.is(http.MethodDelete, "/inputs"):
		var body clarifai.DeleteInputsRequest
		must(clarifai.Decode(r.body, &body))
		for _, id := range body.IDs {
			i.delete(id)
		}
		return ok(clarifai.BaseResponse{Envelope: success()})
	case r.is(http.MethodGet, "/inputs"):
		return ok(clarifai.MultiInputResponse{Envelope: success(), Inputs: i.list(r.query)})
	}
	id, single := strings.CutPrefix(r.path, "/inputs/")
	input, there := i.byID[id]
	switch {
	case !single:
		return ok(clarifai.BaseResponse{Envelope: success()})
	case !there:
		return rejection(http.StatusNotFound, clarifai.StatusDoesNotExist, "no such input")
	case r.method == http.MethodDelete:
		i.delete(id)
		return ok(clarifai.BaseResponse{Envelope: success()})
	}
	return ok(clarifai.SingleInputResponse{Envelope: success(), Input: &input})
}

func (i *inputs) post(r request) reply {
	asked := postedInputs(r)
	bad := func(in clarifai.Input) bool { return strings.HasPrefix(in.ID, "bad") }
	if i.strict && slices.ContainsFunc(asked, bad) {
		return rejection(http.StatusBadRequest, clarifai.StatusInvalidRequest, "an input is bad")
	}
	failed := 0
	for n := range asked {
		in := &asked[n]
		_, taken := i.byID[in.ID]
		switch {
		case bad(*in):
			in.Status = clarifai.Status{Code: clarifai.StatusInputInvalidField, Description: "bad field"}
			failed++
		case taken:
			in.Status = clarifai.Status{Code: clarifai.StatusInputDuplicate, Details: "Input has a duplicate ID."}
			failed++
		default:
			in.Status = clarifai.Status{Code: clarifai.StatusInputPending}
			i.add(*in)
		}
	}
	return i.outcome(asked, failed)
}

func (i *inputs) patch(r request) reply {
	var body clarifai.PatchInputsRequest
	must(clarifai.Decode(r.body, &body))
	failed := 0
	for n := range body.Inputs {
		in := &body.Inputs[n]
		if old, there := i.byID[in.ID]; !there {
			in.Status = clarifai.Status{Code: clarifai.StatusInputDoesNotExist}
			failed++
		} else {
			old.Data = in.Data
			i.byID[in.ID] = old
			in.Status = clarifai.Status{Code: clarifai.StatusInputPatched}
		}
	}
	return i.outcome(body.Inputs, failed)
}

func (i *inputs) outcome(items []clarifai.Input, failed int) reply {
	answer := clarifai.MultiInputResponse{Envelope: success(), Inputs: items}
	switch {
	case failed == len(items):
		answer.Status.Code = clarifai.StatusFailure
		return reply{http: http.StatusBadRequest, body: answer}
	case failed > 0:
		answer.Status.Code = clarifai.StatusMixed
	}
	return ok(answer)
}

func (i *inputs) add(in clarifai.Input) {
	if i.byID == nil {
		i.byID = map[string]clarifai.Input{}
	}
	i.byID[in.ID] = in
	i.order = append(i.order, in.ID)
}

func (i *inputs) delete(id string) {
	delete(i.byID, id)
	i.order = slices.DeleteFunc(i.order, func(other string) bool { return other == id })
}

func (i *inputs) list(query url.Values) []clarifai.Input {
	ids := slices.DeleteFunc(slices.Clone(i.order), func(id string) bool {
		return i.hidden[id] || !i.noIDs && query.Has("ids") && !slices.Contains(query["ids"], id)
	})
	slices.Reverse(ids) // newest first
	found := []clarifai.Input{}
	for _, id := range page(ids, query, i.clamp) {
		found = append(found, i.byID[id])
	}
	return found
}

// page returns the page of a list that the query asks for.
func page[T any](all []T, query url.Values, clamp int) []T {
	number, _ := strconv.Atoi(query.Get("page"))
	size, _ := strconv.Atoi(query.Get("per_page"))
	if size == 0 {
		size = 128
	}
	if clamp > 0 {
		size = min(size, clamp)
	}
	from := min(max(number-1, 0)*size, len(all))
	return all[from:min(from+size, len(all))]
}

func postedInputs(r request) []clarifai.Input {
	var body clarifai.PostInputsRequest
	must(clarifai.Decode(r.body, &body))
	return body.Inputs
}

// numbered returns inputs id-0, id-1 and so on, whose text is their ID.
func numbered(prefix string, n int) []clarifai.Input {
	made := make([]clarifai.Input, n)
	for i := range made {
		made[i] = text(prefix + strconv.Itoa(i))
	}
	return made
}

func text(id string) clarifai.Input {
	return clarifai.Input{ID: id, Data: &clarifai.Data{Text: &clarifai.Text{Raw: id}}}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// sizes returns the numbers of inputs in the POST requests so far, largest last.
func sizes(requests []request) []int {
	var n []int
	for _, r := range requests {
		n = append(n, len(postedInputs(r)))
	}
	slices.Sort(n)
	return n
}

// paths counts requests by method and path.
func paths(requests []request) map[string]int {
	n := map[string]int{}
	for _, r := range requests {
		n[r.method+" "+r.path]++
	}
	return maps.Clone(n)
}
