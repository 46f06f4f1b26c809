package emulator

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func inputRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "ListInputs", Method: get, Path: inApp + "/inputs", Action: read(s, listInputs)},
		{Op: "PostInputs", Method: post, Path: inApp + "/inputs", Action: write(s, postInputs)},
		{Op: "PatchInputs", Method: patch, Path: inApp + "/inputs", Action: write(s, patchInputs)},
		{Op: "DeleteInputs", Method: remove, Path: inApp + "/inputs", Action: write(s, deleteInputs)},
		{Op: "GetInputCount", Method: get, Path: inApp + "/inputs/status", Action: read(s, countInputs)},
		{Op: "StreamInputs", Method: get, Path: inApp + "/inputs/stream", Action: read(s, streamInputs)},
		{Op: "GetInput", Method: get, Path: inApp + "/inputs/{input_id}", Action: read(s, getInput)},
		{Op: "DeleteInput", Method: remove, Path: inApp + "/inputs/{input_id}", Action: read(s, deleteInput)},
	}
}

// maxInputs is the documented limit on inputs in a request.
const maxInputs = 128

// input is one input. Its parts are replaced and never changed in place.
type input struct {
	id                string
	created, modified time.Time
	data              *clarifai.Data
	settings          *clarifai.InputSettings
	annotations       []*clarifai.Annotation // without the input-level one, oldest first
	takes             time.Duration          // processing time
	failure           *clarifai.Status       // outcome of processing; nil on success
	deleting          bool
}

// status returns the status of the processing.
func (in *input) status(now time.Time) clarifai.Status {
	switch progressAt(now, in.created, in.takes) {
	case waiting:
		return *statusOf(clarifai.StatusInputPending)
	case running:
		return *statusOf(clarifai.StatusInputInProgress)
	}
	if in.failure != nil {
		return *in.failure
	}
	return *statusOf(clarifai.StatusInputDownloaded)
}

// inputView returns an input as responses show it.
func (c *call) inputView(a *app, in *input) clarifai.Input {
	return c.inputWith(a, in, in.status(c.now))
}

func (c *call) inputWith(a *app, in *input, status clarifai.Status) clarifai.Input {
	d := *a.dataView(in.data)
	done := in.status(c.now).Code == clarifai.StatusInputDownloaded && status.Code != clarifai.StatusInputPending
	showContent(&d, done, func(kind string) *clarifai.HostedURL { return a.hostedURL(in, c.Base, kind) })
	if f := a.hosted[in.token()]; f != nil && done && d.Text != nil && c.dialect(TextShown) {
		d.Text.Raw = string(f.Content)
	}
	return clarifai.Input{
		ID: in.id, Data: &d, CreatedAt: in.created, ModifiedAt: in.modified, Status: status, Settings: in.settings,
	}
}

func (a *app) labelViews(labels []clarifai.Concept) []clarifai.Concept {
	if len(labels) == 0 {
		return nil
	}
	views := make([]clarifai.Concept, len(labels))
	for i, l := range labels {
		views[i] = a.labelView(l)
	}
	return views
}

func getInput(c *call) (*clarifai.SingleInputResponse, error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	view := c.inputView(c.app, in)
	return &clarifai.SingleInputResponse{Input: &view}, nil
}

// input finds the input in the path.
func (c *call) input() (*input, error) {
	id := c.Path["input_id"]
	in := c.app.inputs.get(id)
	if in == nil {
		return nil, notFound("input_id", id)
	}
	return in, nil
}

func listInputs(c *call) (*clarifai.MultiInputResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	codes, err := apiserver.Enums[clarifai.StatusCode](c.Query, "status.code")
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(codes, func(code clarifai.StatusCode) bool { return code <= 0 }) { // unknown names are negative
		if code := c.Query.Text("status.code"); code != "0" && code != "ZERO" {
			return nil, reject(clarifai.StatusBadRequestFormat, "query parameter status.code: '%s' is not a status code", code)
		}
		codes = nil // zero is the same as unset
	}
	var page []*input
	ids := c.Query.List("ids")
	switch {
	case len(ids) == 0 && len(codes) == 0 && (c.app.deleting == 0 || c.dialect(DeletedInputsListed)):
		page = listPage(c, &c.app.inputs, p)
	default:
		all := c.app.inputs.newest()
		if c.dialect(ListsOldestFirst) {
			all = c.app.inputs.oldest()
		}
		if len(ids) > 0 {
			all = c.app.inputsByID(ids)
		}
		page = take(p, matching(all, func(in *input) bool {
			return c.listed(in) && (len(codes) == 0 || slices.Contains(codes, in.status(c.now).Code))
		}))
	}
	return &clarifai.MultiInputResponse{Inputs: c.inputViews(page)}, nil
}

