package apiserver

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
)

// RandomizeOutputs randomizes the fields of later responses that the service
// decides: timestamps, counters, in-progress statuses, hosted URLs, the order of
// lists, the names of labels. It also adds unknown fields and removes
// optional ones. Values that clients set stay as they are. The random values
// follow from the seed and the number of the response. Seed 0 ends it.
func (h *Handler) RandomizeOutputs(seed uint64) {
	if seed == 0 {
		h.outputs.Store(nil)
		return
	}
	h.outputs.Store(&outputs{seed: seed})
}

type outputs struct {
	seed     uint64
	response atomic.Uint64 // number of the response
}

// randomize rewrites the body of a successful response.
func (o *outputs) randomize(method string, body []byte) ([]byte, error) {
	var message map[string]any
	if err := json.Unmarshal(body, &message); err != nil {
		return nil, err
	}
	r := randomizer{rand.New(rand.NewPCG(o.seed, o.response.Add(1)))} //nolint:gosec // repeatable on purpose
	r.object(message, nil)
	if method == Get {
		for _, key := range sortedKeys(message) { // including whole pages
			if list, ok := message[key].([]any); ok && key != "hits" {
				r.shuffle(list)
			}
		}
	}
	return json.Marshal(message, json.Deterministic(true))
}

type randomizer struct {
	*rand.Rand
}

func (r randomizer) chance(p float64) bool { return r.Float64() < p }

func (r randomizer) shuffle(list []any) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func (r randomizer) text() string { return "changed-" + strconv.FormatUint(r.Uint64(), 36) }

// sameClass are groups of statuses that a client treats alike.
var sameClass = [][]float64{
	{30001, 30003}, {64005, 64010}, {64201, 64203}, {25402, 25403}, {25202, 25203}, {21303, 21301, 21302}, {64000, 64001, 64008},
}

var (
	counters = []string{"positive", "negative", "processed", "to_process", "processing", "errors", "num_tot", "num_pos", "num_neg"}
	scores   = []string{"score", "f1", "roc_auc", "avg_precision"}
	mediaOut = []string{"hosted", "image_info", "video_info", "audio_info", "text_info"}
	// The order of lists below these keys has no meaning.
	unordered = []string{"concepts", "sizes", "extraction_jobs", "progress", "dataset_version_metrics_groups"}
)

// object randomizes the fields of a message. path are the fields that lead to it.
func (r randomizer) object(o map[string]any, path []string) {
	for _, key := range sortedKeys(o) {
		if freeMembers[key] {
			if m, ok := o[key].(map[string]any); ok && len(m) == 0 && r.chance(0.3) {
				delete(o, key)
			}
			continue
		}
		if r.absent(key, o[key]) {
			delete(o, key)
			continue
		}
		o[key] = r.member(key, o[key], o, path)
	}
	if r.chance(0.3) {
		o[fmt.Sprintf("new_field_%d", r.IntN(1000))] = []any{r.text(), 1.5, true, []any{}, map[string]any{"a": "b"}}[r.IntN(5)]
	}
}

// absent decides whether to remove an optional field.
func (r randomizer) absent(key string, value any) bool {
	switch {
	case strings.HasSuffix(key, "_at") && key != "created_at":
		return r.chance(0.1)
	case slices.Contains(mediaOut, key), key == "extra_info", key == "user_detail":
		return r.chance(0.3)
	case key == "visibility":
		v, ok := value.(map[string]any)
		return ok && v["gettable"] == 10.0 && r.chance(0.3)
	}
	return false
}

func (r randomizer) member(key string, value any, in map[string]any, path []string) any {
	switch v := value.(type) {
	case map[string]any:
		if mapMembers[key] && !plainMetrics[last(path)] {
			for _, name := range sortedKeys(v) {
				if inner, ok := v[name].(map[string]any); ok {
					r.object(inner, append(path, key, name))
				}
			}
			return v
		}
		if key == "status" {
			r.status(v)
			return v
		}
		r.object(v, append(slices.Clip(path), key))
		return v
	case []any:
		for _, item := range v {
			if o, ok := item.(map[string]any); ok {
				r.object(o, append(slices.Clip(path), key))
			}
		}
		if slices.Contains(unordered, key) && !slices.Contains(path, "query") {
			r.shuffle(v)
		}
		return v
	case string:
		return r.string(key, v, in, path)
	case float64:
		return r.number(key, v)
	case bool:
		if key == "is_starred" {
			return r.chance(0.5)
		}
	}
	return value
}

func (r randomizer) string(key, v string, in map[string]any, path []string) string {
	switch {
	case key == "created_at" && slices.Contains([]string{"input", "inputs"}, last(path)):
		return v // another time means another input with the same ID
	case strings.HasSuffix(key, "_at"):
		return time.Unix(946684800+r.Int64N(9e8), r.Int64N(1e9)).UTC().Format(time.RFC3339Nano)
	case strings.HasSuffix(key, "_count"):
		return strconv.Itoa(int(r.count(key, v != "0")))
	case key == "content_url", last(path) == "hosted" && (key == "prefix" || key == "suffix"):
		return "https://changed.example.com/" + r.text()
	case key == "url" && in["format"] != nil: // the address of an export has to stay valid
		separator := "?"
		if strings.Contains(v, "?") {
			separator = "&"
		}
		return v + separator + "signature=" + r.text()
	case key == "name" && last(path) == "concepts" && slices.Contains(path, "data") && !slices.Contains(path, "query"),
		key == "name" && (last(path) == "subject_concept" || last(path) == "object_concept"),
		key == "first_name", key == "last_name", key == "company_name":
		return r.text()
	}
	return v
}

func (r randomizer) number(key string, v float64) float64 {
	switch {
	case strings.HasSuffix(key, "_count"), slices.Contains(counters, key):
		return r.count(key, v != 0)
	case slices.Contains(scores, key), strings.HasPrefix(key, "macro_"), strings.HasPrefix(key, "mean_"):
		return float64(float32(r.Float64()))
	case key == "width", key == "height", key == "sample_rate", key == "bit_rate":
		return float64(1 + r.IntN(5000))
	}
	return v
}

// count returns a random counter. Counters of work in progress stay zero or non-zero, since
// they tell whether there is any.
func (r randomizer) count(key string, some bool) float64 {
	if strings.HasPrefix(key, "pending") || strings.HasPrefix(key, "in_progress") {
		if !some {
			return 0
		}
		return float64(1 + r.IntN(1000))
	}
	return float64(r.IntN(1000))
}

func (r randomizer) status(s map[string]any) {
	code, _ := s["code"].(float64)
	for _, class := range sameClass {
		if slices.Contains(class, code) {
			s["code"] = class[r.IntN(len(class))]
		}
	}
	for _, key := range []string{"description", "details"} {
		if _, ok := s[key]; ok || r.chance(0.3) {
			s[key] = r.text()
		}
		if r.chance(0.2) {
			delete(s, key)
		}
	}
	if r.chance(0.3) {
		s["percent_completed"] = float64(r.IntN(101))
	}
	if r.chance(0.3) {
		s["http_status_code"] = 200.0
	}
}

func last(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
