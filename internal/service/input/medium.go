package input

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

var (
	bytesMediumType = map[string]attr.Type{
		"url": types.StringType, "file": types.StringType, "base64": types.StringType, "allow_duplicate_url": types.BoolType,
	}
	textMediumType = map[string]attr.Type{
		"raw": types.StringType, "url": types.StringType, "file": types.StringType, "allow_duplicate_url": types.BoolType,
	}
)

// medium is what an input is an input of, as it is configured.
type medium struct {
	kind              string
	url, file, inline types.String
	allowDuplicate    types.Bool
}

// inlineName is the attribute that holds the content itself.
func (m medium) inlineName() string {
	if m.kind == inputcontent.Text {
		return "raw"
	}
	return "base64"
}

func (m medium) at(name string) path.Path { return path.Root(m.kind).AtName(name) }

// sources are the attributes that say where the content comes from.
func (m medium) sources() map[string]types.String {
	return map[string]types.String{"url": m.url, "file": m.file, m.inlineName(): m.inline}
}

func mediumType(kind string) map[string]attr.Type {
	if kind == inputcontent.Text {
		return textMediumType
	}
	return bytesMediumType
}

// mediaIn are the media of a configuration that are known to be there, and the
// inputcontent.Types of those that may turn out to be.
func mediaIn(objects map[string]types.Object) (there []medium, perhaps []string) {
	for _, kind := range inputcontent.Types {
		switch o := objects[kind]; {
		case o.IsNull():
		case o.IsUnknown():
			perhaps = append(perhaps, kind)
		default:
			m := medium{kind: kind}
			text := func(name string) types.String {
				s, _ := o.Attributes()[name].(types.String)
				return s
			}
			m.url, m.file, m.inline = text("url"), text("file"), text(m.inlineName())
			m.allowDuplicate, _ = o.Attributes()["allow_duplicate_url"].(types.Bool)
			there = append(there, m)
		}
	}
	return there, perhaps
}

// check refuses, as far as values are known, what is not one medium with one source.
func check(objects map[string]types.Object) diag.Diagnostics {
	var diags diag.Diagnostics
	there, perhaps := mediaIn(objects)
	if len(there) == 0 && len(perhaps) == 0 {
		diags.AddAttributeError(path.Root(inputcontent.Image), "No medium",
			"An input is one image, video, audio or text: set exactly one of image, video, audio and text.")
	}
	for _, m := range there[min(1, len(there)):] {
		diags.AddAttributeError(path.Root(m.kind), "More than one medium",
			fmt.Sprintf("An input is one image, video, audio or text, and %s is set already: set exactly one of them.", there[0].kind))
	}
	for _, m := range there {
		diags.Append(m.check()...)
	}
	return diags
}

func (m medium) check() diag.Diagnostics {
	var diags diag.Diagnostics
	set, unknown := 0, false
	for _, value := range m.sources() {
		switch {
		case value.IsUnknown():
			unknown = true
		case !value.IsNull():
			set++
		}
	}
	choose := fmt.Sprintf("Set exactly one of %s.url, %s.file and %s.%s.", m.kind, m.kind, m.kind, m.inlineName())
	switch {
	case set > 1:
		diags.AddAttributeError(path.Root(m.kind), "More than one source", "The content comes from one place. "+choose)
	case set == 0 && !unknown:
		diags.AddAttributeError(path.Root(m.kind), "No source", "Nothing says where the content comes from. "+choose+
			" For an input that is imported name what it was made of: the service does not give content back, and takes the first that is named for it.")
	}
	if known(m.inline) {
		if _, problem := m.inlineContent(); problem != "" {
			diags.AddAttributeError(m.at(m.inlineName()), "Unusable content", problem)
		}
	}
	return diags
}

func known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// inlineContent is the content in the configuration, or what is wrong with it.
func (m medium) inlineContent() ([]byte, string) {
	content := []byte(m.inline.ValueString())
	if m.kind != inputcontent.Text {
		decoded, err := base64.StdEncoding.DecodeString(m.inline.ValueString())
		if err != nil {
			return nil, fmt.Sprintf("%s is not base64: %v.", m.at("base64"), err)
		}
		content = decoded
	}
	return content, inputcontent.SizeProblem(m.kind, int64(len(content)))
}

// digest is the content_sha256 of the medium: null for a URL, unknown as long as
// the content is. A file is read as a stream.
func (m medium) digest() (types.String, diag.Diagnostics) {
	var diags diag.Diagnostics
	for _, value := range m.sources() {
		if value.IsUnknown() {
			return types.StringUnknown(), nil
		}
	}
	switch {
	case !m.inline.IsNull():
		content, problem := m.inlineContent()
		if problem != "" {
			diags.AddAttributeError(m.at(m.inlineName()), "Unusable content", problem)
			return types.StringNull(), diags
		}
		sum := sha256.Sum256(content)
		return types.StringValue(hex.EncodeToString(sum[:])), nil
	case !m.file.IsNull():
		sum := sha256.New()
		if problem := m.readFile(sum); problem != "" {
			diags.AddAttributeError(m.at("file"), "Unusable file", problem)
			return types.StringNull(), diags
		}
		return types.StringValue(hex.EncodeToString(sum.Sum(nil))), nil
	}
	return types.StringNull(), nil
}

