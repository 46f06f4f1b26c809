// Package annotation is the model of one annotation of an input: labels with the region, frame, time
// segment or track that they belong to. It knows nothing of Terraform. Resources, rows of manifests
// and files in the formats of other tools are all converted to it.
package annotation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"strconv"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// Shape is the kind of region that an annotation has.
type Shape uint8

// Shapes of regions. An annotation without a region is about the whole input, frame or time segment.
const (
	Whole Shape = iota
	Box
	Polygon
	SinglePoint
	Keypoints
	Mask
	Span
)

var shapeNames = [...]string{"whole", "box", "polygon", "point", "keypoints", "mask", "span"}

// String is the word that messages and derived ids use.
func (s Shape) String() string { return shapeNames[s] }

// Rectangle is a bounding box in fractions (0 to 1) of the image's height and width.
type Rectangle struct{ Top, Left, Bottom, Right float32 }

// Point is a point in fractions (0 to 1) of the image's height and width.
type Point struct {
	Row, Col, Z float32
	Visibility  clarifai.PointVisibility
}

// Concept is a label. Name is sent along where the concept may have to be created.
type Concept struct {
	ID, Name string
	Value    float32
}

// Annotation is one annotation of an input. The common members are kept small, since a data set has a
// million of them; everything that is rare is in Rest.
type Annotation struct {
	ID       string // "" until it is derived
	Concepts []Concept
	Points   []Point // of a polygon, a point or keypoints
	Rest     *Rest
	Rect     Rectangle
	Line     int32 // in the file that it was read from; 0 elsewhere
	Shape    Shape
}

// Rest is what few annotations have.
type Rest struct {
	Mask     *MaskImage
	Span     *TextSpan
	Frame    *Frame
	Segment  *Segment
	TrackID  string
	Text     string
	Metadata clarifai.Struct
	Info     clarifai.Struct
	Status   clarifai.StatusCode
}

// MaskImage is where the image of a mask comes from: a file, a URL or the bytes of a PNG.
type MaskImage struct {
	File, URL string
	PNG       []byte
	SHA256    string // of the bytes in hex, see ReadDigest
}

// ReadDigest sets SHA256, for which it reads the file. It stays "" for a URL.
func (m *MaskImage) ReadDigest() error {
	sum := sha256.New()
	switch {
	case m.URL != "":
		return nil
	case m.File != "":
		if problem := inputcontent.CopyFile(sum, inputcontent.Image, m.File); problem != "" {
			return errors.New(problem)
		}
	default:
		_, _ = sum.Write(m.PNG)
	}
	m.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// TextSpan is a part of a text. Offsets count code points; End is exclusive.
type TextSpan struct {
	Start, End uint32
	Text       string
}

// Frame is a moment of a video.
type Frame struct{ TimeMS, Number uint32 }

// Segment is a part of a video or recording, in seconds.
type Segment struct{ Begin, End float32 }

var noRest Rest

// Extra is the rest of the annotation, to read from. It is never nil.
func (a *Annotation) Extra() *Rest {
	if a.Rest == nil {
		return &noRest
	}
	return a.Rest
}

// Edit is the rest of the annotation, to write to.
func (a *Annotation) Edit() *Rest {
	if a.Rest == nil {
		a.Rest = &Rest{}
	}
	return a.Rest
}

// Kind is the kind of the annotation: its shape, and whether it belongs to a frame or a time segment.
func (a *Annotation) Kind() string {
	switch rest := a.Extra(); {
	case rest.Frame != nil:
		return "frame " + a.Shape.String()
	case rest.Segment != nil:
		return "time segment"
	}
	return a.Shape.String()
}

// Owner is the beginning of the ids of all annotations that one resource derives for one input, so
// that the annotations that it created are recognised without a list of them.
func Owner(resource, inputID string) string { return digest(6, "owner", resource, inputID) }

// DeriveIDs sets the ids of annotations that have none. An id is derived from the resource, the input,
// the kind, the first concept and the ordinal among annotations of the same kind and concept: a box
// that moves keeps its id, and so does a list in which other classes come and go.
func DeriveIDs(resource, inputID string, all []Annotation) {
	ordinals := map[string]int{}
	owner := Owner(resource, inputID)
	for i := range all {
		a := &all[i]
		if a.ID != "" {
			continue
		}
		class := a.Kind() + "\x00"
		if len(a.Concepts) > 0 {
			class += a.Concepts[0].ID
		}
		a.ID = owner + digest(10, resource, inputID, class, strconv.Itoa(ordinals[class]))
		ordinals[class]++
	}
}

// digest is n bytes of a hash of texts, in hex.
func digest(n int, texts ...string) string {
	h := sha256.New()
	for _, text := range texts {
		_, _ = h.Write([]byte(strconv.Itoa(len(text))))
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(text))
	}
	return hex.EncodeToString(h.Sum(nil)[:n])
}

// Near compares two coordinates as the service holds them: neighbours among the 32-bit floats are
// equal, since clients round in different ways.
func Near(x, y float32) bool { return x == y || math.Nextafter32(x, y) == y }

// Visibilities of points, by the names that readers of formats use.
const (
	Visible    = clarifai.PointVisible
	NotVisible = clarifai.PointNotVisible
	NotPresent = clarifai.PointNotPresent
)
