package inputs

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
	if got := counted(1) + ", " + counted(2000); got != "1 input, 2,000 inputs" {
		t.Error(got)
	}
}

func TestWarnMany(t *testing.T) {
	t.Parallel()
	var none, one diag.Diagnostics
	warnMany(manyListed, &none)
	warnMany(manyListed+1, &one)
	if len(none) != 0 || one.WarningsCount() != 1 {
		t.Errorf("got %v and %v", none, one)
	}
}
