package input

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// incompleteKey is the key in private state of inputs whose annotations were not all created yet.
const incompleteKey = "annotations_incomplete"

// annotationOwner is the name that ids of an input's annotations are derived from. That of a clarifai_inputs continues
// after the slash.
func (m *model) annotationOwner() string { return m.AppID.ValueString() + "/" }

// ownAnnotations converts the annotations of the configuration. Those that are not known yet are nil, and invalid ones
// are reported.
func (m *resourceModel) ownAnnotations(ctx context.Context, limits annotation.Limits) ([]*annotation.Annotation, diag.Diagnostics) {
	elements, problems := annotationattrs.Elements(ctx, m.Annotations)
	all := make([]*annotation.Annotation, len(elements))
	seen := map[string]int{}
	for i, e := range elements {
		if e == nil {
			continue
		}
		at := path.Root("annotations").AtListIndex(i)
		if id := e.ID.ValueString(); id != "" {
			if first, ok := seen[id]; ok {
				problems.AddAttributeError(at.AtName("id"), fmt.Sprintf("Two annotations with id %q", id),
					fmt.Sprintf("annotations[%d] has the same id. Ids of annotations are unique within an input.", first))
			}
			seen[id] = i
		}
		a, err := e.ToAnnotation(e.ID.ValueString())
		if err == nil {
			if fault := a.Check(limits); fault != nil {
				err = fault
			}
		}
		if err != nil {
			problems.AddAttributeError(at, "Invalid annotation", fmt.Sprintf("annotations[%d] cannot be used: %v.", i, err))
			continue
		}
		all[i] = &a
	}
	return all, problems
}

// annotationLimits are the properties of the input that its annotations must fit.
func (m *resourceModel) annotationLimits() annotation.Limits {
	var limits annotation.Limits
	if source, ok := m.content(); ok {
		limits.Kind, limits.Text = source.inputType, source.inline.ValueString()
		if limits.Kind != "text" {
			limits.Text = ""
		}
	}
	info := m.MediaInfo.Attributes()
	if frames, ok := info["frame_count"].(types.Int64); ok {
		limits.FrameCount = uint32(max(frames.ValueInt64(), 0)) //nolint:gosec // a video has fewer
	}
	if duration, ok := info["duration_seconds"].(types.Float64); ok {
		limits.DurationSecond = float32(duration.ValueFloat64())
		limits.DurationMS = uint32(1000 * max(duration.ValueFloat64(), 0))
	}
	return limits
}

// planAnnotations checks the annotations and reads their masks.
func planAnnotations(ctx context.Context, state *resourceModel, resp *resource.ModifyPlanResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limits := plan.annotationLimits()
	if state != nil && limits.Kind == "" {
		limits = state.annotationLimits()
	}
	all, problems := plan.ownAnnotations(ctx, limits)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	digest, problems := masksDigest(all, state != nil)
	resp.Diagnostics.Append(problems...)
	if plan.Annotations.IsUnknown() {
		digest = types.StringUnknown()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("masks_sha256"), digest)...)
}

// masksDigest reads the files of masks and returns a digest of them: null without one, unknown as long as an annotation is.
// A file of an input that exists may be missing at plan.
func masksDigest(all []*annotation.Annotation, exists bool) (types.String, diag.Diagnostics) {
	var problems diag.Diagnostics
	sum, files, unknown := sha256.New(), 0, false
	for i, a := range all {
		if a == nil {
			unknown = true
			continue
		}
		mask := a.Extra().Mask
		if mask == nil || mask.File == "" {
			continue
		}
		files++
		at := path.Root("annotations").AtListIndex(i).AtName("mask").AtName("file")
		if _, err := os.Stat(mask.File); exists && errors.Is(err, os.ErrNotExist) {
			problems.AddAttributeWarning(at, "File of the mask is missing",
				fmt.Sprintf("%q does not exist. If it is still missing when this plan is applied, the apply fails. A destroy does not need it.",
					mask.File))
			unknown = true
			continue
		}
		if err := mask.ReadDigest(); err != nil {
			problems.Append(diags.AttributeError(at, "Unable to read the mask", err))
			continue
		}
		_, _ = fmt.Fprintf(sum, "%d %s\n", i, mask.SHA256)
	}
	switch {
	case unknown:
		return types.StringUnknown(), problems
	case files == 0:
		return types.StringNull(), problems
	}
	return types.StringValue(hex.EncodeToString(sum.Sum(nil))), problems
}

// withoutAnnotations sets what is computed for annotations of an input that has just been created.
func (m *resourceModel) withoutAnnotations() {
	if m.MasksSHA256.IsUnknown() {
		m.MasksSHA256 = types.StringNull()
	}
	m.OtherAnnotations = types.Int64Null()
	if !m.Annotations.IsNull() {
		m.OtherAnnotations = types.Int64Value(0)
	}
}

