package emulator

import (
	"cmp"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func duplicationRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "PostAppDuplications", Method: post, Path: inApp + "/duplications", Action: write(s, postDuplications), Needs: aPAT},
		{Op: "ListAppDuplications", Method: get, Path: ofUser + "/duplications", Action: read(s, listDuplications), Needs: aPAT},
		{Op: "GetAppDuplication", Method: get, Path: ofUser + "/duplications/{app_duplication_id}", Action: read(s, getDuplication), Needs: aPAT},
	}
}

// duplication copies an app. It belongs to the caller, also if another user owns the app.
type duplication struct {
	info    clarifai.AppDuplication // without fields that depend on the clock; replaced as a whole
	takes   time.Duration
	failure *clarifai.Status
}

func (d *duplication) view(now time.Time) clarifai.AppDuplication {
	view := d.info
	percent := int32(0)
	switch p := progressAt(now, d.info.CreatedAt, d.takes); {
	case p == waiting:
		view.Status = *statusOf(clarifai.StatusDuplicationPending)
	case p == running:
		view.Status, percent = *statusOf(clarifai.StatusDuplicationInProgress), 50
	case d.failure != nil:
		view.Status, percent = *d.failure, 50
	default:
		view.Status, percent = *statusOf(clarifai.StatusDuplicationSuccess), 100
	}
	for field, wanted := range map[string]bool{
		"annotations": view.Filter.CopyAnnotations, "concepts": view.Filter.CopyConcepts, "inputs": view.Filter.CopyInputs,
		"models": view.Filter.CopyModels, "workflows": view.Filter.CopyWorkflows,
	} {
		if wanted {
			view.Progress = append(view.Progress, clarifai.AppCopyProgress{Field: field, Value: percent})
		}
	}
	slices.SortFunc(view.Progress, func(a, b clarifai.AppCopyProgress) int { return cmp.Compare(a.Field, b.Field) })
	return view
}

// caller is the user to whom the key belongs.
func (c *call) caller() *user { return c.users.get(c.options.User) }

