package criteria

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

var (
	str      = types.StringValue
	no       = types.BoolValue(false)
	yes      = types.BoolValue(true)
	one      = types.Float64Value(1)
	jsonText = func(s string) jsontypes.Normalized { return jsontypes.NewNormalizedValue(s) }
)

// filters are filters that a configuration can write, with the JSON that is sent for them.
var filters = map[string]struct {
	model filterModel
	wire  string
}{
	"concept": {
		filterModel{Concepts: []conceptModel{{ID: str("truck"), Value: one}}},
		`{"annotation":{"data":{"concepts":[{"id":"truck","value":1}]}}}`,
	},
	"concept by name, labelled as absent": {
		filterModel{Concepts: []conceptModel{{Name: str("Lorry"), Value: types.Float64Value(0)}}},
		`{"annotation":{"data":{"concepts":[{"name":"Lorry","value":0}]}}}`,
	},
	"negated metadata": {
		filterModel{Negate: yes, Metadata: jsonText(`{"site":"north","shift":2}`)},
		`{"negate":true,"annotation":{"data":{"metadata":{"site":"north","shift":2}}}}`,
	},
	"near a point": {
		filterModel{Geo: &geoModel{
			Point: &pointModel{Latitude: types.Float64Value(0), Longitude: attrs.Float(-74.006)},
			Limit: &limitModel{Type: str("withinKilometers"), Value: types.Float64Value(1.5)},
		}},
		`{"annotation":{"data":{"geo":{"geo_point":{"longitude":-74.006,"latitude":0},"geo_limit":{"type":"withinKilometers","value":1.5}}}}}`,
	},
	"in a box": {
		filterModel{Geo: &geoModel{Box: []pointModel{
			{Latitude: types.Float64Value(10), Longitude: types.Float64Value(20)},
			{Latitude: types.Float64Value(30.5), Longitude: types.Float64Value(40)},
		}}},
		`{"annotation":{"data":{"geo":{"geo_box":[{"geo_point":{"longitude":20,"latitude":10}},{"geo_point":{"longitude":40,
			"latitude":30.5}}]}}}}`,
	},
	"annotation id and input": {filterModel{AnnotationID: str("a1"), InputID: str("img-1")}, `{"annotation":{"id":"a1","input_id":"img-1"}}`},
	"task, older user, model": {filterModel{TaskID: str("t"), UserID: str("u"), ModelVersionID: str("mv")},
		`{"annotation":{"user_id":"u","model_version_id":"mv","task_id":"t"}}`},
	"worker user": {filterModel{WorkerUserID: str("acme")}, `{"annotation":{"worker":{"user":{"id":"acme"}}}}`},
	"worker model": {filterModel{WorkerModelVersionID: str("v1")},
		`{"annotation":{"worker":{"model":{"app_id":"","model_version":{"id":"v1"}}}}}`},
	"worker workflow": {filterModel{WorkerWorkflowVersionID: str("w1")},
		`{"annotation":{"worker":{"workflow":{"check_consents":[],"use_cases":[],"version":{"id":"w1"}}}}}`},
	"annotation status": {filterModel{AnnotationStatusCode: types.Int64Value(24150)}, `{"annotation":{"status":{"code":24150}}}`},
	"annotation info": {filterModel{AnnotationInfo: jsonText(`{"review":true}`)},
		`{"annotation":{"annotation_info":{"review":true}}}`},
	"input level and trusted": {filterModel{InputLevel: yes, Trusted: yes}, `{"annotation":{"trusted":true,"input_level":true}}`},
	"classification":          {filterModel{AnnotationType: str("classification")}, `{"annotation":{"data":{}}}`},
	"text annotations":        {filterModel{AnnotationType: str("text")}, `{"annotation":{"data":{"text":{}}}}`},
	"frames": {filterModel{AnnotationType: str("frame")},
		`{"annotation":{"data":{"frames":[{"frame_info":{"index":0,"time":"0","number":0}}]}}}`},
	"boxes": {filterModel{AnnotationType: str("bounding_box")},
		`{"annotation":{"data":{"regions":[{"region_info":{"bounding_box":{"top_row":0,"left_col":0,"bottom_row":0,"right_col":0}}}]}}}`},
	"masks": {filterModel{AnnotationType: str("mask")},
		`{"annotation":{"data":{"regions":[{"region_info":{"mask":{}}}]}}}`},
	"points": {filterModel{AnnotationType: str("point")},
		`{"annotation":{"data":{"regions":[{"region_info":{"point":{"row":0,"col":0}}}]}}}`},
	"polygons of a track": {filterModel{AnnotationType: str("polygon"), TrackID: str("t7")},
		`{"annotation":{"data":{"regions":[{"region_info":{"polygon":{}},"track_id":"t7"}]}}}`},
	"spans": {filterModel{AnnotationType: str("span")},
		`{"annotation":{"data":{"regions":[{"region_info":{"span":{"char_start":0,"char_end":0}}}]}}}`},
	"track": {filterModel{TrackID: str("t7")}, `{"annotation":{"data":{"regions":[{"track_id":"t7"}]}}}`},
	"time segments": {filterModel{AnnotationType: str("time_segment")},
		`{"annotation":{"data":{"time_segments":[{"time_info":{}}]}}}`},
	"boxes with a concept": {filterModel{AnnotationType: str("bounding_box"), Concepts: []conceptModel{{ID: str("truck"), Value: one}},
		WorkerUserID: str("acme")}, `{"annotation":{"data":{"concepts":[{"id":"truck","value":1}],
			"regions":[{"region_info":{"bounding_box":{"top_row":0,"left_col":0,"bottom_row":0,"right_col":0}}}]},
				"worker":{"user":{"id":"acme"}}}}`},
	"datasets": {filterModel{DatasetIDs: []string{"d1", "d2"}}, `{"input":{"dataset_ids":["d1","d2"]}}`},
	"images":   {filterModel{InputType: str("image")}, `{"input":{"data":{"image":{}}}}`},
	"videos":   {filterModel{InputType: str("video")}, `{"input":{"data":{"video":{}}}}`},
	"audio":    {filterModel{InputType: str("audio")}, `{"input":{"data":{"audio":{}}}}`},
	"texts that are processed": {filterModel{InputType: str("text"), InputStatusCode: types.Int64Value(30000)},
		`{"input":{"data":{"text":{}},"status":{"code":30000}}}`},
	"times": {filterModel{UpdatedAfter: timetypes.NewRFC3339ValueMust("2024-05-03T09:00:00Z"),
		UpdatedBefore: timetypes.NewRFC3339ValueMust("2024-05-04T00:00:00Z")},
		`{"last_updated_time_range":{"start_time":"2024-05-03T09:00:00Z","end_time":"2024-05-04T00:00:00Z"}}`},
	"one time": {filterModel{UpdatedBefore: timetypes.NewRFC3339ValueMust("2024-05-04T00:00:00Z")},
		`{"last_updated_time_range":{"end_time":"2024-05-04T00:00:00Z"}}`},
	"json": {filterModel{JSON: jsonText(`{"annotation":{"data":{"clusters":[{"id":"c1"}]}}}`)},
		`{"annotation":{"data":{"clusters":[{"id":"c1"}]}}}`},
	"json with two kinds": {filterModel{JSON: jsonText(`{"annotation":{"input_id":"x"},"input":{"dataset_ids":["d"]},"negate":true}`)},
		`{"negate":true,"annotation":{"input_id":"x"},"input":{"dataset_ids":["d"]}}`},
}

