package emulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // formats whose dimensions can be read
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Documented limits on media.
const (
	maxImageBytes  = 20 << 20
	maxImagePixels = 85_000_000
	maxSmallBytes  = 20 << 20 // text and audio
)

// Kinds of inputs, as in hosted addresses and metrics.
const (
	kindImage = "image"
	kindVideo = "video"
	kindAudio = "audio"
	kindText  = "text"
)

// inputContent is the content of an input.
type inputContent struct {
	kind           string
	url            string
	content        []byte
	allowDuplicate bool
}

// contentsOf returns the contents in data; a valid input has one.
func contentsOf(d *clarifai.Data) []inputContent {
	var media []inputContent
	if d == nil {
		return nil
	}
	if m := d.Image; m != nil {
		media = append(media, inputContent{kindImage, m.URL, m.Base64, m.AllowDuplicateURL})
	}
	if m := d.Video; m != nil {
		media = append(media, inputContent{kindVideo, m.URL, m.Base64, m.AllowDuplicateURL})
	}
	if m := d.Audio; m != nil {
		media = append(media, inputContent{kindAudio, m.URL, m.Base64, m.AllowDuplicateURL})
	}
	if m := d.Text; m != nil {
		media = append(media, inputContent{kindText, m.URL, []byte(m.Raw), m.AllowDuplicateURL})
	}
	return media
}

// kindOf returns the kind of a stored input.
func kindOf(d *clarifai.Data) string {
	switch {
	case d.Image != nil:
		return kindImage
	case d.Video != nil:
		return kindVideo
	case d.Audio != nil:
		return kindAudio
	}
	return kindText
}

// check rejects invalid content. Such an input is not stored.
func (m inputContent) check() *clarifai.Status {
	switch {
	case m.url == "" && len(m.content) == 0:
		return rejected(clarifai.StatusInputInvalidField, "the %s has neither a url nor content", m.kind)
	case m.url != "" && len(m.content) > 0:
		return rejected(clarifai.StatusInputInvalidField, "the %s has both a url and content", m.kind)
	case m.kind == kindImage && len(m.content) > maxImageBytes:
		return rejected(clarifai.StatusInputTooLarge, "the image is over %d bytes", maxImageBytes)
	case (m.kind == kindText || m.kind == kindAudio) && len(m.content) > maxSmallBytes:
		return rejected(clarifai.StatusInputTooLarge, "the %s is over %d bytes", m.kind, maxSmallBytes)
	}
	if m.url == "" {
		return nil
	}
	u, err := url.Parse(m.url)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return rejected(clarifai.StatusInputInvalidURL, "'%s' is not an http or https url", m.url)
	}
	return nil
}

// process returns the result of processing: the properties of the content, or the status
// with which processing fails. Nothing is downloaded: a URL succeeds unless it contains "fail"
// or its host ends in ".invalid", and the properties of URL content are
// invented.
func (m inputContent) process() (processed *clarifai.Data, contentType string, failure *clarifai.Status) {
	if m.url != "" {
		return m.processURL()
	}
	contentType = http.DetectContentType(m.content)
	family, format, _ := strings.Cut(strings.SplitN(contentType, ";", 2)[0], "/")
	d := &clarifai.Data{}
	switch m.kind {
	case kindText:
		if !utf8.Valid(m.content) {
			return nil, "", rejected(clarifai.StatusInputUnsupported, "the text is not UTF-8")
		}
		d.Text = &clarifai.Text{TextInfo: &clarifai.TextInfo{
			CharCount: int32(utf8.RuneCount(m.content)), //nolint:gosec // the size is limited
			Encoding:  "UnknownTextEnc",
		}}
		return d, "text/plain; charset=utf-8", nil
	case kindImage:
		if family != "image" {
			return nil, "", statusOf(clarifai.StatusInputUnsupported)
		}
		info, failure := imageInfo(m.content, format)
		d.Image = &clarifai.Image{ImageInfo: info}
		return d, contentType, failure
	case kindVideo:
		if family != "video" && family != "application" {
			return nil, "", rejected(clarifai.StatusInputUnsupported, "the content is %s, not a video", contentType)
		}
		d.Video = &clarifai.Video{VideoInfo: &clarifai.VideoInfo{VideoFormat: strings.ToUpper(format)}}
	default:
		if family != "audio" && family != "application" {
			return nil, "", rejected(clarifai.StatusInputUnsupported, "the content is %s, not audio", contentType)
		}
		d.Audio = &clarifai.Audio{AudioInfo: &clarifai.AudioInfo{AudioFormat: strings.ToUpper(format)}}
	}
	return d, contentType, nil
}

func imageInfo(content []byte, format string) (*clarifai.ImageInfo, *clarifai.Status) {
	info := &clarifai.ImageInfo{Format: strings.ToUpper(format), ColorMode: "RGB"}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return info, nil // a format that is only known by its first bytes
	}
	if config.Width*config.Height > maxImagePixels {
		return nil, rejected(clarifai.StatusInputTooLarge, "the image has over %d pixels", maxImagePixels)
	}
	info.Width, info.Height = int32(config.Width), int32(config.Height) //nolint:gosec // their product is limited
	if config.ColorModel == color.YCbCrModel {
		info.ColorMode = "YUV"
	}
	return info, nil
}