// listed reports whether lists show an input. They omit inputs that are being deleted.
func (c *call) listed(in *input) bool { return !in.deleting || c.dialect(DeletedInputsListed) }

// inputsByID yields the inputs that have one of the IDs, each once.
func (a *app) inputsByID(ids []string) iter.Seq[*input] {
	return func(yield func(*input) bool) {
		seen := make(map[string]bool, len(ids))
		for _, id := range ids {
			in := a.inputs.get(id)
			if in == nil || seen[id] {
				continue
			}
			if seen[id] = true; !yield(in) {
				return
			}
		}
	}
}

func (c *call) inputViews(inputs []*input) []clarifai.Input {
	views := make([]clarifai.Input, len(inputs))
	for i, in := range inputs {
		views[i] = c.inputView(c.app, in)
	}
	return views
}

// streamInputs pages by cursor, oldest first by default.
func streamInputs(c *call) (*clarifai.MultiInputResponse, error) {
	perPage, err := c.Query.Number("per_page")
	if err != nil {
		return nil, err
	}
	if perPage == 0 {
		perPage = apiserver.DefaultPerPageStream
	}
	p, err := c.NewPaging(1, perPage)
	if err != nil {
		return nil, err
	}
	descending, err := c.Query.Flag("descending")
	if err != nil {
		return nil, err
	}
	byID, err := c.Query.Flag("order_by_id")
	if err != nil {
		return nil, err
	}
	last := c.Query.Text("last_id")
	inputs := &c.app.inputs
	if last != "" && !byID && !inputs.has(last) {
		return nil, notFound("last_id", last)
	}
	var all iter.Seq[*input]
	switch {
	case byID:
		all = c.app.inputsAfterID(last, descending)
	case last != "":
		all = inputs.after(last, descending)
	case descending:
		all = inputs.newest()
	default:
		all = inputs.oldest()
	}
	return &clarifai.MultiInputResponse{Inputs: c.inputViews(take(p, matching(all, c.listed)))}, nil
}

// inputsAfterID yields inputs in the order of their IDs. The input with the last ID
// may have been deleted.
func (a *app) inputsAfterID(last string, descending bool) iter.Seq[*input] {
	ids := a.inputs.ids()
	from, found := slices.BinarySearch(ids, last)
	return func(yield func(*input) bool) {
		if descending {
			if last == "" {
				from = len(ids)
			}
			for i := from - 1; i >= 0 && yield(a.inputs.get(ids[i])); i-- {
			}
			return
		}
		if found {
			from++
		}
		for i := from; i < len(ids) && yield(a.inputs.get(ids[i])); i++ {
		}
	}
}

func countInputs(c *call) (*clarifai.SingleInputCountResponse, error) {
	n := &clarifai.InputCount{}
	for in := range c.app.inputs.oldest() {
		switch in.status(c.now).Code {
		case clarifai.StatusInputDownloaded:
			n.Processed++
		case clarifai.StatusInputPending:
			n.ToProcess++
		case clarifai.StatusInputInProgress:
			n.Processing++
		default:
			n.Errors++
		}
	}
	return &clarifai.SingleInputCountResponse{Counts: n}, nil
}

// postInputs adds inputs, each with its own outcome.
func postInputs(c *call, in *clarifai.PostInputsRequest) (*clarifai.MultiInputResponse, error) {
	if err := checkInputs(len(in.Inputs)); err != nil {
		return nil, err
	}
	videos := 0
	for _, sent := range in.Inputs {
		if sent.Data != nil && sent.Data.Video != nil {
			videos++
		}
	}
	if videos > 1 {
		return nil, reject(clarifai.StatusInvalidArgument, "only one video can be sent in a call, not %d", videos)
	}
	if id := in.InputsAddJobID; id != "" {
		if problem := idProblem("inputs add job id", id); problem != "" {
			return nil, reject(clarifai.StatusInvalidArgument, "%s", problem)
		}
	}
	out := &clarifai.MultiInputResponse{}
	adding := addition{now: c.now, resolution: in.InputIDConflictResolution, seen: map[string]bool{}}
	var rejections []*clarifai.Status
	failing := 0
	for _, sent := range in.Inputs {
		added, rejection := c.addInput(c.app, sent, adding)
		if rejection != nil {
			rejections = append(rejections, rejection)
			out.Inputs = append(out.Inputs, clarifai.Input{ID: sent.ID, Data: withoutBytes(sent.Data), Status: *rejection})
			continue
		}
		if added.failure != nil {
			failing++
		}
		view := c.inputWith(c.app, added, *statusOf(clarifai.StatusInputPending))
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		if raw := sent.Data.Text; raw != nil && raw.Raw != "" { // only this response shows it: reads return the hosted file
			text := *view.Data.Text
			text.Raw = raw.Raw
			view.Data.Text = &text
		}
		out.Inputs = append(out.Inputs, view)
	}
	c.itemOutcomes(len(in.Inputs), rejections)
	nRejected := len(rejections)
	if nRejected == 0 {
		c.Outcome.Details = "All inputs successfully added"
	}
	if in.InputsAddJobID != "" {
		out.InputsAddJob = c.countInJob(in.InputsAddJobID, len(in.Inputs)-nRejected-failing, failing, nRejected)
	}
	return out, nil
}

