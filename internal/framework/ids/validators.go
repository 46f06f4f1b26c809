package ids

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Lengths of ids. The documentation says 1 to 32 characters for ids that users choose. The service
// accepts ids of inputs of 1 to 48 characters.
const (
	MaxLength      = 32
	MaxInputLength = 48
)

// New checks the id of an object that the resource makes.
func New() validator.String { return idValidator{max: MaxLength} }

// NewInput checks the id of an input that the resource makes.
func NewInput() validator.String { return idValidator{max: MaxInputLength} }

// Reference checks the id of an existing object. Older apps have ids with spaces and in other scripts, so it
// rejects only what an import id or a path cannot contain.
func Reference() validator.String { return reference }

var reference = idValidator{max: 512, lenient: true}

// ReferenceProblem says what Reference would refuse about an id, or "".
func ReferenceProblem(id string) string { return reference.problem(id) }

// Problem says what is wrong with the id of an object that is to be made, or "".
func Problem(id string, maxLength int) string {
	return idValidator{max: maxLength}.problem(id)
}

type idValidator struct {
	max     int
	lenient bool
}

func (v idValidator) Description(context.Context) string {
	if v.lenient {
		return "must not be empty and must not contain a slash or control characters"
	}
	return fmt.Sprintf("must be 1 to %d characters: letters A-Z and a-z, digits, hyphen and underscore", v.max)
}

func (v idValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v idValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := v.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid id",
			fmt.Sprintf("%q cannot be used as %s: %s. An id %s.", req.ConfigValue.ValueString(), req.Path, problem, v.Description(ctx)))
	}
}

func (v idValidator) problem(id string) string {
	if id == "" {
		return "it is empty"
	}
	if len(id) > v.max {
		return fmt.Sprintf("it has %d characters, at most %d are allowed", len(id), v.max)
	}
	for _, r := range id {
		switch {
		case r == '/':
			return "it contains a slash"
		case r == ' ' && v.lenient:
		case r <= ' ' || r == 0x7f:
			return "it contains white space or a control character"
		case v.lenient:
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return fmt.Sprintf("it contains %q", r)
		}
	}
	return ""
}
