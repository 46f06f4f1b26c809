//go:build unix

package acctest

import (
	"syscall"
	"testing"
)

// CutOff starts an apply and sends it a signal when the channel closes ([Env.Reached], [When]).
// A SIGKILL also ends the provider, as a power failure would. An interrupt is only sent to the CLI, which forwards
// it. CutOff returns the output and the exit code.
func (w *Workspace) CutOff(t *testing.T, when <-chan struct{}, signal syscall.Signal) (output string, code int) {
	t.Helper()
	var printed Output
	apply := w.Command(t.Context(), &printed, "apply", "-no-color", "-auto-approve")
	apply.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // includes the provider
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = apply.Wait() // the exit code is checked by the test
		close(ended)
	}()
	select {
	case <-when:
	case <-ended:
		t.Fatalf("the apply ended before the signal:\n%s", printed.String())
	}
	target := apply.Process.Pid
	if signal == syscall.SIGKILL {
		target = -target
	}
	if err := syscall.Kill(target, signal); err != nil {
		t.Fatal(err)
	}
	<-ended
	return printed.String(), apply.ProcessState.ExitCode()
}
