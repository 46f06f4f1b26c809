// Package labelstudio reads Label Studio's JSON export: an array of tasks with annotations.
package labelstudio

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

type task struct {
	ID          jsontext.Value            `json:"id"`
	Data        map[string]jsontext.Value `json:"data"`
	Annotations []work                    `json:"annotations"`
	Completions []work                    `json:"completions"` // of old versions
	Predictions []jsontext.Value          `json:"predictions"`
}

// work is what one annotator made of a task.
type work struct {
	WasCancelled bool     `json:"was_cancelled"`
	GroundTruth  bool     `json:"ground_truth"`
	Result       []result `json:"result"`
}

type result struct {
	ID            string        `json:"id"`
	Type          string        `json:"type"`
	Width         format.Number `json:"original_width"`
	Height        format.Number `json:"original_height"`
	ImageRotation format.Number `json:"image_rotation"`
	Value         value         `json:"value"`
}

type value struct {
	X        format.Number     `json:"x"`
	Y        format.Number     `json:"y"`
	Width    format.Number     `json:"width"`
	Height   format.Number     `json:"height"`
	Rotation format.Number     `json:"rotation"`
	RadiusX  format.Number     `json:"radiusX"`
	RadiusY  format.Number     `json:"radiusY"`
	Points   [][]format.Number `json:"points"`
	RLE      numbers           `json:"rle"`

	Start jsontext.Value  `json:"start"`
	End   jsontext.Value  `json:"end"`
	Text  jsontext.Value  `json:"text"`
	Video []sequenceFrame `json:"sequence"`

	Choices          []string `json:"choices"`
	RectangleLabels  []string `json:"rectanglelabels"`
	PolygonLabels    []string `json:"polygonlabels"`
	KeypointLabels   []string `json:"keypointlabels"`
	EllipseLabels    []string `json:"ellipselabels"`
	BrushLabels      []string `json:"brushlabels"`
	HyperTextLabels  []string `json:"hypertextlabels"`
	TimeSeriesLabels []string `json:"timeserieslabels"`
	Labels           []string `json:"labels"`
}

// numbers are bytes that are written as an array of numbers.
type numbers []byte

// UnmarshalJSON reads the array.
func (n *numbers) UnmarshalJSON(b []byte) error {
	var list []uint16 // of bytes it would be base64
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, x := range list {
		*n = append(*n, byte(x))
	}
	return nil
}

type sequenceFrame struct {
	Frame    int           `json:"frame"` // from 1
	Enabled  *bool         `json:"enabled"`
	Rotation format.Number `json:"rotation"`
	X        format.Number `json:"x"`
	Y        format.Number `json:"y"`
	Width    format.Number `json:"width"`
	Height   format.Number `json:"height"`
	Time     format.Number `json:"time"`
}

func (v *value) labels() []annotation.Concept {
	var all []annotation.Concept
	for _, list := range [][]string{
		v.RectangleLabels, v.PolygonLabels, v.KeypointLabels, v.EllipseLabels, v.BrushLabels, v.Labels, v.HyperTextLabels, v.TimeSeriesLabels,
	} {
		for _, name := range list {
			all = append(all, format.Label(name))
		}
	}
	return all
}

// Read is the [format.Reader] of Label Studio's JSON export.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		in, err := format.OpenJSON(path)
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		defer func() { _ = in.Close() }()
		stopped := errors.New("the caller stopped")
		err = in.Elements(func() error {
			text, line, err := in.Value()
			if err != nil {
				return err
			}
			row, problem := read(text, path, line, options)
			if !yield(row, problem.Err()) {
				return stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, stopped) {
			yield(format.Row{}, in.Explain(err))
		}
	}
}

func read(text jsontext.Value, path string, line int32, options *format.Options) (format.Row, *format.Problem) {
	row := format.Row{Path: path, Line: line, HasAnnotations: true}
	var t task
	if err := json.Unmarshal(text, &t); err != nil {
		return row, format.Problemf(path, line, "the task cannot be read: %s", plain(err))
	}
	if t.Data == nil {
		return row, format.Problemf(path, line, "the task has no data: export JSON, not JSON_MIN, from Label Studio")
	}
	results := choose(&t, &row, options)
	if problem := content(&row, &t, results, options); problem != nil {
		return row, problem
	}
	r := reader{row: &row, options: options, line: line}
	for i := range results {
		if problem := r.add(&results[i]); problem != nil {
			return row, problem
		}
	}
	return row, nil
}

