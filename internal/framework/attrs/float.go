package attrs

import (
	"context"
	"math"
	"math/big"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Float converts a number of the API to state; null for NaN and infinity, which the API
// returns for averages over nothing and Terraform cannot represent. Terraform
// computes with decimals of 512 bits. For it, the 0.7 of a configuration and a
// float64 near 0.7 differ, so that an import would plan an invisible change. Therefore Float
// converts the shortest decimal of the float64.
//
//nolint:contextcheck // the framework requires a context and does not use it
func Float(f clarifai.Float) types.Float64 {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return types.Float64Null()
	}
	const precision = 512 // as Terraform reads numbers
	text := strconv.FormatFloat(float64(f), 'g', -1, 64)
	number, _, err := big.ParseFloat(text, 10, precision, big.ToNearestEven)
	if err != nil {
		return types.Float64Value(float64(f))
	}
	v, err := types.Float64Type.ValueFromTerraform(context.Background(), tftypes.NewValue(tftypes.Number, number))
	if known, ok := v.(types.Float64); ok && err == nil {
		return known
	}
	return types.Float64Value(float64(f))
}
