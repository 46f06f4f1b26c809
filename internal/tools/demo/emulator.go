package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// The user and the app that exist in the emulator from the start.
const (
	userID = "demo"
	appID  = "quickstart"
)

// An emulator is the running emulator process.
type emulator struct {
	url string
	pat string
	cmd *exec.Cmd
}

// startEmulator starts the emulator on a free port and waits until it listens. Jobs take 300 ms,
// so that the provider has to wait for them.
func startEmulator(ctx context.Context, binary string) (*emulator, error) {
	e := &emulator{pat: rand.Text()}
	// Not bound to the context: it must outlive an interrupted apply. stop ends it.
	e.cmd = exec.Command(binary, "emulator", "-listen", "127.0.0.1:0",
		"-pat", e.pat, "-user", userID, "-app", appID, "-async", "300ms")
	e.cmd.Env = cleanEnvironment()
	e.cmd.Stderr = os.Stderr
	// In a process group of its own, so that Ctrl-C reaches the CLI first.
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := e.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		return nil, errors.Join(fmt.Errorf("the emulator did not print its address, but %q", line), e.stop())
	}
	e.url = url
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return e, ctx.Err()
}

// stop ends the emulator, which must end cleanly on SIGTERM.
func (e *emulator) stop() error {
	if err := e.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping the emulator: %w", err)
	}
	kill := time.AfterFunc(10*time.Second, func() { _ = e.cmd.Process.Kill() })
	defer kill.Stop()
	if err := e.cmd.Wait(); err != nil {
		return fmt.Errorf("the emulator did not end cleanly: %w", err)
	}
	return nil
}

// takeRequests counts the requests by operation and clears the record.
func (e *emulator) takeRequests(ctx context.Context) (counts map[string]int, total int, err error) {
	var response struct {
		Calls []struct {
			Op string `json:"op"`
		} `json:"calls"`
	}
	if err := e.admin(ctx, http.MethodGet, &response); err != nil {
		return nil, 0, err
	}
	counts = map[string]int{}
	for _, call := range response.Calls {
		counts[call.Op]++
	}
	return counts, len(response.Calls), e.admin(ctx, http.MethodDelete, nil)
}

// admin reads or clears the record of requests.
func (e *emulator) admin(ctx context.Context, method string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, e.url+"/__emulator/calls", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("reading the record of requests: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("reading the record of requests: " + response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
