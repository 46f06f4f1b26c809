// Package acctest contains what acceptance tests share: an emulator for each test, the provider served in
// process, a clock that advances without waiting, and the CLI that runs the configurations.
package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/protocheck"
	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/surface"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// User, App and PAT are those of the emulator.
const (
	User = "acme"
	App  = "fleet"
	PAT  = "canary-pat-0123456789abcdef"
)

// Env is one test's emulator (or the real service in a live run) and its clients.
type Env struct {
	*emulator.Server // nil in a live run
	Clock            *Clock
	Client           *clarifai.Client // reads and changes objects outside Terraform
	App              clarifai.AppRef

	provider string // provider block
}

// Option changes an Env.
type Option func(*setup)

type setup struct {
	emulator emulator.Options
	live     bool
	serial   bool
	newer    bool
}

// LiveSafe marks a test that may also run against the real service: see CLARIFAI_ACC_LIVE in CONTRIBUTING.
func LiveSafe(s *setup) { s.live = true }

// Serial prevents a test from running in parallel; for tests that set environment variables.
func Serial(s *setup) { s.serial = true }

// Newer is for tests whose responses contain fields that the official definitions do not have yet: their
// traffic is not checked against the definitions.
func Newer(s *setup) { s.newer = true }

// Emulator adjusts the emulator's options.
func Emulator(adjust func(*emulator.Options)) Option {
	return func(s *setup) { adjust(&s.emulator) }
}

// Async sets how long background work of the emulator takes.
func Async(takes time.Duration) Option {
	return Emulator(func(o *emulator.Options) { o.Async = takes })
}

// New starts an emulator with an empty app and runs the test in parallel. In a live run it uses the address in
// the environment instead, and skips tests that are not marked [LiveSafe].
func New(t *testing.T, options ...Option) *Env {
	t.Helper()
	clock := NewClock()
	s := setup{emulator: emulator.Options{User: User, App: App, PAT: PAT, Clock: clock, Record: true}}
	for _, option := range options {
		option(&s)
	}
	if !s.serial {
		t.Parallel()
	}
	if _, err := TheCLI(); err != nil {
		t.Fatal(err)
	}
	env := &Env{Clock: clock}
	var base string
	pat := s.emulator.PAT
	if os.Getenv("CLARIFAI_ACC_LIVE") == "1" {
		if !s.live {
			t.Skip("not marked as safe for a live run")
		}
		base, pat = os.Getenv("CLARIFAI_API_BASE"), os.Getenv("CLARIFAI_PAT")
		env.App = clarifai.AppRef{UserID: os.Getenv("CLARIFAI_USER_ID"), AppID: os.Getenv("CLARIFAI_APP_ID")}
		if base == "" || pat == "" || env.App.UserID == "" || env.App.AppID == "" {
			t.Fatal("a live run needs CLARIFAI_API_BASE, CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID")
		}
	} else {
		server, err := emulator.NewServer(s.emulator)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		env.Server = server
		env.App = clarifai.AppRef{UserID: s.emulator.User, AppID: s.emulator.App}
		base = server.URL()
		observe(t, server, s)
	}
	client, err := clarifai.New(clarifai.Config{BaseURL: base, PAT: pat, Clock: clock, UserAgent: "acctest"})
	if err != nil {
		t.Fatal(err)
	}
	env.Client = client
	env.provider = fmt.Sprintf(`provider "clarifai" {
  base_url = %q
  pat      = %q
  user_id  = %q
  app_id   = %q

  # Tests count requests.
  skip_credentials_validation = true
}
`, base, pat, env.App.UserID, env.App.AppID)
	return env
}

// Config returns a configuration that begins with the provider block.
func (e *Env) Config(parts ...string) string {
	return e.provider + strings.Join(parts, "\n")
}

// ConfigWith is Config with further arguments in the provider block.
func (e *Env) ConfigWith(arguments string, parts ...string) string {
	return strings.Replace(e.Config(parts...), "{\n", "{\n  "+arguments+"\n", 1)
}

// FewRequests is an argument of the provider block, see [Env.ConfigWith], for tests that count how many objects share a
// request: even if a CLI on a busy machine asks for a few objects a second, several wait for each request.
const FewRequests = "requests_per_second = 2"

// Name returns an id that is recognizable as a test's.
func (e *Env) Name(suffix string) string { return "tfacc-" + suffix }

// Called checks the total number of requests of the operations.
func (e *Env) Called(want int, ops ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := e.Count(ops...); got != want {
			return fmt.Errorf("%d calls of %v, want %d", got, ops, want)
		}
		return nil
	}
}

// Factories serves the provider in process, with the test's clock.
func (e *Env) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	var option []provider.Option
	if e.Server != nil {
		option = append(option, provider.WithClock(e.Clock))
	}
	return map[string]func() (tfprotov6.ProviderServer, error){
		"clarifai": provider.NewServer("test", option...),
	}
}

// Test runs steps against the Env. The test framework checks that the plan after each apply is empty.
func (e *Env) Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	e.Case(t, resource.TestCase{Steps: steps})
}

// Case is like Test, for tests that need more than steps.
func (e *Env) Case(t *testing.T, c resource.TestCase) {
	t.Helper()
	inSteps := slices.ContainsFunc(c.Steps, func(s resource.TestStep) bool { return s.ProtoV6ProviderFactories != nil })
	if c.ProtoV6ProviderFactories == nil && !inSteps {
		c.ProtoV6ProviderFactories = e.Factories()
	}
	resource.UnitTest(t, c)
}

// coverage records which operations were reached through a CLI with success, and which fields they were sent.
var coverage struct {
	mu    sync.Mutex
	noted map[string]bool
}

// observe records the operations that the provider reaches and, if the official definitions are available,
// checks every call against them.
func observe(t *testing.T, server *emulator.Server, s setup) {
	mode := protocheck.Mode(0)
	if s.emulator.CamelCase {
		mode = protocheck.Camel
	}
	if !s.newer {
		protocheck.Watch(t, server.Service, mode)
	}
	dir := os.Getenv("CLARIFAI_COVERAGE_DIR")
	server.Observe(func(call emulator.Call) {
		throughCLI := strings.HasPrefix(call.Headers.Get("User-Agent"), "terraform-provider-clarifai/")
		if dir != "" && throughCLI && call.Status/100 == 2 {
			noteCoverage(t, dir, call)
		}
	})
}

// noteCoverage appends to files of this process what no earlier call had: the operation, and the fields with a value.
func noteCoverage(t *testing.T, dir string, call emulator.Call) {
	sent, err := surface.Sent(call)
	if err != nil {
		t.Errorf("cannot record coverage: %s: %v", call.Op, err)
	}
	coverage.mu.Lock()
	defer coverage.mu.Unlock()
	note(t, dir, "ops", call.Op)
	for _, field := range sent {
		note(t, dir, "fields", call.Op+" "+field)
	}
}

// note appends a line to a file of this process unless it is there.
func note(t *testing.T, dir, file, line string) {
	if coverage.noted[line] {
		return
	}
	name := filepath.Join(dir, fmt.Sprintf("%s-%d.txt", file, os.Getpid()))
	out, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Errorf("cannot record coverage: %v", err)
		return
	}
	defer func() { _ = out.Close() }()
	if _, err := fmt.Fprintln(out, line); err != nil {
		t.Errorf("cannot record coverage: %v", err)
		return
	}
	if coverage.noted == nil {
		coverage.noted = map[string]bool{}
	}
	coverage.noted[line] = true
}
