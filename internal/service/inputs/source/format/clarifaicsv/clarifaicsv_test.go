package clarifaicsv_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/clarifaicsv"
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
		"SDK": {
			"\ufeffinputid,input,concepts,metadata,geopoints\nr1,\"Nice, really\",\"pos,short\",\"{'stars': 5}\",\"-73.98,40.75\"\n",
			format.Options{}, "label pos label short", "",
		},
		"portal": {
			"input.id\tinput.data.image.url\tinput.data.concepts[0].id\tinput.data.concepts[0].value\na\thttps://example.com/a.png\tcar\t0\n",
			format.Options{}, "label not car", "",
		},
		"value without id": {`input.id,input.data.image.url,input.data.concepts[0].value
a,https://example.com/a.png,1
`, format.Options{}, "has a value and no id", ""},
		"no content": {`inputid,concepts
a,b
`, format.Options{}, `no column "input"`, ""},
		"other column": {`inputid,input,mood
`, format.Options{}, `column "mood"`, ""},
		"bad metadata": {`inputid,input,metadata
a,text,nonsense
`, format.Options{}, "neither a JSON object nor", ""},
		"bad place": {`inputid,input,geopoints
a,text,"north,south"
`, format.Options{}, "are not two numbers", ""},
		"short line": {`inputid,input,concepts
a
`, format.Options{}, "names 3 columns", ""},
		"empty": {"", format.Options{}, "it is empty", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Report = &format.Report{}
			got := formattest.Outcome(t, clarifaicsv.Read, "a.csv", test.text, &test.options)
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := test.options.Report.Text(); test.skipped == "" && text != "" || !strings.Contains(text, test.skipped) {
				t.Errorf("skipped %q, want %q", text, test.skipped)
			}
		})
	}
}

func TestRead_rows(t *testing.T) {
	t.Parallel()
	text := "inputid,input,concepts,metadata,geopoints\nrev-1,\"Nice, really\",pos,\"{'stars': 5}\",\"-73.98," +
		"40.75\"\nrev-2,Bad,,,\nrev-3,https://example.com/a.png,,,\n"
	rows, err := formattest.Read(t, clarifaicsv.Read, "a.csv", text, &format.Options{})
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	first := rows[0]
	if first.ID != "rev-1" || first.Text != "Nice, really" || string(first.Metadata) != `{"stars":5}` ||
		first.Geo == nil || first.Geo.Latitude != 40.75 || first.Geo.Longitude != -73.98 {
		t.Errorf("got %+v", first)
	}
	if rows[1].Text != "Bad" || rows[1].HasConcepts || rows[1].Metadata != nil || rows[1].Geo != nil {
		t.Errorf("got %+v", rows[1])
	}
	if rows[2].URL != "https://example.com/a.png" {
		t.Errorf("got %+v", rows[2])
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`inputid,input,concepts,metadata,geopoints
r1,text,"pos,short","{'stars': 5}","-73.98,40.75"
`))
	f.Add([]byte("input.id\tinput.data.image.url\tinput.data.concepts[0].id\n"))
	formattest.Fuzz(f, clarifaicsv.Read, "a.csv")
}