func list(t *testing.T, of attr.Type, v any) types.List {
	t.Helper()
	l, diags := types.ListValueFrom(t.Context(), of, v)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return l
}

func wire(t *testing.T, v any) string {
	t.Helper()
	b, err := clarifai.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func canonical(t *testing.T, text string) string {
	t.Helper()
	v := jsontext.Value(text)
	if err := v.Canonicalize(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return string(v)
}

// A configuration is sent as the expected JSON and read back
// as the same value, also without prior state (as after an import).
func TestFiltersRoundTrip(t *testing.T) {
	for name, tt := range filters {
		t.Run(name, func(t *testing.T) {
			if tt.model.Negate.IsNull() {
				tt.model.Negate = no // the default
			}
			config := list(t, filterType, []filterModel{tt.model})
			api, diags := FiltersToAPI(t.Context(), config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got, want := canonical(t, wire(t, api)), canonical(t, "["+tt.wire+"]"); got != want {
				t.Errorf("on the wire\n got %s\nwant %s", got, want)
			}
			var echo []clarifai.Filter
			if err := clarifai.Decode([]byte("["+tt.wire+"]"), &echo); err != nil {
				t.Fatal(err)
			}
			kept, diags := FiltersFromAPI(t.Context(), config, echo)
			if diags.HasError() || !kept.Equal(config) {
				t.Errorf("response to the filter that was sent\n got %v %v\nwant %v", kept, diags, config)
			}
			found, diags := FiltersFromAPI(t.Context(), NullFilters(), echo)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if !found.Equal(config) && !sameJSONAttribute(t, found, config) {
				t.Errorf("found\n got %v\nwant %v", found, config)
			}
		})
	}
}

// sameJSONAttribute compares filters that differ in the spelling of their json.
func sameJSONAttribute(t *testing.T, a, b types.List) bool {
	var x, y []filterModel
	if a.ElementsAs(t.Context(), &x, false).HasError() || b.ElementsAs(t.Context(), &y, false).HasError() {
		t.Fatal("not filters")
	}
	if len(x) != 1 || len(y) != 1 || x[0].JSON.IsNull() || y[0].JSON.IsNull() {
		return false
	}
	return canonical(t, x[0].JSON.ValueString()) == canonical(t, y[0].JSON.ValueString())
}

var ranks = map[string]struct {
	model rankModel
	wire  string
}{
	"concept": {rankModel{Concepts: []conceptModel{{ID: str("truck"), Value: one}}},
		`{"annotation":{"data":{"concepts":[{"id":"truck","value":1}]}}}`},
	"input": {rankModel{InputID: str("img-1"), Negate: yes}, `{"negate":true,"annotation":{"input_id":"img-1"}}`},
	"url": {rankModel{ImageURL: str("https://example.com/a.jpg")},
		`{"annotation":{"data":{"image":{"url":"https://example.com/a.jpg"}}}}`},
	"bytes": {rankModel{ImageBase64: str("aGVsbG8=")}, `{"annotation":{"data":{"image":{"base64":"aGVsbG8="}}}}`},
	"text":  {rankModel{Text: str("a red truck")}, `{"annotation":{"data":{"text":{"raw":"a red truck"}}}}`},
	"embedding": {rankModel{Embedding: []types.Float64{attrs.Float(0.25), attrs.Float(0), attrs.Float(-0.7)}, ModelVersionID: str("mv")},
		`{"annotation":{"data":{"embeddings":[{"vector":[0.25,0,-0.7],"num_dimensions":3}]},"model_version_id":"mv"}}`},
	"json": {rankModel{JSON: jsonText(`{"annotation":{"data":{"embeddings":[{"vector":[1]},{"vector":[2]}]}}}`)},
		`{"annotation":{"data":{"embeddings":[{"vector":[1]},{"vector":[2]}]}}}`},
}

func TestRanksRoundTrip(t *testing.T) {
	for name, tt := range ranks {
		t.Run(name, func(t *testing.T) {
			if tt.model.Negate.IsNull() {
				tt.model.Negate = no
			}
			config := list(t, rankType, []rankModel{tt.model})
			api, diags := RanksToAPI(t.Context(), config)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got, want := canonical(t, wire(t, api)), canonical(t, "["+tt.wire+"]"); got != want {
				t.Errorf("on the wire\n got %s\nwant %s", got, want)
			}
			for _, prior := range []types.List{config, NullRanks()} {
				got, diags := RanksFromAPI(t.Context(), prior, api)
				if diags.HasError() {
					t.Fatal(diags)
				}
				if name == "json" && prior.IsNull() {
					continue // the same value in the API's spelling
				}
				if !got.Equal(config) {
					t.Errorf("from %v\n got %v\nwant %v", prior, got, config)
				}
			}
		})
	}
}

func TestRanks_bytesOmittedByService(t *testing.T) {
	config := list(t, rankType, []rankModel{{Negate: no, ImageBase64: str("aGVsbG8=")}})
	got, diags := RanksFromAPI(t.Context(), config,
		[]clarifai.Rank{{Annotation: &clarifai.Annotation{Data: &clarifai.Data{Image: &clarifai.Image{}}}}})
	if diags.HasError() || !got.Equal(config) {
		t.Errorf("got %v %v, want %v", got, diags, config)
	}
}

func annotationFilter(t *testing.T, id types.String, models ...filterModel) types.Object {
	t.Helper()
	for i := range models {
		if models[i].Negate.IsNull() {
			models[i].Negate = no
		}
	}
	v, diags := types.ObjectValueFrom(t.Context(), annotationFilterType.AttrTypes, annotationFilterModel{ID: id, Filters: models})
	if diags.HasError() {
		t.Fatal(diags)
	}
	return v
}

func decodeFilter(t *testing.T, text string) *clarifai.AnnotationFilter {
	t.Helper()
	var f clarifai.AnnotationFilter
	if err := clarifai.Decode([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return &f
}

const enriched = `{"id":"0123456789abcdef0123456789abcdef","created_at":"2024-05-03T09:00:00.123456Z",
	"modified_at":"2024-05-03T09:00:00.123456Z",
	"user_id":"acme","app_id":"fleet","search":{"id":"s","application_id":"fleet","visibility":{"gettable":10},"query":{"filters":[
	{"annotation":{"created_at":"2024-05-03T09:00:00Z","status":{"code":24150,"description":"Annotation success"},"annotation_info":{},
	 "data":{"metadata":{},"concepts":[{"id":"truck","name":"Truck",
		"value":1,"app_id":"fleet","language":"en","created_at":"2024-05-03T09:00:00Z","visibility":{"gettable":10}}]}}},
	{"input":{"created_at":"2024-05-03T09:00:00Z","data":{"image":{}},"status":{"code":30000,"description":"Download complete"}}},
	{"last_updated_time_range":{"start_time":"2024-05-03T09:00:00.123456Z"}},
	{"annotation":{"data":{"geo":{"geo_point":{"latitude":40.712704,"longitude":-74.00599},
		"geo_limit":{"type":"withinMiles","value":1}}}}}]}}}`

// Values that the service adds make no difference; values that it changes do.
func TestAnnotationFilterFromAPI(t *testing.T) {
	config := annotationFilter(t, types.StringNull(),
		filterModel{Concepts: []conceptModel{{ID: str("truck"), Value: one}}, AnnotationStatusCode: types.Int64Value(24150)},
		filterModel{InputType: str("image"), InputStatusCode: types.Int64Value(30000)},
		filterModel{UpdatedAfter: timetypes.NewRFC3339ValueMust("2024-05-03T11:00:00.123456+02:00")},
		filterModel{Geo: &geoModel{
			Point: &pointModel{Latitude: types.Float64Value(40.7127), Longitude: attrs.Float(-74.006)},
			Limit: &limitModel{Type: str("withinMiles"), Value: one},
		}})
	got, diags := AnnotationFilterFromAPI(t.Context(), config, decodeFilter(t, enriched))
	if diags.HasError() || !got.Equal(config) {
		t.Fatalf("enriched echo: got %v %v\nwant %v", got, diags, config)
	}

	for name, change := range map[string][2]string{
		"another concept":      {`"id":"truck"`, `"id":"bus"`},
		"another value":        {`"value":1,"app_id"`, `"value":0,"app_id"`},
		"a concept more":       {`"concepts":[`, `"concepts":[{"id":"bus","value":1},`},
		"negated":              {`{"input":`, `{"negate":true,"input":`},
		"another content":      {`"image":{}`, `"video":{}`},
		"a second content":     {`"image":{}`, `"image":{},"video":{}`},
		"another time":         {`start_time":"2024-05-03T09`, `start_time":"2024-05-03T08`},
		"another location":     {`40.712704`, `40.8`},
		"another limit":        {`withinMiles`, `withinDegrees`},
		"a condition more":     {`"annotation_info":{}`, `"annotation_info":{"a":1}`},
		"a kind more":          {`"metadata":{}`, `"metadata":{},"text":{}`},
		"a filter more":        {`"filters":[`, `"filters":[{"input":{"dataset_ids":["d"]}},`},
		"another input status": {`30000`, `30002`},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(enriched, change[0], change[1], 1)
			if changed == enriched {
				t.Fatal("the change does not apply")
			}
			got, diags := AnnotationFilterFromAPI(t.Context(), config, decodeFilter(t, changed))
			if diags.HasError() || got.Equal(config) {
				t.Errorf("not seen: %v %v", got, diags)
			}
			// The filter shown instead means the same as that of the service.
			api, diags := AnnotationFilterToAPI(t.Context(), got)
			if diags.HasError() {
				t.Fatal(diags)
			}
			again, diags := AnnotationFilterFromAPI(t.Context(), got, decodeFilter(t, changed))
			if diags.HasError() || !again.Equal(got) {
				t.Errorf("not stable: %v, then %v, sent as %s", got, again, wire(t, api))
			}
		})
	}
}

func TestAnnotationFilterFromAPI_ids(t *testing.T) {
	truck := filterModel{Concepts: []conceptModel{{ID: str("truck"), Value: one}}}
	answer := func(id string) *clarifai.AnnotationFilter {
		return decodeFilter(t, `{"id":"`+id+`","search":{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"truck","value":1}]}}}]}}}`)
	}
	const made = "0123456789abcdef0123456789abcdef"
	for name, tt := range map[string]struct {
		prior types.Object
		id    string
		want  types.String
	}{
		"written and same":            {annotationFilter(t, str("only-trucks"), truck), "only-trucks", str("only-trucks")},
		"written and changed":         {annotationFilter(t, str("only-trucks"), truck), "other", str("other")},
		"written and not shown":       {annotationFilter(t, str("only-trucks"), truck), "", str("only-trucks")},
		"not written":                 {annotationFilter(t, types.StringNull(), truck), "other", types.StringNull()},
		"found, chosen by someone":    {NullAnnotationFilter(), "only-trucks", str("only-trucks")},
		"found, made by the service":  {NullAnnotationFilter(), made, types.StringNull()},
		"unknown prior, as in a plan": {types.ObjectUnknown(annotationFilterType.AttrTypes), "only-trucks", str("only-trucks")},
	} {
		got, diags := AnnotationFilterFromAPI(t.Context(), tt.prior, answer(tt.id))
		if want := annotationFilter(t, tt.want, truck); diags.HasError() || !got.Equal(want) {
			t.Errorf("%s: got %v %v\nwant %v", name, got, diags, want)
		}
	}
	for name, none := range map[string]*clarifai.AnnotationFilter{"nil": nil, "no search": {ID: "x"},
		"no filters": {Search: &clarifai.Search{Query: &clarifai.Query{}}}} {
		got, diags := AnnotationFilterFromAPI(t.Context(), annotationFilter(t, str("x"), truck), none)
		if diags.HasError() || !got.IsNull() {
			t.Errorf("%s: got %v %v, want null", name, got, diags)
		}
	}
}

func TestNullAndUnknown(t *testing.T) {
	ctx := t.Context()
	if got, diags := AnnotationFilterToAPI(ctx, NullAnnotationFilter()); got != nil || diags.HasError() {
		t.Errorf("null: got %v %v", got, diags)
	}
	if got, diags := FiltersToAPI(ctx, NullFilters()); got != nil || diags.HasError() {
		t.Errorf("null: got %v %v", got, diags)
	}
	if got, diags := RanksToAPI(ctx, NullRanks()); got != nil || diags.HasError() {
		t.Errorf("null: got %v %v", got, diags)
	}
	if got, diags := FiltersFromAPI(ctx, NullFilters(), nil); !got.IsNull() || diags.HasError() {
		t.Errorf("nothing: got %v %v", got, diags)
	}
	unknownID := list(t, filterType, []filterModel{{Negate: no, Concepts: []conceptModel{{ID: types.StringUnknown(), Value: one}}}})
	for name, v := range map[string]types.List{"list": types.ListUnknown(filterType), "inside": unknownID} {
		if _, diags := FiltersToAPI(ctx, v); !diags.HasError() {
			t.Errorf("%s: an unknown value was sent", name)
		}
		// A value that is unknown in the plan becomes the value of the response.
		echo := []clarifai.Filter{{Input: &clarifai.Input{DatasetIDs: []string{"d"}}}}
		got, diags := FiltersFromAPI(ctx, v, echo)
		if want := list(t, filterType, []filterModel{{Negate: no, DatasetIDs: []string{"d"}}}); diags.HasError() || !got.Equal(want) {
			t.Errorf("%s: got %v %v, want %v", name, got, diags, want)
		}
	}
}

func TestFilterRules(t *testing.T) {
	point := &pointModel{Latitude: one, Longitude: one}
	for name, tt := range map[string]struct {
		model filterModel
		want  string // a part of the error; "" for none
	}{
		"nothing":                      {filterModel{}, "has no condition"},
		"only negate":                  {filterModel{Negate: yes}, "has no condition"},
		"unknown":                      {filterModel{InputType: types.StringUnknown()}, ""},
		"two kinds":                    {filterModel{InputType: str("image"), TaskID: str("t")}, "two filters"},
		"two kinds, one unknown":       {filterModel{InputType: types.StringUnknown(), TaskID: str("t")}, ""},
		"json and more":                {filterModel{JSON: jsonText(`{}`), TaskID: str("t")}, "two filters"},
		"json and negate":              {filterModel{JSON: jsonText(`{}`), Negate: yes}, "inside it"},
		"two workers":                  {filterModel{WorkerUserID: str("u"), WorkerModelVersionID: str("m")}, "one worker"},
		"classification with metadata": {filterModel{AnnotationType: str("classification"), Metadata: jsonText(`{"a":1}`)}, "two filters"},
		"classification with task":     {filterModel{AnnotationType: str("classification"), TaskID: str("t")}, ""},
		"track of frames":              {filterModel{AnnotationType: str("frame"), TrackID: str("t")}, "applies to regions"},
		"track of boxes":               {filterModel{AnnotationType: str("bounding_box"), TrackID: str("t")}, ""},
		"times the wrong way round": {filterModel{UpdatedAfter: timetypes.NewRFC3339ValueMust("2024-05-04T00:00:00Z"),
			UpdatedBefore: timetypes.NewRFC3339ValueMust("2024-05-03T00:00:00Z")}, "later than"},
		"times": {filterModel{UpdatedAfter: timetypes.NewRFC3339ValueMust("2024-05-03T00:00:00Z"),
			UpdatedBefore: timetypes.NewRFC3339Unknown()}, ""},
		"all annotation members together": {filterModel{TaskID: str("t"), Concepts: []conceptModel{{ID: str("c")}},
			Geo: &geoModel{Point: point}}, ""},
	} {
		object, diags := types.ObjectValueFrom(t.Context(), filterType.(types.ObjectType).AttrTypes, tt.model)
		if diags.HasError() {
			t.Fatal(diags)
		}
		checkObject(t, name, filterValidator{}, object, tt.want)
	}
}

func checkObject(t *testing.T, name string, v validator.Object, object types.Object, want string) {
	t.Helper()
	var resp validator.ObjectResponse
	v.ValidateObject(t.Context(), validator.ObjectRequest{Path: path.Root("filters"), ConfigValue: object}, &resp)
	switch {
	case want == "" && resp.Diagnostics.HasError():
		t.Errorf("%s: rejected: %v", name, resp.Diagnostics)
	case want != "" && (len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), want)):
		t.Errorf("%s: got %v, want one error with %q", name, resp.Diagnostics, want)
	}
}

func TestRankGeoAndConceptRules(t *testing.T) {
	object := func(of attr.Type, v any) types.Object {
		o, diags := types.ObjectValueFrom(t.Context(), of.(types.ObjectType).AttrTypes, v)
		if diags.HasError() {
			t.Fatal(diags)
		}
		return o
	}
	rank := func(m rankModel) types.Object { return object(rankType, m) }
	checkObject(t, "empty rank", rankValidator{}, rank(rankModel{}), "alike")
	checkObject(t, "rank by model alone", rankValidator{}, rank(rankModel{ModelVersionID: str("m")}), "alike")
	checkObject(t, "two likenesses", rankValidator{}, rank(rankModel{Text: str("a"), InputID: str("b")}), "cannot stand together")
	checkObject(t, "json with negate", rankValidator{}, rank(rankModel{JSON: jsonText(`{}`), Negate: yes}), "inside it")
	checkObject(t, "text", rankValidator{}, rank(rankModel{Text: str("a"), ModelVersionID: str("m"), InputID: types.StringUnknown()}), "")

	point := &pointModel{Latitude: one, Longitude: one}
	limit := &limitModel{Type: str("withinMiles"), Value: one}
	box := []pointModel{*point, *point}
	geo := func(m geoModel) types.Object {
		return object(filterType.(types.ObjectType).AttrTypes["geo"], m)
	}
	checkObject(t, "empty geo", geoValidator{}, geo(geoModel{}), "together with `limit`")
	checkObject(t, "point alone", geoValidator{}, geo(geoModel{Point: point}), "together with `limit`")
	checkObject(t, "limit alone", geoValidator{}, geo(geoModel{Limit: limit}), "together with `limit`")
	checkObject(t, "both areas", geoValidator{}, geo(geoModel{Point: point, Limit: limit, Box: box}), "stands alone")
	checkObject(t, "near", geoValidator{}, geo(geoModel{Point: point, Limit: limit}), "")
	checkObject(t, "box", geoValidator{}, geo(geoModel{Box: box}), "")

	conceptType := filterType.(types.ObjectType).AttrTypes["concepts"].(types.ListType).ElemType
	checkObject(t, "nameless", conceptValidator{}, object(conceptType, conceptModel{Value: one}), "neither")
	checkObject(t, "named", conceptValidator{}, object(conceptType, conceptModel{Name: str("n")}), "")
	checkObject(t, "unknown", conceptValidator{}, object(conceptType, conceptModel{ID: types.StringUnknown()}), "")
}

func TestTextRules(t *testing.T) {
	for _, tt := range []struct {
		validator validator.String
		value     string
		ok        bool
	}{
		{filterJSONValidator{}, `{"annotation":{"data":{"text":{}}}}`, true},
		{filterJSONValidator{}, `{"annotation":{"data":{"txet":{}}}}`, false},
		{filterJSONValidator{}, `{"ranks":[]}`, false},
		{filterJSONValidator{}, `[]`, false},
		{rankJSONValidator{}, `{"annotation":{"input_id":"x"}}`, true},
		{rankJSONValidator{}, `{"input":{}}`, false},
		{base64Validator{}, `aGVsbG8=`, true},
		{base64Validator{}, `not base64`, false},
		{base64Validator{}, ``, false},
	} {
		var resp validator.StringResponse
		tt.validator.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("json"), ConfigValue: types.StringValue(tt.value)},
			&resp)
		if resp.Diagnostics.HasError() == tt.ok {
			t.Errorf("%T of %q: %v", tt.validator, tt.value, resp.Diagnostics)
		}
	}
}

