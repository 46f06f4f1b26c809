// Package clarifai is a client for the Clarifai v2 REST API. It knows nothing of Terraform.
//
// # Method names
//
// The verb of a method on [Client] says how many requests it sends and whether it shares them:
//
//	Get, List, Post, Put, Patch, Delete, Cancel + Noun    one request to the endpoint of the same name ("GetDataset")
//	Create, Update, Remove + Noun                         one object; concurrent calls share POST, PATCH and DELETE requests
//	Create, Update, Remove + Nouns                        up to 128 objects in one request, each with its own outcome
//	Read + Noun, Read + Nouns                             served from list pages that concurrent reads share, or by one Get
//	Poll + Noun                                           current state within a given time; concurrent polls share requests
//	All + Nouns                                           an iterator over all pages of a list
//
// Requests that are shared give each caller the outcome of its own object, as a request of its own would.
//
// All requests leave through one transport, which paces, retries and redacts. The outcome of a request is decided by
// status.code of the response, not by the HTTP status alone.
//
// The wire types in this package are shared with the emulator. The test suite also unmarshals the traffic of both into
// the official protobuf messages, so that client and emulator cannot be wrong together.
package clarifai
