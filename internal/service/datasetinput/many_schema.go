package datasetinput

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
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
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	pluralTypeName    = "clarifai_dataset_inputs"
	defaultMaxRemoves = 100
)

func manySchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Members of a dataset: those of a list, or whatever a search finds. Exactly one of `input_ids` and `search` is set. No input is ever made or deleted by this resource, only memberships.\n\n" +
			"**By list**, the listed inputs are members, and others may be: only memberships that the list has, or had, are touched. With `exclusive = true` the list is all: whoever else is a member is taken out. Changes are sent up to 128 a call.\n\n" +
			"**By search**, the service adds what the search finds, once and in the background, which is waited for. The resource is the receipt of that: inputs that match later do not join by themselves. Change `triggers` to search again. Destroying it ends no membership.",
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
				MarkdownDescription: "Ids of the members, in any order. Taking one out ends its membership. Some ten thousand are fine; it is a list for that reason, since Terraform takes minutes over a set of that size.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"exclusive": schema.BoolAttribute{
				MarkdownDescription: "Whether members that `input_ids` does not list are taken out. Defaults to `false`. Goes with `input_ids`.",
				Optional:            true, Computed: true,
				Default: booldefault.StaticBool(false),
			},
			"max_removes": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of memberships that one plan may end; more are refused when planning. Defaults to 100. Destroying the resource is not counted.",
				Optional:            true, Computed: true,
				Default:    int64default.StaticInt64(defaultMaxRemoves),
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"search": schema.SingleNestedAttribute{
				MarkdownDescription: "The search whose inputs join the dataset. Another search is run when it changes.",
				Optional:            true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.RequiresReplace()},
				Attributes: map[string]schema.Attribute{
					"filters": criteria.FiltersAttribute("What to look for.", true),
				},
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Any values. A change of them runs the search again. Goes with `search`.",
				Optional:            true,
				ElementType:         types.StringType,
				PlanModifiers:       []planmodifier.Map{mapplanmodifier.RequiresReplace()},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create:            true,
				CreateDescription: "How long to wait until the service has added what the search finds, as a duration such as `90s` or `10m`. Defaults to `30m`.",
			}),
			"changes": schema.SingleNestedAttribute{
				MarkdownDescription: "In a plan: how many memberships the apply makes and ends. Afterwards: what the last change of the list was. Null for a search.",
				Computed:            true,
				Attributes: map[string]schema.Attribute{
					"add":    schema.Int64Attribute{MarkdownDescription: "Memberships made.", Computed: true},
					"remove": schema.Int64Attribute{MarkdownDescription: "Memberships ended.", Computed: true},
				},
			},
			"bulk_operation": schema.SingleNestedAttribute{
				MarkdownDescription: "What the service did for a search. Null for a list.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes: map[string]schema.Attribute{
					"id":        schema.StringAttribute{MarkdownDescription: "Id of the operation.", Computed: true},
					"processed": schema.Int64Attribute{MarkdownDescription: "Inputs processed.", Computed: true},
					"status":    attrs.Status("How it stands: 25402 and 25403 in progress, 25400 done, others failed."),
				},
			},
		},
	}
}