func checkInputs(n int) error {
	switch {
	case n == 0:
		return reject(clarifai.StatusInvalidArgument, "inputs is empty")
	case n > maxInputs:
		return reject(clarifai.StatusInvalidArgument, "%d inputs are more than the %d that a call may carry", n, maxInputs)
	}
	return nil
}

// withoutBytes returns data for a response, which never contains content.
func withoutBytes(d *clarifai.Data) *clarifai.Data {
	if d == nil {
		return nil
	}
	return storedData(d, nil)
}

// addition is the way in which inputs are added.
type addition struct {
	now        time.Time
	resolution clarifai.InputIDConflictResolution
	seen       map[string]bool // IDs of this request: equal ones are rejected, also with suffixes
	anyID      bool            // IDs from file names, to which the limits do not apply
	anyURL     bool            // from a document, which does not record that duplicate URLs are allowed
}

// addInput stores an input, or returns why it cannot.
func (s *Service) addInput(a *app, sent clarifai.Input, how addition) (*input, *clarifai.Status) {
	if sent.ID == "" {
		sent.ID = newID()
	}
	if rejection := checkInputID(sent.ID); rejection != nil && !how.anyID {
		return nil, rejection
	}
	if how.seen[sent.ID] || a.inputs.has(sent.ID) && how.resolution != clarifai.ConflictSuffix {
		code := clarifai.StatusInputDuplicate
		if s.dialect(InputDuplicate30104) {
			code = clarifai.StatusInputInvalidField
		}
		return nil, duplicateInput(code, "Input has a duplicate ID.")
	}
	how.seen[sent.ID] = true
	id := a.freeInputID(sent.ID)

	media := contentsOf(sent.Data)
	if len(media) != 1 {
		return nil, rejected(clarifai.StatusInputInvalidField, "an input needs exactly one of image, video, audio and text, and has %d",
			len(media))
	}
	m := media[0]
	if rejection := m.check(); rejection != nil {
		return nil, rejection
	}
	if m.url != "" && a.urls[m.url] > 0 && !m.allowDuplicate && !how.anyURL {
		return nil, duplicateInput(clarifai.StatusInputDuplicate, "Input has a duplicate URL.")
	}
	for _, d := range sent.DatasetIDs {
		if !a.datasets.has(d) {
			return nil, rejected(clarifai.StatusInputInvalidField, "dataset_id '%s' not found", d)
		}
	}
	processed, contentType, failure := m.process()
	data, rejection := a.labelled(storedData(sent.Data, processed), how.now)
	if rejection != nil {
		return nil, rejection
	}
	if s.dialect(InputRegionsDropped) {
		data.Regions, data.Frames, data.TimeSegments = nil, nil, nil
	}
	withRegionIDs(data)
	if spoiled := s.AsyncFailure(objectInput, id, m.url, clarifai.StatusInputFailed); spoiled != nil {
		failure = spoiled
	}
	stamp := how.now.UTC().Truncate(time.Microsecond)
	in := &input{
		id: id, created: stamp, modified: stamp, data: data, settings: sent.Settings,
		takes: s.options.Async, failure: failure,
	}
	a.inputs.put(id, in)
	if m.url != "" {
		a.urls[m.url]++
	} else {
		a.hosted[in.token()] = &file{ContentType: contentType, Content: m.content}
	}
	for _, d := range sent.DatasetIDs {
		a.datasets.get(d).join(id, stamp)
	}
	return in, nil
}

func duplicateInput(code clarifai.StatusCode, details string) *clarifai.Status {
	status := rejected(code, "%s", details)
	if code == clarifai.StatusInputDuplicate {
		status.Description = "Duplicate URL in your application. Check the documentation to allow duplications."
	}
	return status
}

