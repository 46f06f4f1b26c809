package emulator

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// checkAction rejects a patch with an action that the noun does not support, or without
// items.
func checkAction(action clarifai.PatchAction, items int, known ...clarifai.PatchAction) error {
	if !slices.Contains(known, action) {
		names := make([]string, len(known))
		for i, k := range known {
			names[i] = string(k)
		}
		return reject(clarifai.StatusInvalidRequest, "action '%s' is none of: %s", action, strings.Join(names, ", "))
	}
	if items == 0 {
		return reject(clarifai.StatusInvalidRequest, "nothing to patch: the list is empty")
	}
	return nil
}

// sentFields are the names of the fields that an item of a patch carried. They
// are only recorded in the dialect [ZerosInPatch]; otherwise zero values count as
// absent, since proto3 scalars have no presence.
type sentFields map[string]bool

func (f sentFields) has(name string) bool { return f[apiserver.FoldName(name)] }

// sentFieldsOf returns the fields of the items under key in the request body.
func (c *call) sentFieldsOf(key string, items int) []sentFields {
	all := make([]sentFields, items)
	if !c.dialect(ZerosInPatch) {
		return all
	}
	var body map[string]jsontext.Value
	if json.Unmarshal(c.Body, &body) != nil {
		return all
	}
	for name, value := range body {
		if apiserver.FoldName(name) != apiserver.FoldName(key) {
			continue
		}
		var list []map[string]jsontext.Value
		if json.Unmarshal(value, &list) != nil {
			var single map[string]jsontext.Value
			if json.Unmarshal(value, &single) != nil {
				return all
			}
			list = append(list, single)
		}
		for i, item := range list[:min(items, len(list))] {
			all[i] = sentFields{}
			for member, v := range item {
				all[i][apiserver.FoldName(member)] = v.Kind() != 'n'
			}
		}
	}
	return all
}

// change sets a scalar to the value that a patch sent, unless it counts as absent.
func change[T comparable](to *T, sent T, fields sentFields, name string) {
	var zero T
	if sent != zero || fields.has(name) {
		*to = sent
	}
}
