package clarifai

import (
	"context"
	"net/http"
	"time"
)

// BulkOperation changes many inputs or annotations in the background.
//
// Settable and fixed: one source (input_ids, search or dataset; or annotation_search for
// annotations) and operation. All other fields are output.
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

// Progress is the progress of a bulk operation. Output only.
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

// DeleteConcepts removes concepts from the inputs.
type DeleteConcepts struct {
	Concepts []Concept `json:"concepts,omitempty"`
	UserIDs  []string  `json:"user_ids,omitempty"`
}

// AddMetadata merges metadata into the inputs.
type AddMetadata struct {
	Metadata Struct `json:"metadata,omitzero"`
}

// DeleteMetadata removes metadata keys from the inputs.
type DeleteMetadata struct {
	Metadata Struct `json:"metadata,omitzero"`
}

// OverwriteGeo sets the geo location of the inputs.
type OverwriteGeo struct {
	Geo *Geo `json:"geo,omitzero"`
}

// DeleteGeo removes the geo location of the inputs.
type DeleteGeo struct{}

// AddToDataset adds the inputs to a dataset.
type AddToDataset struct {
	DatasetID string `json:"dataset_id,omitzero"`
}

// DeleteFromDataset removes the inputs from a dataset.
type DeleteFromDataset struct {
	DatasetID string `json:"dataset_id,omitzero"`
}

// SplitIntoDatasets spreads the inputs over datasets.
type SplitIntoDatasets struct {
	DatasetSplits []DatasetSplit     `json:"dataset_splits,omitempty"`
	Method        DatasetSplitMethod `json:"method,omitzero"`
}

// DatasetSplit is the part of a split that one dataset gets.
type DatasetSplit struct {
	Dataset    *Dataset `json:"dataset,omitzero"`
	Percentage uint32   `json:"percentage,omitzero"`
}

// DatasetSplitMethod is the way inputs are distributed over datasets.
type DatasetSplitMethod int32

// Methods to distribute inputs.
const (
	DatasetSplitMethodNotSet     DatasetSplitMethod = 0
	DatasetSplitRandomPercentage DatasetSplitMethod = 1
)

var datasetSplitMethodNames = enumNames{"NOT_SET": 0, "RANDOM_PERCENTAGE_SPLIT": 1}

// UnmarshalJSON accepts a number or a name.
func (m *DatasetSplitMethod) UnmarshalJSON(b []byte) error {
	return datasetSplitMethodNames.unmarshal(b, "DatasetSplitMethod", (*int32)(m))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (m DatasetSplitMethod) MarshalJSON() ([]byte, error) {
	return datasetSplitMethodNames.marshal(int32(m))
}

func (m *DatasetSplitMethod) enum() (enumNames, *int32) { return datasetSplitMethodNames, (*int32)(m) }

// String is the official name.
func (m DatasetSplitMethod) String() string { return datasetSplitMethodNames.name(int32(m)) }

// DeleteAnnotations deletes the annotations that the search finds.
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

// PostBulkOperations starts bulk operations and returns 25402.
// POST /v2/users/{user}/apps/{app}/bulk_operations;
// body PostBulkOperationsRequest, response MultiBulkOperationsResponse. [protos]
func (c *Client) PostBulkOperations(ctx context.Context, app AppRef, operations []BulkOperation) ([]BulkOperation, error) {
	var out MultiBulkOperationsResponse
	if err := c.do(ctx, call{
		op: "PostBulkOperations", method: http.MethodPost, path: app.path("bulk_operations"),
		in: PostBulkOperationsRequest{BulkOperations: operations},
	}, &out); err != nil {
		return nil, err
	}
	return wholeNumber("PostBulkOperations", "bulk_operation", len(operations), out.BulkOperations,
		func(o BulkOperation) string { return o.ID })
}

// GetBulkOperation reads one bulk operation: 25402 and 25403 in progress, 25400 done. Not found if it does not exist.
// GET /v2/users/{user}/apps/{app}/bulk_operations/{id}; response SingleBulkOperationsResponse. [protos]
func (c *Client) GetBulkOperation(ctx context.Context, app AppRef, id string) (*BulkOperation, error) {
	var out SingleBulkOperationsResponse
	if err := c.do(ctx, call{op: "GetBulkOperation", method: http.MethodGet, path: app.path("bulk_operations", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetBulkOperation", "bulk_operation", out.BulkOperation)
}

// ListBulkOperations reads one page of bulk operations; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/bulk_operations; response MultiBulkOperationsResponse. [protos]
func (c *Client) ListBulkOperations(ctx context.Context, app AppRef, page Page) ([]BulkOperation, error) {
	var out MultiBulkOperationsResponse
	if err := c.do(ctx, call{
		op: "ListBulkOperations", method: http.MethodGet, path: app.path("bulk_operations"),
		query: page.values(),
	}, &out); err != nil {
		return nil, err
	}
	return out.BulkOperations, nil
}

// CancelBulkOperations cancels bulk operations and returns their new state.
// PATCH /v2/users/{user}/apps/{app}/bulk_operations;
// body CancelBulkOperationRequest, response MultiBulkOperationsResponse. [protos]
func (c *Client) CancelBulkOperations(ctx context.Context, app AppRef, ids []string) ([]BulkOperation, error) {
	var out MultiBulkOperationsResponse
	if err := c.do(ctx, call{
		op: "CancelBulkOperations", method: http.MethodPatch, path: app.path("bulk_operations"),
		in: CancelBulkOperationRequest{IDs: ids},
	}, &out); err != nil {
		return nil, err
	}
	return out.BulkOperations, nil
}

// DeleteBulkOperations deletes bulk operations that have ended; others are rejected.
// DELETE /v2/users/{user}/apps/{app}/bulk_operations; body DeleteBulkOperationRequest, response BaseResponse. [protos]
func (c *Client) DeleteBulkOperations(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteBulkOperations", method: http.MethodDelete, path: app.path("bulk_operations"),
		in: DeleteBulkOperationRequest{IDs: ids},
	}, &out)
}