// freeInputID returns id, or if it exists, id with a suffix.
func (a *app) freeInputID(id string) string {
	if !a.inputs.has(id) {
		return id
	}
	for i := range 9 {
		if free := id + "-" + strconv.Itoa(i+1); !a.inputs.has(free) {
			return free
		}
	}
	return id + "-" + newID()
}

// checkLabels rejects invalid labels, metadata and geo locations. It also
// normalizes metadata to the form that the service stores.
func (a *app) checkLabels(d *clarifai.Data) *clarifai.Status {
	for _, label := range d.Concepts {
		if problem := a.service.conceptIDProblem(label.ID); problem != "" && !a.concepts.has(label.ID) {
			return rejected(clarifai.StatusInputInvalidField, "%s", problem)
		}
		if v := *valueOf(label); v < 0 || v > 1 {
			return rejected(clarifai.StatusInputInvalidField, "concept '%s' has value %v, which is not between 0 and 1", label.ID, v)
		}
	}
	if d.Geo != nil {
		if d.Geo.GeoLimit != nil || len(d.Geo.GeoBox) > 0 || d.Geo.GeoPoint == nil {
			return rejected(clarifai.StatusInputInvalidField, "geo of an input is a geo_point")
		}
		if p := d.Geo.GeoPoint; p.Latitude < -90 || p.Latitude > 90 || p.Longitude < -180 || p.Longitude > 180 {
			return rejected(clarifai.StatusInputInvalidField, "geo_point %v, %v is not on the globe", p.Latitude, p.Longitude)
		}
	}
	metadata, err := normal(d.Metadata)
	if err != nil {
		return rejected(clarifai.StatusInputInvalidField, "%v", err)
	}
	d.Metadata = metadata
	return nil
}

// addLabels creates the concepts of labels that the app lacks.
func (a *app) addLabels(labels []clarifai.Concept, now time.Time) {
	for _, l := range labels {
		if !a.concepts.has(l.ID) {
			a.addConcept(clarifai.Concept{ID: l.ID, Name: l.Name}, now)
		}
	}
}

// bareLabels returns labels as they are stored, by ID and value. Of equal IDs the
// last one counts.
func bareLabels(labels []clarifai.Concept) []clarifai.Concept {
	if len(labels) == 0 {
		return nil
	}
	return mergeLabels(make([]clarifai.Concept, 0, len(labels)), labels)
}

// mergeLabels adds labels to others, or changes the values of existing ones.
func mergeLabels(labels, sent []clarifai.Concept) []clarifai.Concept {
	merged := slices.Clone(labels)
	for _, l := range sent {
		bare := clarifai.Concept{ID: l.ID, Value: valueOf(l)}
		if i := indexOfLabel(merged, l.ID); i >= 0 {
			merged[i] = bare
			continue
		}
		merged = append(merged, bare)
	}
	return merged
}

func indexOfLabel(labels []clarifai.Concept, id string) int {
	return slices.IndexFunc(labels, func(l clarifai.Concept) bool { return l.ID == id })
}

// patchInputs changes labels, metadata and geo, each input with its own outcome.
func patchInputs(c *call, in *clarifai.PatchInputsRequest) (*clarifai.MultiInputResponse, error) {
	if err := checkInputs(len(in.Inputs)); err != nil {
		return nil, err
	}
	err := checkAction(in.Action, len(in.Inputs), clarifai.ActionMerge, clarifai.ActionOverwrite, clarifai.ActionRemove)
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiInputResponse{}
	var rejections []*clarifai.Status
	for _, sent := range in.Inputs {
		stored, rejection := c.patchInput(sent, in.Action)
		if rejection != nil {
			rejections = append(rejections, rejection)
			out.Inputs = append(out.Inputs, clarifai.Input{ID: sent.ID, Data: withoutBytes(sent.Data), Status: *rejection})
			continue
		}
		out.Inputs = append(out.Inputs, c.inputWith(c.app, stored, *statusOf(clarifai.StatusInputPatched)))
	}
	c.itemOutcomes(len(in.Inputs), rejections)
	return out, nil
}

