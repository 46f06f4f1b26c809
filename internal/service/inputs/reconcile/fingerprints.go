package reconcile

import (
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/iblt"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

const (
	// idCells is enough for some 150 inputs that others add to or remove from the tracking dataset.
	idCells = 280
	// maxContentCells limits what is stored about contents to 41 kB, which are 73 kB in a state file. Some 1,300
	// changes can be distinguished then, where a content that is replaced counts twice.
	maxContentCells = 2200
)

// Fingerprints is what is stored about the inputs after an apply, in a size that
// does not depend on their number.
type Fingerprints struct {
	Version    int    `json:"v"`
	Count      int    `json:"count"`
	Digest     string `json:"digest,omitzero"`     // of the rows, if Clarifai has everything that they set
	Incomplete bool   `json:"incomplete,omitzero"` // the create has failed for some inputs
	Untracked  bool   `json:"untracked,omitzero"`  // imported from rows, and no apply has created the tracking dataset yet

	// IDs are the ids of the resource's inputs. The tracking dataset lists them;
	// this tells whether others have changed that list.
	IDs *iblt.Table `json:"ids"`
	// Contents are the contents that were sent, which the API does not return.
	Contents *iblt.Table `json:"contents,omitzero"`
	// Datasets are the datasets in which memberships are managed.
	Datasets []string `json:"datasets,omitempty"`
}

// contentCells is enough for every content to change, up to a limit.
func contentCells(contents int) int { return min(maxContentCells, 64+4*contents) }

// NewFingerprints returns empty fingerprints for a number of inputs whose content is sent.
func NewFingerprints(contents int) *Fingerprints {
	p := &Fingerprints{Version: 1, IDs: iblt.New(idCells)}
	if contents > 0 {
		p.Contents = iblt.New(contentCells(contents))
	}
	return p
}

// Add adds the id of an input.
func (p *Fingerprints) Add(id string) {
	p.Count++
	p.IDs.Add(idHash(id))
}

// AppliedTo reports whether the last apply completed, and was of the same rows.
func (p *Fingerprints) AppliedTo(rows *source.Rows) bool {
	return p != nil && p.Digest != "" && p.Digest == rows.Digest
}

// IsUntracked reports whether the inputs were imported from rows, and no apply has created the tracking dataset yet.
func (p *Fingerprints) IsUntracked() bool { return p != nil && p.Untracked }

// ImportedFingerprints are the fingerprints of inputs that exist and are imported as the rows list them. Contents
// count as sent: whether they were cannot be told, and sending them again would change nothing.
func ImportedFingerprints(rows *source.Rows) *Fingerprints {
	r := Result{Rows: rows}
	fingerprints := r.Fingerprints(false)
	fingerprints.Untracked = true
	return fingerprints
}

// IsIncomplete reports whether the create has failed for some inputs.
func (p *Fingerprints) IsIncomplete() bool { return p != nil && p.Incomplete }

// ParseFingerprints decodes fingerprints from JSON. It returns nil if there are none, or
// none that this version understands.
func ParseFingerprints(text []byte) *Fingerprints {
	var p Fingerprints
	if len(text) == 0 || json.Unmarshal(text, &p) != nil || p.Version != 1 || p.IDs == nil {
		return nil
	}
	return &p
}

// changedContents compares contents with those that were sent, see [contentHash].
// It returns those that were not sent, and the upper halves of those that were
// sent and are not among them. It is not ok if there are too many of both.
func (p *Fingerprints) changedContents(now []uint64) (unsent map[uint64]bool, gone map[uint32]bool, ok bool) {
	unsent, gone = map[uint64]bool{}, map[uint32]bool{}
	if p.Contents == nil {
		for _, n := range now {
			unsent[n] = true
		}
		return unsent, gone, true
	}
	table := iblt.New(p.Contents.Size())
	for _, n := range now {
		table.Add(n)
	}
	here, there, ok := table.Difference(p.Contents)
	for _, n := range here {
		unsent[n] = true
	}
	for _, n := range there {
		gone[uint32(n>>32)] = true
	}
	return unsent, gone, ok
}

// union returns what either list has, in order.
func union(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}
