package attrs

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A number of the service equals the number that a configuration writes.
func TestFloat_isShortestDecimal(t *testing.T) {
	for _, text := range []string{"0", "1", "0.7", "-74.006", "40.7127", "1e-7", "16777216"} {
		written, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		near, _ := written.Float64()
		got, err := Float(clarifai.NewFloat(near)).ToTerraformValue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want := tftypes.NewValue(tftypes.Number, written); !got.Equal(want) {
			t.Errorf("%s became %s", text, got)
		}
	}
	// A plain float64 is a different number.
	plain, err := types.Float64Value(0.7).ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if same, _ := Float(0.7).ToTerraformValue(t.Context()); plain.Equal(same) {
		t.Error("a float64 is already the decimal, so Float is not needed")
	}
}
