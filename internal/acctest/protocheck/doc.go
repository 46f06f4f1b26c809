// Package protocheck checks the traffic of the test suite against Clarifai's
// official protobuf definitions.
//
// The definitions are the .proto files of the npm package clarifai-nodejs-grpc,
// release 11.11.0, and 10.2.1 for what release 11 no longer has. They are not in
// this repository: the environment variable CLARIFAI_PROTO_DIR names a directory
// that holds both ("make protos" fetches them and prints it). They are compiled
// when tests run.
//
// A request must use a binding of the RPC that its operation names, and its path,
// query and body together must be a valid request message. A response must be
// a response message of the RPC in the form that the service writes, which is
// stricter than proto-JSON; see [Checker.Check].
package protocheck
