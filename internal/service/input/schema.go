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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	conceptsText = "Labels: concept ids with their values, 1 for \"is\" and 0 for \"is not\". The service holds 32-bit floats and makes concepts that it does not know yet."
	geoText      = "Where on the globe the input belongs. The service holds 32-bit floats, so differences that these cannot show are no changes."
	statusText   = "How the processing by the service stands: 30001 and 30003 in progress, 30000 done, others failed."
	hostedText   = "Where the service keeps the medium, once it is processed. Downloading it needs the token (`Authorization: Key ...`); the address itself holds no secret."
	infoText     = "What the service found out about the medium, once it is processed. Only what fits the medium is set."
	sizeText     = "At most 20 MB."

	// Who manages labels, metadata and place. One rule for all three.
	unmanagedText = " When not set it is not managed: what others put there is neither shown nor touched."
	managedText   = " Whatever differs at the service is drift and put right. Taking the attribute out of the configuration takes away what it held; from then on it is not managed."
)

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An input: one image, video, audio or text with its labels. The service downloads and processes it in the background, which is waited for. " +
			"The medium of an input never changes: other content replaces the input. Labels, metadata, place and memberships change in place. " +
			"For thousands of inputs `clarifai_inputs` is the better resource.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the input, unique in the app: letters, digits, hyphens and underscores, by the documentation at most 32. " +
					"When not set the provider chooses one of 32 hex digits. Set it where an apply may be killed half-way: the next one then finds the id taken and says how to import the input, where without an id it would make another. Changing it replaces the input.",
				Optional: true, Computed: true,
				Validators: []validator.String{ids.NewInput()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown(),
				},
			},
			"image": bytesMedium("An image: JPEG, PNG and other formats that the service knows, at most 85 megapixels.", "Path of the image file. "+sizeText),
			"video": bytesMedium("A video, by URL at most 300 MB and 10 minutes.", "Path of the video file, at most 95 MB: a request holds 128 MB, and encoding makes content a third longer."),
			"audio": bytesMedium("A sound recording.", "Path of the audio file. "+sizeText),
			"text": schema.SingleNestedAttribute{
				MarkdownDescription: "A text. Exactly one of `image`, `video`, `audio` and `text` is set, and in it exactly one of `raw`, `url` and `file`. Other content replaces the input.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"raw": schema.StringAttribute{
						MarkdownDescription: "The text itself, kept in state as it is written. " + sizeText,
						Optional:            true,
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"url":                 urlAttribute(),
					"file":                fileAttribute("Path of a text file in UTF-8. " + sizeText),
					"allow_duplicate_url": allowDuplicateAttribute(),
				},
			},
			"concepts": schema.MapAttribute{
				MarkdownDescription: conceptsText + unmanagedText + " `{}` means no labels." + managedText +
					" Labels of regions, frames and annotations are not concerned.",
				Optional:    true,
				ElementType: types.Float64Type,
				Validators: []validator.Map{
					mapvalidator.KeysAre(ids.New()),
					mapvalidator.ValueFloat64sAre(float64validator.Between(0, 1)),
				},
			},
			"metadata": schema.StringAttribute{
				MarkdownDescription: "Metadata of the input. " + attrs.JSONText + unmanagedText + " `jsonencode({})` means none." + managedText,
				Optional:            true,
				CustomType:          jsontypes.NormalizedType{},
				Validators:          []validator.String{attrs.ObjectValidator{}},
				PlanModifiers:       []planmodifier.String{attrs.KeepSameJSON{}},
			},
			"geo": schema.SingleNestedAttribute{
				MarkdownDescription: geoText + unmanagedText + managedText,
				Optional:            true,
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
				MarkdownDescription: "Datasets of the same app that the input is a member of. Only those listed are managed: one is joined when it is added and left when it is taken out, and a membership that somebody else ended is restored. " +
					"Memberships cannot be read from an input, so each costs a call when refreshing, and none is imported: the first apply after an import joins those that are listed, which changes nothing where the input is a member already.",
				Optional:    true,
				ElementType: types.StringType,
				Validators:  []validator.Set{setvalidator.ValueStringsAre(ids.Reference())},
			},
			"wait_for_processing": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until the service has processed the input, and to fail when it cannot. Defaults to `true`. An input whose processing failed is replaced by the next apply. " +
					"When false, `status` tells how it stands.",
				Optional: true, Computed: true,
				Default: booldefault.StaticBool(true),
			},
			"deletion_policy": attrs.DeletionPolicy("input", "its annotations and memberships go with it; versions that were made of it stay"),
			"timeouts": attrs.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long to wait for the processing, as a duration such as `90s` or `10m`. Defaults to `20m`.",
				UpdateDescription: "How long to wait for processing that an earlier apply did not see the end of. Defaults to `20m`.",
				DeleteDescription: "How long to wait until the service, which deletes in the background, no longer has the input. Defaults to `10m`.",
			}),
			"content_sha256": schema.StringAttribute{
				MarkdownDescription: "SHA-256 in hex of the content that comes from `file`, `base64` or `raw`; null for a URL. A file is read again by every plan, and other content replaces the input. " +
					"Null after an import, since the service does not give content back: the first apply takes the configured content for that of the input. " +
					"Empty when somebody deleted the input and made another with its id.",
				Computed: true,
			},
			"status":      attrs.Status(statusText),
			"hosted_url":  schema.StringAttribute{MarkdownDescription: hostedText, Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
			"media_info":  mediaInfoAttribute(),
			"created_at":  attrs.CreatedAt(),
			"modified_at": attrs.ModifiedAt(),
		},
	}
}

