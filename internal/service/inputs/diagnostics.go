package inputs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
)

// names lists the first ids of many in a message.
func names(few []string, all int) string {
	quoted := make([]string, len(few))
	for i, id := range few {
		quoted[i] = fmt.Sprintf("%q", id)
	}
	text := strings.Join(quoted, ", ")
	if all > len(few) {
		text += fmt.Sprintf(" and %d more", all-len(few))
	}
	return text
}

// number formats a count with thousands separators.
func number(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func counted(n int) string { return plural(n, "1 input", "%s inputs") }

// plural formats a count: one if it is 1, else many, which contains %s for the number.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, number(n))
}

// lines lists the first reasons of many.
func lines(few []string, all int) string {
	text := strings.Join(few, "\n")
	if all > len(few) {
		text += fmt.Sprintf("\n... and %s more", number(all-len(few)))
	}
	return text
}

// planErrors returns the reasons not to apply what was found.
func planErrors(m *model, s reconcile.Summary) diag.Diagnostics {
	var diags diag.Diagnostics
	o := m.options()
	if s.TrackingInDoubt && s.UnknownOwner > 0 {
		diags.AddAttributeError(path.Root("id"), "The tracking dataset has been changed too much",
			fmt.Sprintf("Dataset %q lists the inputs that this resource manages. Others have changed so many of its members that the "+
				"provider cannot tell which belong to this resource, "+
				"and %s in it have no row: %s. None of them is deleted. Restore their rows and apply, which repairs the list, and then remove "+
				"the rows; "+
				"or import the resource again, which takes the list as it is (terraform state rm, then terraform import).",
				m.ID.ValueString(), counted(s.UnknownOwner), names(s.UnknownOwnerIDs, s.UnknownOwner)))
	}
	if s.ContentsInDoubt {
		diags.AddAttributeError(path.Root("id"), "Too many contents have changed at once",
			"The service does not return contents. State has fingerprints of them that tell which have changed, up to some hundreds "+
				"(removed rows with content count as well). Change fewer at a time, give rows with other content other ids, or replace the "+
				"whole resource (terraform apply -replace=...).")
	}
	if s.Conflict > 0 && m.OnConflict.ValueString() == onError {
		diags.AddError(plural(s.Conflict, "1 input already exists and differs from its row", "%s inputs already exist and differ from "+
			"their rows"),
			"They do not belong to this resource, so they are left as they are. Give their rows other ids, change the rows to match, or set "+
				"on_conflict = \"overwrite\".\n\n"+
				lines(s.Conflicts, s.Conflict))
	}
	if s.AnnotationConflict > 0 && m.OnConflict.ValueString() == onError {
		diags.AddError(plural(s.AnnotationConflict, "1 annotation already exists and differs from its row", "%s annotations already exist "+
			"and differ from their rows"),
			"They were not created by this resource, so they are left as they are. Give the annotations of the rows other ids, or set "+
				"on_conflict = \"overwrite\".\n\n"+
				lines(s.AnnotationConflicts, s.AnnotationConflict))
	}
	if most := m.MaxAnnotationDeletes.ValueInt64(); int64(s.AnnotationsRemove) > most {
		diags.AddAttributeError(path.Root("max_annotation_deletes"), "More annotations would be deleted than max_annotation_deletes allows",
			fmt.Sprintf("This would delete %s annotations, and max_annotation_deletes is %d.\n\n"+
				"If this is intended, raise max_annotation_deletes. If not, check that the source is complete, and that its classes have the "+
				"same names as before.",
				number(s.AnnotationsRemove), most))
	}
	if s.NoContent > 0 {
		diags.AddError(plural(s.NoContent, "1 row has no content and no input", "%s rows have no content and no inputs"),
			"A row without url, file and text manages an existing input and leaves its content as it is. Add the content, or correct the ids.\n\n"+
				lines(s.NoContents, s.NoContent))
	}
	if s.DuplicateURL > 0 && !o.AllowDuplicateURL {
		diags.AddError("Rows with the same URL",
			"The service rejects a URL that another input of the app has, unless it is told to accept it. Give each input a URL of its own, "+
				"or set allow_duplicate_url = true.\n\n"+
				lines(s.DuplicateURLs, s.DuplicateURL))
	}
	if s.Remove > 0 && m.DeletionPolicy.ValueString() == attrs.DeletionPrevent {
		diags.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			fmt.Sprintf("The rows of %s are removed (%s), and deletion_policy is \"prevent\". Restore them, or set deletion_policy to "+
				"\"delete\", or to \"abandon\" to leave the inputs at the service.",
				counted(s.Remove), names(s.RemoveIDs, s.Remove)))
	}
	deletes := s.Replace
	if !o.Abandon {
		deletes += s.Remove
	}
	if most := m.MaxDeletes.ValueInt64(); int64(deletes) > most {
		text := fmt.Sprintf("This would delete %s, and max_deletes is %d.", counted(deletes), most)
		if s.Remove > 0 && !o.Abandon {
			text += fmt.Sprintf("\n\nRemoved rows: %s.", names(s.RemoveIDs, s.Remove))
		}
		if s.Replace > 0 {
			text += fmt.Sprintf("\n\nInputs with other content, which are deleted and recreated: %s.", names(s.ReplaceIDs, s.Replace))
		}
		diags.AddAttributeError(path.Root("max_deletes"), "More inputs would be deleted than max_deletes allows",
			text+"\n\nIf this is intended, raise max_deletes. If not, check that the source is complete.")
	}
	return diags
}

