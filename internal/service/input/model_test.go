package input_test

import (
	"math"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/input"
)

// Whatever value is configured, what the service makes of it in 32 bits is no drift.
func FuzzLabelRoundTrip(f *testing.F) {
	for _, v := range []float64{0, 1, 0.7, 1.0 / 3, 0.123456789012345, 1e-7, 0.9999999999} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		if !(v >= 0 && v <= 1) {
			return
		}
		state := types.MapValueMust(types.Float64Type, map[string]attr.Value{"c": types.Float64Value(v)})
		body, err := clarifai.Encode(clarifai.Data{Concepts: input.Labels(state)})
		if err != nil {
			t.Fatal(err)
		}
		var answer clarifai.Data
		if err := clarifai.Decode(body, &answer); err != nil {
			t.Fatal(err)
		}
		if got := input.LabelsFromAPI(state, inputdata.Values(answer.Concepts)); !got.Equal(state) {
			t.Errorf("%v became %v on the way %s", state, got, body)
		}
		configured := types.ObjectValueMust(map[string]attr.Type{"latitude": types.Float64Type, "longitude": types.Float64Type},
			map[string]attr.Value{"latitude": types.Float64Value(90 * v), "longitude": types.Float64Value(-180 * v)})
		body, err = clarifai.Encode(inputdata.GeoToAPI(configured))
		if err != nil {
			t.Fatal(err)
		}
		var geo clarifai.Geo
		if err := clarifai.Decode(body, &geo); err != nil {
			t.Fatal(err)
		}
		if !inputdata.SameGeo(&geo, inputdata.GeoToAPI(configured)) || !inputdata.SameGeo(&geo, inputdata.GeoToAPI(inputdata.GeoFromAPI(&geo))) {
			t.Errorf("%v became %+v on the way", configured, geo.GeoPoint)
		}
	})
}

// Each input type has the properties that the service returns for it and no others.
func TestMediaInfo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		data *clarifai.Data
		want map[string]attr.Value
	}{
		{&clarifai.Data{Image: &clarifai.Image{ImageInfo: &clarifai.ImageInfo{Width: 2, Height: 3, Format: "PNG", ColorMode: "RGB"}}},
			map[string]attr.Value{
				"kind": types.StringValue("image"), "width": types.Int64Value(2), "height": types.Int64Value(3),
				"format": types.StringValue("PNG"), "color_mode": types.StringValue("RGB"),
			}},
		{&clarifai.Data{Video: &clarifai.Video{VideoInfo: &clarifai.VideoInfo{Width: 2, Height: 3, FPS: 25, VideoFormat: "MP4",
			BitRate: 7, FrameCount: 50, DurationSeconds: 2}}}, map[string]attr.Value{
			"kind": types.StringValue("video"), "width": types.Int64Value(2), "height": types.Int64Value(3),
			"frame_rate": types.Float64Value(25),
			"format":     types.StringValue("MP4"), "bit_rate": types.Int64Value(7), "frame_count": types.Int64Value(50),
			"duration_seconds": types.Float64Value(2),
		}},
		{&clarifai.Data{Video: &clarifai.Video{VideoInfo: &clarifai.VideoInfo{Width: 2, FPS: clarifai.Float(math.NaN()),
			DurationSeconds: clarifai.Float(math.Inf(1))}}}, map[string]attr.Value{
			"kind": types.StringValue("video"), "width": types.Int64Value(2),
		}},
		{&clarifai.Data{Audio: &clarifai.Audio{AudioInfo: &clarifai.AudioInfo{AudioFormat: "MP3", SampleRate: 44100, DurationSeconds: 1.5,
			BitRate: 9}}}, map[string]attr.Value{
			"kind": types.StringValue("audio"), "format": types.StringValue("MP3"), "sample_rate": types.Int64Value(44100),
			"duration_seconds": types.Float64Value(1.5), "bit_rate": types.Int64Value(9),
		}},
		{&clarifai.Data{Text: &clarifai.Text{TextInfo: &clarifai.TextInfo{CharCount: 4, Encoding: "UTF-8"}}}, map[string]attr.Value{
			"kind": types.StringValue("text"), "char_count": types.Int64Value(4), "encoding": types.StringValue("UTF-8"),
		}},
		{&clarifai.Data{Text: &clarifai.Text{}}, map[string]attr.Value{"kind": types.StringValue("text")}},
		{&clarifai.Data{}, map[string]attr.Value{}},
	} {
		got := input.MediaInfo(test.data)
		for name, value := range got.Attributes() {
			want, ok := test.want[name]
			if ok != !value.IsNull() || ok && !value.Equal(want) {
				t.Errorf("%s of %+v is %v, want %v", name, test.data, value, want)
			}
		}
		if got.IsNull() != (len(test.want) == 0) {
			t.Errorf("%+v gives %v", test.data, got)
		}
	}
}
