package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// prefix is the beginning of the IDs of all objects that a live run creates.
const prefix = "tfacc-"

// target is the app to probe.
type target struct {
	base, pat, user, app string
	interval, timeout    time.Duration // between polls, and for all polls of one wait
	clock                emulator.Clock
}

// Results of a probe.
const (
	asAssumed   = "as assumed"
	alternative = "alternative"
	unexpected  = "unexpected"
	notProbed   = "not probed"
)

// result is a row of the table.
type result struct {
	Fact        string `json:"fact"` // the name of the dialect
	Assumption  string `json:"assumption"`
	Alternative string `json:"alternative"`
	Observed    string `json:"observed"`
	Result      string `json:"result"`
}

// run probes the facts named, or all, and removes what it created.
func run(ctx context.Context, target target, client *http.Client, names []string) (results []result, err error) {
	var id [3]byte
	rand.Read(id[:]) //nolint:errcheck // never fails
	p := &prober{target: target, client: client, run: hex.EncodeToString(id[:])}
	if err := p.needsEmptyApp(ctx); err != nil {
		return nil, err
	}
	defer func() {
		// Also after an interrupt.
		cleaning, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, p.clean(cleaning))
	}()
	for _, d := range emulator.Dialects() {
		if len(names) > 0 && !slices.Contains(names, d.Name) {
			continue
		}
		r := result{Fact: d.Name, Assumption: d.Default, Alternative: d.Alternative}
		switch probe, reason := probes[d.Name], skipped[d.Name]; {
		case reason != "":
			r.Result, r.Observed = notProbed, reason
		case probe == nil:
			return results, fmt.Errorf("no probe for %s", d.Name)
		default:
			p.trace = nil
			r.Result, err = probe(ctx, p)
			if ctx.Err() != nil {
				return results, ctx.Err()
			}
			r.Observed = strings.Join(p.trace, "; ")
			if err != nil { // a probe that fails does not stop the others
				r.Result, r.Observed = unexpected, r.Observed+": "+err.Error()
				err = nil
			}
		}
		results = append(results, r)
	}
	return results, nil
}

// prober sends the requests of probes.
type prober struct {
	target
	client  *http.Client
	run     string // part of all IDs of this run
	number  int
	trace   []string // requests and responses of the current probe
	created []object

	shared map[string]string // objects that several probes use, by kind
}

// object is an object to remove at the end.
type object struct{ list, key, id string }

// reply is a response.
type reply struct {
	http int
	code int
	body map[string]any
}

func (r reply) ok() bool { return r.code == 10000 }

func (r reply) is(codes ...int) bool { return slices.Contains(codes, r.code) }

// at returns the value at a path such as "inputs.0.status.code", or nil.
func (r reply) at(path string) any {
	var v any = r.body
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i := 0
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) number(path string) int {
	n, _ := r.at(path).(float64)
	return int(n)
}

func (r reply) text(path string) string {
	s, _ := r.at(path).(string)
	return s
}

func (r reply) list(path string) []any {
	l, _ := r.at(path).([]any)
	return l
}

// indexOf returns the index of an object with an ID in a list, or -1.
func (r reply) indexOf(list, id string) int {
	return slices.IndexFunc(r.list(list), func(item any) bool {
		o, _ := item.(map[string]any)
		return o["id"] == id
	})
}

// send sends a request below the app's path, or below another if it begins with
// a slash, and adds the outcome to the trace.
func (p *prober) send(ctx context.Context, method, path, body string, args ...any) (reply, error) {
	url := p.base + "/v2/users/" + p.user
	if !strings.HasPrefix(path, "/") {
		url += "/apps/" + p.app + "/"
	}
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(fmt.Sprintf(body, args...))
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, reader)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Key "+p.pat)
	req.Header.Set("Content-Type", "application/json")
	client := *p.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{http: resp.StatusCode}
	if json.Unmarshal(bytes.TrimSpace(b), &r.body) != nil {
		return r, fmt.Errorf("%s %s: HTTP %d without JSON", method, path, r.http)
	}
	r.code = r.number("status.code")
	short, _, _ := strings.Cut(path, "?")
	p.trace = append(p.trace, fmt.Sprintf("%s %s: HTTP %d, %d", method, short, r.http, r.code))
	return r, nil
}

