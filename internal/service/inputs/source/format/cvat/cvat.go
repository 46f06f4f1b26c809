// Package cvat reads CVAT XML 1.1: annotations of images and of videos.
package cvat

import (
	"encoding/xml"
	"errors"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// element is an XML element whose attributes are read by name.
type element struct {
	XMLName    xml.Name
	Attrs      []xml.Attr `xml:",any,attr"`
	Attributes []struct {
		Name string `xml:"name,attr"`
		Text string `xml:",chardata"`
	} `xml:"attribute"`
	Children []element `xml:",any"`
	line     int32
}

func (e *element) text(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// numbers reads attributes, all of which are needed.
func (e *element) numbers(names ...string) ([]float64, error) {
	all := make([]float64, len(names))
	for i, name := range names {
		n, err := format.ParseFloat(e.text(name))
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", name, e.XMLName.Local, err)
		}
		all[i] = n
	}
	return all, nil
}

// meta is what matters of the task, project or job that the annotations are of.
type meta struct {
	Source    string `xml:"source"`
	Name      string `xml:"name"`
	Start     string `xml:"start_frame"`
	Filter    string `xml:"frame_filter"`
	Original  size   `xml:"original_size"`
	frameStep int
}

type size struct {
	Width  int `xml:"width"`
	Height int `xml:"height"`
}

// Read is the [format.Reader] of CVAT XML.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		file, in, err := format.Open(path)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		defer func() { _ = file.Close() }()
		r := &reader{path: path, options: options, decoder: format.NewXML(in)}
		if err := r.read(yield); err != nil {
			yield(format.Row{}, format.ExplainXML(path, r.decoder, err))
		}
	}
}

type reader struct {
	path    string
	options *format.Options
	decoder *xml.Decoder
	meta    meta
	video   *format.Row // of the tracks; nil if there are none
}

var errStop = errors.New("the caller stopped")

func (r *reader) read(yield func(format.Row, error) bool) error {
	root, err := r.root()
	if err != nil {
		return err
	}
	if root != "annotations" {
		return format.Problemf(r.path, 1, "the file is XML with the root %q, and CVAT has \"annotations\"", root)
	}
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if r.video != nil {
				yield(*r.video, nil)
			}
			return nil
		case xml.StartElement:
			if err := r.child(&t, yield); errors.Is(err, errStop) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}

func (r *reader) root() (string, error) {
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return "", err
		}
		if t, ok := token.(xml.StartElement); ok {
			return t.Name.Local, nil
		}
	}
}

func (r *reader) child(t *xml.StartElement, yield func(format.Row, error) bool) error {
	line := r.line()
	switch t.Name.Local {
	case "meta":
		return r.readMeta(t)
	case "image":
		var e element
		if err := r.decoder.DecodeElement(&e, t); err != nil {
			return err
		}
		e.line = line
		row, problem := r.image(&e)
		if !yield(row, problem.Err()) {
			return errStop
		}
	case "track":
		var e element
		if err := r.decoder.DecodeElement(&e, t); err != nil {
			return err
		}
		e.line = line
		if problem := r.track(&e); problem != nil && !yield(format.Row{Path: r.path, Line: line}, problem) {
			return errStop
		}
	default:
		return r.decoder.Skip()
	}
	return nil
}

func (r *reader) line() int32 {
	line, _ := r.decoder.InputPos()
	return int32(line) //nolint:gosec // lines of a file
}

// readMeta reads what describes the videos: it is inside task, project or job.
func (r *reader) readMeta(t *xml.StartElement) error {
	var m struct {
		Task   *meta  `xml:"task"`
		Job    *meta  `xml:"job"`
		Source string `xml:"source"`
	}
	if err := r.decoder.DecodeElement(&m, t); err != nil {
		return err
	}
	switch {
	case m.Task != nil:
		r.meta = *m.Task
	case m.Job != nil:
		r.meta = *m.Job
	}
	if r.meta.Source == "" {
		r.meta.Source = m.Source
	}
	r.meta.frameStep = 1
	if step, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(r.meta.Filter), "step=")); err == nil && step > 0 {
		r.meta.frameStep = step
	}
	return nil
}

