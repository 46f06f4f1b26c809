package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// Types of package apiserver that tests use.
type (
	// Call is a request and its response.
	Call = apiserver.Call
	// Clock is the time that the service uses.
	Clock = apiserver.Clock
	// Duration is a time span written as in Go.
	Duration = apiserver.Duration
	// Fault describes a failure and selects the requests or objects it applies to.
	Fault = apiserver.Fault
	// FaultReport is a fault with its counts.
	FaultReport = apiserver.FaultReport
	// ManualClock only advances when a test calls Advance.
	ManualClock = apiserver.ManualClock
)

// Moments at which a fault cuts the connection.
const (
	BeforeWork = apiserver.BeforeWork
	AfterWork  = apiserver.AfterWork
)

// NewManualClock creates a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return apiserver.NewManualClock(start) }

// NotFoundFor makes the operation respond "does not exist" n times, like for an object
// that exists but is not visible everywhere yet.
func NotFoundFor(n int, op string) Fault { return apiserver.NotFoundFor(n, op) }

// DefaultUser owns created objects if [Options] names no user.
const DefaultUser = "acme"

// Options configure a service.
type Options struct {
	User string // user that "me" means; DefaultUser if empty
	App  string // created at start, and used for paths without user and app
	PAT  string // the only key that is accepted; any if empty

	Clock   Clock         // real time if nil
	Latency time.Duration // added to each request
	Async   time.Duration // how long asynchronous work takes; 0: done at the next request
	RPS     float64       // requests per second before requests are throttled; 0: unlimited

	Seed      io.Reader         // initial objects, see Service.Load
	Buckets   map[string]string // directories behind the buckets of data sources, by name
	CamelCase bool              // respond in camelCase

	// Record keeps every request with its bodies, for tests.
	Record bool
	// Dialects are names of alternative behaviours, see [Dialects].
	Dialects []string
	// PatchEmpties is the dialect [ZerosInPatch].
	PatchEmpties bool
	// MoreLanguages are codes that concepts can be translated to beyond the documented ones.
	MoreLanguages []string
	// OlderConcepts is the dialect [OlderConcepts].
	OlderConcepts bool
	// Withdrawn are operations that are no longer offered: their paths are unknown.
	Withdrawn []string
	// RandomOutputs is the seed of random values for fields that the service decides; 0: off.
	RandomOutputs uint64
	// Random decides on faults with a probability. If nil it is seeded, so that runs repeat.
	Random *rand.Rand
	// Logf reports each request in one line if set.
	Logf func(format string, args ...any)
}

// A Service is the emulated Clarifai. It is an http.Handler and safe for
// concurrent use.
type Service struct {
	*apiserver.Handler
	options  Options
	clock    Clock
	dialects map[string]bool
	decided  sync.Map // names of dialects, see Decided

	mu sync.Mutex
	state
}

// New creates a service.
func New(options Options) (*Service, error) {
	if err := checkDialects(options.Dialects); err != nil {
		return nil, err
	}
	s := &Service{options: options, clock: options.Clock, dialects: map[string]bool{
		ZerosInPatch: options.PatchEmpties, OlderConcepts: options.OlderConcepts,
	}}
	for _, name := range options.Dialects {
		s.dialects[name] = true
	}
	withdrawn := slices.Clone(options.Withdrawn)
	if s.dialects[NoConceptMapping] {
		withdrawn = append(withdrawn, "PostConceptMappingJobs")
	}
	if s.clock == nil {
		s.clock = apiserver.RealClock{}
	}
	if s.options.User == "" {
		s.options.User = DefaultUser
	}
	s.Handler = apiserver.NewHandler(apiserver.Options{
		Endpoints: s.endpoints(),
		InApp:     inApp,
		Objects:   faultyObjects,
		PAT:       options.PAT,
		Clock:     s.clock,
		Latency:   options.Latency,
		RPS:       options.RPS,
		Record:    options.Record,
		CamelCase: options.CamelCase,
		Withdrawn: withdrawn,
		Admin:     s.serveAdmin,
		Random:    options.Random,
		Logf:      options.Logf,

		RandomOutputs: options.RandomOutputs,

		HTTPStatus:        s.httpStatuses(),
		IgnoreUnknownKeys: s.dialects[IgnoreUnknownKeys],
		ClampPerPage:      s.dialects[ClampPerPage],
	})
	s.exports = map[string]*export{}

	now := s.clock.Now()
	owner := s.addUser(s.options.User, now)
	if s.options.App != "" {
		if problem := idProblem("app id", s.options.App); problem != "" {
			return nil, errors.New(problem)
		}
	}
	if options.Seed != nil {
		if err := s.Load(options.Seed); err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
	}
	if s.options.App != "" && !owner.apps.has(s.options.App) { // the seed may describe it
		s.addApp(owner, clarifai.App{ID: s.options.App}, now)
	}
	return s, nil
}

// Kinds of objects whose asynchronous work a fault can fail.
const (
	objectInput         = "input"
	objectVersion       = "dataset_version"
	objectExport        = "export"
	objectBulkOperation = "bulk_operation"
	objectExtractionJob = "extraction_job"
	objectEvaluation    = "evaluation"
	objectDuplication   = "app_duplication"
)

var faultyObjects = []string{
	objectInput, objectVersion, objectExport, objectBulkOperation, objectExtractionJob, objectEvaluation, objectDuplication,
}

// serveAdmin serves one admin endpoint in addition to those of package apiserver:
//
//	GET    state    the objects of the service, in the form of a seed file
func (s *Service) serveAdmin(w http.ResponseWriter, r *http.Request, what string) bool {
	if r.Method+" "+what != "GET state" {
		return false
	}
	apiserver.WriteAdmin(w, s.Snapshot())
	return true
}

// A Server is a service that listens on a loopback port, for tests.
type Server struct {
	*Service
	*apiserver.Server
}

// NewServer creates a service and starts it on a free loopback port.
func NewServer(options Options) (*Server, error) {
	service, err := New(options)
	if err != nil {
		return nil, err
	}
	return service.Listen(context.Background(), "127.0.0.1:0")
}

// Listen starts the service on an address. Port 0 selects a free port. ctx only
// limits the start.
func (s *Service) Listen(ctx context.Context, address string) (*Server, error) {
	server, err := apiserver.Listen(ctx, s, address)
	if err != nil {
		return nil, err
	}
	return &Server{Service: s, Server: server}, nil
}
