package reconcile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// Detail is what differs between an input and its row.
type Detail struct{ ID, Text string }

// addDetail records what differs, for the first inputs by id.
func (c *comparison) addDetail(r *source.Row, have *clarifai.Data) {
	if n := len(c.Details); n == Listed && r.ID > c.Details[n-1].ID {
		return
	}
	at, _ := slices.BinarySearchFunc(c.Details, r.ID, func(d Detail, id string) int { return strings.Compare(d.ID, id) })
	c.Details = slices.Insert(c.Details, at, Detail{r.ID, differences(r, have)})
	c.Details = c.Details[:min(Listed, len(c.Details))]
}

// differences describes how an input is going to change:
// "concepts truck 1 -> 0, +van 1, -night; metadata; geo".
func differences(r *source.Row, have *clarifai.Data) string {
	var parts []string
	if !sameConcepts(r, have.Concepts) {
		parts = append(parts, "concepts "+conceptDifferences(r, have.Concepts))
	}
	if !sameMetadata(r, have.Metadata) {
		parts = append(parts, "metadata "+metadataDifferences(r.Metadata, have.Metadata))
	}
	if !sameGeo(r, have.Geo) {
		parts = append(parts, "geo "+geoText(have.Geo)+" -> "+geoText(geoToAPI(r)))
	}
	return strings.Join(parts, "; ")
}

// maxParts is how many differences of one input are described.
const maxParts = 5

func joinParts(parts []string) string {
	text := strings.Join(parts[:min(maxParts, len(parts))], ", ")
	if more := len(parts) - maxParts; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 32) }

func conceptDifferences(r *source.Row, found []clarifai.Concept) string {
	have := inputdata.Values(found)
	var parts []string
	for _, c := range r.Concepts {
		old, had := have[c.ID]
		delete(have, c.ID)
		switch {
		case !had:
			parts = append(parts, fmt.Sprintf("+%s %s", c.ID, number(c.Value)))
		case !inputdata.SameFloat(old, clarifai.Float(c.Value)):
			parts = append(parts, fmt.Sprintf("%s %s -> %s", c.ID, number(float64(old)), number(c.Value)))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(have)) {
		parts = append(parts, "-"+id)
	}
	return joinParts(parts)
}

// metadataDifferences names the keys that differ. Values may be long, or secret.
func metadataDifferences(want, have []byte) string {
	wanted, found := topLevel(want), topLevel(have)
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		old, had := found[key]
		switch {
		case !had:
			parts = append(parts, "+"+key)
		case !bytes.Equal(old, wanted[key]):
			parts = append(parts, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if _, stays := wanted[key]; !stays {
			parts = append(parts, "-"+key)
		}
	}
	return joinParts(parts)
}

func geoText(g *clarifai.Geo) string {
	if g == nil || g.GeoPoint == nil {
		return "none"
	}
	return fmt.Sprintf("(%s, %s)", number(float64(g.GeoPoint.Latitude)), number(float64(g.GeoPoint.Longitude)))
}

// topLevel returns the members of an object, each as canonical JSON.
func topLevel(object []byte) map[string][]byte {
	var members map[string]any
	if json.Unmarshal(object, &members) != nil {
		return nil
	}
	texts := make(map[string][]byte, len(members))
	for key, value := range members {
		texts[key], _ = json.Marshal(value, json.Deterministic(true))
	}
	return texts
}