// wantedAnnotations are the annotations of the plan with their ids and the digests of their masks, which must be what was planned.
func (m *resourceModel) wantedAnnotations(ctx context.Context) ([]annotation.Annotation, diag.Diagnostics) {
	all, problems := m.ownAnnotations(ctx, m.annotationLimits())
	if problems.HasError() {
		return nil, problems
	}
	digest, more := masksDigest(all, false)
	if problems.Append(more...); problems.HasError() {
		return nil, problems
	}
	if isKnown(m.MasksSHA256) && !m.MasksSHA256.Equal(digest) {
		problems.AddAttributeError(path.Root("annotations"), "Masks changed since the plan", "A file of a mask is not what it was at plan. "+
			"Plan and apply again.")
		return nil, problems
	}
	m.MasksSHA256 = digest
	wanted := make([]annotation.Annotation, len(all))
	for i, a := range all {
		wanted[i] = *a // everything is known at apply
	}
	annotation.DeriveIDs(m.annotationOwner(), m.ID.ValueString(), wanted)
	return wanted, problems
}

// annotationChanges is how the annotations of an input differ from those of the configuration.
type annotationChanges struct {
	add, change []annotation.Annotation
	remove      []string
	conflicts   []string // ids of annotations that differ and that the resource did not create
	others      int64    // annotations of people and models
}

// compareAnnotations reads the annotations of the input and compares them with the wanted ones.
func compareAnnotations(
	ctx context.Context, client *clarifai.Client, m *model, wanted []annotation.Annotation,
) (changes annotationChanges, err error) {
	found, err := client.ReadInputAnnotations(ctx, m.app(), m.ID.ValueString())
	if err != nil {
		return changes, err
	}
	missing := slices.Repeat([]bool{true}, len(wanted))
	for i := range found {
		match := annotation.FindOwn(m.annotationOwner(), m.ID.ValueString(), wanted, &found[i])
		switch {
		case found[i].InputLevel:
			continue
		case match.Index < 0 && match.Owned:
			changes.remove = append(changes.remove, found[i].ID)
			continue
		case match.Index < 0:
			changes.others++
			continue
		}
		missing[match.Index] = false
		want, have := wanted[match.Index], annotation.FromAPI(&found[i])
		switch {
		case match.Same:
		case !match.Owned:
			changes.conflicts = append(changes.conflicts, want.ID)
		case want.Kind() != have.Kind():
			// It is not known whether an update removes the parts that it does not send.
			changes.remove = append(changes.remove, want.ID)
			missing[match.Index] = true
		default:
			changes.change = append(changes.change, want)
		}
	}
	for i, isMissing := range missing {
		if isMissing {
			changes.add = append(changes.add, wanted[i])
		}
	}
	return changes, nil
}

// sendAnnotations makes the annotations at the service those of the plan. It can be repeated after any failure, because the
// ids say what exists.
func sendAnnotations(ctx context.Context, client *clarifai.Client, plan *resourceModel, processed bool) diag.Diagnostics {
	wanted, problems := plan.wantedAnnotations(ctx)
	if problems.HasError() {
		return problems
	}
	app, id := plan.app(), plan.ID.ValueString()
	fail := func(err error) diag.Diagnostics {
		problems.Append(diags.AttributeError(path.Root("annotations"), fmt.Sprintf("Unable to change the annotations of %s", plan), err))
		return problems
	}
	changes, err := compareAnnotations(ctx, client, &plan.model, wanted)
	if err != nil {
		return fail(err)
	}
	if plan.OtherAnnotations.IsUnknown() {
		plan.OtherAnnotations = types.Int64Value(changes.others)
	}
	if len(changes.conflicts) > 0 {
		problems.AddAttributeError(path.Root("annotations"), fmt.Sprintf("Annotations of %s already exist", plan),
			fmt.Sprintf("The input has other annotations with these ids, which this resource did not create: %s. Give yours other ids, or "+
				"delete those.", strings.Join(changes.conflicts, ", ")))
		return problems
	}
	if len(changes.add) > 0 && !processed {
		if _, err := waitProcessed(ctx, client, &plan.model); err != nil { // the API may reject annotations before
			if isFinal(err) {
				return fail(err)
			}
			problems.Append(waitError(plan, err, "update"))
			return problems
		}
	}
	for chunk := range slices.Chunk(changes.remove, clarifai.MaxItemsPerCall) {
		if err := removeAnnotations(ctx, client, app, id, chunk); err != nil {
			return fail(err)
		}
	}
	for chunk := range slices.Chunk(changes.change, clarifai.MaxItemsPerCall) {
		sent, err := toOwned(plan, chunk)
		if err == nil {
			_, err = client.PatchAnnotations(ctx, app, clarifai.PatchAnnotationsRequest{Annotations: sent, Action: clarifai.ActionOverwrite})
		}
		if err != nil {
			return fail(err)
		}
	}
	for i, err := range addAnnotations(ctx, client, plan, changes.add) {
		problems.Append(diags.AttributeError(path.Root("annotations"), fmt.Sprintf("Unable to create annotation %q of %s",
			changes.add[i].ID, plan), err))
	}
	return problems
}