func TestReplaceWhenDifferent(t *testing.T) {
	truck := filterModel{Concepts: []conceptModel{{ID: str("truck"), Value: one}}}
	verbose := filterModel{Concepts: []conceptModel{{ID: str("truck"), Name: str("Truck"), Value: one}}}
	bus := filterModel{Concepts: []conceptModel{{ID: str("bus"), Value: one}}}
	raw := filterModel{JSON: jsonText(`{"annotation":{"data":{"concepts":[{"id":"truck"}]}}}`)}
	open := filterModel{Concepts: []conceptModel{{ID: types.StringUnknown(), Value: one}}}
	state := annotationFilter(t, str("f"), truck)
	for name, tt := range map[string]struct {
		plan types.Object
		want bool
	}{
		"same":           {annotationFilter(t, str("f"), truck), false},
		"another name":   {annotationFilter(t, str("f"), verbose), false},
		"as json":        {annotationFilter(t, str("f"), raw), false},
		"id not written": {annotationFilter(t, types.StringNull(), truck), false},
		"another id":     {annotationFilter(t, str("g"), truck), true},
		"another":        {annotationFilter(t, str("f"), bus), true},
		"one more":       {annotationFilter(t, str("f"), truck, bus), true},
		"removed":        {NullAnnotationFilter(), true},
		"unknown":        {annotationFilter(t, str("f"), open), true},
	} {
		there := tfsdk.State{Raw: tftypes.NewValue(tftypes.Bool, true)}
		var resp planmodifier.ObjectResponse
		ReplaceWhenDifferent().PlanModifyObject(t.Context(), planmodifier.ObjectRequest{
			State: there, Plan: tfsdk.Plan(there), StateValue: state, PlanValue: tt.plan,
		}, &resp)
		if resp.RequiresReplace != tt.want {
			t.Errorf("%s: replace is %v, want %v", name, resp.RequiresReplace, tt.want)
		}
	}
}

