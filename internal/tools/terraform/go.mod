// Builds Terraform from source, as a test tool only: it is never shipped.
//
// The remote-state backends of cloud providers are modules of their own in
// Terraform's repository, which no module proxy serves at the version that a
// release needs. Tests do not use them, so small stubs stand in for them here.
// Do not run "go mod tidy" in this directory: it would ask for packages of
// internal/legacy that only Terraform's own tests use.
module github.com/clarifai/terraform-provider-clarifai/internal/tools/terraform

go 1.26.0

require github.com/hashicorp/terraform v1.15.3

replace (
	github.com/hashicorp/terraform/internal/backend/remote-state/azure => ./stub/azure
	github.com/hashicorp/terraform/internal/backend/remote-state/consul => ./stub/consul
	github.com/hashicorp/terraform/internal/backend/remote-state/cos => ./stub/cos
	github.com/hashicorp/terraform/internal/backend/remote-state/gcs => ./stub/gcs
	github.com/hashicorp/terraform/internal/backend/remote-state/kubernetes => ./stub/kubernetes
	github.com/hashicorp/terraform/internal/backend/remote-state/oci => ./stub/oci
	github.com/hashicorp/terraform/internal/backend/remote-state/oss => ./stub/oss
	github.com/hashicorp/terraform/internal/backend/remote-state/pg => ./stub/pg
	github.com/hashicorp/terraform/internal/backend/remote-state/s3 => ./stub/s3
	github.com/hashicorp/terraform/internal/legacy => ./stub/legacy
)
