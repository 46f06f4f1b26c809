package inputs

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// itemsAttribute is a map of objects whose types are computed once. The framework
// asks for them for each value that it visits, which takes a third of its time for
// thousands of items.
type itemsAttribute struct {
	schema.MapNestedAttribute
	typ    attr.Type
	object itemObject
}

// itemObject is one item. Its attributes are looked up without copying all of them.
type itemObject struct {
	schema.NestedAttributeObject
	typ basetypes.ObjectTypable
}

func newItemsAttribute(a schema.MapNestedAttribute) itemsAttribute {
	return itemsAttribute{a, a.GetType(), itemObject{a.NestedObject, a.NestedObject.Type()}}
}

// GetType returns the type of the map.
func (a itemsAttribute) GetType() attr.Type { return a.typ }

// ApplyTerraform5AttributePathStep goes from the map to an item.
func (a itemsAttribute) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if _, ok := step.(tftypes.ElementKeyString); ok {
		return a.object, nil
	}
	return a.MapNestedAttribute.ApplyTerraform5AttributePathStep(step)
}

// Type returns the type of an item.
func (o itemObject) Type() basetypes.ObjectTypable { return o.typ }

// ApplyTerraform5AttributePathStep goes from an item to one of its attributes.
func (o itemObject) ApplyTerraform5AttributePathStep(step tftypes.AttributePathStep) (any, error) {
	if name, ok := step.(tftypes.AttributeName); ok {
		if a, ok := o.Attributes[string(name)]; ok {
			return a, nil
		}
	}
	return o.NestedAttributeObject.ApplyTerraform5AttributePathStep(step)
}
