package inputs

import (
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
)

// annotationNoun names the counts of annotations.
const annotationNoun = "annotation"

// plannedChanges describes what an apply is going to do.
func plannedChanges(s reconcile.Summary, o reconcile.Options) changes.Plan {
	plan := changes.Plan{
		Add:     changes.Set{Count: s.Add, First: objects(s.AddIDs, nil)},
		Change:  changes.Set{Count: s.Change, First: objects(s.ChangeIDs, s.Differences)},
		Replace: changes.Set{Count: s.Recreated(o), First: objects(s.ReplaceIDs, nil)},
		Remove:  changes.Set{Count: s.Remove, First: objects(s.RemoveIDs, nil)},
		Parts: []changes.Part{{
			Noun: annotationNoun, Add: changes.Set{Count: s.AnnotationsAdd}, Change: changes.Set{Count: s.AnnotationsChange},
			Remove: changes.Set{Count: s.AnnotationsRemove},
		}},
		Requests: s.Requests,
	}
	if plan.Replace.Count < len(plan.Replace.First) {
		plan.Replace.First = plan.Replace.First[:plan.Replace.Count]
	}
	return plan
}

// changesText describes what an apply is going to do, see package changes.
func changesText(s reconcile.Summary, o reconcile.Options, client *clarifai.Client) string {
	plan := plannedChanges(s, o)
	plan.Rate = client.RequestsPerSecond()
	return plan.String()
}

func objects(ids, differences []string) []changes.Object {
	out := make([]changes.Object, len(ids))
	for i, id := range ids {
		out[i].ID = id
		if i < len(differences) {
			out[i].Difference = differences[i]
		}
	}
	return out
}

// driftText says in one line how Clarifai differs from the source; "" if it does not.
// If the source is not the one that was applied, only what does not depend on it is drift.
func driftText(s reconcile.Summary, o reconcile.Options, applied bool) string {
	var plan changes.Plan
	if applied {
		plan = plannedChanges(s, o)
	}
	text := plan.Drift("input")
	if s.AddedByOthers > 0 {
		if text != "" {
			text += "; "
		}
		text += counted(s.AddedByOthers) + " added to the tracking dataset: " + strings.Join(s.AddedByOthersIDs, ", ")
	}
	return text
}
