package export

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// tokens writes a value as an expression. Null attributes of objects are left out.
func tokens(value tftypes.Value) (hclwrite.Tokens, error) {
	kind := value.Type()
	switch {
	case !value.IsKnown():
		return nil, fmt.Errorf("the value of type %s is not known", kind)
	case value.IsNull():
		return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType)), nil
	case kind.Is(tftypes.String):
		var text string
		if err := value.As(&text); err != nil {
			return nil, err
		}
		return textTokens(text), nil
	case kind.Is(tftypes.Bool):
		var b bool
		if err := value.As(&b); err != nil {
			return nil, err
		}
		return hclwrite.TokensForValue(cty.BoolVal(b)), nil
	case kind.Is(tftypes.Number):
		number := new(big.Float)
		if err := value.As(&number); err != nil {
			return nil, err
		}
		return hclwrite.TokensForValue(cty.NumberVal(number)), nil
	case kind.Is(tftypes.List{}), kind.Is(tftypes.Set{}), kind.Is(tftypes.Tuple{}):
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		var parts []hclwrite.Tokens
		for _, element := range elements {
			part, err := tokens(element)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		return hclwrite.TokensForTuple(parts), nil
	case kind.Is(tftypes.Map{}), kind.Is(tftypes.Object{}):
		var elements map[string]tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		var parts []hclwrite.ObjectAttrTokens
		for _, name := range slices.Sorted(maps.Keys(elements)) {
			if elements[name].IsNull() {
				continue
			}
			part, err := tokens(elements[name])
			if err != nil {
				return nil, err
			}
			parts = append(parts, hclwrite.ObjectAttrTokens{Name: keyTokens(name), Value: part})
		}
		return hclwrite.TokensForObject(parts), nil
	}
	return nil, fmt.Errorf("a value of type %s cannot be written", kind)
}

func keyTokens(name string) hclwrite.Tokens {
	if hclsyntax.ValidIdentifier(name) {
		return hclwrite.TokensForIdentifier(name)
	}
	return hclwrite.TokensForValue(cty.StringVal(name))
}

// textTokens writes a text, and a JSON object as jsonencode if that gives the same text back.
func textTokens(text string) hclwrite.Tokens {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if kind, err := ctyjson.ImpliedType([]byte(text)); err == nil {
			if value, err := ctyjson.Unmarshal([]byte(text), kind); err == nil {
				again, err := stdlib.JSONEncode(value)
				if err == nil && again.AsString() == text {
					return hclwrite.TokensForFunctionCall("jsonencode", hclwrite.TokensForValue(value))
				}
			}
		}
	}
	return hclwrite.TokensForValue(cty.StringVal(text))
}

// reference writes the address of an attribute, such as clarifai_dataset.trucks.id.
func reference(parts ...string) hclwrite.Tokens {
	traversal := hcl.Traversal{hcl.TraverseRoot{Name: parts[0]}}
	for _, part := range parts[1:] {
		traversal = append(traversal, hcl.TraverseAttr{Name: part})
	}
	return hclwrite.TokensForTraversal(traversal)
}

// labels gives objects names that HCL accepts, each once per resource type.
type labels map[string]map[string]bool

// take returns the name of an object: its ID, with what HCL does not accept replaced.
func (l labels) take(typeName, id string) string {
	var b strings.Builder
	for _, r := range id {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	name := b.String()
	if !hclsyntax.ValidIdentifier(name) {
		name = "_" + name
	}
	if l[typeName] == nil {
		l[typeName] = map[string]bool{}
	}
	unique := name
	for n := 2; l[typeName][unique]; n++ {
		unique = fmt.Sprintf("%s_%d", name, n)
	}
	l[typeName][unique] = true
	return unique
}
