// Package clarifai is a client for the Clarifai v2 REST API.
//
// It knows nothing of Terraform. Every documented endpoint has one method on
// [Client], named after the operation ("PostDatasets", "GetDataset"). All
// requests leave through one transport, which paces, retries and redacts; every
// answer is judged by its status.code, not by the HTTP status alone.
//
// The wire types in this package are shared with the emulator. So that the two
// cannot be wrong together, the test suite also unmarshals their traffic into
// the official protobuf messages.
package clarifai
