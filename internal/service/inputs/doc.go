// Package inputs implements clarifai_inputs: thousands of inputs as one resource.
//
// Package source reads the rows, package reconcile compares them with Clarifai and
// applies the difference. This package connects both with Terraform.
//
// # What belongs to a resource
//
// State must not grow with the inputs, so it cannot list them. The list is at
// Clarifai instead: the tracking dataset, a dataset with the resource's id whose
// members are its inputs. They join it in the request that creates them, so that
// an apply that is killed loses nothing. A marker in the metadata of each input
// would serve as well, but everybody would see it in their data, and it would be
// lost when somebody overwrites the metadata.
//
// Others can change a dataset. The private state therefore has an invertible Bloom
// lookup table of the ids (package iblt). From it and the members follows exactly what others
// have added or removed, up to some hundred inputs. Only inputs that are both in
// the tracking dataset and in the table are ever deleted. If it cannot be told, no
// input is deleted.
//
// Another table has the contents that were sent, since the API does not return
// them. Everything else, such as concepts, is compared with what the API returns.
//
// # The apply does what was planned
//
// Read compares Clarifai with the source as it is on disk and stores the summary in
// the private state. Planning uses only the summary and the source. So the plan and
// its repetition before the apply agree, whatever happens at Clarifai in between,
// and a source that changes in between is noticed. The apply compares again to find
// what to do; it never deletes more than was planned. If there is little to do, the
// summary has all of it, and the apply reads only the inputs that it is about.
//
// # When a create fails for some inputs
//
// After an error during a create, Terraform marks the resource as tainted, destroys
// it and creates it again. For ten thousand inputs of which three have a wrong URL
// that would be a disaster; only a warning would let pipelines continue as if
// nothing were wrong. So the provider returns an error and keeps the state, and
// recognizes the destroy that follows: it is half of a replacement by the same
// resource, whose create was incomplete. Delete then deletes nothing, and the create
// that follows finds the tracking dataset and does the rest. Delete can tell it from
// a real destroy because Terraform plans a real destroy with the provider and this
// one without, and planning stores the intent in the private state.
package inputs
