package clarifai

import "time"

// Dataset is a named collection of inputs.
//
// Settable on create: id (fixed afterwards), description, notes, metadata, visibility,
// default_annotation_filter, default_processing_info, image; all but the id can be
// patched. Everything else is output.
type Dataset struct {
	ID                      string                        `json:"id,omitzero"`
	CreatedAt               time.Time                     `json:"created_at,omitzero"`
	ModifiedAt              time.Time                     `json:"modified_at,omitzero"`
	AppID                   string                        `json:"app_id,omitzero"`
	UserID                  string                        `json:"user_id,omitzero"`
	Description             string                        `json:"description,omitzero"`
	Notes                   string                        `json:"notes,omitzero"` // up to 64 KB
	Metadata                Struct                        `json:"metadata,omitzero"`
	Visibility              *Visibility                   `json:"visibility,omitzero"`
	DefaultAnnotationFilter *AnnotationFilter             `json:"default_annotation_filter,omitzero"` // for versions made without a filter
	DefaultProcessingInfo   *DatasetVersionProcessingInfo `json:"default_processing_info,omitzero"`   // copied into versions without their own
	Version                 *DatasetVersion               `json:"version,omitzero"`                   // in references: which version is meant
	IsStarred               bool                          `json:"is_starred,omitzero"`
	StarCount               int32                         `json:"star_count,omitzero"`
	BookmarkOrigin          *BookmarkOrigin               `json:"bookmark_origin,omitzero"`
	Image                   *Image                        `json:"image,omitzero"`
}

// DatasetInput is the membership of an input in a dataset. In requests only input.id
// counts. In PostDatasetInputs answers input.status is the outcome for that input; in
// reads the input is whole.
type DatasetInput struct {
	CreatedAt time.Time `json:"created_at,omitzero"` // when the input joined
	Input     *Input    `json:"input,omitzero"`
}

// PostDatasetsRequest creates datasets, all or none.
type PostDatasetsRequest struct {
	Datasets []Dataset `json:"datasets"`
}

// PatchDatasetsRequest changes datasets, all or none.
type PatchDatasetsRequest struct {
	Datasets []Dataset   `json:"datasets"`
	Action   PatchAction `json:"action,omitzero"` // merge, overwrite, or remove (the image only)
}

// DeleteDatasetsRequest deletes datasets with their versions; their inputs stay.
type DeleteDatasetsRequest struct {
	DatasetIDs []string `json:"dataset_ids"`
}

// PostDatasetInputsRequest adds inputs to a dataset, by id or whatever a search finds.
type PostDatasetInputsRequest struct {
	DatasetInputs []DatasetInput `json:"dataset_inputs,omitempty"`
	Search        *Search        `json:"search,omitzero"`
}

// DeleteDatasetInputsRequest takes inputs out of a dataset; the inputs stay in the app.
type DeleteDatasetInputsRequest struct {
	InputIDs []string `json:"input_ids"`
}

// SingleDatasetResponse carries one dataset.
type SingleDatasetResponse struct {
	Envelope
	Dataset *Dataset `json:"dataset,omitzero"`
}

// MultiDatasetResponse carries datasets.
type MultiDatasetResponse struct {
	Envelope
	Datasets []Dataset `json:"datasets"`
}

// SingleDatasetInputResponse carries one membership.
type SingleDatasetInputResponse struct {
	Envelope
	DatasetInput *DatasetInput `json:"dataset_input,omitzero"`
}

// MultiDatasetInputResponse carries memberships, or the operation that makes them.
type MultiDatasetInputResponse struct {
	Envelope
	DatasetInputs []DatasetInput `json:"dataset_inputs"`
	BulkOperation *BulkOperation `json:"bulk_operation,omitzero"`
}
