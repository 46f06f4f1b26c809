package emulator

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// kinds maps endings of file names to kinds of inputs. Files with other endings
// are skipped.
var kinds = map[string]string{
	".jpg": kindImage, ".jpeg": kindImage, ".png": kindImage, ".gif": kindImage, ".bmp": kindImage,
	".tif": kindImage, ".tiff": kindImage, ".webp": kindImage,
	".mp4": kindVideo, ".mov": kindVideo, ".avi": kindVideo, ".mkv": kindVideo, ".webm": kindVideo, ".wmv": kindVideo,
	".mp3": kindAudio, ".wav": kindAudio, ".flac": kindAudio, ".ogg": kindAudio, ".m4a": kindAudio,
	".txt": kindText,
}

// maxFileBytes is the largest file that becomes an input.
const maxFileBytes = 128 << 20

// foundFile is a file that becomes an input.
type foundFile struct {
	name    string
	kind    string
	content []byte
}

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// inputID derives an ID from a file name: without directories and ending, and with
// hyphens in place of invalid characters.
func (f foundFile) inputID() string {
	base := path.Base(f.name)
	base = strings.TrimSuffix(base, path.Ext(base))
	if id := strings.Trim(notInIDs.ReplaceAllString(base, "-"), "-"); id != "" {
		return id
	}
	return newID()
}

// input returns the file as an input, with the values of the template.
func (f foundFile) input(template *clarifai.Input) clarifai.Input {
	in := clarifai.Input{ID: f.inputID(), Data: &clarifai.Data{}}
	if template != nil {
		in.DatasetIDs = template.DatasetIDs
		if template.Data != nil {
			in.Data.Concepts, in.Data.Metadata, in.Data.Geo = template.Data.Concepts, template.Data.Metadata, template.Data.Geo
			in.Data.Regions = template.Data.Regions
		}
	}
	switch f.kind {
	case kindImage:
		in.Data.Image = &clarifai.Image{Base64: f.content}
	case kindVideo:
		in.Data.Video = &clarifai.Video{Base64: f.content}
	case kindAudio:
		in.Data.Audio = &clarifai.Audio{Base64: f.content}
	default:
		in.Data.Text = &clarifai.Text{Raw: string(f.content)}
	}
	return in
}

// isArchive reports by the name whether a file is an archive.
func isArchive(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".zip", ".tar", ".tar.gz", ".tgz"},
		func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// unpack lists the input files in an archive, in the order of their names. It skips archives
// inside archives.
func unpack(name string, file *os.File) ([]foundFile, error) {
	var found []foundFile
	add := func(name string, size int64, open func() (io.Reader, error)) error {
		kind, ok := kinds[strings.ToLower(path.Ext(name))]
		if !ok || strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		if size > maxFileBytes {
			return fmt.Errorf("%s has over %d bytes", name, maxFileBytes)
		}
		r, err := open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
		if err == nil {
			found = append(found, foundFile{name, kind, content})
		}
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, ".zip") {
		err = unzip(file, info.Size(), add)
	} else {
		err = untar(file, strings.HasSuffix(lower, "gz"), add)
	}
	slices.SortFunc(found, func(a, b foundFile) int { return strings.Compare(a.name, b.name) })
	return found, err
}

type addFile func(name string, size int64, open func() (io.Reader, error)) error

func unzip(file io.ReaderAt, size int64, add addFile) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		var opened io.ReadCloser
		err := add(f.Name, int64(f.UncompressedSize64), func() (io.Reader, error) { //nolint:gosec // the limit rejects larger ones
			opened, err = f.Open()
			return opened, err
		})
		if opened != nil {
			_ = opened.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func untar(file io.ReadSeeker, compressed bool, add addFile) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var plain io.Reader = file
	if compressed {
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		plain = unzipped
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case header.Typeflag != tar.TypeReg:
			continue
		}
		if err := add(header.Name, header.Size, func() (io.Reader, error) { return archive, nil }); err != nil {
			return err
		}
	}
}

// bucketFiles lists the input files below a directory whose keys begin with prefix, and
// those in archives among them.
func bucketFiles(dir, prefix string) (files []foundFile, archives int, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = root.Close() }()
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasPrefix(filepath.ToSlash(name), prefix) {
			return err
		}
		// Reading a pipe or a device can block forever.
		if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
			return err
		}
		kind, isMedium := kinds[strings.ToLower(path.Ext(name))]
		switch {
		case isArchive(name):
			archives++
			opened, err := root.Open(name)
			if err != nil {
				return err
			}
			defer func() { _ = opened.Close() }()
			inside, err := unpack(name, opened)
			if err != nil {
				return &brokenArchiveError{name, err}
			}
			files = append(files, inside...)
		case isMedium:
			content, err := root.ReadFile(name)
			if err != nil {
				return err
			}
			files = append(files, foundFile{name, kind, content})
		}
		return nil
	})
	return files, archives, err
}

type brokenArchiveError struct {
	name string
	err  error
}

func (e *brokenArchiveError) Error() string { return fmt.Sprintf("%s: %v", e.name, e.err) }
