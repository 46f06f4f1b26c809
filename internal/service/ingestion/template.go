package ingestion

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	templateText = "Values that are added to every input of the job."
	conceptsText = "Concepts of every input: concept ids with their values, 1 for present and 0 for absent. The service stores " +
		"32-bit floats and creates concepts that do not exist."
	metadataText   = "Metadata of every input. " + attrs.JSONText
	datasetIDsText = "Ids of datasets of the app to which every input is added. They must exist."
)

// template holds the values that are added to every input of a job.
type template struct {
	Concepts   types.Map            `tfsdk:"concepts"`
	Metadata   jsontypes.Normalized `tfsdk:"metadata"`
	DatasetIDs types.Set            `tfsdk:"dataset_ids"`
}

var templateType = map[string]attr.Type{
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
	if len(data.Concepts) > 0 || data.Metadata != nil {
		in.Data = &data
	}
	if in.Data == nil && in.DatasetIDs == nil {
		return nil, diags
	}
	return in, diags
}

// templateFromAPI returns the template of a job; null if it has none.
func templateFromAPI(in *clarifai.Input) types.Object {
	if in == nil {
		return types.ObjectNull(templateType)
	}
	values := map[string]attr.Value{
		"concepts":    types.MapNull(types.Float64Type),
		"metadata":    jsontypes.NewNormalizedNull(),
		"dataset_ids": types.SetNull(types.StringType),
	}
	if in.Data != nil {
		values["metadata"] = attrs.JSON(jsontypes.NewNormalizedNull(), in.Data.Metadata)
		labels := map[string]attr.Value{}
		for _, c := range in.Data.Concepts {
			labels[c.ID] = types.Float64Value(1)
			if c.Value != nil {
				labels[c.ID] = attrs.Float(*c.Value)
			}
		}
		if len(labels) > 0 {
			values["concepts"] = types.MapValueMust(types.Float64Type, labels)
		}
	}
	if len(in.DatasetIDs) > 0 {
		datasets := make([]attr.Value, len(in.DatasetIDs))
		for i, id := range in.DatasetIDs {
			datasets[i] = types.StringValue(id)
		}
		values["dataset_ids"] = types.SetValueMust(types.StringType, datasets)
	}
	if values["concepts"].IsNull() && values["metadata"].IsNull() && values["dataset_ids"].IsNull() {
		return types.ObjectNull(templateType)
	}
	return types.ObjectValueMust(templateType, values)
}

// Validators of the template's attributes.
var (
	labelValidators = []validator.Map{
		mapvalidator.KeysAre(ids.New()),
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
			"dataset_ids": schema.SetAttribute{
				MarkdownDescription: datasetIDsText, Optional: true, ElementType: types.StringType, Validators: datasetValidators,
				PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()},
			},
		},
	}
}

func templateArgument() actionschema.SingleNestedAttribute {
	return actionschema.SingleNestedAttribute{
		MarkdownDescription: templateText, Optional: true,
		Attributes: map[string]actionschema.Attribute{
			"concepts": actionschema.MapAttribute{
				MarkdownDescription: conceptsText, Optional: true, ElementType: types.Float64Type, Validators: labelValidators,
			},
			"metadata": actionschema.StringAttribute{
				MarkdownDescription: metadataText, Optional: true, CustomType: jsontypes.NormalizedType{}, Validators: metadataValidators,
			},
			"dataset_ids": actionschema.SetAttribute{
				MarkdownDescription: datasetIDsText, Optional: true, ElementType: types.StringType, Validators: datasetValidators,
			},
		},
	}
}
