package inputs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

const (
	onError     = "error"
	onOverwrite = "overwrite"
	onWarn      = "warn"

	defaultMaxDeletes = 10
)

const unmanagedText = " When not set it is not managed: what others put there is left as it is."

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Inputs by the thousand, as one resource: from a manifest file, a directory, or a map. What is there and as wanted costs one call for a thousand inputs to see, and what is not goes up to 128 a call.\n\n" +
			"Exactly one of `manifest`, `directory` and `items` is set. See the guide *Which resource for how many inputs*.\n\n" +
			"**What belongs to the resource** is written down at the service: the provider keeps a dataset with the resource's `id`, the ledger, whose members are the resource's inputs. Fingerprints in state tell whether others have changed the ledger, and what they put in is never deleted. " +
			"So state stays small whatever the number of inputs, an apply that was killed is picked up where it stopped, and nothing but the resource's own inputs is ever changed or deleted.\n\n" +
			"**Inputs that are there already** and as the row wants them are taken over. Others are conflicts, named when planning and left alone; see `on_conflict`.\n\n" +
			"**What fails** is named, the rest is done, and the next apply does only what is missing. After a creation that failed in part Terraform calls the resource tainted and says that it must be replaced. Nothing is deleted then: what is there is taken over. `terraform untaint` makes it an update instead.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "Name of the resource in the app, and id of the dataset that serves as its ledger: 1 to 32 letters, digits, hyphens and underscores. Changing it replaces the resource, inputs included.",
				Required:            true,
				Validators:          []validator.String{ids.New()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"manifest": schema.StringAttribute{
				MarkdownDescription: "Path of a file that lists the inputs, relative to the directory that Terraform runs in: write `\"${path.module}/...\"`. It is read when planning, and what matters is what it says, not where it is or in which order. One row an input, with these fields:\n\n" + manifestText,
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"manifest_format": schema.StringAttribute{
				MarkdownDescription: "`jsonl` (JSON Lines) or `csv`. Defaults to what the manifest's ending says: `.jsonl`, `.ndjson` or `.csv`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(formatJSONL, formatCSV)},
			},
			"directory": schema.SingleNestedAttribute{
				MarkdownDescription: "A directory whose media files are the inputs, at any depth. Files whose ending is not that of a medium, and names that begin with a dot, are ignored. Links to files are followed, links to directories are not.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"path": schema.StringAttribute{
						MarkdownDescription: "Path of the directory, relative to the directory that Terraform runs in.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"pattern": schema.StringAttribute{
						MarkdownDescription: "Which files: a pattern such as `*.jpg` for their names or, when it has a slash, such as `train/*/*.jpg` for their paths below the directory. `*` stands for anything but a slash. Defaults to `*`.",
						Optional:            true,
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"label_by_folder": schema.BoolAttribute{
						MarkdownDescription: "Whether each input is labelled with the name of the folder that its file is in. Defaults to `true`. Files that lie in the directory itself get no label.",
						Optional:            true,
					},
					"id_from": schema.StringAttribute{
						MarkdownDescription: "What the ids are made of: `path` (default; the path below the directory without the ending), `name` (the file's name without the ending), or `content` (32 hex digits of its SHA-256). Characters that ids cannot have become hyphens.",
						Optional:            true,
						Validators:          []validator.String{stringvalidator.OneOf(idFromPath, idFromName, idFromContent)},
					},
					"dataset_ids": schema.ListAttribute{
						MarkdownDescription: "Datasets that all of the inputs are members of. When not set memberships are not managed.",
						Optional:            true,
						ElementType:         types.StringType,
						Validators:          []validator.List{listvalidator.ValueStringsAre(ids.Reference())},
					},
				},
			},
			"items": newItemsAttribute(schema.MapNestedAttribute{
				MarkdownDescription: "The inputs by their ids. For some thousands at most: Terraform's own cost grows faster than the map, so that a manifest is the better source from there on.",
				Optional:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"url": schema.StringAttribute{
						MarkdownDescription: "URL that the service downloads the content from. Exactly one of `url`, `file` and `text` is set.",
						Optional:            true,
					},
					"file": schema.StringAttribute{
						MarkdownDescription: "Path of a file with the content, relative to the directory that Terraform runs in.",
						Optional:            true,
					},
					"text": schema.StringAttribute{
						MarkdownDescription: "The content itself, of a text.",
						Optional:            true,
					},
					"kind": schema.StringAttribute{
						MarkdownDescription: "`image`, `video`, `audio` or `text`. Defaults to what the ending of the URL's path or of the file stands for.",
						Optional:            true,
						Validators:          []validator.String{stringvalidator.OneOf(inputcontent.Types...)},
					},
					"concepts": schema.MapAttribute{
						MarkdownDescription: "Labels: concept ids with their values, 1 for \"is\" and 0 for \"is not\"." + unmanagedText + " `{}` means no labels.",
						Optional:            true,
						ElementType:         types.Float64Type,
					},
					"metadata": schema.StringAttribute{
						MarkdownDescription: "Metadata of the input. " + attrs.JSONText + unmanagedText + " `jsonencode({})` means none.",
						Optional:            true,
					},
					"geo": schema.SingleNestedAttribute{
						MarkdownDescription: "Where on the globe the input belongs. The service holds 32-bit floats, so differences that these cannot show are no changes." + unmanagedText,
						Optional:            true,
						Attributes: map[string]schema.Attribute{
							"latitude":  schema.Float64Attribute{MarkdownDescription: "Degrees north, -90 to 90.", Required: true},
							"longitude": schema.Float64Attribute{MarkdownDescription: "Degrees east, -180 to 180.", Required: true},
						},
					},
					"dataset_ids": schema.ListAttribute{
						MarkdownDescription: "Datasets that the input is a member of, of those that any item names. When not set its memberships are not managed.",
						Optional:            true,
						ElementType:         types.StringType,
					},
				}},
			}),
			"allow_duplicate_url": schema.BoolAttribute{
				MarkdownDescription: "Whether to accept URLs that other inputs of the app have already. Defaults to `false`. Only used when inputs are made.",
				Optional:            true,
			},
			"on_conflict": schema.StringAttribute{
				MarkdownDescription: "What to do with an input that is there already under an id of a row, is not this resource's, and is not as the row wants it: `error` (default) leaves it alone and fails, `overwrite` takes it over and changes it, which deletes it first where the content differs.",
				Optional:            true, Computed: true,
				Default:    stringdefault.StaticString(onError),
				Validators: []validator.String{stringvalidator.OneOf(onError, onOverwrite)},
			},
			"wait_for_processing": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until the service has processed the inputs. Defaults to `true`. Otherwise an input that it could not process shows only at the next plan.",
				Optional:            true, Computed: true,
				Default: booldefault.StaticBool(true),
			},
			"on_failed": schema.StringAttribute{
				MarkdownDescription: "What an apply comes to when some inputs could not be created, changed, deleted or processed: `error` (default) fails, and the next apply tries again; `warn` only warns, and leaves inputs that could not be processed as they are. The first ten are named; see `failures_file` for all.",
				Optional:            true, Computed: true,
				Default:    stringdefault.StaticString(onError),
				Validators: []validator.String{stringvalidator.OneOf(onError, onWarn)},
			},
			"failures_file": schema.StringAttribute{
				MarkdownDescription: "Path of a file that an apply writes all failures to: one JSON object a line with `id` and `reason`. It is removed by an apply in which nothing fails.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"parallelism": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of calls of this resource at a time, 1 to 64. Defaults to 16. The provider's `max_concurrent_requests` and `requests_per_second` bound all resources together.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 64)},
			},
			"max_deletes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of inputs that one plan may delete because their rows are gone or their content is another. More are refused when planning, so that a manifest that was cut short harms nobody. Defaults to 10. Destroying or replacing the whole resource is not counted, and neither are inputs that could not be processed.",
				Optional:            true, Computed: true,
				Default:    int64default.StaticInt64(defaultMaxDeletes),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"deletion_policy": schema.StringAttribute{
				MarkdownDescription: "What happens to inputs whose rows are gone, and to all of them when the resource is destroyed: `delete` (default) deletes them, and the ledger in the end; `abandon` leaves them at the service, and the ledger too when the resource is destroyed, so that it can be imported again; `prevent` refuses. For destroying, what counts is the value in state, so apply a change of it first.",
				Optional:            true, Computed: true,
				Default:    stringdefault.StaticString(attrs.DeletionDelete),
				Validators: []validator.String{stringvalidator.OneOf(attrs.DeletionDelete, attrs.DeletionAbandon, attrs.DeletionPrevent)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long creating may take, processing included, as a duration such as `90s` or `10m`. Defaults to `20m` and another minute for each 1,000 inputs.",
				UpdateDescription: "How long an update may take, processing included. Defaults as `create` does.",
				DeleteDescription: "How long it may take until the service no longer has the inputs. Defaults as `create` does.",
			}),
			"input_count": schema.Int64Attribute{
				MarkdownDescription: "How many inputs the source lists.",
				Computed:            true,
			},
			"source_sha256": schema.StringAttribute{
				MarkdownDescription: "SHA-256 in hex of what the source says, contents of files included, whatever the order and spelling of its rows. An apply does what was planned: a source that changes after the plan is an error.",
				Computed:            true,
			},
			"changes": schema.SingleNestedAttribute{
				MarkdownDescription: "In a plan: what the apply is going to do. Afterwards: what the last apply with something to do was planned to do. Not known in a plan that was made without reading the service; a warning has the numbers then where they can be had.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"add":         schema.Int64Attribute{MarkdownDescription: "Inputs that are added, or taken over when they are there already as wanted.", Computed: true},
					"change":      schema.Int64Attribute{MarkdownDescription: "Inputs that get other labels, metadata, places or memberships.", Computed: true},
					"replace":     schema.Int64Attribute{MarkdownDescription: "Inputs that are deleted and made anew: their content is another, or they could not be processed.", Computed: true},
					"remove":      schema.Int64Attribute{MarkdownDescription: "Inputs whose rows are gone.", Computed: true},
					"add_ids":     firstIDs("added"),
					"change_ids":  firstIDs("changed"),
					"replace_ids": firstIDs("replaced"),
					"remove_ids":  firstIDs("removed"),
				},
			},
			"in_sync": schema.BoolAttribute{
				MarkdownDescription: "Whether the service had all that the source lists when it was last looked at. Refreshing sets it to false when somebody changed or deleted inputs, or some are still to be processed or could not be; the plan then says what is to be done.",
				Computed:            true,
			},
			"failed_count": schema.Int64Attribute{
				MarkdownDescription: "How many inputs the last apply failed for. With `on_failed = \"warn\"`, a postcondition on it can make a pipeline fail all the same.",
				Computed:            true,
			},
			"fingerprints": schema.StringAttribute{
				MarkdownDescription: "What the provider needs to recognise its inputs and their contents, at most 70 kB. For the provider's own use; marked as sensitive only to keep it out of the way.",
				Computed:            true, Sensitive: true,
			},
		},
	}
}

