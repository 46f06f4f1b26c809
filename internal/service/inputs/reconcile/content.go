package reconcile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// idHash represents an id in fingerprints.
func idHash(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.LittleEndian.Uint64(sum[:])
}

// contentHash represents the content of an input in fingerprints: its upper half
// identifies the input, its lower half the content.
func contentHash(r *source.Row) uint64 {
	return idHash(r.ID)&^math.MaxUint32 | uint64(binary.LittleEndian.Uint32(r.Content[:]))
}

// conceptsToAPI returns the concepts of a row as they are sent.
func conceptsToAPI(r *source.Row) []clarifai.Concept {
	var concepts []clarifai.Concept
	for _, c := range r.Concepts {
		value := clarifai.NewFloat(c.Value)
		concepts = append(concepts, clarifai.Concept{ID: c.ID, Name: c.Name, Value: &value})
	}
	return concepts
}

func geoToAPI(r *source.Row) *clarifai.Geo {
	if r.Geo == nil {
		return nil
	}
	return &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{
		Latitude: clarifai.NewFloat(r.Geo.Latitude), Longitude: clarifai.NewFloat(r.Geo.Longitude),
	}}
}

// toAPI returns the input to create, with its content.
func toAPI(r *source.Row, allowDuplicateURL bool, datasets []string) (clarifai.Input, error) {
	var content []byte
	switch {
	case r.Text != "":
		content = []byte(r.Text)
	case r.File != "":
		var b bytes.Buffer
		if problem := inputcontent.CopyFile(&b, r.Kind, r.File); problem != "" {
			return clarifai.Input{}, errors.New(problem)
		}
		content = b.Bytes()
		if sum := sha256.Sum256(content); sum != r.Content {
			return clarifai.Input{}, fmt.Errorf("the content of %q has changed since the plan (SHA-256 %s, now %s); plan and apply again",
				r.File, hex.EncodeToString(r.Content[:]), hex.EncodeToString(sum[:]))
		}
	}
	data := inputcontent.ToData(r.Kind, r.URL, content, allowDuplicateURL)
	data.Concepts, data.Metadata, data.Geo = conceptsToAPI(r), r.Metadata, geoToAPI(r)
	return clarifai.Input{ID: r.ID, Data: data, DatasetIDs: datasets}, nil
}

// sameContent reports whether an input has the row's content, as far as the API
// returns it: the kind and the URL. The API does not return content that was sent.
func sameContent(r *source.Row, d *clarifai.Data) bool {
	kind, url, _ := inputcontent.FromData(d)
	return kind == r.Kind && (url == r.URL || !r.ManagesContent())
}

// sameData reports whether an input has the concepts, metadata and geo location that the row sets.
func sameData(r *source.Row, d *clarifai.Data) bool {
	return sameConcepts(r, d.Concepts) && sameMetadata(r, d.Metadata) && sameGeo(r, d.Geo)
}

func sameConcepts(r *source.Row, found []clarifai.Concept) bool {
	if r.Concepts == nil {
		return true
	}
	if len(found) != len(r.Concepts) {
		return false
	}
	for _, c := range found {
		i, ok := slices.BinarySearchFunc(r.Concepts, c.ID, func(rc source.Concept, id string) int { return strings.Compare(rc.ID, id) })
		if !ok || !inputdata.SameFloat(clarifai.Float(r.Concepts[i].Value), inputdata.Value(c)) {
			return false
		}
	}
	return true
}

func sameMetadata(r *source.Row, found clarifai.Struct) bool {
	return r.Metadata == nil || bytes.Equal(r.Metadata, found) || attrs.SameJSON(r.Metadata, found)
}

func sameGeo(r *source.Row, found *clarifai.Geo) bool {
	return r.Geo == nil || inputdata.SameGeo(geoToAPI(r), found)
}

// patchFor returns what to send so that an input gets the row's concepts,
// metadata and geo location. Additions are merged, which leaves everything else
// as it is. If something is removed, all of it is overwritten, and what the row
// does not manage is sent back.
func patchFor(r *source.Row, have *clarifai.Data) (*clarifai.Data, clarifai.PatchAction) {
	merged := &clarifai.Data{}
	additive := true
	if !sameConcepts(r, have.Concepts) {
		found := inputdata.Values(have.Concepts)
		for _, c := range conceptsToAPI(r) {
			if old, had := found[c.ID]; !had || !inputdata.SameFloat(old, *c.Value) {
				merged.Concepts = append(merged.Concepts, c)
			}
			delete(found, c.ID)
		}
		additive = len(found) == 0
	}
	if !sameMetadata(r, have.Metadata) {
		before := have.Metadata
		if len(before) == 0 {
			before = clarifai.Struct("{}")
		}
		difference, mergeable := inputdata.MergePatch(before, r.Metadata)
		additive = additive && mergeable
		merged.Metadata = difference
	}
	if !sameGeo(r, have.Geo) {
		merged.Geo = geoToAPI(r)
	}
	if additive {
		return merged, clarifai.ActionMerge
	}
	// The API documents what an overwrite does to concepts, metadata and geo location. Regions and the
	// like, which others may have added, are sent back in case it removes them too.
	data := &clarifai.Data{
		Concepts: inputdata.Sendable(have.Concepts), Metadata: have.Metadata, Geo: have.Geo,
		Regions: have.Regions, Frames: have.Frames, TimeSegments: have.TimeSegments, Tracks: have.Tracks,
	}
	if r.Concepts != nil {
		data.Concepts = conceptsToAPI(r)
	}
	if r.Metadata != nil {
		data.Metadata = r.Metadata
	}
	if r.Geo != nil {
		data.Geo = geoToAPI(r)
	}
	return data, clarifai.ActionOverwrite
}

// conflictReason says what an input has that its row does not want.
func conflictReason(r *source.Row, in *clarifai.Input) string {
	d := in.Data
	if d == nil {
		d = &clarifai.Data{}
	}
	if !sameContent(r, d) {
		kind, url, _ := inputcontent.FromData(d)
		switch {
		case kind != r.Kind:
			return "it is of kind " + kind
		case url == "":
			return "its content was sent, and does not come from " + r.URL
		default:
			return "its content comes from " + url
		}
	}
	switch {
	case in.Status.Code.Class() == clarifai.ClassFailed:
		return "it could not be processed"
	case !sameConcepts(r, d.Concepts):
		return "it has other concepts"
	case !sameMetadata(r, d.Metadata):
		return "it has other metadata"
	}
	return "it has another geo location"
}