func plain(err error) string {
	if semantic := (*json.SemanticError)(nil); errors.As(err, &semantic) {
		return fmt.Sprintf(
			"%s cannot be a JSON %s",
			strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", "."),
			semantic.JSONKind,
		)
	}
	return err.Error()
}

// choose picks one annotator's work: the ground truth, else the first that was not cancelled.
func choose(t *task, row *format.Row, options *format.Options) []result {
	all := append(t.Annotations, t.Completions...)
	if len(all) == 0 && len(t.Predictions) > 0 {
		options.Skip(row.Path, row.Line, "tasks with predictions only")
	}
	chosen := slices.IndexFunc(all, func(w work) bool { return w.GroundTruth && !w.WasCancelled })
	if chosen < 0 {
		chosen = slices.IndexFunc(all, func(w work) bool { return !w.WasCancelled })
	}
	for i := range all {
		if i != chosen {
			options.Skip(row.Path, row.Line, "annotations by further annotators, and cancelled ones")
		}
	}
	if chosen < 0 {
		return nil
	}
	return all[chosen].Result
}

var (
	keys       = []string{"image", "img", "video", "audio", "text", "url", "ocr"}
	uploadName = regexp.MustCompile(`^[0-9a-f]{8}-`)
)

// content finds the content of the task among its data.
func content(row *format.Row, t *task, results []result, options *format.Options) *format.Problem {
	names := slices.Sorted(maps.Keys(t.Data))
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for _, key := range names {
		text := format.Key(t.Data[key])
		if text == "" || t.Data[key].Kind() != '"' {
			continue
		}
		if key == "text" || isText(results) && rank(key) >= 0 && inputcontent.TypeOf(text) == "" {
			row.Kind, row.Text = inputcontent.Text, text
			row.Name = "task-" + format.Key(t.ID)
			return nil
		}
		return file(row, text, options)
	}
	return format.Problemf(row.Path, row.Line, "the data of the task has no image, video, audio or text")
}

func rank(key string) int {
	if i := slices.Index(keys, key); i >= 0 {
		return i
	}
	return len(keys)
}

// isText tells whether the results are about a text.
func isText(results []result) bool {
	return slices.ContainsFunc(results, func(r result) bool { return r.Type == "labels" && len(r.Value.Text) > 0 })
}

// file finds the file that a task names: a URL, or one of the server's own paths.
func file(row *format.Row, name string, options *format.Options) *format.Problem {
	dir := filepath.Dir(row.Path)
	switch {
	case strings.HasPrefix(name, "data:"):
		return format.Problemf(row.Path, row.Line, "the content of the task is inside the file (%.20s...); export with files", name)
	case strings.HasPrefix(name, "/data/local-files/"):
		u, err := url.Parse(name)
		if err != nil {
			return format.Problemf(row.Path, row.Line, "%q is not a path", name)
		}
		name = strings.TrimPrefix(u.Query().Get("d"), "/")
	case strings.Contains(name, "://") && !format.IsURL(name), strings.HasPrefix(name, "/data/upload/"):
		name = path.Base(name)
	}
	problem := options.Find(row, name, dir)
	if problem != nil && uploadName.MatchString(path.Base(name)) {
		return options.Find(row, path.Base(name)[9:], dir)
	}
	return problem
}

type reader struct {
	row     *format.Row
	options *format.Options
	line    int32
}

func (r *reader) problem(text string, args ...any) *format.Problem {
	return format.Problemf(r.row.Path, r.line, text, args...)
}

func (r *reader) skip(what string) *format.Problem {
	r.options.Skip(r.row.Path, r.line, what)
	return nil
}

