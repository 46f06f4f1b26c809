package datasetexport

import (
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

type model struct {
	UserID              types.String   `tfsdk:"user_id"`
	AppID               types.String   `tfsdk:"app_id"`
	DatasetID           types.String   `tfsdk:"dataset_id"`
	VersionID           types.String   `tfsdk:"dataset_version_id"`
	Format              types.String   `tfsdk:"format"`
	IncludeEmbeddings   types.Bool     `tfsdk:"include_embeddings"`
	WaitForCompletion   types.Bool     `tfsdk:"wait_for_completion"`
	DownloadTo          types.String   `tfsdk:"download_to"`
	DeleteFileOnDestroy types.Bool     `tfsdk:"delete_file_on_destroy"`
	Status              types.Object   `tfsdk:"status"`
	URL                 types.String   `tfsdk:"url"`
	Size                types.Int64    `tfsdk:"size"`
	SHA256              types.String   `tfsdk:"sha256"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// job is the export that the model speaks of.
func (m *model) job(client *clarifai.Client, format clarifai.DatasetVersionExportFormat) *job {
	return &job{
		client: client, app: m.app(), datasetID: m.DatasetID.ValueString(), versionID: m.VersionID.ValueString(),
		format: format, embeddings: m.IncludeEmbeddings.ValueBool(), progress: func(string, ...any) {},
	}
}

// refresh takes over what the service says of an export; of one that it does not show yet, nothing.
func (m *model) refresh(e *clarifai.DatasetVersionExport) {
	m.Status, m.URL, m.Size = attrs.StatusFromAPI(clarifai.Status{}), types.StringNull(), types.Int64Null()
	if e == nil {
		e = &clarifai.DatasetVersionExport{}
	}
	// Whether the service repeats what it was asked for is not documented.
	if m.IncludeEmbeddings.IsNull() || m.IncludeEmbeddings.IsUnknown() {
		m.IncludeEmbeddings = types.BoolValue(e.IncludeEmbeddings)
	}
	m.Status = attrs.StatusFromAPI(e.Status)
	if e.URL != "" {
		m.URL = plainURL(e.URL)
	}
	if e.Size != 0 {
		m.Size = types.Int64Value(int64(e.Size)) //nolint:gosec // no archive is so large
	}
}

// refreshFile forgets the digest of a file that is missing or no longer the downloaded one.
func (m *model) refreshFile() {
	if m.DownloadTo.IsNull() || digestOf(m.DownloadTo.ValueString()) != m.SHA256.ValueString() {
		m.SHA256 = types.StringNull()
	}
}

// plainURL leaves out of an address what may give access by itself, which does not belong in state.
func plainURL(address string) types.String {
	u, err := url.Parse(address)
	if err != nil {
		return types.StringNull()
	}
	u.User, u.RawQuery, u.Fragment, u.ForceQuery = nil, "", "", false
	return types.StringValue(u.String())
}
