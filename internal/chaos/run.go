package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

//go:embed testdata
var testdata embed.FS

const (
	user = "acme"
	app  = "chaos"
	pat  = "chaos-pat"

	// hangLimit is how long one command may take. An undisturbed apply takes a few seconds.
	hangLimit = 4 * time.Minute
	// maxApplies is how many undisturbed commands may follow a disturbed one.
	maxApplies = 5
	// async is how long background work of the emulator takes.
	async = 150 * time.Millisecond
)

type options struct {
	identical bool // set adopt_identical
	keep      bool
	files     fs.FS // instead of testdata/config; for tests
}

// chaos is one campaign.
type chaos struct {
	options
	dir       string
	cli       string
	provider  string // the binary
	block     string // the provider block
	buckets   string
	takes     map[string]time.Duration // how long each phase takes without disturbance
	created   snapshot                 // after an undisturbed apply
	updated   snapshot                 // after another one, of generation 2
	destroyed snapshot                 // after an undisturbed destroy of generation 1
}

// The phases that runs disturb.
const (
	create  = "create"
	update  = "update"
	destroy = "destroy"
)

var phases = []string{create, create, update, destroy}

// prepare builds the provider and does an undisturbed run.
func prepare(ctx context.Context, o options) (*chaos, error) {
	c := &chaos{options: o}
	var err error
	if c.dir, err = os.MkdirTemp("", "clarifai-chaos"); err != nil {
		return nil, err
	}
	if err := c.prepare(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	return c, nil
}

func (c *chaos) prepare(ctx context.Context) (err error) {
	if c.cli, err = findCLI(); err != nil {
		return err
	}
	if c.provider = os.Getenv("CLARIFAI_PROVIDER_BINARY"); c.provider == "" {
		c.provider = filepath.Join(c.dir, "bin", "terraform-provider-clarifai")
		build := exec.CommandContext(ctx, "go", "build", "-o", c.provider, "github.com/clarifai/terraform-provider-clarifai")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building the provider: %w\n%s", err, out)
		}
	}
	c.block = "provider \"clarifai\" {\n  requests_per_second = 0\n  retry_timeout       = \"30s\"\n"
	if c.identical && hasAdoptIdentical(ctx) {
		c.block += "  adopt_identical     = true\n"
	}
	c.block += "}\n"
	if c.files == nil {
		if c.files, err = fs.Sub(testdata, "testdata/config"); err != nil {
			return err
		}
	}
	c.buckets = filepath.Join(c.dir, "bucket")
	bucket, err := fs.Sub(testdata, "testdata/bucket")
	if err != nil {
		return err
	}
	if err := os.CopyFS(c.buckets, bucket); err != nil {
		return err
	}
	return c.golden(ctx)
}

func findCLI() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no terraform or tofu: set TF_ACC_TERRAFORM_PATH or put one in PATH")
}

func hasAdoptIdentical(ctx context.Context) bool {
	var resp frameworkprovider.SchemaResponse
	provider.New("chaos")().Schema(ctx, frameworkprovider.SchemaRequest{}, &resp)
	return resp.Schema.Attributes["adopt_identical"] != nil
}

func (c *chaos) close() {
	if !c.options.keep {
		_ = os.RemoveAll(c.dir)
	}
}

