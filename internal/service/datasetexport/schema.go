package datasetexport

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	datasetText    = "Id of the dataset."
	versionText    = "Id of the dataset version. The provider waits for a version that is still being built."
	formatText     = "Format of the archive: `CLARIFAI_DATA_PROTOBUF`, `CLARIFAI_DATA_JSON` or `COCO`."
	embeddingsText = "Whether the archive contains the embeddings of the inputs. Clarifai keeps one export for each format of a version, so " +
		"one that was created without embeddings stays without."
	urlText = "Address of the archive, once the export is done. Fetching it needs the header `Authorization: Key <token>`. It may " +
		"change, and how long it is valid is not documented"
	sizeText     = "Size of the archive in bytes, once the export is done."
	downloadText = "Local file to save the archive to, relative to the directory in which Terraform runs. Missing directories are " +
		"created. The provider writes a temporary file, checks its size and the archive's checksums, and then renames it; only its owner can " +
		"read it. An existing file that this resource has not written is not overwritten, unless it is identical."
)

// Values of on_missing_file.
const (
	missingDownload = "download"
	missingIgnore   = "ignore"
)

var formats = []string{"CLARIFAI_DATA_PROTOBUF", "CLARIFAI_DATA_JSON", "COCO"}

func formatValidators() []validator.String {
	return []validator.String{stringvalidator.OneOf(formats...)}
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "An export of a dataset version: a ZIP archive of its inputs and annotations, which Clarifai creates in the " +
		"background, and optionally a local copy of it. The API cannot delete an export, so destroying the resource only removes it from " +
		"state; the export is deleted with its version. The downloaded file stays, unless you set `delete_file_on_destroy`.\n\n" +
		"If waiting ends by a timeout or Ctrl-C, Clarifai continues the export. The next apply then shows a replacement, which resumes " +
		"waiting for the same export.",
	Attributes: map[string]schema.Attribute{
		"user_id":            ids.UserID(),
		"app_id":             ids.AppID(),
		"dataset_id":         ids.Parent(datasetText),
		"dataset_version_id": ids.Parent(versionText),
		"format": schema.StringAttribute{
			MarkdownDescription: formatText + " Changing this replaces the export.",
			Required:            true,
			Validators:          formatValidators(),
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"id": ids.ComputedID(),
		"include_embeddings": schema.BoolAttribute{
			MarkdownDescription: embeddingsText + " If not set, it has Clarifai's value. Changing this replaces the export.",
			Optional:            true,
			Computed:            true,
			PlanModifiers: []planmodifier.Bool{
				boolplanmodifier.RequiresReplaceIfConfigured(),
				boolplanmodifier.UseStateForUnknown(),
			},
		},
		"wait_for": jobs.WaitFor("How long to wait: until the service has accepted the export (`accepted`), or until it is complete " +
			"(`completed`, the default), up to `timeouts.create`. `accepted` excludes `download_to`."),
		"download_to": schema.StringAttribute{
			MarkdownDescription: downloadText +
				" A file that was changed, or that is missing on this machine, is downloaded again by the next apply; see `on_missing_file`. " +
				"Changing this downloads the archive to the new path; the old file stays.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1), localPath{}},
		},
		"on_missing_file": schema.StringAttribute{
			MarkdownDescription: "What to do if the file named by `download_to` does not exist on this machine: `download` (default) downloads " +
				"it again, `ignore` plans no change. Use `ignore` in pipelines whose runners start without files.",
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(missingDownload),
			Validators: []validator.String{stringvalidator.OneOf(missingDownload, missingIgnore)},
		},
		"delete_file_on_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether destroying the resource removes the file named by `download_to`, if it is unchanged. Defaults to `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"status": attrs.Status("Status of the export: 64201 and 64203 in progress, 64200 complete, 64202 or 64204 failed."),
		"url": schema.StringAttribute{
			MarkdownDescription: urlText + "; state does not have its query. The ephemeral resource of the same name returns the current address.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"size": schema.Int64Attribute{
			MarkdownDescription: sizeText,
			Computed:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of the downloaded file, in hexadecimal. Null without `download_to`, and while the file is missing or " +
				"changed.",
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create: true,
			CreateDescription: "How long to wait for the version, the export and the download together, also in an update. A duration such as " +
				"`90m`. Defaults to `1h`.",
		}),
	},
}

// localPath rejects a leading ~, which Terraform does not expand.
type localPath struct{}

func (localPath) Description(context.Context) string { return "must not begin with ~" }

func (v localPath) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v localPath) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	name := req.ConfigValue.ValueString()
	if name == "~" || strings.HasPrefix(name, "~/") || strings.HasPrefix(name, `~\`) {
		resp.Diagnostics.AddAttributeError(req.Path, "Path begins with ~",
			fmt.Sprintf("%q %s: Terraform would use a directory named ~. Write pathexpand(%q) for the home directory.", name, v.Description(ctx),
				name))
	}
}
