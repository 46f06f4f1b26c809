package inputs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

// summary is what a survey found, in a size that does not depend on how much
// that is. Refreshing leaves it in the private state for planning, so that the
// plan and its repetition before the apply come to the same.
type summary struct {
	Digest    string `json:"digest"` // of the rows that the service was compared with
	Overwrite bool   `json:"overwrite,omitzero"`
	Source    string `json:"source,omitzero"` // where the rows were read from, if from files

	Add        int `json:"add,omitzero"`
	Adopt      int `json:"adopt,omitzero"` // of Add
	Change     int `json:"change,omitzero"`
	Replace    int `json:"replace,omitzero"`
	Redo       int `json:"redo,omitzero"`
	Retry      int `json:"retry,omitzero"`
	Remove     int `json:"remove,omitzero"`
	Waiting    int `json:"waiting,omitzero"`
	Conflict   int `json:"conflict,omitzero"`
	Unverified int `json:"unverified,omitzero"`
	Foreign    int `json:"foreign,omitzero"`
	Extra      int `json:"extra,omitzero"`
	Twins      int `json:"twins,omitzero"`

	AddIDs        []string `json:"add_ids,omitempty"`
	ChangeIDs     []string `json:"change_ids,omitempty"`
	ReplaceIDs    []string `json:"replace_ids,omitempty"`
	RemoveIDs     []string `json:"remove_ids,omitempty"`
	UnverifiedIDs []string `json:"unverified_ids,omitempty"`
	ForeignIDs    []string `json:"foreign_ids,omitempty"`
	ExtraIDs      []string `json:"extra_ids,omitempty"`
	Conflicts     []string `json:"conflicts,omitempty"`
	Redos         []string `json:"redos,omitempty"`
	TwinRows      []string `json:"twin_rows,omitempty"`

	NoLedger       bool `json:"no_ledger,omitzero"`
	Unsure         bool `json:"unsure,omitzero"`
	UnsureContents bool `json:"unsure_contents,omitzero"`
}

// shown is how many ids are named.
const shown = 10

func first(all []string) []string {
	slices.Sort(all)
	return slices.Clone(all[:min(shown, len(all))])
}

func (s *survey) summary(overwrite bool) summary {
	changed := map[string]bool{}
	for _, p := range s.patch {
		changed[p.row.id] = true
	}
	for _, lists := range []map[string][]string{s.join, s.leave} {
		for _, list := range lists {
			for _, id := range list {
				changed[id] = true
			}
		}
	}
	adopted := rowIDs(s.adopt)
	for _, id := range adopted {
		delete(changed, id)
	}
	var changes []string
	for id := range changed {
		changes = append(changes, id)
	}
	sum := summary{
		Digest: s.rows.digest, Overwrite: overwrite,
		Add: len(s.missing) + len(s.adopt), Adopt: len(s.adopt), Change: len(changes), Replace: len(s.replace), Redo: len(s.redo), Retry: len(s.retry),
		Remove: len(s.remove), Waiting: len(s.waiting), Conflict: len(s.conflict), Unverified: len(s.unverified),
		Foreign: len(s.foreign), Extra: len(s.extra), Twins: len(s.twins),
		AddIDs: first(append(rowIDs(s.missing), adopted...)), ChangeIDs: first(changes),
		ReplaceIDs: first(rowIDs(slices.Concat(s.replace, s.redo, s.retry))), RemoveIDs: first(s.remove),
		UnverifiedIDs: first(rowIDs(s.unverified)), ForeignIDs: first(s.foreign), ExtraIDs: first(s.extra),
		NoLedger: s.noLedger, Unsure: s.unsure, UnsureContents: s.unsureContents,
	}
	slices.SortFunc(s.conflict, func(a, b conflict) int { return strings.Compare(a.row.id, b.row.id) })
	slices.SortFunc(s.redo, func(a, b *row) int { return strings.Compare(a.id, b.id) })
	for _, c := range s.conflict[:min(shown, len(s.conflict))] {
		sum.Conflicts = append(sum.Conflicts, fmt.Sprintf("%s: %s", c.row.id, c.why))
	}
	for _, c := range s.twins[:min(shown, len(s.twins))] {
		sum.TwinRows = append(sum.TwinRows, fmt.Sprintf("%s: %s", c.row.id, c.why))
	}
	for _, r := range s.redo[:min(shown, len(s.redo))] {
		sum.Redos = append(sum.Redos, fmt.Sprintf("%s: %s", r.id, s.failures[r.id].Description))
	}
	return sum
}

// anew is how many inputs are deleted and made anew.
func (s summary) anew(o options) int {
	if o.acceptFailed {
		return s.Replace + s.Retry
	}
	return s.Replace + s.Retry + s.Redo
}

// work tells whether there is anything to do.
func (s summary) work(o options) bool {
	n := s.Add + s.Change + s.Replace + s.Retry + s.Remove + s.Foreign + s.Conflict
	if !o.acceptFailed {
		n += s.Redo
	}
	if o.waitForProcessing {
		n += s.Waiting
	}
	return n > 0 || s.NoLedger || s.Unsure
}

// names is a list of ids in a message.
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

