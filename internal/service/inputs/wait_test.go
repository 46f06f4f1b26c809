package inputs_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// The last of thousands of inputs to be processed are waited for by counting, not by reading all
// of them again and again.
func TestAccInputs_lastOfMany(t *testing.T) {
	// Requests that take time are sent one after the other, so inputs are ready one after the other.
	env := acctest.New(t, acctest.Emulator(func(o *emulator.Options) {
		o.Latency, o.Async = 50*time.Millisecond, 2*time.Second
	}))
	rows := make([]string, 2500)
	for i := range rows {
		rows[i] = urlRow(fmt.Sprintf("img-%06d", i))
	}
	m := newManifest(t, "signs.jsonl", rows...)
	env.Test(t, resource.TestStep{
		PreConfig: env.ResetCalls,
		Config:    env.Config(m.block()),
		Check: resource.ComposeTestCheckFunc(
			env.Called(20, "PostInputs"),
			env.Called(0, "ListDatasetInputs"), // what reads all of them
			number(env, 2500),
		),
	})
}