func (r *reader) add(result *result) *format.Problem {
	v := &result.Value
	if result.ImageRotation != 0 {
		return r.problem("the image was turned by %v degrees when it was annotated; turn the image itself", result.ImageRotation)
	}
	switch result.Type {
	case "choices":
		r.row.HasConcepts = true
		for _, name := range v.Choices {
			r.row.Concepts = append(r.row.Concepts, format.Label(name))
		}
		return nil
	case "videorectangle":
		return r.frames(result)
	}
	a := annotation.Annotation{Concepts: v.labels(), Line: r.line}
	if len(a.Concepts) == 0 {
		return r.skip("results of type " + result.Type + " without a label")
	}
	switch result.Type {
	case "rectanglelabels", "polygonlabels", "keypointlabels", "ellipselabels", "brushlabels":
		return r.region(&a, result)
	case "labels":
		return r.span(&a, v)
	}
	return r.skip("results of type " + result.Type)
}

// region reads a region of an image. Coordinates are percent of its size.
func (r *reader) region(a *annotation.Annotation, result *result) *format.Problem {
	v := &result.Value
	size := format.Size{Width: int(result.Width), Height: int(result.Height)}
	if size.Width > 0 && size.Height > 0 {
		if _, problem := format.SizeOf(r.row, size); problem != nil {
			return problem
		}
	} else {
		size = format.Size{Width: 100, Height: 100}
		if v.Rotation != 0 || result.Type == "brushlabels" {
			return r.problem("a turned region or brush has no original_width and original_height")
		}
	}
	px := func(x format.Number) float64 { return float64(x) / 100 * float64(size.Width) }
	py := func(y format.Number) float64 { return float64(y) / 100 * float64(size.Height) }
	switch result.Type {
	case "rectanglelabels":
		if v.Rotation != 0 {
			corners := format.Turn(px(v.X), py(v.Y), px(v.X+v.Width), py(v.Y+v.Height), float64(v.Rotation), px(v.X), py(v.Y))
			a.Shape, a.Points = annotation.Polygon, format.PixelPoints(size, corners[:])
			break
		}
		percent := format.Size{Width: 100, Height: 100}
		a.Shape, a.Rect = annotation.Box, format.PixelBox(percent, float64(v.X), float64(v.Y), float64(v.X+v.Width), float64(v.Y+v.Height))
	case "polygonlabels":
		a.Shape = annotation.Polygon
		for _, p := range v.Points {
			if len(p) != 2 {
				return r.problem("a point of a polygon has %d numbers, and must have 2", len(p))
			}
			a.Points = append(a.Points, format.PixelPoint(format.Size{Width: 100, Height: 100}, float64(p[0]), float64(p[1])))
		}
	case "keypointlabels":
		a.Shape = annotation.SinglePoint
		a.Points = []annotation.Point{format.PixelPoint(format.Size{Width: 100, Height: 100}, float64(v.X), float64(v.Y))}
	case "ellipselabels":
		a.Shape = annotation.Polygon
		a.Points = format.PixelPoints(size, format.Ellipse(px(v.X), py(v.Y), px(v.RadiusX), py(v.RadiusY), float64(v.Rotation)))
	case "brushlabels":
		if r.options.BoxesOnly {
			return r.skip("masks, since only boxes are read")
		}
		content, err := brush(v.RLE, size)
		if err != nil {
			return r.problem("brush: %v", err)
		}
		a.Shape = annotation.Mask
		a.Edit().Mask = &annotation.MaskImage{PNG: content}
	}
	if r.options.BoxesOnly && a.Shape != annotation.Box {
		*a = format.Bounds(*a)
	}
	return r.options.Add(r.row, *a)
}

// span reads a part of a text, or of a recording.
func (r *reader) span(a *annotation.Annotation, v *value) *format.Problem {
	start, err1 := format.ParseFloat(format.Key(v.Start))
	end, err2 := format.ParseFloat(format.Key(v.End))
	if err1 != nil || err2 != nil {
		return r.problem("a label has no start and end")
	}
	if r.row.Kind != inputcontent.Text {
		a.Edit().Segment = &annotation.Segment{Begin: float32(start), End: float32(end)}
		return r.options.Add(r.row, *a)
	}
	if start < 0 || end > math.MaxUint32 {
		return r.problem("the span %v to %v is outside the text", start, end)
	}
	a.Shape = annotation.Span
	a.Edit().Span = &annotation.TextSpan{Start: uint32(start), End: uint32(end), Text: format.Key(v.Text)}
	if f := a.Check(annotation.Limits{Text: r.row.Text}); f != nil {
		return r.problem("%s", f.Text)
	}
	r.row.Annotations = append(r.row.Annotations, *a)
	return nil
}