// number is a count as people write it.
func number(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func counted(n int) string {
	if n == 1 {
		return "1 input"
	}
	return number(n) + " inputs"
}

// refusals are reasons not to apply what was found.
func (s summary) refusals(m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	o := m.options()
	if s.Unsure && s.Extra > 0 {
		diags.AddAttributeError(path.Root("id"), "The ledger has been changed too much",
			fmt.Sprintf("Dataset %q is the list of the inputs that this resource manages. Others have changed so much of it that its members cannot be told apart by whose they are, "+
				"and %s in it are in no row any more: %s. None of them is deleted. Put their rows back and apply, which sets the list right, and take them out then; "+
				"or import the resource again, which takes the list as it is (terraform state rm, then terraform import).",
				m.ID.ValueString(), counted(s.Extra), names(s.ExtraIDs, s.Extra)))
	}
	if s.UnsureContents {
		diags.AddAttributeError(path.Root("id"), "Too many contents have changed at once",
			"The service does not give contents back, and state has fingerprints of them that tell which have changed as long as these are not more than some hundreds "+
				"(where rows with content that are taken out count as well). Change fewer at a time, give rows with other content other ids, or replace the whole resource (terraform apply -replace=...).")
	}
	if s.Conflict > 0 && m.OnConflict.ValueString() == onError {
		diags.AddError(fmt.Sprintf("%s there already, and not as wanted", counted(s.Conflict)),
			"They are not managed by this resource, so they are left as they are. Give their rows other ids, make the rows like them, or set on_conflict = \"overwrite\".\n\n"+
				strings.Join(s.Conflicts, "\n")+more(s.Conflict))
	}
	if s.Twins > 0 && !o.allowDuplicateURL {
		diags.AddError("Rows with the same URL",
			"The service refuses a URL that the app has already, unless it is told to accept it. Give each input a URL of its own, or set allow_duplicate_url = true.\n\n"+
				strings.Join(s.TwinRows, "\n")+more(s.Twins))
	}
	if s.Remove > 0 && m.DeletionPolicy.ValueString() == attrs.DeletionPrevent {
		diags.AddAttributeError(path.Root("deletion_policy"), "Deletion is prevented",
			fmt.Sprintf("The rows of %s are gone (%s), and deletion_policy is \"prevent\". Put them back, or set deletion_policy to \"delete\", or to \"abandon\" to leave the inputs at the service.",
				counted(s.Remove), names(s.RemoveIDs, s.Remove)))
	}
	deletes := s.Replace
	if !o.abandon {
		deletes += s.Remove
	}
	if most := m.MaxDeletes.ValueInt64(); int64(deletes) > most {
		text := fmt.Sprintf("This would delete %s, and max_deletes is %d.", counted(deletes), most)
		if s.Remove > 0 && !o.abandon {
			text += fmt.Sprintf("\n\nRows that are gone: %s.", names(s.RemoveIDs, s.Remove))
		}
		if s.Replace > 0 {
			text += fmt.Sprintf("\n\nInputs with other content, which are deleted and made anew: %s.", names(s.ReplaceIDs, s.Replace))
		}
		diags.AddAttributeError(path.Root("max_deletes"), "More inputs would be deleted than max_deletes allows",
			text+"\n\nIf that is meant, raise max_deletes. If not, see whether the source is complete.")
	}
	return diags
}

func more(all int) string {
	if all > shown {
		return fmt.Sprintf("\n... and %s more", number(all-shown))
	}
	return ""
}

// warnings are what people should see before they apply.
func (s summary) warnings(m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	o := m.options()
	switch {
	case s.Remove == 0:
	case o.abandon:
		diags.AddWarning(fmt.Sprintf("%s no longer managed", counted(s.Remove)),
			fmt.Sprintf("Their rows are gone, and deletion_policy is \"abandon\", so they stay at the service: %s.", names(s.RemoveIDs, s.Remove)))
	default:
		diags.AddWarning(fmt.Sprintf("%s to be deleted", counted(s.Remove)),
			fmt.Sprintf("Their rows are gone: %s. Annotations and memberships go with them.", names(s.RemoveIDs, s.Remove)))
	}
	if s.Replace > 0 {
		diags.AddWarning(fmt.Sprintf("%s to be deleted and made anew", counted(s.Replace)),
			fmt.Sprintf("Their content is another: %s. Annotations that others made on them are lost.", names(s.ReplaceIDs, s.Replace)))
	}
	if s.Redo > 0 {
		what := "They are deleted and sent again."
		if o.acceptFailed {
			what = "They are left as they are, since on_failed is \"warn\"."
		}
		diags.AddWarning(fmt.Sprintf("%s could not be processed by the service", counted(s.Redo)),
			what+"\n\n"+strings.Join(s.Redos, "\n")+more(s.Redo))
	}
	if s.Unverified > 0 {
		diags.AddWarning(fmt.Sprintf("The content of %s is taken for what it should be", counted(s.Unverified)),
			fmt.Sprintf("They are there already, and the service does not give content back, so nobody can tell whether it is the configured one: %s. From now on its fingerprint is kept.",
				names(s.UnverifiedIDs, s.Unverified)))
	}
	if s.Foreign > 0 {
		diags.AddWarning(fmt.Sprintf("%s in the ledger that this resource did not enter", counted(s.Foreign)),
			fmt.Sprintf("Dataset %q is the list of the inputs that this resource manages. Somebody else put in %s, which are in no row. They are taken out of the list, and stay in the app.",
				m.ID.ValueString(), names(s.ForeignIDs, s.Foreign)))
	}
	if s.Adopt > 0 {
		diags.AddWarning(fmt.Sprintf("%s there already", counted(s.Adopt)),
			"They are as their rows want them, or on_conflict lets them be made so, and are taken over: nothing is sent again. From then on they are this resource's, and destroyed with it.")
	}
	return diags
}
