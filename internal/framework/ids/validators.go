package ids

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Lengths of ids. Clarifai rejects input ids of more than 48 characters; its
// documentation says 1 to 32 characters for other ids that users choose.
const (
	MaxLength      = 32
	MaxInputLength = 48
)

// New returns the validator for the ID of an object that the resource creates.
func New() validator.String { return idValidator{max: MaxLength} }

// inputWords are words in the paths of the API's requests about inputs. An input with such an id could not be read.
var inputWords = []string{"annotations", "data_sources", "searches", "status", "stream", "uploads"}

var newInput = idValidator{max: MaxInputLength, words: inputWords}

// InputProblem describes what is wrong with the ID of an input that will be created, or returns "".
func InputProblem(id string) string { return newInput.problem(id) }

// Reference returns the validator for the ID of an object that may already exist. Objects of
// older apps have IDs that new ones cannot have, with spaces, dots, colons or
// letters of any script, so it rejects only IDs that cannot be part of a path.
func Reference() validator.String { return reference }

// Object returns the validator for the id attribute of a resource. The object may already exist,
// so it is the same as Reference; [PlanNew] checks the ID of an object that will be created.
func Object() validator.String { return reference }

var reference = idValidator{max: 512, lenient: true}

// ReferenceProblem returns why Reference rejects an ID; "" if it does not.
func ReferenceProblem(id string) string { return reference.problem(id) }

// Problem returns what is wrong with the ID of an object that will be created, or "".
func Problem(id string, maxLength int) string {
	return idValidator{max: maxLength}.problem(id)
}

// PlanNew warns, at plan, about the ID of an object that will be created if it does not
// follow the rules for new IDs. ModifyPlan calls it.
func PlanNew(ctx context.Context, noun string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	rules := idValidator{max: MaxLength}
	id := plannedNew(ctx, req, resp)
	if problem := rules.problem(id.ValueString()); !id.IsNull() && problem != "" {
		resp.Diagnostics.AddAttributeWarning(path.Root("id"), "Clarifai may reject the id",
			fmt.Sprintf("The id %q of the new %s does not follow Clarifai's rules: %s. The id of a new object %s.",
				id.ValueString(), noun, problem, rules.Description(ctx)))
	}
}

// PlanNewInput is like [PlanNew] for inputs. It is an error, since Clarifai is known to reject such ids.
func PlanNewInput(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	id := plannedNew(ctx, req, resp)
	if problem := InputProblem(id.ValueString()); !id.IsNull() && problem != "" {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Invalid id of a new input",
			fmt.Sprintf("%q cannot be the id of a new input: %s. It %s. An older input with this id can be imported.",
				id.ValueString(), problem, newInput.Description(ctx)))
	}
}

// plannedNew returns the id of the object that the plan creates; null if it creates none or the id is not known.
func plannedNew(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) types.String {
	if req.Plan.Raw.IsNull() {
		return types.StringNull()
	}
	var planned, prior types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("id"), &planned)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &prior)...)
	}
	if planned.IsUnknown() || planned.Equal(prior) {
		return types.StringNull()
	}
	return planned
}

type idValidator struct {
	max     int
	lenient bool
	words   []string // that the API uses in the place of an id
}

func (v idValidator) Description(context.Context) string {
	if v.lenient {
		return `must not be empty, ".", "..", or contain a slash or control characters`
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
	if n := utf8.RuneCountInString(id); n > v.max {
		return fmt.Sprintf("it has %d characters, at most %d are allowed", n, v.max)
	}
	if id == "." || id == ".." {
		return "servers remove it from paths"
	}
	if slices.Contains(v.words, id) {
		return "it is a word in the API's own paths, so the object could not be read"
	}
	for _, r := range id {
		switch {
		case r == '/':
			return "it contains a slash"
		case r < ' ' || r == 0x7f:
			return "it contains a control character"
		case v.lenient:
		case r == ' ':
			return "it contains a space"
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return fmt.Sprintf("it contains %q", r)
		}
	}
	return ""
}
