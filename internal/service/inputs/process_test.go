package inputs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// slowly gives a test time to strike in the middle.
var slowly = acctest.Emulator(func(o *emulator.Options) { o.Latency, o.Async = 20*time.Millisecond, 100*time.Millisecond })

func ops(op string) []string {
	if op == "" {
		return nil
	}
	return []string{op}
}

// strike runs an apply and calls f with its process when the service has had so many calls of an operation,
// or of any. It reports whether that came to be.
func strike(
	t *testing.T,
	env *acctest.Env,
	w *acctest.Workspace,
	op string,
	after int,
	f func(*exec.Cmd),
	command ...string,
) (output string, struck bool) {
	t.Helper()
	reached := make(chan struct{}, 1000)
	before := env.Count(ops(op)...)
	env.Observe(func(c emulator.Call) {
		if (op == "" || c.Op == op) && env.Count(ops(op)...) >= before+after {
			select {
			case reached <- struct{}{}:
			default:
			}
		}
	})
	var out acctest.Output
	cmd := w.Command(t.Context(), &out, append(command, "-auto-approve", "-lock=false")...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider dies with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-reached:
		f(cmd)
		<-done
		return out.String(), true
	case <-done:
		return out.String(), false
	}
}

func kill(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func settled(t *testing.T, env *acctest.Env, w *acctest.Workspace, want int) {
	t.Helper()
	w.MustRun(t, "apply", "-auto-approve")
	if output, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Fatalf("the plan after apply ended with %d:\n%s", code, output)
	}
	got, err := all(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != want {
		t.Fatalf("%d inputs, want %d", len(got), want)
	}
}

// Whenever an apply is killed, the next one comes to the same as if nothing had happened.
func TestAccInputs_killed(t *testing.T) {
	for _, point := range []struct {
		op    string
		after int
	}{{"PostDatasets", 1}, {"PostInputs", 1}, {"PostInputs", 5}, {"PostInputs", 8}, {"GetInputCount", 2}} {
		t.Run(fmt.Sprintf("creating, %d %s", point.after, point.op), func(t *testing.T) {
			env := acctest.New(t, acctest.RealTime, slowly)
			m := newManifest(t, "signs.jsonl", urlRows(1000)...)
			w := env.Workspace(t, env.Config(m.block("parallelism = 2")))
			if output, struck := strike(t, env, w, point.op, point.after, kill, "apply"); !struck {
				t.Fatalf("the apply ended before it was killed:\n%s", output)
			}
			settled(t, env, w, 1000)
			w.MustRun(t, "destroy", "-auto-approve")
			if left, err := all(context.Background(), env); err != nil || len(left) != 0 {
				t.Errorf("destroy leaves %d inputs (%v)", len(left), err)
			}
		})
	}
	for _, point := range []struct {
		op    string
		after int
	}{{"PostInputs", 1}, {"PatchInputs", 1}, {"DeleteInputs", 1}, {"DeleteInputs", 2}} {
		t.Run(fmt.Sprintf("updating, %d %s", point.after, point.op), func(t *testing.T) {
			env := acctest.New(t, acctest.RealTime, slowly)
			rows := urlRows(1000)
			m := newManifest(t, "signs.jsonl", rows...)
			w := env.Workspace(t, env.Config(m.block("parallelism = 2\n max_deletes = 1000")))
			w.MustRun(t, "apply", "-auto-approve")
			next := slices.Clone(rows[300:])
			for i := range 300 {
				next[i] = urlRow(fmt.Sprintf("img-%06d", i+300), `"concepts":["stop"]`)
			}
			for i := range 300 {
				next = append(next, urlRow(fmt.Sprintf("new-%06d", i)))
			}
			m.write(t, next...)
			if output, struck := strike(t, env, w, point.op, point.after, kill, "apply"); !struck {
				t.Fatalf("the apply ended before it was killed:\n%s", output)
			}
			settled(t, env, w, 1000)
			if err := hasLabels(env, "img-000300", "map[stop:1]")(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// Wherever it is.
func TestAccInputs_killedAnywhere(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any will do
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // so is the generator
	for range 4 {
		after := 1 + random.IntN(24)
		t.Run(fmt.Sprintf("after %d calls", after), func(t *testing.T) {
			env := acctest.New(t, acctest.RealTime, slowly)
			m := newManifest(t, "signs.jsonl", urlRows(600)...)
			w := env.Workspace(t, env.Config(m.block("parallelism = 2\n max_deletes = 1000")))
			strike(t, env, w, "", after, kill, "apply")
			next := urlRows(900)[300:]
			for i := range 100 {
				next[i] = urlRow(fmt.Sprintf("img-%06d", i+300), `"concepts":["stop"]`)
			}
			w.MustRun(t, "apply", "-auto-approve")
			m.write(t, next...)
			strike(t, env, w, "", after, kill, "apply")
			settled(t, env, w, 600)
		})
	}
}

// A destroy that was killed is resumed by the next, and inputs of others are left alone.
func TestAccInputs_killedDestroying(t *testing.T) {
	env := acctest.New(t, acctest.RealTime, slowly)
	m := newManifest(t, "signs.jsonl", urlRows(1000)...)
	w := env.Workspace(t, env.Config(m.block("parallelism = 1")))
	w.MustRun(t, "apply", "-auto-approve")
	env.PostInputs(t, image("x"))
	if output, struck := strike(t, env, w, "DeleteInputs", 4, kill, "destroy"); !struck {
		t.Fatalf("it ended before it was killed:\n%s", output)
	}
	if _, err := env.Client.PostDatasetInputs(t.Context(), env.App, "signs", []string{"x"}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "destroy", "-auto-approve")
	if err := has(env, "x")(nil); err != nil {
		t.Error(err)
	}
}

// Ctrl-C ends an apply in good order: what was sent is in state.
func TestAccInputs_interrupted(t *testing.T) {
	env := acctest.New(t, acctest.RealTime, slowly)
	m := newManifest(t, "signs.jsonl", urlRows(3000)...)
	w := env.Workspace(t, env.Config(m.block("parallelism = 1")))
	output, struck := strike(t, env, w, "PostInputs", 3, func(cmd *exec.Cmd) { _ = cmd.Process.Signal(os.Interrupt) }, "apply")
	if !struck {
		t.Fatalf("the apply ended before it was interrupted:\n%s", output)
	}
	sent, err := all(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) >= 3000 || !strings.Contains(output, "Not finished: inputs \"signs\"") {
		t.Fatalf("%d inputs, and:\n%s", len(sent), output)
	}
	plan := strings.Join(strings.Fields(w.MustRun(t, "plan", "-no-color")), " ")
	if want := fmt.Sprintf("%d to add, 0 to change", 3000-len(sent)); !strings.Contains(plan, "updated in-place") ||
		!strings.Contains(plan, want) {
		t.Errorf("want %q in\n%s", want, plan)
	}
	settled(t, env, w, 3000)
}

// A manifest that changes between plan and apply is an error, and nothing is done.
func TestAccInputs_changedAfterPlan(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRow("a"))
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "plan", "-out=plan")
	m.write(t, urlRow("a"), urlRow("b"))
	output, code := w.Run(t, "apply", "plan")
	// Few attributes are known in a plan, so that there are few errors: changes and source_sha256.
	problems := strings.Count(output, "Provider produced inconsistent final plan")
	if code == 0 || !strings.Contains(output, "source_sha256") || problems != 2 {
		t.Errorf("ended with %d and %d errors:\n%s", code, problems, output)
	}
	if err := has(env)(nil); err != nil {
		t.Error(err)
	}
}

// Plan and apply of a saved plan hold what was planned, also when the service changes in between.
func TestAccInputs_savedPlan(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"concepts":["stop"]`), urlRow("b"), urlRow("c"))
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	m.write(t, urlRow("a", `"concepts":["go"]`), urlRow("b"), urlRow("d"))
	plan := strings.Join(strings.Fields(w.MustRun(t, "plan", "-no-color", "-out=plan")), " ")
	for _, want := range []string{
		"1 to add, 1 to change, 0 to replace, 1 to remove;", "remove c", "change a: concepts +go 1, -stop", "add d", "1 input to be deleted",
	} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not say %q:\n%s", want, plan)
		}
	}
	if err := env.Client.DeleteInputs(t.Context(), env.App, []string{"b"}); err != nil { // others go on meanwhile
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "plan")
	if err := has(env, "a", "b", "d")(nil); err != nil {
		t.Error(err)
	}
	if output, code := w.Run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("ended with %d:\n%s", code, output)
	}
	// Without refreshing, nothing is read and nothing planned.
	env.ResetCalls()
	if output, code := w.Run(t, "plan", "-refresh=false", "-detailed-exitcode"); code != 0 || env.Count() > 0 {
		t.Errorf("ended with %d after %d calls:\n%s", code, env.Count(), output)
	}
}

// No token and no content of inputs is in state or in what is printed.
func TestAccInputs_secrets(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", `{"id":"a","text":"the quick brown fox"}`)
	w := env.Workspace(t, env.Config(m.block()))
	output := w.MustRun(t, "apply", "-auto-approve")
	kept, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{acctest.PAT, "quick brown"} {
		if strings.Contains(output+string(kept), secret) {
			t.Errorf("%q is to be seen", secret)
		}
	}
	if !strings.Contains(string(kept), "source_sha256") {
		t.Error("this is not the state")
	}
}

// Members that disappear while the pages of the tracking dataset are read move others to pages that
// have been read. The resource loses track of none of them.
func TestAccInputs_trackingDatasetShrinksWhileRead(t *testing.T) {
	env := acctest.New(t, acctest.RealTime)
	m := newManifest(t, "signs.jsonl", urlRows(2500)...)
	w := env.Workspace(t, env.Config(m.block()))
	w.MustRun(t, "apply", "-auto-approve")
	page, err := env.Client.ListDatasetInputs(t.Context(), env.App, "signs", clarifai.Page{Page: 1, PerPage: clarifai.MaxPerPage})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, member := range page[:100] {
		ids = append(ids, member.Input.ID)
	}
	var once sync.Once
	env.Observe(func(c emulator.Call) {
		if c.Op == "ListDatasetInputs" {
			once.Do(func() {
				if err := env.Client.DeleteInputs(context.Background(), env.App, ids); err != nil {
					t.Error(err)
				}
			})
		}
	})
	// The second page is read after they went.
	env.MustFault(emulator.Fault{Op: "ListDatasetInputs", After: 1, Count: 1, Latency: emulator.Duration(500 * time.Millisecond)})
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	if err := has(env)(nil); err != nil {
		t.Error(err)
	}
}
