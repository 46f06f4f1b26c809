// Command chaos interrupts and disturbs applies and checks that nothing is lost or created twice.
//
//	make chaos                  20 runs
//	make chaos RUNS=200 SEED=7  more of them, with a seed of your own
//
// Each run uses testdata/config, which has one of every resource, with an emulator of its own. It disturbs one
// phase: the apply that creates everything, one that changes everything, or a destroy. The run
// either kills the CLI and the provider at a random moment (SIGKILL, SIGINT once or twice, SIGTERM), or
// injects random faults into the emulator's responses. It then repeats the command without disturbance until the
// plan is empty, and compares the emulator's contents with those after an undisturbed run. A quarter of the
// runs that create also destroys everything.
//
// It prints one line of JSON for each run and a table at the end, and ends with an error if anything was
// lost, duplicated, orphaned (exists and is in no state), has hung, or needed a manual step.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
)

func main() {
	runs := flag.Int("runs", 20, "number of runs")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the random choices")
	identical := flag.Bool("adopt-identical", true, "set adopt_identical in the provider block, if the provider has it")
	keep := flag.Bool("keep", false, "keep the workspaces of failed runs, with the output of the CLI and all requests")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	good, err := campaign(ctx, os.Stdout, *runs, *seed, options{identical: *identical, keep: *keep})
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
	if err != nil || !good {
		stop()
		os.Exit(1) //nolint:gocritic // stop has been called
	}
}

// A result is the outcome of one run.
type result struct {
	Run        int      `json:"run"`
	Phase      string   `json:"phase"`  // create, update or destroy
	Kind       string   `json:"kind"`   // kill or fault
	Action     string   `json:"action"` // the signal and its time, or the faults
	Faults     int      `json:"faults"` // injected
	Applies    int      `json:"applies"`
	Destroyed  bool     `json:"destroyed"`
	StateLost  bool     `json:"state_lost,omitzero"` // the CLI emptied its own state file; the state before was restored
	Lost       []string `json:"lost,omitempty"`
	Duplicated []string `json:"duplicated,omitempty"`
	Orphaned   []string `json:"orphaned,omitempty"`
	Hang       bool     `json:"hang"`
	Manual     []string `json:"manual,omitempty"` // manual steps that a user would have to take
	Seconds    float64  `json:"seconds"`
}

func (r *result) good() bool {
	return len(r.Lost)+len(r.Duplicated)+len(r.Orphaned)+len(r.Manual) == 0 && !r.Hang
}

// campaign does all runs and prints their results.
func campaign(ctx context.Context, out io.Writer, runs int, seed uint64, o options) (good bool, err error) {
	fmt.Fprintf(out, "seed %d\n", seed)
	c, err := prepare(ctx, o)
	if err != nil {
		return false, err
	}
	defer c.close()
	// Runs differ by their number, so that one of them can be repeated with the same choices.
	results := make([]result, 0, runs)
	for i := range runs {
		r, err := c.run(ctx, i, rand.New(rand.NewPCG(seed, uint64(i)))) //nolint:gosec // repeatable choices
		if err != nil {
			return false, fmt.Errorf("run %d: %w", i, err)
		}
		line, err := json.Marshal(r)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(out, "%s\n", line)
		results = append(results, r)
	}
	return printTable(out, results), nil
}

// printTable prints the sums by kind and phase, and returns whether all runs were good.
func printTable(out io.Writer, results []result) (good bool) {
	good = len(results) > 0
	fmt.Fprintf(out, "\n| %-5s | %-7s | %4s | %6s | %4s | %10s | %8s | %5s | %20s | %7s |\n", "kind", "phase", "runs", "faults", "lost",
		"duplicated", "orphaned", "hangs", "manual interventions", "applies")
	fmt.Fprintln(out, "|-------|---------|-----:|-------:|-----:|-----------:|---------:|------:|---------------------:|--------:|")
	for _, kind := range []string{"kill", "fault"} {
		for _, phase := range []string{create, update, destroy} {
			var n, faults, lost, duplicated, orphaned, hangs, manual, applies int
			for _, r := range results {
				if r.Kind != kind || r.Phase != phase {
					continue
				}
				n++
				faults += r.Faults
				lost += len(r.Lost)
				duplicated += len(r.Duplicated)
				orphaned += len(r.Orphaned)
				manual += len(r.Manual)
				applies += r.Applies
				if r.Hang {
					hangs++
				}
				good = good && r.good()
			}
			fmt.Fprintf(out, "| %-5s | %-7s | %4d | %6d | %4d | %10d | %8d | %5d | %20d | %7d |\n",
				kind, phase, n, faults, lost, duplicated, orphaned, hangs, manual, applies)
		}
	}
	return good
}