// golden does the phases without disturbance. The contents after them are what others are compared with.
func (c *chaos) golden(ctx context.Context) error {
	c.takes = map[string]time.Duration{}
	for _, undisturbed := range []struct {
		phases []string
		after  *snapshot
	}{
		{[]string{create}, &c.created}, {[]string{create, update}, &c.updated}, {[]string{create, destroy}, &c.destroyed},
	} {
		w, err := c.newWorkspace(strings.Join(undisturbed.phases, "-"), nil)
		if err != nil {
			return err
		}
		defer w.close()
		for _, phase := range undisturbed.phases {
			w.begin(phase)
			start := time.Now()
			if out, err := w.command(ctx, w.args...); err != nil {
				return fmt.Errorf("an undisturbed %s failed: %w\n%s", phase, err, out)
			}
			c.takes[phase] = time.Since(start)
			if phase == destroy {
				continue
			}
			if out, err := w.command(ctx, "plan", "-detailed-exitcode"); err != nil {
				return fmt.Errorf("the plan after an undisturbed %s: %w\n%s", phase, err, out)
			}
		}
		if *undisturbed.after, err = w.snapshot(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A workspace is a directory with the configuration, and an emulator.
type workspace struct {
	c       *chaos
	dir     string
	env     []string
	phase   string
	args    []string // of the CLI, for the phase
	service *emulator.Server
	client  *clarifai.Client
	faults  atomic.Int64 // how many were injected
	output  strings.Builder
}

func (c *chaos) newWorkspace(name string, random *rand.Rand) (*workspace, error) {
	w := &workspace{c: c, dir: filepath.Join(c.dir, name)}
	if err := os.CopyFS(w.dir, c.files); err != nil {
		return nil, err
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"registry.terraform.io/clarifai/clarifai\" = %[1]q\n"+
		"    \"registry.opentofu.org/clarifai/clarifai\" = %[1]q\n  }\n  direct {}\n}\n", filepath.Dir(c.provider))
	required := "terraform {\n  required_providers {\n    clarifai = {\n      source = \"clarifai/clarifai\"\n    }\n  }\n}\n"
	for file, content := range map[string]string{"cli.tfrc": overrides, "provider.tf": required + c.block} {
		if err := os.WriteFile(filepath.Join(w.dir, file), []byte(content), 0o600); err != nil {
			return nil, err
		}
	}
	var err error
	w.service, err = emulator.NewServer(emulator.Options{
		User: user, App: app, PAT: pat, Async: async, Random: random, Record: c.options.keep,
		Buckets: map[string]string{"acme-bucket": c.buckets},
	})
	if err != nil {
		return nil, err
	}
	w.service.Observe(func(call emulator.Call) {
		if call.Fault != "" {
			w.faults.Add(1)
		}
	})
	if w.client, err = clarifai.New(clarifai.Config{BaseURL: w.service.URL(), PAT: pat}); err != nil {
		w.service.Close()
		return nil, err
	}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "CLARIFAI_") {
			w.env = append(w.env, variable)
		}
	}
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"TF_INPUT=0", "TF_CLI_ARGS=-no-color", "CLARIFAI_API_BASE="+w.service.URL(), "CLARIFAI_PAT="+pat, "CLARIFAI_USER_ID="+user,
		"CLARIFAI_APP_ID="+app)
	return w, nil
}

func (w *workspace) state() string { return filepath.Join(w.dir, "terraform.tfstate") }

func (w *workspace) close() { w.service.Close() }

// begin sets what commands do from here on.
func (w *workspace) begin(phase string) {
	w.phase, w.args = phase, []string{"apply", "-auto-approve"}
	switch phase {
	case update:
		w.env = append(w.env, "TF_VAR_generation=2")
	case destroy:
		w.args[0] = "destroy"
	}
}

func (w *workspace) snapshot(ctx context.Context) (snapshot, error) {
	return takeSnapshot(ctx, w.service.URL(), user, w.client)
}

// start prepares a command in a process group of its own, which is killed as a whole.
func (w *workspace) start(ctx context.Context, out *bytes.Buffer, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.c.cli, args...) //nolint:gosec // the CLI under test
	cmd.Dir, cmd.Env = w.dir, w.env
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// errHang is returned for a command that did not end in time.
var errHang = errors.New("it did not end in time")

// command runs the CLI to its end.
func (w *workspace) command(ctx context.Context, args ...string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, hangLimit)
	defer cancel()
	var out bytes.Buffer
	err := w.start(limited, &out, args...).Run()
	if limited.Err() != nil && ctx.Err() == nil {
		err = errHang
	}
	w.log(out.String(), args...)
	return out.String(), err
}

// log keeps what a command printed, for -keep.
func (w *workspace) log(out string, args ...string) {
	w.output.WriteString("$ terraform " + strings.Join(args, " ") + "\n" + out)
}

