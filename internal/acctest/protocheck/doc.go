// Package protocheck holds the traffic of the test suite against Clarifai's
// official protobuf definitions.
//
// The definitions are the .proto files of the npm package clarifai-nodejs-grpc,
// release 11.11.0, and 10.2.1 for what release 11 no longer has. They are not in
// this repository: the environment variable CLARIFAI_PROTO_DIR names a directory
// that holds both ("make protos" fetches them and prints it). They are compiled
// when tests run.
//
// A request must be a binding of the rpc that its operation names, and its path,
// query and body together must make the rpc's request message. An answer must be
// the rpc's response message in the form that the service writes, which is
// stricter than proto-JSON; see [Checker.Check].
package protocheck
