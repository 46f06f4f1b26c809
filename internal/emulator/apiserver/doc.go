// Package apiserver is the part of the emulator that does not depend on Clarifai's
// nouns: it turns HTTP requests into handler calls and results into responses.
// It contains the router, authentication, strict decoding of request bodies, the
// status envelope, paging and query parameters, the clock, throttling, faults,
// the recorder of requests, the admin endpoints and the listener.
//
// # How a request travels
//
//  1. [Handler.ServeHTTP] sends paths below /__emulator/ to the admin endpoints
//     (admin.go) and everything else on.
//  2. The router (router.go) finds the [Endpoint]; unknown paths and methods have
//     endpoints of their own, which reject the request.
//  3. The first fault that matches the request is chosen (faults.go). It may delay
//     the request or cut the connection at once.
//  4. The request is throttled, authenticated (auth.go), and its body is read.
//  5. A fault may reject the request instead of the service.
//  6. The endpoint's [Action] decodes the body strictly and runs the handler,
//     which returns a response message, a [File], or an error made by [Reject].
//  7. The status envelope is filled in, the message is encoded, and faults that
//     change the response are applied (response.go).
//  8. The request and its response are recorded (recorder.go) and then sent, so a
//     client that has the response finds the record.
//
// Package emulator provides the endpoints. Its INTERNALS.md explains how to add one.
package apiserver
