package conceptmapping

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

const (
	does = "maps concepts of the app to Clarifai's public knowledge graph and adds the resulting relations to a knowledge graph of the " +
		"app. The service only confirms that it has accepted the job, so the provider does not wait for it. To see its results, use " +
		"`clarifai_concept_relations`. **Clarifai withdrew the endpoint from the public API in 2024.** On deployments without it the " +
		"provider reports an error that says so."
	conceptsText = "Ids of the concepts to map, at least one."
	graphText    = "Id of the knowledge graph of the app to which relations are added. If not set, they are added to the app's " +
		"global graph."
	starts = " Changing it starts a new job."
)

func concepts() []validator.List {
	return []validator.List{listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(ids.Reference())}
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "A concept mapping job, which " + does + " **Destroying the resource only removes it from state.** It cannot " +
		"be imported: the API does not return jobs.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the job, chosen by the service; `unknown` if its start was not confirmed. Clarifai's support " +
				"may ask for it.",
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"concept_ids": schema.ListAttribute{
			MarkdownDescription: conceptsText + starts,
			ElementType:         types.StringType,
			Required:            true,
			Validators:          concepts(),
			PlanModifiers:       []planmodifier.List{listplanmodifier.RequiresReplace()},
		},
		"knowledge_graph_id": schema.StringAttribute{
			MarkdownDescription: graphText + starts,
			Optional:            true,
			Validators:          []validator.String{ids.Reference()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"triggers": schema.MapAttribute{
			MarkdownDescription: "Arbitrary values. Changing them starts a new job.",
			ElementType:         types.StringType,
			Optional:            true,
			PlanModifiers:       []planmodifier.Map{mapplanmodifier.RequiresReplace()},
		},
	},
}

var actionSchema = actionschema.Schema{
	MarkdownDescription: "Starts a concept mapping job, which " + does + " The resource `clarifai_concept_mapping_job` does the same " +
		"on every CLI.",
	Attributes: map[string]actionschema.Attribute{
		"user_id": ids.ActionUserID(),
		"app_id":  ids.ActionAppID(),
		"concept_ids": actionschema.ListAttribute{MarkdownDescription: conceptsText, ElementType: types.StringType, Required: true,
			Validators: concepts()},
		"knowledge_graph_id": actionschema.StringAttribute{MarkdownDescription: graphText, Optional: true,
			Validators: []validator.String{ids.Reference()}},
	},
}
