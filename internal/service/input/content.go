package input

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

var (
	bytesContentType = map[string]attr.Type{
		"url": types.StringType, "file": types.StringType, "base64": types.StringType, "allow_duplicate_url": types.BoolType,
	}
	textContentType = map[string]attr.Type{
		"raw": types.StringType, "url": types.StringType, "file": types.StringType, "allow_duplicate_url": types.BoolType,
	}
)

// content is the configured content of an input: its input type and source.
type content struct {
	inputType         string
	url, file, inline types.String
	allowDuplicate    types.Bool
}

// inlineName is the name of the attribute that contains the content itself.
func (m content) inlineName() string {
	if m.inputType == inputcontent.Text {
		return "raw"
	}
	return "base64"
}

func (m content) at(name string) path.Path { return path.Root(m.inputType).AtName(name) }

// sources are the attributes that set where the content comes from.
func (m content) sources() map[string]types.String {
	return map[string]types.String{"url": m.url, "file": m.file, m.inlineName(): m.inline}
}

func contentType(inputType string) map[string]attr.Type {
	if inputType == inputcontent.Text {
		return textContentType
	}
	return bytesContentType
}

// contentsIn returns the contents that are set, and the input types of those that are unknown.
func contentsIn(objects map[string]types.Object) (set []content, unknown []string) {
	for _, inputType := range inputcontent.Types {
		switch o := objects[inputType]; {
		case o.IsNull():
		case o.IsUnknown():
			unknown = append(unknown, inputType)
		default:
			m := content{inputType: inputType}
			text := func(name string) types.String {
				s, _ := o.Attributes()[name].(types.String)
				return s
			}
			m.url, m.file, m.inline = text("url"), text("file"), text(m.inlineName())
			m.allowDuplicate, _ = o.Attributes()["allow_duplicate_url"].(types.Bool)
			set = append(set, m)
		}
	}
	return set, unknown
}

// validateContents rejects, as far as values are known, more than one content or source. A configuration
// without content is valid for an input that exists, which ModifyPlan checks.
func validateContents(objects map[string]types.Object) diag.Diagnostics {
	var diags diag.Diagnostics
	set, _ := contentsIn(objects)
	for _, m := range set[min(1, len(set)):] {
		diags.AddAttributeError(path.Root(m.inputType), "More than one content",
			fmt.Sprintf("An input has one content, and %s is set: set only one of image, video, audio and text.", set[0].inputType))
	}
	for _, m := range set {
		diags.Append(m.validate()...)
	}
	return diags
}

// noContent is the diagnostic for a new input without content.
func noContent() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(inputcontent.Image), "No content",
		"A new input needs content: set exactly one of image, video, audio and text. Only an input that exists may omit it, after "+
			"an import.")
}

func (m content) validate() diag.Diagnostics {
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
	choose := fmt.Sprintf("Set exactly one of %s.url, %s.file and %s.%s.", m.inputType, m.inputType, m.inputType, m.inlineName())
	switch {
	case set > 1:
		diags.AddAttributeError(path.Root(m.inputType), "More than one source", choose)
	case set == 0 && !unknown:
		diags.AddAttributeError(path.Root(m.inputType), "No source", choose+
			" For an imported input whose content is unknown, remove "+m.inputType+": its content then stays as it is at the service.")
	}
	if isKnown(m.inline) {
		if _, problem := m.inlineContent(); problem != "" {
			diags.AddAttributeError(m.at(m.inlineName()), "Invalid content", problem)
		}
	}
	return diags
}

// textWarning warns about a text file that is configured as image, video or audio, which the service rejects.
func (m content) textWarning() diag.Diagnostics {
	name := m.file.ValueString()
	if m.inputType == inputcontent.Text || m.file.IsUnknown() || inputcontent.TypeOf(name) != inputcontent.Text {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(m.at("file"), "Text file configured as "+m.inputType,
		fmt.Sprintf("%q has the extension of a text file, so the service will probably fail to process it as %s. Set "+
			"text.file instead.", name, m.inputType))}
}

func isKnown(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// inlineContent returns the content in the configuration, or the problem with it.
func (m content) inlineContent() ([]byte, string) {
	content := []byte(m.inline.ValueString())
	if m.inputType != inputcontent.Text {
		decoded, err := base64.StdEncoding.DecodeString(m.inline.ValueString())
		if err != nil {
			return nil, fmt.Sprintf("%s is not base64: %v.", m.at("base64"), err)
		}
		content = decoded
	}
	return content, inputcontent.SizeProblem(m.inputType, int64(len(content)))
}

// digest returns content_sha256: null for a URL, unknown if the source is unknown. Files are read as
// streams.
func (m content) digest() (types.String, diag.Diagnostics) {
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
			diags.AddAttributeError(m.at(m.inlineName()), "Invalid content", problem)
			return types.StringNull(), diags
		}
		sum := sha256.Sum256(content)
		return types.StringValue(hex.EncodeToString(sum[:])), nil
	case !m.file.IsNull():
		sum := sha256.New()
		if problem := m.readFile(sum); problem != "" {
			diags.AddAttributeError(m.at("file"), "Invalid file", problem)
			return types.StringNull(), diags
		}
		return types.StringValue(hex.EncodeToString(sum.Sum(nil))), nil
	}
	return types.StringNull(), nil
}

