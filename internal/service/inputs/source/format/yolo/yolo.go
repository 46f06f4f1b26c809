// Package yolo reads YOLO data sets as Ultralytics has them: a data.yaml with the names of the classes,
// and one text file of labels for each image. Detection and segmentation are read.
package yolo

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// dataset is a data.yaml.
type dataset struct {
	Path      string `yaml:"path"`
	Train     any    `yaml:"train"`
	Val       any    `yaml:"val"`
	Valid     any    `yaml:"valid"`
	Test      any    `yaml:"test"`
	Names     any    `yaml:"names"`
	Keypoints []int  `yaml:"kpt_shape"`
	Task      string `yaml:"task"`
}

// Read is the [format.Reader] of YOLO. path is the data.yaml.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		d := &reader{path: path, options: options, seen: map[string]string{}}
		images, err := d.open()
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, image := range images {
			row, problem := d.row(image)
			if !yield(row, problem.Err()) {
				return
			}
		}
	}
}

type reader struct {
	path    string
	options *format.Options
	root    string
	names   []string
	labels  map[int][]annotation.Concept
	seen    map[string]string // split by image
}

type image struct{ file, name, split string }

func (d *reader) open() ([]image, error) {
	if format.IsDirectory(d.path) {
		d.path = filepath.Join(d.path, "data.yaml")
	}
	text, err := os.ReadFile(d.path)
	if err != nil {
		return nil, err
	}
	var config dataset
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, format.Problemf(d.path, 0, "it is not YAML: %s", yaml.FormatError(err, false, false))
	}
	if len(config.Keypoints) > 0 {
		return nil, format.Problemf(d.path, 0, "it is a YOLO pose data set (kpt_shape), which is not read; convert it to COCO keypoints")
	}
	if d.names, err = classes(config.Names); err != nil {
		return nil, format.Problemf(d.path, 0, "%v", err)
	}
	d.labels = map[int][]annotation.Concept{}
	d.root = d.findRoot(config.Path)
	var all []image
	for _, s := range []struct {
		split string
		paths any
	}{{"train", config.Train}, {"val", config.Val}, {"val", config.Valid}, {"test", config.Test}} {
		found, err := d.images(s.split, s.paths)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, format.Problemf(d.path, 0, "there are no images where train, val and test say")
	}
	return all, nil
}

// findRoot is the directory that train, val and test are relative to.
func (d *reader) findRoot(path string) string {
	if d.options.Directory != "" {
		return d.options.Directory
	}
	dir := filepath.Dir(d.path)
	if path == "" || filepath.IsAbs(path) {
		return dir // an absolute path is one of another machine
	}
	if root := filepath.Join(dir, filepath.FromSlash(path)); format.IsDirectory(root) {
		return root
	}
	return dir
}

// classes are the names, by index.
func classes(value any) ([]string, error) {
	switch v := value.(type) {
	case []any:
		names := make([]string, len(v))
		for i, name := range v {
			names[i] = fmt.Sprint(name)
		}
		return names, nil
	case map[string]any:
		names := make([]string, len(v))
		for key, name := range v {
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return nil, fmt.Errorf("names has the index %q, and indices are 0 to %d", key, len(v)-1)
			}
			names[i] = fmt.Sprint(name)
		}
		return names, nil
	case nil:
		return nil, errors.New("there are no names of classes")
	}
	return nil, fmt.Errorf("names is neither a list nor a map")
}

