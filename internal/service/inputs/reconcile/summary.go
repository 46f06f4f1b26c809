package reconcile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// Summary is a [Diff] in a size that does not depend on the number of inputs.
// Refreshing stores it in the private state for planning, so that the plan and its
// repetition before the apply agree.
type Summary struct {
	Digest    string `json:"digest"` // of the rows that Clarifai was compared with
	Overwrite bool   `json:"overwrite,omitzero"`
	Source    string `json:"source,omitzero"` // where the rows were read from, if from files

	Add           int `json:"add,omitzero"`
	Adopt         int `json:"adopt,omitzero"` // of Add
	Change        int `json:"change,omitzero"`
	Replace       int `json:"replace,omitzero"`
	Failed        int `json:"failed,omitzero"`
	FailedChanged int `json:"failed_changed,omitzero"`
	Remove        int `json:"remove,omitzero"`
	Processing    int `json:"processing,omitzero"`
	Conflict      int `json:"conflict,omitzero"`
	Unverified    int `json:"unverified,omitzero"`
	AddedByOthers int `json:"added_by_others,omitzero"`
	UnknownOwner  int `json:"unknown_owner,omitzero"`
	DuplicateURL  int `json:"duplicate_url,omitzero"`
	NoContent     int `json:"no_content,omitzero"`
	FailedAsIs    int `json:"failed_as_is,omitzero"`
	Released      int `json:"released,omitzero"`

	AnnotationsAdd       int `json:"annotations_add,omitzero"`
	AnnotationsChange    int `json:"annotations_change,omitzero"`
	AnnotationsRemove    int `json:"annotations_remove,omitzero"`
	AnnotationsUnmanaged int `json:"annotations_unmanaged,omitzero"`
	AnnotationConflict   int `json:"annotation_conflict,omitzero"`

	Requests int  `json:"requests,omitzero"` // that an apply takes
	Few      *Few `json:"few,omitzero"`      // the whole difference, if it is small

	AnnotationConflicts []string `json:"annotation_conflicts,omitempty"`

	AddIDs           []string `json:"add_ids,omitempty"`
	ChangeIDs        []string `json:"change_ids,omitempty"`
	Differences      []string `json:"differences,omitempty"` // of ChangeIDs
	ReplaceIDs       []string `json:"replace_ids,omitempty"`
	RemoveIDs        []string `json:"remove_ids,omitempty"`
	UnverifiedIDs    []string `json:"unverified_ids,omitempty"`
	AddedByOthersIDs []string `json:"added_by_others_ids,omitempty"`
	UnknownOwnerIDs  []string `json:"unknown_owner_ids,omitempty"`
	Conflicts        []string `json:"conflicts,omitempty"`
	FailedReasons    []string `json:"failed_reasons,omitempty"`
	DuplicateURLs    []string `json:"duplicate_urls,omitempty"`
	NoContents       []string `json:"no_contents,omitempty"`
	FailedAsIsIDs    []string `json:"failed_as_is_ids,omitempty"`

	NoTracking      bool `json:"no_tracking,omitzero"`
	Imported        bool `json:"imported,omitzero"` // no tracking dataset is needed before something changes
	TrackingInDoubt bool `json:"tracking_in_doubt,omitzero"`
	ContentsInDoubt bool `json:"contents_in_doubt,omitzero"`
}

// Listed is how many ids of each kind a summary lists.
const Listed = 10

// First sorts ids and returns the first ones.
func First(ids []string) []string {
	slices.Sort(ids)
	return slices.Clone(ids[:min(Listed, len(ids))])
}

// IsEmpty reports whether the comparison found nothing: everything is as the rows say, and nothing is to be mentioned.
func (s Summary) IsEmpty() bool {
	s.Digest, s.Overwrite, s.Source = "", false, ""
	found, err := json.Marshal(s)
	nothing, _ := json.Marshal(Summary{})
	return err == nil && bytes.Equal(found, nothing)
}

