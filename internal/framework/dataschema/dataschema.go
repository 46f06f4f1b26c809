// Package dataschema derives the attributes of data sources from those of
// resources, so that each attribute is declared once.
package dataschema

import (
	"fmt"
	"maps"
	"strings"

	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Attributes returns the attributes of a resource as a data source shows them: all
// computed, with the same types. user_id and app_id, if the resource has them,
// select the object to read. deletion_policy, timeouts and the attributes named in
// omit are left out. differences replaces and adds attributes.
func Attributes(
	of map[string]schema.Attribute, differences map[string]datasourceschema.Attribute, omit ...string,
) map[string]datasourceschema.Attribute {
	attributes := make(map[string]datasourceschema.Attribute, len(of))
	for name, attribute := range of {
		switch name {
		case "user_id":
			attributes[name] = ids.DataUserID()
		case "app_id":
			attributes[name] = ids.DataAppID()
		case "deletion_policy", "timeouts":
		default:
			attributes[name] = nil
			if _, replaced := differences[name]; !replaced {
				attributes[name] = Computed(attribute)
			}
		}
	}
	for _, name := range omit {
		delete(attributes, name)
	}
	maps.Copy(attributes, differences)
	return attributes
}

// ID returns the id attribute of a data source that reads one object.
func ID(attribute datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	return map[string]datasourceschema.Attribute{"id": attribute}
}

// effects are the beginnings of sentences that say how setting, changing or
// removing an attribute affects the resource, and what it needs. Such sentences end a
// description, so a data source's description ends before the first of them.
var effects = []string{
	" If not set", " Changing ", " Removing ", " A change ", " Once set", " Fixed once", " Defaults to ", " Needs `", " Excludes `",
}

func description(of string) string {
	for _, effect := range effects {
		of, _, _ = strings.Cut(of, effect)
	}
	return of
}

// Computed returns an attribute of a resource as a data source shows it.
//
//nolint:dupl // one case for each type of attribute
func Computed(of schema.Attribute) datasourceschema.Attribute {
	text := description(of.GetMarkdownDescription())
	switch a := of.(type) {
	case schema.StringAttribute:
		return datasourceschema.StringAttribute{MarkdownDescription: text, CustomType: a.CustomType, Computed: true}
	case schema.BoolAttribute:
		return datasourceschema.BoolAttribute{MarkdownDescription: text, Computed: true}
	case schema.Int64Attribute:
		return datasourceschema.Int64Attribute{MarkdownDescription: text, Computed: true}
	case schema.Float64Attribute:
		return datasourceschema.Float64Attribute{MarkdownDescription: text, Computed: true}
	case schema.ListAttribute:
		return datasourceschema.ListAttribute{MarkdownDescription: text, ElementType: a.ElementType, Computed: true}
	case schema.SetAttribute:
		return datasourceschema.SetAttribute{MarkdownDescription: text, ElementType: a.ElementType, Computed: true}
	case schema.MapAttribute:
		return datasourceschema.MapAttribute{MarkdownDescription: text, ElementType: a.ElementType, Computed: true}
	case schema.SingleNestedAttribute:
		return datasourceschema.SingleNestedAttribute{MarkdownDescription: text, Attributes: each(a.Attributes, Computed), Computed: true}
	case schema.ListNestedAttribute:
		return datasourceschema.ListNestedAttribute{
			MarkdownDescription: text, Computed: true,
			NestedObject: datasourceschema.NestedAttributeObject{Attributes: each(a.NestedObject.Attributes, Computed)},
		}
	case schema.MapNestedAttribute:
		return datasourceschema.MapNestedAttribute{
			MarkdownDescription: text, Computed: true,
			NestedObject: datasourceschema.NestedAttributeObject{Attributes: each(a.NestedObject.Attributes, Computed)},
		}
	}
	panic(fmt.Sprintf("dataschema: no attribute of a data source for %T", of))
}

// Argument returns the argument of a data source with the same type, validators and
// description as the attribute of a resource. Data sources have no defaults:
// null means the same as the default.
func Argument(of schema.Attribute) datasourceschema.Attribute {
	text := of.GetMarkdownDescription()
	optional, required := !of.IsRequired(), of.IsRequired()
	switch a := of.(type) {
	case schema.StringAttribute:
		return datasourceschema.StringAttribute{
			MarkdownDescription: text, CustomType: a.CustomType, Validators: a.Validators, Optional: optional, Required: required,
		}
	case schema.BoolAttribute:
		return datasourceschema.BoolAttribute{MarkdownDescription: text, Validators: a.Validators, Optional: optional, Required: required}
	case schema.Int64Attribute:
		return datasourceschema.Int64Attribute{MarkdownDescription: text, Validators: a.Validators, Optional: optional, Required: required}
	case schema.Float64Attribute:
		return datasourceschema.Float64Attribute{MarkdownDescription: text, Validators: a.Validators, Optional: optional, Required: required}
	case schema.ListAttribute:
		return datasourceschema.ListAttribute{
			MarkdownDescription: text, ElementType: a.ElementType, Validators: a.Validators, Optional: optional, Required: required,
		}
	case schema.MapAttribute:
		return datasourceschema.MapAttribute{
			MarkdownDescription: text, ElementType: a.ElementType, Validators: a.Validators, Optional: optional, Required: required,
		}
	case schema.SingleNestedAttribute:
		return datasourceschema.SingleNestedAttribute{
			MarkdownDescription: text, Attributes: each(a.Attributes, Argument), Validators: a.Validators, Optional: optional, Required: required,
		}
	case schema.ListNestedAttribute:
		return datasourceschema.ListNestedAttribute{
			MarkdownDescription: text, Validators: a.Validators, Optional: optional, Required: required,
			NestedObject: datasourceschema.NestedAttributeObject{
				Attributes: each(a.NestedObject.Attributes, Argument), Validators: a.NestedObject.Validators,
			},
		}
	}
	panic(fmt.Sprintf("dataschema: no argument of a data source for %T", of))
}

func each(of map[string]schema.Attribute, convert func(schema.Attribute) datasourceschema.Attribute) map[string]datasourceschema.Attribute {
	to := make(map[string]datasourceschema.Attribute, len(of))
	for name, a := range of {
		to[name] = convert(a)
	}
	return to
}