func (r *reader) image(e *element) (format.Row, *format.Problem) {
	row := format.Row{Kind: inputcontent.Image, Path: r.path, Line: e.line, Split: e.text("subset"), HasAnnotations: true}
	if problem := r.options.Find(&row, e.text("name"), filepath.Dir(r.path)); problem != nil {
		return row, problem
	}
	width, _ := format.ParseFloat(e.text("width"))
	height, _ := format.ParseFloat(e.text("height"))
	size, problem := format.SizeOf(&row, format.Size{Width: int(width), Height: int(height)})
	if problem != nil {
		return row, problem
	}
	for i := range e.Children {
		shape := &e.Children[i]
		if shape.XMLName.Local == "tag" {
			row.HasConcepts = true
			row.Concepts = append(row.Concepts, format.Label(shape.text("label")))
			continue
		}
		if problem := r.add(&row, shape, shape.text("label"), size, annotation.Annotation{Line: e.line}); problem != nil {
			return row, problem
		}
	}
	return row, nil
}

// track adds the key frames of a track to the row of the video. Frames between them are interpolated:
// dataset versions do so themselves.
func (r *reader) track(e *element) *format.Problem {
	if r.options.FPS == 0 {
		return format.Problemf(
			r.path,
			e.line,
			"the file numbers the frames of a video, and the service also needs their times: set frames_per_second",
		)
	}
	if r.video == nil {
		row := format.Row{Kind: inputcontent.Video, Path: r.path, Line: e.line, HasAnnotations: true}
		name := r.meta.Source
		if name == "" {
			name = r.meta.Name
		}
		if problem := r.options.Find(&row, name, filepath.Dir(r.path)); problem != nil {
			return problem
		}
		r.video = &row
	}
	size := format.Size{Width: r.meta.Original.Width, Height: r.meta.Original.Height}
	if size.Width <= 0 || size.Height <= 0 {
		return format.Problemf(r.path, e.line, "the size of the video is not stated (original_size)")
	}
	start, _ := strconv.Atoi(strings.TrimSpace(r.meta.Start))
	for i := range e.Children {
		shape := &e.Children[i]
		frame, err := strconv.Atoi(shape.text("frame"))
		switch {
		case shape.XMLName.Local == "track":
			r.options.Skip(r.path, e.line, "tracks of the parts of skeletons")
			continue
		case err != nil || frame < 0:
			return format.Problemf(r.path, e.line, "a shape of track %s has no frame", e.text("id"))
		case shape.text("outside") == "1":
			continue // the object has left the frame
		case shape.text("keyframe") == "0":
			r.options.Skip(r.path, e.line, "interpolated frames of tracks")
			continue
		}
		number := start + frame*r.meta.frameStep
		a := annotation.Annotation{Line: e.line}
		a.Edit().Frame = &annotation.Frame{
			Number: uint32(number),
			TimeMS: uint32(math.Round(float64(number) / r.options.FPS * 1000)),
		} //nolint:gosec // frames of a video
		a.Rest.TrackID = "track-" + format.Identifier(e.text("id"))
		if problem := r.add(r.video, shape, e.text("label"), size, a); problem != nil {
			return problem
		}
	}
	return nil
}

// add adds a shape. a has what the shape does not say.
func (r *reader) add(row *format.Row, e *element, label string, size format.Size, a annotation.Annotation) *format.Problem {
	a.Concepts = []annotation.Concept{format.Label(label)}
	if info := info(e); len(info) > 0 {
		text, err := json.Marshal(info, json.Deterministic(true))
		if err != nil {
			return format.Problemf(r.path, a.Line, "%v", err)
		}
		a.Edit().Info = text
	}
	kept, err := r.shape(&a, e, size)
	if err != nil {
		return format.Problemf(r.path, a.Line, "%v", err)
	}
	if !kept {
		return nil
	}
	if r.options.BoxesOnly && a.Shape != annotation.Box {
		if a.Shape == annotation.Mask {
			r.options.Skip(r.path, a.Line, "masks, since only boxes are read")
			return nil
		}
		a = format.Bounds(a)
	}
	return r.options.Add(row, a)
}

