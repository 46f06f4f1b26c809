package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// stableTime limits how long a comparison waits for members that disappear while the list is read.
const stableTime = time.Minute

// Diff is how Clarifai differs from the rows.
type Diff struct {
	Rows *source.Rows

	Missing       []*source.Row // they do not exist
	Adopt         []*source.Row // they exist as their rows want them, and are not in the tracking dataset
	Patch         []Patch       // they have other concepts, metadata or geo locations
	Replace       []*source.Row // they have other contents
	Failed        []*source.Row // Clarifai could not process them
	FailedChanged []*source.Row // the same, and their rows have other contents by now
	Processing    []*source.Row // they are being processed
	Conflicts     []RowReason   // they exist, are not as their rows want them, and do not belong to the resource
	Unverified    []*source.Row // their contents cannot be compared
	NoContent     []RowReason   // they do not exist, and their rows set no content to create them with
	FailedAsIs    []*source.Row // Clarifai could not process them, and their rows do not manage their contents
	Untracked     []*source.Row // imported from rows: they join the tracking dataset that the first apply creates
	DuplicateURLs []RowReason   // they do not exist, and another row has the same URL

	Join  map[string][]string // memberships to add, by dataset
	Leave map[string][]string // memberships to remove, by dataset

	Remove        []string // they belong to the resource and have no row
	AddedByOthers []string // others added them to the tracking dataset, and they have no row
	UnknownOwner  []string // they are in the tracking dataset, have no row, and may belong to anybody

	Annotations Annotations
	Details     []Detail // what differs, of the first patches by id

	FailedStatus map[string]clarifai.Status // of Failed, by id
	LastJoined   time.Time                  // when the newest member joined the tracking dataset

	NoTracking      bool // the tracking dataset does not exist
	Imported        bool // it does not exist because the inputs were imported from rows
	Released        int  // inputs that were imported from rows, have no row any more, and stay in the app
	TrackingInDoubt bool // too much of the tracking dataset has changed to tell whose the members are
	ContentsInDoubt bool // too many contents have changed to tell which
}

// Patch is a change of an input's concepts, metadata or geo location.
type Patch struct {
	Row    *source.Row
	Data   *clarifai.Data
	Action clarifai.PatchAction
}

// RowReason is a row with a reason.
type RowReason struct {
	Row    *source.Row
	Reason string
}

// comparison compares what lists return with the rows. Each input is compared
// once, whichever list it comes from.
type comparison struct {
	*Diff
	target    Target
	overwrite bool
	applied   bool              // the last apply completed, so that the rows are the resource's inputs
	seen      []bool            // by row: the input exists
	owned     []bool            // by row: the input belongs to the resource
	member    map[string][]bool // by dataset and row
	found     []*clarifai.Input // by row: inputs whose owner is not known yet
}

// CompareOptions are what a comparison depends on besides the rows.
type CompareOptions struct {
	Fingerprints *Fingerprints // of the last apply, or nil
	Overwrite    bool          // treat conflicts as changes
	NoTracking   bool          // the tracking dataset is known not to exist
}

// CompareNew compares Clarifai with rows before the resource is created.
func (t Target) CompareNew(ctx context.Context, rows *source.Rows, incomplete *Fingerprints, overwrite bool) (*Diff, error) {
	exists, err := t.HasTracking(ctx)
	if err != nil {
		return nil, err
	}
	return t.Compare(ctx, rows, CompareOptions{Fingerprints: incomplete, Overwrite: overwrite, NoTracking: !exists})
}

// newComparison starts a comparison that has found nothing yet.
func (t Target) newComparison(rows *source.Rows, overwrite bool) *comparison {
	return &comparison{
		Diff: &Diff{
			Rows: rows, Join: map[string][]string{}, Leave: map[string][]string{}, FailedStatus: map[string]clarifai.Status{},
		},
		target: t, overwrite: overwrite, member: map[string][]bool{},
	}
}

