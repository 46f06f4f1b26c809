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

// The owner and the app that the emulator has from the start.
const (
	userID = "demo"
	appID  = "quickstart"
)

// An emulator is the running stand-in of the service.
type emulator struct {
	url string
	pat string
	cmd *exec.Cmd
}

// startEmulator starts the emulator on a free port and waits until it listens. Jobs take 300 ms,
// so that the provider has something to wait for.
func startEmulator(ctx context.Context, binary string) (*emulator, error) {
	e := &emulator{pat: rand.Text()}
	// Not bound to the context: it has to outlive an interrupted apply, and stop ends it.
	e.cmd = exec.Command(binary, "emulator", "-listen", "127.0.0.1:0",
		"-pat", e.pat, "-user", userID, "-app", appID, "-async", "300ms")
	e.cmd.Env = cleanEnvironment()
	e.cmd.Stderr = os.Stderr
	// Of its own process group, so that Ctrl-C reaches the CLI first.
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
		return nil, errors.Join(fmt.Errorf("the emulator did not say where it listens, but %q", line), e.stop())
	}
	e.url = url
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return e, ctx.Err()
}

// stop ends the emulator, which must take the signal as a wish to end cleanly.
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

// takeCalls returns which operations were called how often since the last time it was asked.
func (e *emulator) takeCalls(ctx context.Context) (counts map[string]int, total int, err error) {
	var answer struct {
		Calls []struct {
			Op string `json:"op"`
		} `json:"calls"`
	}
	if err := e.admin(ctx, http.MethodGet, &answer); err != nil {
		return nil, 0, err
	}
	counts = map[string]int{}
	for _, call := range answer.Calls {
		counts[call.Op]++
	}
	return counts, len(answer.Calls), e.admin(ctx, http.MethodDelete, nil)
}

// admin asks the emulator about the calls it answered.
func (e *emulator) admin(ctx context.Context, method string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, e.url+"/__emulator/calls", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking the emulator for its calls: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New("asking the emulator for its calls: " + response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
