// Package formats lists the data set formats, and tells the format of a file by its content.
package formats

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/clarifaicsv"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/coco"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/cvat"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/huggingface"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/kitti"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/labelstudio"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/openimages"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/voc"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/yolo"
)

// Readers are the formats by their names in manifest_format. The provider's own, jsonl, csv and json, are
// read by package source.
var Readers = map[string]format.Reader{
	"coco":         coco.Read,
	"voc":          voc.Read,
	"yolo":         yolo.Read,
	"cvat":         cvat.Read,
	"label_studio": labelstudio.Read,
	"openimages":   openimages.Read,
	"kitti":        kitti.Read,
	"clarifai_csv": clarifaicsv.Read,
	"hugging_face": huggingface.Read,
}

// Names are the names of the formats, in order.
var Names = slices.Sorted(maps.Keys(Readers))

// LabelsAreNames tells whether the classes of a format are names, which need not be ids of concepts.
func LabelsAreNames(name string) bool { return Readers[name] != nil && name != "clarifai_csv" }

// JSON is the name of the format that is an array of the rows that JSON Lines has.
const JSON = "json"

// detected is how much of a file is looked at.
const detected = 64 << 10

// Detect tells the format of a file or directory by its content, or "" if that is not certain. It never
// tells jsonl or csv, the provider's own formats.
func Detect(path string) string {
	if format.IsDirectory(path) {
		return detectDirectory(path)
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, detected)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \t\r\n")
	switch ending := strings.ToLower(filepath.Ext(path)); {
	case bytes.HasPrefix(head, []byte("<")):
		return detectXML(head)
	case bytes.HasPrefix(head, []byte("{")):
		return detectObject(head)
	case bytes.HasPrefix(head, []byte("[")):
		return detectArray(head)
	case ending == ".yaml" || ending == ".yml":
		return detectYAML(head)
	default:
		return detectCSV(head)
	}
}

func detectDirectory(path string) string {
	for _, known := range []struct{ name, format string }{
		{"label_2", "kitti"}, {filepath.Join("training", "label_2"), "kitti"}, {"Annotations", "voc"},
		{"data.yaml", "yolo"}, {"metadata.jsonl", "hugging_face"}, {"metadata.csv", "hugging_face"},
		{filepath.Join("train", "metadata.jsonl"), "hugging_face"}, {filepath.Join("train", "metadata.csv"), "hugging_face"},
	} {
		if _, err := os.Stat(filepath.Join(path, known.name)); err == nil {
			return known.format
		}
	}
	if filepath.Base(path) == "label_2" {
		return "kitti"
	}
	return ""
}

func detectXML(head []byte) string {
	for d := format.NewXML(bytes.NewReader(head)); ; {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if t, ok := token.(xml.StartElement); ok {
			return map[string]string{"annotation": "voc", "annotations": "cvat"}[t.Name.Local]
		}
	}
}

// keys are the names of the members of the object that d is about to read, as far as the head reaches.
func keys(d *jsontext.Decoder) map[string]bool {
	found := map[string]bool{}
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return found
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			break
		}
		found[name.String()] = true
		if d.SkipValue() != nil {
			break
		}
	}
	return found
}

func newDecoder(head []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewReader(head), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

func detectObject(head []byte) string {
	found := keys(newDecoder(head))
	switch {
	case found["id"] && (found["url"] || found["file"] || found["text"]):
		return "" // JSON Lines of the provider's own
	case found["file_name"] && !found["width"]:
		return "hugging_face"
	case found["images"] && !found["file_name"],
		found["annotations"] && (found["categories"] || found["info"]),
		found["info"] && found["licenses"]:
		return "coco"
	}
	return ""
}

func detectArray(head []byte) string {
	d := newDecoder(head)
	if _, err := d.ReadToken(); err != nil {
		return ""
	}
	found := keys(d)
	switch {
	case found["data"] && (found["annotations"] || found["completions"] || found["predictions"]):
		return "label_studio"
	case found["url"], found["file"], found["text"] && found["id"]:
		return JSON
	}
	return ""
}

func detectYAML(head []byte) string {
	names, images := false, false
	for scanner := bufio.NewScanner(bytes.NewReader(head)); scanner.Scan(); {
		key, _, ok := strings.Cut(scanner.Text(), ":")
		names = names || ok && key == "names"
		images = images || ok && (key == "train" || key == "val")
	}
	if names && images {
		return "yolo"
	}
	return ""
}

func detectCSV(head []byte) string {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	reader := csv.NewReader(bytes.NewReader(line))
	if bytes.ContainsRune(line, '\t') {
		reader.Comma = '\t'
	}
	header, err := reader.Read()
	if err != nil {
		return ""
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	has := func(name string) bool { return slices.Contains(header, name) }
	switch {
	case has("ImageID") && has("LabelName"):
		return "openimages"
	case has("inputid") && has("input"), slices.ContainsFunc(header, func(name string) bool { return strings.HasPrefix(name, "input.data.") }):
		return "clarifai_csv"
	case has("file_name"):
		return "hugging_face"
	}
	return ""
}
