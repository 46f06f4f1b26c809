//go:build unix

package acctest

import (
	"syscall"
	"testing"
)

// CutOff starts an apply and sends it a signal when the channel closes. A SIGKILL hits the
// provider too; an interrupt goes to the CLI alone, which passes it on. It returns what
// was printed.
func (w *Workspace) CutOff(t *testing.T, when <-chan struct{}, signal syscall.Signal) string {
	t.Helper()
	var output Output
	apply := w.Command(t.Context(), &output, "apply", "-auto-approve")
	apply.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider is of the same group
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = apply.Wait() // how it ended is what the test is about
		close(ended)
	}()
	select {
	case <-when:
	case <-ended:
		t.Fatalf("it ended before it could be cut off:\n%s", output.String())
	}
	target := apply.Process.Pid
	if signal == syscall.SIGKILL {
		target = -target
	}
	if err := syscall.Kill(target, signal); err != nil {
		t.Fatal(err)
	}
	<-ended
	return output.String()
}
