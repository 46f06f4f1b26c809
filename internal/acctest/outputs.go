package acctest

// RandomOutputs makes everything that only the service decides random in every
// response: timestamps, counters, statuses within their class, hosted URLs, the
// order of lists. Fields that no message has are added, and some that may be
// absent are. So responses are not checked against the official definitions.
func RandomOutputs(seed uint64) Option {
	return func(s *setup) {
		s.emulator.RandomOutputs = seed
		s.newer = true
	}
}
