package inputs

import (
	"slices"

	"github.com/go-json-experiment/json"
)

const (
	// idCells has room for some two hundred inputs that others take in or out of the ledger.
	idCells = 400
	// maxContentCells bounds what state holds about contents: 57 kB. Some 1,600 changes can be told
	// apart then, where a content that is replaced counts twice.
	maxContentCells = 2700
)

// fingerprints is what state remembers of the inputs, in a size that does not
// depend on how many there are.
type fingerprints struct {
	Version int    `json:"v"`
	Count   int    `json:"count"`
	Digest  string `json:"digest,omitzero"` // of the rows, if the service has all that they want
	Begun   bool   `json:"begun,omitzero"`  // creating them has failed in part

	// IDs are the inputs that are this resource's. The ledger, a dataset, names them; this tells
	// whether others have changed it.
	IDs *sketch `json:"ids"`
	// Contents are what was sent, which the service does not give back.
	Contents *sketch `json:"contents,omitzero"`
	// Datasets are those in which memberships are managed.
	Datasets []string `json:"datasets,omitempty"`
}

// contentCells is enough for every content to change, as long as that is not too much.
func contentCells(local int) int {
	return min(maxContentCells, 64+4*local)
}

// newFingerprints begins with nothing, for so many inputs whose content is sent.
func newFingerprints(local int) *fingerprints {
	p := &fingerprints{Version: 1, IDs: newSketch(idCells)}
	if local > 0 {
		p.Contents = newSketch(contentCells(local))
	}
	return p
}

func (p *fingerprints) own(id string) {
	p.Count++
	p.IDs.add(idHash(id))
}

// did tells whether the last apply did all that these rows want.
func (p *fingerprints) did(rows *collection) bool {
	return p != nil && p.Digest != "" && p.Digest == rows.digest
}

// begun tells whether creating has failed in part.
func (p *fingerprints) begun() bool { return p != nil && p.Begun }

// String is how state keeps it.
func (p *fingerprints) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return string(text)
}

// readFingerprints reads what state keeps; nil when there is nothing, or nothing that this version understands.
func readFingerprints(text string) *fingerprints {
	var p fingerprints
	if text == "" || json.Unmarshal([]byte(text), &p) != nil || p.Version != 1 || p.IDs == nil {
		return nil
	}
	return &p
}

// changedContents compares contents with those that were sent, by [row.contentHash]. It returns those
// that were not, and the upper halves of those that were sent and are no more. It is not ok when there
// are too many of both.
func (p *fingerprints) changedContents(now []uint64) (unsent map[uint64]bool, gone map[uint32]bool, ok bool) {
	unsent, gone = map[uint64]bool{}, map[uint32]bool{}
	if p.Contents == nil {
		for _, n := range now {
			unsent[n] = true
		}
		return unsent, gone, true
	}
	s := newSketch(len(p.Contents.cells))
	for _, n := range now {
		s.add(n)
	}
	here, there, ok := s.difference(p.Contents)
	for _, n := range here {
		unsent[n] = true
	}
	for _, n := range there {
		gone[uint32(n>>32)] = true
	}
	return unsent, gone, ok
}

// union is what either list has, in order.
func union(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}
