package acctest

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest/testclock"
)

// Clock is the clock that provider and emulator share. It only advances when one of them waits.
type Clock = testclock.Clock

// NewClock returns a clock that starts at the current time, since created_at is compared with it.
func NewClock() *Clock { return testclock.New(time.Now()) }
