// Package inputcontent handles the content of inputs: types, limits, files, and the parts
// of API messages that carry it.
package inputcontent

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Types of inputs, as attributes and manifests name them.
const (
	Image = "image"
	Video = "video"
	Audio = "audio"
	Text  = "text"
)

// Types are all types of inputs.
var Types = []string{Image, Video, Audio, Text}

// Documented limits. A request may have 128 MB, of which base64 leaves three
// quarters; one megabyte is reserved for the rest of the request.
const (
	MaxBytes      = 20 << 20
	MaxVideoBytes = (128<<20 - 1<<20) / 4 * 3
)

var extensions = map[string][]string{
	Image: {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"},
	Video: {".mp4", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg", ".3gp"},
	Audio: {".mp3", ".wav", ".flac", ".ogg", ".m4a", ".aac", ".wma"},
	Text:  {".txt", ".text"},
}

// TypeOf returns the type for the ending of a file's or URL's path; ""
// if the ending is unknown.
func TypeOf(name string) string {
	ending := strings.ToLower(path.Ext(name))
	for _, kind := range Types {
		if slices.Contains(extensions[kind], ending) {
			return kind
		}
	}
	return ""
}

// limit returns the largest size of content in bytes.
func limit(kind string) int64 {
	if kind == Video {
		return MaxVideoBytes
	}
	return MaxBytes
}

// SizeProblem returns what is wrong with the size of content, or "".
func SizeProblem(kind string, size int64) string {
	switch {
	case size == 0:
		return "The " + kind + " is empty."
	case size > limit(kind) && kind == Video:
		return fmt.Sprintf("The video has %d bytes, and at most %d can be sent: a request holds 128 MB, and encoding makes "+
			"content a third longer. "+
			"Put it where the service can download it and give its URL instead, which may lead to 300 MB and 10 minutes.", size, limit(kind))
	case size > limit(kind):
		return fmt.Sprintf("The %s has %d bytes, and the service takes at most %d (20 MB).", kind, size, limit(kind))
	}
	return ""
}

// CopyFile copies the file of an input to w, or returns why it cannot be an input.
func CopyFile(w io.Writer, kind, name string) (problem string) {
	info, err := os.Stat(name)
	if err != nil {
		return "Cannot read " + FileError(err) + "."
	}
	if !info.Mode().IsRegular() {
		return fmt.Sprintf("%q is not a file.", name)
	}
	if problem := SizeProblem(kind, info.Size()); problem != "" {
		return fmt.Sprintf("%q: %s", name, problem)
	}
	file, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return "Cannot read " + FileError(err) + "."
	}
	defer func() { _ = file.Close() }()
	if kind == Text {
		// Texts are sent as they are, and a request is UTF-8. They are small enough to check.
		content, err := io.ReadAll(file)
		if err != nil {
			return "Cannot read " + FileError(err) + "."
		}
		if !utf8.Valid(content) {
			return fmt.Sprintf("%q is not UTF-8, and the service takes texts only so. Convert it first.", name)
		}
		if _, err = w.Write(content); err != nil {
			return err.Error() + "."
		}
		return ""
	}
	if _, err := io.Copy(w, file); err != nil {
		return "Cannot read " + FileError(err) + "."
	}
	return ""
}

// FileError returns the text of a file error with the path quoted and without the operation.
func FileError(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return fmt.Sprintf("%q: %v", e.Path, e.Err)
	}
	return err.Error()
}

// ToData returns content for a request: a URL or bytes.
func ToData(kind, url string, content []byte, allowDuplicateURL bool) *clarifai.Data {
	switch kind {
	case Image:
		return &clarifai.Data{Image: &clarifai.Image{URL: url, Base64: content, AllowDuplicateURL: allowDuplicateURL}}
	case Video:
		return &clarifai.Data{Video: &clarifai.Video{URL: url, Base64: content, AllowDuplicateURL: allowDuplicateURL}}
	case Audio:
		return &clarifai.Data{Audio: &clarifai.Audio{URL: url, Base64: content, AllowDuplicateURL: allowDuplicateURL}}
	}
	return &clarifai.Data{Text: &clarifai.Text{URL: url, Raw: string(content), AllowDuplicateURL: allowDuplicateURL}}
}

// FromData returns the content of a response: its type, its URL and its hosted
// address. The URL is "" for content that was sent as bytes.
func FromData(d *clarifai.Data) (kind, url string, hosted *clarifai.HostedURL) {
	switch {
	case d == nil:
	case d.Image != nil:
		kind, url, hosted = Image, d.Image.URL, d.Image.Hosted
	case d.Video != nil:
		kind, url, hosted = Video, d.Video.URL, d.Video.Hosted
	case d.Audio != nil:
		kind, url, hosted = Audio, d.Audio.URL, d.Audio.Hosted
	case d.Text != nil:
		kind, url, hosted = Text, d.Text.URL, d.Text.Hosted
	}
	if url != "" && url == HostedURL(hosted) {
		url = "" // the service's own copy
	}
	return kind, url, hosted
}

// HostedURL returns the address of the original content; "" if it is not hosted yet.
func HostedURL(h *clarifai.HostedURL) string {
	if h == nil || h.Prefix == "" || h.Suffix == "" {
		return ""
	}
	return h.Prefix + "/orig/" + h.Suffix
}
