package reconcile

import (
	"context"
	"maps"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

const (
	// maxFewRows and maxFewRemoves limit a [Few]. Its rows are read in one request, and each removed input by itself.
	maxFewRows    = clarifai.MaxItemsPerCall
	maxFewRemoves = 10
	// fewFrom is from how many rows on it takes fewer requests to read only those that differ.
	fewFrom = 2 * clarifai.MaxPerPage
)

// Few lists all of a small [Diff] by id. Refreshing stores it, so that the apply
// reads only these inputs again rather than all.
type Few struct {
	Add     []string            `json:"add,omitempty"`
	Patch   []string            `json:"patch,omitempty"`
	Replace []string            `json:"replace,omitempty"`
	Remove  []string            `json:"remove,omitempty"`
	Join    map[string][]string `json:"join,omitempty"`
	Leave   map[string][]string `json:"leave,omitempty"`
}

// few lists the difference, or returns nil if it is large or has anything that depends on other inputs.
func (d *Diff) few() *Few {
	other := len(d.Adopt) + len(d.Failed) + len(d.FailedChanged) + len(d.Processing) + len(d.Conflicts) + len(d.Unverified) +
		len(d.NoContent) + len(d.Untracked) + len(d.DuplicateURLs) + len(d.AddedByOthers) + len(d.UnknownOwner) + d.Released +
		len(d.Annotations.Add) + len(d.Annotations.Change) + len(d.Annotations.Remove) + len(d.Annotations.Conflicts)
	if other > 0 || d.Rows.Len() < fewFrom || d.NoTracking || d.Imported || d.TrackingInDoubt || d.ContentsInDoubt {
		return nil
	}
	few := &Few{
		Add: rowIDs(d.Missing), Replace: rowIDs(d.Replace), Remove: slices.Clone(d.Remove),
		Join: maps.Clone(d.Join), Leave: maps.Clone(d.Leave),
	}
	for _, p := range d.Patch {
		few.Patch = append(few.Patch, p.Row.ID)
	}
	n := len(few.rows())
	if n+len(few.Remove) == 0 || n > maxFewRows || len(few.Remove) > maxFewRemoves {
		return nil
	}
	return few
}

// rows returns the ids of all rows that it is about.
func (f *Few) rows() []string {
	all := slices.Concat(f.Add, f.Patch, f.Replace)
	for _, lists := range []map[string][]string{f.Join, f.Leave} {
		for _, ids := range lists {
			all = append(all, ids...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// reads is how many requests it takes to read the inputs again.
func (f *Few) reads() int { return min(len(f.rows()), 1) + len(f.Remove) }

// CompareAgain compares Clarifai with rows that refreshing has compared before. If
// there was little to do, it reads only the inputs that it is about. If one of them
// is not as it was found any more, it compares all.
func (t Target) CompareAgain(ctx context.Context, rows *source.Rows, refreshed *Summary, o CompareOptions) (*Diff, error) {
	if refreshed.Few == nil || refreshed.Digest != rows.Digest || refreshed.Overwrite != o.Overwrite {
		return t.Compare(ctx, rows, o)
	}
	d, same, err := t.compareFew(ctx, rows, refreshed.Few, o.Overwrite)
	if err != nil || same {
		return d, err
	}
	return t.Compare(ctx, rows, o)
}

// compareFew compares the listed inputs. It is not the same if they differ in another way than listed.
func (t Target) compareFew(ctx context.Context, rows *source.Rows, few *Few, overwrite bool) (d *Diff, same bool, err error) {
	c := t.newComparison(rows, overwrite)
	found := map[string]*clarifai.Input{}
	if ids := few.rows(); len(ids) > 0 {
		if err := t.Client.ReadInputs(ctx, t.App, ids, clarifai.MaxPerPage*len(ids), func(in *clarifai.Input) { found[in.ID] = in }); err != nil {
			return nil, false, err
		}
	}
	for _, id := range few.rows() {
		r, in := rows.Find(id), found[id]
		missing := slices.Contains(few.Add, id)
		if r == nil || missing != (in == nil) {
			return nil, false, nil
		}
		switch {
		case missing:
			c.Missing = append(c.Missing, r)
		case slices.Contains(few.Replace, id):
			c.Replace = append(c.Replace, r)
		case !c.compare(r, in, true):
			return nil, false, nil
		}
	}
	if len(c.Processing) > 0 || len(c.FailedAsIs) > 0 || len(c.Replace) != len(few.Replace) {
		return nil, false, nil
	}
	for _, id := range few.Remove {
		switch _, err := t.Client.GetDatasetInput(ctx, t.App, t.TrackingID, id); {
		case clarifai.IsNotFound(err):
			return nil, false, nil
		case err != nil:
			return nil, false, err
		}
	}
	c.Remove, c.Join, c.Leave = few.Remove, few.Join, few.Leave
	return c.Diff, true, nil
}
