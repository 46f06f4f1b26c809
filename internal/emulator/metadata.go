package emulator

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// parseStruct reads a JSON object as the service stores it: numbers are
// doubles, the order of keys is lost. Absent and null give nil.
func parseStruct(s clarifai.Struct) (map[string]any, error) {
	if len(s) == 0 || bytes.Equal(bytes.TrimSpace(s), []byte("null")) {
		return nil, nil
	}
	var m map[string]any
	if err := json.Unmarshal(s, &m); err != nil {
		return nil, reject(clarifai.StatusBadRequestFormat, "metadata is not a JSON object: %v", err)
	}
	return m, nil
}

func makeStruct(m map[string]any) clarifai.Struct {
	if m == nil {
		return nil
	}
	b, _ := json.Marshal(m, json.Deterministic(true)) // a value that was parsed can be written
	return b
}

// normal returns s as the service returns it.
func normal(s clarifai.Struct) (clarifai.Struct, error) {
	m, err := parseStruct(s)
	return makeStruct(m), err
}

// mergeStructs merges sent into old like a patch with action merge.
func mergeStructs(old, sent clarifai.Struct) (clarifai.Struct, error) {
	o, err := parseStruct(old)
	if err != nil {
		return nil, err
	}
	n, err := parseStruct(sent)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return old, nil
	}
	if o == nil {
		return makeStruct(n), nil
	}
	return makeStruct(mergeValues(o, n, "").(map[string]any)), nil //nolint:forcetypeassert // two maps give a map
}

// removeKeys removes the keys that sent names, at any depth. If sent has an object under a key,
// only its keys are removed; an empty object removes the whole value.
func removeKeys(old, sent clarifai.Struct) (clarifai.Struct, error) {
	o, err := parseStruct(old)
	if err != nil {
		return nil, err
	}
	n, err := parseStruct(sent)
	if err != nil {
		return nil, err
	}
	dropKeys(o, n)
	return makeStruct(o), nil
}

func dropKeys(from, names map[string]any) {
	for name, v := range names {
		inner, isObject := v.(map[string]any)
		target, hasObject := from[name].(map[string]any)
		if isObject && hasObject && len(inner) > 0 {
			dropKeys(target, inner)
			continue
		}
		delete(from, name)
	}
}

// mergeValues merges a value into another: objects key by key, lists according to
// resolution, other values are replaced. Null is ignored; an empty
// object or list replaces. mergeValues may change both arguments.
func mergeValues(old, sent any, resolution string) any {
	switch n := sent.(type) {
	case nil:
		return old
	case map[string]any:
		o, ok := old.(map[string]any)
		if !ok || len(n) == 0 {
			return n
		}
		for key, v := range n {
			if v == nil {
				continue
			}
			if was, exists := o[key]; exists {
				v = mergeValues(was, v, resolution)
			}
			o[key] = v
		}
		return o
	case []any:
		o, ok := old.([]any)
		if !ok || len(n) == 0 {
			return n
		}
		return mergeLists(o, n, resolution)
	default:
		return sent
	}
}

// mergeLists merges lists: items that are objects with an ID are merged with the item of
// the same ID, the others are appended.
func mergeLists(old, sent []any, resolution string) []any {
	switch resolution {
	case "do_nothing":
		return old
	case "overwrite":
		return sent
	case "append":
		return append(old, sent...)
	}
	for _, item := range sent {
		id := idOf(item)
		at := slices.IndexFunc(old, func(o any) bool { return id != nil && idOf(o) == id })
		switch {
		case at < 0 && resolution == "remove_by_id":
		case at < 0:
			old = append(old, item)
		case resolution == "remove_by_id":
			old = slices.Delete(old, at, at+1)
		case resolution == "overwrite_by_id":
			old[at] = item
		default:
			old[at] = mergeValues(old[at], item, resolution)
		}
	}
	return old
}

func idOf(item any) any {
	if m, ok := item.(map[string]any); ok {
		if id, ok := m["id"].(string); ok {
			return id
		}
	}
	return nil
}

// patchMetadata applies a metadata action of an app's patch.
func patchMetadata(old, sent clarifai.Struct, action *clarifai.MetadataPatchAction) (clarifai.Struct, error) {
	if action == nil || action.Op == "" {
		action = &clarifai.MetadataPatchAction{Op: "overwrite"}
	}
	root, err := parseStruct(old)
	if err != nil {
		return nil, err
	}
	if root == nil {
		root = map[string]any{}
	}
	n, err := parseStruct(sent)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(action.Path, "[]") {
		return nil, reject(statusMetadataPatchInvalid, "path '%s': positions in lists are not supported by this emulator", action.Path)
	}
	// The action applies to the value at path, in a map that holds the root.
	holder, key := map[string]any{"": root}, ""
	if action.Path != "" {
		for step := range strings.SplitSeq(action.Path, ".") {
			inner, ok := holder[key].(map[string]any)
			if !ok {
				return nil, reject(statusMetadataPatchInvalid, "path '%s' does not lead to an object", action.Path)
			}
			holder, key = inner, step
		}
	}
	switch action.Op {
	case "overwrite":
		if n != nil {
			holder[key] = n
		}
	case "merge":
		if n != nil {
			holder[key] = mergeValues(holder[key], n, action.MergeConflictResolution)
		}
	case "delete":
		switch target, ok := holder[key].(map[string]any); {
		case ok && len(n) > 0:
			dropKeys(target, n)
		case key == "":
			holder[""] = map[string]any{}
		default:
			delete(holder, key)
		}
	default:
		return nil, reject(statusMetadataPatchInvalid, "op '%s' is none of overwrite, merge, delete", action.Op)
	}
	if action.Path == "" {
		root, _ = holder[""].(map[string]any)
	}
	return makeStruct(root), nil
}
