package input

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

const (
	conceptsText = "Concepts that label the input: concept ids with their values, 1 for present and 0 for absent. The service stores " +
		"32-bit floats and creates concepts that do not exist."
	geoText    = "Geo location of the input. The service stores 32-bit floats, so smaller differences are ignored."
	statusText = "Processing status: 30001 and 30003 in progress, 30000 processed, others failed."
	hostedText = "URL of the content at the service, once the input is processed. Downloading it needs the token (`Authorization: " +
		"Key ...`); the URL contains no secret."
	infoText = "Properties of the content that the service has detected, once the input is processed. Only those of its input " +
		"type are set."
	sizeText = "At most 20 MB."

	// Management of concepts, metadata and geo location.
	unmanagedText = " If not set, the provider does not manage it."
	asIsText      = " If none is set for an input that exists, its content stays as it is at the service."
	managedText   = " Removing it from the configuration removes the value from the input."
)

var resourceSchema = schema.Schema{
	MarkdownDescription: "An input: one image, video, audio file or text with its labels. Clarifai downloads and processes it in the " +
		"background. Other content replaces the input, which deletes annotations by people and models and ends memberships in datasets other " +
		"than `dataset_ids`. Concepts, metadata, geo location and `dataset_ids` change in place. For thousands of inputs use " +
		"`clarifai_inputs`.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the input, unique in the app: 1 to 48 letters, digits, hyphens and underscores. " +
				"If not set, the provider chooses 32 hex digits. If an apply may be killed, set it: the next apply then finds the " +
				"existing input, while without an id it creates another one. Changing it replaces the input.",
			Optional: true, Computed: true,
			Validators: []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown(),
			},
		},
		"image": bytesContent("Content of an image: JPEG, PNG and other formats, at most 85 megapixels.",
			"Path of the image file. "+sizeText),
		"video": bytesContent("Content of a video, at most 300 MB and 10 minutes by URL.", "Path of the video file, at most 95 MB, "+
			"since a request has at most 128 MB and encoding adds a third."),
		"audio": bytesContent("Content of an audio file.", "Path of the audio file. "+sizeText),
		"text": schema.SingleNestedAttribute{
			MarkdownDescription: "Content of a text. Set one of `image`, `video`, `audio` and `text`, and in it one of `raw`, " +
				"`url` and `file`. Changing the content replaces the input." + asIsText,
			Optional: true,
			Computed: true,
			Attributes: map[string]schema.Attribute{
				"raw": schema.StringAttribute{
					MarkdownDescription: "Text, which is stored in state. " + sizeText,
					Optional:            true,
					Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
				},
				"url":                 urlAttribute(),
				"file":                fileAttribute("Path of a text file in UTF-8. " + sizeText),
				"allow_duplicate_url": allowDuplicateAttribute(),
			},
		},
		"concepts": schema.MapAttribute{
			MarkdownDescription: conceptsText + unmanagedText + " `{}` removes all concepts." + managedText +
				" Concepts of regions, frames and annotations are not affected.",
			Optional: true, Computed: true, PlanModifiers: []planmodifier.Map{unmanaged.Keep{}},
			ElementType: types.Float64Type,
			Validators: []validator.Map{
				mapvalidator.KeysAre(ids.Reference()),
				mapvalidator.ValueFloat64sAre(float64validator.Between(0, 1)),
			},
		},
		"concept_names": schema.MapAttribute{
			MarkdownDescription: "Names of concepts that the app does not have yet, by concept id; without a name the id is the name. " +
				"They are sent together with `concepts` and change no concept that exists: use `clarifai_concept` to manage names.",
			Optional:    true,
			ElementType: types.StringType,
			Validators: []validator.Map{
				mapvalidator.KeysAre(ids.Reference()),
				mapvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"regions": annotationattrs.Regions("Regions of the content with their labels, which are created together with the input. They are only " +
			"used when the input is created: a later change of them has no effect. Clarifai shows them as annotations; use " +
			"`annotations` for regions that you want to manage."),
		"annotations": annotationattrs.List("Annotations of the input that this resource creates, changes and deletes: labels with the region, " +
			"frame or time segment that they belong to. They are created once the input is processed, which the apply waits for. " +
			"Those of people and models stay as they are. If not set, annotations are not managed. `[]`, or removing the attribute from the " +
			"configuration, deletes those that the resource created. The labels, metadata and geo location of the input itself are not " +
			"among them. Do not list them also as `clarifai_annotation`. For more than some hundred annotations use the rows of " +
			"`clarifai_inputs`."),
		"masks_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 in hex over the files of all masks in `annotations`; null without one. Masks whose files change are " +
				"sent again.",
			Computed: true,
		},
		"other_annotations": schema.Int64Attribute{
			MarkdownDescription: "Number of annotations that this resource does not manage: those of people and models, at the last refresh. Null " +
				"if `annotations` is not set.",
			Computed:      true,
			PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"inputs_add_job_id": schema.StringAttribute{
			MarkdownDescription: "Id of an add job that counts the input, such as that of an import, 1 to 32 letters, digits, hyphens and " +
				"underscores. It is created if it does not exist. It is only used when the input is created.",
			Optional:   true,
			Validators: []validator.String{ids.New()},
		},
		"input_id_conflict_resolution": schema.StringAttribute{
			MarkdownDescription: "What Clarifai does if the id already exists: `SKIP` (default) rejects the input, `SUFFIX` adds a suffix " +
				"to the id. `SUFFIX` cannot be combined with `id`, which Terraform must be able to rely on. It is only used when the input is " +
				"created.",
			Optional:   true,
			Validators: []validator.String{stringvalidator.OneOf("SKIP", "SUFFIX")},
		},
		"metadata": schema.StringAttribute{
			MarkdownDescription: "Metadata of the input. " + attrs.JSONText + unmanagedText + " `jsonencode({})` removes all " +
				"metadata." + managedText,
			Optional:      true,
			Computed:      true,
			CustomType:    jsontypes.NormalizedType{},
			Validators:    []validator.String{attrs.ObjectValidator{}},
			PlanModifiers: []planmodifier.String{attrs.KeepSameJSON{}, unmanaged.Keep{}},
		},
		"geo": schema.SingleNestedAttribute{
			MarkdownDescription: geoText + unmanagedText + managedText,
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.Object{unmanaged.Keep{}},
			Attributes: map[string]schema.Attribute{
				"latitude": schema.Float64Attribute{
					MarkdownDescription: "Degrees north, -90 to 90.", Required: true,
					Validators: []validator.Float64{float64validator.Between(-90, 90)},
				},
				"longitude": schema.Float64Attribute{
					MarkdownDescription: "Degrees east, -180 to 180.", Required: true,
					Validators: []validator.Float64{float64validator.Between(-180, 180)},
				},
			},
		},
		"dataset_ids": schema.SetAttribute{
			MarkdownDescription: "Ids of datasets of the same app that the input is a member of. Only listed datasets are managed: adding one " +
				"adds the input to it, removing one removes the input from it, and a membership that was removed outside Terraform is restored. " +
				"The API does not return the datasets of an input, so none is imported: the first apply after an import adds the input to the " +
				"listed datasets, which changes nothing if it is a member.",
			Optional:    true,
			ElementType: types.StringType,
			Validators:  []validator.Set{setvalidator.ValueStringsAre(ids.Reference())},
		},
		"wait_for_processing": schema.BoolAttribute{
			MarkdownDescription: "Whether to wait until the input is processed, and to fail if it cannot be. Defaults to `false`. An input " +
				"whose processing failed is then replaced by the next apply. Set it if other resources use `status`, `hosted_url` or `media_info` " +
				"of the input. If it is false, `clarifai_dataset_version` waits for the inputs of its dataset, and the data source " +
				"`clarifai_input_counts` can wait for all inputs of the app; the next plan warns about inputs whose processing failed.",
			Optional: true, Computed: true,
			Default: booldefault.StaticBool(false),
		},
		"deletion_policy": attrs.DeletionPolicy("input", "with its annotations and memberships; dataset versions that contain it stay"),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create: true, Update: true, Delete: true,
			CreateDescription: "Maximum time to wait until the input is processed, a duration such as `90s` or `10m`. Defaults " +
				"to `20m`.",
			UpdateDescription: "Maximum time to wait for an input that an earlier apply did not wait for until it was processed. " +
				"Defaults to `20m`.",
			DeleteDescription: "Maximum time to wait until the input is deleted. Defaults to `10m`.",
		}),
		"content_sha256": schema.StringAttribute{
			MarkdownDescription: "SHA-256 in hex of the content from `file`, `base64` or `raw`; null for a URL. Each plan reads the file, and " +
				"other content replaces the input. Null after an import, since the API does not return content: the first apply adopts the " +
				"configured content. Empty if the input was deleted and recreated with the same id outside Terraform.",
			Computed: true,
		},
		"status": attrs.Status(statusText),
		"hosted_url": schema.StringAttribute{MarkdownDescription: hostedText, Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"media_info":  infoAttribute(),
		"created_at":  attrs.CreatedAt(),
		"modified_at": attrs.ModifiedAt(),
	},
}

