package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const startCommand = "start"

// startCost is what it takes until a provider has said what its schemas are.
type startCost struct {
	Wall time.Duration `json:"wall"`
	usage
}

// Row 7: from starting the provider to its schemas.
func (b *bench) starts(ctx context.Context) error {
	programs := []string{b.provider}
	if b.peers.random != "" {
		programs = append(programs, b.peers.random)
	}
	// In a process of its own, as meter is and for its reason.
	cmd := exec.CommandContext(ctx, b.self, append([]string{startCommand, strconv.Itoa(b.options.starts)}, programs...)...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
		return err
	}
	var measured [][]startCost
	if err := json.Unmarshal(out, &measured); err != nil {
		return err
	}
	middles := make([]startCost, len(measured))
	for i, runs := range measured {
		middles[i] = startCost{
			Wall: middle(runs, func(c startCost) time.Duration { return c.Wall }),
			usage: usage{
				CPU:  middle(runs, func(c startCost) time.Duration { return c.CPU }),
				Peak: middle(runs, func(c startCost) int64 { return c.Peak }),
			},
		}
	}
	const work = "start to schema answered"
	ours := middles[0]
	if len(middles) == 1 {
		b.table.line("7", work, cost{wall: ours.Wall, provider: ours.usage}, 0)
		return nil
	}
	random := middles[1]
	b.table.line("7", "peer: "+work+", hashicorp/random", cost{wall: random.Wall, provider: random.usage}, 0)
	b.table.line("7", work, cost{wall: ours.Wall, provider: ours.usage}, random.Wall)
	b.table.goal("7", work, "wall against hashicorp/random", ratio(ours.Wall, random.Wall), 1.5, times)
	b.table.goal("7", work, "memory against hashicorp/random", float64(ours.Peak)/float64(random.Peak), 1.5, times)
	return nil
}

// middle is the median of one figure.
func middle[T ~int64](runs []startCost, figure func(startCost) T) T {
	figures := make([]T, len(runs))
	for i, r := range runs {
		figures[i] = figure(r)
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// measureStarts starts programs in turn, several times, and writes what each took as JSON:
// start TIMES PROGRAM...
func measureStarts(args []string, out io.Writer) error {
	if len(args) < 2 {
		return errors.New("usage: start TIMES PROGRAM...")
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number of times", args[0])
	}
	programs := args[1:]
	measured := make([][]startCost, len(programs))
	for range n {
		for i, program := range programs {
			c, err := measureStart(context.Background(), program)
			if err != nil {
				return fmt.Errorf("%s: %w", program, err)
			}
			measured[i] = append(measured[i], c)
		}
	}
	return json.NewEncoder(out).Encode(measured)
}

// measureStart starts a provider as a CLI does and asks for its schemas.
func measureStart(ctx context.Context, program string) (startCost, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(cleanEnvironment(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=5,6",
	)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return startCost{}, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return startCost{}, err
	}
	err = askForSchema(ctx, stdout)
	c := startCost{Wall: time.Since(start)}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	c.usage = usageOf(cmd.ProcessState)
	return c, err
}

// askForSchema reads where a provider listens and has it answer with its schemas.
func askForSchema(ctx context.Context, stdout io.Reader) error {
	hello, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return fmt.Errorf("it did not say where it listens: %w", err)
	}
	words := strings.Split(strings.TrimSpace(hello), "|") // 1|6|unix|/tmp/plugin123|grpc|
	if len(words) < 5 {
		return fmt.Errorf("it said %q", hello)
	}
	method := "/tfplugin6.Provider/GetProviderSchema"
	if words[1] == "5" {
		method = "/tfplugin5.Provider/GetSchema"
	}
	target := "unix:" + words[3]
	if words[2] == "tcp" {
		target = words[3]
	}
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	var answer []byte
	err = connection.Invoke(ctx, method, []byte{}, &answer, grpc.ForceCodec(verbatim{}), grpc.MaxCallRecvMsgSize(256<<20))
	if err == nil && len(answer) == 0 {
		err = errors.New("its schema is empty")
	}
	return err
}

// verbatim is a codec that leaves messages as they are on the wire.
type verbatim struct{}

// Name is that of the codec that messages are meant for.
func (verbatim) Name() string { return "proto" }

// Marshal takes bytes.
func (verbatim) Marshal(v any) ([]byte, error) {
	b, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("cannot send a %T", v)
	}
	return b, nil
}

// Unmarshal gives bytes.
func (verbatim) Unmarshal(data []byte, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("cannot receive into a %T", v)
	}
	*b = slices.Clone(data)
	return nil
}