// Summary summarizes the difference.
func (d *Diff) Summary(overwrite bool) Summary {
	changes := d.changedIDs()
	s := Summary{
		Digest: d.Rows.Digest, Overwrite: overwrite,
		Add: len(d.Missing) + len(d.Adopt), Adopt: len(d.Adopt), Change: len(changes),
		Replace: len(d.Replace), Failed: len(d.Failed), FailedChanged: len(d.FailedChanged),
		Remove: len(d.Remove), Processing: len(d.Processing), Conflict: len(d.Conflicts), Unverified: len(d.Unverified),
		AddedByOthers: len(d.AddedByOthers), UnknownOwner: len(d.UnknownOwner), DuplicateURL: len(d.DuplicateURLs),
		AddIDs: First(append(rowIDs(d.Missing), rowIDs(d.Adopt)...)), ChangeIDs: First(changes),
		ReplaceIDs:    First(rowIDs(slices.Concat(d.Replace, d.Failed, d.FailedChanged))),
		RemoveIDs:     First(d.Remove),
		UnverifiedIDs: First(rowIDs(d.Unverified)), AddedByOthersIDs: First(d.AddedByOthers), UnknownOwnerIDs: First(d.UnknownOwner),
		Conflicts: firstReasons(d.Conflicts), DuplicateURLs: firstReasons(d.DuplicateURLs),
		NoContent: len(d.NoContent), NoContents: firstReasons(d.NoContent),
		FailedAsIs: len(d.FailedAsIs), FailedAsIsIDs: First(rowIDs(d.FailedAsIs)),
		Released: d.Released, Imported: d.Imported,
		NoTracking: d.NoTracking, TrackingInDoubt: d.TrackingInDoubt, ContentsInDoubt: d.ContentsInDoubt,
	}
	s.AnnotationsAdd, s.AnnotationsChange, s.AnnotationsRemove = len(d.Annotations.Add), len(d.Annotations.Change), len(d.Annotations.Remove)
	s.AnnotationsUnmanaged, s.AnnotationConflict = d.Annotations.Unmanaged, len(d.Annotations.Conflicts)
	for _, ref := range d.Annotations.Conflicts[:min(Listed, len(d.Annotations.Conflicts))] {
		s.AnnotationConflicts = append(s.AnnotationConflicts, fmt.Sprintf("annotation %s of %s", ref.annotation().ID, ref.Row.ID))
	}
	s.Differences = d.differences(s.ChangeIDs)
	s.Few = d.few()
	s.Requests = d.requests(s.Few)
	var failed []RowReason
	for _, r := range d.Failed {
		failed = append(failed, RowReason{r, d.FailedStatus[r.ID].Description})
	}
	s.FailedReasons = firstReasons(failed)
	return s
}

// CreateSummary summarizes the create of rows of which no input exists.
func CreateSummary(rows *source.Rows) Summary {
	d := &Diff{Rows: rows, NoTracking: true}
	for i := range rows.All {
		r := &rows.All[i]
		d.Missing = append(d.Missing, r)
		for k := range r.Annotations {
			d.Annotations.Add = append(d.Annotations.Add, AnnotationRef{r, k})
		}
	}
	return d.Summary(false)
}

// differences describes the changes of some inputs.
func (d *Diff) differences(ids []string) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		var parts []string
		if at := slices.IndexFunc(d.Details, func(detail Detail) bool { return detail.ID == id }); at >= 0 {
			parts = append(parts, d.Details[at].Text)
		}
		for _, dataset := range slices.Sorted(maps.Keys(d.Join)) {
			if slices.Contains(d.Join[dataset], id) {
				parts = append(parts, "joins dataset "+dataset)
			}
		}
		for _, dataset := range slices.Sorted(maps.Keys(d.Leave)) {
			if slices.Contains(d.Leave[dataset], id) {
				parts = append(parts, "leaves dataset "+dataset)
			}
		}
		if n := d.Annotations.of(id); n > 0 {
			parts = append(parts, fmt.Sprintf("%d annotations", n))
		}
		texts[i] = strings.Join(parts, "; ")
	}
	return texts
}

