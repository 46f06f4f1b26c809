package ingestion

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

const (
	templateText = "Values that are added to every input of the job."
	conceptsText = "Concepts of every input: concept ids with their values, 1 for present and 0 for absent. The service stores " +
		"32-bit floats and creates concepts that do not exist."
	metadataText   = "Metadata of every input. " + attrs.JSONText
	geoText        = "Geo location of every input. The service stores 32-bit floats."
	datasetIDsText = "Ids of datasets of the app to which every input is added. They must exist."
)

// template holds the values that are added to every input of a job.
type template struct {
	Concepts   types.Map            `tfsdk:"concepts"`
	Metadata   jsontypes.Normalized `tfsdk:"metadata"`
	Geo        types.Object         `tfsdk:"geo"`
	Regions    types.List           `tfsdk:"regions"`
	DatasetIDs types.Set            `tfsdk:"dataset_ids"`
}

var templateType = map[string]attr.Type{
	"geo":         types.ObjectType{AttrTypes: inputdata.GeoType},
	"regions":     annotationattrs.NullRegions().Type(context.Background()),
	"concepts":    types.MapType{ElemType: types.Float64Type},
	"metadata":    jsontypes.NormalizedType{},
	"dataset_ids": types.SetType{ElemType: types.StringType},
}

// templateToAPI returns the template to send; nil if there is none.
func templateToAPI(ctx context.Context, o types.Object) (*clarifai.Input, diag.Diagnostics) {
	if o.IsNull() || o.IsUnknown() {
		return nil, nil
	}
	var t template
	diags := o.As(ctx, &t, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true})
	in := &clarifai.Input{}
	for _, v := range t.DatasetIDs.Elements() {
		if id, ok := v.(types.String); ok {
			in.DatasetIDs = append(in.DatasetIDs, id.ValueString())
		}
	}
	slices.Sort(in.DatasetIDs)
	data := clarifai.Data{Metadata: attrs.Struct(t.Metadata)}
	for _, id := range slices.Sorted(maps.Keys(t.Concepts.Elements())) {
		if v, ok := t.Concepts.Elements()[id].(types.Float64); ok {
			value := clarifai.NewFloat(v.ValueFloat64())
			data.Concepts = append(data.Concepts, clarifai.Concept{ID: id, Value: &value})
		}
	}
	data.Geo = inputdata.GeoToAPI(t.Geo)
	regions, more := annotationattrs.RegionsToAPI(ctx, t.Regions)
	diags.Append(more...)
	data.Regions = regions
	if len(data.Concepts) > 0 || data.Metadata != nil || data.Geo != nil || len(data.Regions) > 0 {
		in.Data = &data
	}
	if in.Data == nil && in.DatasetIDs == nil {
		return nil, diags
	}
	return in, diags
}

// templateFromAPI returns the template of a job; null if it has none.
func templateFromAPI(ctx context.Context, in *clarifai.Input) types.Object {
	if in == nil {
		return types.ObjectNull(templateType)
	}
	empty := true
	set := func(values map[string]attr.Value, name string, v attr.Value) {
		values[name] = v
		empty = empty && v.IsNull()
	}
	values := map[string]attr.Value{
		"concepts":    types.MapNull(types.Float64Type),
		"metadata":    jsontypes.NewNormalizedNull(),
		"geo":         types.ObjectNull(inputdata.GeoType),
		"regions":     annotationattrs.NullRegions(),
		"dataset_ids": types.SetNull(types.StringType),
	}
	if in.Data != nil {
		set(values, "metadata", attrs.JSON(jsontypes.NewNormalizedNull(), in.Data.Metadata))
		set(values, "geo", inputdata.GeoFromAPI(in.Data.Geo))
		if regions, problems := annotationattrs.RegionsFromAPI(ctx, in.Data.Regions); !problems.HasError() {
			set(values, "regions", regions)
		}
		labels := map[string]attr.Value{}
		for _, c := range in.Data.Concepts {
			labels[c.ID] = types.Float64Value(1)
			if c.Value != nil {
				labels[c.ID] = attrs.Float(*c.Value)
			}
		}
		if len(labels) > 0 {
			set(values, "concepts", types.MapValueMust(types.Float64Type, labels))
		}
	}
	if len(in.DatasetIDs) > 0 {
		datasets := make([]attr.Value, len(in.DatasetIDs))
		for i, id := range in.DatasetIDs {
			datasets[i] = types.StringValue(id)
		}
		set(values, "dataset_ids", types.SetValueMust(types.StringType, datasets))
	}
	if empty {
		return types.ObjectNull(templateType)
	}
	return types.ObjectValueMust(templateType, values)
}

