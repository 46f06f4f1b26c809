package acctest

// RandomOutputs randomizes all values that the service decides in every
// response: timestamps, counters, statuses within their class, hosted URLs, the
// order of lists. It adds unknown fields, and removes some optional
// ones. Therefore responses are not checked against the official definitions.
func RandomOutputs(seed uint64) Option {
	return func(s *setup) {
		s.emulator.RandomOutputs = seed
		s.newer = true
	}
}