// Compare compares Clarifai with rows.
func (t Target) Compare(ctx context.Context, rows *source.Rows, o CompareOptions) (*Diff, error) {
	c := t.newComparison(rows, o.Overwrite)
	c.NoTracking, c.applied = o.NoTracking, o.Fingerprints.AppliedTo(rows)
	c.seen, c.owned = make([]bool, rows.Len()), make([]bool, rows.Len())
	c.found = make([]*clarifai.Input, rows.Len())
	managed := rows.Datasets
	if o.Fingerprints != nil {
		managed = union(managed, o.Fingerprints.Datasets)
	}
	if o.Fingerprints.IsUntracked() {
		if err := c.checkImported(ctx, o.Fingerprints); err != nil {
			return nil, err
		}
	}
	if o.NoTracking {
		// Nothing belongs to the resource yet. What is adopted joins the datasets of its row, member or not.
		managed = rows.Datasets
	} else if err := c.readLists(ctx, managed, o.Fingerprints); err != nil {
		return nil, err
	}
	if err := c.lookUp(ctx); err != nil {
		return nil, err
	}
	if c.Imported {
		for i := range rows.All {
			if c.seen[i] && c.owned[i] {
				c.Untracked = append(c.Untracked, &rows.All[i])
			}
		}
	}
	c.compareContents(o.Fingerprints)
	c.compareMemberships(managed)
	if err := c.compareAnnotations(ctx); err != nil {
		return nil, err
	}
	return c.Diff, nil
}

// readLists reads the tracking dataset and the datasets in which memberships are managed.
func (c *comparison) readLists(ctx context.Context, managed []string, fingerprints *Fingerprints) error {
	// After an apply that completed, what the lists of other datasets say of the inputs is enough.
	enough := c.applied && len(managed) > 0 && !c.Imported
	if !enough && !c.Imported {
		if err := c.readTracking(ctx, fingerprints); err != nil {
			return err
		}
	}
	for _, d := range managed {
		if err := c.readDataset(ctx, d, enough); err != nil {
			return err
		}
	}
	if enough && slices.Contains(c.seen, false) {
		return c.readTracking(ctx, fingerprints)
	}
	return nil
}

// checkImported finds the inputs that were imported from rows, if no tracking dataset lists them yet.
func (c *comparison) checkImported(ctx context.Context, fingerprints *Fingerprints) error {
	exists, err := c.target.HasTracking(ctx)
	if err != nil || exists {
		return err
	}
	c.NoTracking, c.Imported = true, true
	now := NewFingerprints(0)
	for i := range c.Rows.All {
		now.Add(c.Rows.All[i].ID)
	}
	added, released, ok := now.IDs.Difference(fingerprints.IDs)
	if !ok {
		return nil // too many rows have changed to tell which were imported: they are adopted as those of a new resource
	}
	c.Released = len(released)
	for i := range c.Rows.All {
		c.owned[i] = !slices.Contains(added, idHash(c.Rows.All[i].ID))
	}
	return nil
}

// readDataset records which of the rows' inputs are members of a dataset. A
// dataset that does not exist has no members: the same apply may create it.
func (c *comparison) readDataset(ctx context.Context, dataset string, owned bool) error {
	members := make([]bool, len(c.seen))
	c.member[dataset] = members
	expected := 0
	if owned { // the last apply has added them
		for range c.Rows.MembersOf(dataset) {
			expected++
		}
	}
	for m, err := range c.target.Client.AllDatasetInputs(ctx, c.target.App, dataset, longPages(expected)) {
		if clarifai.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if m.Input == nil {
			continue
		}
		if i, ok := c.Rows.Index(m.Input.ID); ok {
			members[i] = true
			c.add(i, m.Input, owned)
		}
	}
	return nil
}