// planWarnings returns what people should see before they apply.
func planWarnings(m *model, s reconcile.Summary) diag.Diagnostics {
	var diags diag.Diagnostics
	o := m.options()
	switch {
	case s.Remove == 0:
	case o.Abandon:
		diags.AddWarning(
			fmt.Sprintf("%s no longer managed", counted(s.Remove)),
			fmt.Sprintf(
				"Their rows are removed, and deletion_policy is \"abandon\", so they stay at the service: %s.",
				names(s.RemoveIDs, s.Remove),
			),
		)
	default:
		diags.AddWarning(fmt.Sprintf("%s to be deleted", counted(s.Remove)),
			fmt.Sprintf("Their rows are removed: %s. Annotations and memberships are deleted with them.", names(s.RemoveIDs, s.Remove)))
	}
	if n := s.AnnotationsAdd + s.AnnotationsChange + s.AnnotationsRemove; n > 0 && s.AnnotationsUnmanaged > 0 {
		diags.AddWarning(plural(s.AnnotationsUnmanaged, "1 annotation of others stays as it is", "%s annotations of others stay as they are"),
			"The inputs of rows with annotations also have annotations that this resource did not create, such as those of annotators. The "+
				"provider does not change them.")
	}
	if s.Replace > 0 {
		diags.AddWarning(fmt.Sprintf("%s to be deleted and recreated", counted(s.Replace)),
			fmt.Sprintf("Their content has changed: %s. Annotations that others made on them are lost.", names(s.ReplaceIDs, s.Replace)))
	}
	if s.Failed > 0 {
		what := "They are deleted and sent again."
		if o.AcceptFailed {
			what = "They are left as they are, since on_failed is \"warn\"."
		}
		diags.AddWarning(fmt.Sprintf("%s could not be processed by the service", counted(s.Failed)), what+"\n\n"+lines(s.FailedReasons, s.Failed))
	}
	if s.FailedAsIs > 0 {
		diags.AddWarning(fmt.Sprintf("%s failed processing and stay as they are", counted(s.FailedAsIs)),
			fmt.Sprintf("Clarifai could not process them, and their rows set no content to send again: %s. To recreate one, set its url, "+
				"file or text; to drop it, remove its row.",
				names(s.FailedAsIsIDs, s.FailedAsIs)))
	}
	if s.Released > 0 {
		diags.AddWarning(fmt.Sprintf("%s no longer managed", counted(s.Released)),
			"Their rows were removed after the import and before the first apply that changed something. The inputs stay in the app.")
	}
	if s.Unverified > 0 {
		diags.AddWarning(fmt.Sprintf("The content of %s cannot be verified", counted(s.Unverified)),
			fmt.Sprintf("They already exist, and the service does not return content, so the provider assumes that it is the configured one: "+
				"%s. From now on its fingerprint is stored.",
				names(s.UnverifiedIDs, s.Unverified)))
	}
	if s.AddedByOthers > 0 {
		diags.AddWarning(fmt.Sprintf("%s added to the tracking dataset outside Terraform", counted(s.AddedByOthers)),
			fmt.Sprintf("Dataset %q lists the inputs that this resource manages. Somebody else has added %s, which have no row. They are "+
				"removed from the list, and stay in the app.",
				m.ID.ValueString(), names(s.AddedByOthersIDs, s.AddedByOthers)))
	}
	if s.Adopt > 0 {
		diags.AddWarning(plural(s.Adopt, "1 input already exists", "%s inputs already exist"),
			"They match their rows, or on_conflict allows to change them, and are adopted: nothing is sent again. From then on they belong "+
				"to this resource and are destroyed with it.")
	}
	return diags
}