func (c *call) patchInput(sent clarifai.Input, action clarifai.PatchAction) (*input, *clarifai.Status) {
	in := c.app.inputs.get(sent.ID)
	if in == nil {
		return nil, rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", sent.ID)
	}
	if sent.Data == nil {
		return in, nil
	}
	have := contentsOf(in.data)[0]
	for _, m := range contentsOf(sent.Data) {
		if m.kind != have.kind || m.url != have.url || len(m.content) > 0 {
			return nil, rejected(clarifai.StatusInputInvalidField, "the content of an input cannot be changed")
		}
	}
	changed := sent.Data
	if action != clarifai.ActionRemove {
		var rejection *clarifai.Status
		if changed, rejection = c.app.labelled(changed, c.now); rejection != nil {
			return nil, rejection
		}
	}
	data, err := patchedData(in.data, changed, action)
	if err != nil {
		return nil, rejected(clarifai.StatusInputInvalidField, "%v", err)
	}
	in.data, in.modified = withRegionIDs(data), c.stamp()
	if sent.Settings != nil {
		in.settings = sent.Settings
	}
	return in, nil
}

// patchedData returns the data of an input or annotation with a patch applied. The
// content never changes.
func patchedData(old, sent *clarifai.Data, action clarifai.PatchAction) (*clarifai.Data, error) {
	d := *old
	var err error
	switch action {
	case clarifai.ActionOverwrite:
		d = *sent
		d.Image, d.Video, d.Audio, d.Text = old.Image, old.Video, old.Audio, old.Text
		d.Concepts = bareLabels(sent.Concepts)
		d.Metadata, err = normal(sent.Metadata)
	case clarifai.ActionRemove:
		d.Concepts = slices.DeleteFunc(slices.Clone(d.Concepts), func(l clarifai.Concept) bool {
			return indexOfLabel(sent.Concepts, l.ID) >= 0
		})
		d.Regions = slices.DeleteFunc(slices.Clone(d.Regions), func(r clarifai.Region) bool {
			return slices.ContainsFunc(sent.Regions, func(s clarifai.Region) bool { return s.ID == r.ID })
		})
		if sent.Geo != nil {
			d.Geo = nil
		}
		if len(sent.Metadata) > 0 {
			d.Metadata, err = removeKeys(d.Metadata, sent.Metadata)
		}
	default:
		d.Concepts = mergeLabels(d.Concepts, sent.Concepts)
		d.Regions = mergeRegions(d.Regions, sent.Regions)
		if sent.Geo != nil {
			d.Geo = sent.Geo
		}
		d.Metadata, err = mergeStructs(d.Metadata, sent.Metadata)
		if len(sent.Frames) > 0 {
			d.Frames = sent.Frames
		}
		if len(sent.TimeSegments) > 0 {
			d.TimeSegments = sent.TimeSegments
		}
	}
	return &d, err
}

// mergeRegions replaces regions that have the ID of a sent one and appends the others.
func mergeRegions(regions, sent []clarifai.Region) []clarifai.Region {
	merged := slices.Clone(regions)
	for _, r := range sent {
		i := slices.IndexFunc(merged, func(have clarifai.Region) bool { return r.ID != "" && have.ID == r.ID })
		if i >= 0 {
			merged[i] = r
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// deleteInputs responds at once. The inputs are removed when asynchronous work is done.
func deleteInputs(c *call, in *clarifai.DeleteInputsRequest) (*clarifai.BaseResponse, error) {
	if err := checkInputs(len(in.IDs)); err != nil {
		return nil, err
	}
	var found []*input
	for _, id := range in.IDs {
		if stored := c.app.inputs.get(id); stored != nil {
			found = append(found, stored)
		}
	}
	if len(found) == 0 || len(found) < len(in.IDs) && c.dialect(DeleteInputsAllOrNone) {
		missing := slices.IndexFunc(in.IDs, func(id string) bool { return !c.app.inputs.has(id) })
		return nil, notFound("input_id", in.IDs[missing])
	}
	for _, stored := range found {
		c.deleteLater(stored)
	}
	return &clarifai.BaseResponse{}, nil
}

func deleteInput(c *call) (*clarifai.BaseResponse, error) {
	in, err := c.input()
	if err != nil {
		return nil, err
	}
	c.deleteLater(in)
	return &clarifai.BaseResponse{}, nil
}

func (c *call) deleteLater(in *input) {
	if in.deleting {
		return
	}
	in.deleting = true
	a := c.app
	a.deleting++
	c.at(c.now.Add(c.options.Async), func() { a.removeInput(in) })
}

// removeInput removes an input with its annotations and memberships.
func (a *app) removeInput(in *input) {
	if a.inputs.get(in.id) != in {
		return // removed already
	}
	a.inputs.remove(in.id)
	if in.deleting {
		a.deleting--
	}
	if url := contentsOf(in.data)[0].url; url != "" {
		if a.urls[url]--; a.urls[url] <= 0 {
			delete(a.urls, url)
		}
	}
	delete(a.hosted, in.token())
	for d := range a.datasets.oldest() {
		d.members.remove(in.id)
	}
}
