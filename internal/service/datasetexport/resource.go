// Package datasetexport implements exports of dataset versions: archives that Clarifai creates in the
// background, and local copies of them.
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const typeName = "clarifai_dataset_version_export"

const (
	createNext = "Clarifai continues the export. The next apply shows a replacement, which resumes waiting for the same export."
	updateNext = "Clarifai continues the export. The next apply resumes waiting."
)

var key = ids.InApp("dataset_id", "dataset_version_id", "format")

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &exportResource{base.NewResource(typeName, key, resourceSchema)}
}

type exportResource struct{ base.Resource }

var (
	_ resource.ResourceWithIdentity       = (*exportResource)(nil)
	_ resource.ResourceWithImportState    = (*exportResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*exportResource)(nil)
	_ resource.ResourceWithValidateConfig = (*exportResource)(nil)
)

func (r *exportResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if config.WaitFor.ValueString() == jobs.Accepted && !config.DownloadTo.IsNull() && !config.DownloadTo.IsUnknown() {
		resp.Diagnostics.AddAttributeError(path.Root("download_to"), "Nothing to download without waiting",
			"An archive can be downloaded only after the export is complete. Remove wait_for = \"accepted\", or download_to.")
	}
}

// ModifyPlan plans to wait for an export that is not complete, to download a file that is missing, and to replace an export
// that the service no longer has.
func (r *exportResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	key.PlanScope(ctx, r.Provider, req, resp)
	claims.PlanObject(ctx, r.Provider, typeName, key, req, resp)
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
	if lost := !creating && state.Status.IsNull(); lost || (!creating && plan.WaitFor.ValueString() == jobs.Completed) {
		class := attrs.StatusCode(state.Status).Class()
		if class != clarifai.ClassDone {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), attrs.UnknownStatus())...)
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("url"), types.StringUnknown())...)
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("size"), types.Int64Unknown())...)
		}
		if lost || class == clarifai.ClassFailed {
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
	if _, known := key.ImportID(ctx, resp.Plan); known && plan.DownloadTo.ValueString() != "" {
		resp.Diagnostics.Append(claims.For(r.Provider).Claim(plan.owner(), plan.file())...)
	}
	resp.Diagnostics.Append(r.planFile(ctx, plan, state, creating, req, resp)...)
	if to := plan.DownloadTo.ValueString(); digest.IsUnknown() && to != "" {
		if err := replaceable(to); err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("download_to"), "Cannot save the archive there",
				fmt.Sprintf("%q cannot be written: %v.", to, err))
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
		resp.Diagnostics.Append(diags.AttributeError(path.Root("dataset_version_id"), fmt.Sprintf("Unable to read version %q of dataset %q, "+
			"which is to be exported",
			plan.VersionID.ValueString(), plan.DatasetID.ValueString()), err))
		return
	}
	j := plan.job(client, format)
	digest := plan.SHA256
	plan.SHA256 = types.StringNull()
	plan.ID = types.StringValue(plan.owner().ID)
	plan.fromAPI(version.ExportInfo.Format(format))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(key.SetIdentity(ctx, resp.Identity, plan.app(), j.datasetID, j.versionID, plan.Format.ValueString())...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.SHA256 = digest
	resp.Diagnostics.Append(r.claimFile(&plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	j.mayReplace = isOwnFile(ctx, resp.Private, &plan) || r.replacesFile(&plan)
	resp.Diagnostics.Append(carryOut(ctx, j, &plan, createNext)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(recordFile(ctx, resp.Private, &plan)...)
}

// carryOut starts the export, waits and downloads, as planned. The model has what was reached, also
// after an error.
func carryOut(ctx context.Context, j *job, m *model, next string) diag.Diagnostics {
	var problems diag.Diagnostics
	wantsFile := m.SHA256.IsUnknown()
	if wantsFile {
		m.SHA256 = types.StringNull()
	}
	export, err := j.start(ctx)
	if err == nil {
		m.fromAPI(export)
		if m.WaitFor.ValueString() != jobs.Completed {
			return problems
		}
		export, err = j.finish(ctx, export)
		m.fromAPI(export)
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
		if state.readFile(); state.SHA256.IsNull() {
			resp.State.RemoveResource(ctx)
			return
		}
		// Only state tells that the file is the provider's. So it stays until a resource replaces this one, which may then
		// overwrite the file.
		state.fromAPI(nil)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error("Unable to read the "+j.String(), err))
		return
	}
	if state.WaitFor.IsNull() { // imported
		state.WaitFor = types.StringValue(jobs.Completed)
		state.OnMissingFile = types.StringValue(missingDownload)
		state.DeleteFileOnDestroy = types.BoolValue(false)
	}
	state.fromAPI(version.ExportInfo.Format(format))
	state.readFile()
	state.ID = types.StringValue(state.owner().ID)
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
	plan.ID = types.StringValue(plan.owner().ID)
	if !plan.Status.IsUnknown() && !plan.SHA256.IsUnknown() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // only local settings changed
		return
	}
	resp.Diagnostics.Append(r.claimFile(&plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	j.mayReplace = isOwnFile(ctx, resp.Private, &plan)
	done := !plan.Status.IsUnknown()
	plan.Status, plan.URL, plan.Size = state.Status, state.URL, state.Size
	resp.Diagnostics.Append(carryOut(ctx, j, &plan, updateNext)...)
	if done { // a changed address shows at the next refresh
		plan.Status, plan.URL, plan.Size = state.Status, state.URL, state.Size
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(recordFile(ctx, resp.Private, &plan)...)
}

// replacesFile reports whether the file at download_to is that of a resource which this run has destroyed: the
// resource that replaces it may overwrite the file.
func (r *exportResource) replacesFile(m *model) bool {
	digest, removed := claims.For(r.Provider).WasRemoved(m.file())
	return removed && digestOf(m.DownloadTo.ValueString()) == digest
}

// Delete removes the downloaded file if that is configured. The API cannot delete the export.
func (r *exportResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if name := state.DownloadTo.ValueString(); name != "" && !state.SHA256.IsNull() && digestOf(name) == state.SHA256.ValueString() {
		claims.For(r.Provider).Removed(state.file(), state.SHA256.ValueString())
	}
	if resp.Diagnostics.HasError() || !state.DeleteFileOnDestroy.ValueBool() || state.SHA256.IsNull() || state.DownloadTo.IsNull() {
		return
	}
	if claims.For(r.Provider).WasCreated(claims.Owner{Type: typeName, ID: state.file().ID}) {
		return // the resource that replaces this one has downloaded to the same path
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
		fmt.Sprintf("%q is not an export format. The formats are %v, in capital letters; an import id ends with one of them.", name.ValueString(),
			formats))}
}
