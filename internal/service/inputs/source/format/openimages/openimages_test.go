package openimages_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formattest"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/openimages"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text    string
		options format.Options
		want    string // of the annotations and labels, or of the problem
		skipped string
	}{
		"box": {`ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf
a,x,car,1,0.1,0.5,0.2,1,1,0
`, format.Options{}, `box car 0.2 0.1 1 0.5 {"IsOccluded":true}`, ""},
		"inverted": {`ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf
a,x,car,1,0.5,0.1,0.2,1,1,0
`, format.Options{}, `line 2: box of "car": the box is inverted`, ""},
		"labels": {`ImageID,Source,LabelName,Confidence
a,verification,/m/01g317,1
a,verification,/m/0k4j,0
a,machine,/m/0k5,0.4
`, format.Options{}, "label /m/01g317 label not /m/0k4j", "made by models"},
		"short line": {`ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf
a,x
`, format.Options{}, "names 10 columns", ""},
		"masks only": {`MaskPath,ImageID,LabelName
`, format.Options{}, "no CSV file", "masks"},
		"other columns": {`a,b
1,2
`, format.Options{}, "no CSV file of Open Images", ""},
		"no number": {`ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf
a,x,car,1,x,0.5,0.2,1,1,0
`, format.Options{}, "XMin", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, openimages.Read, "a.csv", test.text, &test.options)
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
	f.Add([]byte(`ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf
a,x,car,1,0.1,0.5,0.2,1,1,0
`))
	formattest.Fuzz(f, openimages.Read, "a.csv")
}
