package inputs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// settleTime bounds the waiting for a list whose members go while it is read.
const settleTime = time.Minute

// site is where the inputs are.
type site struct {
	client *clarifai.Client
	app    clarifai.AppRef
	ledger string // id of the dataset whose members are this resource's inputs
}

// survey is how the service differs from what the rows want.
type survey struct {
	rows *collection

	missing    []*row     // not there
	adopt      []*row     // there as wanted, but not in the ledger
	patch      []patching // other labels, metadata or place
	replace    []*row     // other content
	redo       []*row     // could not be processed
	retry      []*row     // could not be processed, and now there is other content
	waiting    []*row     // being processed
	conflict   []conflict // there, not as wanted, and not this resource's
	unverified []*row     // content that cannot be compared
	twins      []conflict // missing, with the URL of another row
	join       map[string][]string
	leave      map[string][]string
	remove     []string // this resource's, and in no row any more
	foreign    []string // in the ledger without this resource's doing, and in no row
	extra      []string // in the ledger and in no row; whose they are is not known

	failures map[string]clarifai.Status // of redo
	newest   time.Time                  // when the last of the ledger's members joined

	noLedger       bool // the dataset is not there
	unsure         bool // too much of the ledger has changed to tell whose its members are
	unsureContents bool // too many contents have changed to tell which
}

type patching struct {
	row    *row
	data   *clarifai.Data
	action clarifai.PatchAction
}

type conflict struct {
	row *row
	why string
}

// observer compares what lists yield with the rows. Each input is looked at once,
// whichever list it comes from.
type observer struct {
	*survey
	overwrite bool
	settled   bool              // the last apply did all, so that the rows are the resource's inputs
	seen      []bool            // by row: it is at the service
	owned     []bool            // by row: it is in the ledger
	member    map[string][]bool // by dataset and row
	found     []*clarifai.Input // by row, until it is known whose it is
}

// look compares the service with the rows. prints is what is known of the last
// apply, or nil. overwrite makes conflicts into changes. noLedger says that the
// ledger is known not to be there.
func (s site) look(ctx context.Context, rows *collection, prints *fingerprints, overwrite, noLedger bool) (*survey, error) {
	o := &observer{
		survey:    &survey{rows: rows, join: map[string][]string{}, leave: map[string][]string{}, failures: map[string]clarifai.Status{}},
		overwrite: overwrite,
		settled:   prints.did(rows),
		seen:      make([]bool, len(rows.rows)), owned: make([]bool, len(rows.rows)),
		member: map[string][]bool{},
		found:  make([]*clarifai.Input, len(rows.rows)),
	}
	managed := rows.datasets
	if prints != nil {
		managed = union(managed, prints.Datasets)
	}
	if noLedger {
		// Nothing is this resource's yet. What is taken over joins the datasets of its row, member or not.
		o.noLedger = true
		if err := o.lookup(ctx, s); err != nil {
			return nil, err
		}
		o.contents(nil)
		o.memberships(rows.datasets)
		return o.survey, nil
	}
	// After an apply that did all, what the lists of other datasets say of the inputs is enough.
	enough := o.settled && len(managed) > 0
	if !enough {
		if err := o.listLedger(ctx, s, prints); err != nil {
			return nil, err
		}
	}
	for _, d := range managed {
		if err := o.listDataset(ctx, s, d, enough); err != nil {
			return nil, err
		}
	}
	if enough && slices.Contains(o.seen, false) {
		if err := o.listLedger(ctx, s, prints); err != nil {
			return nil, err
		}
	}
	if err := o.lookup(ctx, s); err != nil {
		return nil, err
	}
	o.contents(prints)
	o.memberships(managed)
	return o.survey, nil
}

// listDataset notes which of the rows' inputs are members of a dataset. One that is not there has none:
// it may be made by the same apply.
func (o *observer) listDataset(ctx context.Context, s site, dataset string, owned bool) error {
	members := make([]bool, len(o.seen))
	o.member[dataset] = members
	for m, err := range s.client.AllDatasetInputs(ctx, s.app, dataset, clarifai.MaxPerPage) {
		if clarifai.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if m.Input == nil {
			continue
		}
		if i, ok := o.rows.byID[m.Input.ID]; ok {
			members[i] = true
			o.note(i, m.Input, owned)
		}
	}
	return nil
}

