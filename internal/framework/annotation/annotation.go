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

// Shapes of regions. An annotation without a region belongs to the whole input, frame or time segment.
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

// String returns the word that messages and derived IDs use.
func (s Shape) String() string { return shapeNames[s] }

// Rectangle is a bounding box in fractions (0 to 1) of the image's height and width.
type Rectangle struct{ Top, Left, Bottom, Right float32 }

// Point is a point in fractions (0 to 1) of the image's height and width.
type Point struct {
	Row, Col, Z float32
	Visibility  clarifai.PointVisibility
}

// Concept is a label. Name is sent if the concept may have to be created.
type Concept struct {
	ID, Name string
	Value    float32
}

// Annotation is one annotation of an input. The common fields are kept small, since a data set has a
// million of them; rare fields are in Rest.
type Annotation struct {
	ID       string // "" until it is derived
	Concepts []Concept
	Points   []Point // of a polygon, a point or keypoints
	Rest     *Rest
	Rect     Rectangle
	Line     int32 // in the file that the annotation was read from; otherwise 0
	Shape    Shape
}

// Rest holds the fields that few annotations have.
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

// MaskImage is the source of a mask's image: a file, a URL or the bytes of a PNG.
type MaskImage struct {
	File, URL string
	PNG       []byte
	SHA256    string // of the bytes in hex, see ReadDigest
}

// ReadDigest sets SHA256. It reads the file for it. For a URL, SHA256 stays "".
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

// Frame is a frame of a video.
type Frame struct{ TimeMS, Number uint32 }

// Segment is a part of a video or recording, in seconds.
type Segment struct{ Begin, End float32 }

var noRest Rest

// Extra returns the rest of the annotation for reading. It is never nil.
func (a *Annotation) Extra() *Rest {
	if a.Rest == nil {
		return &noRest
	}
	return a.Rest
}

// Edit returns the rest of the annotation for writing.
func (a *Annotation) Edit() *Rest {
	if a.Rest == nil {
		a.Rest = &Rest{}
	}
	return a.Rest
}

// Kind returns the kind of the annotation: its shape, and whether it belongs to a frame or a time segment.
func (a *Annotation) Kind() string {
	switch rest := a.Extra(); {
	case rest.Frame != nil:
		return "frame " + a.Shape.String()
	case rest.Segment != nil:
		return "time segment"
	}
	return a.Shape.String()
}

// Owner returns the prefix of the IDs of all annotations that one resource derives for one input. It
// identifies the annotations that the resource created, without a list of them.
func Owner(resource, inputID string) string { return digest(6, "owner", resource, inputID) }

// DeriveIDs sets the IDs of annotations without one. An ID is derived from the resource, the input,
// the kind, the first concept and the ordinal among annotations of the same kind and concept. So a box
// that moves keeps its ID, and adding or removing annotations of other classes does not change it.
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

// digest returns n bytes of a hash of texts, in hex.
func digest(n int, texts ...string) string {
	h := sha256.New()
	for _, text := range texts {
		_, _ = h.Write([]byte(strconv.Itoa(len(text))))
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(text))
	}
	return hex.EncodeToString(h.Sum(nil)[:n])
}

// Near compares two coordinates with the precision of the service: adjacent 32-bit floats are
// equal, since clients round in different ways.
func Near(x, y float32) bool { return x == y || math.Nextafter32(x, y) == y }

// Visibilities of points, by the names in dataset formats.
const (
	Visible    = clarifai.PointVisible
	NotVisible = clarifai.PointNotVisible
	NotPresent = clarifai.PointNotPresent
)
