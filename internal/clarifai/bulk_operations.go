package clarifai

import (
	"context"
	"net/http"
)

// PostBulkOperations starts bulk operations and answers with 25402.
// POST /v2/users/{user}/apps/{app}/bulk_operations; body PostBulkOperationsRequest, answer MultiBulkOperationsResponse. [protos]
func (c *Client) PostBulkOperations(ctx context.Context, app AppRef, operations []BulkOperation) ([]BulkOperation, error) {
	var out MultiBulkOperationsResponse
	if err := c.do(ctx, call{
		op: "PostBulkOperations", method: http.MethodPost, path: app.path("bulk_operations"),
		in: PostBulkOperationsRequest{BulkOperations: operations},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PostBulkOperations", "bulk_operation", len(operations), out.BulkOperations)
}

// GetBulkOperation reads one bulk operation: 25402 and 25403 in progress, 25400 done. Not found when there is none.
// GET /v2/users/{user}/apps/{app}/bulk_operations/{id}; answer SingleBulkOperationsResponse. [protos]
func (c *Client) GetBulkOperation(ctx context.Context, app AppRef, id string) (*BulkOperation, error) {
	var out SingleBulkOperationsResponse
	if err := c.do(ctx, call{op: "GetBulkOperation", method: http.MethodGet, path: app.path("bulk_operations", id)}, &out); err != nil {
		return nil, err
	}
	return present("GetBulkOperation", "bulk_operation", out.BulkOperation)
}

// ListBulkOperations reads one page of bulk operations; past the end it is empty.
// GET /v2/users/{user}/apps/{app}/bulk_operations; answer MultiBulkOperationsResponse. [protos]
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

// CancelBulkOperations cancels bulk operations and answers with their new state.
// PATCH /v2/users/{user}/apps/{app}/bulk_operations; body CancelBulkOperationRequest, answer MultiBulkOperationsResponse. [protos]
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

// DeleteBulkOperations deletes bulk operations that have ended; others are refused.
// DELETE /v2/users/{user}/apps/{app}/bulk_operations; body DeleteBulkOperationRequest, answer BaseResponse. [protos]
func (c *Client) DeleteBulkOperations(ctx context.Context, app AppRef, ids []string) error {
	var out BaseResponse
	return c.do(ctx, call{
		op: "DeleteBulkOperations", method: http.MethodDelete, path: app.path("bulk_operations"),
		in: DeleteBulkOperationRequest{IDs: ids},
	}, &out)
}