// keep writes what helps to find the cause of a bad run.
func (w *workspace) keep() error {
	calls := w.service.Calls()
	for i := range calls {
		if !calls[i].Response.IsValid() { // a fault has cut it
			calls[i].Response, _ = jsontext.AppendQuote(nil, string(calls[i].Response))
		}
	}
	requests, err := json.Marshal(calls, jsontext.Multiline(true))
	return errors.Join(err,
		os.WriteFile(filepath.Join(w.dir, "output.txt"), []byte(w.output.String()), 0o600),
		os.WriteFile(filepath.Join(w.dir, "requests.json"), requests, 0o600))
}

// run does one run: a disturbed phase, undisturbed commands until it is complete, and a comparison.
func (c *chaos) run(ctx context.Context, number int, random *rand.Rand) (r result, err error) {
	start := time.Now()
	r = result{Run: number, Kind: "kill", Phase: phases[random.IntN(len(phases))]}
	w, err := c.newWorkspace(fmt.Sprintf("run-%d", number), random)
	if err != nil {
		return r, err
	}
	defer func() {
		if c.options.keep && !r.good() {
			err = errors.Join(err, w.keep())
		} else {
			err = errors.Join(err, os.RemoveAll(w.dir))
		}
		w.close()
	}()
	if r.Phase != create {
		w.begin(create)
		if out, err := w.command(ctx, w.args...); err != nil {
			return r, fmt.Errorf("an undisturbed apply failed: %w\n%s", err, out)
		}
	}
	w.begin(r.Phase)
	before, err := os.ReadFile(w.state())
	if err != nil && r.Phase != create {
		return r, err
	}
	if random.IntN(2) == 0 {
		err = w.killed(ctx, random, &r)
	} else {
		r.Kind = "fault"
		err = w.disturbed(ctx, random, &r)
	}
	if err != nil {
		return r, err
	}
	// A CLI that is killed while it writes its state leaves an empty file, and says so ("data loss may occur").
	if now, err := os.ReadFile(w.state()); err == nil && len(now) == 0 && len(before) > 0 {
		r.StateLost = true
		if err := os.WriteFile(w.state(), before, 0o600); err != nil {
			return r, err
		}
	}
	w.recoverFrom(ctx, &r)
	want := map[string]snapshot{create: c.created, update: c.updated, destroy: c.destroyed}[r.Phase]
	if err := w.check(ctx, want, &r); err != nil {
		return r, err
	}
	if r.good() && r.Phase == create && random.IntN(4) == 0 {
		r.Destroyed = true
		if out, err := w.command(ctx, "destroy", "-auto-approve"); err != nil {
			r.Manual = append(r.Manual, "destroy: "+firstError(out, err))
		}
		if err := w.check(ctx, c.destroyed, &r); err != nil {
			return r, err
		}
	}
	r.Seconds = time.Since(start).Seconds()
	return r, ctx.Err()
}

// signals are the ways to end an apply: which signal, how often, and whether the provider gets it, too.
var signals = []struct {
	name   string
	signal syscall.Signal
	times  int
	group  bool
}{
	{"SIGKILL to CLI and provider", syscall.SIGKILL, 1, true},
	{"SIGKILL to the CLI", syscall.SIGKILL, 1, false},
	{"SIGINT", syscall.SIGINT, 1, false},
	{"SIGINT twice", syscall.SIGINT, 2, false},
	{"SIGTERM", syscall.SIGTERM, 1, false},
}

// killed starts the phase's command and ends it at a random moment.
func (w *workspace) killed(ctx context.Context, random *rand.Rand, r *result) error {
	chosen := signals[random.IntN(len(signals))]
	after := time.Duration(random.Int64N(int64(w.c.takes[w.phase])))
	r.Action = fmt.Sprintf("%s after %d ms", chosen.name, after.Milliseconds())
	var out bytes.Buffer
	limited, cancel := context.WithTimeout(ctx, hangLimit)
	defer cancel()
	cmd := w.start(limited, &out, w.args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-ended:
		return nil // faster than without disturbance
	case <-timer.C:
	}
	target := cmd.Process.Pid
	if chosen.group {
		target = -target
	}
	for range chosen.times {
		_ = syscall.Kill(target, chosen.signal) // it may just have ended
	}
	<-ended
	w.log(out.String(), w.args...)
	// A provider that has lost its CLI must not keep working: it would race with the next apply.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	r.Hang = limited.Err() != nil && ctx.Err() == nil
	return nil
}