func firstIDs(what string) schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The first ten of the ids that are " + what + ", in order.",
		Computed:            true,
		ElementType:         types.StringType,
	}
}

const manifestText = "| JSON Lines | CSV | meaning |\n|---|---|---|\n" +
	"| `id` | `id` | id of the input; required |\n" +
	"| `url`, `file` or `text` | the same | where the content comes from: a URL that the service downloads from, a file (relative to the manifest), or the text itself; exactly one |\n" +
	"| `kind` | `kind` | `image`, `video`, `audio` or `text`; defaults to what the ending of the URL's path or of the file stands for |\n" +
	"| `concepts`: `{\"truck\": 1, \"night\": 0}` or `[\"truck\"]` | `concepts`: `truck:1;night:0`, `truck`, or JSON | labels; `{}` means none |\n" +
	"| `metadata`: an object | `metadata`: JSON, and `metadata.KEY` for single texts | metadata; `{}` means none |\n" +
	"| `geo`: `{\"latitude\": 40.7, \"longitude\": -74}` | `latitude`, `longitude` | place (`lat` and `lon` are understood too) |\n" +
	"| `datasets`: `[\"day\"]` | `datasets`: `day;night` | datasets of which the input is a member, of those that any row names |\n\n" +
	"What a row does not say, an empty cell or null, is not managed: labels that annotators add to an input whose row has no `concepts` stay. What it does say is exactly what the input is to have, and what differs at the service is put right."

var changesType = map[string]attr.Type{
	"add": types.Int64Type, "change": types.Int64Type, "replace": types.Int64Type, "remove": types.Int64Type,
	"add_ids": types.ListType{ElemType: types.StringType}, "change_ids": types.ListType{ElemType: types.StringType},
	"replace_ids": types.ListType{ElemType: types.StringType}, "remove_ids": types.ListType{ElemType: types.StringType},
}
