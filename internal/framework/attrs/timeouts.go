package attrs

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Timeouts returns the timeouts attribute of a resource. Its durations have to be
// positive: with no time, the provider could not send any request.
func Timeouts(ctx context.Context, opts timeouts.Opts) schema.Attribute {
	attribute := timeouts.Attributes(ctx, opts)
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "How long to wait for the service."
		nested.Validators = []validator.Object{positiveDurations{}}
		return nested
	}
	return attribute
}

type positiveDurations struct{}

func (positiveDurations) Description(context.Context) string {
	return "durations must be positive"
}

func (v positiveDurations) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (positiveDurations) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	for name, value := range req.ConfigValue.Attributes() {
		text, ok := value.(types.String)
		if !ok || text.IsNull() || text.IsUnknown() {
			continue
		}
		if d, err := time.ParseDuration(text.ValueString()); err == nil && d <= 0 {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Invalid duration",
				fmt.Sprintf("%q leaves no time at all. Give a positive duration such as \"90s\" or \"10m\", or leave it out for the default.",
					text.ValueString()))
		}
	}
}
