package protocheck

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The emulator's responses to random requests follow the definitions. The requests are generated from
// the definitions. Most are rejected for their values, none for their form.
func TestResponses_toRandomRequests(t *testing.T) {
	checker := Need(t)
	t.Run("snake_case", func(t *testing.T) { respondToRandomRequests(t, checker, Untrusted) })
	t.Run("camelCase", func(t *testing.T) { respondToRandomRequests(t, checker, Untrusted|Camel) })
}

func respondToRandomRequests(t *testing.T, checker *Checker, mode Mode) {
	server, err := emulator.NewServer(emulator.Options{App: "fleet", CamelCase: mode&Camel != 0})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	Watch(t, server.Service, mode)
	random := rand.New(rand.NewPCG(3, 4))
	send := func(method, path, body string) (status int, code float64, details string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Key secret")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var answer struct {
			Status struct {
				Code    float64
				Details string
			}
		}
		if err := json.UnmarshalRead(resp.Body, &answer, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		return resp.StatusCode, answer.Status.Code, answer.Status.Details
	}
	accepted := map[string]bool{}
	for round := range 20 {
		for _, b := range checker.newest.bindings {
			switch {
			case b.nth != 1, round > 0 && server.Count(b.rpc.name) == 0: // the emulator does not serve it
				continue
			case b.rpc.name == "DeleteApp", b.rpc.name == "PatchAppsIds":
				continue // the app must not be deleted
			}
			path, body := fill(random, b.template), ""
			if b.body {
				w := &writer{random: random, sparse: round%2 == 0, inPath: b.template}
				encoded, err := json.Marshal(w.message(b.rpc.in, 0))
				if err != nil {
					t.Fatal(err)
				}
				body = string(encoded)
			}
			status, code, details := send(b.method, path, body)
			if status/100 == 2 {
				accepted[b.rpc.name] = true
			}
			if status >= 500 || b.body && (code == 11100 || strings.Contains(details, "unknown field")) {
				t.Errorf("%s was rejected for its form: HTTP %d, %s\n%s", b.rpc.name, status, details, body)
			}
		}
	}
	if len(accepted) < 40 {
		t.Errorf("only %d operations accepted a request: %v", len(accepted), slices.Sorted(maps.Keys(accepted)))
	}
}

// ids has few elements, so that requests refer to objects of other requests.
var ids = []string{"a", "b", "c", "d"}

func fill(random *rand.Rand, template string) string {
	var segments []string
	for _, segment := range strings.Split(template, "/") {
		field, ok := variable(segment)
		switch {
		case !ok:
		case field == "user_app_id.user_id":
			segment = "me"
		case field == "user_app_id.app_id":
			segment = "fleet"
		case field == "status_code_id":
			segment = "10000"
		default:
			segment = url.PathEscape(ids[random.IntN(len(ids))])
		}
		segments = append(segments, segment)
	}
	return strings.Join(segments, "/")
}

// writer generates messages.
type writer struct {
	random *rand.Rand
	sparse bool   // few fields, so that some requests are accepted
	inPath string // the path template, whose variables are not in the body
}

func (w *writer) message(m protoreflect.MessageDescriptor, depth int) any {
	switch m.FullName() {
	case "google.protobuf.Struct":
		return map[string]any{"k": "v", "n": 1, "nested": map[string]any{"l": []any{1, "x", nil}}}
	case "google.protobuf.Value":
		return "v"
	case "google.protobuf.Timestamp":
		return "2026-01-02T03:04:05.123Z"
	case "google.protobuf.Duration":
		return "1.5s"
	}
	if isWrapper(m) {
		return w.scalar(m.Fields().ByName("value"))
	}
	members := map[string]any{}
	oneofs := map[protoreflect.Name]bool{}
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		switch {
		case depth > 5, field.Name() == "user_app_id", field.Name() == "status":
			continue
		case depth == 0 && strings.Contains(w.inPath, "{"+string(field.Name())+"}"):
			continue
		case partialMessages[m.Name()] != "" && field.Name() != "id":
			continue
		}
		likely := 0.6
		if w.sparse && depth > 1 {
			likely = 0.25
		}
		if field.Name() != "id" && w.random.Float64() > likely {
			continue
		}
		if o := field.ContainingOneof(); o != nil {
			if oneofs[o.Name()] {
				continue
			}
			oneofs[o.Name()] = true
		}
		key := string(field.Name())
		if w.random.IntN(4) == 0 {
			key = field.JSONName()
		}
		members[key] = w.value(field, depth)
	}
	return members
}

func (w *writer) value(field protoreflect.FieldDescriptor, depth int) any {
	one := func(field protoreflect.FieldDescriptor) any {
		if field.Message() != nil {
			return w.message(field.Message(), depth+1)
		}
		return w.scalar(field)
	}
	switch {
	case field.IsMap():
		return map[string]any{"k": one(field.MapValue())}
	case field.IsList():
		list := []any{}
		for range 1 + w.random.IntN(2) {
			list = append(list, one(field))
		}
		return list
	default:
		return one(field)
	}
}

func (w *writer) scalar(field protoreflect.FieldDescriptor) any {
	switch field.Kind() {
	case protoreflect.StringKind:
		switch name := string(field.Name()); {
		case name == "action":
			return []string{"merge", "overwrite", "remove"}[w.random.IntN(3)]
		case strings.Contains(name, "url"):
			return "https://example.com/" + ids[w.random.IntN(len(ids))] + ".jpg"
		default:
			return ids[w.random.IntN(len(ids))]
		}
	case protoreflect.BoolKind:
		return w.random.IntN(2) == 0
	case protoreflect.EnumKind:
		value := field.Enum().Values().Get(w.random.IntN(field.Enum().Values().Len()))
		if w.random.IntN(2) == 0 {
			return string(value.Name())
		}
		return value.Number()
	case protoreflect.BytesKind:
		return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), w.random.IntN(5)))
	case protoreflect.Int64Kind, protoreflect.Uint64Kind:
		return fmt.Sprint(w.random.IntN(3))
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return float64(w.random.IntN(5)) / 4
	default:
		return w.random.IntN(3)
	}
}
