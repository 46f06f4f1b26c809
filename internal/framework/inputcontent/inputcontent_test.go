package inputcontent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

func TestTypeOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.jpg": inputcontent.Image, "x/A.PNG": inputcontent.Image, "a.mp4": inputcontent.Video, "a.mp3": inputcontent.Audio,
		"a.txt": inputcontent.Text, "a": "", "a.md": "", ".jpg/a": "",
	} {
		if got := inputcontent.TypeOf(name); got != want {
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
		{inputcontent.Image, inputcontent.MaxBytes, ""}, {inputcontent.Image, inputcontent.MaxBytes + 1,
			"at most 20971520"}, {inputcontent.Text, 0, "The text is empty"},
		{inputcontent.Video, inputcontent.MaxBytes + 1, ""}, {inputcontent.Video, inputcontent.MaxVideoBytes + 1, "give its URL instead"},
	} {
		if got := inputcontent.SizeProblem(test.kind, test.size); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
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
		{inputcontent.Text, write("a.txt", "words"), ""},
		{inputcontent.Image, write("a.jpg", "\xff\xd8"), ""},
		{inputcontent.Text, write("b.txt", "\xff"), "is not UTF-8"},
		{inputcontent.Text, write("c.txt", ""), "is empty"},
		{inputcontent.Text, dir, "is not a file"},
		{inputcontent.Text, filepath.Join(dir, "none"), "Cannot read"},
	} {
		var b strings.Builder
		if got := inputcontent.CopyFile(&b, test.kind, test.file); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.file, got, test.want)
		}
		if content, err := os.ReadFile(test.file); test.want == "" && (err != nil || string(content) != b.String()) {
			t.Errorf("%s: copied %q (%v)", test.file, b.String(), err)
		}
	}
}

// FromData returns what ToData was given, as far as responses contain it.
func TestFromData_afterToData(t *testing.T) {
	t.Parallel()
	for _, kind := range inputcontent.Types {
		gotKind, url, hosted := inputcontent.FromData(inputcontent.ToData(kind, "https://example.com/a", nil, true))
		if gotKind != kind || url != "https://example.com/a" || hosted != nil {
			t.Errorf("%s: got %q %q %v", kind, gotKind, url, hosted)
		}
		if _, url, _ := inputcontent.FromData(inputcontent.ToData(kind, "", []byte("x"), false)); url != "" {
			t.Errorf("%s: content has the URL %q", kind, url)
		}
	}
	own := &clarifai.HostedURL{Prefix: "https://data.example.com", Suffix: "x"}
	if _, url, _ := inputcontent.FromData(&clarifai.Data{Image: &clarifai.Image{URL: "https://data.example.com/orig/x",
		Hosted: own}}); url != "" {
		t.Errorf("the service's own copy is taken for a source: %q", url)
	}
	if kind, url, hosted := inputcontent.FromData(nil); kind != "" || url != "" || hosted != nil {
		t.Error("nothing is something")
	}
	if got := inputcontent.HostedURL(&clarifai.HostedURL{Prefix: "x"}); got != "" {
		t.Errorf("half an address is %q", got)
	}
}