// A resource and a data source have the same type, so that they can share a model,
// and every attribute has a description.
func TestSchemas(t *testing.T) {
	of := schema.Schema{Attributes: map[string]schema.Attribute{
		"filter": AnnotationFilterAttribute("A filter."), "filters": FiltersAttribute("Filters.", false), "ranks": RanksAttribute("Ranks."),
	}}
	if diags := of.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	for _, data := range []map[string]datasourceschema.Attribute{
		{"filter": AnnotationFilterDataAttribute("A filter."), "filters": DataFiltersAttribute("Filters.", false),
			"ranks": DataRanksAttribute("Ranks.")},
		{"filters": ShownFiltersAttribute("Filters."), "ranks": ShownRanksAttribute("Ranks.")},
	} {
		s := datasourceschema.Schema{Attributes: data}
		if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
			t.Error(diags)
		}
		for name, a := range data {
			if !a.GetType().Equal(of.Attributes[name].GetType()) {
				t.Errorf("%s: %v in the data source, %v in the resource", name, a.GetType(), of.Attributes[name].GetType())
			}
		}
	}
	for name, a := range of.Attributes {
		described(t, name, a)
	}
}

func described(t *testing.T, name string, a schema.Attribute) {
	if text := a.GetMarkdownDescription(); !strings.HasSuffix(strings.TrimSpace(text), ".") {
		t.Errorf("%s: %q is not a sentence", name, text)
	}
	var nested map[string]schema.Attribute
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		nested = a.Attributes
	case schema.ListNestedAttribute:
		nested = a.NestedObject.Attributes
	}
	for inner, a := range nested {
		described(t, name+"."+inner, a)
	}
}

