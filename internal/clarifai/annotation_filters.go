package clarifai

import (
	"context"
	"net/http"
)

// GetAnnotationFilter reads one annotation filter; not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/annotation_filters/{annotation_filter};
// response SingleAnnotationFilterResponse. [protos]
func (c *Client) GetAnnotationFilter(ctx context.Context, app AppRef, id string) (*AnnotationFilter, error) {
	var out SingleAnnotationFilterResponse
	if err := c.do(ctx, call{
		op: "GetAnnotationFilter", method: http.MethodGet, path: app.path("annotation_filters", id),
	}, &out); err != nil {
		return nil, err
	}
	return present("GetAnnotationFilter", "annotation_filter", out.AnnotationFilter)
}

// ListAnnotationFilters reads one page of annotation filters; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/annotation_filters; response MultiAnnotationFilterResponse. [protos]
func (c *Client) ListAnnotationFilters(ctx context.Context, app AppRef, page Page) ([]AnnotationFilter, error) {
	var out MultiAnnotationFilterResponse
	if err := c.do(ctx, call{
		op: "ListAnnotationFilters", method: http.MethodGet, path: app.path("annotation_filters"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.AnnotationFilters, nil
}

// PostAnnotationFilters creates annotation filters. An ID that exists is a duplicate [inferred].
// POST /v2/users/{user}/apps/{app}/annotation_filters;
// body PostAnnotationFiltersRequest, response MultiAnnotationFilterResponse. [protos]
func (c *Client) PostAnnotationFilters(ctx context.Context, app AppRef, filters []AnnotationFilter) ([]AnnotationFilter, error) {
	var out MultiAnnotationFilterResponse
	if err := c.do(ctx, call{
		op: "PostAnnotationFilters", method: http.MethodPost, path: app.path("annotation_filters"),
		in: PostAnnotationFiltersRequest{AnnotationFilters: filters},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostAnnotationFilters", "annotation_filters", filters, out.AnnotationFilters, annotationFilterID)
}

// PatchAnnotationFilters changes annotation filters. Only overwrite is known to work; not found if one ID is unknown.
// PATCH /v2/users/{user}/apps/{app}/annotation_filters;
// body PatchAnnotationFiltersRequest, response MultiAnnotationFilterResponse. [protos]
func (c *Client) PatchAnnotationFilters(
	ctx context.Context, app AppRef, filters []AnnotationFilter, action PatchAction,
) ([]AnnotationFilter, error) {
	var out MultiAnnotationFilterResponse
	if err := c.do(ctx, call{
		op: "PatchAnnotationFilters", method: http.MethodPatch, path: app.path("annotation_filters"),
		in: PatchAnnotationFiltersRequest{AnnotationFilters: filters, Action: action},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PatchAnnotationFilters", "annotation_filters", filters, out.AnnotationFilters, annotationFilterID)
}

// DeleteAnnotationFilters deletes annotation filters.
// DELETE /v2/users/{user}/apps/{app}/annotation_filters;
// body DeleteAnnotationFiltersRequest, response BaseResponse. [protos]
func (c *Client) DeleteAnnotationFilters(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteAnnotationFilters", method: http.MethodDelete, path: app.path("annotation_filters"),
		in: DeleteAnnotationFiltersRequest{AnnotationFilterIDs: ids},
	}, &out)
}

func annotationFilterID(f AnnotationFilter) string { return f.ID }
