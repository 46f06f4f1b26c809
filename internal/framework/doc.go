// Package framework contains no code. Its subpackages implement the Terraform behavior
// that services share:
//
//   - configure: passes the provider's configuration to resources, data sources, list
//     resources, actions and ephemeral resources
//   - base: Metadata, Schema, IdentitySchema, ImportState and Configure, to embed
//   - ids: user_id and app_id with their defaults, identities, import, ID validators
//   - attrs: attributes that several nouns have (metadata, visibility, timestamps, deletion_policy)
//   - dataschema: derives attributes of data sources from those of resources
//   - unmanaged: attributes that the provider does not manage if they are not set
//   - adopt: creates each object once, also if a response is lost
//   - claims: finds two resources of a run that manage the same thing
//   - movestate: moved blocks from resources of generic REST providers
//   - wait: waits for asynchronous work with an injected clock
//   - jobs: resources and actions that start a job and follow it
//   - progress: reports long operations to a file and the log
//   - telemetry: exports OpenTelemetry traces
//   - changes: the attribute of resources with many objects that lists planned changes
//   - listing: turns pages into results of list resources
//   - diags: turns errors into diagnostics that say what to do
//   - inputcontent: the content of inputs, as files, URLs and bytes
//   - inputdata: compares and patches concepts, metadata and geo location of inputs
//   - annotation, annotationattrs: the model of an annotation, and its attributes
//   - criteria: filters and ranks of searches, from configuration to API and back
package framework
