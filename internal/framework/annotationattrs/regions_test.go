package annotationattrs

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func regionsOf(t *testing.T, regions ...clarifai.Region) types.List {
	t.Helper()
	v, problems := RegionsFromAPI(t.Context(), regions)
	if problems.HasError() {
		t.Fatal(problems)
	}
	return v
}

func TestRegionsKeepWhatTheyWere(t *testing.T) {
	one := clarifai.Float(1)
	labels := &clarifai.Data{Concepts: []clarifai.Concept{{ID: "wheel", Value: &one}}}
	regions := []clarifai.Region{
		{
			TrackID:    "t1",
			Data:       labels,
			RegionInfo: &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{TopRow: 0.1, LeftCol: 0.2, BottomRow: 0.3, RightCol: 0.4}},
		},
		{Data: labels, RegionInfo: &clarifai.RegionInfo{Point: &clarifai.Point{Row: 0.5, Col: 0.6}}},
	}
	v := regionsOf(t, regions...)
	sent, problems := RegionsToAPI(t.Context(), v)
	if problems.HasError() || len(sent) != 2 {
		t.Fatalf("got %+v %v", sent, problems)
	}
	if again := regionsOf(t, sent...); !again.Equal(v) {
		t.Errorf("got %v, want %v", again, v)
	}
	if box := sent[0].RegionInfo.BoundingBox; sent[0].TrackID != "t1" || box == nil || float32(box.RightCol) != 0.4 ||
		sent[0].Data.Concepts[0].ID != "wheel" {
		t.Errorf("sent %+v", sent[0])
	}
	if none := regionsOf(t); !none.IsNull() {
		t.Errorf("no region is %v", none)
	}
}

func TestRegionsHaveOneShape(t *testing.T) {
	point := clarifai.Region{RegionInfo: &clarifai.RegionInfo{Point: &clarifai.Point{Row: 0.5, Col: 0.6}}}
	region := regionsOf(t, point).Elements()[0].(types.Object)
	with := func(name string, v attr.Value) types.Object {
		values := region.Attributes()
		values[name] = v
		return types.ObjectValueMust(region.AttributeTypes(t.Context()), values)
	}
	for name, tt := range map[string]struct {
		region types.Object
		valid  bool
	}{
		"a point": {region, true},
		"none":    {with("point", types.ObjectNull(pointType)), false},
		"two":     {with("polygon", pointList(nil)), false},
		"unknown": {with("point", types.ObjectUnknown(pointType)), true},
	} {
		var resp validator.ObjectResponse
		oneShape{}.ValidateObject(t.Context(), validator.ObjectRequest{Path: path.Root("regions"), ConfigValue: tt.region}, &resp)
		if resp.Diagnostics.HasError() == tt.valid {
			t.Errorf("%s: %v", name, resp.Diagnostics)
		}
	}
}
