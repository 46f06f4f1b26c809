package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// AnnotationRef is an annotation of a row.
type AnnotationRef struct {
	Row   *source.Row
	Index int
}

func (r AnnotationRef) annotation() *annotation.Annotation { return &r.Row.Annotations[r.Index] }

// AnnotationID identifies an annotation in Clarifai.
type AnnotationID struct{ InputID, ID string }

// Annotations is how the annotations of inputs differ from those of their rows.
type Annotations struct {
	Add       []AnnotationRef
	Change    []AnnotationRef
	Remove    []AnnotationID
	Conflicts []AnnotationRef // they exist, differ, and were not created by the resource
	Unmanaged int             // annotations of people and models on inputs whose rows have annotations
}

// resourceName is the name that ids of annotations are derived from.
func (t Target) resourceName() string { return t.App.AppID + "/" + t.TrackingID }

// wanted is the annotation to send.
func (t Target) wanted(ref AnnotationRef) (clarifai.Annotation, error) {
	return ref.annotation().ToOwned(t.resourceName(), ref.Row.ID)
}

// compareAnnotations compares the annotations of inputs with those of their rows.
func (c *comparison) compareAnnotations(ctx context.Context) error {
	skip := c.recreatedRows()
	var rows []*source.Row // whose annotations are read
	for i := range c.Rows.All {
		r := &c.Rows.All[i]
		if r.Annotations == nil {
			continue
		}
		annotation.DeriveIDs(c.target.resourceName(), r.ID, r.Annotations)
		switch {
		case !c.seen[i] || skip[r] == recreated:
			for index := range r.Annotations {
				c.Annotations.Add = append(c.Annotations.Add, AnnotationRef{r, index})
			}
		case skip[r] != conflicting:
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	found := map[*source.Row][]bool{}
	for _, r := range rows {
		found[r] = make([]bool, len(r.Annotations))
	}
	if err := c.readAnnotations(ctx, rows, func(a *clarifai.Annotation) {
		if r := c.Rows.Find(a.InputID); r != nil && found[r] != nil {
			c.compareAnnotation(r, a, found[r])
		}
	}); err != nil {
		return err
	}
	for _, r := range rows {
		for index, exists := range found[r] {
			if !exists {
				c.Annotations.Add = append(c.Annotations.Add, AnnotationRef{r, index})
			}
		}
	}
	return nil
}

// What happens to inputs whose annotations need not be read.
const (
	recreated   = 1 + iota // they are deleted and created again, with all annotations of their rows
	conflicting            // they are left as they are
)

func (c *comparison) recreatedRows() map[*source.Row]int {
	skip := map[*source.Row]int{}
	for _, list := range [][]*source.Row{c.Replace, c.Failed, c.FailedChanged} {
		for _, r := range list {
			skip[r] = recreated
		}
	}
	for _, conflict := range c.Conflicts {
		skip[conflict.Row] = conflicting
	}
	return skip
}

// readAnnotations reads the annotations of the rows' inputs: those of all inputs of the app if most of
// them have rows, since that takes fewer requests.
func (c *comparison) readAnnotations(ctx context.Context, rows []*source.Row, visit func(*clarifai.Annotation)) error {
	total, err := c.target.count(ctx)
	if err != nil {
		return err
	}
	expected := total // each input has its input-level annotation
	for _, r := range rows {
		expected += len(r.Annotations)
	}
	queries := []clarifai.ListAnnotationsQuery{{Page: longPages(expected)}}
	if total > 2*len(rows) || len(rows) <= clarifai.MaxAnnotatedInputs {
		queries = nil
		for chunk := range slices.Chunk(rows, clarifai.MaxAnnotatedInputs) {
			queries = append(queries, clarifai.ListAnnotationsQuery{InputIDs: rowIDs(chunk), Page: longPages(0)})
		}
	}
	for _, query := range queries {
		for a, err := range c.target.Client.AllAnnotations(ctx, c.target.App, query) {
			if err != nil {
				return err
			}
			if !a.InputLevel {
				visit(&a)
			}
		}
	}
	return nil
}

// compareAnnotation compares one annotation that was read.
func (c *comparison) compareAnnotation(r *source.Row, a *clarifai.Annotation, found []bool) {
	match := annotation.FindOwn(c.target.resourceName(), r.ID, r.Annotations, a)
	if match.Index < 0 {
		if match.Owned {
			c.Annotations.Remove = append(c.Annotations.Remove, AnnotationID{r.ID, a.ID})
		} else {
			c.Annotations.Unmanaged++
		}
		return
	}
	found[match.Index] = true
	ref := AnnotationRef{r, match.Index}
	switch {
	case match.Same:
	case match.Owned || c.overwrite:
		c.Annotations.Change = append(c.Annotations.Change, ref)
	default:
		c.Annotations.Conflicts = append(c.Annotations.Conflicts, ref)
	}
}

// applyAnnotations creates, changes and deletes annotations. Inputs whose annotations are created have to
// be processed before.
func (a *applier) applyAnnotations(ctx context.Context, d *Annotations) {
	for _, ref := range d.Conflicts {
		a.fail(ref.Row.ID, Failure{Err: fmt.Errorf("annotation %q already exists, differs from that of the row, and was not created by "+
			"this resource; on_conflict = \"overwrite\" changes it", ref.annotation().ID)})
	}
	a.deleteAnnotations(ctx, d.Remove)
	for _, requests := range []struct {
		refs []AnnotationRef
		send func(context.Context, []clarifai.Annotation)
		step string
	}{{d.Change, a.patchAnnotations, "change annotations"}, {d.Add, a.postAnnotations, "create annotations"}} {
		isOmitted := func(ref AnnotationRef) bool {
			_, failed := a.result.Failures[ref.Row.ID]
			return failed || a.result.absent[ref.Row.ID]
		}
		refs := requests.refs
		if slices.ContainsFunc(refs, isOmitted) {
			refs = slices.DeleteFunc(slices.Clone(refs), isOmitted)
		}
		forEach(ctx, a, requests.step, a.Workers, splitAnnotations(refs), func(chunk []AnnotationRef) {
			var all []clarifai.Annotation
			for _, ref := range chunk {
				wanted, err := a.wanted(ref)
				if err != nil {
					a.fail(ref.Row.ID, Failure{Doing: "an annotation cannot be read: ", Err: err})
					continue
				}
				all = append(all, wanted)
			}
			requests.send(ctx, all)
		})
	}
}

// unprocessed are the inputs that get annotations and may not be processed yet.
func unprocessed(d *Diff, sent []string) []string {
	maybe := map[string]bool{}
	for _, id := range append(slices.Clone(sent), rowIDs(d.Processing)...) {
		maybe[id] = true
	}
	var ids []string
	for _, ref := range d.Annotations.Add {
		if id := ref.Row.ID; maybe[id] {
			maybe[id] = false
			ids = append(ids, id)
		}
	}
	return ids
}

// splitAnnotations splits annotations into requests, by number and by bytes of masks.
func splitAnnotations(refs []AnnotationRef) [][]AnnotationRef {
	const maskBytes = maxContentBytes / clarifai.MaxItemsPerCall
	var requests [][]AnnotationRef
	begin, size := 0, 0
	for i, ref := range refs {
		n := len(ref.annotation().Points) * 40
		if mask := ref.annotation().Extra().Mask; mask != nil {
			n += max(len(mask.PNG), maskBytes)
		}
		if i-begin == clarifai.MaxItemsPerCall || i > begin && size+n > maxContentBytes {
			requests, begin, size = append(requests, refs[begin:i]), i, 0
		}
		size += n
	}
	if begin < len(refs) {
		requests = append(requests, refs[begin:])
	}
	return requests
}

// postAnnotations creates annotations. If a request fails, for whatever reason, those that exist are read
// back, and the others are sent again in halves, until the ones that are rejected are alone.
func (a *applier) postAnnotations(ctx context.Context, all []clarifai.Annotation) {
	if len(all) == 0 || a.halted(ctx) {
		return
	}
	err := a.Client.AddAnnotations(ctx, a.App, all)
	if err == nil {
		return
	}
	if isFatal(err) {
		a.halt(err)
		return
	}
	missing, err2 := a.missingAnnotations(ctx, all)
	if err2 != nil {
		a.halt(fmt.Errorf("reading back annotations: %w", err2))
		return
	}
	switch {
	case len(missing) == 0:
	case len(missing) == len(all) && len(all) == 1:
		a.failAnnotation(&all[0], "created", err)
	default:
		half := (len(missing) + 1) / 2
		a.postAnnotations(ctx, missing[:half])
		a.postAnnotations(ctx, missing[half:])
	}
}

func (a *applier) failAnnotation(sent *clarifai.Annotation, what string, err error) {
	a.failItem(sent.InputID, fmt.Sprintf("annotation %q cannot be %s: ", sent.ID, what), err)
}

// missingAnnotations reads back annotations and returns those that do not exist. One that exists and is
// another is a failure.
func (a *applier) missingAnnotations(ctx context.Context, all []clarifai.Annotation) ([]clarifai.Annotation, error) {
	// An interrupt must not lose what a request has created.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTime)
	defer cancel()
	query := clarifai.ListAnnotationsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}
	for i := range all {
		query.IDs, query.InputIDs = append(query.IDs, all[i].ID), append(query.InputIDs, all[i].InputID)
	}
	found := map[AnnotationID]*clarifai.Annotation{}
	for x, err := range a.Client.AllAnnotations(ctx, a.App, query) {
		if clarifai.IsNotFound(err) {
			break // the API may report pairs that do not exist
		}
		if err != nil {
			return nil, err
		}
		found[AnnotationID{x.InputID, x.ID}] = &x
	}
	var missing []clarifai.Annotation
	for i := range all {
		x := found[AnnotationID{all[i].InputID, all[i].ID}]
		if x == nil {
			missing = append(missing, all[i])
			continue
		}
		want, have := annotation.FromAPI(&all[i]), annotation.FromAPI(x)
		if !annotation.Same(&want, &have) {
			a.failAnnotation(&all[i], "created", errors.New("another annotation of the input has its id"))
		}
	}
	return missing, nil
}

// patchAnnotations overwrites annotations. If a request fails, it is sent again in halves.
func (a *applier) patchAnnotations(ctx context.Context, all []clarifai.Annotation) {
	if len(all) == 0 || a.halted(ctx) {
		return
	}
	_, err := a.Client.PatchAnnotations(ctx, a.App, clarifai.PatchAnnotationsRequest{Annotations: all, Action: clarifai.ActionOverwrite})
	switch {
	case err == nil:
	case isFatal(err):
		a.halt(err)
	case len(all) == 1:
		a.failAnnotation(&all[0], "changed", err)
	default:
		a.patchAnnotations(ctx, all[:len(all)/2])
		a.patchAnnotations(ctx, all[len(all)/2:])
	}
}

// deleteAnnotations deletes annotations. The API may reject a request for one that no longer exists, so
// such a request is sent again in halves.
func (a *applier) deleteAnnotations(ctx context.Context, all []AnnotationID) {
	var remove func(chunk []AnnotationID)
	remove = func(chunk []AnnotationID) {
		var request clarifai.DeleteAnnotationsRequest
		for _, x := range chunk {
			request.IDs, request.InputIDs = append(request.IDs, x.ID), append(request.InputIDs, x.InputID)
		}
		err := a.Client.DeleteAnnotations(ctx, a.App, request)
		switch {
		case err == nil:
		case isFatal(err):
			a.halt(err)
		case len(chunk) > 1:
			remove(chunk[:len(chunk)/2])
			remove(chunk[len(chunk)/2:])
		case !clarifai.IsNotFound(err):
			a.failItem(chunk[0].InputID, fmt.Sprintf("annotation %q cannot be deleted: ", chunk[0].ID), err)
		}
	}
	forEach(ctx, a, "delete annotations", a.Workers, chunks(all), remove)
}
