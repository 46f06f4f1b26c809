package lifecycle_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

// seed is CLARIFAI_OUTPUTS_SEED, or a new one in each run.
func seed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("CLARIFAI_OUTPUTS_SEED")
	if text == "" {
		return 1 + rand.Uint64N(1_000_000) //nolint:gosec // any seed works
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		t.Fatalf("CLARIFAI_OUTPUTS_SEED is %q, not a whole number above 0", text)
	}
	return n
}

// Apply succeeds and the plan after it is empty, whatever values the service returns in
// attributes that only it writes.
func TestAccOutputs_belongToTheService(t *testing.T) {
	seed := seed(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat with CLARIFAI_OUTPUTS_SEED=%d", seed)
		}
	})
	for _, s := range scenarios {
		t.Run(s.resource, func(t *testing.T) { s.run(t, acctest.RandomOutputs(seed)) })
	}
}
