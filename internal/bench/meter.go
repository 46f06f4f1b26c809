package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

const meterCommand = "meter"

// usage is what processes took of the machine.
type usage struct {
	CPU  time.Duration `json:"cpu"`  // user and system, of all together
	Peak int64         `json:"peak"` // bytes of memory, of the largest
}

func (u usage) plus(v usage) usage { return usage{u.CPU + v.CPU, max(u.Peak, v.Peak)} }

// usageOf is what a process that has ended took.
func usageOf(state *os.ProcessState) usage {
	u := usage{CPU: state.UserTime() + state.SystemTime()}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		u.Peak = r.Maxrss
		if runtime.GOOS != "darwin" {
			u.Peak *= 1024
		}
	}
	return u
}

// meter runs a program in place of itself and then writes down what it took:
// meter DIRECTORY PROGRAM ARGUMENTS...
//
// The CLI starts this instead of the provider. It is a process of its own because
// the system counts as a child's memory also what its parent had when it was started,
// which is little here and a lot in the bench.
func meter(args []string) (code int, err error) {
	if len(args) < 2 {
		return 0, errors.New("usage: meter DIRECTORY PROGRAM ARGUMENTS...")
	}
	// What is left empty tells that this was killed before the program ended.
	note, err := os.Create(filepath.Join(args[0], strconv.Itoa(os.Getpid())))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, note.Close()) }()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	cmd := exec.Command(args[1], args[2:]...) //nolint:noctx // signals end it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s)
		}
	}()
	_ = cmd.Wait() // its exit code says how it ended
	if err := json.NewEncoder(note).Encode(usageOf(cmd.ProcessState)); err != nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

// metered sums up what the programs took that ran under meter since the last time, and how many there were.
func metered(dir string) (usage, error) {
	var sum usage
	entries, err := os.ReadDir(dir)
	if err != nil {
		return sum, err
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		content, err := os.ReadFile(path)
		if err != nil {
			return sum, err
		}
		var u usage
		if err := json.Unmarshal(content, &u); err != nil {
			return sum, fmt.Errorf("a provider was killed before it could be measured: %w", err)
		}
		sum = sum.plus(u)
		if err := os.Remove(path); err != nil {
			return sum, err
		}
	}
	if len(entries) == 0 {
		return sum, errors.New("the CLI started no provider that was measured")
	}
	return sum, nil
}
