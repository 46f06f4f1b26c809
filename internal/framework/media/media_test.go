package media_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/media"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.jpg": media.Image, "x/A.PNG": media.Image, "a.mp4": media.Video, "a.mp3": media.Audio, "a.txt": media.Text, "a": "", "a.md": "", ".jpg/a": "",
	} {
		if got := media.KindOf(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestSizeProblem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind string
		size int64
		want string
	}{
		{media.Image, media.MaxBytes, ""}, {media.Image, media.MaxBytes + 1, "at most 20971520"}, {media.Text, 0, "The text is empty"},
		{media.Video, media.MaxBytes + 1, ""}, {media.Video, media.MaxVideoBytes + 1, "give its URL instead"},
	} {
		if got := media.SizeProblem(test.kind, test.size); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s of %d: %q, want %q", test.kind, test.size, got, test.want)
		}
	}
}

func TestCopyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, test := range []struct{ kind, file, want string }{
		{media.Text, write("a.txt", "words"), ""},
		{media.Image, write("a.jpg", "\xff\xd8"), ""},
		{media.Text, write("b.txt", "\xff"), "is not UTF-8"},
		{media.Text, write("c.txt", ""), "is empty"},
		{media.Text, dir, "is not a file"},
		{media.Text, filepath.Join(dir, "none"), "Cannot read"},
	} {
		var b strings.Builder
		if got := media.CopyFile(&b, test.kind, test.file); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.file, got, test.want)
		}
		if content, err := os.ReadFile(test.file); test.want == "" && (err != nil || string(content) != b.String()) {
			t.Errorf("%s: copied %q (%v)", test.file, b.String(), err)
		}
	}
}

// What is sent is seen again, as far as the service shows it.
func TestDataAndOf(t *testing.T) {
	t.Parallel()
	for _, kind := range media.Kinds {
		gotKind, url, hosted := media.Of(media.Data(kind, "https://example.com/a", nil, true))
		if gotKind != kind || url != "https://example.com/a" || hosted != nil {
			t.Errorf("%s: got %q %q %v", kind, gotKind, url, hosted)
		}
		if _, url, _ := media.Of(media.Data(kind, "", []byte("x"), false)); url != "" {
			t.Errorf("%s: content has the URL %q", kind, url)
		}
	}
	own := &clarifai.HostedURL{Prefix: "https://data.example.com", Suffix: "x"}
	if _, url, _ := media.Of(&clarifai.Data{Image: &clarifai.Image{URL: "https://data.example.com/orig/x", Hosted: own}}); url != "" {
		t.Errorf("the service's own copy is taken for a source: %q", url)
	}
	if kind, url, hosted := media.Of(nil); kind != "" || url != "" || hosted != nil {
		t.Error("nothing is something")
	}
	if got := media.HostedURL(&clarifai.HostedURL{Prefix: "x"}); got != "" {
		t.Errorf("half an address is %q", got)
	}
}
