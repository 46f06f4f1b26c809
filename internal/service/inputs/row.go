package inputs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// row is one input as the configuration wants it. What a row does not say of
// labels, metadata, place and datasets is not managed.
type row struct {
	id, kind string
	url      string // or
	file     string // path, as it can be opened, or
	text     string
	content  [sha256.Size]byte // digest of what is not a URL
	labelled bool              // labels are managed
	labels   []label           // by id
	metadata clarifai.Struct   // canonical
	geo      *clarifai.GeoPoint
	sorted   bool     // memberships are managed
	datasets []string // in order
	line     int32    // in the manifest; 0 elsewhere
	badFile  string   // what is wrong with the file
}

type label struct {
	id    string
	value clarifai.Float
}

// local tells whether the content is sent, and not downloaded by the service.
func (r *row) local() bool { return r.url == "" }

// raw is a row before it is checked. Empty texts and nil are "not said".
type raw struct {
	id, kind, url, file, text string
	labelled                  bool
	labels                    []label
	metadata                  []byte
	geo                       *clarifai.GeoPoint
	sorted                    bool
	datasets                  []string
}

// build checks a raw row. Strings that many rows share are kept once.
func (c *collector) build(in raw) (row, error) {
	r := row{id: in.id, kind: in.kind, url: in.url, file: in.file, text: in.text, labelled: in.labelled, sorted: in.sorted, geo: in.geo}
	if problem := ids.Problem(in.id, ids.MaxInputLength); problem != "" {
		return r, fmt.Errorf("id %q cannot be used: %s", in.id, problem)
	}
	if err := r.checkMedium(); err != nil {
		return r, err
	}
	r.kind = c.once(r.kind)
	for _, l := range in.labels {
		if problem := ids.Problem(l.id, ids.MaxLength); problem != "" {
			return r, fmt.Errorf("concept %q cannot be used: %s", l.id, problem)
		}
		if l.value < 0 || l.value > 1 || math.IsNaN(float64(l.value)) {
			return r, fmt.Errorf("concept %q has value %v, and values are between 0 and 1", l.id, l.value)
		}
		r.labels = append(r.labels, label{c.once(l.id), clarifai.NewFloat(float64(l.value))})
	}
	slices.SortFunc(r.labels, func(a, b label) int { return strings.Compare(a.id, b.id) })
	for i := 1; i < len(r.labels); i++ {
		if r.labels[i].id == r.labels[i-1].id {
			return r, fmt.Errorf("concept %q is there twice", r.labels[i].id)
		}
	}
	if len(in.metadata) > 0 {
		metadata, err := canonical(in.metadata)
		if err != nil {
			return r, notAnObject(err)
		}
		r.metadata = metadata
	}
	if g := in.geo; g != nil {
		if !(math.Abs(float64(g.Latitude)) <= 90 && math.Abs(float64(g.Longitude)) <= 180) { // NaN is neither
			return r, fmt.Errorf("latitude %v, longitude %v is not on the globe", g.Latitude, g.Longitude)
		}
	}
	for _, d := range in.datasets {
		if problem := ids.Problem(d, ids.MaxLength); problem != "" {
			return r, fmt.Errorf("dataset %q cannot be used: %s", d, problem)
		}
		r.datasets = append(r.datasets, c.once(d))
	}
	slices.Sort(r.datasets)
	r.datasets = slices.Compact(r.datasets)
	return r, nil
}

