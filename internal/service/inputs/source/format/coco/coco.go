// Package coco reads COCO files: instances with boxes, polygons and run-length masks, keypoints and
// captions. Panoptic files are rejected by name.
package coco

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// image is an entry of "images". One that only annotations refer to has no name.
type image struct {
	name, url string
	size      format.Size
	line      int32
	captions  []string
}

// object is an entry of "annotations", in pixels. A data set has a million of them.
type object struct {
	box             [4]float64 // x, y, width, height
	detail          *detail
	image, category int32
	line            int32
	hasBox, crowd   bool
}

// objects is a list of objects that grows without copies of them.
type objects struct {
	chunks [][]object
	length int32
}

const chunkLength = 8192

// add appends an object.
func (l *objects) add(o object) {
	if l.length%chunkLength == 0 {
		l.chunks = append(l.chunks, make([]object, 0, chunkLength))
	}
	last := &l.chunks[len(l.chunks)-1]
	*last = append(*last, o)
	l.length++
}

// at returns object i.
func (l *objects) at(i int32) *object { return &l.chunks[i/chunkLength][i%chunkLength] }

// release frees memory of objects before i, which are not used any more.
func (l *objects) release(i int32) {
	for chunk := i/chunkLength - 1; chunk >= 0 && l.chunks[chunk] != nil; chunk-- {
		l.chunks[chunk] = nil
	}
}

// detail is what plain boxes do not have.
type detail struct {
	id         string
	rings      [][]float64
	rle        *runLengths
	keypoints  []float64
	attributes jsontext.Value
	problem    string
}

type runLengths struct {
	size format.Size
	runs []int
}

// file is what a COCO file holds.
type file struct {
	path       string
	options    *format.Options
	images     []image
	objects    objects
	categories []string
	imageOf    map[string]int32
	categoryOf map[string]int32
	known      []bool // of categories
	problems   []*format.Problem
}

// Read is the [format.Reader] of COCO files.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		f := &file{path: path, options: options, imageOf: map[string]int32{}, categoryOf: map[string]int32{}}
		if err := f.read(); err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, p := range f.problems {
			if !yield(format.Row{Path: path, Line: p.Line}, p) {
				return
			}
		}
		f.rows(yield)
	}
}

