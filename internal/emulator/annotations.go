package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"
	"unicode/utf16"

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
		{Op: "DeleteAnnotation", Method: remove, Path: inApp + "/inputs/{input_id}/annotations/{annotation_id}",
			Action: read(s, deleteAnnotation)},
	}
}

// ownAnnotationID returns the ID of the input-level annotation, which every input has.
func (in *input) ownAnnotationID() string {
	sum := sha256.Sum256([]byte("annotation" + in.id + in.created.String()))
	return hex.EncodeToString(sum[:16])
}

// ownAnnotation returns the input-level annotation: the input's own labels,
// metadata and geo location as an annotation.
func (a *app) ownAnnotation(in *input) *clarifai.Annotation {
	data := *in.data
	data.Image, data.Video, data.Audio, data.Text = nil, nil, nil, nil
	return &clarifai.Annotation{
		ID: in.ownAnnotationID(), InputID: in.id, Data: &data, InputLevel: true,
		Status: *statusOf(clarifai.StatusAnnotationSuccess), CreatedAt: in.created, ModifiedAt: in.modified,
		Worker: &clarifai.Worker{User: &clarifai.User{ID: a.user.info.ID}},
	}
}

// annotationsOf returns all annotations of an input, the input-level one first.
func (a *app) annotationsOf(in *input) []*clarifai.Annotation {
	return append([]*clarifai.Annotation{a.ownAnnotation(in)}, in.annotations...)
}

// annotationView returns an annotation as responses show it.
func (a *app) annotationView(stored *clarifai.Annotation) clarifai.Annotation {
	view := *stored
	view.UserID = workerUser(stored)
	view.Data = a.dataView(stored.Data)
	return view
}

// dataView returns data as responses show it, including the labels of its parts.
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

// findAnnotation returns an annotation of an input, or nil.
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

// listAnnotations lists annotations, newest first. It lists those of models only
// if the request asks for them. The API's filter by statuses, a list of messages,
// does not exist over HTTP.
func listAnnotations(c *call) (*clarifai.MultiAnnotationResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	if _, err := c.Query.Flag("return_model_output"); err != nil { // the emulator has no model output
		return nil, err
	}
	all, err := c.Query.Flag("list_all_annotations")
	if err != nil {
		return nil, err
	}
	ids, inputIDs := c.Query.List("ids"), c.Query.List("input_ids")
	if len(ids) > 0 && len(ids) != len(inputIDs) {
		return nil, reject(statusAnnotationInvalid, "%d ids need as many input_ids, not %d", len(ids), len(inputIDs))
	}
	users, models := c.Query.List("user_ids"), c.Query.List("model_version_ids")
	workflows, task := c.Query.List("workflow_version_ids"), c.Query.Text("task_id")
	byWorker := len(users)+len(models)+len(workflows) > 0
	wanted := map[[2]string]bool{}
	for i, id := range ids {
		wanted[[2]string{inputIDs[i], id}] = true
	}
	found := take(p, matching(c.walkAnnotations(inputIDs), func(a *clarifai.Annotation) bool {
		if len(ids) > 0 {
			return wanted[[2]string{a.InputID, a.ID}]
		}
		return (task == "" || task == a.TaskID) &&
			(all || byWorker || !fromModel(a)) &&
			(!byWorker || slices.Contains(users, workerUser(a)) || slices.Contains(models, workerModelVersion(a)) ||
				slices.Contains(workflows, workerWorkflowVersion(a)))
	}))
	out := &clarifai.MultiAnnotationResponse{}
	for _, a := range found {
		out.Annotations = append(out.Annotations, c.app.annotationView(a))
	}
	return out, nil
}

// fromModel reports whether a model or workflow created an annotation.
func fromModel(a *clarifai.Annotation) bool {
	return a.Worker != nil && (a.Worker.Model != nil || a.Worker.Workflow != nil)
}

// walkAnnotations yields the annotations of the named inputs, or of all inputs,
// newest first. An input-level annotation is as old as its input.
func (c *call) walkAnnotations(inputIDs []string) iter.Seq[*clarifai.Annotation] {
	inputs := c.app.inputs.oldest()
	if len(inputIDs) > 0 {
		inputs = c.app.inputsByID(inputIDs)
	} else if list, ok := c.annotationLists[c.app]; ok {
		return slices.Values(list)
	}
	var all []*clarifai.Annotation
	for in := range inputs {
		if c.listed(in) {
			all = append(all, c.app.annotationsOf(in)...)
		}
	}
	slices.SortStableFunc(all, func(x, y *clarifai.Annotation) int { return x.CreatedAt.Compare(y.CreatedAt) })
	if !c.dialect(AnnotationsOldestFirst) {
		slices.Reverse(all)
	}
	if len(inputIDs) == 0 {
		if c.annotationLists == nil {
			c.annotationLists = map[*app][]*clarifai.Annotation{}
		}
		c.annotationLists[c.app] = all
	}
	return slices.Values(all)
}

