package ingestion

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

// source is what is to be uploaded. It can be read at any place, again and again, so
// that nothing of it has to be held in memory.
type source interface {
	io.ReaderAt
	io.Closer
	// Name is the name of the archive, from whose ending the service tells its kind.
	Name() string
	// Size is how many bytes it has.
	Size() int64
	// Unchanged tells, without reading it again, whether it still seems to be what was opened.
	Unchanged() error
}

// archiveEndings are the endings of names that the service takes for archives.
var archiveEndings = []string{".zip", ".tar", ".tar.gz", ".tgz"}

func isArchiveName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(archiveEndings, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// digest is the SHA-256 of a source in hex.
func digest(ctx context.Context, s source) (string, error) {
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

// stamp is by what a change of a file shows at once.
type stamp struct {
	size     int64
	modified time.Time
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }

// archiveFile is an archive that lies ready.
type archiveFile struct {
	*os.File
	opened stamp
}

func openArchive(name string) (source, error) {
	file, err := os.Open(name) //nolint:gosec // the user's own file
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		err = fmt.Errorf("%s is a folder: use folder instead of archive", name)
	case info.Size() == 0:
		err = fmt.Errorf("%s is empty", name)
	default:
		return &archiveFile{file, stampOf(info)}, nil
	}
	_ = file.Close()
	return nil, err
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

// folder is a folder as the tar archive that it would make, worked out only where it is
// read. The same files always make the same archive: in the order of their names, and
// without times, owners and modes.
type folder struct {
	root  *os.Root
	name  string
	files []packed
	size  int64
}

// packed is a file at its place in the archive.
type packed struct {
	name   string // with slashes, below the folder
	at     int64  // of its header
	header int64  // length of the header
	stamp  stamp
}

const (
	tarBlock = 512
	tarEnd   = 2 * tarBlock // an archive ends with two empty blocks
)

// openFolder takes in the files of a folder and of those in it, but no hidden ones and
// nothing that is not a plain file.
func openFolder(name string) (_ source, err error) {
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
			return nil, fmt.Errorf("%s cannot be put into an archive: %w", p.name, err)
		}
		p.at, p.header = f.size, int64(len(header))
		f.size += p.header + whole(p.stamp.size)
	}
	f.size += tarEnd
	return f, nil
}

// whole is a length in whole blocks.
func whole(n int64) int64 { return (n + tarBlock - 1) / tarBlock * tarBlock }

// headerBytes is the header of a file; some names need more than one block.
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

// ReadAt works out the archive from a place on.
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

// read gives some bytes from a place within the archive, at least one.
func (f *folder) read(b []byte, at int64) (int, error) {
	next := sort.Search(len(f.files), func(i int) bool { return f.files[i].at > at })
	p := f.files[next-1] // the first file begins at 0
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
	end := p.at + p.header + whole(p.stamp.size)
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
