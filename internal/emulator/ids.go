package emulator

import (
	"fmt"
	"regexp"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Limits on the length of IDs that a client chooses. The one for inputs comes from an error
// message of the service; the others are documented.
const (
	maxIDLength      = 32
	maxInputIDLength = 48
)

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// checkInputID returns the status that rejects an input's ID, or nil.
func checkInputID(id string) *clarifai.Status {
	switch {
	case len(id) > maxInputIDLength:
		return rejected(clarifai.StatusInvalidArgument, "id must be between 1 and %d characters long", maxInputIDLength)
	case !idPattern.MatchString(id):
		return rejected(clarifai.StatusInputInvalidField, "input id '%s' may only hold letters, digits, '-' and '_'", id)
	}
	return nil
}

// conceptIDProblem returns what is wrong with a concept's ID, or "".
func (s *Service) conceptIDProblem(id string) string {
	if s.dialect(AnyConceptID) && id != "" && len(id) <= maxIDLength {
		return ""
	}
	return idProblem("concept id", id)
}

// idProblem returns what is wrong with an ID that a client chose, or "".
func idProblem(kind, id string) string {
	switch {
	case len(id) > maxIDLength:
		return fmt.Sprintf("%s '%s' is longer than %d characters", kind, id, maxIDLength)
	case !idPattern.MatchString(id):
		return fmt.Sprintf("%s '%s' may only hold letters, digits, '-' and '_'", kind, id)
	}
	return ""
}
