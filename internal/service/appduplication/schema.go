package appduplication

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	destinationAppText  = "Id of the app to copy into. One that exists keeps what it has and gains what it lacks; one that does not is made. Chosen by the service when not set."
	destinationUserText = "Owner of the app to copy into. Defaults to the owner of the token."
	descriptionText     = "Description of the app to copy into, used when it is made."
	waitText            = "How long to wait: until the service has taken the job on (`accepted`), or until everything is copied (`completed`, the default)."
	starts              = " Changing it starts a new duplication."

	deprecation = "The service has deprecated app duplication. It may stop working; what has been copied stays."
)

// copies says what can be copied, and what each needs to be copied too.
var copies = []struct{ name, text string }{
	{"copy_concepts", "Copy the concepts."},
	{"copy_inputs", "Copy the inputs with their own labels. Needs `copy_concepts`."},
	{"copy_annotations", "Copy the annotations. Needs `copy_inputs` and `copy_concepts`."},
	{"copy_models", "Copy the models. Needs `copy_concepts`."},
	{"copy_workflows", "Copy the workflows."},
}

var resourceSchema = func() schema.Schema {
	s := schema.Schema{
		MarkdownDescription: "A copy of an app, made once. **Destroying it only forgets the job**: the app that it made stays, and so does what was copied. " +
			"The job runs again only when what it is about or `triggers` change, never because the service has forgotten it. A job under way that copies the same into the same app is taken over instead of starting another. " + deprecation,
		DeprecationMessage: deprecation,
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the job, made by the service.", Computed: true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"destination_app_id": schema.StringAttribute{
				MarkdownDescription: destinationAppText + starts, Optional: true, Computed: true,
				Validators:    []validator.String{ids.New()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
			},
			"destination_user_id": schema.StringAttribute{
				MarkdownDescription: destinationUserText + starts, Optional: true, Computed: true,
				Validators:    []validator.String{ids.Reference()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
			},
			"destination_description": schema.StringAttribute{
				MarkdownDescription: descriptionText + starts, Optional: true,
				Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Anything whose change starts a new duplication.",
				Optional:            true, ElementType: types.StringType,
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"wait_for": schema.StringAttribute{
				MarkdownDescription: waitText, Optional: true, Computed: true,
				Default:    stringdefault.StaticString(jobs.Completed),
				Validators: []validator.String{stringvalidator.OneOf(jobs.Accepted, jobs.Completed)},
			},
			"stall_timeout": jobs.StallTimeout(),
			"status":        attrs.Status("How far the job is."),
			"progress": schema.MapAttribute{
				MarkdownDescription: "How far each kind of thing is. Whether the numbers are counts or per cent is not documented.",
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
		"user_id":             ids.ActionUserID(),
		"app_id":              ids.ActionAppID(),
		"destination_app_id":  actionschema.StringAttribute{MarkdownDescription: destinationAppText, Optional: true, Validators: []validator.String{ids.New()}},
		"destination_user_id": actionschema.StringAttribute{MarkdownDescription: destinationUserText, Optional: true, Validators: []validator.String{ids.Reference()}},
		"destination_description": actionschema.StringAttribute{
			MarkdownDescription: descriptionText, Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"wait_for": actionschema.StringAttribute{
			MarkdownDescription: waitText, Optional: true, Validators: []validator.String{stringvalidator.OneOf(jobs.Accepted, jobs.Completed)},
		},
	}
	m["stall_timeout"] = jobs.StallArgument()
	for _, c := range copies {
		m[c.name] = actionschema.BoolAttribute{MarkdownDescription: c.text, Optional: true}
	}
	return m
}
