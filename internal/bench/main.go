// Command bench measures the provider on the emulator, beside the least that
// the same work can cost, and prints a table of what was to be reached and what was.
//
//	make bench                                  all rows, some minutes on two cores
//	go run ./internal/bench -rows 1,2 -inputs 1000
//	go run ./internal/bench -rows plot -plot docs/images/inputs-cost.svg
//
// The real CLI (TF_ACC_TERRAFORM_PATH, or the newest Terraform, which is built when
// the cache lacks it, or what PATH has) drives the real provider binary against an
// emulator in this process, every call of which takes 50 ms. Calls are counted where
// they arrive. Time and memory of the provider are those of all of the processes that
// the CLI starts for one command, as the operating system accounts for them: CPU is
// their sum, memory the largest.
//
// Floors are measured in the same run: a loop in Go that makes the fewest possible
// calls, or the CLI with the same configuration and a provider that does nothing.
// So ratios can be compared between machines, and times cannot. On a busy machine
// calls and CPU are what to look at. Terraform writes the whole state after each
// instance: TMPDIR=/dev/shm takes the speed of the disk out of row 4.
//
// # Peers
//
// Other providers are measured in the same run when the environment names their
// binaries. PEER_RESTAPI is the generic REST provider, which manages inputs one
// object at a time as far as it can; PEER_RANDOM is hashicorp/random, for the start.
// To make them:
//
//	dir=$(go mod download -json github.com/Mastercard/terraform-provider-restapi@v1.20.0 |
//		sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
//	go build -C "$dir" -o "$PWD/bin/peers/terraform-provider-restapi" .
//	go build -C .../terraform-provider-random -o "$PWD/bin/peers/terraform-provider-random" .   # a checkout
//
//	make bench PEER_RESTAPI=bin/peers/terraform-provider-restapi PEER_RANDOM=bin/peers/terraform-provider-random
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are what to measure, and how much of it.
type options struct {
	rows      string
	inputs    int
	many      int
	instances int
	relations int
	versions  int
	build     time.Duration
	latency   time.Duration
	starts    int
	plot      string
	sizes     string
	keep      bool
}

func main() {
	if ran, code := subcommand(os.Args[1:]); ran {
		os.Exit(code)
	}
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.StringVar(&o.rows, "rows", "1,2,3,4,5,6,7", "which rows: 1 create inputs in bulk, 2 plan without changes, 3 very many inputs, 4 inputs by for_each, 5 concept relations, 6 waiting for dataset versions, 7 start; plot: only what -plot needs")
	flags.IntVar(&o.inputs, "inputs", 10_000, "inputs of rows 1 and 2")
	flags.IntVar(&o.many, "many", 100_000, "inputs of row 3")
	flags.IntVar(&o.instances, "instances", 1000, "inputs of row 4")
	flags.IntVar(&o.relations, "relations", 1000, "relations of row 5")
	flags.IntVar(&o.versions, "versions", 100, "dataset versions of row 6")
	flags.DurationVar(&o.build, "build", 20*time.Second, "how long the emulator builds a dataset version in row 6")
	flags.DurationVar(&o.latency, "latency", 50*time.Millisecond, "what the emulator adds to each call")
	flags.IntVar(&o.starts, "starts", 7, "how many starts row 7 takes the middle of")
	flags.StringVar(&o.plot, "plot", "", "write an SVG of cost against size to this file")
	flags.StringVar(&o.sizes, "sizes", "100,1000,10000,100000", "sizes that -plot shows")
	flags.BoolVar(&o.keep, "keep", false, "keep the workspaces, and say where they are")
	_ = flags.Parse(os.Args[1:]) // it exits

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// subcommand runs what the bench starts itself as, besides being the bench.
func subcommand(args []string) (ran bool, code int) {
	if len(args) == 0 {
		return false, 0
	}
	var err error
	switch args[0] {
	case meterCommand:
		code, err = meter(args[1:])
	case idleCommand:
		err = serveIdle()
	case startCommand:
		err = measureStarts(args[1:], os.Stdout)
	default:
		return false, 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench "+args[0]+":", err)
		code = 1
	}
	return true, code
}

// rows are the parts of the table, by the name that -rows takes.
var rows = []struct {
	name string
	run  func(*bench, context.Context) error
}{
	{"1", (*bench).bulkCreate},
	{"2", (*bench).bulkPlan},
	{"3", (*bench).bulkMany},
	{"4", (*bench).singles},
	{"5", (*bench).relations},
	{"6", (*bench).versions},
	{"7", (*bench).starts},
}

func run(ctx context.Context, o options, out io.Writer) error {
	wanted := strings.Split(o.rows, ",")
	b, err := prepare(ctx, o, out)
	if err != nil {
		return err
	}
	defer b.close()
	for _, row := range rows {
		if !slices.Contains(wanted, row.name) {
			continue
		}
		b.say("row %s", row.name)
		if err := row.run(b, ctx); err != nil {
			return fmt.Errorf("row %s: %w", row.name, err)
		}
	}
	if o.plot != "" {
		if err := b.plot(ctx); err != nil {
			return fmt.Errorf("plot: %w", err)
		}
	}
	b.table.load = append(b.table.load, loadAverage())
	b.table.print(out)
	return nil
}

// bench is one run.
type bench struct {
	options
	cli      cli
	provider string // our binary
	self     string // this program
	dir      string
	peers    struct{ restapi, random string }
	out      io.Writer
	began    time.Time

	bulk  map[bulkRun]*bulkResult // bulk runs, which several rows look at
	table table
}

func prepare(ctx context.Context, o options, out io.Writer) (*bench, error) {
	b := &bench{options: o, out: out, began: time.Now(), bulk: map[bulkRun]*bulkResult{}}
	root, err := repository(ctx)
	if err != nil {
		return nil, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	for variable, peer := range map[string]*string{"PEER_RESTAPI": &b.peers.restapi, "PEER_RANDOM": &b.peers.random} {
		if *peer, err = peerBinary(variable); err != nil {
			return nil, err
		}
	}
	if b.cli, err = findCLI(ctx, root); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp("", "clarifai-bench"); err != nil {
		return nil, err
	}
	b.say("building the provider")
	if b.provider, err = buildProvider(ctx, root, b.dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.dir))
	}
	b.table.about = fmt.Sprintf("%s, emulator with %s a call", b.cli.name, o.latency)
	b.table.load = []string{loadAverage()}
	return b, nil
}

func (b *bench) close() {
	if b.keep {
		b.say("workspaces are in %s", b.dir)
		return
	}
	_ = os.RemoveAll(b.dir)
}

// say tells whoever watches what goes on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.out, "[%4.0f s] %s\n", time.Since(b.began).Seconds(), fmt.Sprintf(format, args...))
}

// peerBinary is the program that a variable names, or "".
func peerBinary(variable string) (string, error) {
	path := os.Getenv(variable)
	if path == "" {
		return "", nil
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return "", fmt.Errorf("%s: %s is not a program", variable, path)
	}
	return path, nil
}