// checkMedium sees that there is one medium, of a kind that is known.
func (r *row) checkMedium() error {
	sources := 0
	for _, s := range []string{r.url, r.file, r.text} {
		if s != "" {
			sources++
		}
	}
	// JSON is UTF-8 in any case, and CSV whatever a program wrote.
	if !utf8.ValidString(r.url) || !utf8.ValidString(r.text) {
		return errors.New("the content is not UTF-8, and the service takes nothing else; save the file as UTF-8")
	}
	if sources != 1 {
		return fmt.Errorf("exactly one of url, file and text is needed, and %d are set", sources)
	}
	path := r.file
	if r.url != "" {
		u, err := url.Parse(r.url)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			return fmt.Errorf("url %q is not an http or https URL without user name and password", r.url)
		}
		path = u.Path
	}
	switch {
	case r.text != "" && (r.kind == "" || r.kind == inputcontent.Text):
		r.kind = inputcontent.Text
		if problem := inputcontent.SizeProblem(r.kind, int64(len(r.text))); problem != "" {
			return fmt.Errorf("text: %s", problem)
		}
		r.content = sha256.Sum256([]byte(r.text))
	case r.text != "":
		return fmt.Errorf("text makes a text, and kind is %q", r.kind)
	case r.kind == "":
		if r.kind = inputcontent.TypeOf(path); r.kind == "" {
			return fmt.Errorf("the ending of %q does not tell the kind of medium: set kind to one of %s", path, strings.Join(inputcontent.Types, ", "))
		}
	case !slices.Contains(inputcontent.Types, r.kind):
		return fmt.Errorf("kind %q is none of %s", r.kind, strings.Join(inputcontent.Types, ", "))
	}
	return nil
}

