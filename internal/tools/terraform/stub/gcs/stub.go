// Package stub stands in for a remote-state backend that tests never use.
package stub

import (
	"github.com/hashicorp/terraform/internal/backend"
	"github.com/hashicorp/terraform/internal/backend/remote-state/inmem"
)

// New returns Terraform's in-memory backend.
func New() backend.Backend { return inmem.New() }