// Invented properties of content behind URLs. They never change, so all inputs share them.
var (
	madeUpImage = map[string]*clarifai.ImageInfo{
		"JPEG": {Width: 640, Height: 480, Format: "JPEG", ColorMode: "YUV"},
		"PNG":  {Width: 640, Height: 480, Format: "PNG", ColorMode: "RGB"},
		"GIF":  {Width: 640, Height: 480, Format: "GIF", ColorMode: "RGB"},
		"WEBP": {Width: 640, Height: 480, Format: "WEBP", ColorMode: "YUV"},
	}
	madeUpVideo = &clarifai.VideoInfo{Width: 640, Height: 480, FPS: 25, VideoFormat: "MP4", FrameCount: 250, DurationSeconds: 10}
	madeUpAudio = &clarifai.AudioInfo{AudioFormat: "MP3", SampleRate: 44100, DurationSeconds: 10}
	madeUpText  = &clarifai.TextInfo{CharCount: 11, Encoding: "UnknownTextEnc"}
)

func (m inputContent) processURL() (*clarifai.Data, string, *clarifai.Status) {
	u, err := url.Parse(m.url)
	if err != nil || strings.HasSuffix(u.Hostname(), ".invalid") {
		return nil, "", statusOf(statusInputConnectionFailed)
	}
	if strings.Contains(m.url, "fail") {
		return nil, "", statusOf(clarifai.StatusInputFailed)
	}
	d := &clarifai.Data{}
	switch m.kind {
	case kindImage:
		info := madeUpImage[strings.ToUpper(strings.TrimPrefix(path.Ext(u.Path), "."))]
		if info == nil {
			info = madeUpImage["JPEG"]
		}
		d.Image = &clarifai.Image{ImageInfo: info}
	case kindVideo:
		d.Video = &clarifai.Video{VideoInfo: madeUpVideo}
	case kindAudio:
		d.Audio = &clarifai.Audio{AudioInfo: madeUpAudio}
	default:
		d.Text = &clarifai.Text{TextInfo: madeUpText}
	}
	return d, "", nil
}

// storedData returns data as it is stored: with the properties of the content instead of its bytes, and
// labels with a value each.
func storedData(sent, processed *clarifai.Data) *clarifai.Data {
	d := *sent
	if processed == nil {
		processed = &clarifai.Data{}
	}
	switch {
	case d.Image != nil:
		d.Image = &clarifai.Image{URL: d.Image.URL}
		if processed.Image != nil {
			d.Image.ImageInfo = processed.Image.ImageInfo
		}
	case d.Video != nil:
		d.Video = &clarifai.Video{URL: d.Video.URL}
		if processed.Video != nil {
			d.Video.VideoInfo = processed.Video.VideoInfo
		}
	case d.Audio != nil:
		d.Audio = &clarifai.Audio{URL: d.Audio.URL}
		if processed.Audio != nil {
			d.Audio.AudioInfo = processed.Audio.AudioInfo
		}
	case d.Text != nil:
		d.Text = &clarifai.Text{URL: d.Text.URL}
		if processed.Text != nil {
			d.Text.TextInfo = processed.Text.TextInfo
		}
	}
	return &d
}

// unknownImage holds the properties of an image before it is processed.
var unknownImage = &clarifai.ImageInfo{Format: "UnknownImageFormat", ColorMode: "UnknownColorMode"}

var (
	imageSizes = []string{"orig", "tiny", "small", "large"}
	otherSizes = []string{"orig"}
)

// showContent replaces the content of data by what responses show: after
// processing, its properties and its hosted address.
func showContent(d *clarifai.Data, done bool, hosted func(kind string) *clarifai.HostedURL) {
	switch {
	case d.Image != nil:
		m := clarifai.Image{URL: d.Image.URL, ImageInfo: unknownImage}
		if done {
			m.ImageInfo, m.Hosted = d.Image.ImageInfo, hosted(kindImage)
		}
		d.Image = &m
	case d.Video != nil:
		m := clarifai.Video{URL: d.Video.URL}
		if done {
			m.VideoInfo, m.Hosted = d.Video.VideoInfo, hosted(kindVideo)
		}
		d.Video = &m
	case d.Audio != nil:
		m := clarifai.Audio{URL: d.Audio.URL}
		if done {
			m.AudioInfo, m.Hosted = d.Audio.AudioInfo, hosted(kindAudio)
		}
		d.Audio = &m
	case d.Text != nil:
		m := clarifai.Text{URL: d.Text.URL}
		if done {
			m.TextInfo, m.Hosted = d.Text.TextInfo, hosted(kindText)
		}
		d.Text = &m
	}
}

// hostedURL returns the address at which the content of an input can be downloaded.
func (a *app) hostedURL(in *input, base, kind string) *clarifai.HostedURL {
	sizes := otherSizes
	if kind == kindImage {
		sizes = imageSizes
	}
	return &clarifai.HostedURL{
		Prefix:      base + "/data",
		Suffix:      fmt.Sprintf("users/%s/apps/%s/inputs/%s/%s", a.user.info.ID, a.info.ID, kind, in.token()),
		Sizes:       sizes,
		Crossorigin: "use-credentials",
	}
}

// token identifies an input in the addresses of its content.
func (in *input) token() string {
	sum := sha256.Sum256([]byte(in.id + in.created.String()))
	return hex.EncodeToString(sum[:16])
}

func mediaRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "DownloadMedia", Method: get, Path: "/data/{size}/users/{user_id}/apps/{app_id}/inputs/{kind}/{token}",
			Action: download(s, downloadMedia)},
	}
}

func downloadMedia(c *call) (*file, error) {
	f := c.app.hosted[c.Path["token"]]
	if f == nil {
		return nil, reject(clarifai.StatusDoesNotExist,
			"nothing is hosted there: this emulator keeps media that were sent as bytes, and does not fetch urls")
	}
	return f, nil
}
