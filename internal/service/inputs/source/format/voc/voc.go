// Package voc reads Pascal VOC: one XML file for each image, in a directory.
package voc

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// document is the XML of one image. The order of children does not matter, as tools write them in several.
type document struct {
	XMLName  xml.Name `xml:"annotation"`
	Folder   string   `xml:"folder"`
	Filename string   `xml:"filename"`
	Size     struct {
		Width  string `xml:"width"`
		Height string `xml:"height"`
	} `xml:"size"`
	Objects []object `xml:"object"`
}

type object struct {
	Name      string    `xml:"name"`
	Pose      string    `xml:"pose"`
	Truncated string    `xml:"truncated"`
	Difficult string    `xml:"difficult"`
	Occluded  string    `xml:"occluded"`
	Box       *box      `xml:"bndbox"`
	Polygon   *polygon  `xml:"polygon"`
	Parts     []partBox `xml:"part"`
}

type box struct {
	Left   string `xml:"xmin"`
	Top    string `xml:"ymin"`
	Right  string `xml:"xmax"`
	Bottom string `xml:"ymax"`
}

type polygon struct {
	Corners []struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	} `xml:",any"`
}

type partBox struct {
	Name string `xml:"name"`
}

// Read is the [format.Reader] of Pascal VOC. path is one XML file, or a directory: that of the data set,
// with Annotations in it, or any with XML files.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		files, root, err := list(path)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		splits, err := readSplits(root)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, file := range files {
			row, problem := read(file, root, options)
			row.Split = splits[format.Stem(file)]
			if !yield(row, problem.Err()) {
				return
			}
		}
	}
}

// list finds the XML files, and the directory that images are searched in.
func list(path string) (files []string, root string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", err
	}
	if !info.IsDir() {
		root = filepath.Dir(path)
		if filepath.Base(root) == "Annotations" {
			root = filepath.Dir(root)
		}
		return []string{path}, root, nil
	}
	root = path
	if filepath.Base(path) == "Annotations" {
		root = filepath.Dir(path)
	} else if below := filepath.Join(path, "Annotations"); format.IsDirectory(below) {
		path = below
	}
	files, err = format.FilesBelow(path, ".xml")
	return files, root, err
}

// readSplits reads which images are of which split, if ImageSets/Main says so. The lists of single
// classes, whose names end in _train or _val, say nothing else.
func readSplits(root string) (map[string]string, error) {
	splits := map[string]string{}
	files, err := filepath.Glob(filepath.Join(root, "ImageSets", "Main", "*.txt"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		split := format.Stem(name)
		if split == "trainval" || strings.Contains(split, "_") {
			continue
		}
		file, in, err := format.Open(name)
		if err != nil {
			return nil, err
		}
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			if fields := strings.Fields(scanner.Text()); len(fields) > 0 {
				splits[fields[0]] = split
			}
		}
		_ = file.Close()
	}
	return splits, nil
}

func read(path, root string, options *format.Options) (format.Row, *format.Problem) {
	row := format.Row{Kind: inputcontent.Image, Path: path, Line: 1, HasAnnotations: true}
	file, in, err := format.Open(path)
	if err != nil {
		return row, format.Problemf(path, 0, "%s", inputcontent.FileError(err))
	}
	defer func() { _ = file.Close() }()
	d, lines, problem := decode(path, in)
	if problem != nil {
		return row, problem
	}
	if problem := find(&row, d, path, root, options); problem != nil {
		return row, problem
	}
	if len(d.Objects) == 0 {
		return row, nil
	}
	width, _ := format.ParseFloat(d.Size.Width)
	height, _ := format.ParseFloat(d.Size.Height)
	size, problem := format.SizeOf(&row, format.Size{Width: int(width), Height: int(height)})
	if problem != nil {
		return row, problem
	}
	boxes := make([][4]float64, len(d.Objects))
	first := 1.0 // pixels are counted from 1, unless a 0 shows otherwise
	for i := range d.Objects {
		if b := d.Objects[i].Box; b != nil {
			if boxes[i], err = b.numbers(); err != nil {
				return row, format.Problemf(path, lines[i], "%v", err)
			}
			first = min(first, max(0, min(boxes[i][0], boxes[i][1])))
		}
	}
	if first < 1 {
		first = 0
	}
	for i := range d.Objects {
		if problem := add(&row, &d.Objects[i], boxes[i], lines[i], first, size, options); problem != nil {
			return row, problem
		}
	}
	return row, nil
}