// postAnnotations adds annotations, each with its own outcome. An input-level
// annotation is merged into the one that the input has.
func postAnnotations(c *call, in *clarifai.PostAnnotationsRequest) (*clarifai.MultiAnnotationResponse, error) {
	if err := checkAnnotations(len(in.Annotations)); err != nil {
		return nil, err
	}
	out := &clarifai.MultiAnnotationResponse{}
	var rejections []*clarifai.Status
	for _, sent := range in.Annotations {
		added, rejection := c.postAnnotation(sent)
		if rejection != nil {
			rejections = append(rejections, rejection)
			sent.Status = *rejection
			out.Annotations = append(out.Annotations, sent)
			continue
		}
		view := c.app.annotationView(added)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		out.Annotations = append(out.Annotations, view)
	}
	c.itemOutcomes(len(in.Annotations), rejections)
	return out, nil
}

// maxAnnotations is the documented limit on annotations in a request.
const maxAnnotations = 128

func checkAnnotations(n int) error {
	switch {
	case n == 0:
		return reject(statusAnnotationInvalid, "annotations is empty")
	case n > maxAnnotations:
		return reject(statusAnnotationInvalid, "%d annotations are more than the %d that a request may have", n, maxAnnotations)
	}
	return nil
}

// postAnnotation adds an annotation that a client sent.
func (c *call) postAnnotation(sent clarifai.Annotation) (*clarifai.Annotation, *clarifai.Status) {
	in := c.app.inputs.get(sent.InputID)
	if in == nil {
		return nil, rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", sent.InputID)
	}
	if !c.dialect(AnnotateUnprocessed) && in.status(c.now).Code != clarifai.StatusInputDownloaded {
		return nil, rejected(statusAnnotationInvalid, "input '%s' is not processed", sent.InputID)
	}
	if sent.Status.Code == 0 && !sent.InputLevel && c.dialect(AnnotationsAwaitReview) {
		sent.Status.Code = statusAnnotationAwaitingReview
	}
	if rejection := c.checkShape(in, sent.Data); rejection != nil {
		return nil, rejection
	}
	if c.dialect(RegionIDsReplaced) && sent.Data != nil {
		data := *sent.Data
		data.Regions = slices.Clone(data.Regions)
		for i := range data.Regions {
			data.Regions[i].ID = ""
		}
		sent.Data = &data
	}
	return c.addAnnotation(sent)
}

// checkShape checks the regions of an annotation.
func (c *call) checkShape(in *input, d *clarifai.Data) *clarifai.Status {
	if d == nil {
		return nil
	}
	if !c.dialect(SeveralRegions) {
		if len(d.Regions) > 1 || len(d.Frames) > 1 {
			return rejected(statusAnnotationInvalid, "an annotation has at most one region or frame, not %d", max(len(d.Regions), len(d.Frames)))
		}
	}
	for _, r := range d.Regions {
		if problem := c.regionProblem(in, r.RegionInfo); problem != "" {
			return rejected(statusAnnotationInvalid, "%s", problem)
		}
	}
	for _, f := range d.Frames {
		if rejection := c.checkShape(in, f.Data); rejection != nil {
			return rejection
		}
	}
	return nil
}

// regionProblem returns what is wrong with the shape of a region, or "".
func (c *call) regionProblem(in *input, info *clarifai.RegionInfo) string {
	if info == nil {
		return ""
	}
	if s := info.Span; s != nil {
		if problem := c.spanProblem(in, s); problem != "" {
			return problem
		}
	}
	if c.dialect(CoordinatesUnchecked) {
		return ""
	}
	outside := func(values ...clarifai.Float) bool {
		return slices.ContainsFunc(values, func(v clarifai.Float) bool { return !(v >= 0 && v <= 1) })
	}
	if b := info.BoundingBox; b != nil {
		switch {
		case outside(b.TopRow, b.LeftCol, b.BottomRow, b.RightCol):
			return "the coordinates of a bounding box are between 0 and 1"
		case b.LeftCol >= b.RightCol || b.TopRow >= b.BottomRow:
			return "a bounding box has left_col below right_col and top_row below bottom_row"
		}
	}
	if p := info.Polygon; p != nil {
		if len(p.Points) < 3 {
			return "a polygon has at least three points"
		}
		for _, point := range p.Points {
			if outside(point.Row, point.Col) {
				return "the coordinates of a polygon are between 0 and 1"
			}
		}
	}
	if p := info.Point; p != nil && outside(p.Row, p.Col) {
		return "the coordinates of a point are between 0 and 1"
	}
	return ""
}

