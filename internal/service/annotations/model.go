package annotations

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// model is an annotation as data sources show it.
type model struct {
	annotationattrs.Model
	UserID       types.String `tfsdk:"user_id"`
	AppID        types.String `tfsdk:"app_id"`
	InputID      types.String `tfsdk:"input_id"`
	ID           types.String `tfsdk:"id"`
	WorkerUserID types.String `tfsdk:"worker_user_id"`
	CreatedAt    types.String `tfsdk:"created_at"`
	ModifiedAt   types.String `tfsdk:"modified_at"`
}

// resourceModel adds what only the resource has.
type resourceModel struct {
	model
	MaskSHA256     types.String   `tfsdk:"mask_sha256"`
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the annotation in messages.
func (m *model) String() string {
	return fmt.Sprintf("annotation %q of input %q", m.ID.ValueString(), m.InputID.ValueString())
}

// check says what is wrong with an annotation, as far as it is known.
func (m *model) check() diag.Diagnostics {
	var problems diag.Diagnostics
	if !m.Known() {
		return problems
	}
	a, err := m.ToAnnotation(m.ID.ValueString())
	if err != nil {
		problems.AddError("Invalid annotation", upperFirst(err.Error())+".")
		return problems
	}
	if fault := a.Check(annotation.Limits{}); fault != nil {
		problems.AddError("Invalid annotation", upperFirst(fault.Text)+".")
	}
	return problems
}

func upperFirst(s string) string { return string(s[0]-'a'+'A') + s[1:] }

// kindAttribute is the attribute that makes the annotation one of its kind; "" if it is about the whole input.
func (m *resourceModel) kindAttribute() string {
	for _, a := range []struct {
		name string
		v    attr.Value
	}{
		{"bounding_box", m.BoundingBox}, {"polygon", m.Polygon}, {"point", m.Point}, {"keypoints", m.Keypoints},
		{"mask", m.Mask}, {"span", m.Span}, {"frame", m.Frame}, {"time_segment", m.TimeSegment},
	} {
		if !a.v.IsNull() {
			return a.name
		}
	}
	return ""
}

// toAPI is the annotation to create, or to overwrite with.
func (m *resourceModel) toAPI() (clarifai.Annotation, error) {
	a, err := m.ToAnnotation(m.ID.ValueString())
	if err != nil {
		return clarifai.Annotation{}, err
	}
	return a.ToAPI(m.InputID.ValueString())
}

// fromAPI sets the model to an annotation that was read.
func (m *model) fromAPI(found *clarifai.Annotation) diag.Diagnostics {
	var problems diag.Diagnostics
	if err := m.FromAPI(found); err != nil {
		problems.Append(diags.Error(fmt.Sprintf("Unable to read %s", m), err))
	}
	m.WorkerUserID = types.StringNull()
	if w := found.Worker; w != nil && w.User != nil {
		m.WorkerUserID = attrs.Text(w.User.ID)
	} else if found.UserID != "" {
		m.WorkerUserID = types.StringValue(found.UserID)
	}
	m.CreatedAt = attrs.Time(found.CreatedAt)
	m.ModifiedAt = attrs.Time(found.ModifiedAt)
	return problems
}

// modelFromAPI is an annotation with everything that the API says of it.
func modelFromAPI(app clarifai.AppRef, found *clarifai.Annotation) (model, diag.Diagnostics) {
	m := model{
		Model:  annotationattrs.Null(),
		UserID: types.StringValue(app.UserID), AppID: types.StringValue(app.AppID),
		InputID: types.StringValue(found.InputID), ID: types.StringValue(found.ID),
	}
	problems := m.fromAPI(found)
	return m, problems
}

// maskDigest is the SHA-256 of the file of the mask: null without one, unknown as long as its path is.
func (m *model) maskDigest() (types.String, diag.Diagnostics) {
	var problems diag.Diagnostics
	file, ok := m.Mask.Attributes()["file"].(types.String)
	switch {
	case m.Mask.IsUnknown() || ok && file.IsUnknown():
		return types.StringUnknown(), problems
	case !ok || file.IsNull():
		return types.StringNull(), problems
	}
	sum := sha256.New()
	if problem := inputcontent.CopyFile(sum, inputcontent.Image, file.ValueString()); problem != "" {
		problems.AddAttributeError(path.Root("mask").AtName("file"), "Unable to read the mask", problem)
	}
	return types.StringValue(hex.EncodeToString(sum.Sum(nil))), problems
}