// updateAnnotations sends the annotations of the plan if they are not those in state.
func updateAnnotations(ctx context.Context, client *clarifai.Client, plan, state *resourceModel) diag.Diagnostics {
	if plan.Annotations.Equal(state.Annotations) && plan.MasksSHA256.Equal(state.MasksSHA256) {
		if plan.OtherAnnotations.IsUnknown() {
			plan.OtherAnnotations = state.OtherAnnotations
		}
		return nil
	}
	if plan.Annotations.IsNull() && plan.OtherAnnotations.IsUnknown() {
		plan.OtherAnnotations = types.Int64Null()
	}
	return sendAnnotations(ctx, client, plan, attrs.StatusCode(state.Status).Class() == clarifai.ClassDone)
}

func toOwned(m *resourceModel, all []annotation.Annotation) ([]clarifai.Annotation, error) {
	sent := make([]clarifai.Annotation, 0, len(all))
	for i := range all {
		a, err := all[i].ToOwned(m.annotationOwner(), m.ID.ValueString())
		if err != nil {
			return nil, err
		}
		sent = append(sent, a)
	}
	return sent, nil
}

// removeAnnotations deletes annotations. The API may reject the request because one of them no longer exists.
func removeAnnotations(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, inputID string, annotationIDs []string) error {
	err := client.DeleteAnnotations(ctx, app, clarifai.DeleteAnnotationsRequest{
		IDs: annotationIDs, InputIDs: slices.Repeat([]string{inputID}, len(annotationIDs)),
	})
	if !clarifai.IsNotFound(err) {
		return err
	}
	for _, id := range annotationIDs {
		if err := client.DeleteAnnotation(ctx, app, inputID, id); err != nil && !clarifai.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// addAnnotations creates annotations and returns the errors by index. If the outcome of a request is not known, it reads
// which of them exist, and creates the others once more.
func addAnnotations(ctx context.Context, client *clarifai.Client, m *resourceModel, add []annotation.Annotation) map[int]error {
	failed := createAnnotations(ctx, client, m, add)
	var unknown []annotation.Annotation
	for i, err := range failed {
		if clarifai.IsOutcomeUnknown(err) {
			unknown = append(unknown, add[i])
		}
	}
	if len(unknown) == 0 {
		return failed
	}
	changes, err := compareAnnotations(ctx, client, &m.model, unknown)
	if err != nil {
		return failed
	}
	again := createAnnotations(ctx, client, m, changes.add)
	for i := range add {
		if !clarifai.IsOutcomeUnknown(failed[i]) {
			continue
		}
		delete(failed, i)
		for j, err := range again {
			if changes.add[j].ID == add[i].ID {
				failed[i] = err
			}
		}
	}
	return failed
}

func createAnnotations(ctx context.Context, client *clarifai.Client, m *resourceModel, add []annotation.Annotation) map[int]error {
	failed := map[int]error{}
	sent, err := toOwned(m, add)
	if err != nil {
		failed[0] = err
		return failed
	}
	for i, err := range client.CreateAnnotations(ctx, m.app(), sent) {
		if err != nil {
			failed[i] = err
		}
	}
	return failed
}

// annotationsFromAPI sets the annotations in state to those that the resource has at the service.
func annotationsFromAPI(ctx context.Context, client *clarifai.Client, state *resourceModel) diag.Diagnostics {
	if state.Annotations.IsNull() {
		state.OtherAnnotations = types.Int64Null()
		return nil
	}
	elements, problems := annotationattrs.Elements(ctx, state.Annotations)
	own := make([]annotation.Annotation, len(elements))
	for i, e := range elements {
		a, err := e.ToAnnotation(e.ID.ValueString())
		if err != nil { // by another version of the provider
			problems.Append(diags.AttributeError(path.Root("annotations").AtListIndex(i), "Invalid annotation in state", err))
			return problems
		}
		own[i] = a
	}
	annotation.DeriveIDs(state.annotationOwner(), state.ID.ValueString(), own)
	found, err := client.ReadInputAnnotations(ctx, state.app(), state.ID.ValueString())
	if err != nil {
		problems.Append(diags.AttributeError(path.Root("annotations"), fmt.Sprintf("Unable to read the annotations of %s", state), err))
		return problems
	}
	kept, extra, others := make([]*annotationattrs.Element, len(elements)), []annotationattrs.Element(nil), 0
	for i := range found {
		if found[i].InputLevel {
			continue
		}
		switch match := annotation.FindOwn(state.annotationOwner(), state.ID.ValueString(), own, &found[i]); {
		case match.Index >= 0:
			kept[match.Index] = elements[match.Index]
			err = errors.Join(err, kept[match.Index].Refresh(&found[i]))
		case match.Owned:
			e, more := annotationattrs.NewElement(&found[i])
			err = errors.Join(err, more)
			extra = append(extra, e)
		default:
			others++
		}
	}
	if err != nil {
		problems.Append(diags.AttributeError(path.Root("annotations"), fmt.Sprintf("Unable to read the annotations of %s", state), err))
		return problems
	}
	var all []annotationattrs.Element
	for _, e := range kept {
		if e != nil {
			all = append(all, *e)
		}
	}
	var more diag.Diagnostics
	state.Annotations, more = annotationattrs.NewList(ctx, append(all, extra...))
	problems.Append(more...)
	state.OtherAnnotations = types.Int64Value(int64(others))
	return problems
}