// of is the number of annotations of an input that differ.
func (a *Annotations) of(id string) int {
	n := 0
	for _, list := range [][]AnnotationRef{a.Add, a.Change} {
		for _, ra := range list {
			if ra.Row.ID == id {
				n++
			}
		}
	}
	for _, ref := range a.Remove {
		if ref.InputID == id {
			n++
		}
	}
	return n
}

// requests estimates how many requests an apply takes.
func (d *Diff) requests(few *Few) int {
	per := func(n int) int { return (n + clarifai.MaxItemsPerCall - 1) / clarifai.MaxItemsPerCall }
	recreated := len(d.Replace) + len(d.Failed) + len(d.FailedChanged)
	n := per(len(d.Missing)+recreated) + per(len(d.Remove)+recreated) + per(len(d.Patch)) + per(len(d.Adopt))
	for _, lists := range []map[string][]string{d.Join, d.Leave} {
		for _, ids := range lists {
			n += per(len(ids))
		}
	}
	a := d.Annotations
	n += per(len(a.Add)) + per(len(a.Change)) + per(len(a.Remove))
	if n == 0 {
		return 0
	}
	if d.NoTracking && !d.Imported {
		n++ // creates the tracking dataset
	}
	if few != nil {
		return n + few.reads()
	}
	return n + (d.Rows.Len()+clarifai.MaxPerPage-1)/clarifai.MaxPerPage // that read what exists
}

// changedIDs returns the ids of existing inputs that are changed in place.
func (d *Diff) changedIDs() []string {
	changed := map[string]bool{}
	for _, p := range d.Patch {
		changed[p.Row.ID] = true
	}
	for _, lists := range []map[string][]string{d.Join, d.Leave} {
		for _, list := range lists {
			for _, id := range list {
				changed[id] = true
			}
		}
	}
	for _, list := range [][]AnnotationRef{d.Annotations.Add, d.Annotations.Change} {
		for _, ref := range list {
			changed[ref.Row.ID] = true
		}
	}
	for _, ref := range d.Annotations.Remove {
		changed[ref.InputID] = true
	}
	// Inputs that are created or recreated are not counted twice.
	for _, list := range [][]*source.Row{d.Adopt, d.Missing, d.Replace, d.Failed, d.FailedChanged} {
		for _, r := range list {
			delete(changed, r.ID)
		}
	}
	for _, conflict := range d.Conflicts {
		delete(changed, conflict.Row.ID)
	}
	ids := make([]string, 0, len(changed))
	for id := range changed {
		ids = append(ids, id)
	}
	return ids
}

// firstReasons are the first rows by id, with their reasons.
func firstReasons(all []RowReason) []string {
	slices.SortFunc(all, func(a, b RowReason) int { return strings.Compare(a.Row.ID, b.Row.ID) })
	var lines []string
	for _, r := range all[:min(Listed, len(all))] {
		lines = append(lines, fmt.Sprintf("%s: %s", r.Row.ID, r.Reason))
	}
	return lines
}

func rowIDs(rows []*source.Row) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids
}

// Recreated is the number of inputs that are deleted and created again.
func (s Summary) Recreated(o Options) int {
	if o.AcceptFailed {
		return s.Replace + s.FailedChanged
	}
	return s.Replace + s.FailedChanged + s.Failed
}

// HasWork reports whether there is anything to apply.
func (s Summary) HasWork(o Options) bool {
	n := s.Add + s.Change + s.Replace + s.FailedChanged + s.Remove + s.AddedByOthers + s.Conflict +
		s.AnnotationsAdd + s.AnnotationsChange + s.AnnotationsRemove + s.AnnotationConflict
	if !o.AcceptFailed {
		n += s.Failed
	}
	if o.WaitForProcessing {
		n += s.Processing
	}
	return n > 0 || s.NoTracking && !s.Imported || s.TrackingInDoubt
}
