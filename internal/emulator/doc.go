// Package emulator is an in-memory Clarifai v2 service for tests and for trying
// configurations offline. It has behavior, not canned responses: it stores posted
// objects, runs asynchronous work on a clock, builds dataset versions from the
// inputs that their filter selects, writes exports as real archives, and rejects items
// with the codes that Clarifai documents.
//
// It shares its wire types with the client in internal/clarifai. So that the two
// cannot be wrong together, the test suite also reads their traffic with the
// official protobuf definitions.
//
// Package apiserver below it is the frame that serves requests. INTERNALS.md
// explains how a request travels, the rules that the code relies on, and how to
// add an endpoint.
package emulator
