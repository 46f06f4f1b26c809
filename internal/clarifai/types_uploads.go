package clarifai

import "time"

// Upload is a file sent in parts. Settable and fixed: content_name, content_length. The rest is output.
type Upload struct {
	ID            string    `json:"id,omitzero"`
	CreatedAt     time.Time `json:"created_at,omitzero"`
	ModifiedAt    time.Time `json:"modified_at,omitzero"`
	ExpiresAt     time.Time `json:"expires_at,omitzero"` // no parts are taken afterwards
	Status        Status    `json:"status,omitzero"`
	ContentName   string    `json:"content_name,omitzero"`
	ContentLength Uint64    `json:"content_length,omitzero"` // bytes; the upload is done when they are there
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

// PostUploadsRequest opens uploads that make no inputs.
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
