// Package content reads what is uploaded: an archive, or a folder as the archive made of it. It knows
// neither Terraform nor the API.
package content

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
)

// Source is the content to upload. It can be read at any offset and repeatedly, so it is never held in
// memory.
type Source interface {
	io.ReaderAt
	io.Closer
	// Name is the name of the archive. The service tells the format by its extension.
	Name() string
	// Size is the length in bytes.
	Size() int64
	// Unchanged returns an error if size or modification time differ from when it was opened.
	Unchanged() error
}

// archiveEndings are the file name extensions that the service accepts for archives.
var archiveEndings = []string{".zip", ".tar", ".tar.gz", ".tgz"}

// IsArchiveName reports whether a file name has the extension of an archive.
func IsArchiveName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(archiveEndings, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// Digest returns the SHA-256 of a source in hex.
func Digest(ctx context.Context, s Source) (string, error) {
	hash := sha256.New()
	buffer := make([]byte, 1<<20)
	content := io.NewSectionReader(s, 0, s.Size())
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := content.Read(buffer)
		hash.Write(buffer[:n])
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// stamp holds the file attributes by which a change is detected without reading the content.
type stamp struct {
	size     int64
	modified time.Time
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// archiveFile is an existing archive file.
type archiveFile struct {
	*os.File
	opened stamp
}

// OpenArchive opens an archive file.
func OpenArchive(name string) (Source, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder: use folder instead of archive", name)
	case !info.Mode().IsRegular(): // opening a pipe would wait for its writer
		return nil, fmt.Errorf("%s is not a regular file", name)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty", name)
	}
	file, err := os.Open(name) //nolint:gosec // the user's own file
	if err != nil {
		return nil, err
	}
	return &archiveFile{file, stampOf(info)}, nil
}

func (a *archiveFile) Name() string { return filepath.Base(a.File.Name()) }

func (a *archiveFile) Size() int64 { return a.opened.size }

func (a *archiveFile) Unchanged() error {
	info, err := os.Stat(a.File.Name())
	if err == nil && stampOf(info) != a.opened {
		err = fmt.Errorf("%s has changed", a.File.Name())
	}
	return err
}

// folder reads a folder as a tar archive that is computed on the fly. The same files always give the
// same archive: sorted by name, without times, owners and modes.
type folder struct {
	root  *os.Root
	name  string
	files []packed
	size  int64
}

// packed is a file and its position in the archive.
type packed struct {
	name   string // relative to the folder, with slashes
	at     int64  // offset of its header
	header int64  // length of the header
	stamp  stamp
}

const (
	tarBlock = 512
	tarEnd   = 2 * tarBlock // an archive ends with two empty blocks
)

// OpenFolder opens a folder with the files in it and in its subfolders. Hidden files and everything
// that is not a regular file are left out.
func OpenFolder(name string) (_ Source, err error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = root.Close()
		}
	}()
	base, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root, name: filepath.Base(base) + ".tar"}
	err = fs.WalkDir(root.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(path.Base(file), ".") && file != "."
		switch {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		f.files = append(f.files, packed{name: file, stamp: stampOf(info)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(f.files) == 0 {
		return nil, fmt.Errorf("%s holds no files", name)
	}
	slices.SortFunc(f.files, func(a, b packed) int { return strings.Compare(a.name, b.name) })
	for i := range f.files {
		p := &f.files[i]
		header, err := p.headerBytes()
		if err != nil {
			return nil, fmt.Errorf("%s cannot be stored in an archive: %w", p.name, err)
		}
		p.at, p.header = f.size, int64(len(header))
		f.size += p.header + padded(p.stamp.size)
	}
	f.size += tarEnd
	return f, nil
}

// padded rounds a length up to whole blocks.
func padded(n int64) int64 { return (n + tarBlock - 1) / tarBlock * tarBlock }

// headerBytes returns the header of a file; long names need more than one block.
func (p packed) headerBytes() ([]byte, error) {
	var b bytes.Buffer
	const mode = 0o644
	err := tar.NewWriter(&b).WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: p.name, Size: p.stamp.size, Mode: mode})
	return b.Bytes(), err
}

func (f *folder) Name() string { return f.name }

func (f *folder) Size() int64 { return f.size }

func (f *folder) Close() error { return f.root.Close() }

func (f *folder) Unchanged() error {
	for _, p := range f.files {
		info, err := f.root.Stat(p.name)
		if err == nil && stampOf(info) != p.stamp {
			err = fmt.Errorf("%s has changed", p.name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadAt computes the archive from an offset on.
func (f *folder) ReadAt(b []byte, at int64) (int, error) {
	done := 0
	for done < len(b) && at < f.size {
		n, err := f.read(b[done:], at)
		done += n
		at += int64(n)
		if err != nil {
			return done, err
		}
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

// read returns at least one byte from an offset within the archive.
func (f *folder) read(b []byte, at int64) (int, error) {
	next := sort.Search(len(f.files), func(i int) bool { return f.files[i].at > at })
	p := f.files[next-1] // the first file starts at 0
	into := at - p.at
	switch {
	case into < p.header:
		header, err := p.headerBytes()
		if err != nil {
			return 0, err
		}
		return copy(b, header[into:]), nil
	case into-p.header < p.stamp.size:
		into -= p.header
		return f.content(p, b[:min(int64(len(b)), p.stamp.size-into)], into)
	}
	end := p.at + p.header + padded(p.stamp.size)
	if next == len(f.files) {
		end = f.size
	}
	n := min(int64(len(b)), end-at)
	clear(b[:n])
	return int(n), nil
}

func (f *folder) content(p packed, b []byte, at int64) (int, error) {
	file, err := f.root.Open(p.name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	n, err := file.ReadAt(b, at)
	if n < len(b) && errors.Is(err, io.EOF) {
		return n, fmt.Errorf("%s has become shorter", p.name)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
