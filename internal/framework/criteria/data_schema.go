package criteria

import (
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
)

// AnnotationFilterDataAttribute returns an annotation filter that a data source shows.
func AnnotationFilterDataAttribute(description string) datasourceschema.SingleNestedAttribute {
	return dataschema.Computed(AnnotationFilterAttribute(description)).(datasourceschema.SingleNestedAttribute)
}

// DataFiltersAttribute returns a list of filters that is an argument of a data source.
func DataFiltersAttribute(description string, required bool) datasourceschema.ListNestedAttribute {
	return dataschema.Argument(FiltersAttribute(description, required)).(datasourceschema.ListNestedAttribute)
}

// DataRanksAttribute returns a list of ranks that is an argument of a data source.
func DataRanksAttribute(description string) datasourceschema.ListNestedAttribute {
	return dataschema.Argument(RanksAttribute(description)).(datasourceschema.ListNestedAttribute)
}

// ShownFiltersAttribute returns a list of filters that a data source shows.
func ShownFiltersAttribute(description string) datasourceschema.ListNestedAttribute {
	return dataschema.Computed(FiltersAttribute(description, false)).(datasourceschema.ListNestedAttribute)
}

// ShownRanksAttribute returns a list of ranks that a data source shows.
func ShownRanksAttribute(description string) datasourceschema.ListNestedAttribute {
	return dataschema.Computed(RanksAttribute(description)).(datasourceschema.ListNestedAttribute)
}
