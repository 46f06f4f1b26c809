package ingestion

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/addjob"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion/content"
)

const (
	uploadType     = "clarifai_inputs_upload"
	uploadTimeout  = 6 * time.Hour
	uploadAccepted = "the whole archive is sent"
)

// uploadModel is the model of the resource.
type uploadModel struct {
	jobConfig
	jobResult
	Archive       types.String `tfsdk:"archive"`
	Folder        types.String `tfsdk:"folder"`
	ContentSHA256 types.String `tfsdk:"content_sha256"`
	ContentName   types.String `tfsdk:"content_name"`
	ContentLength types.Int64  `tfsdk:"content_length"`
	UploadID      types.String `tfsdk:"upload_id"`
	ExpiresAt     types.String `tfsdk:"expires_at"`
	AppPAT        types.String `tfsdk:"app_pat_wo"`
	AppPATVersion types.Int64  `tfsdk:"app_pat_wo_version"`
}

// String names the upload in messages.
func (m *uploadModel) String() string {
	switch {
	case m.Archive.ValueString() != "":
		return "upload of " + m.Archive.ValueString()
	case m.Folder.ValueString() != "":
		return "upload of folder " + m.Folder.ValueString()
	}
	return fmt.Sprintf("upload %q", m.ID.ValueString())
}

func (m *uploadModel) fingerprint(ctx context.Context) string {
	parts := append([]string{m.ContentSHA256.ValueString()}, versionPart(m.AppPATVersion)...)
	return m.jobConfig.fingerprint(ctx, &m.jobResult, uploadType, parts...)
}

// problems validates the configuration.
func (m *uploadModel) problems() diag.Diagnostics {
	diags := m.jobConfig.problems()
	given := 0
	for _, v := range []types.String{m.Archive, m.Folder} {
		if v.IsUnknown() {
			return diags
		}
		if !v.IsNull() {
			given++
		}
	}
	if given != 1 {
		diags.AddAttributeError(path.Root("archive"), "Invalid content", "Set exactly one of archive and folder.")
	}
	return diags
}

// open opens the archive or folder; nil if its path is unknown.
func (m *uploadModel) open() (content.Source, diag.Diagnostic) {
	var s content.Source
	var err error
	at, name := path.Root("archive"), m.Archive.ValueString()
	switch {
	case name != "":
		s, err = content.OpenArchive(name)
	case m.Folder.ValueString() != "":
		at, name = path.Root("folder"), m.Folder.ValueString()
		s, err = content.OpenFolder(name)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(at, name, err)
	}
	return s, nil
}

// isMissing reports whether the content to upload does not exist.
func (m *uploadModel) isMissing() bool {
	name := cmp.Or(m.Archive.ValueString(), m.Folder.ValueString())
	if name == "" {
		return false
	}
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// resolveContent compares content that was missing at plan with what was uploaded. An update cannot upload other content.
func (m *uploadModel) resolveContent(ctx context.Context, state *uploadModel) diag.Diagnostics {
	s, problem := m.openPlanned(ctx)
	if problem != nil {
		return diag.Diagnostics{problem}
	}
	_ = s.Close()
	if !m.ContentSHA256.Equal(state.ContentSHA256) {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("content_sha256"), "Other content for the "+m.String(),
			"The content was missing at plan, and it differs from what was uploaded. Nothing was changed. The next plan replaces the "+
				"upload: run terraform plan and terraform apply again.")}
	}
	return nil
}

func unreadable(at path.Path, name string, err error) diag.Diagnostic {
	hint := "It has to exist and be readable at plan."
	if errors.Is(err, fs.ErrNotExist) {
		hint = "It has to exist at plan. Relative paths start at the working directory: use \"${path.module}/...\"."
	}
	return diag.NewAttributeErrorDiagnostic(at, "Unable to read "+name, fmt.Sprintf("%v. %s", err, hint))
}

// openPlanned opens the content and checks that it is what was planned.
func (m *uploadModel) openPlanned(ctx context.Context) (content.Source, diag.Diagnostic) {
	s, problem := m.open()
	if problem != nil || s == nil {
		return nil, problem
	}
	sum, err := content.Digest(ctx, s)
	planned := m.ContentSHA256.ValueString()
	switch {
	case err != nil:
		problem = diag.NewErrorDiagnostic("Unable to read the content to upload", fmt.Sprintf("%v.", err))
	case planned != "" && planned != sum:
		problem = diag.NewAttributeErrorDiagnostic(path.Root("content_sha256"), "Content changed since the plan",
			fmt.Sprintf("The SHA-256 at plan was %s, now it is %s. Plan and apply again.", planned, sum))
	default:
		m.ContentSHA256, m.ContentLength = types.StringValue(sum), types.Int64Value(s.Size())
		if m.ContentName.IsUnknown() || m.ContentName.IsNull() {
			m.ContentName = types.StringValue(s.Name())
		}
		return s, nil
	}
	_ = s.Close()
	return nil, problem
}

// starter returns a starter for the upload.
func (m *uploadModel) starter(
	ctx context.Context, p *configure.Provider, client *clarifai.Client, appPAT types.String,
) (*addjob.Starter, diag.Diagnostics) {
	template, diags := templateToAPI(ctx, m.InputTemplate)
	app, length := m.app(), clarifai.Uint64(m.ContentLength.ValueInt64()) //nolint:gosec // a file's size
	return &addjob.Starter{
		Provider: p, Client: client, App: app, Chosen: m.ID.ValueString(), Fingerprint: m.fingerprint(ctx),
		Post: func(ctx context.Context, id string) (*clarifai.InputsAddJob, error) {
			started, err := client.PostInputsUploads(ctx, app, []clarifai.InputsUpload{{
				InputsAddJobID:            id,
				Upload:                    &clarifai.Upload{ContentName: m.ContentName.ValueString(), ContentLength: length},
				InputIDConflictResolution: m.resolution(),
				InputTemplate:             template,
				AppPAT:                    appPAT.ValueString(),
			}})
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		Same: func(found *clarifai.InputsAddJob) bool {
			return len(found.Uploads) == 1 && found.Uploads[0].ContentLength == length
		},
	}, diags
}

// fromAPI sets the status of the upload. Attributes that never change are only set if unknown.
func (m *uploadModel) fromAPI(s *addjob.Status) {
	m.jobResult.fromAPI(s)
	u := &clarifai.Upload{} // the service may have deleted it
	if len(s.Job.Uploads) > 0 {
		u = &s.Job.Uploads[0]
	}
	if m.UploadID.IsUnknown() {
		m.UploadID = attrs.Text(u.ID)
	}
	if m.ExpiresAt.IsUnknown() {
		m.ExpiresAt = attrs.Time(u.ExpiresAt)
	}
	if m.ContentName.IsUnknown() {
		m.ContentName = attrs.Text(u.ContentName)
	}
	if m.ContentLength.IsUnknown() {
		m.ContentLength = number(u.ContentLength)
	}
}

// resetFixed makes fromAPI also set the attributes that never change.
func (m *uploadModel) resetFixed() {
	m.UploadID, m.ExpiresAt, m.ContentName, m.ContentLength = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(),
		types.Int64Unknown()
}

// archiveValidator accepts file names of archives.
type archiveValidator struct{}

func (archiveValidator) Description(context.Context) string {
	return "must be the path of an archive with extension .zip, .tar, .tar.gz or .tgz"
}

func (v archiveValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v archiveValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || content.IsArchiveName(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid archive", fmt.Sprintf("%q: it %s. For a folder, set "+
		"folder instead.", req.ConfigValue.ValueString(), v.Description(ctx)))
}