// unplannedDeletes rejects deletions that the plan did not contain.
func unplannedDeletes(m *model, s reconcile.Summary) diag.Diagnostics {
	var out diag.Diagnostics
	if m.Changes.IsUnknown() || m.Changes.IsNull() {
		return nil
	}
	_, _, replace, remove, _ := changes.Counts(m.Changes.ValueString())
	if s.Remove > remove || s.Recreated(m.options()) > replace {
		out.AddError("More would be deleted than was planned",
			fmt.Sprintf("Inputs have changed at the service since the plan was made: %s would be deleted and %s recreated, and the plan "+
				"contains %d and %d. Nothing was done. Plan and apply again.",
				counted(s.Remove), counted(s.Recreated(m.options())), remove, replace))
	}
	if planned := changes.Removed(m.Changes.ValueString(), annotationNoun); s.AnnotationsRemove > planned {
		out.AddError("More annotations would be deleted than was planned",
			fmt.Sprintf("Annotations have changed since the plan was made: %s would be deleted, and the plan contains %d. Nothing was done. "+
				"Plan and apply again.",
				number(s.AnnotationsRemove), planned))
	}
	return out
}

func trackingProblem(m *model, err error) diag.Diagnostic {
	if errors.Is(err, reconcile.ErrNotTracking) {
		return diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("Dataset %q already exists", m.ID.ValueString()),
			"The provider keeps a tracking dataset with the id of this resource, whose members are the resource's inputs. The app has a "+
				"dataset with this id for another use. Choose another id.")
	}
	return diags.AttributeError(path.Root("id"), fmt.Sprintf("Unable to create tracking dataset %q", m.ID.ValueString()), err)
}

func compareProblem(m *model, err error) diag.Diagnostic {
	if errors.Is(err, reconcile.ErrNotTracking) {
		return trackingProblem(m, err)
	}
	return diags.Error("Unable to read which of the inputs already exist", err)
}

func importProblem(m *model, err error) diag.Diagnostic {
	const how = "To manage other existing inputs, no import is needed: write a manifest that describes them, and apply. Inputs that " +
		"match their rows are adopted."
	if errors.Is(err, reconcile.ErrNotTracking) || clarifai.IsNotFound(err) {
		return diag.NewErrorDiagnostic("No such inputs to import",
			fmt.Sprintf("Only what another run of Terraform has created as %s with id = %q can be imported: its tracking dataset has that "+
				"id. App %q has no such tracking dataset.\n\n%s",
				typeName, m.ID.ValueString(), m.AppID.ValueString(), how))
	}
	return diags.Error("Unable to import "+m.String(), err)
}

// trackingExists rejects a tracking dataset with members that have no row.
func trackingExists(m *model, sum reconcile.Summary) diag.Diagnostic {
	app := m.app()
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("Tracking dataset %q already exists", m.ID.ValueString()),
		fmt.Sprintf("Another run of Terraform has created it: an earlier run of this configuration that was killed, or a run with another "+
			"state. It lists %s without a row here: %s. "+
			"Nothing was done, so that inputs of others are neither adopted nor deleted. To continue with that list, import it:\n\n  "+
			"terraform import %s.NAME %s/%s/%s\n\nOtherwise choose another id.",
			counted(sum.UnknownOwner), names(sum.UnknownOwnerIDs, sum.UnknownOwner), typeName, app.UserID, app.AppID, m.ID.ValueString()))
}