// readTracking finds the inputs of the resource, with a row or without.
func (c *comparison) readTracking(ctx context.Context, fingerprints *Fingerprints) error {
	expected := 0
	if fingerprints != nil {
		expected = fingerprints.Count
	}
	members, err := c.readMembers(ctx, expected)
	if err != nil {
		return err
	}
	if fingerprints == nil {
		c.UnknownOwner = slices.Sorted(maps.Keys(members.withoutRow))
		return nil
	}
	here, there, ok := members.ids.IDs.Difference(fingerprints.IDs)
	if !c.NoTracking && (!ok || c.anyWithoutRow(there)) {
		// Members without a row are known by the list alone. If some are missing because others disappeared
		// while the pages were read, the resource would lose track of them, and they would stay forever.
		if members, err = c.readUntilStable(ctx, members); err != nil {
			return err
		}
		here, there, ok = members.ids.IDs.Difference(fingerprints.IDs)
	}
	if !ok {
		c.TrackingInDoubt = true
		return c.decideByTime(ctx, members.withoutRow)
	}
	for _, id := range slices.Sorted(maps.Keys(members.withoutRow)) {
		if slices.Contains(here, idHash(id)) {
			c.AddedByOthers = append(c.AddedByOthers, id)
		} else {
			c.Remove = append(c.Remove, id)
		}
	}
	// Inputs that were removed from the tracking dataset outside Terraform still belong to the resource.
	if len(there) > 0 {
		for i := range c.Rows.All {
			if !c.owned[i] && slices.Contains(there, idHash(c.Rows.All[i].ID)) {
				c.owned[i] = true
			}
		}
	}
	return nil
}

// trackingMembers is what reading the tracking dataset once returns.
type trackingMembers struct {
	ids        *Fingerprints        // of all members
	withoutRow map[string]time.Time // when they joined
}

// longPages asks for all pages of a list that probably has a number of objects.
func longPages(expected int) clarifai.Page {
	return clarifai.Page{PerPage: clarifai.MaxPerPage, Expected: expected}
}

// readMembers reads all members of the tracking dataset once.
func (c *comparison) readMembers(ctx context.Context, expected int) (trackingMembers, error) {
	members := trackingMembers{NewFingerprints(0), map[string]time.Time{}}
	for m, err := range c.target.Client.AllDatasetInputs(ctx, c.target.App, c.target.TrackingID, longPages(expected)) {
		if clarifai.IsNotFound(err) {
			c.NoTracking = true
			break
		}
		if err != nil {
			return members, err
		}
		if m.Input == nil {
			continue
		}
		members.ids.Add(m.Input.ID)
		if m.CreatedAt.After(c.LastJoined) {
			c.LastJoined = m.CreatedAt
		}
		i, ok := c.Rows.Index(m.Input.ID)
		if !ok {
			members.withoutRow[m.Input.ID] = m.CreatedAt
			continue
		}
		c.owned[i] = true
		c.add(i, m.Input, true)
	}
	return members, nil
}

// readUntilStable reads the members until two readings agree, or for a minute.
func (c *comparison) readUntilStable(ctx context.Context, before trackingMembers) (trackingMembers, error) {
	clock := c.target.Client.Clock()
	start := clock.Now()
	for {
		members, err := c.readMembers(ctx, before.ids.Count)
		if err != nil {
			return members, err
		}
		here, there, ok := members.ids.IDs.Difference(before.ids.IDs)
		waited := clock.Now().Sub(start)
		if c.NoTracking || waited > stableTime || ok && len(here)+len(there) == 0 {
			return members, nil
		}
		before = members
		if err := clock.Sleep(ctx, wait.Pause(waited)); err != nil {
			return members, err
		}
	}
}

// anyWithoutRow reports whether hashes of ids include one that is of no row.
func (c *comparison) anyWithoutRow(hashes []uint64) bool {
	if len(hashes) == 0 {
		return false
	}
	rows := 0
	for i := range c.Rows.All {
		if slices.Contains(hashes, idHash(c.Rows.All[i].ID)) {
			rows++
		}
	}
	return rows < len(hashes)
}

