package conceptmapping

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// job is what resource and action have in common.
type job struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	ConceptIDs types.List   `tfsdk:"concept_ids"`
	Graph      types.String `tfsdk:"knowledge_graph_id"`
}

// start starts the job and gives its id. It is not repeated when the answer is
// lost: there is no way to see whether it was taken on, and a job that runs twice
// finds what the first one made.
func (j *job) start(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (string, diag.Diagnostics) {
	want := clarifai.ConceptMappingJob{KnowledgeGraphID: j.Graph.ValueString()}
	problems := j.ConceptIDs.ElementsAs(ctx, &want.ConceptIDs, false)
	if problems.HasError() {
		return "", problems
	}
	started, err := client.PostConceptMappingJobs(ctx, app, []clarifai.ConceptMappingJob{want})
	const summary = "Unable to start the concept mapping job"
	switch {
	case err != nil && isWithdrawn(err, app, want):
		problems.AddError("The service does not offer concept mapping jobs", withdrawn+"\n\n"+diags.Detail(err))
	case err != nil:
		problems.Append(diags.Error(summary, err))
	case len(started) == 0:
		problems.AddError(summary, "The service answered with success but gave no id of a job, so it is not known whether one was started.")
	default:
		return started[0], problems
	}
	return "", problems
}

const withdrawn = "The endpoint was withdrawn from the public API in 2024: Clarifai's public clients have not had it since release 10.5.1. " +
	"This deployment of the service does not answer there any more. Declare relations with clarifai_concept_relation instead, and remove this from the configuration."

// statusUnknownMethod is what a gateway says of a call that what is behind it lacks.
const statusUnknownMethod clarifai.StatusCode = 40036

// isWithdrawn tells an endpoint that is gone from a job that names something
// which is not there: for both the service says that a resource does not exist,
// but in the second case it names it.
func isWithdrawn(err error, app clarifai.AppRef, want clarifai.ConceptMappingJob) bool {
	var e *clarifai.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Status.Code {
	case clarifai.StatusNotImplemented, clarifai.StatusMethodNotAllowed, statusUnknownMethod:
		return true
	case clarifai.StatusDoesNotExist:
		return !names(e.Status.Details, append([]string{app.UserID, app.AppID, want.KnowledgeGraphID}, want.ConceptIDs...))
	case 0:
		return e.HTTPStatus == http.StatusNotFound || e.HTTPStatus == http.StatusMethodNotAllowed || e.HTTPStatus == http.StatusNotImplemented
	}
	return false
}

// names tells whether a text names one of the ids, in quotes or as a word.
func names(text string, of []string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" '\"`,;:.()[]", r) })
	for _, id := range of {
		for _, word := range words {
			if id != "" && word == id {
				return true
			}
		}
	}
	return false
}

// String names the job in messages.
func (j *job) String() string {
	return fmt.Sprintf("mapping of %d concepts", len(j.ConceptIDs.Elements()))
}
