// Package kitti reads KITTI object detection: label_2/*.txt beside image_2/*.png.
package kitti

import (
	"bufio"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Read is the [format.Reader] of KITTI. path is the directory that has label_2, or label_2 itself.
func Read(path string, options *format.Options) iter.Seq2[format.Row, error] {
	return func(yield func(format.Row, error) bool) {
		labels, root := path, filepath.Dir(path)
		if filepath.Base(path) != "label_2" {
			for _, below := range []string{"label_2", filepath.Join("training", "label_2")} {
				if candidate := filepath.Join(path, below); format.IsDirectory(candidate) {
					labels, root = candidate, filepath.Dir(candidate)
					break
				}
			}
		}
		if !format.IsDirectory(labels) {
			yield(format.Row{}, fmt.Errorf("%q is not a directory, and KITTI has one with label_2 and image_2 in it", path))
			return
		}
		files, err := format.FilesBelow(labels, ".txt")
		if err != nil {
			yield(format.Row{}, err)
			return
		}
		for _, file := range files {
			row, problem := read(file, root, options)
			if !yield(row, problem.Err()) {
				return
			}
		}
	}
}

func read(path, root string, options *format.Options) (format.Row, *format.Problem) {
	row := format.Row{Kind: inputcontent.Image, Path: path, Line: 1, HasAnnotations: true}
	if problem := options.Find(&row, filepath.Join("image_2", format.Stem(path)+".png"), root); problem != nil {
		return row, problem
	}
	file, in, err := format.Open(path)
	if err != nil {
		return row, format.Problemf(path, 0, "%v", err)
	}
	defer func() { _ = file.Close() }()
	size, problem := format.SizeOf(&row, format.Size{})
	if problem != nil {
		return row, problem
	}
	scanner := bufio.NewScanner(in)
	for line := int32(1); scanner.Scan(); line++ {
		fields := strings.Fields(scanner.Text())
		if len(fields) == 0 {
			continue
		}
		if fields[0] == "DontCare" {
			options.Skip(path, line, "DontCare regions")
			continue
		}
		a, err := object(fields, size)
		if err != nil {
			return row, format.Problemf(path, line, "%v", err)
		}
		a.Line = line
		if problem := options.Add(&row, a); problem != nil {
			return row, problem
		}
	}
	if err := scanner.Err(); err != nil {
		return row, format.Problemf(path, 0, "%v", err)
	}
	return row, nil
}

// columns are those after the type. -1, -10 and -1000 fill what is not known.
var columns = []string{
	"truncated",
	"occluded",
	"alpha",
	"left",
	"top",
	"right",
	"bottom",
	"height",
	"width",
	"length",
	"x",
	"y",
	"z",
	"rotation_y",
}

func object(fields []string, size format.Size) (annotation.Annotation, error) {
	a := annotation.Annotation{Shape: annotation.Box, Concepts: []annotation.Concept{format.Label(fields[0])}}
	if len(fields) != len(columns)+1 && len(fields) != len(columns)+2 {
		return a, fmt.Errorf("it has %d columns, and KITTI has 15, or 16 with a score", len(fields))
	}
	info := map[string]any{}
	var box [4]float64
	for i, name := range columns {
		n, err := format.ParseFloat(fields[i+1])
		switch {
		case err != nil:
			return a, fmt.Errorf("%s: %w", name, err)
		case i >= 3 && i <= 6:
			box[i-3] = n
		case n != -1 && n != -10 && n != -1000 && n != 0:
			info[name] = n
		}
	}
	a.Rect = format.PixelBox(size, box[0], box[1], box[2], box[3])
	if len(info) > 0 {
		text, err := json.Marshal(info, json.Deterministic(true))
		if err != nil {
			return a, errors.New("the numbers cannot be written as JSON")
		}
		a.Edit().Info = text
	}
	return a, nil
}
