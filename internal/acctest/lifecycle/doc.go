// Package lifecycle holds tests that take one configuration of every resource
// through create, update, refresh, import and destroy, on services that differ
// from the usual one: with random values in everything that only the service
// decides, and in every dialect of the emulator.
package lifecycle
