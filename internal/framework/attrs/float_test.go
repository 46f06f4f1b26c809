package attrs

import (
	"math"
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

// Terraform cannot represent NaN and infinity.
func TestFloat_isNullUnlessFinite(t *testing.T) {
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := Float(clarifai.Float(f)); !got.IsNull() {
			t.Errorf("%v became %s", f, got)
		}
	}
	// Numbers beyond 32-bit floats become NaN in the client.
	if got := Float(clarifai.NewFloat(1e39)); !got.IsNull() {
		t.Errorf("1e39 became %s", got)
	}
	if got := Float(clarifai.Float(math.MaxFloat32)); got.IsNull() {
		t.Error("the largest 32-bit float became null")
	}
}
