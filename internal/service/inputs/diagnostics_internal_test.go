package inputs

import "testing"

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
