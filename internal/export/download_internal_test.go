package export

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Names of files differ for different IDs, also if case does not count, and hold on all systems.
func TestContentName(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"red-truck", "a.b", "0_1", "console"} {
		if got := contentName(id); got != id {
			t.Errorf("the name of %q is %q", id, got)
		}
	}
	seen := map[string]string{}
	for _, id := range []string{
		"a", "A", "IMG_1", "img_1", "Img_1", "a b", "a:b", "a?b", "a\nb", "å", "ä", ".hidden", "-f", "..", "con", "CON", "nul.x", "",
		strings.Repeat("x", 300), strings.Repeat("x", 301),
	} {
		name := contentName(id)
		folded := strings.ToLower(name)
		if other, ok := seen[folded]; ok {
			t.Errorf("%q and %q have the name %q", id, other, name)
		}
		seen[folded] = id
		if len(name) > 120 || strings.ContainsAny(name, "/\\:*?\"<>|\n ") || strings.HasPrefix(name, ".") || deviceName.MatchString(name) {
			t.Errorf("the name of %q is %q", id, name)
		}
	}
}

// If the host of the files cannot be reached, no more files are requested.
func TestContent_unreachable(t *testing.T) {
	t.Parallel()
	c := &content{inRow: maxUnreachable} // without a client: a request would panic
	c.fetch(t.Context(), &clarifai.Input{ID: "a", Data: &clarifai.Data{Image: &clarifai.Image{
		Hosted: &clarifai.HostedURL{Prefix: "https://data.example.com", Suffix: "a"},
	}}})
	if got := c.failed.String(); got != "`a` (not requested, since 32 downloads in a row received no response)" {
		t.Error(got)
	}
}

func TestContentEnding(t *testing.T) {
	t.Parallel()
	const gif = "GIF89a"
	for name, test := range map[string]struct {
		data       *clarifai.Data
		head, want string
	}{
		"detected":         {&clarifai.Data{Image: &clarifai.Image{}}, gif, ".gif"},
		"of the response":  {&clarifai.Data{Image: &clarifai.Image{ImageInfo: &clarifai.ImageInfo{Format: "TIFF"}}}, "II*\x00", ".tiff"},
		"unknown":          {&clarifai.Data{Image: &clarifai.Image{ImageInfo: &clarifai.ImageInfo{Format: "UnknownImageFormat"}}}, "?", ".jpg"},
		"a text":           {&clarifai.Data{Text: &clarifai.Text{}}, "<html>", ".txt"},
		"audio in MP4":     {&clarifai.Data{Audio: &clarifai.Audio{}}, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", ".m4a"},
		"a web page":       {&clarifai.Data{Video: &clarifai.Video{}}, "<html>", ""},
		"of another type":  {&clarifai.Data{Video: &clarifai.Video{}}, gif, ".mp4"},
		"without anything": {&clarifai.Data{Audio: &clarifai.Audio{}}, "", ".mp3"},
	} {
		if got, err := contentEnding(test.data, []byte(test.head)); got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%s: %q %v, want %q", name, got, err, test.want)
		}
	}
}
