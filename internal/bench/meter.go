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
	"strings"
	"syscall"
	"time"
)

const meterCommand = "meter"

// usage is the CPU time and memory of processes.
type usage struct {
	CPU  time.Duration `json:"cpu"`  // user and system, of all together
	Peak int64         `json:"peak"` // bytes of memory, of the largest
}

func (u usage) plus(v usage) usage { return usage{u.CPU + v.CPU, max(u.Peak, v.Peak)} }

// usageOf returns the usage of a process that has ended, as the system reports it for a child.
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

// meter runs a program and then writes its usage to a file: meter DIRECTORY PROGRAM ARGUMENTS...
//
// The CLI starts this instead of the provider.
func meter(args []string) (code int, err error) {
	if len(args) < 2 {
		return 0, errors.New("usage: meter DIRECTORY PROGRAM [ARGUMENT ...]")
	}
	// If the file stays empty, this process was killed before the program ended.
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
	peak := watchPeak(cmd.Process.Pid)
	_ = cmd.Wait() // the exit code is passed on
	u := usageOf(cmd.ProcessState)
	if measured := peak(); measured > 0 {
		u.Peak = measured
	}
	if err := json.NewEncoder(note).Encode(u); err != nil {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}

// peakOf reads the peak memory of a running process from /proc; 0 if the system has none.
//
// The peak that the system reports for a child that has ended includes the peak of its parent at the time of
// the start, so it is of no use for processes that are smaller than this program.
func peakOf(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			if err == nil {
				return kilobytes * 1024
			}
		}
	}
	return 0
}

// watchPeak reads the peak memory of a process until stop is called, which returns the last value.
func watchPeak(pid int) (stop func() int64) {
	end, last := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		var peak int64
		for {
			peak = max(peak, peakOf(pid))
			select {
			case <-tick.C:
			case <-end:
				last <- peak
				return
			}
		}
	}()
	return func() int64 {
		close(end)
		return <-last
	}
}

// metered returns the sum of what the programs have used that ran under meter since the last call.
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
			return sum, fmt.Errorf("a provider was killed before it was measured: %w", err)
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
