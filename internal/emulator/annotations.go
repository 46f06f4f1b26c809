package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func annotationRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "ListAnnotations", Method: get, Path: inApp + "/annotations", Action: read(s, listAnnotations)},
		{Op: "PostAnnotations", Method: post, Path: inApp + "/annotations", Action: write(s, postAnnotations)},
		{Op: "PatchAnnotations", Method: patch, Path: inApp + "/annotations", Action: write(s, patchAnnotations)},
		{Op: "DeleteAnnotations", Method: remove, Path: inApp + "/annotations", Action: write(s, deleteAnnotations)},
		{Op: "DeleteAnnotations", Method: remove, Path: inApp + "/inputs/annotations", Action: write(s, deleteAnnotations)},
		{Op: "GetAnnotation", Method: get, Path: inApp + "/inputs/{input_id}/annotations/{annotation_id}", Action: read(s, getAnnotation)},
		{Op: "DeleteAnnotation", Method: remove, Path: inApp + "/inputs/{input_id}/annotations/{annotation_id}", Action: read(s, deleteAnnotation)},
	}
}

// ownAnnotationID is the id of the annotation that an input has from birth.
func (in *input) ownAnnotationID() string {
	sum := sha256.Sum256([]byte("annotation" + in.id + in.created.String()))
	return hex.EncodeToString(sum[:16])
}

// ownAnnotation is the input-level annotation: it is the input's own labels,
// metadata and geo, seen as an annotation.
func (a *app) ownAnnotation(in *input) *clarifai.Annotation {
	data := *in.data
	data.Image, data.Video, data.Audio, data.Text = nil, nil, nil, nil
	return &clarifai.Annotation{
		ID: in.ownAnnotationID(), InputID: in.id, Data: &data, InputLevel: true,
		Status: *statusOf(clarifai.StatusAnnotationSuccess), CreatedAt: in.created, ModifiedAt: in.modified,
		Worker: &clarifai.Worker{User: &clarifai.User{ID: a.user.info.ID}},
	}
}

// annotationsOf are all annotations of an input, its own first.
func (a *app) annotationsOf(in *input) []*clarifai.Annotation {
	return append([]*clarifai.Annotation{a.ownAnnotation(in)}, in.annotations...)
}

// annotationView is an annotation as it is read.
func (a *app) annotationView(stored *clarifai.Annotation) clarifai.Annotation {
	view := *stored
	view.UserID = workerUser(stored)
	view.Data = a.dataView(stored.Data)
	return view
}

// dataView is data with its labels, also those of parts, as they are read.
func (a *app) dataView(d *clarifai.Data) *clarifai.Data {
	if d == nil {
		return nil
	}
	view := *d
	view.Concepts = a.labelViews(d.Concepts)
	view.Regions = slices.Clone(d.Regions)
	for i := range view.Regions {
		view.Regions[i].Data = a.dataView(view.Regions[i].Data)
	}
	view.Frames = slices.Clone(d.Frames)
	for i := range view.Frames {
		view.Frames[i].Data = a.dataView(view.Frames[i].Data)
	}
	view.TimeSegments = slices.Clone(d.TimeSegments)
	for i := range view.TimeSegments {
		view.TimeSegments[i].Data = a.dataView(view.TimeSegments[i].Data)
	}
	return &view
}

