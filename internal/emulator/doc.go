// Package emulator is an in-memory Clarifai v2 service for tests and for trying
// configurations offline. It has behaviour, not canned responses: what is posted
// is stored, asynchronous work runs on a clock, dataset versions snapshot what
// their filter selects, exports are real archives, and an item that is rejected is
// rejected in the way that Clarifai documents.
//
// It shares its wire types with the client in internal/clarifai. So that the two
// cannot be wrong together, the test suite also reads their traffic with the
// official protobuf definitions.
//
// Package apiserver below it is the frame that serves requests. INTERNALS.md
// explains how a request travels, the rules that the code relies on, and how to
// add an endpoint.
package emulator
