// Command bench measures the provider on the emulator, next to the lowest possible cost of
// the same work, and prints a table of targets and results.
//
//	make bench                                  all rows, some minutes on two cores
//	make bench ROWS=1,2
//	go run ./internal/bench -rows 1,2 -inputs 1000
//	go run ./internal/bench -rows plot -plot docs/images/inputs-cost.svg
//
// The CLI (TF_ACC_TERRAFORM_PATH, or the newest Terraform, or the one in PATH) runs the provider binary
// against an emulator in this process, with 50 ms for each request. Requests are counted where they arrive.
// Time and memory of the provider are those of all processes that the CLI starts for one command: CPU is
// their sum, memory the largest peak. On Linux the peak is VmHWM of the process itself; elsewhere it is what
// the system reports for a child, which includes the peak of this program.
//
// Floors are measured in the same run: a loop in Go that sends the fewest possible requests, pages in
// parallel, or the CLI with the same configuration and a provider that does nothing. Ratios can be compared
// between machines, times cannot. On a busy machine only requests and CPU are reliable. Terraform writes the
// whole state after each instance: TMPDIR=/dev/shm takes the speed of the disk out of row 4.
//
// If a row fails, the table of the rows before it is still printed.
//
// # Peers
//
// Other providers are measured in the same run if the environment names their binaries. PEER_RESTAPI is
// the generic REST provider Mastercard/restapi v3, PEER_RANDOM is hashicorp/random v3. Build both from
// checkouts of their repositories:
//
//	go build -C .../terraform-provider-restapi -o "$PWD/bin/peers/terraform-provider-restapi" .   # tag v3.0.0
//	go build -C .../terraform-provider-random -o "$PWD/bin/peers/terraform-provider-random" .     # tag v3.9.0
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

// options select the rows and their sizes.
type options struct {
	rows          string
	inputs        int
	many          int
	instances     int
	relations     int
	million       int
	versions      int
	annotated     int
	boxes         int
	manyAnnotated int
	manyBoxes     int
	build         time.Duration
	latency       time.Duration
	processing    time.Duration
	starts        int
	plot          string
	sizes         string
	keep          bool
	fewer         bool // row 4 has each pacing and each argument, but not all combinations
}

func main() {
	if ran, code := subcommand(os.Args[1:]); ran {
		os.Exit(code)
	}
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.StringVar(&o.rows, "rows", defaultRows, "rows to measure: "+rowNames())
	flags.IntVar(&o.inputs, "inputs", 10_000, "inputs of rows 1 and 2")
	flags.IntVar(&o.many, "many", 100_000, "inputs of row 3")
	flags.IntVar(&o.instances, "instances", 1000, "inputs of row 4")
	flags.IntVar(&o.relations, "relations", 1000, "relations of row 5")
	flags.IntVar(&o.million, "million", 1_000_000, "inputs of row million")
	flags.IntVar(&o.versions, "versions", 100, "dataset versions of row 6")
	flags.IntVar(&o.annotated, "annotated", 10_000, "inputs of row 9")
	flags.IntVar(&o.boxes, "boxes", 70_000, "boxes of row 9")
	flags.IntVar(&o.manyAnnotated, "many-annotated", 100_000, "inputs of row boxes")
	flags.IntVar(&o.manyBoxes, "many-boxes", 1_000_000, "boxes of row boxes")
	flags.DurationVar(&o.build, "build", 20*time.Second, "how long the emulator takes to build a dataset version in row 6")
	flags.DurationVar(&o.latency, "latency", 50*time.Millisecond, "what the emulator adds to each request")
	flags.DurationVar(&o.processing, "processing", 2*time.Second, "how long the emulator takes to process inputs")
	flags.IntVar(&o.starts, "starts", 7, "number of plans in row 7, of which it takes the median")
	flags.StringVar(&o.plot, "plot", "", "write an SVG of cost against size to this file")
	flags.StringVar(&o.sizes, "sizes", "100,1000,10000,100000", "sizes of -plot")
	flags.BoolVar(&o.keep, "keep", false, "keep the workspaces and print their directory")
	_ = flags.Parse(os.Args[1:]) // it exits

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// subcommand runs the helper processes that the benchmark starts.
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
	default:
		return false, 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench "+args[0]+":", err)
		code = 1
	}
	return true, code
}