// listLedger notes which of the rows' inputs are this resource's, and what else is.
func (o *observer) listLedger(ctx context.Context, s site, prints *fingerprints) error {
	ids, others, err := o.readLedger(ctx, s)
	if err != nil {
		return err
	}
	if prints == nil {
		o.extra = slices.Sorted(maps.Keys(others))
		return nil
	}
	here, there, ok := ids.difference(prints.IDs)
	if !o.noLedger && (!ok || o.unknown(there)) {
		// Members that are in no row are known by the list alone. Should some be missing because others
		// went while the pages were read, they would be forgotten, and stay at the service for ever.
		if ids, others, err = o.readAgain(ctx, s, ids); err != nil {
			return err
		}
		here, there, ok = ids.difference(prints.IDs)
	}
	if !ok {
		o.unsure = true
		return o.byTime(ctx, s, others)
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		if slices.Contains(here, idHash(id)) {
			o.foreign = append(o.foreign, id)
		} else {
			o.remove = append(o.remove, id)
		}
	}
	// What somebody took out of the ledger was this resource's all the same.
	if len(there) > 0 {
		for i := range o.rows.rows {
			if !o.owned[i] && slices.Contains(there, idHash(o.rows.rows[i].id)) {
				o.owned[i] = true
			}
		}
	}
	return nil
}

