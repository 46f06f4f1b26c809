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
	does = "has the service map concepts of the app to Clarifai's public knowledge graph, and put the relations that come of it into a knowledge graph of the app. " +
		"The service tells only that it has taken the job on: there is nothing to wait for, and what comes of it shows as relations (`clarifai_concept_relations`). " +
		"**Clarifai withdrew the endpoint from the public API in 2024.** It works where a deployment of the service still has it; elsewhere the error says so."
	conceptsText = "Ids of the concepts to map, at least one."
	graphText    = "Id of the knowledge graph of the app that gets the relations. The app's global graph when not set."
	starts       = " Changing it starts a new job."
)

func concepts() []validator.List {
	return []validator.List{listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(ids.Reference())}
}

var resourceSchema = schema.Schema{
	MarkdownDescription: "The receipt of a concept mapping job, which " + does + " **Destroying it only forgets the receipt.** It cannot be imported: the API has no call that shows a job.",
	Attributes: map[string]schema.Attribute{
		"user_id": ids.UserID(),
		"app_id":  ids.AppID(),
		"id": schema.StringAttribute{
			MarkdownDescription: "Id of the job, made by the service. No call takes it; support may ask for it.",
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
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
			MarkdownDescription: "Anything whose change starts a new job.",
			ElementType:         types.StringType,
			Optional:            true,
			PlanModifiers:       []planmodifier.Map{mapplanmodifier.RequiresReplace()},
		},
	},
}

var actionSchema = actionschema.Schema{
	MarkdownDescription: "Starts a concept mapping job, which " + does + " The resource `clarifai_concept_mapping_job` does the same without actions.",
	Attributes: map[string]actionschema.Attribute{
		"user_id":            ids.ActionUserID(),
		"app_id":             ids.ActionAppID(),
		"concept_ids":        actionschema.ListAttribute{MarkdownDescription: conceptsText, ElementType: types.StringType, Required: true, Validators: concepts()},
		"knowledge_graph_id": actionschema.StringAttribute{MarkdownDescription: graphText, Optional: true, Validators: []validator.String{ids.Reference()}},
	},
}
