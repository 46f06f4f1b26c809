package clarifai

import (
	"context"
	"net/http"
	"time"
)

// Upload is a file sent in parts. Settable and fixed: content_name, content_length. All other fields are output.
type Upload struct {
	ID            string    `json:"id,omitzero"`
	CreatedAt     time.Time `json:"created_at,omitzero"`
	ModifiedAt    time.Time `json:"modified_at,omitzero"`
	ExpiresAt     time.Time `json:"expires_at,omitzero"` // no parts are accepted afterwards
	Status        Status    `json:"status,omitzero"`
	ContentName   string    `json:"content_name,omitzero"`
	ContentLength Uint64    `json:"content_length,omitzero"` // bytes; the upload is done when all have arrived
	ContentURL    string    `json:"content_url,omitzero"`
}

// UploadContentPart is a piece of an upload. Request only.
type UploadContentPart struct {
	RangeStart Uint64 `json:"range_start,omitzero"` // offset in bytes
	PartNumber Int64  `json:"part_number,omitzero"` // from 1
	Data       []byte `json:"data,omitempty"`
}

// InputsUpload is an archive of inputs to be uploaded. Request only.
type InputsUpload struct {
	InputsAddJobID            string                    `json:"inputs_add_job_id,omitzero"`
	AppPAT                    string                    `json:"app_pat,omitzero"` // obsolete
	Upload                    *Upload                   `json:"upload,omitzero"`
	InputIDConflictResolution InputIDConflictResolution `json:"input_id_conflict_resolution,omitzero"`
	InputTemplate             *Input                    `json:"input_template,omitzero"` // merged into every input
}

// PostInputsUploadsRequest opens uploads of archives.
type PostInputsUploadsRequest struct {
	InputsUploads []InputsUpload `json:"inputs_uploads"`
}

// PostUploadsRequest opens uploads that create no inputs.
type PostUploadsRequest struct {
	Uploads []Upload `json:"uploads"`
}

// PutUploadContentPartsRequest sends parts of the upload in the path, in any order.
type PutUploadContentPartsRequest struct {
	ContentParts []UploadContentPart `json:"content_parts"`
}

// DeleteUploadsRequest deletes uploads.
type DeleteUploadsRequest struct {
	IDs []string `json:"ids"`
}

// SingleUploadResponse carries one upload.
type SingleUploadResponse struct {
	Envelope
	Upload *Upload `json:"upload,omitzero"`
}

// MultiUploadResponse carries uploads.
type MultiUploadResponse struct {
	Envelope
	Uploads []Upload `json:"uploads,omitempty"`
}

// PostInputsUploads opens uploads of archives of inputs. Send the bytes with [Client.PutUploadContentParts] to the uploads of
// the jobs in the response, then follow the jobs.
// POST /v2/users/{user}/apps/{app}/inputs/uploads;
// body PostInputsUploadsRequest, response MultiInputsAddJobResponse. [documented]
func (c *Client) PostInputsUploads(ctx context.Context, app AppRef, uploads []InputsUpload) ([]InputsAddJob, error) {
	var secrets []string
	for _, u := range uploads {
		secrets = append(secrets, u.AppPAT)
	}
	var out MultiInputsAddJobResponse
	if err := c.do(ctx, call{
		op: "PostInputsUploads", method: http.MethodPost, path: app.path("inputs", "uploads"),
		in: PostInputsUploadsRequest{InputsUploads: uploads}, secrets: secrets,
	}, &out); err != nil {
		return nil, err
	}
	return wholeNumber("PostInputsUploads", "inputs_add_jobs", len(uploads), out.InputsAddJobs, inputsAddJobID)
}

// PostUploads opens uploads that create no inputs.
// POST /v2/users/{user}/apps/{app}/uploads; body PostUploadsRequest, response MultiUploadResponse. [protos]
func (c *Client) PostUploads(ctx context.Context, app AppRef, uploads []Upload) ([]Upload, error) {
	var out MultiUploadResponse
	if err := c.do(ctx, call{
		op: "PostUploads", method: http.MethodPost, path: app.path("uploads"),
		in: PostUploadsRequest{Uploads: uploads},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostUploads", "uploads", uploads, out.Uploads, func(u Upload) string { return u.ID })
}

// GetUpload reads one upload: 68000 in progress, 68001 done. Not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/uploads/{upload}; response SingleUploadResponse. [protos]
func (c *Client) GetUpload(ctx context.Context, app AppRef, id string) (*Upload, error) {
	var out SingleUploadResponse
	if err := c.do(ctx, call{op: "GetUpload", method: http.MethodGet, path: app.path("uploads", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetUpload", "upload", out.Upload)
}

// ListUploads reads one page of uploads; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/uploads; response MultiUploadResponse. [protos]
func (c *Client) ListUploads(ctx context.Context, app AppRef, page Page) ([]Upload, error) {
	var out MultiUploadResponse
	if err := c.do(ctx, call{
		op: "ListUploads", method: http.MethodGet, path: app.path("uploads"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.Uploads, nil
}

// PutUploadContentParts sends parts of an upload, in any order [inferred]; the last byte completes it. It fails with 68004 after
// the upload has expired, and with 68006 for contradicting parts [inferred]. The request must be smaller than 128 MB, base64 included.
// PUT /v2/users/{user}/apps/{app}/uploads/{upload}/content_parts;
// body PutUploadContentPartsRequest, response SingleUploadResponse. [protos]
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
// DELETE /v2/users/{user}/apps/{app}/uploads; body DeleteUploadsRequest, response BaseResponse. [protos]
func (c *Client) DeleteUploads(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteUploads", method: http.MethodDelete, path: app.path("uploads"),
		in: DeleteUploadsRequest{IDs: ids},
	}, &out)
}
