// Package emulator is an in-memory Clarifai v2 service for tests and for trying
// configurations offline. It has behaviour, not canned answers: what is posted
// is stored, asynchronous work runs on a clock, dataset versions really snapshot
// what their filter selects, exports are real archives, and an item that is
// refused is refused the way the service documents.
//
// It shares its wire types with the client in internal/clarifai. So that the two
// cannot be wrong together, the test suite also reads their traffic with the
// official protobuf definitions.
//
// # Rules that the code relies on
//
// One mutex guards all state; handlers run under it and never wait or do I/O.
// An object that is stored is never changed in place: a change stores a changed
// copy. So an answer may share memory with the state and is encoded after the
// mutex is released, and a dataset version may keep what it selected without
// copying it.
//
// Asynchronous work needs no goroutines: either the state of an object is
// computed from the clock when it is read, or the work is put down as an event
// and done, when it is due, at the beginning of the next call.
package emulator