// readFile copies the file to w, or says why it cannot be an input.
func (m medium) readFile(w io.Writer) string {
	if _, err := os.Stat(m.file.ValueString()); err != nil {
		return fmt.Sprintf("%s cannot be read: %s. Relative paths start at the directory that Terraform runs in. "+
			"If something else in the configuration writes the file, refer to it by a value that is not known before that is done.", m.at("file"), inputcontent.FileError(err))
	}
	return inputcontent.CopyFile(w, m.kind, m.file.ValueString())
}

// data is the medium to send, with the digest of its content; "" for a URL.
func (m medium) data() (*clarifai.Data, string, diag.Diagnostics) {
	var diags diag.Diagnostics
	var content []byte
	digest := ""
	switch {
	case !m.file.IsNull():
		var buffer bytes.Buffer
		if problem := m.readFile(&buffer); problem != "" {
			diags.AddAttributeError(m.at("file"), "Unusable file", problem)
			return nil, "", diags
		}
		content = buffer.Bytes()
	case !m.inline.IsNull():
		var problem string
		if content, problem = m.inlineContent(); problem != "" {
			diags.AddAttributeError(m.at(m.inlineName()), "Unusable content", problem)
			return nil, "", diags
		}
	}
	if content != nil {
		sum := sha256.Sum256(content)
		digest = hex.EncodeToString(sum[:])
	}
	url, twice := m.url.ValueString(), m.allowDuplicate.ValueBool()
	return inputcontent.ToData(m.kind, url, content, twice), digest, nil
}

// property is something that the service finds out about a medium.
type property struct {
	name, text string
	of         attr.Type
}

var properties = []property{
	{"kind", "`image`, `video`, `audio` or `text`.", types.StringType},
	{"format", "Format of an image, video or audio, such as `JPEG`, as the service names it.", types.StringType},
	{"width", "Width of an image or video in pixels.", types.Int64Type},
	{"height", "Height of an image or video in pixels.", types.Int64Type},
	{"color_mode", "Colour mode of an image, such as `RGB`.", types.StringType},
	{"frame_rate", "Frames per second of a video.", types.Float64Type},
	{"frame_count", "Frames of a video.", types.Int64Type},
	{"duration_seconds", "Length of a video or audio in seconds.", types.Float64Type},
	{"bit_rate", "Bit rate of a video or audio, in the service's unit, which is not documented.", types.Int64Type},
	{"sample_rate", "Sample rate of an audio in Hertz.", types.Int64Type},
	{"char_count", "Characters of a text.", types.Int64Type},
	{"encoding", "Encoding of a text, as the service names it.", types.StringType},
}

func mediaInfoType() map[string]attr.Type {
	t := map[string]attr.Type{}
	for _, p := range properties {
		t[p.name] = p.of
	}
	return t
}

// mediaInfo is what the service says of a medium; zero means that it does not say.
func mediaInfo(d *clarifai.Data) types.Object {
	kind, _, _ := inputcontent.FromData(d)
	if kind == "" {
		return types.ObjectNull(mediaInfoType())
	}
	values := map[string]attr.Value{}
	for _, p := range properties {
		switch p.of {
		case types.StringType:
			values[p.name] = types.StringNull()
		case types.Int64Type:
			values[p.name] = types.Int64Null()
		default:
			values[p.name] = types.Float64Null()
		}
	}
	text := func(name, s string) {
		if s != "" {
			values[name] = types.StringValue(s)
		}
	}
	number := func(name string, n int32) {
		if n != 0 {
			values[name] = types.Int64Value(int64(n))
		}
	}
	measure := func(name string, f clarifai.Float) {
		if f != 0 {
			values[name] = types.Float64Value(float64(f))
		}
	}
	text("kind", kind)
	switch kind {
	case inputcontent.Image:
		if i := d.Image.ImageInfo; i != nil {
			text("format", i.Format)
			text("color_mode", i.ColorMode)
			number("width", i.Width)
			number("height", i.Height)
		}
	case inputcontent.Video:
		if i := d.Video.VideoInfo; i != nil {
			text("format", i.VideoFormat)
			number("width", i.Width)
			number("height", i.Height)
			measure("frame_rate", i.FPS)
			number("frame_count", i.FrameCount)
			measure("duration_seconds", i.DurationSeconds)
			number("bit_rate", i.BitRate)
		}
	case inputcontent.Audio:
		if i := d.Audio.AudioInfo; i != nil {
			text("format", i.AudioFormat)
			number("sample_rate", i.SampleRate)
			measure("duration_seconds", i.DurationSeconds)
			number("bit_rate", i.BitRate)
		}
	case inputcontent.Text:
		if i := d.Text.TextInfo; i != nil {
			number("char_count", i.CharCount)
			text("encoding", i.Encoding)
		}
	}
	return types.ObjectValueMust(mediaInfoType(), values)
}