// kinds are the faults that are injected.
var kinds = []emulator.Fault{
	{Name: "reset before", Reset: emulator.BeforeWork},
	{Name: "reset after", Reset: emulator.AfterWork},
	{Name: "503", HTTP: 503, Body: "busy"},
	{Name: "502 page", HTTP: 502, Body: "<html>bad gateway</html>"},
	{Name: "throttled", Code: 11005},
	{Name: "truncated", Truncate: true},
	{Name: "slow", Latency: emulator.Duration(200 * time.Millisecond)},
	{Name: "empty", HTTP: 200, Body: " ", ContentType: "application/json"},
	{Name: "cut JSON", CutJSON: true},
	{Name: "null item", Items: "null"},
	{Name: "wrong item", Items: "wrong"},
	{Name: "missing item", Items: "missing"},
	{Name: "unrequested item", Items: "extra"},
	{Name: "mixed", Mixed: true},
	{Name: "NaN", NaN: true},
}

// disturbed runs the phase's command with random faults, and then removes them.
func (w *workspace) disturbed(ctx context.Context, random *rand.Rand, r *result) error {
	var names []string
	for _, at := range random.Perm(len(kinds))[:1+random.IntN(3)] {
		fault := kinds[at]
		fault.Probability = 0.03 + 0.17*random.Float64()
		if fault.Items != "" {
			// An object that a list omits each time that it is read cannot be told from one that is gone.
			fault.Probability /= 4
		}
		names = append(names, fmt.Sprintf("%s (%.0f %%)", fault.Name, 100*fault.Probability))
		if _, err := w.service.AddFault(fault); err != nil {
			return err
		}
	}
	r.Action = strings.Join(names, ", ")
	if _, err := w.command(ctx, w.args...); errors.Is(err, errHang) {
		r.Hang = true
	}
	w.service.ClearFaults()
	r.Faults = int(w.faults.Load())
	return nil
}

// recoverFrom repeats the phase's command without disturbance until it succeeds and, after an apply, the plan is empty.
func (w *workspace) recoverFrom(ctx context.Context, r *result) {
	var out string
	var err error
	for r.Applies < maxApplies && ctx.Err() == nil {
		r.Applies++
		if out, err = w.command(ctx, w.args...); errors.Is(err, errHang) {
			r.Hang = true
			return
		}
		if err != nil {
			continue
		}
		if w.phase == destroy {
			return
		}
		if out, err = w.command(ctx, "plan", "-detailed-exitcode"); err == nil {
			return
		}
	}
	problems := alreadyExists.FindAllString(out, -1)
	if len(problems) == 0 {
		problems = []string{firstError(out, err)}
	}
	r.Manual = append(r.Manual, problems...)
}

var (
	alreadyExists = regexp.MustCompile(`(?m)^.*Error: .* already exists.*$`)
	anError       = regexp.MustCompile(`(?m)^.*Error: .*$`)
)

// firstError is the first error in a CLI's output.
func firstError(out string, err error) string {
	if found := anError.FindString(out); found != "" {
		return found
	}
	return fmt.Sprint(err)
}

// check compares the service with an undisturbed run, once what it was doing in the background has ended.
func (w *workspace) check(ctx context.Context, want snapshot, r *result) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * async):
	}
	got, err := w.snapshot(ctx)
	if err != nil {
		return err
	}
	lost, duplicated, orphaned := got.compare(want)
	r.Lost = append(r.Lost, lost...)
	r.Duplicated = append(r.Duplicated, duplicated...)
	r.Orphaned = append(r.Orphaned, orphaned...)
	return nil
}