// notAnObject says why metadata cannot be read, without the names of Go's types.
func notAnObject(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return fmt.Errorf("metadata is not a JSON object: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
	return errors.New("metadata is not a JSON object")
}

// canonical is a JSON object with its keys in order and numbers as doubles.
func canonical(object []byte) (clarifai.Struct, error) {
	var m map[string]any
	if err := json.Unmarshal(object, &m); err != nil {
		return nil, err
	}
	if m == nil {
		return nil, nil
	}
	return json.Marshal(m, json.Deterministic(true))
}

// hash writes all that a row wants to h, so that no two different rows write the same.
func (r *row) hash(h hash.Hash) {
	var number [8]byte
	count := func(n int) {
		binary.LittleEndian.PutUint64(number[:], uint64(n)) //nolint:gosec // read nowhere
		_, _ = h.Write(number[:])
	}
	value := func(f clarifai.Float) {
		binary.LittleEndian.PutUint64(number[:], math.Float64bits(float64(f)))
		_, _ = h.Write(number[:])
	}
	text := func(s string) {
		count(len(s))
		_, _ = h.Write([]byte(s))
	}
	text(r.id)
	text(r.kind)
	text(r.url)
	_, _ = h.Write(r.content[:])
	if r.labelled {
		count(len(r.labels))
		for _, l := range r.labels {
			text(l.id)
			value(l.value)
		}
	} else {
		count(-1)
	}
	text(string(r.metadata))
	if r.geo != nil {
		value(r.geo.Latitude)
		value(r.geo.Longitude)
	} else {
		count(-1)
	}
	if r.sorted {
		count(len(r.datasets))
		for _, d := range r.datasets {
			text(d)
		}
	} else {
		count(-1)
	}
}

// idHash stands for an id in fingerprints.
func idHash(id string) uint64 {
	sum := sha256.Sum256([]byte(id))
	return binary.LittleEndian.Uint64(sum[:])
}

// contentHash stands for the content of an input: the upper half tells the input, the lower the content.
func (r *row) contentHash() uint64 {
	return idHash(r.id)&^math.MaxUint32 | uint64(binary.LittleEndian.Uint32(r.content[:]))
}

// concepts are the labels to send.
func (r *row) concepts() []clarifai.Concept {
	var concepts []clarifai.Concept
	for _, l := range r.labels {
		concepts = append(concepts, clarifai.Concept{ID: l.id, Value: &l.value})
	}
	return concepts
}

func (r *row) place() *clarifai.Geo {
	if r.geo == nil {
		return nil
	}
	return &clarifai.Geo{GeoPoint: r.geo}
}

// input is the input to create, content included.
func (r *row) input(allowDuplicateURL bool, datasets []string) (clarifai.Input, error) {
	var content []byte
	switch {
	case r.text != "":
		content = []byte(r.text)
	case r.file != "":
		var b bytes.Buffer
		if problem := inputcontent.CopyFile(&b, r.kind, r.file); problem != "" {
			return clarifai.Input{}, fmt.Errorf("%s", problem)
		}
		content = b.Bytes()
		if sum := sha256.Sum256(content); sum != r.content {
			return clarifai.Input{}, fmt.Errorf("the content of %q has changed since the plan (SHA-256 %s, now %s); plan and apply again",
				r.file, hex.EncodeToString(r.content[:]), hex.EncodeToString(sum[:]))
		}
	}
	data := inputcontent.ToData(r.kind, r.url, content, allowDuplicateURL)
	data.Concepts, data.Metadata, data.Geo = r.concepts(), r.metadata, r.place()
	return clarifai.Input{ID: r.id, Data: data, DatasetIDs: datasets}, nil
}

// isMedium tells whether an input has the row's medium, as far as the service
// shows it: the kind and the URL. Content that was sent it does not show.
func (r *row) isMedium(d *clarifai.Data) bool {
	kind, url, _ := inputcontent.FromData(d)
	return kind == r.kind && url == r.url
}

// isLabelled tells whether an input has the labels, metadata and place that the row wants.
func (r *row) isLabelled(d *clarifai.Data) bool {
	return r.sameLabels(d.Concepts) && r.sameMetadata(d.Metadata) && (r.geo == nil || inputdata.SameGeo(r.place(), d.Geo))
}

func (r *row) sameLabels(found []clarifai.Concept) bool {
	if !r.labelled {
		return true
	}
	if len(found) != len(r.labels) {
		return false
	}
	for _, c := range found {
		i, ok := slices.BinarySearchFunc(r.labels, c.ID, func(l label, id string) int { return strings.Compare(l.id, id) })
		if !ok || !inputdata.SameFloat(r.labels[i].value, inputdata.Value(c)) {
			return false
		}
	}
	return true
}

func (r *row) sameMetadata(found clarifai.Struct) bool {
	return r.metadata == nil || bytes.Equal(r.metadata, found) || attrs.SameJSON(r.metadata, found)
}

// patch is what to send so that an input gets the row's labels, metadata and
// place. What only comes on top is merged, which leaves all else as it is. When
// something goes away all is overwritten, and what is not managed is sent back.
func (r *row) patch(have *clarifai.Data) (*clarifai.Data, clarifai.PatchAction) {
	merged := &clarifai.Data{}
	additive := true
	if !r.sameLabels(have.Concepts) {
		found := inputdata.Values(have.Concepts)
		for _, l := range r.labels {
			if old, had := found[l.id]; !had || !inputdata.SameFloat(old, l.value) {
				merged.Concepts = append(merged.Concepts, clarifai.Concept{ID: l.id, Value: &l.value})
			}
			delete(found, l.id)
		}
		additive = len(found) == 0
	}
	if !r.sameMetadata(have.Metadata) {
		before := have.Metadata
		if len(before) == 0 {
			before = clarifai.Struct("{}")
		}
		difference, mergeable := inputdata.MergePatch(before, r.metadata)
		additive = additive && mergeable
		merged.Metadata = difference
	}
	if r.geo != nil && !inputdata.SameGeo(r.place(), have.Geo) {
		merged.Geo = r.place()
	}
	if additive {
		return merged, clarifai.ActionMerge
	}
	// Documented to stay or go are labels, metadata and place. Regions and the like, which others may
	// have added, are sent back in case they go too.
	data := &clarifai.Data{
		Concepts: inputdata.Sendable(have.Concepts), Metadata: have.Metadata, Geo: have.Geo,
		Regions: have.Regions, Frames: have.Frames, TimeSegments: have.TimeSegments, Tracks: have.Tracks,
	}
	if r.labelled {
		data.Concepts = r.concepts()
	}
	if r.metadata != nil {
		data.Metadata = r.metadata
	}
	if r.geo != nil {
		data.Geo = r.place()
	}
	return data, clarifai.ActionOverwrite
}

// parseLabels reads labels as JSON: an object with values, or a list.
func parseLabels(value jsontext.Value) ([]label, error) {
	switch value.Kind() {
	case '{':
		var m map[string]float64
		if err := json.Unmarshal(value, &m); err != nil {
			return nil, fmt.Errorf("concepts: %w", err)
		}
		all := make([]label, 0, len(m))
		for id, v := range m {
			all = append(all, label{id, clarifai.Float(v)})
		}
		return all, nil
	case '[':
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			return nil, fmt.Errorf("concepts: %w", err)
		}
		all := make([]label, 0, len(list))
		for _, id := range list {
			all = append(all, label{id, 1})
		}
		return all, nil
	}
	return nil, fmt.Errorf(`concepts must be an object such as {"truck": 1} or a list such as ["truck"]`)
}