// isMissing reports whether the content is a file that does not exist.
func (m content) isMissing() bool {
	if !isKnown(m.file) {
		return false
	}
	_, err := os.Stat(m.file.ValueString())
	return errors.Is(err, fs.ErrNotExist)
}

// readFile copies the file to w, or returns the problem with it.
func (m content) readFile(w io.Writer) string {
	if _, err := os.Stat(m.file.ValueString()); err != nil {
		return fmt.Sprintf("Unable to read %s: %s. Relative paths start at the working directory of Terraform, and ~ is not expanded "+
			"(use pathexpand). "+
			"If another resource writes the file, set the path from an attribute of that resource.", m.at("file"),
			inputcontent.FileError(err))
	}
	return inputcontent.CopyFile(w, m.inputType, m.file.ValueString())
}

// data returns the content to send with its digest, which is "" for a URL.
func (m content) data() (*clarifai.Data, string, diag.Diagnostics) {
	var diags diag.Diagnostics
	var content []byte
	digest := ""
	switch {
	case !m.file.IsNull():
		var buffer bytes.Buffer
		if problem := m.readFile(&buffer); problem != "" {
			diags.AddAttributeError(m.at("file"), "Invalid file", problem)
			return nil, "", diags
		}
		content = buffer.Bytes()
	case !m.inline.IsNull():
		var problem string
		if content, problem = m.inlineContent(); problem != "" {
			diags.AddAttributeError(m.at(m.inlineName()), "Invalid content", problem)
			return nil, "", diags
		}
	}
	if content != nil {
		sum := sha256.Sum256(content)
		digest = hex.EncodeToString(sum[:])
	}
	url, twice := m.url.ValueString(), m.allowDuplicate.ValueBool()
	return inputcontent.ToData(m.inputType, url, content, twice), digest, nil
}

// property is an attribute of media_info.
type property struct {
	name, description string
	of                attr.Type
}

var properties = []property{
	{"kind", "`image`, `video`, `audio` or `text`.", types.StringType},
	{"format", "Format of an image, video or audio, such as `JPEG`.", types.StringType},
	{"width", "Width of an image or video in pixels.", types.Int64Type},
	{"height", "Height of an image or video in pixels.", types.Int64Type},
	{"color_mode", "Colour mode of an image, such as `RGB`.", types.StringType},
	{"frame_rate", "Frames per second of a video.", types.Float64Type},
	{"frame_count", "Number of frames of a video.", types.Int64Type},
	{"duration_seconds", "Length of a video or audio in seconds.", types.Float64Type},
	{"bit_rate", "Bit rate of a video or audio. The unit is not documented.", types.Int64Type},
	{"sample_rate", "Sample rate of an audio in Hertz.", types.Int64Type},
	{"char_count", "Number of characters of a text.", types.Int64Type},
	{"encoding", "Encoding of a text.", types.StringType},
}

func infoType() map[string]attr.Type {
	t := map[string]attr.Type{}
	for _, p := range properties {
		t[p.name] = p.of
	}
	return t
}

// infoFromAPI returns what the service has detected. Values that it does not return are zero, and null
// here.
func infoFromAPI(d *clarifai.Data) types.Object {
	inputType, _, _ := inputcontent.FromData(d)
	if inputType == "" {
		return types.ObjectNull(infoType())
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
	setText := func(name, s string) {
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
			values[name] = attrs.Float(f)
		}
	}
	setText("kind", inputType)
	switch inputType {
	case inputcontent.Image:
		if i := d.Image.ImageInfo; i != nil {
			setText("format", i.Format)
			setText("color_mode", i.ColorMode)
			number("width", i.Width)
			number("height", i.Height)
		}
	case inputcontent.Video:
		if i := d.Video.VideoInfo; i != nil {
			setText("format", i.VideoFormat)
			number("width", i.Width)
			number("height", i.Height)
			measure("frame_rate", i.FPS)
			number("frame_count", i.FrameCount)
			measure("duration_seconds", i.DurationSeconds)
			number("bit_rate", i.BitRate)
		}
	case inputcontent.Audio:
		if i := d.Audio.AudioInfo; i != nil {
			setText("format", i.AudioFormat)
			number("sample_rate", i.SampleRate)
			measure("duration_seconds", i.DurationSeconds)
			number("bit_rate", i.BitRate)
		}
	case inputcontent.Text:
		if i := d.Text.TextInfo; i != nil {
			number("char_count", i.CharCount)
			setText("encoding", i.Encoding)
		}
	}
	return types.ObjectValueMust(infoType(), values)
}
