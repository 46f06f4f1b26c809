package datasetexport

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	datasetText    = "Id of the dataset."
	versionText    = "Id of the dataset version. One that is still being built is waited for."
	formatText     = "Format of the archive: `CLARIFAI_DATA_PROTOBUF`, `CLARIFAI_DATA_JSON` or `COCO`."
	embeddingsText = "Whether the archive is to hold the embeddings of the inputs. The service keeps one export for each format of a version, so one that was made before without embeddings stays without."
	urlText        = "Address of the archive, once the export is done. Fetching it needs the header `Authorization: Key <token>`. It changes, and how long it is good for is not documented"
	sizeText       = "Size of the archive in bytes, once the export is done."
	downloadText   = "Local file to save the archive to, relative to the directory in which Terraform runs. Missing folders are made. " +
		"The file is written under another name first, its size and the archive's check sums are checked, and only then does it take its place; it can be read by its owner only."
)

var formats = []string{"CLARIFAI_DATA_PROTOBUF", "CLARIFAI_DATA_JSON", "COCO"}

func formatValidators() []validator.String {
	return []validator.String{stringvalidator.OneOf(formats...)}
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "An export of a dataset version: a ZIP archive of its inputs and annotations, which the service makes in the background, and on request the local copy of it. " +
		"The API cannot delete an export, so destroying this resource only forgets it; the export goes with its version. The downloaded file stays too, unless `delete_file_on_destroy` says otherwise.\n\n" +
		"When waiting ends by a timeout or Ctrl-C, the export goes on at the service. The next apply then shows a replacement, which starts nothing anew: it takes up the same export.",
	Attributes: map[string]schema.Attribute{
		"user_id":            ids.UserID(),
		"app_id":             ids.AppID(),
		"dataset_id":         ids.Parent(datasetText),
		"dataset_version_id": ids.Parent(versionText),
		"format": schema.StringAttribute{
			MarkdownDescription: formatText + " Changing it replaces the export.",
			Required:            true,
			Validators:          formatValidators(),
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"include_embeddings": schema.BoolAttribute{
			MarkdownDescription: embeddingsText + " When not set it is what the service says. Changing it replaces the export.",
			Optional:            true,
			Computed:            true,
			PlanModifiers: []planmodifier.Bool{
				boolplanmodifier.RequiresReplaceIfConfigured(),
				boolplanmodifier.UseStateForUnknown(),
			},
		},
		"wait_for_completion": schema.BoolAttribute{
			MarkdownDescription: "Whether to wait until the export is done, up to `timeouts.create`. Defaults to `true`. `false` excludes `download_to`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
		},
		"download_to": schema.StringAttribute{
			MarkdownDescription: downloadText +
				" A file that is missing or was changed is downloaded again by the next apply, also on another machine than the last one. " +
				"Another name here has the archive downloaded there; the file under the old name stays.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"delete_file_on_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether destroying the resource removes the file named by `download_to`, provided that it is still the downloaded one. Defaults to `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"status": attrs.Status("How far the export is: 64201 and 64203 while it is made, 64200 once it is done, 64202 or 64204 when that failed."),
		"url": schema.StringAttribute{
			MarkdownDescription: urlText + "; what it may carry as a query is not kept in state. The ephemeral resource of the same name has the address as it is now.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"size": schema.Int64Attribute{
			MarkdownDescription: sizeText,
			Computed:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 of the downloaded file, in hexadecimal. Null without `download_to`, and while the file is missing or changed.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create:            true,
			CreateDescription: "How long to wait for the version, the export and the download together, also when an update waits on. A duration such as `90m`. Defaults to `1h`.",
		}),
	},
}
