package apiserver

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Changes that a fault can make to one item of every list in a response.
const (
	itemNull    = "null"
	itemWrong   = "wrong"
	itemMissing = "missing"
	itemExtra   = "extra"
)

var itemFaults = []string{itemNull, itemWrong, itemMissing, itemExtra}

// floats are the fields with floating-point numbers.
var floats = []string{
	"value", "score", "f1", "roc_auc", "avg_precision", "latitude", "longitude", "top_row", "left_col", "bottom_row", "right_col",
	"fps", "duration_seconds", "min_value", "begin_time", "end_time",
}

// rewrite changes the content of a JSON response according to the fault.
func (f *Fault) rewrite(body []byte) []byte {
	if f.Items != "" || f.Mixed || f.NaN || f.Drop != "" {
		var message map[string]any
		if json.Unmarshal(body, &message) != nil {
			return body
		}
		if f.Items != "" {
			for key, value := range message {
				if list, ok := value.([]any); ok && len(list) > 0 {
					message[key] = f.changeItem(list)
				}
			}
		}
		if status, ok := message["status"].(map[string]any); ok && f.Mixed {
			status["code"], status["description"] = float64(clarifai.StatusMixed), clarifai.StatusMixed.Text()
		}
		f.changeMembers(message)
		if rewritten, err := json.Marshal(message, json.Deterministic(true)); err == nil {
			body = rewritten
		}
	}
	if f.CutJSON {
		body = cutJSON(body)
	}
	return body
}

// changeItem changes the last item of a list.
func (f *Fault) changeItem(list []any) []any {
	end := len(list) - 1
	switch f.Items {
	case itemNull:
		list[end] = nil
	case itemMissing:
		return list[:end]
	case itemWrong:
		list[end] = withOtherID(list[end])
	case itemExtra:
		return append(list, withOtherID(list[end]))
	}
	return list
}

func withOtherID(item any) any {
	object, ok := item.(map[string]any)
	if !ok {
		return "unrequested"
	}
	object = maps.Clone(object)
	object["id"] = "unrequested"
	if input, ok := object["input"].(map[string]any); ok { // members of datasets have no ID of their own
		delete(object, "id")
		input = maps.Clone(input)
		input["id"] = "unrequested"
		object["input"] = input
	}
	return object
}

func (f *Fault) changeMembers(value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if _, isNumber := member.(float64); isNumber && f.NaN && (slices.Contains(floats, key) || strings.HasPrefix(key, "macro_")) {
				v[key] = "NaN"
				continue
			}
			if key == f.Drop {
				delete(v, key)
				continue
			}
			f.changeMembers(member)
		}
	case []any:
		for _, item := range v {
			f.changeMembers(item)
		}
	}
}

// cutJSON ends a JSON object in the middle, but after its status.
func cutJSON(body []byte) []byte {
	rest := map[string]jsontext.Value{}
	if json.Unmarshal(body, &rest) != nil {
		return body[:len(body)/2]
	}
	status := rest["status"]
	delete(rest, "status")
	others, err := json.Marshal(rest, json.Deterministic(true))
	if err != nil {
		return body[:len(body)/2]
	}
	var out bytes.Buffer
	out.WriteString(`{"status":`)
	out.Write(status)
	out.WriteByte(',')
	out.Write(others[1 : 1+(len(others)-1)/2])
	return out.Bytes()
}
