package appduplication

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// job holds the arguments that resource and action share.
type job struct {
	UserID                 types.String `tfsdk:"user_id"`
	AppID                  types.String `tfsdk:"app_id"`
	DestinationAppID       types.String `tfsdk:"destination_app_id"`
	DestinationUserID      types.String `tfsdk:"destination_user_id"`
	DestinationDescription types.String `tfsdk:"destination_description"`
	CopyConcepts           types.Bool   `tfsdk:"copy_concepts"`
	CopyInputs             types.Bool   `tfsdk:"copy_inputs"`
	CopyAnnotations        types.Bool   `tfsdk:"copy_annotations"`
	CopyModels             types.Bool   `tfsdk:"copy_models"`
	CopyWorkflows          types.Bool   `tfsdk:"copy_workflows"`
	WaitFor                types.String `tfsdk:"wait_for"`
	StallTimeout           types.String `tfsdk:"stall_timeout"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	job
	ID        types.String   `tfsdk:"id"`
	Triggers  types.Map      `tfsdk:"triggers"`
	Status    types.Object   `tfsdk:"status"`
	Progress  types.Map      `tfsdk:"progress"`
	CreatedAt types.String   `tfsdk:"created_at"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (j *job) app() clarifai.AppRef { return ids.App(j.UserID, j.AppID) }

// String names the job in messages.
func (j *job) String() string { return fmt.Sprintf("duplication of app %q", j.AppID.ValueString()) }

func (j *job) toAPI() clarifai.AppDuplication {
	return clarifai.AppDuplication{
		DestinationApp: &clarifai.App{
			ID: j.DestinationAppID.ValueString(), UserID: j.DestinationUserID.ValueString(),
			Description: j.DestinationDescription.ValueString(),
		},
		Filter: &clarifai.AppDuplicationFilters{
			CopyConcepts: j.CopyConcepts.ValueBool(), CopyInputs: j.CopyInputs.ValueBool(), CopyAnnotations: j.CopyAnnotations.ValueBool(),
			CopyModels: j.CopyModels.ValueBool(), CopyWorkflows: j.CopyWorkflows.ValueBool(),
		},
	}
}

// validate rejects combinations that the service rejects. Unknown values are accepted.
func (j *job) validate() diag.Diagnostics {
	var validate diag.Diagnostics
	need := func(what types.Bool, name string, needed types.Bool, neededName string) {
		if what.ValueBool() && !needed.IsUnknown() && !needed.ValueBool() {
			validate.AddAttributeError(path.Root(name), name+" needs "+neededName,
				fmt.Sprintf("The service only copies them if %s is true as well.", neededName))
		}
	}
	need(j.CopyInputs, "copy_inputs", j.CopyConcepts, "copy_concepts")
	need(j.CopyAnnotations, "copy_annotations", j.CopyInputs, "copy_inputs")
	need(j.CopyAnnotations, "copy_annotations", j.CopyConcepts, "copy_concepts")
	need(j.CopyModels, "copy_models", j.CopyConcepts, "copy_concepts")
	all := []types.Bool{j.CopyConcepts, j.CopyInputs, j.CopyAnnotations, j.CopyModels, j.CopyWorkflows}
	if !slices.ContainsFunc(all, func(b types.Bool) bool { return b.IsUnknown() || b.ValueBool() }) {
		validate.AddError("Nothing to copy", "Set at least one of copy_concepts, copy_inputs, copy_annotations, copy_models and "+
			"copy_workflows to true.")
	}
	return validate
}

// fromAPI sets the model. The destination may be missing from a response, for example when the app was
// deleted; the state then keeps it.
func (m *resourceModel) fromAPI(d *clarifai.AppDuplication, importing bool) {
	m.ID = types.StringValue(d.ID)
	m.Status = attrs.StatusFromAPI(d.Status)
	m.CreatedAt = attrs.Time(d.CreatedAt)
	values := map[string]attr.Value{}
	for _, p := range d.Progress {
		values[p.Field] = types.Int64Value(int64(p.Value))
	}
	m.Progress = types.MapValueMust(types.Int64Type, values)
	to := d.DestinationApp
	if to == nil {
		to = &clarifai.App{}
	}
	keepUnlessSet := func(v types.String, answer string) types.String {
		if answer == "" && !v.IsUnknown() {
			return v
		}
		return attrs.Text(answer)
	}
	m.DestinationAppID, m.DestinationUserID = keepUnlessSet(m.DestinationAppID, to.ID), keepUnlessSet(m.DestinationUserID, to.UserID)
	if f := d.Filter; importing && f != nil {
		flag := func(b bool) types.Bool {
			if b {
				return types.BoolValue(true)
			}
			return types.BoolNull()
		}
		m.CopyConcepts, m.CopyInputs, m.CopyAnnotations = flag(f.CopyConcepts), flag(f.CopyInputs), flag(f.CopyAnnotations)
		m.CopyModels, m.CopyWorkflows = flag(f.CopyModels), flag(f.CopyWorkflows)
		m.DestinationDescription = attrs.Text(to.Description)
	}
}

// progressText describes the progress of a job in one line.
func progressText(d *clarifai.AppDuplication) string {
	fields := make([]string, len(d.Progress))
	for i, p := range d.Progress {
		fields[i] = fmt.Sprintf("%s %d", p.Field, p.Value)
	}
	return strings.Join(append([]string{d.Status.Code.Name()}, fields...), ", ")
}
