package clarifai

import (
	"context"
	"net/http"
)

// PostInputsUploads opens uploads of archives of inputs; send the bytes with [Client.PutUploadContentParts] to the uploads of the
// jobs answered, then follow the jobs.
// POST /v2/users/{user}/apps/{app}/inputs/uploads; body PostInputsUploadsRequest, answer MultiInputsAddJobResponse. [documented]
func (c *Client) PostInputsUploads(ctx context.Context, app AppRef, uploads []InputsUpload) ([]InputsAddJob, error) {
	var out MultiInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "PostInputsUploads", method: http.MethodPost, path: app.path("inputs", "uploads"),
		in: PostInputsUploadsRequest{InputsUploads: uploads},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostInputsUploads", "inputs_add_jobs", len(uploads), out.InputsAddJobs)
}

// PostUploads opens uploads that make no inputs.
// POST /v2/users/{user}/apps/{app}/uploads; body PostUploadsRequest, answer MultiUploadResponse. [protos]
func (c *Client) PostUploads(ctx context.Context, app AppRef, uploads []Upload) ([]Upload, error) {
	var out MultiUploadResponse
	if err := c.do(ctx, call{
		op: "PostUploads", method: http.MethodPost, path: app.path("uploads"),
		in: PostUploadsRequest{Uploads: uploads},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostUploads", "uploads", len(uploads), out.Uploads)
}

// GetUpload reads one upload: 68000 in progress, 68001 done. Not found when there is none.
// GET /v2/users/{user}/apps/{app}/uploads/{upload}; answer SingleUploadResponse. [protos]
func (c *Client) GetUpload(ctx context.Context, app AppRef, id string) (*Upload, error) {
	var out SingleUploadResponse
	if err := c.do(ctx, call{op: "GetUpload", method: http.MethodGet, path: app.path("uploads", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetUpload", "upload", out.Upload)
}

// ListUploads reads one page of uploads; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/uploads; answer MultiUploadResponse. [protos]
func (c *Client) ListUploads(ctx context.Context, app AppRef, page Page) ([]Upload, error) {
	var out MultiUploadResponse
	if err := c.do(ctx, call{op: "ListUploads", method: http.MethodGet, path: app.path("uploads"), query: page.values()}, &out); err != nil {
		return nil, err
	}
	return out.Uploads, nil
}

// PutUploadContentParts sends parts of an upload, in any order [inferred]; the last byte completes it. 68004 once it has expired,
// 68006 for parts that contradict each other [inferred]. The whole request has to stay below 128 MB, base64 included.
// PUT /v2/users/{user}/apps/{app}/uploads/{upload}/content_parts; body PutUploadContentPartsRequest, answer SingleUploadResponse. [protos]
func (c *Client) PutUploadContentParts(ctx context.Context, app AppRef, id string, parts []UploadContentPart) (*Upload, error) {
	var out SingleUploadResponse
	if err := c.do(ctx, call{
		op: "PutUploadContentParts", method: http.MethodPut, path: app.path("uploads", id, "content_parts"),
		in: PutUploadContentPartsRequest{ContentParts: parts},
	}, &out); err != nil {
		return nil, err
	}
	return present("PutUploadContentParts", "upload", out.Upload)
}

// DeleteUploads deletes uploads.
// DELETE /v2/users/{user}/apps/{app}/uploads; body DeleteUploadsRequest, answer BaseResponse. [protos]
func (c *Client) DeleteUploads(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteUploads", method: http.MethodDelete, path: app.path("uploads"),
		in: DeleteUploadsRequest{IDs: ids},
	}, &out)
}