// decideByTime decides whose the members without a row are when the fingerprints
// do not tell: those that were members when all members were known to belong to
// the resource belong to it.
func (c *comparison) decideByTime(ctx context.Context, withoutRow map[string]time.Time) error {
	if len(withoutRow) == 0 {
		return nil
	}
	verified, err := c.target.verifiedAt(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(withoutRow)) {
		switch {
		case verified.IsZero():
			c.UnknownOwner = append(c.UnknownOwner, id)
		case withoutRow[id].After(verified):
			c.AddedByOthers = append(c.AddedByOthers, id)
		default:
			c.Remove = append(c.Remove, id)
		}
	}
	return nil
}

// add records the input of row i. It is compared at once if it is known to belong to the resource.
func (c *comparison) add(i int, in *clarifai.Input, owned bool) {
	switch {
	case c.seen[i]:
	case owned || c.Imported && c.owned[i]:
		c.compare(&c.Rows.All[i], in, true)
	default:
		c.found[i] = in
	}
	c.seen[i] = true
}

// lookUp finds the inputs that no list has returned, and compares those whose owner was not known.
func (c *comparison) lookUp(ctx context.Context) error {
	var unseen []string
	for i := range c.Rows.All {
		if !c.seen[i] {
			unseen = append(unseen, c.Rows.All[i].ID)
		}
	}
	total := 0
	if len(unseen) > 0 {
		var err error
		if total, err = c.target.count(ctx); err != nil {
			return err
		}
	}
	if total > 0 {
		err := c.target.Client.ReadInputs(ctx, c.target.App, unseen, total, func(in *clarifai.Input) {
			if i, ok := c.Rows.Index(in.ID); ok {
				c.add(i, in, false)
			}
		})
		if err != nil {
			return err
		}
	}
	for i := range c.Rows.All {
		r := &c.Rows.All[i]
		switch {
		case !c.seen[i]:
			if !r.ManagesContent() {
				c.NoContent = append(c.NoContent, RowReason{r, "no input has this id, and the row has no url, file or text to create it with"})
			}
			c.Missing = append(c.Missing, r)
			if other := c.Rows.SameURL(i); other != nil {
				c.DuplicateURLs = append(c.DuplicateURLs, RowReason{r, fmt.Sprintf("%s is also the URL of %s", r.URL, other.ID)})
			}
		case c.found[i] != nil:
			if c.compare(r, c.found[i], c.owned[i] || c.applied || c.overwrite) {
				c.Adopt = append(c.Adopt, r)
			}
			c.found[i] = nil
		}
	}
	return nil
}

// count returns the number of inputs of the app, in any state.
func (t Target) count(ctx context.Context) (int, error) {
	n, err := t.Client.GetInputCount(ctx, t.App)
	if err != nil {
		return 0, err
	}
	return int(n.Processed + n.ToProcess + n.Processing + n.Errors), nil
}

// compare compares an input with its row. owned means that the input belongs to
// the resource, or may be changed as if it did. It reports whether the input
// stays and belongs to the resource, now or after the apply.
func (c *comparison) compare(r *source.Row, in *clarifai.Input, owned bool) bool {
	data := in.Data
	if data == nil {
		data = &clarifai.Data{}
	}
	class := in.Status.Code.Class()
	if class == clarifai.ClassFailed && !r.ManagesContent() {
		c.FailedAsIs = append(c.FailedAsIs, r)
		class = clarifai.ClassDone
	}
	content, same := sameContent(r, data), sameData(r, data)
	if !owned && (!content || !same || class == clarifai.ClassFailed) {
		c.Conflicts = append(c.Conflicts, RowReason{r, conflictReason(r, in)})
		return false
	}
	switch {
	case class == clarifai.ClassFailed && !content:
		c.FailedChanged = append(c.FailedChanged, r)
		return false
	case class == clarifai.ClassFailed:
		c.Failed = append(c.Failed, r)
		c.FailedStatus[r.ID] = in.Status
		return false
	case !content:
		c.Replace = append(c.Replace, r)
		return false
	}
	if !same {
		patch, action := patchFor(r, data)
		c.Patch = append(c.Patch, Patch{r, patch, action})
		c.addDetail(r, data)
	}
	if class == clarifai.ClassInProgress {
		c.Processing = append(c.Processing, r)
	}
	return true
}

