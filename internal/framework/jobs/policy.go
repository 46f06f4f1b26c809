package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Values of wait_for.
const (
	Accepted  = "accepted"
	Completed = "completed"
)

// defaultStall is the longest time without progress if stall_timeout is not set.
const defaultStall = "30m"

const (
	failOnText = "Share of the inputs, from 0 to 1, that may fail without the job counting as failed. " +
		"With 0, the default, one failed input is an error; with 0.05 more than 5 per cent are; with 1 none ever is, and failures " +
		"are only warned of."
	stallText = "How long the job may make no progress at all before waiting for it ends, as a duration such as `90s` or " +
		"`30m`. Defaults to `" + defaultStall + "`; `0s` waits as long as `timeouts` allow. " +
		"As with a timeout, the job itself goes on."
)

// Policy says how long to wait for a job and which outcome is an error.
type Policy struct {
	WaitFor      types.String  `tfsdk:"wait_for"`
	FailOn       types.Float64 `tfsdk:"fail_on"`
	StallTimeout types.String  `tfsdk:"stall_timeout"`
}

// DefaultPolicy returns the policy of a resource that sets none, such as an imported one.
func DefaultPolicy() Policy {
	return Policy{
		WaitFor: types.StringValue(Completed), FailOn: types.Float64Value(0),
		StallTimeout: types.StringValue(defaultStall),
	}
}

// Waits reports whether to wait for the end.
func (p Policy) Waits() bool { return p.WaitFor.ValueString() != Accepted }

// Stall returns the longest time without progress.
func (p Policy) Stall() time.Duration { return Stall(p.StallTimeout) }

// Stall converts the value of stall_timeout.
func Stall(timeout types.String) time.Duration {
	text := timeout.ValueString()
	if text == "" {
		text = defaultStall
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0 // rejected by the attribute's validator
	}
	return d
}

// Tolerates reports whether so many failures out of so many inputs are acceptable.
func (p Policy) Tolerates(failed, of uint64) bool {
	return float64(failed) <= p.FailOn.ValueFloat64()*float64(of)
}

// PolicyAttributes returns the attributes of [Policy] for a resource. accepted describes the state
// that is reached if wait_for is "accepted".
func PolicyAttributes(accepted string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"wait_for": WaitFor(waitText(accepted)),
		"fail_on": schema.Float64Attribute{
			MarkdownDescription: failOnText, Optional: true, Computed: true,
			Default:    float64default.StaticFloat64(0),
			Validators: []validator.Float64{float64validator.Between(0, 1)},
		},
		"stall_timeout": StallTimeout(),
	}
}

// WaitFor returns the wait_for attribute of a resource that represents a job: [Accepted] or [Completed], the default.
func WaitFor(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Optional: true, Computed: true,
		Default:    stringdefault.StaticString(Completed),
		Validators: []validator.String{stringvalidator.OneOf(Accepted, Completed)},
	}
}

// WaitForArgument returns the wait_for attribute of an action that starts a job.
func WaitForArgument(description string) actionschema.StringAttribute {
	return actionschema.StringAttribute{
		MarkdownDescription: description, Optional: true, Validators: []validator.String{stringvalidator.OneOf(Accepted, Completed)},
	}
}

// StallTimeout returns the stall_timeout attribute of a resource that represents a job.
func StallTimeout() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: stallText, Optional: true, Computed: true,
		Default:    stringdefault.StaticString(defaultStall),
		Validators: []validator.String{stallDuration{}},
	}
}

// StallArgument returns the stall_timeout attribute of an action that starts a job.
func StallArgument() actionschema.StringAttribute {
	return actionschema.StringAttribute{MarkdownDescription: stallText, Optional: true, Validators: []validator.String{stallDuration{}}}
}

// stallDuration validates durations that are not negative.
type stallDuration struct{}

func (stallDuration) Description(context.Context) string {
	return "must be a duration such as 90s or 30m, or 0s"
}

func (v stallDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v stallDuration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || d < 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a duration",
			fmt.Sprintf("%s %s; it is %q.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}

// PolicyArguments returns the attributes of [Policy] for an action.
func PolicyArguments(accepted string) map[string]actionschema.Attribute {
	return map[string]actionschema.Attribute{
		"wait_for": WaitForArgument(waitText(accepted)),
		"fail_on": actionschema.Float64Attribute{
			MarkdownDescription: failOnText, Optional: true, Validators: []validator.Float64{float64validator.Between(0, 1)},
		},
		"stall_timeout": StallArgument(),
	}
}

func waitText(accepted string) string {
	return fmt.Sprintf("How long to wait: until %s (`accepted`), or until the job has ended and every input is processed "+
		"(`completed`, the default). "+
		"Failures are an error only with `completed`.", accepted)
}

// Triggers returns the triggers attribute of a resource that represents a job.
func Triggers() schema.MapAttribute {
	return schema.MapAttribute{
		MarkdownDescription: "Anything whose change starts a new job. Nothing else does but a change of what the job is about. The first " +
			"triggers after an import are taken for those of the imported job.",
		Optional: true, ElementType: types.StringType,
		PlanModifiers: []planmodifier.Map{ReplaceUnlessImported{}},
	}
}

// CancelOnDestroy returns the cancel_on_destroy attribute of a resource that represents a job.
func CancelOnDestroy() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether destroying the resource cancels a job that is still running; otherwise, by default, it goes on. Inputs " +
			"that it made stay in either case. " +
			"What counts is the value in state, so apply a change of it before destroying.",
		Optional: true, Computed: true,
		Default: booldefault.StaticBool(false),
	}
}
