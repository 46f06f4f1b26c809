package datasetexport

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// downloadTries is how often a download is begun anew when the connection breaks or the archive is
// not what the service said it would be.
const downloadTries = 3

// partial is a file that is being written.
type partial interface {
	io.WriteSeeker
	Truncate(size int64) error
	Sync() error
	Close() error
	Name() string
}

// createPartial makes a new file in a directory; tests have disks that are full.
var createPartial = func(dir, pattern string) (partial, error) { return os.CreateTemp(dir, pattern) }

// localError is trouble with the local file, which downloading again would not mend.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }
func (e *localError) Unwrap() error { return e.err }

// download saves an export's archive under a name and returns its SHA-256. The file appears there
// only once it is whole and checked; whatever was there before stays until then.
func (j *job) download(ctx context.Context, export *clarifai.DatasetVersionExport, to string) (digest string, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return "", &localError{err}
	}
	if err := replaceable(to); err != nil {
		return "", &localError{err}
	}
	file, err := createPartial(filepath.Dir(to), "."+filepath.Base(to)+".*.part")
	if err != nil {
		return "", &localError{err}
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	for try := 1; ; try++ {
		digest, err = j.fetch(ctx, export, file)
		var local *localError
		if err == nil || errors.As(err, &local) || ctx.Err() != nil || try >= downloadTries {
			break
		}
		j.progress("The download failed and begins anew: %v", err)
	}
	if err != nil {
		return "", err
	}
	if err = errors.Join(file.Sync(), file.Close()); err != nil {
		return "", &localError{err}
	}
	if err = checkArchive(ctx, file.Name()); err != nil {
		return "", err
	}
	if err = os.Rename(file.Name(), to); err != nil {
		return "", &localError{err}
	}
	return digest, nil
}

// replaceable says why a name cannot be that of the archive: a folder, a device and the like stand
// there and must not give way to it.
func replaceable(name string) error {
	// What cannot be looked at shows when it is written.
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return errors.New("it is a directory; name a file in it")
	} else if err == nil && !info.Mode().IsRegular() {
		return errors.New("something that is no regular file stands there")
	}
	return nil
}

// fetch writes the archive to the file, from its beginning.
func (j *job) fetch(ctx context.Context, export *clarifai.DatasetVersionExport, file partial) (string, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", &localError{err}
	}
	if err := file.Truncate(0); err != nil {
		return "", &localError{err}
	}
	digest := sha256.New()
	sink := &sink{to: io.MultiWriter(file, digest)}
	n, err := j.client.Download(ctx, export.URL, sink)
	switch {
	case sink.err != nil:
		return "", &localError{sink.err}
	case err != nil:
		return "", err
	case export.Size != 0 && uint64(n) != uint64(export.Size): //nolint:gosec // what was written is never negative
		return "", fmt.Errorf("the archive has %d bytes, but the service says it has %d", n, export.Size)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}

// sink remembers an error of writing, to tell it from one of reading.
type sink struct {
	to  io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// checkArchive reads the whole archive, whose entries carry check sums.
func checkArchive(ctx context.Context, name string) (err error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return fmt.Errorf("what was downloaded is not a whole ZIP archive: %w", err)
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	for _, entry := range archive.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := checkEntry(entry); err != nil {
			return fmt.Errorf("entry %q of the archive is damaged: %w", entry.Name, err)
		}
	}
	return nil
}

func checkEntry(entry *zip.File) (err error) {
	content, err := entry.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	_, err = io.Copy(io.Discard, content) //nolint:gosec // nothing is kept of what it unpacks to
	return err
}

// digestOf is the SHA-256 of a file; "" when it cannot be read or is no regular file, which might
// never end.
func digestOf(name string) string {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	file, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return ""
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// notSaved says why there is no file, and what to do.
func (j *job) notSaved(err error, to string, size clarifai.Uint64) diag.Diagnostic {
	summary := "Unable to save the " + j.String()
	const kept = "The export itself is kept at the service, and what was written of the file is removed. Apply again to download it; nothing is exported anew."
	var local *localError
	var reason string
	switch {
	case errors.Is(err, syscall.ENOSPC):
		reason = fmt.Sprintf("The disk that holds %q is full: the archive needs %d bytes there, beside any file it replaces. Free some space, or choose another place.", to, size)
	case errors.Is(err, fs.ErrPermission):
		reason = fmt.Sprintf("%q may not be written: %v.", to, err)
	case errors.As(err, &local):
		reason = fmt.Sprintf("%q cannot be written: %v.", to, err)
	default:
		return diag.NewAttributeErrorDiagnostic(path.Root("download_to"), summary, diags.Detail(err)+"\n\n"+kept)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("download_to"), summary, reason+"\n\n"+kept)
}
