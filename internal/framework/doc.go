// Package framework holds no code. Its subpackages are the Terraform behaviour
// that services share:
//
//   - configure: what the provider hands to resources, data sources, list
//     resources, actions and ephemeral resources
//   - ids: user_id and app_id with their defaults, identities, import, id validators
//   - attrs: attributes that several nouns have (metadata, visibility, timestamps)
//   - adopt: creating objects whose id the client has chosen, even when the answer is lost
//   - wait: waiting for asynchronous work by an injected clock
//   - diags: errors turned into diagnostics that say what to do
//   - listing: pages turned into results of list resources
//   - jobs: resources that are the receipt of a job which the service does once
//   - media: what content of an input looks like
//   - labelling: concepts, metadata and places of inputs, compared and patched
//   - search: filters and ranks of searches, from configuration to API and back
package framework