// defaultRows are measured without -rows. The rows million and boxes take minutes and gigabytes.
const defaultRows = "1,2,3,4,5,6,7,8,9"

// row is a part of the table.
type row struct {
	name, about string
	run         func(*bench, context.Context) error
}

var allRows = []row{
	{"1", "create inputs from a manifest", (*bench).bulkCreate},
	{"2", "plan without changes", (*bench).bulkPlan},
	{"3", "very many inputs", (*bench).bulkMany},
	{"4", "inputs by for_each", (*bench).singles},
	{"5", "concept relations", (*bench).relations},
	{"6", "waiting for dataset versions", (*bench).versions},
	{"7", "plan of one object against hashicorp/random", (*bench).small},
	{"8", "one label changed in very many inputs", (*bench).oneChange},
	{"9", "inputs with boxes", (*bench).boxes},
	{"million", "a million inputs", (*bench).aMillion},
	{"boxes", "a million boxes", (*bench).manyBoxes},
}

// rowNames lists the rows for the usage text.
func rowNames() string {
	names := make([]string, 0, len(allRows)+1)
	for _, row := range allRows {
		names = append(names, row.name+" "+row.about)
	}
	return strings.Join(append(names, "plot: only what -plot needs"), ", ")
}

func run(ctx context.Context, o options, out io.Writer) error {
	b, err := prepare(ctx, o, out)
	if err != nil {
		return err
	}
	defer b.close()
	return b.report(ctx, allRows)
}

// report measures the wanted ones of the rows and prints the table. What has been measured is printed even if a later
// row fails.
func (b *bench) report(ctx context.Context, rows []row) error {
	b.table.load = []string{loadAverage()}
	err := b.measure(ctx, rows)
	b.table.load = append(b.table.load, loadAverage())
	b.table.print(b.out)
	return err
}

// measure runs the wanted ones of the rows.
func (b *bench) measure(ctx context.Context, rows []row) error {
	wanted := strings.Split(b.rows, ",")
	for _, row := range rows {
		if !slices.Contains(wanted, row.name) {
			continue
		}
		b.say("row %s: %s", row.name, row.about)
		if err := row.run(b, ctx); err != nil {
			return fmt.Errorf("row %s: %w", row.name, err)
		}
	}
	if b.options.plot != "" {
		if err := b.plot(ctx); err != nil {
			return fmt.Errorf("plot: %w", err)
		}
	}
	return nil
}

// bench is one run.
type bench struct {
	options
	cli      cli
	provider string // our binary
	self     string // the binary of this program
	dir      string
	peers    struct{ restapi, random string }
	out      io.Writer
	began    time.Time

	bulk  map[bulkRun]*bulkResult // bulk runs, which several rows use
	table table
}

func newBench(o options, out io.Writer) *bench {
	return &bench{options: o, out: out, began: time.Now(), bulk: map[bulkRun]*bulkResult{}}
}

func prepare(ctx context.Context, o options, out io.Writer) (*bench, error) {
	b := newBench(o, out)
	root, err := repository(ctx)
	if err != nil {
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
	if err := build(ctx, root, b.dir, ".", "./internal/bench"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.dir))
	}
	b.provider, b.self = filepath.Join(b.dir, "terraform-provider-clarifai"), filepath.Join(b.dir, "bench")
	b.table.about = fmt.Sprintf("%s, emulator with %s per request", b.cli.name, o.latency)
	return b, nil
}

func (b *bench) close() {
	if b.keep {
		b.say("workspaces are in %s", b.dir)
		return
	}
	_ = os.RemoveAll(b.dir)
}

// say prints progress.
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
