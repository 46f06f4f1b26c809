package inputs

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formats"
)

const (
	onError     = "error"
	onOverwrite = "overwrite"
	onWarn      = "warn"

	defaultMaxDeletes           = 10
	defaultMaxAnnotationDeletes = 100

	regionsAll   = "all"
	regionsBoxes = "boxes"
)

const unmanagedText = " If not set, the provider does not manage it."

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages thousands of inputs as one resource, from a manifest file, a directory or a map. " +
			"The provider reads existing inputs 1,000 per request and creates or updates up to 128 per request.\n\n" +
			"Exactly one of `manifest`, `directory` and `items` is set. See the guide *Which resource for how many inputs*.\n\n" +
			"**Which inputs belong to the resource** is recorded in Clarifai: the provider keeps a tracking dataset with the resource's " +
			"`id`, whose members are the resource's inputs. " +
			"Fingerprints in state tell whether others have changed that dataset; inputs that others add to it are never deleted. " +
			"So state stays small whatever the number of inputs, an interrupted apply is resumed by the next one, and only the resource's " +
			"own inputs are changed or deleted.\n\n" +
			"**Inputs that already exist** are adopted if they match their row. Others are conflicts: the plan names them, and they are left " +
			"as they are. See `on_conflict`.\n\n" +
			"**Failures** are named, the rest is applied, and the next apply does only what is missing. After a create that failed for some " +
			"inputs, Terraform says that the resource is tainted and must be replaced. " +
			"The provider deletes nothing then: it adopts the inputs that exist. To see an update instead, run `terraform untaint`.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.UserID(),
			"app_id":  ids.AppID(),
			"id": schema.StringAttribute{
				MarkdownDescription: "ID of the resource in the app, and of its tracking dataset: 1 to 32 letters, digits, hyphens and " +
					"underscores. Changing this replaces the resource with all its inputs.",
				Required:      true,
				Validators:    []validator.String{ids.New()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"manifest": schema.StringAttribute{
				MarkdownDescription: "Path of a file that lists the inputs, relative to the directory that Terraform runs in: write " +
					"`\"${path.module}/...\"`. It is read during the plan. Moving the file or reordering its rows is no change. Each row is one " +
					"input, with these fields:\n\n" + manifestText,
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"manifest_format": schema.StringAttribute{
				MarkdownDescription: "Format of the manifest: `jsonl` (JSON Lines), `csv`, `json` (an array of the objects that JSON Lines " +
					"has), or the format of a data set of another tool: `" +
					strings.Join(formats.Names, "`, `") + "`; see the guide *Detection and segmentation data*. Defaults to what the content of the " +
					"file or else its extension tells.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(source.FormatNames()...)},
			},
			"files_directory": schema.StringAttribute{
				MarkdownDescription: "Directory that the names of files in the manifest are relative to. Defaults to the directory of the " +
					"manifest. Files outside it are an error, see `allow_outside_files`. A file that is not there is looked for below it by its name.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"allow_outside_files": schema.BoolAttribute{
				MarkdownDescription: "Whether rows of the manifest may name files outside `files_directory`. Defaults to `false`, so that the " +
					"author of a manifest cannot make the provider send other files of the machine.",
				Optional: true,
			},
			"columns": schema.MapAttribute{
				MarkdownDescription: "For manifests of others: fields of rows, such as `file`, `concepts` or `metadata.KEY`, with the columns " +
					"or members that hold them. Columns that are neither named here nor fields are ignored.",
				Optional:    true,
				ElementType: types.StringType,
			},
			"id_from": schema.StringAttribute{
				MarkdownDescription: "What the input IDs are derived from where the manifest has none: `path` (default; the path of the file as " +
					"the manifest names it, without extension) or `name` (the file name without extension). IDs that would be too long are " +
					"shortened and get digits of a hash.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(source.IDFromPath, source.IDFromName)},
			},
			"labels": schema.StringAttribute{
				MarkdownDescription: "What the manifest calls its classes by: `ids` of concepts, or `names`, from which IDs are derived, and " +
					"which the concepts keep when they are created. Defaults to `names` for data sets of other tools, otherwise to `ids`. Ids may be " +
					"those of older apps, such as `traffic light`; the plan warns of ids that Clarifai may reject for new concepts.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(source.LabelsIDs, source.LabelsNames)},
			},
			"regions": schema.StringAttribute{
				MarkdownDescription: "Which regions to read from a data set of another tool: `all` (default; polygons, masks and keypoints " +
					"where it has them), or only the `boxes`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(regionsAll, regionsBoxes)},
			},
			"invalid_annotations": schema.StringAttribute{
				MarkdownDescription: "What to do with regions of a data set that are empty, inverted or reach outside the image: `error` " +
					"(default), `clip` them to the image, or `skip` them. A warning has the numbers and lines.",
				Optional: true,
				Validators: []validator.String{
					stringvalidator.OneOf(string(format.OnInvalidError), string(format.OnInvalidClip), string(format.OnInvalidSkip)),
				},
			},
			"class_names": schema.ListAttribute{
				MarkdownDescription: "Names of classes, in their order, for data sets that only number them.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"frames_per_second": schema.Float64Attribute{
				MarkdownDescription: "Frames per second of the videos of a data set whose format only numbers frames, such as `cvat`.",
				Optional:            true,
				Validators:          []validator.Float64{float64validator.AtLeast(0.001)},
			},
			"max_annotation_deletes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of annotations that a plan may delete because their rows no longer have them. A plan with " +
					"more is an error. Defaults to 100. Annotations that are deleted with their inputs are not counted.",
				Optional: true, Computed: true,
				Default:    int64default.StaticInt64(defaultMaxAnnotationDeletes),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"directory": schema.SingleNestedAttribute{
				MarkdownDescription: "Directory whose files are the inputs, at any depth. Files whose extension is not that of an image, video, " +
					"audio or text are ignored, as are names that begin with a dot. Symbolic links to files are followed, links to directories are not.",
				Optional: true,
				Attributes: map[string]schema.Attribute{
					"path": schema.StringAttribute{
						MarkdownDescription: "Path of the directory, relative to the directory that Terraform runs in.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"pattern": schema.StringAttribute{
						MarkdownDescription: "Pattern of the files to include, such as `*.jpg` for their names or, if it has a slash, `train/*/*.jpg` " +
							"for their paths below the directory. The syntax is that of Terraform's `fileset`: `*` matches anything but a slash, `**` " +
							"any number of folders, `{a,b}` alternatives. Defaults to `*`.",
						Optional:   true,
						Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
					},
					"kinds": schema.ListAttribute{
						MarkdownDescription: "Types of inputs to include: `image`, `video`, `audio`, `text`. Defaults to all.",
						Optional:            true,
						ElementType:         types.StringType,
						Validators: []validator.List{
							listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(stringvalidator.OneOf(inputcontent.Types...)),
						},
					},
					"label_by_folder": schema.BoolAttribute{
						MarkdownDescription: "Whether each input is labeled with the name of its file's folder. Defaults to `true`. Files in the " +
							"directory itself get no label.",
						Optional: true,
					},
					"id_from": schema.StringAttribute{
						MarkdownDescription: "What the input IDs are derived from: `path` (default; the path below the directory without extension), " +
							"`name` (the file name without extension), or `content` (32 hex digits of the content's SHA-256). Characters that IDs cannot " +
							"have become hyphens. IDs of more than 48 characters are shortened and end in a hash.",
						Optional:   true,
						Validators: []validator.String{stringvalidator.OneOf(source.IDFromPath, source.IDFromName, source.IDFromContent)},
					},
					"dataset_ids": schema.ListAttribute{
						MarkdownDescription: "IDs of the datasets that all inputs are members of." + unmanagedText,
						Optional:            true,
						ElementType:         types.StringType,
						Validators:          []validator.List{listvalidator.ValueStringsAre(ids.Reference())},
					},
				},
			},
			"items": newItemsAttribute(schema.MapNestedAttribute{
				MarkdownDescription: "The inputs by their IDs. Use it for some thousands of inputs at most: Terraform's own cost grows faster " +
					"than the map, so use a manifest for more.",
				Optional: true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"url": schema.StringAttribute{
						MarkdownDescription: "URL that Clarifai downloads the content from. Exactly one of `url`, `file` and `text` is set.",
						Optional:            true,
					},
					"file": schema.StringAttribute{
						MarkdownDescription: "Path of the file with the content, relative to the directory that Terraform runs in.",
						Optional:            true,
					},
					"text": schema.StringAttribute{
						MarkdownDescription: "The content of a text input.",
						Optional:            true,
					},
					"kind": schema.StringAttribute{
						MarkdownDescription: "Type of the input: `image`, `video`, `audio` or `text`. Defaults to the type of the extension of the " +
							"URL's path or of the file.",
						Optional:   true,
						Validators: []validator.String{stringvalidator.OneOf(inputcontent.Types...)},
					},
					"concepts": schema.MapAttribute{
						MarkdownDescription: "Concepts of the input: IDs with their values, 1 for present and 0 for absent." + unmanagedText + " `{}` " +
							"means no concepts.",
						Optional:    true,
						ElementType: types.Float64Type,
					},
					"metadata": schema.StringAttribute{
						MarkdownDescription: "Metadata of the input. " + attrs.JSONText + unmanagedText + " `jsonencode({})` means no metadata.",
						Optional:            true,
					},
					"geo": schema.SingleNestedAttribute{
						MarkdownDescription: "Geo location of the input. Clarifai stores 32-bit floats, so smaller differences are no changes." +
							unmanagedText,
						Optional: true,
						Attributes: map[string]schema.Attribute{
							"latitude":  schema.Float64Attribute{MarkdownDescription: "Degrees north, -90 to 90.", Required: true},
							"longitude": schema.Float64Attribute{MarkdownDescription: "Degrees east, -180 to 180.", Required: true},
						},
					},
					"annotations": schema.StringAttribute{
						MarkdownDescription: "Annotations of the input, as JSON: a list of objects with the attributes of " +
							"`clarifai_annotation`; write `jsonencode([...])`." + unmanagedText + " `jsonencode([])` means none of this resource. " +
							"Annotations by others stay as they are.",
						Optional: true,
					},
					"dataset_ids": schema.ListAttribute{
						MarkdownDescription: "IDs of the datasets that the input is a member of. Only datasets that any item names are considered." +
							unmanagedText,
						Optional:    true,
						ElementType: types.StringType,
					},
				}},
			}),
			"dataset_ids": schema.ListAttribute{
				MarkdownDescription: "IDs of datasets that all inputs of the resource are members of, in addition to those that their rows " +
					"name." + unmanagedText,
				Optional:    true,
				ElementType: types.StringType,
				Validators:  []validator.List{listvalidator.ValueStringsAre(ids.Reference())},
			},
			"allow_duplicate_url": schema.BoolAttribute{
				MarkdownDescription: "Whether to accept URLs that other inputs of the app already have. Defaults to `false`. Only used when " +
					"inputs are created.",
				Optional: true,
			},
			"on_conflict": schema.StringAttribute{
				MarkdownDescription: "What to do with an existing input that has the ID of a row, does not belong to this resource and does not " +
					"match the row: `error` (default) leaves it as it is and fails; `overwrite` adopts and changes it. If its content differs, it " +
					"is deleted and recreated.",
				Optional: true, Computed: true,
				Default:    stringdefault.StaticString(onError),
				Validators: []validator.String{stringvalidator.OneOf(onError, onOverwrite)},
			},
			"wait_for_processing": schema.BoolAttribute{
				MarkdownDescription: "Whether to wait until Clarifai has processed the inputs. Defaults to `true`. Otherwise an input that " +
					"cannot be processed is reported by the next plan.",
				Optional: true, Computed: true,
				Default: booldefault.StaticBool(true),
			},
			"on_failed": schema.StringAttribute{
				MarkdownDescription: "Whether the apply fails (`error`, default) or only warns (`warn`) if some inputs cannot be created, " +
					"changed, deleted or processed. With `error` the next apply tries again; with `warn` inputs that could not be processed are " +
					"left as they are. The first ten are named; see `failures_file` for all.",
				Optional: true, Computed: true,
				Default:    stringdefault.StaticString(onError),
				Validators: []validator.String{stringvalidator.OneOf(onError, onWarn)},
			},
			"failures_file": schema.StringAttribute{
				MarkdownDescription: "Path of a file to which an apply writes all failures: in each line a JSON object with `id` and `reason`. " +
					"An apply without failures removes it.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"parallelism": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of concurrent requests of this resource, 1 to 64. Defaults to 16. The provider's " +
					"`max_concurrent_requests` and `requests_per_second` limit all resources together.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 64)},
			},
			"max_deletes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of inputs that a plan may delete because their rows are removed or their content has " +
					"changed. A plan with more is an error, so that an incomplete manifest does no harm. Defaults to 10. Destroying or replacing " +
					"the whole resource is not counted, and neither are inputs that could not be processed.",
				Optional: true, Computed: true,
				Default:    int64default.StaticInt64(defaultMaxDeletes),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"deletion_policy": schema.StringAttribute{
				MarkdownDescription: "What happens to inputs whose rows are removed, and to all inputs when the resource is destroyed: `delete` " +
					"deletes them, and finally the tracking dataset; `abandon` leaves them in Clarifai, with the tracking dataset if the resource " +
					"is destroyed, so that it can be imported again; `prevent` is an error. Defaults to `delete` for a resource that is created " +
					"and to `prevent` for an imported one; if you remove it from the configuration, it keeps its value. A destroy uses the value " +
					"in state, so apply a change of it first.",
				Optional:      true,
				Computed:      true,
				PlanModifiers: []planmodifier.String{attrs.DefaultPolicy(attrs.DeletionDelete)},
				Validators:    []validator.String{stringvalidator.OneOf(attrs.DeletionDelete, attrs.DeletionAbandon, attrs.DeletionPrevent)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long a create may take, including processing, as a duration such as `90s` or `10m`. Defaults to `20m` " +
					"plus one minute for each 1,000 inputs.",
				UpdateDescription: "How long an update may take, including processing. Same default as `create`.",
				DeleteDescription: "How long a destroy may take until the inputs no longer exist. Same default as `create`.",
			}),
			"input_count": schema.Int64Attribute{
				MarkdownDescription: "Number of inputs that the source lists.",
				Computed:            true,
			},
			"source_sha256": schema.StringAttribute{
				MarkdownDescription: "SHA-256 in hex of everything that the source sets, including the contents of files. The order of rows " +
					"does not matter. If the source changes between plan and apply, the apply fails.",
				Computed: true,
			},
			"changes": schema.StringAttribute{
				MarkdownDescription: "What this plan is going to do; empty if nothing. The first line has the counts in the form `2 to add, 1 " +
					"to change, 0 to replace, 1 to remove`, " +
					"then those of annotations, and the number of requests with the time that they take at the provider's `requests_per_second`. " +
					"Policy tools can read the counts with the regular expression `" + changes.Pattern + "`. " +
					"Each other line is one input: `remove ID`, `replace ID`, `change ID: what differs` or `add ID`, up to ten of each. Not known " +
					"in a plan that was made without reading from Clarifai; a warning then has the text, if available.",
				Computed: true,
			},
			"drift": schema.StringAttribute{
				MarkdownDescription: "How Clarifai differed from the source when it was last read, such as `1 input changed: t-0017 (concepts " +
					"truck 1 -> 0)`; empty if it did not.",
				Computed: true,
			},
			"in_sync": schema.BoolAttribute{
				MarkdownDescription: "Whether Clarifai matched the source when it was last read. Refreshing sets it to false if somebody " +
					"changed or deleted inputs, or if some are not processed or could not be; the plan then shows the changes.",
				Computed: true,
			},
			"failed_count": schema.Int64Attribute{
				MarkdownDescription: "Number of inputs for which the last apply failed. With `on_failed = \"warn\"`, a postcondition on it can " +
					"make a pipeline fail.",
				Computed: true,
			},
		},
	}
}

