// Package datasetexport is about exports of dataset versions: archives that the service makes in
// the background, and local copies of them.
package datasetexport

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const typeName = "clarifai_dataset_version_export"

const (
	createNext = "The export goes on at the service. The next apply shows a replacement, which starts nothing anew: it takes up the same export and waits on."
	updateNext = "The export goes on at the service. The next apply waits on for it."
)

var key = ids.InApp("dataset_id", "dataset_version_id", "format")

// NewResource makes the resource.
func NewResource() resource.Resource { return &exportResource{} }

type exportResource struct{ configure.Resource }

var (
	_ resource.ResourceWithIdentity       = (*exportResource)(nil)
	_ resource.ResourceWithImportState    = (*exportResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*exportResource)(nil)
	_ resource.ResourceWithValidateConfig = (*exportResource)(nil)
)

func (r *exportResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

func (r *exportResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema
}

func (r *exportResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = key.IdentitySchema()
}

func (r *exportResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key.Import(ctx, r.Provider, req, resp)
}

func (r *exportResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	waits := config.WaitForCompletion
	if !waits.IsNull() && !waits.IsUnknown() && !waits.ValueBool() && !config.DownloadTo.IsNull() && !config.DownloadTo.IsUnknown() {
		resp.Diagnostics.AddAttributeError(path.Root("download_to"), "Nothing to download without waiting",
			"An archive can be downloaded only once the export is done. Leave out wait_for_completion = false, or download_to.")
	}
}

// ModifyPlan plans to wait on for an export that is not done, and to download what is not there.
func (r *exportResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	if req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	var plan, state model
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	creating := req.State.Raw.IsNull()
	if !creating {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !creating && plan.WaitForCompletion.ValueBool() {
		class := attrs.StatusCode(state.Status).Class()
		if class != clarifai.ClassDone {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("url"), types.StringUnknown())...)
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("size"), types.Int64Unknown())...)
		}
		if class == clarifai.ClassFailed {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		}
	}
	digest := state.SHA256
	switch {
	case plan.DownloadTo.IsNull():
		digest = types.StringNull()
	case creating || digest.IsNull() || !plan.DownloadTo.Equal(state.DownloadTo):
		digest = types.StringUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("sha256"), digest)...)
	if to := plan.DownloadTo.ValueString(); digest.IsUnknown() && to != "" {
		if err := replaceable(to); err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("download_to"), "Cannot save the archive there", fmt.Sprintf("%q cannot be written: %v.", to, err))
		}
	}
}

func (r *exportResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	format, problem := parseFormat(plan.Format)
	resp.Diagnostics.Append(problem...)
	timeout, more := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	version, err := client.GetDatasetVersion(ctx, plan.app(), plan.DatasetID.ValueString(), plan.VersionID.ValueString())
	if err != nil {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("dataset_version_id"), fmt.Sprintf("Unable to read version %q of dataset %q, which is to be exported",
			plan.VersionID.ValueString(), plan.DatasetID.ValueString()), err))
		return
	}
	j := plan.job(client, format)
	digest := plan.SHA256
	plan.SHA256 = types.StringNull()
	plan.refresh(version.ExportInfo.Format(format))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), j.datasetID, j.versionID, plan.Format.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.SHA256 = digest
	resp.Diagnostics.Append(carryOut(ctx, j, &plan, createNext)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// carryOut does what the plan still wants: start, wait, download. What was reached is in the model,
// however it ends.
func carryOut(ctx context.Context, j *job, m *model, next string) diag.Diagnostics {
	var problems diag.Diagnostics
	wantsFile := m.SHA256.IsUnknown()
	if wantsFile {
		m.SHA256 = types.StringNull()
	}
	export, err := j.start(ctx)
	if err == nil {
		m.refresh(export)
		if !m.WaitForCompletion.ValueBool() {
			return problems
		}
		export, err = j.finish(ctx, export)
		m.refresh(export)
	}
	if err != nil {
		problems.Append(j.explain(err, "create", next))
		return problems
	}
	if j.embeddings && !export.IncludeEmbeddings {
		problems.Append(j.withoutEmbeddings())
	}
	if !wantsFile {
		return problems
	}
	to := m.DownloadTo.ValueString()
	digest, err := j.download(ctx, export, to)
	if err != nil {
		problems.Append(j.notSaved(err, to, export.Size))
		return problems
	}
	m.SHA256 = types.StringValue(digest)
	return problems
}

func (r *exportResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	format, problem := parseFormat(state.Format)
	resp.Diagnostics.Append(problem...)
	if resp.Diagnostics.HasError() {
		return
	}
	j := state.job(client, format)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, j.app, j.datasetID, j.versionID, state.Format.ValueString())...)
	version, err := client.ReadDatasetVersion(ctx, j.app, j.datasetID, j.versionID)
	if clarifai.IsNotFound(err) || (err == nil && version.ExportInfo.Format(format) == nil) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read the "+j.String(), err))
		return
	}
	if state.WaitForCompletion.IsNull() { // imported
		state.WaitForCompletion = types.BoolValue(true)
		state.DeleteFileOnDestroy = types.BoolValue(false)
	}
	state.refresh(version.ExportInfo.Format(format))
	state.refreshFile()
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

func (r *exportResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	client, ready := r.Provider.Client()
	resp.Diagnostics.Append(ready...)
	format, problem := parseFormat(plan.Format)
	resp.Diagnostics.Append(problem...)
	timeout, more := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(more...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	j := plan.job(client, format)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, j.app, j.datasetID, j.versionID, plan.Format.ValueString())...)
	if !plan.Status.IsUnknown() && !plan.SHA256.IsUnknown() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // only how the export is treated here
		return
	}
	done := !plan.Status.IsUnknown()
	plan.Status, plan.URL, plan.Size = state.Status, state.URL, state.Size
	resp.Diagnostics.Append(carryOut(ctx, j, &plan, updateNext)...)
	if done { // the address may be another one by now; the next refresh shows that
		plan.Status, plan.URL, plan.Size = state.Status, state.URL, state.Size
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete forgets the export, which the API cannot delete.
func (r *exportResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || !state.DeleteFileOnDestroy.ValueBool() || state.SHA256.IsNull() || state.DownloadTo.IsNull() {
		return
	}
	name := state.DownloadTo.ValueString()
	if digestOf(name) != state.SHA256.ValueString() {
		return
	}
	if err := os.Remove(name); err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("download_to"), "Unable to remove the downloaded file",
			fmt.Sprintf("%v. Remove it by hand and destroy again, or set delete_file_on_destroy = false.", err))
	}
}

func parseFormat(name types.String) (clarifai.DatasetVersionExportFormat, diag.Diagnostics) {
	for _, known := range formats {
		if known == name.ValueString() {
			format, err := clarifai.ParseDatasetVersionExportFormat(known)
			if err == nil {
				return format, nil
			}
		}
	}
	return 0, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("format"), "Unknown export format",
		fmt.Sprintf("%q is not an export format. The formats are %v, in capital letters; an import id ends with one of them.", name.ValueString(), formats))}
}