// bytesMedium is a medium that comes as bytes.
func bytesMedium(description, fileText string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description + " Exactly one of `image`, `video`, `audio` and `text` is set, and in it exactly one of `url`, `file` and `base64`. Other content replaces the input.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"url":  urlAttribute(),
			"file": fileAttribute(fileText),
			"base64": schema.StringAttribute{
				MarkdownDescription: "The content itself in base64, kept in state as it is written; better is `file`, which leaves only a digest there. Limits are those of `file`, before encoding.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"allow_duplicate_url": allowDuplicateAttribute(),
		},
	}
}

func urlAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "URL that the service downloads the content from. Another URL replaces the input.",
		Optional:            true,
		Validators:          []validator.String{attrs.URLValidator{}},
	}
}

func fileAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Relative to the directory that Terraform runs in: write `\"${path.module}/...\"`. It must be there when planning. Its content counts, not its name.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
}

func allowDuplicateAttribute() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether to accept a URL that another input of the app has already. Defaults to `false`. Only used when the input is made; a change of it alone changes nothing at the service.",
		Optional:            true,
	}
}

func mediaInfoAttribute() schema.SingleNestedAttribute {
	attributes := map[string]schema.Attribute{}
	for _, p := range properties {
		switch p.of {
		case types.StringType:
			attributes[p.name] = schema.StringAttribute{MarkdownDescription: p.text, Computed: true}
		case types.Int64Type:
			attributes[p.name] = schema.Int64Attribute{MarkdownDescription: p.text, Computed: true}
		default:
			attributes[p.name] = schema.Float64Attribute{MarkdownDescription: p.text, Computed: true}
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: infoText,
		Computed:            true,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes:          attributes,
	}
}

func mediaInfoDataAttribute() datasourceschema.SingleNestedAttribute {
	attributes := map[string]datasourceschema.Attribute{}
	for _, p := range properties {
		switch p.of {
		case types.StringType:
			attributes[p.name] = datasourceschema.StringAttribute{MarkdownDescription: p.text, Computed: true}
		case types.Int64Type:
			attributes[p.name] = datasourceschema.Int64Attribute{MarkdownDescription: p.text, Computed: true}
		default:
			attributes[p.name] = datasourceschema.Float64Attribute{MarkdownDescription: p.text, Computed: true}
		}
	}
	return datasourceschema.SingleNestedAttribute{MarkdownDescription: infoText, Computed: true, Attributes: attributes}
}

func dataAttributes() map[string]datasourceschema.Attribute {
	return map[string]datasourceschema.Attribute{
		"user_id": ids.DataUserID(),
		"app_id":  ids.DataAppID(),
		"id": datasourceschema.StringAttribute{
			MarkdownDescription: "Id of the input.", Required: true,
			Validators: []validator.String{ids.Reference()},
		},
		"url": datasourceschema.StringAttribute{MarkdownDescription: "URL that the service took the medium from, where it says so.", Computed: true},
		"concepts": datasourceschema.MapAttribute{
			MarkdownDescription: conceptsText, Computed: true, ElementType: types.Float64Type,
		},
		"metadata": datasourceschema.StringAttribute{
			MarkdownDescription: "Metadata of the input, a JSON object; null when there is none.",
			Computed:            true, CustomType: jsontypes.NormalizedType{},
		},
		"geo": datasourceschema.SingleNestedAttribute{
			MarkdownDescription: geoText,
			Computed:            true,
			Attributes: map[string]datasourceschema.Attribute{
				"latitude":  datasourceschema.Float64Attribute{MarkdownDescription: "Degrees north.", Computed: true},
				"longitude": datasourceschema.Float64Attribute{MarkdownDescription: "Degrees east.", Computed: true},
			},
		},
		"status":      attrs.DataStatus(statusText),
		"hosted_url":  datasourceschema.StringAttribute{MarkdownDescription: hostedText, Computed: true},
		"media_info":  mediaInfoDataAttribute(),
		"created_at":  datasourceschema.StringAttribute{MarkdownDescription: "When it was created (RFC 3339, UTC).", Computed: true},
		"modified_at": datasourceschema.StringAttribute{MarkdownDescription: "When it was last changed (RFC 3339, UTC).", Computed: true},
	}
}