// frames reads the key frames of an object of a video.
func (r *reader) frames(result *result) *format.Problem {
	concepts := result.Value.labels()
	if len(concepts) == 0 {
		return r.skip("results of type videorectangle without a label")
	}
	for _, f := range result.Value.Video {
		if f.Rotation != 0 {
			r.options.Skip(r.row.Path, r.line, "turned boxes of videos")
			continue
		}
		milliseconds := float64(f.Time) * 1000
		if f.Time == 0 && r.options.FPS > 0 {
			milliseconds = float64(f.Frame-1) / r.options.FPS * 1000
		}
		if f.Frame < 1 || milliseconds < 0 || milliseconds > math.MaxUint32 {
			return r.problem("frame %d at %v s is outside the video", f.Frame, f.Time)
		}
		a := annotation.Annotation{Shape: annotation.Box, Concepts: concepts, Line: r.line}
		a.Rect = format.PixelBox(format.Size{Width: 100, Height: 100}, float64(f.X), float64(f.Y), float64(f.X+f.Width), float64(f.Y+f.Height))
		a.Edit().Frame = &annotation.Frame{Number: uint32(f.Frame - 1), TimeMS: uint32(math.Round(milliseconds))} //nolint:gosec // checked above
		a.Rest.TrackID = "track-" + format.Identifier(result.ID)
		if problem := r.options.Add(r.row, a); problem != nil {
			return problem
		}
	}
	return nil
}

// brush decodes Label Studio's run lengths: 32 bits with the number of values, 5 bits with the size of a
// word less one, four times 4 bits with sizes of run lengths less one; then records of one bit that tells
// whether a value repeats, two bits that choose a size, the run length less one, and the value or values.
// The values are RGBA bytes of the image, of which the fourth is the mask.
func brush(encoded []byte, size format.Size) ([]byte, error) {
	bitmap, err := format.NewBitmap(size)
	if err != nil {
		return nil, err
	}
	bits := bitReader{b: encoded}
	count := int(bits.take(32))
	if count != 4*size.Width*size.Height {
		return nil, fmt.Errorf(
			"it has %d values, and the image of %d x %d pixels has %d",
			count,
			size.Width,
			size.Height,
			4*size.Width*size.Height,
		)
	}
	word := uint(bits.take(5)) + 1
	var runSizes [4]uint
	for i := range runSizes {
		runSizes[i] = uint(bits.take(4)) + 1
	}
	put := func(at int, value uint64) {
		if at%4 == 3 && value > 0 {
			bitmap.Pixels[at/4] = 255
		}
	}
	for at := 0; at < count; {
		repeats := bits.take(1) == 1
		run := int(bits.take(runSizes[bits.take(2)])) + 1 //nolint:gosec // at most 16 bits
		if bits.over || at+run > count {
			return nil, errors.New("the run lengths are damaged")
		}
		value := uint64(0)
		if repeats {
			value = bits.take(word)
		}
		for range run {
			if !repeats {
				value = bits.take(word)
			}
			put(at, value)
			at++
		}
	}
	if bits.over {
		return nil, errors.New("the run lengths are damaged")
	}
	return bitmap.PNG()
}

// bitReader reads bits, the highest of each byte first.
type bitReader struct {
	b    []byte
	at   int
	over bool
}

func (r *bitReader) take(n uint) uint64 {
	var value uint64
	for range n {
		if r.at/8 >= len(r.b) {
			r.over = true
			return 0
		}
		value = value<<1 | uint64(r.b[r.at/8]>>(7-r.at%8)&1)
		r.at++
	}
	return value
}