// shape sets the region of an annotation, or skips it. Several points of one shape become keypoints.
func (r *reader) shape(a *annotation.Annotation, e *element, size format.Size) (kept bool, err error) {
	switch kind := e.XMLName.Local; kind {
	case "box":
		n, err := e.numbers("xtl", "ytl", "xbr", "ybr")
		if err != nil {
			return false, err
		}
		if turn, _ := format.ParseFloat(e.text("rotation")); turn != 0 {
			corners := format.Turn(n[0], n[1], n[2], n[3], turn, (n[0]+n[2])/2, (n[1]+n[3])/2)
			a.Shape, a.Points = annotation.Polygon, format.PixelPoints(size, corners[:])
			return true, nil
		}
		a.Shape, a.Rect = annotation.Box, format.PixelBox(size, n[0], n[1], n[2], n[3])
	case "polygon", "points":
		corners, err := points(e.text("points"))
		if err != nil {
			return false, fmt.Errorf("points of %s: %w", kind, err)
		}
		a.Points = format.PixelPoints(size, corners)
		switch a.Shape = annotation.Polygon; {
		case kind == "points" && len(corners) == 1:
			a.Shape = annotation.SinglePoint
		case kind == "points":
			a.Shape = annotation.Keypoints
		}
	case "ellipse":
		n, err := e.numbers("cx", "cy", "rx", "ry")
		if err != nil {
			return false, err
		}
		turn, _ := format.ParseFloat(e.text("rotation"))
		a.Shape, a.Points = annotation.Polygon, format.PixelPoints(size, format.Ellipse(n[0], n[1], n[2], n[3], turn))
	case "mask":
		return true, mask(a, e, size)
	case "skeleton":
		return true, skeleton(a, e, size)
	default:
		r.options.Skip(r.path, a.Line, "shapes of type "+kind)
		return false, nil
	}
	return true, nil
}

func mask(a *annotation.Annotation, e *element, size format.Size) error {
	n, err := e.numbers("left", "top", "width", "height")
	if err != nil {
		return err
	}
	var runs []int
	for text := range strings.SplitSeq(e.text("rle"), ",") {
		run, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("rle of mask: %q is not a number", text)
		}
		runs = append(runs, run)
	}
	bitmap, err := format.NewBitmap(size)
	if err != nil {
		return err
	}
	if err := bitmap.FillRows(format.Size{Width: int(n[2]), Height: int(n[3])}, int(n[0]), int(n[1]), runs); err != nil {
		return err
	}
	content, err := bitmap.PNG()
	a.Shape = annotation.Mask
	a.Edit().Mask = &annotation.MaskImage{PNG: content}
	return err
}

func skeleton(a *annotation.Annotation, e *element, size format.Size) error {
	a.Shape = annotation.Keypoints
	for i := range e.Children {
		part := &e.Children[i]
		p := annotation.Point{Visibility: annotation.NotPresent}
		if part.text("outside") != "1" {
			corners, err := points(part.text("points"))
			if err != nil || len(corners) != 1 {
				return fmt.Errorf("a part of the skeleton has no point")
			}
			p = format.PixelPoint(size, corners[0][0], corners[0][1])
			if p.Visibility = annotation.Visible; part.text("occluded") == "1" {
				p.Visibility = annotation.NotVisible
			}
		}
		a.Points = append(a.Points, p)
	}
	return nil
}

// points reads "x,y;x,y".
func points(text string) ([][2]float64, error) {
	var all [][2]float64
	for pair := range strings.SplitSeq(text, ";") {
		x, y, ok := strings.Cut(pair, ",")
		px, err1 := format.ParseFloat(x)
		py, err2 := format.ParseFloat(y)
		if !ok || err1 != nil || err2 != nil {
			return nil, fmt.Errorf("%q is not a pair of numbers", pair)
		}
		all = append(all, [2]float64{px, py})
	}
	return all, nil
}

// info is what a shape says besides its class and place, as far as it is set.
func info(e *element) map[string]any {
	info := map[string]any{}
	if e.text("occluded") == "1" {
		info["occluded"] = true
	}
	if group := e.text("group_id"); group != "" && group != "0" {
		info["group_id"] = group
	}
	if len(e.Attributes) > 0 {
		all := map[string]any{}
		for _, a := range e.Attributes {
			all[a.Name] = strings.TrimSpace(a.Text)
		}
		info["attributes"] = all
	}
	return info
}
