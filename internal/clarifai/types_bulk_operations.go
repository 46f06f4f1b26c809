package clarifai

import "time"

// BulkOperation changes many inputs or annotations in the background.
//
// Settable and fixed: one source (input_ids, search or dataset; or annotation_search for
// annotations) and operation. The rest is output.
type BulkOperation struct {
	ID               string     `json:"id,omitzero"`
	InputIDs         *InputIDs  `json:"input_ids,omitzero"`
	Search           *Search    `json:"search,omitzero"`
	Dataset          *Dataset   `json:"dataset,omitzero"`
	AnnotationSearch *Search    `json:"annotation_search,omitzero"`
	Operation        *Operation `json:"operation,omitzero"`
	AppID            string     `json:"app_id,omitzero"`
	Status           Status     `json:"status,omitzero"`
	Progress         *Progress  `json:"progress,omitzero"`
	CreatedBy        string     `json:"created_by,omitzero"`
	CreatedAt        time.Time  `json:"created_at,omitzero"`
	LastModifiedAt   time.Time  `json:"last_modified_at,omitzero"`
}

// InputIDs names the inputs of a bulk operation.
type InputIDs struct {
	InputIDs []string `json:"input_ids,omitempty"`
}

// Progress is how far a bulk operation has come. Output only.
type Progress struct {
	Processed       uint32 `json:"processed,omitzero"`
	LastProcessedID string `json:"last_processed_id,omitzero"`
}

// Operation is what a bulk operation does; one member is set.
type Operation struct {
	AddConcepts       *AddConcepts       `json:"add_concepts,omitzero"`
	DeleteConcepts    *DeleteConcepts    `json:"delete_concepts,omitzero"`
	AddMetadata       *AddMetadata       `json:"add_metadata,omitzero"`
	DeleteMetadata    *DeleteMetadata    `json:"delete_metadata,omitzero"`
	OverwriteGeo      *OverwriteGeo      `json:"overwrite_geo,omitzero"`
	DeleteGeo         *DeleteGeo         `json:"delete_geo,omitzero"`
	DeleteFromDataset *DeleteFromDataset `json:"delete_from_dataset,omitzero"`
	AddToDataset      *AddToDataset      `json:"add_to_dataset,omitzero"`
	SplitIntoDatasets *SplitIntoDatasets `json:"split_into_datasets,omitzero"`
	DeleteAnnotations *DeleteAnnotations `json:"delete_annotations,omitzero"`
}

// AddConcepts adds concepts to the inputs.
type AddConcepts struct {
	Concepts []Concept `json:"concepts,omitempty"`
}

// DeleteConcepts takes concepts off the inputs.
type DeleteConcepts struct {
	Concepts []Concept `json:"concepts,omitempty"`
	UserIDs  []string  `json:"user_ids,omitempty"`
}

// AddMetadata merges metadata into the inputs.
type AddMetadata struct {
	Metadata Struct `json:"metadata,omitzero"`
}

// DeleteMetadata takes metadata keys off the inputs.
type DeleteMetadata struct {
	Metadata Struct `json:"metadata,omitzero"`
}

// OverwriteGeo places the inputs.
type OverwriteGeo struct {
	Geo *Geo `json:"geo,omitzero"`
}

// DeleteGeo takes the place off the inputs.
type DeleteGeo struct{}

// AddToDataset adds the inputs to a dataset.
type AddToDataset struct {
	DatasetID string `json:"dataset_id,omitzero"`
}

// DeleteFromDataset takes the inputs out of a dataset.
type DeleteFromDataset struct {
	DatasetID string `json:"dataset_id,omitzero"`
}

// SplitIntoDatasets spreads the inputs over datasets.
type SplitIntoDatasets struct {
	DatasetSplits []DatasetSplit     `json:"dataset_splits,omitempty"`
	Method        DatasetSplitMethod `json:"method,omitzero"`
}

// DatasetSplit is one dataset's share of a split.
type DatasetSplit struct {
	Dataset    *Dataset `json:"dataset,omitzero"`
	Percentage uint32   `json:"percentage,omitzero"`
}

// DatasetSplitMethod is how inputs are spread.
type DatasetSplitMethod int32

// Ways to spread inputs.
const (
	DatasetSplitMethodNotSet     DatasetSplitMethod = 0
	DatasetSplitRandomPercentage DatasetSplitMethod = 1
)

var datasetSplitMethodNames = enumNames{"NOT_SET": 0, "RANDOM_PERCENTAGE_SPLIT": 1}

// UnmarshalJSON accepts a number or a name.
func (m *DatasetSplitMethod) UnmarshalJSON(b []byte) error {
	return datasetSplitMethodNames.unmarshal(b, "DatasetSplitMethod", (*int32)(m))
}

// String is the official name.
func (m DatasetSplitMethod) String() string { return datasetSplitMethodNames.name(int32(m)) }

// DeleteAnnotations deletes the annotations found.
type DeleteAnnotations struct{}

// PostBulkOperationsRequest starts bulk operations.
type PostBulkOperationsRequest struct {
	BulkOperations []BulkOperation `json:"bulk_operations"`
}

// CancelBulkOperationRequest cancels bulk operations.
type CancelBulkOperationRequest struct {
	IDs []string `json:"ids"`
}

// DeleteBulkOperationRequest deletes bulk operations that have ended.
type DeleteBulkOperationRequest struct {
	IDs []string `json:"ids"`
}

// SingleBulkOperationsResponse carries one bulk operation.
type SingleBulkOperationsResponse struct {
	Envelope
	BulkOperation *BulkOperation `json:"bulk_operation,omitzero"`
}

// MultiBulkOperationsResponse carries bulk operations, under the singular key.
type MultiBulkOperationsResponse struct {
	Envelope
	BulkOperations []BulkOperation `json:"bulk_operation,omitempty"`
}
