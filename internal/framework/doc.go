// Package framework holds no code. Its subpackages are the Terraform behaviour
// that services share:
//
//   - configure: what the provider hands to resources, data sources, list
//     resources, actions and ephemeral resources
//   - ids: user_id and app_id with their defaults, identities, import, id validators
//   - attrs: attributes that several nouns have (metadata, visibility, timestamps)
//   - wait: waiting for asynchronous work by an injected clock
//   - diags: errors turned into diagnostics that say what to do
//   - listing: pages turned into results of list resources
//   - search: filters and ranks of searches, from configuration to API and back
package framework