// readLedger reads all members once, and returns their ids, and those that are in no row.
func (o *observer) readLedger(ctx context.Context, s site) (*sketch, map[string]time.Time, error) {
	ids := newSketch(idCells)
	others := map[string]time.Time{}
	for m, err := range s.client.AllDatasetInputs(ctx, s.app, s.ledger, clarifai.MaxPerPage) {
		if clarifai.IsNotFound(err) {
			o.noLedger = true
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if m.Input == nil {
			continue
		}
		ids.add(idHash(m.Input.ID))
		if m.CreatedAt.After(o.newest) {
			o.newest = m.CreatedAt
		}
		i, ok := o.rows.byID[m.Input.ID]
		if !ok {
			others[m.Input.ID] = m.CreatedAt
			continue
		}
		o.owned[i] = true
		o.note(i, m.Input, true)
	}
	return ids, others, nil
}

// readAgain reads the members until nothing comes and goes between two readings, or for a minute.
func (o *observer) readAgain(ctx context.Context, s site, before *sketch) (ids *sketch, others map[string]time.Time, err error) {
	clock := s.client.Clock()
	start := clock.Now()
	for {
		if ids, others, err = o.readLedger(ctx, s); err != nil {
			return nil, nil, err
		}
		here, there, ok := ids.difference(before)
		waited := clock.Now().Sub(start)
		if o.noLedger || waited > settleTime || ok && len(here)+len(there) == 0 {
			return ids, others, nil
		}
		before = ids
		if err := clock.Sleep(ctx, wait.Pause(waited)); err != nil {
			return nil, nil, err
		}
	}
}

// unknown tells whether hashes of ids are those of rows.
func (o *observer) unknown(hashes []uint64) bool {
	if len(hashes) == 0 {
		return false
	}
	rows := 0
	for i := range o.rows.rows {
		if slices.Contains(hashes, idHash(o.rows.rows[i].id)) {
			rows++
		}
	}
	return rows < len(hashes)
}

// byTime tells whose the members are that are in no row when so many have changed that the sketch does
// not tell: those that were there when all of them were this resource's.
func (o *observer) byTime(ctx context.Context, s site, others map[string]time.Time) error {
	if len(others) == 0 {
		return nil
	}
	checked, err := s.checked(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		switch {
		case checked.IsZero():
			o.extra = append(o.extra, id)
		case others[id].After(checked):
			o.foreign = append(o.foreign, id)
		default:
			o.remove = append(o.remove, id)
		}
	}
	return nil
}

// note takes in one input of a row: at once when it is known to be this resource's.
func (o *observer) note(i int32, in *clarifai.Input, owned bool) {
	switch {
	case o.seen[i]:
	case owned:
		o.judge(&o.rows.rows[i], in, true)
	default:
		o.found[i] = in
	}
	o.seen[i] = true
}

// lookup finds the inputs of the rows that no list has shown, and judges those that are not known to be this resource's.
func (o *observer) lookup(ctx context.Context, s site) error {
	var unseen []string
	for i := range o.rows.rows {
		if !o.seen[i] {
			unseen = append(unseen, o.rows.rows[i].id)
		}
	}
	total := 0
	if len(unseen) > 0 {
		var err error
		if total, err = s.count(ctx); err != nil {
			return err
		}
	}
	if total > 0 {
		err := s.client.ReadInputs(ctx, s.app, unseen, total, func(in *clarifai.Input) {
			i := o.rows.byID[in.ID]
			o.note(i, in, false)
		})
		if err != nil {
			return err
		}
	}
	for i := range o.rows.rows {
		r := &o.rows.rows[i]
		switch {
		case !o.seen[i]:
			o.missing = append(o.missing, r)
			if twin, ok := o.rows.twins[int32(i)]; ok { //nolint:gosec // an index of rows
				o.twins = append(o.twins, conflict{r, fmt.Sprintf("%s is also the URL of %s", r.url, o.rows.rows[twin].id)})
			}
		case o.found[i] != nil:
			if o.judge(r, o.found[i], o.owned[i] || o.settled || o.overwrite) {
				o.adopt = append(o.adopt, r)
			}
			o.found[i] = nil
		}
	}
	return nil
}

// count is how many inputs the app has, in whatever state.
func (s site) count(ctx context.Context) (int, error) {
	n, err := s.client.GetInputCount(ctx, s.app)
	if err != nil {
		return 0, err
	}
	return int(n.Processed + n.ToProcess + n.Processing + n.Errors), nil
}

// judge compares an input with its row. It tells whether the input stays, and is or is to be this resource's.
func (o *observer) judge(r *row, in *clarifai.Input, ours bool) bool {
	data := in.Data
	if data == nil {
		data = &clarifai.Data{}
	}
	class := in.Status.Code.Class()
	medium, labelled := r.isMedium(data), r.isLabelled(data)
	if !ours && (!medium || !labelled || class == clarifai.ClassFailed) {
		o.conflict = append(o.conflict, conflict{r, difference(r, in, medium)})
		return false
	}
	switch {
	case class == clarifai.ClassFailed && !medium:
		o.retry = append(o.retry, r)
		return false
	case class == clarifai.ClassFailed:
		o.redo = append(o.redo, r)
		o.failures[r.id] = in.Status
		return false
	case !medium:
		o.replace = append(o.replace, r)
		return false
	}
	if !labelled {
		patch, action := r.patch(data)
		o.patch = append(o.patch, patching{r, patch, action})
	}
	if class == clarifai.ClassInProgress {
		o.waiting = append(o.waiting, r)
	}
	return true
}

// difference says what an input has that its row does not want.
func difference(r *row, in *clarifai.Input, medium bool) string {
	if !medium {
		kind, url, _ := inputcontent.FromData(in.Data)
		switch {
		case kind != r.kind:
			return "it is of kind " + kind
		case url == "":
			return "its content was sent, and does not come from " + r.url
		default:
			return "its content comes from " + url
		}
	}
	if in.Status.Code.Class() == clarifai.ClassFailed {
		return "it could not be processed"
	}
	switch d := in.Data; {
	case !r.sameLabels(d.Concepts):
		return "it has other concepts"
	case !r.sameMetadata(d.Metadata):
		return "it has other metadata"
	}
	return "it is at another place"
}

// memberships finds the datasets that inputs are to join and to leave. Those that are made anew join when they are made.
func (o *observer) memberships(managed []string) {
	skip := map[string]bool{}
	for _, list := range [][]*row{o.replace, o.redo, o.retry} {
		for _, r := range list {
			skip[r.id] = true
		}
	}
	for _, c := range o.conflict {
		skip[c.row.id] = true
	}
	for _, d := range managed {
		members := o.member[d] // nil when they were not read
		for i := range o.rows.rows {
			r := &o.rows.rows[i]
			if !r.sorted || !o.seen[i] || skip[r.id] {
				continue
			}
			_, wanted := slices.BinarySearch(r.datasets, d)
			switch {
			case wanted && (members == nil || !members[i]):
				o.join[d] = append(o.join[d], r.id)
			case !wanted && members != nil && members[i]:
				o.leave[d] = append(o.leave[d], r.id)
			}
		}
	}
}

// contents finds the inputs whose content is not what was sent, as far as that is known.
func (o *observer) contents(prints *fingerprints) {
	if prints.did(o.rows) {
		return
	}
	settled := map[string]bool{} // made anew in any case, or another's
	for _, list := range [][]*row{o.replace, o.retry} {
		for _, r := range list {
			settled[r.id] = true
		}
	}
	for _, c := range o.conflict {
		settled[c.row.id] = true
	}
	var candidates []*row
	var hashes []uint64
	for i := range o.rows.rows {
		if r := &o.rows.rows[i]; r.local() && o.seen[i] && !settled[r.id] {
			candidates = append(candidates, r)
			hashes = append(hashes, r.contentHash())
		}
	}
	if len(candidates) == 0 {
		return
	}
	if prints == nil {
		prints = newFingerprints(0)
	}
	unsent, gone, ok := prints.changedContents(hashes)
	if !ok {
		o.unsureContents = true
		return
	}
	failed := map[*row]bool{}
	for _, r := range o.redo {
		failed[r] = true
	}
	for i, r := range candidates {
		changed := gone[uint32(hashes[i]>>32)] //nolint:gosec // the upper half
		switch {
		case !unsent[hashes[i]]:
		case failed[r]:
			if changed {
				o.redo = slices.DeleteFunc(o.redo, func(other *row) bool { return other == r })
				o.retry = append(o.retry, r)
			}
		case changed:
			o.replace = append(o.replace, r)
		default:
			o.unverified = append(o.unverified, r)
		}
	}
	o.unpatch()
}

// unpatch leaves out patches of what is made anew.
func (o *observer) unpatch() {
	again := map[*row]bool{}
	for _, r := range o.replace {
		again[r] = true
	}
	o.patch = slices.DeleteFunc(o.patch, func(p patching) bool { return again[p.row] })
	o.waiting = slices.DeleteFunc(o.waiting, func(r *row) bool { return again[r] })
}