// must is send for preparations, which have to succeed.
func (p *prober) must(ctx context.Context, method, path, body string, args ...any) (reply, error) {
	r, err := p.send(ctx, method, path, body, args...)
	if err == nil && !r.ok() {
		err = fmt.Errorf("%s %s: %d %s %s", method, path, r.code, r.text("status.description"), r.text("status.details"))
	}
	return r, err
}

// wait polls until a condition holds.
func (p *prober) wait(ctx context.Context, path string, done func(reply) bool) (reply, error) {
	traced := len(p.trace)
	deadline := p.clock.Now().Add(p.timeout)
	for {
		r, err := p.send(ctx, http.MethodGet, path, "")
		if err == nil {
			p.trace = append(p.trace[:traced], p.trace[len(p.trace)-1]) // only the last poll
		}
		if err != nil || done(r) {
			return r, err
		}
		if p.clock.Now().After(deadline) {
			return r, fmt.Errorf("GET %s did not change within %v", path, p.timeout)
		}
		if err := p.clock.Wait(ctx, p.interval); err != nil {
			return r, err
		}
	}
}

// id returns a new ID.
func (p *prober) id() string {
	p.number++
	return fmt.Sprintf("%s%s-%d", prefix, p.run, p.number)
}

// remember marks an object for removal at the end.
func (p *prober) remember(list, key, id string) { p.created = append(p.created, object{list, key, id}) }

// needsEmptyApp rejects an app with objects that a live run has not created. It reads all pages, up to the first such object.
func (p *prober) needsEmptyApp(ctx context.Context) error {
	client, err := clarifai.New(clarifai.Config{
		BaseURL: p.base, PAT: p.pat, Transport: p.client.Transport,
		RetryTimeout: p.interval, // a wrong address is reported soon
	})
	if err != nil {
		return err
	}
	app, page := clarifai.AppRef{UserID: p.user, AppID: p.app}, clarifai.Page{PerPage: clarifai.MaxPerPage}
	for _, list := range []struct {
		name string
		ids  iter.Seq2[string, error]
	}{
		{"datasets", idsOf(client.AllDatasets(ctx, app, clarifai.ListDatasetsQuery{Page: page}),
			func(d clarifai.Dataset) string { return d.ID })},
		{"inputs", idsOf(client.AllInputs(ctx, app, clarifai.ListInputsQuery{Page: page}), func(i clarifai.Input) string { return i.ID })},
		{"concepts", idsOf(client.AllConcepts(ctx, app, clarifai.ListConceptsQuery{Page: page}),
			func(c clarifai.Concept) string { return c.ID })},
		{"searches", idsOf(client.AllSearches(ctx, app, page.PerPage), func(s clarifai.Search) string { return s.ID })},
	} {
		for id, err := range list.ids {
			if err != nil {
				return fmt.Errorf("list the %s of app %s: %w", list.name, p.app, err)
			}
			if !strings.HasPrefix(id, prefix) {
				return fmt.Errorf("app %s is not empty: it has %q in %s; use an app that holds nothing of value", p.app, id, list.name)
			}
		}
	}
	return nil
}

// idsOf yields the ids of objects.
func idsOf[T any](objects iter.Seq2[T, error], id func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for object, err := range objects {
			if !yield(id(object), err) {
				return
			}
		}
	}
}

// clean removes the created objects. Concepts cannot be deleted.
func (p *prober) clean(ctx context.Context) error {
	var left []error
	for _, o := range slices.Backward(p.created) {
		var r reply
		var err error
		if o.key == "" {
			r, err = p.send(ctx, http.MethodDelete, o.list+"/"+o.id, "")
		} else {
			r, err = p.send(ctx, http.MethodDelete, o.list, `{%q:[%q]}`, o.key, o.id)
		}
		switch {
		case err != nil:
			left = append(left, fmt.Errorf("%s %q is left: %w", o.list, o.id, err))
		case !r.ok() && !r.is(11101, 30102):
			left = append(left, fmt.Errorf("%s %q is left: code %d", o.list, o.id, r.code))
		}
	}
	return errors.Join(left...)
}
