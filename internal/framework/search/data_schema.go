package search

import (
	"fmt"

	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// AnnotationFilterDataAttribute is an annotation filter that a data source shows.
func AnnotationFilterDataAttribute(description string) datasourceschema.SingleNestedAttribute {
	return shown(AnnotationFilterAttribute(description)).(datasourceschema.SingleNestedAttribute)
}

// DataFiltersAttribute is a list of filters that a data source takes.
func DataFiltersAttribute(description string, required bool) datasourceschema.ListNestedAttribute {
	return argument(FiltersAttribute(description, required)).(datasourceschema.ListNestedAttribute)
}

// DataRanksAttribute is a list of ranks that a data source takes.
func DataRanksAttribute(description string) datasourceschema.ListNestedAttribute {
	return argument(RanksAttribute(description)).(datasourceschema.ListNestedAttribute)
}

// ShownFiltersAttribute is a list of filters that a data source shows.
func ShownFiltersAttribute(description string) datasourceschema.ListNestedAttribute {
	return shown(FiltersAttribute(description, false)).(datasourceschema.ListNestedAttribute)
}

// ShownRanksAttribute is a list of ranks that a data source shows.
func ShownRanksAttribute(description string) datasourceschema.ListNestedAttribute {
	return shown(RanksAttribute(description)).(datasourceschema.ListNestedAttribute)
}

// argument is the attribute of a data source with the same type, rules and
// description as the attribute of a resource. Data sources have no defaults:
// null means what the default says.
func argument(of schema.Attribute) datasourceschema.Attribute {
	optional, required := !of.IsRequired(), of.IsRequired()
	switch a := of.(type) {
	case schema.StringAttribute:
		return datasourceschema.StringAttribute{MarkdownDescription: a.MarkdownDescription, CustomType: a.CustomType, Validators: a.Validators, Optional: optional, Required: required}
	case schema.BoolAttribute:
		return datasourceschema.BoolAttribute{MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, Optional: optional, Required: required}
	case schema.Int64Attribute:
		return datasourceschema.Int64Attribute{MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, Optional: optional, Required: required}
	case schema.Float64Attribute:
		return datasourceschema.Float64Attribute{MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, Optional: optional, Required: required}
	case schema.ListAttribute:
		return datasourceschema.ListAttribute{MarkdownDescription: a.MarkdownDescription, ElementType: a.ElementType, Validators: a.Validators, Optional: optional, Required: required}
	case schema.SingleNestedAttribute:
		return datasourceschema.SingleNestedAttribute{MarkdownDescription: a.MarkdownDescription, Attributes: each(a.Attributes, argument), Validators: a.Validators, Optional: optional, Required: required}
	case schema.ListNestedAttribute:
		return datasourceschema.ListNestedAttribute{
			MarkdownDescription: a.MarkdownDescription, Validators: a.Validators, Optional: optional, Required: required,
			NestedObject: datasourceschema.NestedAttributeObject{Attributes: each(a.NestedObject.Attributes, argument), Validators: a.NestedObject.Validators},
		}
	}
	panic(fmt.Sprintf("search: no attribute of a data source for %T", of))
}

// shown is the same attribute as a data source shows it.
func shown(of schema.Attribute) datasourceschema.Attribute {
	switch a := of.(type) {
	case schema.StringAttribute:
		return datasourceschema.StringAttribute{MarkdownDescription: a.MarkdownDescription, CustomType: a.CustomType, Computed: true}
	case schema.BoolAttribute:
		return datasourceschema.BoolAttribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case schema.Int64Attribute:
		return datasourceschema.Int64Attribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case schema.Float64Attribute:
		return datasourceschema.Float64Attribute{MarkdownDescription: a.MarkdownDescription, Computed: true}
	case schema.ListAttribute:
		return datasourceschema.ListAttribute{MarkdownDescription: a.MarkdownDescription, ElementType: a.ElementType, Computed: true}
	case schema.SingleNestedAttribute:
		return datasourceschema.SingleNestedAttribute{MarkdownDescription: a.MarkdownDescription, Attributes: each(a.Attributes, shown), Computed: true}
	case schema.ListNestedAttribute:
		return datasourceschema.ListNestedAttribute{
			MarkdownDescription: a.MarkdownDescription, Computed: true,
			NestedObject: datasourceschema.NestedAttributeObject{Attributes: each(a.NestedObject.Attributes, shown)},
		}
	}
	panic(fmt.Sprintf("search: no attribute of a data source for %T", of))
}

func each(of map[string]schema.Attribute, convert func(schema.Attribute) datasourceschema.Attribute) map[string]datasourceschema.Attribute {
	to := make(map[string]datasourceschema.Attribute, len(of))
	for name, a := range of {
		to[name] = convert(a)
	}
	return to
}
