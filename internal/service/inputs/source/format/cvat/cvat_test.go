package cvat_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/cvat"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text    string
		options format.Options
		want    string // of the annotations and labels, or of the problem
		skipped string
	}{
		"box": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><box ` +
				`label="car" xtl="10" ytl="10" xbr="50" ybr="50" occluded="1"><attribute name="colour">red</attribute></box>` +
				`</image></annotations>`,
			format.Options{}, `box car 0.2 0.1 1 0.5 {"attributes":{"colour":"red"},"occluded":true}`, "",
		},
		"turned box": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><box ` +
				`label="car" xtl="40" ytl="20" xbr="60" ybr="30" rotation="90"></box></image></annotations>`,
			format.Options{}, "polygon car 0.3,0.55 0.7,0.55 0.7,0.45 0.3,0.45", "",
		},
		"polygon": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train">` +
				`<polygon label="car" points="0,0;100,0;50,50"/></image></annotations>`,
			format.Options{}, "polygon car 0,0 0,1 1,0.5", "",
		},
		"point": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><points ` +
				`label="nose" points="50,25"/></image></annotations>`,
			format.Options{}, "point nose 0.5,0.5", "",
		},
		"points": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><points ` +
				`label="nose" points="50,25;100,50"/></image></annotations>`,
			format.Options{}, "keypoints nose 0.5,0.5 1,1", "",
		},
		"tag": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><tag ` +
				`label="night"/></image></annotations>`,
			format.Options{}, "label night", "",
		},
		"mask": {
			`<annotations><version>1.1</version><image id="0" name="https://example.com/a.png" width="3" height="2" ` +
				`subset="train"><mask label="bar" rle="0,2" left="1" top="0" width="1" height="2"/></image></annotations>`,
			format.Options{}, "mask bar", "",
		},
		"skeleton": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train">` +
				`<skeleton label="man"><points label="a" points="50,25" occluded="1"/><points label="b" points="0,0" ` +
				`outside="1"/></skeleton></image></annotations>`,
			format.Options{}, "keypoints man 0.5,0.5 NOT_VISIBLE 0,0 NOT_PRESENT", "",
		},
		"polyline": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train">` +
				`<polyline label="lane" points="0,0;1,1"/></image></annotations>`,
			format.Options{}, "", "shapes of type polyline",
		},
		"ellipse as box": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train">` +
				`<ellipse label="sun" cx="50" cy="25" rx="50" ry="25"/></image></annotations>`,
			format.Options{BoxesOnly: true}, "box sun 0 0 1 1", "",
		},
		"outside": {
			`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><box ` +
				`label="car" xtl="10" ytl="10" xbr="100.5" ybr="50"/></image></annotations>`,
			format.Options{}, "outside 0 to 1", "",
		},
		"track": {
			`<annotations><version>1.1</version><meta><task><name>v</name><start_frame>10</start_frame>` +
				`<frame_filter>step=5</frame_filter><original_size><width>100</width><height>50</height></original_size>` +
				`<source>https://example.com/v.mp4</source></task></meta><track id="3" label="car"><box frame="1" ` +
				`keyframe="1" outside="0" xtl="10" ytl="10" xbr="50" ybr="50"/><box frame="2" keyframe="0" outside="0" ` +
				`xtl="10" ytl="10" xbr="50" ybr="50"/><box frame="3" keyframe="1" outside="1" xtl="10" ytl="10" xbr="50" ` +
				`ybr="50"/></track></annotations>`,
			format.Options{FPS: 25}, "box car 0.2 0.1 1 0.5 frame 15 at 600 ms track-3", "interpolated",
		},
		"track without fps": {
			`<annotations><version>1.1</version><meta><task><name>v</name><start_frame>10</start_frame>` +
				`<frame_filter>step=5</frame_filter><original_size><width>100</width><height>50</height></original_size>` +
				`<source>https://example.com/v.mp4</source></task></meta><track id="3" label="car"></track></annotations>`,
			format.Options{}, "frames_per_second", "",
		},
		"another root": {"<annotation/>", format.Options{}, `root "annotation"`, ""},
		"cut off":      {"<annotations><image", format.Options{}, "not XML of this format", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, cvat.Read, "a.xml", test.text, &test.options)
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
	f.Add([]byte(`<annotations><version>1.1</version><image id="0" name="a.png" width="100" height="50" subset="train"><box ` +
		`label="car" xtl="10" ytl="10" xbr="50" ybr="50" rotation="3"><attribute name="a">b</attribute></box><mask ` +
		`label="bar" rle="1,2" left="1" top="0" width="1" height="2"/><skeleton label="man"><points points="50,25"/>` +
		`</skeleton></image></annotations>`))
	f.Add([]byte(`<annotations><version>1.1</version><meta><task><name>v</name><start_frame>10</start_frame>` +
		`<frame_filter>step=5</frame_filter><original_size><width>100</width><height>50</height></original_size>` +
		`<source>https://example.com/v.mp4</source></task></meta><track id="3" label="car"><box frame="1" ` +
		`keyframe="1" outside="0" xtl="10" ytl="10" xbr="50" ybr="50"/></track></annotations>`))
	formattest.Fuzz(f, cvat.Read, "a.xml")
}
