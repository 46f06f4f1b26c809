package diags

import (
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ProtocolError returns the errors among the diagnostics of a response as one error, or nil.
func ProtocolError(diagnostics []*tfprotov6.Diagnostic) error {
	var problems []string
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			problems = append(problems, strings.TrimSuffix(d.Summary, ".")+": "+d.Detail)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return errors.New(strings.Join(problems, "\n"))
}
