package emulator

import (
	"fmt"
	"regexp"
)

// maxIDLength is the documented limit on ids that a client chooses.
const maxIDLength = 32

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// idProblem says what is wrong with an id that a client chose, or "".
func idProblem(kind, id string) string {
	switch {
	case len(id) > maxIDLength:
		return fmt.Sprintf("%s '%s' is longer than %d characters", kind, id, maxIDLength)
	case !idPattern.MatchString(id):
		return fmt.Sprintf("%s '%s' may only hold letters, digits, '-' and '_'", kind, id)
	}
	return ""
}
