package inputdata

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// GeoType are the attributes of a geo location.
var GeoType = map[string]attr.Type{"latitude": types.Float64Type, "longitude": types.Float64Type}

// GeoToAPI returns the geo location of an object with [GeoType]; nil if it is null or unknown.
func GeoToAPI(o types.Object) *clarifai.Geo {
	latitude, ok1 := o.Attributes()["latitude"].(types.Float64)
	longitude, ok2 := o.Attributes()["longitude"].(types.Float64)
	if !ok1 || !ok2 {
		return nil
	}
	return &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{
		Latitude: clarifai.NewFloat(latitude.ValueFloat64()), Longitude: clarifai.NewFloat(longitude.ValueFloat64()),
	}}
}

// GeoFromAPI returns a geo location as an object with [GeoType]; null if there is none.
func GeoFromAPI(g *clarifai.Geo) types.Object {
	if g == nil || g.GeoPoint == nil {
		return types.ObjectNull(GeoType)
	}
	return types.ObjectValueMust(GeoType, map[string]attr.Value{
		"latitude": attrs.Float(g.GeoPoint.Latitude), "longitude": attrs.Float(g.GeoPoint.Longitude),
	})
}