// spanProblem returns what is wrong with a text span, or "". The emulator does not
// know texts behind URLs.
func (c *call) spanProblem(in *input, s *clarifai.Span) string {
	start, end := int(s.CharStart), int(s.CharEnd)
	if c.dialect(SpanEndInclusive) {
		end++
	}
	if start < 0 || start >= end {
		return fmt.Sprintf("a span from %d to %d is empty", s.CharStart, s.CharEnd)
	}
	hosted := c.app.hosted[in.token()]
	if hosted == nil || in.data.Text == nil {
		return ""
	}
	text := []rune(string(hosted.Content))
	marked := func(from, to int) string { return string(text[from:to]) }
	length := len(text)
	if c.dialect(SpanUTF16) {
		units := utf16.Encode(text)
		marked = func(from, to int) string { return string(utf16.Decode(units[from:to])) }
		length = len(units)
	}
	switch {
	case end > length:
		return fmt.Sprintf("a span from %d to %d is outside the text of length %d", s.CharStart, s.CharEnd, length)
	case s.RawText != "" && s.RawText != marked(start, end):
		return fmt.Sprintf("raw_text is %q, and the text from %d to %d is %q", s.RawText, s.CharStart, s.CharEnd, marked(start, end))
	}
	return ""
}

func (c *call) addAnnotation(sent clarifai.Annotation) (*clarifai.Annotation, *clarifai.Status) {
	in := c.app.inputs.get(sent.InputID)
	if in == nil {
		return nil, rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", sent.InputID)
	}
	if sent.Data == nil && sent.Status.Code == 0 {
		return nil, rejected(statusAnnotationInvalid, "an annotation needs data or a status")
	}
	data, rejection := c.annotationData(sent.Data)
	if rejection != nil {
		return nil, rejection
	}
	if sent.InputLevel {
		if data != nil {
			merged, err := patchedData(in.data, data, clarifai.ActionMerge)
			if err != nil {
				return nil, rejected(statusAnnotationInvalid, "%v", err)
			}
			in.data, in.modified = merged, c.stamp()
		}
		return c.app.ownAnnotation(in), nil
	}
	if sent.ID == "" {
		sent.ID = newID()
	}
	if problem := idProblem("annotation id", sent.ID); problem != "" {
		return nil, rejected(statusAnnotationInvalid, "%s", problem)
	}
	if c.app.findAnnotation(in, sent.ID) != nil {
		code := clarifai.StatusDuplicateID
		if c.dialect(AnnotationDuplicate24155) {
			code = statusAnnotationInvalid
		}
		return nil, rejected(code, "annotation '%s' exists already", sent.ID)
	}
	made := sent
	made.Data = withRegionIDs(data)
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

// annotationData returns the data of an annotation as it is stored.
func (c *call) annotationData(sent *clarifai.Data) (*clarifai.Data, *clarifai.Status) {
	d, rejection := c.app.labelled(sent, c.now)
	if rejection != nil {
		rejection.Code, rejection.Description = statusAnnotationInvalid, statusAnnotationInvalid.Text()
	}
	return d, rejection
}

// labelled returns data as it is stored: checked, with labels by ID and value, and
// with their concepts created. It treats regions, frames and segments alike.
func (a *app) labelled(sent *clarifai.Data, now time.Time) (*clarifai.Data, *clarifai.Status) {
	if sent == nil {
		return nil, nil
	}
	d := *sent
	if rejection := a.checkLabels(&d); rejection != nil {
		return nil, rejection
	}
	a.addLabels(d.Concepts, now)
	d.Concepts = bareLabels(d.Concepts)
	d.Regions = slices.Clone(d.Regions)
	for i := range d.Regions {
		r := &d.Regions[i]
		var rejection *clarifai.Status
		if r.Data, rejection = a.labelled(r.Data, now); rejection != nil {
			return nil, rejection
		}
	}
	d.Frames = slices.Clone(d.Frames)
	for i := range d.Frames {
		var rejection *clarifai.Status
		if d.Frames[i].Data, rejection = a.labelled(d.Frames[i].Data, now); rejection != nil {
			return nil, rejection
		}
	}
	d.TimeSegments = slices.Clone(d.TimeSegments)
	for i := range d.TimeSegments {
		var rejection *clarifai.Status
		if d.TimeSegments[i].Data, rejection = a.labelled(d.TimeSegments[i].Data, now); rejection != nil {
			return nil, rejection
		}
	}
	return &d, nil
}

// withRegionIDs assigns IDs to regions without one. It changes the data in place, which
// is a copy that labelled made.
func withRegionIDs(d *clarifai.Data) *clarifai.Data {
	if d == nil {
		return nil
	}
	for i := range d.Regions {
		if d.Regions[i].ID == "" {
			d.Regions[i].ID = newID()
		}
	}
	for i := range d.Frames {
		withRegionIDs(d.Frames[i].Data)
	}
	return d
}

// patchAnnotations changes annotations, each with its own outcome.
func patchAnnotations(c *call, in *clarifai.PatchAnnotationsRequest) (*clarifai.MultiAnnotationResponse, error) {
	err := checkAction(in.Action, len(in.Annotations), clarifai.ActionMerge, clarifai.ActionOverwrite, clarifai.ActionRemove)
	if err != nil {
		return nil, err
	}
	if err := checkAnnotations(len(in.Annotations)); err != nil {
		return nil, err
	}
	out := &clarifai.MultiAnnotationResponse{}
	var rejections []*clarifai.Status
	for _, sent := range in.Annotations {
		changed, rejection := c.patchAnnotation(sent, in.Action, in.DeleteIfEmptyData)
		if rejection != nil {
			rejections = append(rejections, rejection)
			sent.Status = *rejection
			out.Annotations = append(out.Annotations, sent)
			continue
		}
		out.Annotations = append(out.Annotations, c.app.annotationView(changed))
	}
	c.itemOutcomes(len(in.Annotations), rejections)
	return out, nil
}

func (c *call) patchAnnotation(sent clarifai.Annotation, action clarifai.PatchAction, deleteIfEmpty bool) (*clarifai.Annotation,
	*clarifai.Status) {
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
		if rejection := c.checkShape(in, sent.Data); rejection != nil && action != clarifai.ActionRemove {
			return nil, rejection
		}
		data, rejection := c.annotationData(sent.Data)
		if rejection != nil {
			return nil, rejection
		}
		own := stored.Data
		if own == nil {
			own = &clarifai.Data{}
		}
		if stored.InputLevel {
			own = in.data
		}
		if action == clarifai.ActionMerge && !stored.InputLevel && !c.dialect(MergeRegionAppends) {
			own = withoutMovedRegion(own, data)
		}
		if changed.Data, err = patchedData(own, data, action); err != nil {
			return nil, rejected(statusAnnotationInvalid, "%v", err)
		}
		changed.Data = withRegionIDs(changed.Data)
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

// withoutMovedRegion removes the only region of data if a merge sends a region
// without an ID, which replaces it.
func withoutMovedRegion(own, sent *clarifai.Data) *clarifai.Data {
	if len(own.Regions) != 1 || len(sent.Regions) != 1 || sent.Regions[0].ID != "" {
		return own
	}
	d := *own
	d.Regions = nil
	return &d
}

// isBlank reports whether data is empty.
func isBlank(d *clarifai.Data) bool {
	return d == nil || len(d.Concepts)+len(d.Regions)+len(d.Frames)+len(d.TimeSegments) == 0 && len(d.Metadata) <= len("{}") && d.Geo == nil
}

// deleteAnnotations deletes pairs of annotation and input, or without IDs all
// annotations of the inputs except the input-level ones.
func deleteAnnotations(c *call, in *clarifai.DeleteAnnotationsRequest) (*clarifai.BaseResponse, error) {
	if len(in.InputIDs) == 0 {
		return nil, reject(statusAnnotationInvalid, "input_ids is empty")
	}
	if len(in.IDs) > 0 && len(in.IDs) != len(in.InputIDs) {
		return nil, reject(statusAnnotationInvalid, "%d ids need as many input_ids, not %d", len(in.IDs), len(in.InputIDs))
	}
	for i, inputID := range in.InputIDs {
		stored := c.app.inputs.get(inputID)
		switch {
		case stored == nil && c.dialect(DeleteAnnotationsMissing):
			return nil, notFound("input_id", inputID)
		case stored == nil || len(in.IDs) == 0:
		case c.app.findAnnotation(stored, in.IDs[i]) == nil && c.dialect(DeleteAnnotationsMissing):
			return nil, notFound("annotation_id", in.IDs[i])
		case in.IDs[i] == stored.ownAnnotationID() && c.dialect(DeleteInputLevelFails):
			return nil, reject(statusAnnotationInvalid, "annotation '%s' is input-level and cannot be deleted", in.IDs[i])
		}
	}
	for i, inputID := range in.InputIDs {
		stored := c.app.inputs.get(inputID)
		switch {
		case stored == nil:
		case len(in.IDs) > 0:
			c.app.dropAnnotation(stored, in.IDs[i])
		default:
			stored.annotations = nil
		}
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
	if id == in.ownAnnotationID() && c.dialect(DeleteInputLevelFails) {
		return nil, reject(statusAnnotationInvalid, "annotation '%s' is input-level and cannot be deleted", id)
	}
	c.app.dropAnnotation(in, id)
	return &clarifai.BaseResponse{}, nil
}

// dropAnnotation deletes an annotation. An input keeps its input-level one.
func (a *app) dropAnnotation(in *input, id string) {
	in.annotations = slices.DeleteFunc(slices.Clone(in.annotations), func(x *clarifai.Annotation) bool { return x.ID == id })
}
