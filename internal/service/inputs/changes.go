package inputs

import (
	"fmt"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// annotationsPart names the counts of annotations.
const annotationsPart = "annotations"

// changesText describes what an apply is going to do, see package changes.
func changesText(s reconcile.Summary, o reconcile.Options, client *clarifai.Client) string {
	plan := changes.Plan{
		Add:      changes.Set{Count: s.Add, First: objects(s.AddIDs, nil)},
		Change:   changes.Set{Count: s.Change, First: objects(s.ChangeIDs, s.Differences)},
		Replace:  changes.Set{Count: s.Recreated(o), First: objects(s.ReplaceIDs, nil)},
		Remove:   changes.Set{Count: s.Remove, First: objects(s.RemoveIDs, nil)},
		Parts:    []changes.Part{{Name: annotationsPart, Add: s.AnnotationsAdd, Change: s.AnnotationsChange, Remove: s.AnnotationsRemove}},
		Requests: s.Requests, Rate: rate(client),
	}
	if plan.Replace.Count < len(plan.Replace.First) {
		plan.Replace.First = plan.Replace.First[:plan.Replace.Count]
	}
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

func rate(client *clarifai.Client) float64 {
	if client == nil {
		return 0
	}
	return client.RequestsPerSecond()
}

// createChanges describes a create. It depends on the rows alone, so that the plan
// and its repetition before the apply agree.
func createChanges(rows *source.Rows, client *clarifai.Client) string {
	s := reconcile.CreateSummary(rows)
	return changesText(s, reconcile.Options{}, client)
}

// driftText says in one line how Clarifai differs from the source; "" if it does not.
func driftText(s reconcile.Summary, o reconcile.Options) string {
	var parts []string
	add := func(n int, what string, ids, differences []string) {
		if n == 0 {
			return
		}
		few := make([]string, 0, len(ids))
		for _, object := range objects(ids, differences) {
			text := object.ID
			if object.Difference != "" {
				text += " (" + object.Difference + ")"
			}
			few = append(few, text)
		}
		text := fmt.Sprintf("%s %s: %s", counted(n), what, strings.Join(few, ", "))
		if n > len(few) {
			text += fmt.Sprintf(" and %s more", number(n-len(few)))
		}
		parts = append(parts, text)
	}
	add(s.Add, "missing", s.AddIDs, nil)
	add(s.Change, "changed", s.ChangeIDs, s.Differences)
	add(s.Recreated(o), "with other content or not processed", s.ReplaceIDs[:min(len(s.ReplaceIDs), s.Recreated(o))], nil)
	add(s.Remove, "without a row", s.RemoveIDs, nil)
	return strings.Join(parts, "; ")
}
