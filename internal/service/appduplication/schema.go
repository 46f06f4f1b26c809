package appduplication

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	destinationAppText = "Id of the app to copy into. An existing app keeps its content, a missing app is created. If not set, the " +
		"service chooses an id."
	destinationUserText = "Id of the user who owns the app to copy into. Defaults to the owner of the token."
	descriptionText     = "Description of the app to copy into, if it is created."
	waitText            = "How long to wait: until the service has accepted the job (`accepted`), or until everything is copied " +
		"(`completed`, the default)."
	starts = " Changing it starts a new duplication."

	deprecation = "Clarifai no longer supports app duplication since April 2026. The service may reject it; what was copied stays."
)

// copies are the kinds of objects that can be copied, and what each of them needs.
var copies = []struct{ name, text string }{
	{"copy_concepts", "Copy the concepts."},
	{"copy_inputs", "Copy the inputs with their own labels. Needs `copy_concepts`."},
	{"copy_annotations", "Copy the annotations. Needs `copy_inputs` and `copy_concepts`."},
	{"copy_models", "Copy the models. Needs `copy_concepts`."},
	{"copy_workflows", "Copy the workflows."},
}

var resourceSchema = func() schema.Schema {
	s := schema.Schema{
		MarkdownDescription: "A copy of an app. The job runs once. **Destroying the resource only removes the job from state**: the " +
			"destination app and everything that was copied stay. The job runs again only if its arguments or `triggers` change. An existing " +
			"job that copies the same into the same app, running or completed, is adopted; to copy again, use `triggers`. " + deprecation,
		DeprecationMessage: deprecation,
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the job, chosen by the service.", Computed: true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"destination_app_id": schema.StringAttribute{
				MarkdownDescription: destinationAppText + starts, Optional: true, Computed: true,
				Validators: []validator.String{ids.New()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(),
					stringplanmodifier.UseStateForUnknown()},
			},
			"destination_user_id": schema.StringAttribute{
				MarkdownDescription: destinationUserText + starts, Optional: true, Computed: true,
				Validators: []validator.String{ids.Reference()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(),
					stringplanmodifier.UseStateForUnknown()},
			},
			"destination_description": schema.StringAttribute{
				MarkdownDescription: descriptionText + starts, Optional: true,
				Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Arbitrary values. Changing them starts a new duplication.",
				Optional:            true, ElementType: types.StringType,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"wait_for":      jobs.WaitFor(waitText),
			"stall_timeout": jobs.StallTimeout(),
			"status":        attrs.Status("Status of the job."),
			"progress": schema.MapAttribute{
				MarkdownDescription: "Progress by kind of object. It is not documented whether the numbers are counts or percentages.",
				Computed:            true, ElementType: types.Int64Type,
			},
			"created_at": attrs.CreatedAt(),
		},
	}
	for _, c := range copies {
		s.Attributes[c.name] = schema.BoolAttribute{
			MarkdownDescription: c.text + starts, Optional: true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplace()},
		}
	}
	return s
}()

func actionAttributes() map[string]actionschema.Attribute {
	m := map[string]actionschema.Attribute{
		"user_id": ids.ActionUserID(),
		"app_id":  ids.ActionAppID(),
		"destination_app_id": actionschema.StringAttribute{MarkdownDescription: destinationAppText, Optional: true,
			Validators: []validator.String{ids.New()}},
		"destination_user_id": actionschema.StringAttribute{MarkdownDescription: destinationUserText, Optional: true,
			Validators: []validator.String{ids.Reference()}},
		"destination_description": actionschema.StringAttribute{
			MarkdownDescription: descriptionText, Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"wait_for": jobs.WaitForArgument(waitText),
	}
	m["stall_timeout"] = jobs.StallArgument()
	for _, c := range copies {
		m[c.name] = actionschema.BoolAttribute{MarkdownDescription: c.text, Optional: true}
	}
	return m
}