// Validators of the template's attributes.
var (
	labelValidators = []validator.Map{
		mapvalidator.KeysAre(ids.Reference()),
		mapvalidator.ValueFloat64sAre(float64validator.Between(0, 1)),
	}
	metadataValidators = []validator.String{attrs.ObjectValidator{}}
	datasetValidators  = []validator.Set{setvalidator.ValueStringsAre(ids.Reference())}
)

func templateAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: templateText + startsJob, Optional: true,
		PlanModifiers: []planmodifier.Object{objectplanmodifier.RequiresReplaceIf(
			func(_ context.Context, req planmodifier.ObjectRequest, resp *objectplanmodifier.RequiresReplaceIfFuncResponse) {
				// The nested attributes decide about changes inside, since they know which values are equal.
				resp.RequiresReplace = req.PlanValue.IsNull() != req.StateValue.IsNull()
			}, "starts a new job if it is added or removed", "starts a new job if it is added or removed")},
		Attributes: map[string]schema.Attribute{
			"concepts": schema.MapAttribute{
				MarkdownDescription: conceptsText, Optional: true, ElementType: types.Float64Type, Validators: labelValidators,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"metadata": schema.StringAttribute{
				MarkdownDescription: metadataText, Optional: true, CustomType: jsontypes.NormalizedType{}, Validators: metadataValidators,
				PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}, stringplanmodifier.RequiresReplace()},
			},
			"geo": geoAttribute(),
			"regions": annotationattrs.Regions(
				"Regions of every input, such as a label in a fixed place of all images of a camera.", listplanmodifier.RequiresReplace()),
			"dataset_ids": schema.SetAttribute{
				MarkdownDescription: datasetIDsText, Optional: true, ElementType: types.StringType, Validators: datasetValidators,
				PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()},
			},
		},
	}
}

// geoAttribute is the location of every input.
func geoAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: geoText, Optional: true,
		PlanModifiers: []planmodifier.Object{objectplanmodifier.RequiresReplace()},
		Attributes: map[string]schema.Attribute{
			"latitude": schema.Float64Attribute{
				MarkdownDescription: "Degrees north, -90 to 90.", Required: true, Validators: []validator.Float64{float64validator.Between(-90, 90)},
			},
			"longitude": schema.Float64Attribute{
				MarkdownDescription: "Degrees east, -180 to 180.", Required: true, Validators: []validator.Float64{float64validator.Between(-180, 180)},
			},
		},
	}
}

func templateArgument() actionschema.SingleNestedAttribute {
	return actionArgument(templateAttribute()).(actionschema.SingleNestedAttribute)
}

// actionArgument is the argument of an action with the type, validators and description of the attribute of a resource.
func actionArgument(of schema.Attribute) actionschema.Attribute {
	text := strings.TrimSuffix(of.GetMarkdownDescription(), startsJob)
	optional, required := !of.IsRequired(), of.IsRequired()
	switch a := of.(type) {
	case schema.StringAttribute:
		return actionschema.StringAttribute{
			MarkdownDescription: text, Optional: optional, Required: required, CustomType: a.CustomType, Validators: a.Validators,
		}
	case schema.Int64Attribute:
		return actionschema.Int64Attribute{MarkdownDescription: text, Optional: optional, Required: required, Validators: a.Validators}
	case schema.Float64Attribute:
		return actionschema.Float64Attribute{MarkdownDescription: text, Optional: optional, Required: required, Validators: a.Validators}
	case schema.MapAttribute:
		return actionschema.MapAttribute{
			MarkdownDescription: text, Optional: optional, Required: required, ElementType: a.ElementType, Validators: a.Validators,
		}
	case schema.SetAttribute:
		return actionschema.SetAttribute{
			MarkdownDescription: text, Optional: optional, Required: required, ElementType: a.ElementType, Validators: a.Validators,
		}
	case schema.SingleNestedAttribute:
		return actionschema.SingleNestedAttribute{
			MarkdownDescription: text, Optional: optional, Required: required, Attributes: actionArguments(a.Attributes), Validators: a.Validators,
		}
	case schema.ListNestedAttribute:
		return actionschema.ListNestedAttribute{
			MarkdownDescription: text, Optional: optional, Required: required, Validators: a.Validators,
			NestedObject: actionschema.NestedAttributeObject{
				Attributes: actionArguments(a.NestedObject.Attributes), Validators: a.NestedObject.Validators,
			},
		}
	}
	panic(fmt.Sprintf("ingestion: no argument of an action for %T", of))
}

func actionArguments(of map[string]schema.Attribute) map[string]actionschema.Attribute {
	arguments := make(map[string]actionschema.Attribute, len(of))
	for name, a := range of {
		arguments[name] = actionArgument(a)
	}
	return arguments
}
