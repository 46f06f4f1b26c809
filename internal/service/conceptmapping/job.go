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

// job holds the arguments that resource and action share.
type job struct {
	UserID     types.String `tfsdk:"user_id"`
	AppID      types.String `tfsdk:"app_id"`
	ConceptIDs types.List   `tfsdk:"concept_ids"`
	Graph      types.String `tfsdk:"knowledge_graph_id"`
}

// start starts the job and returns its id. The request is not repeated if its outcome is unknown: the API
// does not return jobs, so a second job could not be avoided. The id is then [unknownID], with a warning,
// so that the job counts as started.
func (j *job) start(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (string, diag.Diagnostics) {
	want := clarifai.ConceptMappingJob{KnowledgeGraphID: j.Graph.ValueString()}
	problems := j.ConceptIDs.ElementsAs(ctx, &want.ConceptIDs, false)
	if problems.HasError() {
		return "", problems
	}
	const unclear = "The API does not return jobs, so it cannot be checked. The job counts as started, so that it does not run twice. " +
		"If clarifai_concept_relations shows no results, change triggers to start another job."
	started, err := client.PostConceptMappingJobs(ctx, app, []clarifai.ConceptMappingJob{want})
	switch {
	case err != nil && isWithdrawn(err, app, want):
		problems.AddError("Concept mapping jobs are not available", withdrawn+"\n\n"+diags.Detail(err))
	case clarifai.IsOutcomeUnknown(err):
		problems.AddWarning("Unknown whether the concept mapping job was started", diags.Detail(err)+"\n\n"+unclear)
		return unknownID, problems
	case err != nil:
		problems.Append(diags.Error("Unable to start the concept mapping job", err))
	case len(started) == 0 || started[0] == "":
		problems.AddWarning("Unknown whether the concept mapping job was started", "The response contains no job id. "+unclear)
		return unknownID, problems
	default:
		return started[0], problems
	}
	return "", problems
}

// unknownID stands for the id of a job whose start was not confirmed.
const unknownID = "unknown"

const withdrawn = "The endpoint was withdrawn from the public API in 2024: Clarifai's public clients have not had it since release " +
	"10.5.1. This deployment of the service does not have it. Declare relations with clarifai_concept_relation instead, and remove this " +
	"resource from the configuration."

// statusUnknownMethod is the status of a gateway for a method that the service behind it does not have.
const statusUnknownMethod clarifai.StatusCode = 40036

// isWithdrawn tells a missing endpoint from a job with an unknown id. The service responds with "does
// not exist" to both, but in the second case it names the id.
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

// names reports whether a text contains one of the ids as a word or in quotes.
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