// bytesContent is the attribute of binary content.
func bytesContent(description, fileText string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description + " Set one of `image`, `video`, `audio` and `text`, and in it one of `url`, `file` and " +
			"`base64`. Changing the content replaces the input." + asIsText,
		Optional: true,
		Computed: true,
		Attributes: map[string]schema.Attribute{
			"url":  urlAttribute(),
			"file": fileAttribute(fileText),
			"base64": schema.StringAttribute{
				MarkdownDescription: "Content in base64, which is stored in state; `file` only stores a digest. The limits of `file` " +
					"apply to the decoded content.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"allow_duplicate_url": allowDuplicateAttribute(),
		},
	}
}

func urlAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "URL from which Clarifai downloads the content. Changing it replaces the input.",
		Optional:            true,
		Validators:          []validator.String{attrs.URLValidator{}},
	}
}

func fileAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Relative to the working directory of Terraform: use `\"${path.module}/...\"`. It must " +
			"exist at plan. A change of its content replaces the input, a change of its name does not.",
		Optional:   true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func allowDuplicateAttribute() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether another input of the app may have the same URL. Defaults to `false`. It is only used when the " +
			"input is created.",
		Optional: true,
	}
}

func infoAttribute() schema.SingleNestedAttribute {
	attributes := map[string]schema.Attribute{}
	for _, p := range properties {
		switch p.of {
		case types.StringType:
			attributes[p.name] = schema.StringAttribute{MarkdownDescription: p.description, Computed: true}
		case types.Int64Type:
			attributes[p.name] = schema.Int64Attribute{MarkdownDescription: p.description, Computed: true}
		default:
			attributes[p.name] = schema.Float64Attribute{MarkdownDescription: p.description, Computed: true}
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: infoText,
		Computed:            true,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes:          attributes,
	}
}

func dataAttributes() map[string]datasourceschema.Attribute {
	differences := dataschema.ID(datasourceschema.StringAttribute{
		MarkdownDescription: "Id of the input.", Required: true,
		Validators: []validator.String{ids.Reference()},
	})
	differences["url"] = datasourceschema.StringAttribute{
		MarkdownDescription: "URL from which the content was downloaded, if the API returns it.", Computed: true,
	}
	return dataschema.Attributes(resourceSchema.Attributes, differences,
		"image", "video", "audio", "text", "dataset_ids", "wait_for_processing", "content_sha256", "concept_names", "regions",
		"annotations", "masks_sha256", "other_annotations", "inputs_add_job_id", "input_id_conflict_resolution")
}