func postDuplications(c *call, in *clarifai.PostAppDuplicationsRequest) (*clarifai.MultiAppDuplicationsResponse, error) {
	if c.dialect(NoAppDuplication) {
		return nil, reject(clarifai.StatusNotImplemented, "App duplication is no longer supported.")
	}
	if len(in.AppDuplications) == 0 {
		return nil, reject(statusDuplicationInvalid, "app_duplications is empty")
	}
	for _, sent := range in.AppDuplications {
		if err := c.checkDuplication(sent); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiAppDuplicationsResponse{}
	for _, sent := range in.AppDuplications {
		out.AppDuplications = append(out.AppDuplications, c.startDuplication(sent))
	}
	return out, nil
}

func (c *call) checkDuplication(sent clarifai.AppDuplication) error {
	f := sent.Filter
	if f == nil || *f == (clarifai.AppDuplicationFilters{}) {
		return reject(statusDuplicationInvalid, "the filter copies nothing")
	}
	switch {
	case f.CopyInputs && !f.CopyConcepts:
		return reject(statusDuplicationInvalid, "copy_inputs needs copy_concepts")
	case f.CopyAnnotations && !(f.CopyInputs && f.CopyConcepts):
		return reject(statusDuplicationInvalid, "copy_annotations needs copy_inputs and copy_concepts")
	case f.CopyModels && !f.CopyConcepts:
		return reject(statusDuplicationInvalid, "copy_models needs copy_concepts")
	}
	to := destinationOf(sent)
	if c.users.get(cmp.Or(to.UserID, c.caller().info.ID)) == nil {
		return reject(statusDuplicationInvalid, "the destination's user_id '%s' not found", to.UserID)
	}
	if to.ID != "" {
		if problem := idProblem("app id", to.ID); problem != "" {
			return reject(statusDuplicationInvalid, "%s", problem)
		}
	}
	if to.ID == c.app.info.ID && cmp.Or(to.UserID, c.caller().info.ID) == c.app.user.info.ID {
		return reject(statusDuplicationInvalid, "an app cannot be copied into itself")
	}
	return nil
}

// destinationOf reads the destination in its current and its earlier form.
func destinationOf(sent clarifai.AppDuplication) clarifai.App {
	if sent.DestinationApp != nil {
		return *sent.DestinationApp
	}
	return clarifai.App{ID: cmp.Or(sent.ExistingAppID, sent.NewAppID)}
}

func (c *call) startDuplication(sent clarifai.AppDuplication) clarifai.AppDuplication {
	to := destinationOf(sent)
	to = clarifai.App{ID: cmp.Or(to.ID, newID()), UserID: cmp.Or(to.UserID, c.caller().info.ID), Description: to.Description}
	owner := c.users.get(to.UserID)
	destination := owner.apps.get(to.ID)
	if destination == nil {
		destination = c.addApp(owner, clarifai.App{ID: to.ID, Description: to.Description, DefaultLanguage: c.app.info.DefaultLanguage}, c.now)
	}
	d := &duplication{
		info: clarifai.AppDuplication{
			ID: newID(), DestinationApp: &to, Filter: sent.Filter, CreatedAt: c.stamp(), LastModifiedAt: c.stamp(),
		},
		takes: c.options.Async,
	}
	d.failure = c.AsyncFailure(objectDuplication, d.info.ID, "", clarifai.StatusDuplicationFailed)
	c.caller().duplications.put(d.info.ID, d)
	source, due := c.app, c.now.Add(c.options.Async)
	c.at(due, func() {
		d.info.LastModifiedAt = due.Truncate(time.Microsecond)
		if d.failure == nil {
			c.Service.copyApp(source, destination, *d.info.Filter, due)
		}
	})
	view := d.view(c.now)
	view.CreatedAt, view.LastModifiedAt = c.now, c.now
	view.Status, view.Progress = *statusOf(clarifai.StatusDuplicationPending), nil
	return view
}

// copyApp copies the kinds of objects that the filter selects and skips those that the destination has.
func (s *Service) copyApp(from, to *app, filter clarifai.AppDuplicationFilters, now time.Time) {
	if filter.CopyConcepts {
		for concept := range from.concepts.oldest() {
			if !to.concepts.has(concept.ID) {
				to.addConcept(*concept, now)
			}
		}
		copyTaxonomy(from, to)
	}
	if !filter.CopyInputs {
		return
	}
	stamp := now.Truncate(time.Microsecond)
	for in := range from.inputs.oldest() {
		if to.inputs.has(in.id) {
			continue
		}
		copied := *in
		copied.created, copied.modified, copied.takes = stamp, stamp, 0
		copied.annotations, copied.deleting = nil, false
		if filter.CopyAnnotations {
			copied.annotations = slices.Clone(in.annotations)
		}
		to.inputs.put(copied.id, &copied)
		for _, m := range contentsOf(in.data) {
			if m.url != "" {
				to.urls[m.url]++
			}
		}
		to.addLabels(copied.data.Concepts, now)
		if f := from.hosted[in.token()]; f != nil {
			to.hosted[copied.token()] = f
		}
	}
}

func getDuplication(c *call) (*clarifai.SingleAppDuplicationResponse, error) {
	id := c.Path["app_duplication_id"]
	d := c.user.duplications.get(id)
	if d == nil {
		return nil, notFound("app_duplication_id", id)
	}
	view := d.view(c.now)
	return &clarifai.SingleAppDuplicationResponse{AppDuplication: &view}, nil
}

func listDuplications(c *call) (*clarifai.MultiAppDuplicationsResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiAppDuplicationsResponse{}
	for _, d := range c.user.duplications.newestPage(p) {
		out.AppDuplications = append(out.AppDuplications, d.view(c.now))
	}
	return out, nil
}
