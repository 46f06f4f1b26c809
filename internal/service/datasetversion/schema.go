package datasetversion

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
)

const (
	datasetText     = "Id of the dataset."
	descriptionText = "Short description."
	filterText      = "Filter for the inputs and annotations of the dataset that the version contains. Ids and timestamps that Clarifai " +
		"adds to it are not compared."
	ignoreText = "Whether inputs that the filter leaves without annotations are left out."
	modelText  = "Model whose predictions the version contains, instead of annotations."
	frameText  = "Interval between sampled frames of a video in milliseconds. 0 uses the dataset's default, or else the input's own " +
		"sampling."
	statusText = "Status of the version: 64005 and 64010 in progress, 64015 ready, 64020 and 64025 failed."
	embedText  = "Ids of the versions of embedding models whose embeddings the version contains."

	fixedText = " Fixed once the version exists: changing it replaces the version, and removing it from the configuration changes nothing."
)

// unmanagedNames are the attributes that the provider does not manage if they are not set.
var unmanagedNames = []string{"description", "metadata"}

var resourceSchema = schema.Schema{
	MarkdownDescription: "An immutable version of a dataset: a snapshot of its inputs and annotations, built by the service in the " +
		"background. Later changes of the dataset do not alter it; change `triggers` to create a new one. Destroying it deletes its exports " +
		"too.\n\n" +
		"A version whose build fails is an error, and the next apply replaces it. If a timeout or Ctrl-C ends the wait, Clarifai continues " +
		"the build: the version stays in state with its `status`, with a warning, and the next apply resumes waiting for the same version. " +
		"So an apply that timed out has not failed. Exports of this provider wait for their version. For anything else that needs a ready " +
		"version, add a postcondition (see the example), which fails the apply and keeps the version.",
	Attributes: map[string]schema.Attribute{
		"user_id":    ids.UserID(),
		"app_id":     ids.AppID(),
		"dataset_id": ids.Parent(datasetText),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the version, unique in the dataset: 1 to 32 letters, digits, hyphens and underscores. If not set, the " +
				"provider derives one from the configuration and `triggers`, so that an interrupted apply never creates a second version. " +
				"If you set an id and `create_before_destroy`, let the id change together with `triggers`. Changing this replaces the version.",
			Optional:   true,
			Computed:   true,
			Validators: []validator.String{ids.Object()},
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.RequiresReplaceIfConfigured(),
				stringplanmodifier.UseStateForUnknown(),
			},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: descriptionText + " If not set, the provider does not manage it. The API cannot clear it, so removing it from " +
				"the configuration is rejected.",
			Optional:      true,
			Computed:      true,
			Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
			PlanModifiers: []planmodifier.String{unmanaged.Keep{}},
		},
		"metadata":            attrs.UnmanagedMetadata("version"),
		"visibility":          attrs.Visibility("version"),
		"annotation_filter":   annotationFilter(),
		"ignore_empty_inputs": ignoreEmptyInputs(),
		"model_predictions":   modelPredictions(),
		"frame_interval_ms": schema.Int64Attribute{
			MarkdownDescription: frameText + " If not set, Clarifai copies the dataset's default." + fixedText,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.Between(0, 1<<32-1)},
			PlanModifiers: []planmodifier.Int64{
				int64planmodifier.RequiresReplaceIfConfigured(),
				int64planmodifier.UseStateForUnknown(),
			},
		},
		"triggers": schema.MapAttribute{
			MarkdownDescription: "Arbitrary values, such as the digest of the file that lists the inputs. Changing them creates a new version. " +
				"Setting triggers on a version that has none, as after an import, only stores them.",
			ElementType:   types.StringType,
			Optional:      true,
			PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(triggersChanged, triggersText, triggersText)},
		},
		"wait_for": jobs.WaitFor("How long to wait: until the service has accepted the version (`accepted`), or until it is ready " +
			"(`completed`, the default), up to `timeouts.create`. With `accepted` the version may still be building, or fail later: see " +
			"`status`."),
		"deletion_policy": attrs.DeletionPolicy("version", "its exports go with it"),
		"status":          attrs.Status(statusText),
		"metrics":         metricsAttribute(),
		"embed_model_version_ids": schema.ListAttribute{
			MarkdownDescription: embedText,
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
		"created_at":  attrs.CreatedAt(),
		"modified_at": attrs.ModifiedAt(),
		"timeouts": attrs.Timeouts(context.Background(), timeouts.Opts{
			Create: true,
			CreateDescription: "Maximum time to wait until the version is ready, also when an update resumes waiting, a duration such as `90m`. " +
				"Defaults to `1h`.",
			Delete:            true,
			DeleteDescription: "Maximum time to wait until nothing uses the version any more and it is deleted. Defaults to `10m`.",
		}),
	},
}

func annotationFilter() schema.SingleNestedAttribute {
	a := criteria.AnnotationFilterAttribute(filterText+" If not set, Clarifai uses the dataset's default filter."+fixedText,
		objectplanmodifier.UseStateForUnknown(), criteria.ReplaceWhenDifferent())
	a.Computed = true
	a.Validators = append(a.Validators, objectvalidator.ConflictsWith(path.MatchRoot("model_predictions")))
	return a
}

func ignoreEmptyInputs() schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: ignoreText + " Needs `annotation_filter`." + fixedText,
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Bool{boolvalidator.AlsoRequires(path.MatchRoot("annotation_filter"))},
		PlanModifiers: []planmodifier.Bool{
			boolplanmodifier.RequiresReplaceIfConfigured(),
			boolplanmodifier.UseStateForUnknown(),
		},
	}
}

func modelPredictions() schema.SingleNestedAttribute {
	owner := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description + " Changing it replaces the version.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.RequiresReplaceIfConfigured(),
				stringplanmodifier.UseStateForUnknown(),
			},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: modelText + " Excludes `annotation_filter`." + fixedText,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes: map[string]schema.Attribute{
			"model_id":         ids.Parent("Id of the model."),
			"model_version_id": ids.Parent("Id of the model's version."),
			"user_id":          owner("Owner of the model's app. Defaults to that of the version."),
			"app_id":           owner("App of the model. Defaults to that of the version."),
		},
	}
}

const triggersText = "Replaces the version when triggers change that were set before."

// triggersChanged tells a change from setting triggers for the first time and from removing them.
func triggersChanged(_ context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull() && !req.PlanValue.IsNull() && !req.PlanValue.Equal(req.StateValue)
}

func dataAttributes(id, datasetID datasourceschema.StringAttribute) map[string]datasourceschema.Attribute {
	differences := dataschema.ID(id)
	differences["dataset_id"] = datasetID
	return dataschema.Attributes(resourceSchema.Attributes, differences, "triggers", "wait_for")
}
