package voc_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/voc"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text    string
		options format.Options
		want    string // of the annotations and labels, or of the problem
		skipped string
	}{
		"counted from 1": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox></object>" +
				"</annotation>",
			format.Options{}, "box car 0.2 0.1 1 0.5", "",
		},
		"a 0 shows that it counts from 0": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>0</xmin><ymin>10</ymin><xmax>50</xmax><ymax>50</ymax></bndbox></object>" +
				"</annotation>",
			format.Options{}, "box car 0.2 0 1 0.5", "",
		},
		"floats": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>11.0</xmin><ymin>11.0</ymin><xmax>50.0</xmax><ymax>50.0</ymax></bndbox>" +
				"</object></annotation>",
			format.Options{}, "box car 0.2 0.1 1 0.5", "",
		},
		"attributes": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult><bndbox><xmin>11</xmin>" +
				"<ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox></object></annotation>",
			format.Options{}, `{"pose":"Left","truncated":1}`, "",
		},
		"parts": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>man</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox><part>" +
				"<name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part></object>" +
				"</annotation>",
			format.Options{}, "box man 0.2 0.1 1 0.5", "parts of objects",
		},
		"polygon": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox><polygon>" +
				"<x1>0</x1><y1>0</y1><x2>100</x2><y2>0</y2><x3>50</x3><y3>50</y3></polygon></object></annotation>",
			format.Options{}, "polygon car 0,0 0,1 1,0.5", "",
		},
		"box of a polygon": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox><polygon>" +
				"<x1>0</x1><y1>0</y1></polygon></object></annotation>",
			format.Options{BoxesOnly: true}, "box car 0.2 0.1 1 0.5", "",
		},
		"inverted": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>50</xmin><ymin>11</ymin><xmax>11</xmax><ymax>50</ymax></bndbox></object>" +
				"</annotation>",
			format.Options{}, "inverted", "",
		},
		"outside, clip": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>150</xmax><ymax>50</ymax></bndbox></object>" +
				"</annotation>",
			format.Options{OnInvalid: format.OnInvalidClip}, "box car 0.2 0.1 1 1", "clipped",
		},
		"no size is read from the image": {
			"<annotation><filename>a.png</filename><object><name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin>" +
				"<xmax>50</xmax><ymax>50</ymax></bndbox></object></annotation>",
			format.Options{}, "box car 0.2 0.1 1 0.5", "",
		},
		"image by the name of the XML file": {
			"<annotation><filename>elsewhere.png</filename><size><width>100</width><height>50</height></size></annotation>",
			format.Options{}, "", "",
		},
		"Latin-1": {
			`<?xml version="1.0" encoding="ISO-8859-1"?><annotation><filename>a.png</filename><size><width>100</width>` +
				`<height>50</height></size><object><name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax>` +
				`<ymax>50</ymax></bndbox></object></annotation>`,
			format.Options{}, "box car", "",
		},
		"another charset": {
			`<?xml version="1.0" encoding="gb2312"?><annotation><filename>a.png</filename><size><width>100</width>` +
				`<height>50</height></size></annotation>`,
			format.Options{}, "save it as UTF-8", "",
		},
		"another root": {"<annotations/>", format.Options{}, `root "annotations"`, ""},
		"no number": {
			"<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
				"<name>car</name><bndbox><xmin>x</xmin><ymin>11</ymin><xmax>11</xmax><ymax>50</ymax></bndbox></object>" +
				"</annotation>",
			format.Options{}, "is not a number", "",
		},
		"not XML": {"<annotation><object>", format.Options{}, "not XML of this format", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, voc.Read, "a.xml", test.text, &test.options)
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := test.options.Report.Text(); test.skipped == "" && text != "" || !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size><object>" +
		"<name>car</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox><polygon>" +
		"<x1>0</x1><y1>0</y1></polygon></object></annotation>"))
	formattest.Fuzz(f, voc.Read, "a.xml")
}