// images lists the images of a split: a directory, a text file of paths, or a list of these.
func (d *reader) images(split string, paths any) ([]image, error) {
	switch v := paths.(type) {
	case nil:
		return nil, nil
	case []any:
		var all []image
		for _, path := range v {
			found, err := d.images(split, path)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		return all, nil
	case string:
		if v == "" {
			return nil, nil
		}
		at := d.locate(v)
		if at == "" {
			return nil, format.Problemf(d.path, 0, "%s is %q, and there is no such directory or file below %q; "+
				"set files_directory to the directory that it is relative to", split, v, d.root)
		}
		if format.IsDirectory(at) {
			return d.directory(split, at)
		}
		return d.list(split, at)
	}
	return nil, format.Problemf(d.path, 0, "%s is neither a path nor a list of paths", split)
}

// locate finds a path of data.yaml. Exports of Roboflow say ../train/images for train/images.
func (d *reader) locate(path string) string {
	slashed := filepath.FromSlash(strings.ReplaceAll(path, `\`, "/"))
	dotted := slashed
	for strings.HasPrefix(dotted, ".."+string(filepath.Separator)) {
		dotted = dotted[3:]
	}
	for _, candidate := range []string{
		filepath.Join(d.root, slashed), filepath.Join(d.root, dotted), filepath.Join(filepath.Dir(d.path), dotted),
	} {
		if _, err := os.Stat(candidate); err == nil {
			return candidate
		}
	}
	return ""
}

func (d *reader) add(all []image, file, split string) []image {
	if other, twice := d.seen[file]; twice {
		d.options.Skip(file, 0, fmt.Sprintf("images that are both in %s and in %s; the first counts", other, split))
		return all
	}
	d.seen[file] = split
	name := file
	if relative, err := filepath.Rel(d.root, file); err == nil && !strings.HasPrefix(relative, "..") {
		name = relative
	}
	return append(all, image{file, filepath.ToSlash(name), split})
}

func (d *reader) directory(split, at string) ([]image, error) {
	files, err := format.Images(at)
	if err != nil {
		return nil, err
	}
	var all []image
	for _, file := range files {
		all = d.add(all, file, split)
	}
	return all, nil
}

func (d *reader) list(split, at string) ([]image, error) {
	file, in, err := format.Open(at)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var all []image
	scanner := bufio.NewScanner(in)
	for line := int32(1); scanner.Scan(); line++ {
		name := strings.TrimSpace(scanner.Text())
		if name == "" {
			continue
		}
		row := format.Row{Path: at, Line: line}
		if problem := d.options.Find(&row, name, d.root); problem != nil {
			return nil, problem
		}
		all = d.add(all, row.File, split)
	}
	return all, scanner.Err()
}

// labelFile is where the labels of an image are: the last "images" of its path becomes "labels".
func labelFile(image string) string {
	name := strings.TrimSuffix(image, filepath.Ext(image)) + ".txt"
	separator := string(filepath.Separator)
	i := strings.LastIndex(name, separator+"images"+separator)
	if i < 0 {
		return name
	}
	return name[:i] + separator + "labels" + separator + name[i+len("images")+2:]
}

func (d *reader) row(i image) (format.Row, *format.Problem) {
	row := format.Row{
		Name:           i.name,
		File:           i.file,
		Kind:           inputcontent.Image,
		Split:          i.split,
		Path:           labelFile(i.file),
		Line:           1,
		HasAnnotations: true,
	}
	file, in, err := format.Open(row.Path)
	if errors.Is(err, fs.ErrNotExist) {
		row.Path, row.Line = i.file, 0
		return row, nil // an image without objects
	}
	if err != nil {
		return row, format.Problemf(row.Path, 0, "%v", err)
	}
	defer func() { _ = file.Close() }()
	var seen []string
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 16<<20)
	for line := int32(1); scanner.Scan(); line++ {
		text := strings.Join(strings.Fields(scanner.Text()), " ")
		if text == "" {
			continue
		}
		if slices.Contains(seen, text) {
			d.options.Skip(row.Path, line, "lines that repeat another of the same file")
			continue
		}
		seen = append(seen, text)
		if problem := d.object(&row, text, line); problem != nil {
			return row, problem
		}
	}
	if err := scanner.Err(); err != nil {
		return row, format.Problemf(row.Path, 0, "%v", err)
	}
	return row, nil
}

// object reads a line: a class with the centre and size of a box, or with the corners of a polygon.
func (d *reader) object(row *format.Row, text string, line int32) *format.Problem {
	var numbers []float64
	for _, field := range strings.Fields(text) {
		n, err := format.ParseFloat(field)
		if err != nil {
			return format.Problemf(row.Path, line, "%v", err)
		}
		numbers = append(numbers, n)
	}
	class := int(numbers[0])
	if float64(class) != numbers[0] || class < 0 || class >= len(d.names) {
		return format.Problemf(
			row.Path,
			line,
			"class %v is none of the %d classes that %s names",
			numbers[0],
			len(d.names),
			filepath.Base(d.path),
		)
	}
	if d.labels[class] == nil {
		d.labels[class] = []annotation.Concept{format.Label(d.names[class])}
	}
	a := annotation.Annotation{Concepts: d.labels[class], Line: line}
	numbers = numbers[1:]
	unit := format.Size{Width: 1, Height: 1}
	switch n := len(numbers); {
	case n == 4:
		x, y, w, h := numbers[0], numbers[1], numbers[2], numbers[3]
		if max(x, y, w, h) > 2 {
			return format.Problemf(row.Path, line, "the numbers are pixels, and YOLO has fractions of the image's width and height")
		}
		a.Shape, a.Rect = annotation.Box, format.PixelBox(unit, x-w/2, y-h/2, x+w/2, y+h/2)
	case n >= 6 && n%2 == 0:
		var corners [][2]float64
		for pair := range slices.Chunk(numbers, 2) {
			corners = append(corners, [2]float64{pair[0], pair[1]})
		}
		a.Shape, a.Points = annotation.Polygon, format.PixelPoints(unit, corners)
		if d.options.BoxesOnly {
			a = format.Bounds(a)
		}
	default:
		return format.Problemf(row.Path, line, "there are %d numbers after the class: boxes have 4, and polygons 6 or more in pairs", n)
	}
	return d.options.Add(row, a)
}
