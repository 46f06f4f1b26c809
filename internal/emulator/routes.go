package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// How to add an endpoint
//
//  1. Write its handler in the noun's file. A handler runs under the service's
//     mutex, takes the call (clock, path and query values, the app) and, when it
//     reads a body, the decoded body; it returns the answer, or fail(...):
//
//     func postDatasets(c *call, in *clarifai.PostDatasetsRequest) (*clarifai.MultiDatasetResponse, error)
//     func getDataset(c *call) (*clarifai.SingleDatasetResponse, error)
//
//  2. Add one line to the noun's routes function, with write(...) for a handler
//     that takes a body and read(...) for one that does not. A path that begins
//     with inApp is served under its short form too, unless it needs a PAT.
//     A new noun's function goes into allRoutes below.
//
// The frame decodes, authenticates, finds user and app, fills status, writes,
// records and breaks things on request. Stored objects are replaced, never
// changed in place (see the package comment).

const (
	ofUser = "/v2/users/{user_id}"
	inApp  = ofUser + "/apps/{app_id}"
)

func allRoutes() []endpoint {
	return slices.Concat(
		userRoutes(),
		appRoutes(),
		datasetRoutes(),
		datasetInputRoutes(),
		versionRoutes(),
		exportRoutes(),
		inputRoutes(),
		mediaRoutes(),
		jobRoutes(),
		conceptRoutes(),
		conceptLanguageRoutes(),
		conceptRelationRoutes(),
		conceptMappingJobRoutes(),
		knowledgeGraphRoutes(),
		annotationRoutes(),
		annotationFilterRoutes(),
		bulkOperationRoutes(),
		searchRoutes(),
		extractionJobRoutes(),
		uploadRoutes(),
		evaluationRoutes(),
		modelRoutes(),
		duplicationRoutes(),
	)
}

// needs says what a caller must bring.
type needs int

const (
	aKey    needs = iota // an app's key or a PAT
	aPAT                 // a personal access token; no short form exists
	nothing              // public
)

type endpoint struct {
	op     string
	method string
	path   string
	action action
	needs  needs
	also   []string // further paths, without user and app
	params []string
}

// action is a handler behind signatures that are the same for all.
type action struct {
	// decode reads the body; nil for endpoints that take none.
	decode func(body []byte) (any, error)
	// run does the work, under the mutex, with what decode gave.
	run func(c *call, in any) (any, error)
	// empty is the answer with nothing in it: errors carry it too, with its lists.
	empty func() answer
}

// answer is any response message; all have an envelope.
type answer interface{ SetStatus(clarifai.Status) }

// read makes an action of a handler that takes no body.
func read[Resp any, P interface {
	*Resp
	answer
}](handle func(*call) (*Resp, error)) action {
	return action{
		run:   func(c *call, _ any) (any, error) { return result[Resp, P](handle(c)) },
		empty: func() answer { return P(new(Resp)) },
	}
}

// write makes an action of a handler that takes a body.
func write[Req, Resp any, P interface {
	*Resp
	answer
}](handle func(*call, *Req) (*Resp, error)) action {
	return action{
		decode: func(body []byte) (any, error) { return decode[Req](body) },
		run: func(c *call, in any) (any, error) {
			return result[Resp, P](handle(c, in.(*Req))) //nolint:forcetypeassert // decode made it
		},
		empty: func() answer { return P(new(Resp)) },
	}
}

// result keeps a nil answer from becoming an interface that is not nil.
func result[Resp any, P interface {
	*Resp
	answer
}](resp *Resp, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return P(resp), nil
}

// download makes an action of a handler that answers with a file.
func download(handle func(*call) (*file, error)) action {
	return action{
		run: func(c *call, _ any) (any, error) {
			f, err := handle(c)
			if err != nil {
				return nil, err
			}
			return f, nil
		},
		empty: func() answer { return new(clarifai.Envelope) },
	}
}

// file is an answer that is not JSON.
type file struct {
	contentType string
	content     []byte
}

func newRouter(routes []endpoint) *router {
	root := &router{}
	for i := range routes {
		e := routes[i]
		paths := append([]string{e.path}, e.also...)
		if rest, ok := strings.CutPrefix(e.path, inApp+"/"); ok && e.needs == aKey {
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

// parameters are the names in a path's braces, in order.
func parameters(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

const (
	get    = http.MethodGet
	post   = http.MethodPost
	patch  = http.MethodPatch
	put    = http.MethodPut
	remove = http.MethodDelete
)