func (f *file) read() error {
	in, err := format.OpenJSON(f.path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return in.Explain(in.Members(func(name string) error {
		switch name {
		case "images":
			return in.Elements(func() error { return f.readImage(in) })
		case "categories":
			return in.Elements(func() error { return f.readCategory(in) })
		case "annotations":
			return in.Elements(func() error { return f.readObject(in) })
		}
		return in.SkipValue()
	}))
}

func (f *file) problem(line int32, text string, args ...any) {
	f.problems = append(f.problems, format.Problemf(f.path, line, text, args...))
}

// decode reads the next value into out. A value that does not fit is a problem, and skipped.
func (f *file) decode(in *format.JSON, what string, out any) (line int32, ok bool, err error) {
	value, line, err := in.Value()
	if err != nil {
		return 0, false, err
	}
	if err := json.Unmarshal(value, out); err != nil {
		f.problem(line, "an entry of %q cannot be read: %s", what, explain(err))
		return line, false, nil
	}
	return line, true, nil
}

func explain(err error) string {
	if semantic := (*json.SemanticError)(nil); errors.As(err, &semantic) {
		return fmt.Sprintf(
			"%s cannot be a JSON %s",
			strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", "."),
			semantic.JSONKind,
		)
	}
	return err.Error()
}

func (f *file) imageIndex(id string) int32 {
	if i, ok := f.imageOf[id]; ok {
		return i
	}
	i := int32(len(f.images)) //nolint:gosec // images fit into memory
	f.imageOf[id] = i
	f.images = append(f.images, image{})
	return i
}

func (f *file) categoryIndex(id string) int32 {
	if i, ok := f.categoryOf[id]; ok {
		return i
	}
	i := int32(len(f.categories)) //nolint:gosec // see above
	f.categoryOf[id] = i
	f.categories = append(f.categories, "")
	f.known = append(f.known, false)
	return i
}

func (f *file) readImage(in *format.JSON) error {
	var v struct {
		ID       jsontext.Value `json:"id"`
		FileName string         `json:"file_name"`
		Width    format.Number  `json:"width"`
		Height   format.Number  `json:"height"`
		CocoURL  string         `json:"coco_url"`
		URL      string         `json:"url"`
	}
	line, ok, err := f.decode(in, "images", &v)
	if err != nil || !ok {
		return err
	}
	id := format.Key(v.ID)
	switch {
	case id == "":
		f.problem(line, "an image has no id")
		return nil
	case v.FileName == "" && v.CocoURL == "" && v.URL == "":
		f.problem(line, "image %s has no file_name", id)
		return nil
	}
	i := f.imageIndex(id)
	if f.images[i].line > 0 {
		f.problem(line, "image id %s is also that of the image at line %d", id, f.images[i].line)
		return nil
	}
	url := v.CocoURL
	if url == "" {
		url = v.URL
	}
	f.images[i] = image{
		name:     v.FileName,
		url:      url,
		size:     format.Size{Width: int(v.Width), Height: int(v.Height)},
		line:     line,
		captions: f.images[i].captions,
	}
	return nil
}

func (f *file) readCategory(in *format.JSON) error {
	var v struct {
		ID   jsontext.Value `json:"id"`
		Name string         `json:"name"`
	}
	line, ok, err := f.decode(in, "categories", &v)
	if err != nil || !ok {
		return err
	}
	i := f.categoryIndex(format.Key(v.ID))
	if f.known[i] && f.categories[i] != v.Name {
		f.problem(line, "category id %s is both %q and %q", format.Key(v.ID), f.categories[i], v.Name)
		return nil
	}
	f.categories[i], f.known[i] = v.Name, true
	return nil
}

type entry struct {
	ID           jsontext.Value  `json:"id"`
	ImageID      jsontext.Value  `json:"image_id"`
	CategoryID   jsontext.Value  `json:"category_id"`
	Box          []format.Number `json:"bbox"`
	Segmentation jsontext.Value  `json:"segmentation"`
	IsCrowd      jsontext.Value  `json:"iscrowd"`
	Keypoints    []format.Number `json:"keypoints"`
	Caption      string          `json:"caption"`
	Attributes   jsontext.Value  `json:"attributes"`
	SegmentsInfo jsontext.Value  `json:"segments_info"`
}

func (f *file) readObject(in *format.JSON) error {
	var v entry
	line, ok, err := f.decode(in, "annotations", &v)
	if err != nil || !ok {
		return err
	}
	if len(v.SegmentsInfo) > 0 {
		return format.Problemf(
			f.path,
			line,
			"it is a COCO panoptic file, whose segments are in PNG files; convert it to COCO instances first, such as "+
				"with panopticapi's panoptic2detection_coco_format.py",
		)
	}
	id := format.Key(v.ImageID)
	if id == "" {
		f.problem(line, "annotation %s has no image_id", format.Key(v.ID))
		return nil
	}
	o := object{image: f.imageIndex(id), line: line, crowd: format.Key(v.IsCrowd) == "1" || string(v.IsCrowd) == "true"}
	if v.Caption != "" {
		i := &f.images[o.image]
		i.captions = append(i.captions, v.Caption)
		return nil
	}
	o.category = f.categoryIndex(format.Key(v.CategoryID))
	if len(v.Box) == 4 {
		o.hasBox = true
		for i, n := range v.Box {
			o.box[i] = float64(n)
		}
	} else if len(v.Box) != 0 {
		f.problem(line, "bbox of annotation %s has %d numbers, and must have 4", format.Key(v.ID), len(v.Box))
		return nil
	}
	if !f.options.BoxesOnly {
		o.detail = f.detail(&v)
	}
	f.objects.add(o)
	return nil
}

// detail is what an annotation has besides its box; nil if nothing.
func (f *file) detail(v *entry) *detail {
	d := &detail{id: format.Key(v.ID)}
	switch v.Segmentation.Kind() {
	case '[':
		var rings [][]format.Number
		if json.Unmarshal(v.Segmentation, &rings) != nil {
			d.problem = "segmentation is neither a list of polygons nor run lengths"
			break
		}
		for _, ring := range rings {
			d.rings = append(d.rings, floats(ring))
		}
	case '{':
		var err error
		if d.rle, err = parseRunLengths(v.Segmentation); err != nil {
			d.problem = err.Error()
		}
	}
	if slices.ContainsFunc(v.Keypoints, func(n format.Number) bool { return n != 0 }) {
		d.keypoints = floats(v.Keypoints)
	}
	if v.Attributes.Kind() == '{' && len(v.Attributes) > 2 {
		d.attributes = slices.Clone(v.Attributes)
	}
	if len(d.rings) == 0 && d.rle == nil && d.keypoints == nil && d.attributes == nil && d.problem == "" {
		return nil
	}
	return d
}

func floats(numbers []format.Number) []float64 {
	out := make([]float64, len(numbers))
	for i, n := range numbers {
		out[i] = float64(n)
	}
	return out
}

func parseRunLengths(value jsontext.Value) (*runLengths, error) {
	var v struct {
		Size   []int          `json:"size"`
		Counts jsontext.Value `json:"counts"`
	}
	if json.Unmarshal(value, &v) != nil || len(v.Size) != 2 {
		return nil, fmt.Errorf("segmentation is neither a list of polygons nor run lengths with a size")
	}
	r := &runLengths{size: format.Size{Width: v.Size[1], Height: v.Size[0]}}
	if v.Counts.Kind() == '"' {
		text, err := jsontext.AppendUnquote(nil, v.Counts)
		if err != nil {
			return nil, err
		}
		r.runs, err = decompress(text)
		return r, err
	}
	if json.Unmarshal(v.Counts, &r.runs) != nil {
		return nil, fmt.Errorf("counts of the run lengths are neither a list of numbers nor a string")
	}
	return r, nil
}

// decompress reads COCO's string of run lengths: groups of 5 bits, low ones first, each plus 48, with a
// bit that more follow; from the fourth on, differences to the run before the last.
func decompress(text []byte) ([]int, error) {
	var runs []int
	for at := 0; at < len(text); {
		var value int64
		more := true
		for shift := 0; more; shift += 5 {
			if at >= len(text) || shift > 50 || text[at] < 48 || text[at] > 48+63 {
				return nil, fmt.Errorf("counts of the run lengths are damaged")
			}
			group := int64(text[at] - 48)
			at++
			value |= group & 0x1f << shift
			if more = group&0x20 != 0; !more && group&0x10 != 0 {
				value |= -1 << (shift + 5)
			}
		}
		if len(runs) > 2 {
			value += int64(runs[len(runs)-2])
		}
		runs = append(runs, int(value))
	}
	return runs, nil
}

// rows yields one row for each image, with the objects of that image. It releases the objects on the way, since the
// rows need as much memory.
func (f *file) rows(yield func(format.Row, error) bool) {
	starts := f.sortByImage()
	concepts := make([][]annotation.Concept, len(f.categories))
	for i, name := range f.categories {
		concepts[i] = []annotation.Concept{format.Label(name)}
	}
	for i := range f.images {
		image, from, to := &f.images[i], starts[i], starts[i+1]
		f.objects.release(from)
		if image.line == 0 {
			for o := from; o < to; o++ {
				f.options.Skip(f.path, f.objects.at(o).line, "annotations of images that the file does not list")
			}
			continue
		}
		row, problem := f.row(image, from, to, concepts)
		if !yield(row, problem.Err()) {
			return
		}
	}
}

// sortByImage sorts the objects by their images, in place and otherwise in the order of the file. It returns where the
// objects of each image start, and where the last ones end.
func (f *file) sortByImage() (starts []int32) {
	starts = make([]int32, len(f.images)+1)
	for i := range f.objects.length {
		starts[f.objects.at(i).image+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	next := slices.Clone(starts)
	places := make([]int32, f.objects.length) // where each object belongs
	for i := range places {
		image := f.objects.at(int32(i)).image //nolint:gosec // objects fit into memory
		places[i] = next[image]
		next[image]++
	}
	for i := range f.objects.length {
		for j := places[i]; j != i; j = places[i] {
			a, b := f.objects.at(i), f.objects.at(j)
			*a, *b = *b, *a
			places[i], places[j] = places[j], j
		}
	}
	return starts
}

func (f *file) row(image *image, from, to int32, concepts [][]annotation.Concept) (format.Row, *format.Problem) {
	row := format.Row{Kind: inputcontent.Image, Path: f.path, Line: image.line, HasAnnotations: true}
	name := image.name
	if name == "" {
		name = image.url
	}
	if problem := f.options.Find(&row, name, filepath.Dir(f.path)); problem != nil {
		if !format.IsURL(image.url) {
			return row, problem
		}
		row.URL, row.File = image.url, ""
	}
	if len(image.captions) > 0 {
		metadata, err := json.Marshal(map[string]any{"captions": image.captions})
		if err != nil {
			return row, format.Problemf(f.path, image.line, "captions: %v", err)
		}
		row.Metadata = metadata
	}
	if from == to {
		return row, nil
	}
	size, problem := format.SizeOf(&row, image.size)
	if problem != nil {
		return row, problem
	}
	row.Annotations = make([]annotation.Annotation, 0, to-from)
	for i := from; i < to; i++ {
		o := f.objects.at(i)
		if !f.known[o.category] {
			return row, format.Problemf(f.path, o.line, "an annotation of %q has a category_id that \"categories\" does not list", row.Name)
		}
		if problem := f.add(&row, o, size, concepts[o.category]); problem != nil {
			return row, problem
		}
	}
	return row, nil
}

// add adds an object: its polygons or mask, else its box; and its keypoints.
func (f *file) add(row *format.Row, o *object, size format.Size, concepts []annotation.Concept) *format.Problem {
	if o.crowd {
		f.options.Skip(f.path, o.line, "crowd regions (iscrowd = 1), which stand for groups of objects")
		return nil
	}
	base := annotation.Annotation{Concepts: concepts, Line: o.line}
	d := o.detail
	if d == nil {
		d = &detail{}
	}
	if d.problem != "" {
		return format.Problemf(f.path, o.line, "%s", d.problem)
	}
	if d.attributes != nil {
		info, err := annotation.Object(d.attributes)
		if err != nil {
			return format.Problemf(f.path, o.line, "attributes cannot be read: %v", err)
		}
		base.Edit().Info = info
	}
	switch {
	case len(d.rings) > 0:
		for _, ring := range d.rings {
			a := base
			if len(d.rings) > 1 {
				a.Rest = withPart(base.Rest, d.id)
			}
			a.Shape = annotation.Polygon
			for i := 0; i+1 < len(ring); i += 2 {
				a.Points = append(a.Points, format.PixelPoint(size, ring[i], ring[i+1]))
			}
			if problem := f.options.Add(row, a); problem != nil {
				return problem
			}
		}
	case d.rle != nil:
		a, problem := f.mask(base, o, size)
		if problem != nil {
			return problem
		}
		row.Annotations = append(row.Annotations, a)
	case o.hasBox:
		a := base
		a.Shape = annotation.Box
		a.Rect = format.PixelBox(size, o.box[0], o.box[1], o.box[0]+o.box[2], o.box[1]+o.box[3])
		if problem := f.options.Add(row, a); problem != nil {
			return problem
		}
	case d.keypoints == nil:
		f.options.Skip(f.path, o.line, "annotations without a box or segmentation")
	}
	if d.keypoints == nil {
		return nil
	}
	return f.keypoints(row, base, d.keypoints, size)
}

// withPart is the rest of a polygon that is one of several of an object: they share the object's id.
func withPart(rest *annotation.Rest, id string) *annotation.Rest {
	part := annotation.Rest{}
	if rest != nil {
		part = *rest
	}
	all := map[string]any{}
	if part.Info != nil {
		_ = json.Unmarshal(part.Info, &all) // an object, as it was written by this package
	}
	all["object_id"] = id
	part.Info, _ = json.Marshal(all, json.Deterministic(true)) // has no value that JSON lacks
	return &part
}

func (f *file) mask(a annotation.Annotation, o *object, size format.Size) (annotation.Annotation, *format.Problem) {
	r := o.detail.rle
	if r.size != size {
		return a, format.Problemf(
			f.path,
			o.line,
			"the mask has %d x %d pixels, and the image has %d x %d",
			r.size.Width,
			r.size.Height,
			size.Width,
			size.Height,
		)
	}
	bitmap, err := format.NewBitmap(size)
	if err == nil {
		err = bitmap.FillColumns(r.runs)
	}
	if err != nil {
		return a, format.Problemf(f.path, o.line, "%v", err)
	}
	content, err := bitmap.PNG()
	if err != nil {
		return a, format.Problemf(f.path, o.line, "the mask cannot be encoded: %v", err)
	}
	a.Shape = annotation.Mask
	rest := *a.Extra()
	rest.Mask = &annotation.MaskImage{PNG: content}
	a.Rest = &rest
	return a, nil
}

func (f *file) keypoints(row *format.Row, a annotation.Annotation, numbers []float64, size format.Size) *format.Problem {
	if len(numbers)%3 != 0 {
		return format.Problemf(f.path, a.Line, "keypoints has %d numbers, and each keypoint has 3", len(numbers))
	}
	a.Shape = annotation.Keypoints
	for i := 0; i < len(numbers); i += 3 {
		p := annotation.Point{Visibility: annotation.NotPresent}
		if v := numbers[i+2]; v > 0 {
			p = format.PixelPoint(size, numbers[i], numbers[i+1])
			if p.Visibility = annotation.NotVisible; v > 1 {
				p.Visibility = annotation.Visible
			}
		}
		a.Points = append(a.Points, p)
	}
	return f.options.Add(row, a)
}