// compareMemberships finds the datasets that inputs are to join and to leave.
// Inputs that are recreated join theirs when they are created.
func (c *comparison) compareMemberships(managed []string) {
	skip := map[string]bool{}
	for _, list := range [][]*source.Row{c.Replace, c.Failed, c.FailedChanged} {
		for _, r := range list {
			skip[r.ID] = true
		}
	}
	for _, conflict := range c.Conflicts {
		skip[conflict.Row.ID] = true
	}
	for _, d := range managed {
		members := c.member[d] // nil if they were not read
		for i := range c.Rows.All {
			r := &c.Rows.All[i]
			if r.Datasets == nil || !c.seen[i] || skip[r.ID] {
				continue
			}
			_, wanted := slices.BinarySearch(r.Datasets, d)
			switch {
			case wanted && (members == nil || !members[i]):
				c.Join[d] = append(c.Join[d], r.ID)
			case !wanted && members != nil && members[i]:
				c.Leave[d] = append(c.Leave[d], r.ID)
			}
		}
	}
}

// compareContents finds the inputs whose content is not what was sent, as far as the fingerprints tell.
func (c *comparison) compareContents(fingerprints *Fingerprints) {
	if fingerprints.AppliedTo(c.Rows) {
		return
	}
	decided := map[string]bool{} // they are recreated in any case, or belong to others
	for _, list := range [][]*source.Row{c.Replace, c.FailedChanged} {
		for _, r := range list {
			decided[r.ID] = true
		}
	}
	for _, conflict := range c.Conflicts {
		decided[conflict.Row.ID] = true
	}
	var candidates []*source.Row
	var hashes []uint64
	for i := range c.Rows.All {
		if r := &c.Rows.All[i]; r.SendsContent() && c.seen[i] && !decided[r.ID] {
			candidates = append(candidates, r)
			hashes = append(hashes, contentHash(r))
		}
	}
	if len(candidates) == 0 {
		return
	}
	if fingerprints == nil {
		fingerprints = NewFingerprints(0)
	}
	unsent, gone, ok := fingerprints.changedContents(hashes)
	if !ok {
		c.ContentsInDoubt = true
		return
	}
	failed := map[*source.Row]bool{}
	for _, r := range c.Failed {
		failed[r] = true
	}
	for i, r := range candidates {
		changed := gone[uint32(hashes[i]>>32)] //nolint:gosec // the upper half
		switch {
		case !unsent[hashes[i]]:
		case failed[r]:
			if changed {
				c.Failed = slices.DeleteFunc(c.Failed, func(other *source.Row) bool { return other == r })
				c.FailedChanged = append(c.FailedChanged, r)
			}
		case changed:
			c.Replace = append(c.Replace, r)
		default:
			c.Unverified = append(c.Unverified, r)
		}
	}
	c.dropReplaced()
}

// dropReplaced removes patches of inputs that are recreated.
func (c *comparison) dropReplaced() {
	replaced := map[*source.Row]bool{}
	for _, r := range c.Replace {
		replaced[r] = true
	}
	c.Patch = slices.DeleteFunc(c.Patch, func(p Patch) bool { return replaced[p.Row] })
	c.Processing = slices.DeleteFunc(c.Processing, func(r *source.Row) bool { return replaced[r] })
}
