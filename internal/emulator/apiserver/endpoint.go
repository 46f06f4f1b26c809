package apiserver

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Credential is the credential that a client must send.
type Credential int

// Credentials that endpoints require.
const (
	Key  Credential = iota // an app's key or a personal access token
	PAT                    // a personal access token; there is no short form
	None                   // nothing
)

// An Endpoint is an operation of the API.
type Endpoint struct {
	Op     string // name of the operation, such as PostInputs
	Method string
	Path   string // with parameters in braces
	Action Action
	Needs  Credential
	Also   []string // further paths, without user and app

	params []string
}

// An Action is a handler with a signature that is the same for all endpoints.
type Action struct {
	// decode reads the body; nil for endpoints that take none.
	decode func(body []byte, options json.Options) (any, error)
	// run calls the handler with the value that decode returned.
	run func(r *Request, in any) (any, error)
	// empty returns a response without values. Errors have it, with its empty lists.
	empty func() message
}

// message is any response message; all have a status envelope.
type message interface{ SetStatus(clarifai.Status) }

// Read returns the action of a handler without a request body.
func Read[Resp any, P interface {
	*Resp
	message
}](handle func(*Request) (*Resp, error)) Action {
	return Action{
		run:   func(r *Request, _ any) (any, error) { return orNil[Resp, P](handle(r)) },
		empty: func() message { return P(new(Resp)) },
	}
}

// Write returns the action of a handler with a request body.
func Write[Req, Resp any, P interface {
	*Resp
	message
}](handle func(*Request, *Req) (*Resp, error)) Action {
	return Action{
		decode: func(body []byte, options json.Options) (any, error) { return decode[Req](body, options) },
		run: func(r *Request, in any) (any, error) {
			return orNil[Resp, P](handle(r, in.(*Req))) //nolint:forcetypeassert // decode returned it
		},
		empty: func() message { return P(new(Resp)) },
	}
}

// orNil prevents that a nil response becomes an interface that is not nil.
func orNil[Resp any, P interface {
	*Resp
	message
}](resp *Resp, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return P(resp), nil
}

// Download returns the action of a handler that responds with a file.
func Download(handle func(*Request) (*File, error)) Action {
	return Action{
		run: func(r *Request, _ any) (any, error) {
			f, err := handle(r)
			if err != nil {
				return nil, err
			}
			return f, nil
		},
		empty: func() message { return new(clarifai.Envelope) },
	}
}

// A File is a response that is not JSON.
type File struct {
	ContentType string
	Content     []byte
}

// newRouter serves each endpoint at its path and its further paths. A path that
// begins with inApp is also served under /v2, unless it needs a personal access token.
func newRouter(endpoints []Endpoint, inApp string) *router {
	root := &router{}
	for i := range endpoints {
		e := endpoints[i]
		paths := append([]string{e.Path}, e.Also...)
		if rest, ok := strings.CutPrefix(e.Path, inApp+"/"); ok && e.Needs == Key {
			paths = append(paths, "/v2/"+rest)
		}
		for _, path := range paths {
			atPath := e
			atPath.params = parameters(path)
			root.add(path, &atPath)
		}
	}
	return root
}

// parameters returns the names in a path's braces, in order.
func parameters(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// UnknownPath returns the action of a path that is not served.
func UnknownPath() Action {
	return Read(func(*Request) (*clarifai.BaseResponse, error) {
		return nil, Reject(clarifai.StatusDoesNotExist, "Resource does not exist. Check the url of your request.")
	})
}

var (
	unknownPath   = Endpoint{Needs: None, Action: UnknownPath()}
	unknownMethod = Endpoint{Needs: None, Action: Read(func(*Request) (*clarifai.BaseResponse, error) {
		return nil, Reject(clarifai.StatusMethodNotAllowed, "Method Not Allowed")
	})}
)

// HTTP methods of endpoints.
const (
	Get    = http.MethodGet
	Post   = http.MethodPost
	Patch  = http.MethodPatch
	Put    = http.MethodPut
	Delete = http.MethodDelete
)