// find finds the image: by the name in the file, which tools often write without its ending or get wrong
// when they copy files, else by the name of the XML file.
func find(row *format.Row, d *document, path, root string, options *format.Options) *format.Problem {
	name := strings.TrimSpace(d.Filename)
	if name != "" {
		if problem := options.Find(row, name, root); problem == nil {
			return nil
		}
	}
	problem := options.Find(row, format.Stem(path), root)
	if problem != nil && name != "" {
		return format.Problemf(path, 1, "there is neither an image %q nor one named as the XML file below %q", name, root)
	}
	return problem
}

// decode reads the document, and the lines of its objects.
func decode(path string, in io.Reader) (*document, []int32, *format.Problem) {
	decoder := format.NewXML(in)
	d := &document{}
	var lines []int32
	for depth := 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && d.XMLName.Local != "" {
			return d, lines, nil
		}
		if err != nil {
			return nil, nil, format.ExplainXML(path, decoder, err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			line, _ := decoder.InputPos()
			var err error
			switch {
			case depth == 0 && t.Name.Local != "annotation":
				const problem = "the file is XML with the root %q, and Pascal VOC has \"annotation\""
				return nil, nil, format.Problemf(path, int32(line), problem, t.Name.Local) //nolint:gosec // lines of a file
			case depth == 0:
				d.XMLName = t.Name
				depth++
			case t.Name.Local == "object":
				d.Objects = append(d.Objects, object{})
				lines = append(lines, int32(line)) //nolint:gosec // lines of a file
				err = decoder.DecodeElement(&d.Objects[len(d.Objects)-1], &t)
			case t.Name.Local == "folder":
				err = decoder.DecodeElement(&d.Folder, &t)
			case t.Name.Local == "filename":
				err = decoder.DecodeElement(&d.Filename, &t)
			case t.Name.Local == "size":
				err = decoder.DecodeElement(&d.Size, &t)
			default:
				err = decoder.Skip()
			}
			if err != nil {
				return nil, nil, format.ExplainXML(path, decoder, err)
			}
		}
	}
}

func (b *box) numbers() (n [4]float64, err error) {
	for i, text := range []string{b.Left, b.Top, b.Right, b.Bottom} {
		if n[i], err = format.ParseFloat(text); err != nil {
			return n, fmt.Errorf("bndbox: %w", err)
		}
	}
	return n, nil
}

func add(row *format.Row, o *object, box [4]float64, line int32, first float64, size format.Size, options *format.Options) *format.Problem {
	a := annotation.Annotation{Concepts: []annotation.Concept{format.Label(strings.TrimSpace(o.Name))}, Line: line}
	if info := o.info(); len(info) > 0 {
		text, err := json.Marshal(info, json.Deterministic(true))
		if err != nil {
			return format.Problemf(row.Path, line, "%v", err)
		}
		a.Edit().Info = text
	}
	for range o.Parts {
		options.Skip(row.Path, line, "parts of objects")
	}
	switch {
	case o.Polygon != nil && !options.BoxesOnly:
		points, err := o.Polygon.points(size)
		if err != nil {
			return format.Problemf(row.Path, line, "polygon: %v", err)
		}
		a.Shape, a.Points = annotation.Polygon, points
	case o.Box != nil:
		a.Shape = annotation.Box
		a.Rect = format.PixelBox(size, box[0]-first, box[1]-first, box[2], box[3])
	default:
		options.Skip(row.Path, line, "objects without a bndbox or polygon")
		return nil
	}
	return options.Add(row, a)
}

// info is what the object says besides its class and place, as far as it is set.
func (o *object) info() map[string]any {
	info := map[string]any{}
	for name, text := range map[string]string{"truncated": o.Truncated, "difficult": o.Difficult, "occluded": o.Occluded} {
		if value, err := format.ParseFloat(text); err == nil && value != 0 {
			info[name] = value
		}
	}
	if pose := strings.TrimSpace(o.Pose); pose != "" && pose != "Unspecified" {
		info["pose"] = pose
	}
	return info
}

// points reads the children x1, y1, x2, y2 and so on.
func (p *polygon) points(size format.Size) ([]annotation.Point, error) {
	var numbers []float64
	axes := []string{"x", "y"}
	for i, c := range p.Corners {
		if !strings.HasPrefix(c.XMLName.Local, axes[i%2]) {
			return nil, fmt.Errorf("its children are not x1, y1, x2, y2 and so on")
		}
		n, err := format.ParseFloat(c.Text)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	var corners [][2]float64
	for pair := range slices.Chunk(numbers, 2) {
		if len(pair) == 2 {
			corners = append(corners, [2]float64{pair[0], pair[1]})
		}
	}
	return format.PixelPoints(size, corners), nil
}