// findAnnotation gives an annotation of an input, or nil.
func (a *app) findAnnotation(in *input, id string) *clarifai.Annotation {
	all := a.annotationsOf(in)
	if i := slices.IndexFunc(all, func(x *clarifai.Annotation) bool { return x.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

func getAnnotation(c *call) (*clarifai.SingleAnnotationResponse, error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	stored := c.app.findAnnotation(in, c.Path["annotation_id"])
	if stored == nil {
		return nil, notFound("annotation_id", c.Path["annotation_id"])
	}
	view := c.app.annotationView(stored)
	return &clarifai.SingleAnnotationResponse{Annotation: &view}, nil
}

// listAnnotations lists annotations, oldest first.
// Its filter by statuses, a list of messages, does not exist over HTTP.
func listAnnotations(c *call) (*clarifai.MultiAnnotationResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"list_all_annotations", "return_model_output"} { // make no difference here
		if _, err := c.Query.Flag(name); err != nil {
			return nil, err
		}
	}
	ids, inputIDs := c.Query.List("ids"), c.Query.List("input_ids")
	if len(ids) > 0 && len(ids) != len(inputIDs) {
		return nil, reject(statusAnnotationInvalid, "%d ids need as many input_ids, not %d", len(ids), len(inputIDs))
	}
	users, models := c.Query.List("user_ids"), c.Query.List("model_version_ids")
	workflows, task := c.Query.List("workflow_version_ids"), c.Query.Text("task_id")
	byWorker := len(users)+len(models)+len(workflows) > 0
	found := take(p, matching(c.app.walkAnnotations(inputIDs), func(a *clarifai.Annotation) bool {
		if len(ids) > 0 && !slices.ContainsFunc(indices(ids), func(i int) bool { return ids[i] == a.ID && inputIDs[i] == a.InputID }) {
			return false
		}
		return (task == "" || task == a.TaskID) &&
			(!byWorker || slices.Contains(users, workerUser(a)) || slices.Contains(models, workerModelVersion(a)) ||
				slices.Contains(workflows, workerWorkflowVersion(a)))
	}))
	out := &clarifai.MultiAnnotationResponse{}
	for _, a := range found {
		out.Annotations = append(out.Annotations, c.app.annotationView(a))
	}
	return out, nil
}

func indices(of []string) []int {
	all := make([]int, len(of))
	for i := range all {
		all[i] = i
	}
	return all
}

// walkAnnotations walks through the annotations of the inputs named, or of all,
// oldest first. Those that inputs have of their own are as old as the inputs.
func (a *app) walkAnnotations(inputIDs []string) iter.Seq[*clarifai.Annotation] {
	inputs := a.inputs.oldest()
	if len(inputIDs) > 0 {
		named := a.inputsByID(inputIDs)
		inputs = slices.Values(slices.SortedStableFunc(named, func(x, y *input) int { return x.created.Compare(y.created) }))
	}
	return func(yield func(*clarifai.Annotation) bool) {
		var beside []*clarifai.Annotation
		for in := range inputs {
			beside = append(beside, in.annotations...)
		}
		slices.SortStableFunc(beside, func(x, y *clarifai.Annotation) int { return x.CreatedAt.Compare(y.CreatedAt) })
		for in := range inputs {
			for len(beside) > 0 && beside[0].CreatedAt.Before(in.created) {
				if !yield(beside[0]) {
					return
				}
				beside = beside[1:]
			}
			if !yield(a.ownAnnotation(in)) {
				return
			}
		}
		for _, x := range beside {
			if !yield(x) {
				return
			}
		}
	}
}

// postAnnotations adds annotations, each with an outcome of its own. One that is
// input-level is merged into what the input has.
func postAnnotations(c *call, in *clarifai.PostAnnotationsRequest) (*clarifai.MultiAnnotationResponse, error) {
	if len(in.Annotations) == 0 {
		return nil, reject(statusAnnotationInvalid, "annotations is empty")
	}
	out := &clarifai.MultiAnnotationResponse{}
	refused := 0
	for _, sent := range in.Annotations {
		made, refusal := c.addAnnotation(sent)
		if refusal != nil {
			refused++
			sent.Status = *refusal
			out.Annotations = append(out.Annotations, sent)
			continue
		}
		view := c.app.annotationView(made)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		out.Annotations = append(out.Annotations, view)
	}
	c.CountOutcome(len(in.Annotations), refused)
	return out, nil
}

func (c *call) addAnnotation(sent clarifai.Annotation) (*clarifai.Annotation, *clarifai.Status) {
	in := c.app.inputs.get(sent.InputID)
	if in == nil {
		return nil, rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", sent.InputID)
	}
	if sent.Data == nil {
		return nil, rejected(statusAnnotationInvalid, "an annotation needs data")
	}
	data, refusal := c.annotationData(sent.Data)
	if refusal != nil {
		return nil, refusal
	}
	if sent.InputLevel {
		merged, err := patchedData(in.data, data, clarifai.ActionMerge)
		if err != nil {
			return nil, rejected(statusAnnotationInvalid, "%v", err)
		}
		in.data, in.modified = merged, c.stamp()
		return c.app.ownAnnotation(in), nil
	}
	if sent.ID == "" {
		sent.ID = newID()
	}
	if problem := idProblem("annotation id", sent.ID); problem != "" {
		return nil, rejected(statusAnnotationInvalid, "%s", problem)
	}
	if c.app.findAnnotation(in, sent.ID) != nil {
		return nil, rejected(clarifai.StatusDuplicateID, "annotation '%s' exists already", sent.ID)
	}
	made := sent
	made.Data = data
	made.CreatedAt, made.ModifiedAt = c.stamp(), c.stamp()
	if made.Status.Code == 0 {
		made.Status.Code = clarifai.StatusAnnotationSuccess
	}
	made.Status = *statusOf(made.Status.Code)
	if made.Worker == nil {
		made.Worker = &clarifai.Worker{User: &clarifai.User{ID: c.options.User}}
	}
	in.annotations = append(slices.Clip(in.annotations), &made)
	return &made, nil
}

// annotationData is data of an annotation as it is stored.
func (c *call) annotationData(sent *clarifai.Data) (*clarifai.Data, *clarifai.Status) {
	d, refusal := c.app.labelled(sent, c.now)
	if refusal != nil {
		refusal.Code, refusal.Description = statusAnnotationInvalid, statusAnnotationInvalid.Text()
	}
	return d, refusal
}

// labelled is data as it is stored: checked, with labels by id and value, and
// their concepts made. That goes for its regions, frames and segments too.
func (a *app) labelled(sent *clarifai.Data, now time.Time) (*clarifai.Data, *clarifai.Status) {
	if sent == nil {
		return nil, nil
	}
	d := *sent
	if refusal := checkLabels(&d); refusal != nil {
		return nil, refusal
	}
	a.addLabels(d.Concepts, now)
	d.Concepts = bareLabels(d.Concepts)
	d.Regions = slices.Clone(d.Regions)
	for i := range d.Regions {
		r := &d.Regions[i]
		if r.ID == "" {
			r.ID = newID()
		}
		var refusal *clarifai.Status
		if r.Data, refusal = a.labelled(r.Data, now); refusal != nil {
			return nil, refusal
		}
	}
	d.Frames = slices.Clone(d.Frames)
	for i := range d.Frames {
		var refusal *clarifai.Status
		if d.Frames[i].Data, refusal = a.labelled(d.Frames[i].Data, now); refusal != nil {
			return nil, refusal
		}
	}
	d.TimeSegments = slices.Clone(d.TimeSegments)
	for i := range d.TimeSegments {
		var refusal *clarifai.Status
		if d.TimeSegments[i].Data, refusal = a.labelled(d.TimeSegments[i].Data, now); refusal != nil {
			return nil, refusal
		}
	}
	return &d, nil
}

// patchAnnotations changes annotations, each with an outcome of its own.
func patchAnnotations(c *call, in *clarifai.PatchAnnotationsRequest) (*clarifai.MultiAnnotationResponse, error) {
	err := checkAction(in.Action, len(in.Annotations), clarifai.ActionMerge, clarifai.ActionOverwrite, clarifai.ActionRemove)
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiAnnotationResponse{}
	refused := 0
	for _, sent := range in.Annotations {
		changed, refusal := c.patchAnnotation(sent, in.Action, in.DeleteIfEmptyData)
		if refusal != nil {
			refused++
			sent.Status = *refusal
			out.Annotations = append(out.Annotations, sent)
			continue
		}
		out.Annotations = append(out.Annotations, c.app.annotationView(changed))
	}
	c.CountOutcome(len(in.Annotations), refused)
	return out, nil
}

func (c *call) patchAnnotation(sent clarifai.Annotation, action clarifai.PatchAction, deleteIfEmpty bool) (*clarifai.Annotation, *clarifai.Status) {
	in := c.app.inputs.get(sent.InputID)
	if in == nil {
		return nil, rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", sent.InputID)
	}
	stored := c.app.findAnnotation(in, sent.ID)
	if stored == nil {
		return nil, rejected(clarifai.StatusDoesNotExist, "annotation '%s' does not exist", sent.ID)
	}
	changed := *stored
	changed.ModifiedAt = c.stamp()
	if sent.Status.Code != 0 {
		changed.Status = *statusOf(sent.Status.Code)
	}
	var err error
	if changed.AnnotationInfo, err = patchedStruct(stored.AnnotationInfo, sent.AnnotationInfo, action); err != nil {
		return nil, rejected(statusAnnotationInvalid, "%v", err)
	}
	if sent.Data != nil {
		data, refusal := c.annotationData(sent.Data)
		if refusal != nil {
			return nil, refusal
		}
		own := stored.Data
		if stored.InputLevel {
			own = in.data
		}
		if changed.Data, err = patchedData(own, data, action); err != nil {
			return nil, rejected(statusAnnotationInvalid, "%v", err)
		}
	}
	if stored.InputLevel {
		if sent.Data != nil {
			in.data, in.modified = changed.Data, changed.ModifiedAt
		}
		return c.app.ownAnnotation(in), nil
	}
	rest := slices.Clone(in.annotations)
	i := slices.Index(rest, stored)
	if deleteIfEmpty && isBlank(changed.Data) {
		in.annotations = slices.Delete(rest, i, i+1)
	} else {
		rest[i] = &changed
		in.annotations = rest
	}
	return &changed, nil
}

// isBlank tells whether data says nothing.
func isBlank(d *clarifai.Data) bool {
	return d == nil || len(d.Concepts)+len(d.Regions)+len(d.Frames)+len(d.TimeSegments) == 0 && len(d.Metadata) <= len("{}") && d.Geo == nil
}

// deleteAnnotations deletes pairs of annotation and input, or without ids all
// annotations of the inputs. All or none go.
func deleteAnnotations(c *call, in *clarifai.DeleteAnnotationsRequest) (*clarifai.BaseResponse, error) {
	if len(in.InputIDs) == 0 {
		return nil, reject(statusAnnotationInvalid, "input_ids is empty")
	}
	if len(in.IDs) > 0 && len(in.IDs) != len(in.InputIDs) {
		return nil, reject(statusAnnotationInvalid, "%d ids need as many input_ids, not %d", len(in.IDs), len(in.InputIDs))
	}
	for i, inputID := range in.InputIDs {
		stored := c.app.inputs.get(inputID)
		if stored == nil {
			return nil, notFound("input_id", inputID)
		}
		if len(in.IDs) > 0 && c.app.findAnnotation(stored, in.IDs[i]) == nil {
			return nil, notFound("annotation_id", in.IDs[i])
		}
	}
	for i, inputID := range in.InputIDs {
		stored := c.app.inputs.get(inputID)
		if len(in.IDs) > 0 {
			c.app.dropAnnotation(stored, in.IDs[i], c.stamp())
			continue
		}
		stored.annotations = nil
		c.app.dropAnnotation(stored, stored.ownAnnotationID(), c.stamp())
	}
	return &clarifai.BaseResponse{}, nil
}

func deleteAnnotation(c *call) (*clarifai.BaseResponse, error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	id := c.Path["annotation_id"]
	if c.app.findAnnotation(in, id) == nil {
		return nil, notFound("annotation_id", id)
	}
	c.app.dropAnnotation(in, id, c.stamp())
	return &clarifai.BaseResponse{}, nil
}

// dropAnnotation deletes an annotation. An input keeps its own one, which only
// loses its labels: metadata and geo are the input's.
func (a *app) dropAnnotation(in *input, id string, stamp time.Time) {
	if id == in.ownAnnotationID() {
		data := *in.data
		data.Concepts, data.Regions, data.Frames, data.TimeSegments = nil, nil, nil, nil
		in.data, in.modified = &data, stamp
		return
	}
	in.annotations = slices.DeleteFunc(slices.Clone(in.annotations), func(x *clarifai.Annotation) bool { return x.ID == id })
}