func deleteTrackingProblem(m *model, err error) diag.Diagnostic {
	var unexpected *reconcile.UnexpectedMembersError
	if errors.As(err, &unexpected) {
		return diag.NewErrorDiagnostic("The tracking dataset has changed during the destroy",
			fmt.Sprintf("Dataset %q lists the inputs that this resource manages. When it was to be deleted, it listed %s that it did not "+
				"list before: %s. "+
				"The others are deleted. The resource stays in state; destroy again.",
				m.ID.ValueString(), counted(len(unexpected.IDs)), names(reconcile.First(unexpected.IDs), len(unexpected.IDs))))
	}
	return diags.Error(fmt.Sprintf("Unable to delete tracking dataset %q", m.ID.ValueString()), err)
}

// reason describes a failure in a list of many.
func reason(f reconcile.Failure) string { return f.Doing + diags.Brief(f.Err) + f.Hint }

// applyProblems reports what an apply has not done. operation is a key of timeouts.
func applyProblems(m *model, res *reconcile.Result, operation string) diag.Diagnostics {
	var out diag.Diagnostics
	failed := slices.Sorted(maps.Keys(res.Failures))
	if file := m.FailuresFile.ValueString(); file != "" {
		if err := writeFailures(file, failed, res); err != nil {
			out.AddAttributeWarning(
				path.Root("failures_file"),
				"Unable to write the list of failures",
				"Cannot write "+inputcontent.FileError(err)+".",
			)
		}
	}
	creating := operation == "create"
	if len(failed) > 0 {
		summary := fmt.Sprintf("%s of %s failed", number(len(failed)), counted(res.Rows.Len()))
		text := failureText(m, failed, res, creating)
		if m.OnFailed.ValueString() == onWarn {
			out.AddWarning(summary, text)
		} else {
			out.AddError(summary, text)
		}
	}
	if res.Halted == nil {
		return out
	}
	const next = "Inputs that were sent stay, and are in state. The next apply compares again and does the rest; nothing is sent twice."
	if !errors.Is(res.Halted, context.Canceled) && !errors.Is(res.Halted, context.DeadlineExceeded) {
		out.AddError("Stopped: "+m.String(), diags.Detail(res.Halted)+"\n\n"+next)
		return out
	}
	interrupted := &wait.InterruptedError{What: m.String(), Waited: res.Took, Err: res.Halted}
	problem := diags.StillRunning("Not finished: "+m.String(), interrupted, operation, next)
	if creating {
		problem = diags.AsWarning(problem) // an error would taint the resource
	}
	return append(out, problem)
}

// failureText lists the first failures and says how to continue.
func failureText(m *model, failed []string, res *reconcile.Result, creating bool) string {
	var few []string
	for _, id := range failed[:min(reconcile.Listed, len(failed))] {
		line := id
		if r := res.Rows.Find(id); r != nil && res.Rows.Position(r).Line > 0 {
			line += fmt.Sprintf(" (line %d)", res.Rows.Position(r).Line)
		}
		few = append(few, line+": "+reason(res.Failures[id]))
	}
	text := lines(few, len(failed)) + "\n\nThe others are done and in state. The next apply does only the rest: nothing is sent or " +
		"deleted twice."
	if creating && m.OnFailed.ValueString() != onWarn {
		text += " Terraform will say that the resource is tainted and must be replaced, as after any error during a create. The provider " +
			"deletes nothing then: it adopts the inputs that exist. To see an update instead, run terraform untaint."
	}
	if m.FailuresFile.IsNull() && len(failed) > reconcile.Listed {
		text += " To list all failures in a file, set failures_file."
	}
	return text
}

// writeFailures writes all failures to a file, or removes it if there are none.
func writeFailures(name string, failed []string, res *reconcile.Result) error {
	if len(failed) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	var b strings.Builder
	for _, id := range failed {
		line, err := json.Marshal(struct {
			ID     string `json:"id"`
			Reason string `json:"reason"`
		}{id, reason(res.Failures[id])})
		if err != nil {
			return err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return os.WriteFile(name, []byte(b.String()), 0o600)
}
