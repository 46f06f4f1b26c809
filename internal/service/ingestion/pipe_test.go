//go:build unix

package ingestion_test

import (
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// Opening a named pipe would wait for a writer forever.
func TestAccInputsUpload_namedPipe(t *testing.T) {
	env := service(t, time.Minute, nil)
	pipe := filepath.Join(t.TempDir(), "inbox.tar")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("named pipes cannot be created in the temporary directory: %v", err)
	}
	env.Test(t, resource.TestStep{
		Config: env.Config(upload(pipe, "")), PlanOnly: true,
		ExpectError: regexp.MustCompile(`Unable to read[\s\S]*is\s+not\s+a\s+regular\s+file`),
	})
	if n := env.Count("PostInputsUploads"); n != 0 {
		t.Errorf("%d uploads were started", n)
	}
}
