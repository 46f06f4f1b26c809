package apiserver

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// freeMembers are fields that hold arbitrary JSON, whose keys belong to the user.
var freeMembers = map[string]bool{
	"metadata": true, "annotation_info": true, "consensus_info": true, "params": true, "user_metrics": true,
	"user_detail": true, "presets": true, "value": true, "default_value": true,
}

// mapMembers are fields that are maps: their keys are names, their values are messages.
var mapMembers = map[string]bool{"metrics": true, "hosted_image_info": true}

// plainMetrics are fields whose metrics are not a map.
var plainMetrics = map[string]bool{"dataset_version_metrics_groups": true, "model_version": true, "model_versions": true}

// camelCase rewrites the keys of a response as proto-JSON would by default.
func camelCase(b []byte) ([]byte, error) {
	var out bytes.Buffer
	d := jsontext.NewDecoder(bytes.NewReader(b))
	e := jsontext.NewEncoder(&out)
	if err := camelValue(d, e, "", false); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// camelValue copies the value of a field, or a value in its list. Keys of a
// map stay as they are.
func camelValue(d *jsontext.Decoder, e *jsontext.Encoder, member string, isMap bool) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	kind := token.Kind()
	if err := e.WriteToken(token); err != nil {
		return err
	}
	switch kind {
	case '[':
		for d.PeekKind() != ']' {
			if err := camelValue(d, e, member, isMap); err != nil {
				return err
			}
		}
	case '{':
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return err
			}
			key := name.String()
			written := key
			if !isMap {
				written = camelName(key)
			}
			if err := e.WriteToken(jsontext.String(written)); err != nil {
				return err
			}
			if !isMap && freeMembers[key] {
				free, err := d.ReadValue()
				if err != nil {
					return err
				}
				if err := e.WriteValue(free); err != nil {
					return err
				}
				continue
			}
			if err := camelValue(d, e, key, !isMap && mapMembers[key] && !plainMetrics[member]); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	end, err := d.ReadToken()
	if err != nil {
		return err
	}
	return e.WriteToken(end)
}

func camelName(snake string) string {
	parts := strings.Split(snake, "_")
	for i, p := range parts[1:] {
		if p != "" {
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}
