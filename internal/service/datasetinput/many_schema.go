package datasetinput

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	pluralTypeName    = "clarifai_dataset_inputs"
	defaultMaxDeletes = 100
)

func manySchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Members of a dataset: those of a list, or those that a search finds. Set exactly one of `input_ids` and " +
			"`search`. The resource creates and deletes memberships, never inputs.\n\n" +
			"**By list**, the listed inputs are members, and other members stay: only memberships that the list has, or had, are managed. With " +
			"`exclusive = true` all other members are removed from the dataset. Up to 128 changes share a request.\n\n" +
			"**By search**, the service adds the inputs that the search finds, once and in the background, and the provider waits for it. Inputs " +
			"that match later are not added: change `triggers` to search again. Destroying the resource ends no membership.",
		Attributes: map[string]schema.Attribute{
			"user_id":    ids.UserID(),
			"app_id":     ids.AppID(),
			"dataset_id": ids.Parent(datasetText),
			"id": schema.StringAttribute{
				MarkdownDescription: "The dataset's id.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"input_ids": schema.ListAttribute{
				MarkdownDescription: "Ids of the members, in any order. Removing one ends its membership. Tens of thousands are fine: it is a list " +
					"because Terraform takes minutes to process a set of that size.",
				Optional:    true,
				ElementType: types.StringType,
			},
			"exclusive": schema.BoolAttribute{
				MarkdownDescription: "Whether members that `input_ids` does not list are removed from the dataset. Defaults to `false`. Only with " +
					"`input_ids`.",
				Optional: true, Computed: true,
				Default: booldefault.StaticBool(false),
			},
			"max_deletes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of memberships that one plan may delete; a plan that deletes more is an error. Defaults to 100. " +
					"Destroying the resource is not limited.",
				Optional: true, Computed: true,
				Default:    int64default.StaticInt64(defaultMaxDeletes),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"search": schema.SingleNestedAttribute{
				MarkdownDescription: "Search whose inputs are added to the dataset. Changing it runs another search.",
				Optional:            true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.RequiresReplace()},
				Validators:          []validator.Object{criteria.Validate()},
				Attributes: criteria.WithSettings(map[string]schema.Attribute{
					"filters": criteria.FiltersAttribute("Conditions that inputs must meet. Set this, `ranks`, or both.", false),
					"ranks": criteria.RanksAttribute("What determines the score of an input. Useful with `min_value`, which leaves out inputs " +
						"with a lower score."),
					"language": schema.StringAttribute{
						MarkdownDescription: criteria.LanguageText,
						Optional:            true,
						Validators:          []validator.String{stringvalidator.LengthAtLeast(2)},
					},
				}),
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Arbitrary values. Changing them runs the search again. Only with `search`.",
				Optional:            true,
				ElementType:         types.StringType,
				PlanModifiers:       []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true,
				CreateDescription: "Maximum time to wait until the service has added the inputs that the search finds, a duration such as `90s` or " +
					"`10m`. " +
					"Defaults to `30m`.",
			}),
			"changes": schema.StringAttribute{
				MarkdownDescription: changes.Text + " The counts are of memberships. Null for a search.",
				Computed:            true,
			},
			"bulk_operation": schema.SingleNestedAttribute{
				MarkdownDescription: "Operation that added the inputs of a search. Null for a list.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes: map[string]schema.Attribute{
					"id":        schema.StringAttribute{MarkdownDescription: "Id of the operation.", Computed: true},
					"processed": schema.Int64Attribute{MarkdownDescription: "Inputs processed.", Computed: true},
					"status":    attrs.Status("Status of the operation: 25402 and 25403 in progress, 25400 done, others failed."),
				},
			},
		},
	}
}
