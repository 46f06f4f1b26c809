package datasetexport

import (
	"os"
	"syscall"
	"testing"
)

// PlainURL is an address as it is kept in state.
func PlainURL(address string) string { return plainURL(address).ValueString() }

// FillDisk makes the disk full after so many bytes of a file, until the test ends or free is called.
// Not for tests that run beside others.
func FillDisk(t *testing.T, after int) (free func()) {
	usual := createPartial
	free = func() { createPartial = usual }
	t.Cleanup(free)
	createPartial = func(dir, pattern string) (partial, error) {
		file, err := os.CreateTemp(dir, pattern)
		return &fullDisk{file, after}, err
	}
	return free
}

type fullDisk struct {
	*os.File
	left int
}

func (f *fullDisk) Write(p []byte) (int, error) {
	n, err := f.File.Write(p[:min(f.left, len(p))])
	f.left -= n
	if err == nil && n < len(p) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}
