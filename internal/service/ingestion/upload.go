package ingestion

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

const (
	uploadType     = "clarifai_inputs_upload"
	uploadTimeout  = 6 * time.Hour
	uploadAccepted = "the whole archive has been sent"
)

// uploadReceipt is the model of the resource.
type uploadReceipt struct {
	intake
	receipt
	Archive       types.String `tfsdk:"archive"`
	Folder        types.String `tfsdk:"folder"`
	ContentSHA256 types.String `tfsdk:"content_sha256"`
	ContentName   types.String `tfsdk:"content_name"`
	ContentLength types.Int64  `tfsdk:"content_length"`
	UploadID      types.String `tfsdk:"upload_id"`
	ExpiresAt     types.String `tfsdk:"expires_at"`
}

// String names the upload in messages.
func (m *uploadReceipt) String() string {
	switch {
	case m.Archive.ValueString() != "":
		return "upload of " + m.Archive.ValueString()
	case m.Folder.ValueString() != "":
		return "upload of folder " + m.Folder.ValueString()
	}
	return fmt.Sprintf("upload %q", m.ID.ValueString())
}

func (m *uploadReceipt) about(ctx context.Context) string {
	return m.intake.about(ctx, &m.receipt, uploadType, m.ContentSHA256.ValueString())
}

// problems are what is wrong with a configuration.
func (m *uploadReceipt) problems() diag.Diagnostics {
	diags := m.intake.problems()
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
		diags.AddAttributeError(path.Root("archive"), "One thing to upload is needed", "Set exactly one of archive and folder.")
	}
	return diags
}

// open opens what is to be uploaded; nil when it is not known yet.
func (m *uploadReceipt) open() (source, diag.Diagnostic) {
	var s source
	var err error
	at, name := path.Root("archive"), m.Archive.ValueString()
	switch {
	case name != "":
		s, err = openArchive(name)
	case m.Folder.ValueString() != "":
		at, name = path.Root("folder"), m.Folder.ValueString()
		s, err = openFolder(name)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(at, name, err)
	}
	return s, nil
}

func unreadable(at path.Path, name string, err error) diag.Diagnostic {
	hint := "It has to be there when planning, and readable."
	if errors.Is(err, fs.ErrNotExist) {
		hint = "It has to be there when planning. A relative path counts from the directory that Terraform runs in: write \"${path.module}/...\"."
	}
	return diag.NewAttributeErrorDiagnostic(at, "Cannot read "+name, fmt.Sprintf("%v. %s", err, hint))
}

// take opens what is to be uploaded and makes sure that it is what was planned.
func (m *uploadReceipt) take(ctx context.Context) (source, diag.Diagnostic) {
	s, problem := m.open()
	if problem != nil || s == nil {
		return nil, problem
	}
	sum, err := digest(ctx, s)
	planned := m.ContentSHA256.ValueString()
	switch {
	case err != nil:
		problem = diag.NewErrorDiagnostic("Cannot read what is to be uploaded", fmt.Sprintf("%v.", err))
	case planned != "" && planned != sum:
		problem = diag.NewAttributeErrorDiagnostic(path.Root("content_sha256"), "Content changed since the plan",
			fmt.Sprintf("The plan was made for content with SHA-256 %s, and now it is %s. Plan and apply again.", planned, sum))
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

// beginning is the upload, ready to be begun.
func (m *uploadReceipt) beginning(ctx context.Context, client *clarifai.Client) (*beginning, diag.Diagnostics) {
	template, diags := templateToAPI(ctx, m.InputTemplate)
	app, length := m.app(), clarifai.Uint64(m.ContentLength.ValueInt64()) //nolint:gosec // a file's size
	return &beginning{
		client: client, app: app, chosen: m.ID.ValueString(), about: m.about(ctx),
		post: func(ctx context.Context, id string) (*clarifai.InputsAddJob, error) {
			started, err := client.PostInputsUploads(ctx, app, []clarifai.InputsUpload{{
				InputsAddJobID:            id,
				Upload:                    &clarifai.Upload{ContentName: m.ContentName.ValueString(), ContentLength: length},
				InputIDConflictResolution: m.resolution(),
				InputTemplate:             template,
			}})
			if err != nil {
				return nil, err
			}
			return &started[0], nil
		},
		same: func(found *clarifai.InputsAddJob) bool {
			return len(found.Uploads) == 1 && found.Uploads[0].ContentLength == length
		},
	}, diags
}

// refresh takes over how the upload stands. What is fixed from the start is taken over
// only where it is not known yet.
func (m *uploadReceipt) refresh(s *standing) {
	m.receipt.refresh(s)
	u := &clarifai.Upload{} // the service may have thrown it away
	if len(s.job.Uploads) > 0 {
		u = &s.job.Uploads[0]
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

// forgetFixed has refresh take over what is fixed from the start as well.
func (m *uploadReceipt) forgetFixed() {
	m.UploadID, m.ExpiresAt, m.ContentName, m.ContentLength = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.Int64Unknown()
}

// archiveValidator accepts names of archives.
type archiveValidator struct{}

func (archiveValidator) Description(context.Context) string {
	return "must be the path of an archive whose name ends in .zip, .tar, .tar.gz or .tgz"
}

func (v archiveValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v archiveValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || isArchiveName(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Not an archive", fmt.Sprintf("%q is not usable: it %s. A folder is given as folder.", req.ConfigValue.ValueString(), v.Description(ctx)))
}
