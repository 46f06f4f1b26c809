package annotation

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// markKey is the key of annotation_info by which annotations are recognized whose IDs do not tell
// that a resource has created them, because the configuration sets the IDs.
const markKey = "terraform"

// mark is what is stored in annotation_info.
type mark struct {
	Owner string `json:"owner"`
	Mask  string `json:"mask_sha256,omitzero"` // the API does not return masks
}

// ToOwned is [Annotation.ToAPI] for an annotation that a resource creates for an input. If the ID does not tell
// who created it, annotation_info does.
func (a *Annotation) ToOwned(resource, inputID string) (clarifai.Annotation, error) {
	owner, rest := Owner(resource, inputID), a.Extra()
	if rest.Mask == nil && strings.HasPrefix(a.ID, owner) {
		return a.ToAPI(inputID)
	}
	m := mark{Owner: owner}
	if rest.Mask != nil {
		m.Mask = rest.Mask.SHA256
	}
	info, err := withMark(rest.Info, m)
	if err != nil {
		return clarifai.Annotation{}, err
	}
	marked, more := *a, *rest
	more.Info = info
	marked.Rest = &more
	return marked.ToAPI(inputID)
}

func withMark(info clarifai.Struct, m mark) (clarifai.Struct, error) {
	all := map[string]any{}
	if info != nil {
		if err := json.Unmarshal(info, &all); err != nil {
			return nil, err
		}
	}
	all[markKey] = m
	return json.Marshal(all, json.Deterministic(true))
}

// takeMark returns the mark in annotation_info, and the rest.
func takeMark(info clarifai.Struct) (m mark, rest clarifai.Struct) {
	if !strings.Contains(string(info), `"`+markKey+`"`) {
		return mark{}, info
	}
	var all map[string]any
	var marked struct {
		Mark mark `json:"terraform"`
	}
	if json.Unmarshal(info, &all) != nil || json.Unmarshal(info, &marked) != nil {
		return mark{}, info
	}
	delete(all, markKey)
	rest, err := json.Marshal(all, json.Deterministic(true))
	if err != nil {
		return mark{}, info
	}
	return marked.Mark, rest
}

// Match is how an annotation of the service relates to the annotations that a resource has for the same input.
type Match struct {
	Index int  // of the resource's annotation with this ID; -1 if it has none
	Owned bool // the resource created it
	Same  bool // it has all parts of the resource's annotation
}

// FindOwn compares an annotation of the service with those of a resource, whose IDs must be derived before. It
// removes the mark of the resource from annotation_info of found.
func FindOwn(resource, inputID string, all []Annotation, found *clarifai.Annotation) Match {
	owner := Owner(resource, inputID)
	m, info := takeMark(found.AnnotationInfo)
	found.AnnotationInfo = info
	match := Match{
		Index: slices.IndexFunc(all, func(a Annotation) bool { return a.ID == found.ID }),
		Owned: strings.HasPrefix(found.ID, owner) || m.Owner == owner,
	}
	if match.Index < 0 {
		return match
	}
	want, have := &all[match.Index], FromAPI(found)
	match.Same = Same(want, &have)
	if mask := want.Extra().Mask; match.Same && mask != nil && m.Owner != "" {
		match.Same = mask.SHA256 == m.Mask
	}
	return match
}
