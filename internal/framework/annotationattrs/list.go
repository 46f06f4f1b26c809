package annotationattrs

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Element is one annotation in the list of an input.
type Element struct {
	Model
	ID types.String `tfsdk:"id"`
}

// List is the attribute of the annotations that the resource of an input manages.
func List(description string) schema.ListNestedAttribute {
	attributes := Attributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the annotation, unique among those of the input: 1 to 32 letters, digits, hyphens and underscores. If not " +
			"set, it is derived from the input, the kind of the annotation, its first concept in alphabetical order, and its place among the " +
			"annotations with the same kind and concept. So a box that moves keeps its id.",
		Optional:   true,
		Validators: []validator.String{ids.Object()},
	}
	attributes["status"] = schema.StringAttribute{
		MarkdownDescription: "Status of the annotation: `" + strings.Join(annotation.Statuses, "`, `") +
			"`. If not set, Clarifai chooses it, and it is not managed.",
		Optional:   true,
		Validators: []validator.String{stringvalidator.OneOf(annotation.Statuses...)},
	}
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Optional:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}

func elementType() attr.Type { return List("").NestedObject.Type() }

// NewList returns the value of a [List] with these elements.
func NewList(ctx context.Context, elements []Element) (types.List, diag.Diagnostics) {
	return types.ListValueFrom(ctx, elementType(), append([]Element{}, elements...))
}

// NullList is the value of a [List] that is not set.
func NullList() types.List { return types.ListNull(elementType()) }

// Elements returns the elements of a [List]. Those that are not known yet are nil.
func Elements(ctx context.Context, list types.List) ([]*Element, diag.Diagnostics) {
	var problems diag.Diagnostics
	all := make([]*Element, len(list.Elements()))
	for i, v := range list.Elements() {
		object, ok := v.(types.Object)
		if !ok || object.IsUnknown() || object.IsNull() {
			continue
		}
		var e Element
		problems.Append(object.As(ctx, &e, basetypes.ObjectAsOptions{})...)
		if e.Known() && !e.ID.IsUnknown() && !e.Status.IsUnknown() {
			all[i] = &e
		}
	}
	return all, problems
}

// NewElement returns the element for an annotation that was read.
func NewElement(found *clarifai.Annotation) (Element, error) {
	e := Element{Model: Null(), ID: types.StringValue(found.ID)}
	return e, e.Refresh(found)
}

// Refresh sets the element to an annotation that was read, as [Model.FromAPI] does. A status that is not managed stays
// unset.
func (e *Element) Refresh(found *clarifai.Annotation) error {
	status := e.Status
	if err := e.FromAPI(found); err != nil {
		return err
	}
	if status.IsNull() {
		e.Status = status
	}
	return nil
}