// The groups of attributes that the rules use cover all attributes.
func TestFilterRules_everyAttributeIsInAGroup(t *testing.T) {
	grouped := map[string]bool{"negate": true, "json": true}
	for _, group := range [][]string{annotationConditions, inputConditions, timeConditions} {
		for _, name := range group {
			if grouped[name] {
				t.Errorf("%s is in two groups", name)
			}
			grouped[name] = true
		}
	}
	for name := range filterAttributes() {
		if !grouped[name] {
			t.Errorf("%s is in no group", name)
		}
		delete(grouped, name)
	}
	if len(grouped) > 0 {
		t.Errorf("no such attributes: %v", grouped)
	}
}

func TestTimes_comparedWithPrecisionOfService(t *testing.T) {
	at := func(s string) *time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	filter := func(s string) clarifai.Filter {
		return clarifai.Filter{LastUpdatedTimeRange: &clarifai.TimeRange{StartTime: at(s)}}
	}
	if !sameFilter(filter("2024-05-03T09:00:00.123456789Z"), filter("2024-05-03T11:00:00.123456+02:00")) {
		t.Error("the same moment, to the microsecond, differs")
	}
	if sameFilter(filter("2024-05-03T09:00:00.123456Z"), filter("2024-05-03T09:00:00.123457Z")) {
		t.Error("two moments are the same")
	}
}
