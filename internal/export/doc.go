// Package export writes an existing app as Terraform configuration: resources with import blocks, inputs as one
// manifest, concepts as one CSV file.
//
// Single objects go the way that Terraform itself would send them: the provider's list resources read them, its
// GenerateResourceConfig turns them into configuration, and this package only writes HCL. What the provider
// learns about a noun, export learns with it. Inputs and concepts are too many for that; they are read with the
// client, page by page, and written to files as they come.
package export
