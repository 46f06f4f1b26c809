package clarifai

import (
	"context"
	"net/http"
)

// PutDatasetVersionExports starts exports of a version; sent again it tells how they are doing and restarts nothing. Done is
// 64200, then url and size are there. A version that is not ready is refused [inferred].
// PUT /v2/users/{user}/apps/{app}/datasets/{dataset}/versions/{version}/exports; body PutDatasetVersionExportsRequest, answer MultiDatasetVersionExportResponse. [documented]
func (c *Client) PutDatasetVersionExports(ctx context.Context, app AppRef, datasetID, versionID string, exports []DatasetVersionExport) ([]DatasetVersionExport, error) {
	var out MultiDatasetVersionExportResponse
	if err := c.do(ctx, call{
		op: "PutDatasetVersionExports", method: http.MethodPut, path: app.path("datasets", datasetID, "versions", versionID, "exports"),
		in: PutDatasetVersionExportsRequest{Exports: exports},
	}, &out); err != nil {
		return nil, err
	}
	return whole("PutDatasetVersionExports", "exports", len(exports), out.Exports)
}
