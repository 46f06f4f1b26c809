package export

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// annotationReaders is how many lists of annotations are read at once; the client paces them.
const annotationReaders = 8

// annotations are the annotations of some inputs as rows of the manifest, with counts of all that were read.
type annotations struct {
	byInput map[string][]annotation.Row
	written int
	omitted map[string]int // by reason
}

// readAnnotations reads the annotations of the rows' inputs that are not input-level, as the plan will read them, and
// counts them.
func (e *exporter) readAnnotations(ctx context.Context, rows []row, all *annotations) error {
	all.byInput = map[string][]annotation.Row{}
	lists := make([]annotations, (len(rows)+clarifai.MaxAnnotatedInputs-1)/clarifai.MaxAnnotatedInputs)
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(annotationReaders)
	at := 0
	for inputs := range slices.Chunk(rows, clarifai.MaxAnnotatedInputs) {
		list := &lists[at]
		readers.Go(func() error { return e.listAnnotations(ctx, inputs, list) })
		at++
	}
	if err := readers.Wait(); err != nil {
		return err
	}
	for _, list := range lists {
		maps.Copy(all.byInput, list.byInput)
		all.written += list.written
		for reason, n := range list.omitted {
			all.omitted[reason] += n
		}
	}
	return nil
}

// listAnnotations reads the annotations of inputs that one request can name.
func (e *exporter) listAnnotations(ctx context.Context, rows []row, list *annotations) error {
	*list = annotations{byInput: map[string][]annotation.Row{}, omitted: map[string]int{}}
	kinds, names := map[string]string{}, make([]string, len(rows))
	for i := range rows {
		names[i], kinds[rows[i].ID] = rows[i].ID, rows[i].Kind
	}
	query := clarifai.ListAnnotationsQuery{InputIDs: names, Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}
	for found, err := range e.client.AllAnnotations(ctx, e.app, query) {
		if err != nil {
			return fmt.Errorf("unable to list the annotations: %w", err)
		}
		kind, listed := kinds[found.InputID]
		if found.InputLevel || !listed {
			continue
		}
		row, reason := annotationRow(&found, kind)
		if reason != "" {
			list.omitted[reason]++
			continue
		}
		list.byInput[found.InputID] = append(list.byInput[found.InputID], row)
		list.written++
	}
	return nil
}

// annotationRow is an annotation as in rows of the manifest, or the reason why a row cannot hold it.
func annotationRow(found *clarifai.Annotation, kind string) (row annotation.Row, reason string) {
	data := found.Data
	if data == nil {
		data = &clarifai.Data{}
	}
	if len(data.Regions)+len(data.Frames)+len(data.TimeSegments) > 1 {
		return nil, "that have several regions, frames or time segments"
	}
	a := annotation.FromAPI(found)
	if ids.ReferenceProblem(a.ID) != "" {
		return nil, "whose IDs cannot be written"
	}
	if a.Check(annotation.Limits{Kind: kind}) != nil {
		return nil, "whose regions the provider would reject, such as empty boxes"
	}
	row, err := a.ToRow()
	if err != nil {
		return nil, "that are masks, whose images the API does not return"
	}
	return row, ""
}
