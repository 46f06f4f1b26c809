package emulator

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func annotationFilterRoutes(s *Service) []endpoint {
	path := inApp + "/annotation_filters"
	return []endpoint{
		{Op: "ListAnnotationFilters", Method: get, Path: path, Action: read(s, listAnnotationFilters)},
		{Op: "PostAnnotationFilters", Method: post, Path: path, Action: write(s, postAnnotationFilters)},
		{Op: "PatchAnnotationFilters", Method: patch, Path: path, Action: write(s, patchAnnotationFilters)},
		{Op: "DeleteAnnotationFilters", Method: remove, Path: path, Action: write(s, deleteAnnotationFilters)},
		{Op: "GetAnnotationFilter", Method: get, Path: path + "/{annotation_filter_id}", Action: read(s, getAnnotationFilter)},
	}
}

// enrichFilter returns a filter as the service stores it: with an ID, times, and value
// 1 on concepts that were sent without one. A filter that only has an ID refers to
// the app's filter with that ID. before is the filter that it replaces.
func (c *call) enrichFilter(sent, before *clarifai.AnnotationFilter) (*clarifai.AnnotationFilter, error) {
	if sent == nil {
		return nil, nil
	}
	if sent.Search == nil && sent.ID != "" {
		known := c.app.filters.get(sent.ID)
		if known == nil {
			return nil, notFound("annotation_filter_id", sent.ID)
		}
		return known, nil
	}
	f := *sent
	f.CreatedAt, f.ModifiedAt = c.stamp(), c.stamp()
	if before != nil && (f.ID == "" || f.ID == before.ID) {
		f.ID, f.CreatedAt = before.ID, before.CreatedAt
	}
	if f.ID == "" {
		f.ID = newID()
	}
	if problem := idProblem("annotation filter id", f.ID); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if f.Search != nil {
		if _, err := c.app.selection(f.Search, c.now); err != nil {
			return nil, err
		}
		search := *f.Search
		var err error
		if search.Query, err = enrichQuery(search.Query); err != nil {
			return nil, err
		}
		f.Search = &search
	}
	return &f, nil
}

// filterOf returns a stored filter as responses show it.
func filterOf(f *clarifai.AnnotationFilter, a *app) *clarifai.AnnotationFilter {
	view := *f
	view.AppID, view.UserID = a.info.ID, a.user.info.ID
	return &view
}

// enrichQuery copies a query and sets value 1 on concepts without one.
func enrichQuery(q *clarifai.Query) (*clarifai.Query, error) {
	if q == nil {
		return nil, nil
	}
	query := *q
	query.Filters = slices.Clone(q.Filters)
	for i := range query.Filters {
		annotation, err := enrichAnnotation(query.Filters[i].Annotation)
		if err != nil {
			return nil, err
		}
		query.Filters[i].Annotation = annotation
		if in := query.Filters[i].Input; in != nil && in.Data != nil {
			data, err := enrichData(in.Data)
			if err != nil {
				return nil, err
			}
			input := *in
			input.Data = data
			query.Filters[i].Input = &input
		}
	}
	query.Ranks = slices.Clone(q.Ranks)
	for i := range query.Ranks {
		annotation, err := enrichAnnotation(query.Ranks[i].Annotation)
		if err != nil {
			return nil, err
		}
		query.Ranks[i].Annotation = annotation
	}
	return &query, nil
}

func enrichAnnotation(a *clarifai.Annotation) (*clarifai.Annotation, error) {
	if a == nil || a.Data == nil {
		return a, nil
	}
	data, err := enrichData(a.Data)
	if err != nil {
		return nil, err
	}
	annotation := *a
	annotation.Data = data
	return &annotation, nil
}

func enrichData(d *clarifai.Data) (*clarifai.Data, error) {
	data := *d
	data.Concepts = slices.Clone(d.Concepts)
	for i := range data.Concepts {
		data.Concepts[i].Value = valueOf(data.Concepts[i])
	}
	var err error
	data.Metadata, err = normal(data.Metadata)
	return &data, err
}

var one = clarifai.Float(1)

// valueOf returns a concept's value, which is 1 if a request omits it.
func valueOf(c clarifai.Concept) *clarifai.Float {
	if c.Value == nil {
		return &one
	}
	return c.Value
}

func getAnnotationFilter(c *call) (*clarifai.SingleAnnotationFilterResponse, error) {
	id := c.Path["annotation_filter_id"]
	f := c.app.filters.get(id)
	if f == nil {
		return nil, notFound("annotation_filter_id", id)
	}
	return &clarifai.SingleAnnotationFilterResponse{AnnotationFilter: filterOf(f, c.app)}, nil
}

func listAnnotationFilters(c *call) (*clarifai.MultiAnnotationFilterResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiAnnotationFilterResponse{}
	for _, f := range c.app.filters.newestPage(p) {
		out.AnnotationFilters = append(out.AnnotationFilters, *filterOf(f, c.app))
	}
	return out, nil
}

func postAnnotationFilters(c *call, in *clarifai.PostAnnotationFiltersRequest) (*clarifai.MultiAnnotationFilterResponse, error) {
	if len(in.AnnotationFilters) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "annotation_filters is empty")
	}
	var made []*clarifai.AnnotationFilter
	seen := map[string]bool{}
	for _, sent := range in.AnnotationFilters {
		if sent.Search == nil {
			return nil, reject(clarifai.StatusInvalidRequest, "annotation filter '%s' has no search", sent.ID)
		}
		f, err := c.enrichFilter(&sent, nil)
		if err != nil {
			return nil, err
		}
		if seen[f.ID] || c.app.filters.has(f.ID) {
			return nil, reject(clarifai.StatusDuplicateID, "annotation filter '%s' exists already", f.ID)
		}
		seen[f.ID] = true
		made = append(made, f)
	}
	out := &clarifai.MultiAnnotationFilterResponse{}
	for _, f := range made {
		c.app.filters.put(f.ID, f)
		view := filterOf(f, c.app)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		out.AnnotationFilters = append(out.AnnotationFilters, *view)
	}
	return out, nil
}

func patchAnnotationFilters(c *call, in *clarifai.PatchAnnotationFiltersRequest) (*clarifai.MultiAnnotationFilterResponse, error) {
	if err := checkAction(in.Action, len(in.AnnotationFilters), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	var patched []*clarifai.AnnotationFilter
	for _, sent := range in.AnnotationFilters {
		before := c.app.filters.get(sent.ID)
		if before == nil {
			return nil, notFound("annotation_filter_id", sent.ID)
		}
		f, err := c.enrichFilter(&sent, before)
		if err != nil {
			return nil, err
		}
		patched = append(patched, f)
	}
	out := &clarifai.MultiAnnotationFilterResponse{}
	for _, f := range patched {
		c.app.filters.put(f.ID, f)
		out.AnnotationFilters = append(out.AnnotationFilters, *filterOf(f, c.app))
	}
	return out, nil
}

func deleteAnnotationFilters(c *call, in *clarifai.DeleteAnnotationFiltersRequest) (*clarifai.BaseResponse, error) {
	if len(in.AnnotationFilterIDs) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "annotation_filter_ids is empty")
	}
	for _, id := range in.AnnotationFilterIDs {
		if !c.app.filters.has(id) {
			return nil, notFound("annotation_filter_id", id)
		}
	}
	for _, id := range in.AnnotationFilterIDs {
		c.app.filters.remove(id)
	}
	return &clarifai.BaseResponse{}, nil
}
