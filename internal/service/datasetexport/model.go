package datasetexport

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is an export in the state of the resource.
type model struct {
	UserID              types.String   `tfsdk:"user_id"`
	AppID               types.String   `tfsdk:"app_id"`
	DatasetID           types.String   `tfsdk:"dataset_id"`
	VersionID           types.String   `tfsdk:"dataset_version_id"`
	Format              types.String   `tfsdk:"format"`
	ID                  types.String   `tfsdk:"id"`
	IncludeEmbeddings   types.Bool     `tfsdk:"include_embeddings"`
	WaitFor             types.String   `tfsdk:"wait_for"`
	DownloadTo          types.String   `tfsdk:"download_to"`
	OnMissingFile       types.String   `tfsdk:"on_missing_file"`
	DeleteFileOnDestroy types.Bool     `tfsdk:"delete_file_on_destroy"`
	Status              types.Object   `tfsdk:"status"`
	URL                 types.String   `tfsdk:"url"`
	Size                types.Int64    `tfsdk:"size"`
	SHA256              types.String   `tfsdk:"sha256"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// owner names the resource in the register of claims.
func (m *model) owner() claims.Owner {
	return claims.Owner{Type: typeName, ID: strings.Join([]string{
		m.UserID.ValueString(), m.AppID.ValueString(), m.DatasetID.ValueString(), m.VersionID.ValueString(), m.Format.ValueString(),
	}, "/")}
}

// file names the downloaded file in the register of claims.
func (m *model) file() claims.Thing {
	name, err := filepath.Abs(m.DownloadTo.ValueString())
	if err != nil {
		name = filepath.Clean(m.DownloadTo.ValueString())
	}
	return claims.Thing{Kind: "download path", ID: name}
}

// job is the export of the model.
func (m *model) job(client *clarifai.Client, format clarifai.DatasetVersionExportFormat) *job {
	return &job{
		client: client, app: m.app(), datasetID: m.DatasetID.ValueString(), versionID: m.VersionID.ValueString(),
		format: format, embeddings: m.IncludeEmbeddings.ValueBool(), progress: func(string, ...any) {},
	}
}

// fromAPI sets the attributes to those of the export; e is nil while the API does not return it.
func (m *model) fromAPI(e *clarifai.DatasetVersionExport) {
	m.Status, m.URL, m.Size = attrs.StatusFromAPI(clarifai.Status{}), types.StringNull(), types.Int64Null()
	if e == nil {
		e = &clarifai.DatasetVersionExport{}
	}
	// The documentation does not say whether a response repeats the request.
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

// readFile removes the digest of a file that was changed, or that is missing, unless on_missing_file
// says to ignore that.
func (m *model) readFile() {
	name := m.DownloadTo.ValueString()
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) && m.OnMissingFile.ValueString() == missingIgnore {
		return
	}
	if m.DownloadTo.IsNull() || digestOf(name) != m.SHA256.ValueString() {
		m.SHA256 = types.StringNull()
	}
}

// plainURL removes the parts of an address that may give access by themselves, which must not be in state.
func plainURL(address string) types.String {
	u, err := url.Parse(address)
	if err != nil {
		return types.StringNull()
	}
	u.User, u.RawQuery, u.Fragment, u.ForceQuery = nil, "", "", false
	return types.StringValue(u.String())
}
