package provider

import "runtime"

// Workaround: Go's runtime has no setting for a minimum heap size (golang/go#23044, closed without one).
//
// The provider's live heap is a few megabytes, with many short-lived objects for each resource instance,
// so the garbage collector runs after every few megabytes of allocation. A large allocation that is never
// written takes no physical memory, but the collector counts it: the next collection starts later. This
// saves a third of the CPU of a refresh of 1,000 instances for 30 MB of memory.
//
// GOGC is no replacement, because it scales with the live heap: a value that helps a small heap doubles
// or triples the memory of a run with 100,000 rows. GOMEMLIMIT is a maximum and not a minimum.
//
// TestWorkaround_heap fails when the allocation no longer makes a difference.

// reservedBytes is the size of the allocation.
const reservedBytes = 24 << 20

// reserveHeap raises the heap size at which the next collection starts, until release is called.
func reserveHeap() (release func()) {
	reserved := make([]byte, reservedBytes)
	return func() { runtime.KeepAlive(reserved) }
}
