package diags

import (
	"errors"
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Counted returns a number with its noun: "1 input", "5 inputs".
func Counted[N int | uint64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Shown is the number of IDs or errors that a message shows.
const Shown = 10

// Names returns the first IDs of a list, and the number of further ones.
func Names(all []string) string {
	text := strings.Join(all[:min(Shown, len(all))], ", ")
	if more := len(all) - Shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// Brief returns an error for a list of errors: what the service said, with its code.
func Brief(err error) string {
	var e *clarifai.Error
	if !errors.As(err, &e) || e.Status.Code == 0 {
		return err.Error()
	}
	return fmt.Sprintf("%s (%d %s)", e.Summary(), e.Status.Code, e.Status.Code.Name())
}