const manifestText = "| JSON Lines | CSV | meaning |\n|---|---|---|\n" +
	"| `id` | `id` | ID of the input; required |\n" +
	"| `url`, `file` or `text` | the same | content: a URL that Clarifai downloads from, a file (relative to the manifest), or the " +
	"text itself; exactly one |\n" +
	"| `kind` | `kind` | `image`, `video`, `audio` or `text`; defaults to the type of the extension of the URL's path or of the file |\n" +
	"| `concepts`: `{\"truck\": 1, \"night\": 0}` or `[\"truck\"]` | `concepts`: `truck:1;night:0`, `truck`, or JSON | concepts; `{}` " +
	"means none |\n" +
	"| `metadata`: an object | `metadata`: JSON, and `metadata.KEY` for single texts | metadata; `{}` means none |\n" +
	"| `geo`: `{\"latitude\": 40.7, \"longitude\": -74}` | `latitude`, `longitude` | geo location (`lat` and `lon` are accepted too) |\n" +
	"| `datasets`: `[\"day\"]` | `datasets`: `day;night` | IDs of the datasets that the input is a member of; only datasets that any " +
	"row names are considered |\n" +
	"| `annotations`: a list of annotations with the attributes of `clarifai_annotation` | `annotations`: JSON; `boxes`: `truck 0.1 " +
	"0.2 0.5 0.6;car 0 0 1 1` (concept, top, left, bottom, right) | annotations of the input; `[]` means none of this resource. " +
	"Annotations by others stay as they are |\n\n" +
	"The provider does not manage what a row omits (an empty cell or null): labels that annotators add to an input whose row has no " +
	"`concepts` stay. " +
	"What a row sets is exactly what the input is to have, and differences in Clarifai are corrected."
