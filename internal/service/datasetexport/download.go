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
	"strings"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// downloadTries is how often a download is started if the connection breaks or the archive does not
// have the size that the API returns.
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

// localError is an error of the local file, which downloading again would not fix.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }
func (e *localError) Unwrap() error { return e.err }

// errOtherFile is returned instead of overwriting a file.
var errOtherFile = errors.New("a file exists that this resource has not written")

// download saves an export's archive under a name and returns its SHA-256. The file appears under the
// name only after it is complete and checked; an existing file stays until then.
func (j *job) download(ctx context.Context, export *clarifai.DatasetVersionExport, to string) (digest string, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return "", &localError{err}
	}
	if err := replaceable(to); err != nil {
		return "", &localError{err}
	}
	removePartial(filepath.Dir(to), filepath.Base(to))
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
		j.progress("The download failed and starts again: %v", err)
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
	if _, statErr := os.Lstat(to); statErr == nil && !j.mayReplace && digestOf(to) != digest {
		err = errOtherFile
		return "", err
	}
	if err = os.Rename(file.Name(), to); err != nil {
		return "", &localError{err}
	}
	return digest, nil
}

// removePartial removes the temporary files of downloads that were killed.
func removePartial(dir, base string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // creating the temporary file reports it
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, "."+base+".") && strings.HasSuffix(name, ".part") && entry.Type().IsRegular() {
			_ = os.Remove(filepath.Join(dir, name))
		}
	}
}

// replaceable returns an error if the name belongs to something other than a regular file.
func replaceable(name string) error {
	// Other errors show when the file is written.
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return errors.New("it is a directory; name a file in it")
	} else if err == nil && !info.Mode().IsRegular() {
		return errors.New("it exists and is not a regular file")
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

// sink records an error of writing, to tell it from one of reading.
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
		return fmt.Errorf("the download is not a complete ZIP archive: %w", err)
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

// digestOf returns the SHA-256 of a file; "" if it cannot be read or is not a regular file, which might
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

// notSaved returns the diagnostic for a file that was not saved.
func (j *job) notSaved(err error, to string, size clarifai.Uint64) diag.Diagnostic {
	summary := "Unable to save the " + j.String()
	const kept = "Clarifai keeps the export, and the incomplete file is removed. The next apply downloads it; nothing is exported again."
	var local *localError
	var reason string
	switch {
	case errors.Is(err, errOtherFile):
		return diag.NewAttributeErrorDiagnostic(path.Root("download_to"), summary, fmt.Sprintf(
			"A file %q exists that this resource has not written, and it differs from the archive. It stays as it is. Delete or move it, or "+
				"choose another path, and apply again: Clarifai keeps the export, so nothing is exported again.\n\nIf an apply that was "+
				"replacing an export has been killed, the file may be that of the old export. With `delete_file_on_destroy = true`, the "+
				"file is deleted together with the export.", to))
	case errors.Is(err, syscall.ENOSPC):
		reason = fmt.Sprintf("The disk that holds %q is full: the archive needs %d bytes there, in addition to a file that it replaces. Free "+
			"some space, or choose another path.", to, size)
	case errors.Is(err, fs.ErrPermission):
		reason = fmt.Sprintf("No permission to write %q: %v.", to, err)
	case errors.As(err, &local):
		reason = fmt.Sprintf("%q cannot be written: %v.", to, err)
	default:
		return diag.NewAttributeErrorDiagnostic(path.Root("download_to"), summary, diags.Detail(err)+"\n\n"+kept)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("download_to"), summary, reason+"\n\n"+kept)
}
