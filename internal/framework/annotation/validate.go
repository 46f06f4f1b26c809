package annotation

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Limits are the known properties of the input that an annotation belongs to. Zero values are unknown.
type Limits struct {
	Kind           string // image, video, audio or text
	Text           string
	FrameCount     uint32
	DurationMS     uint32
	DurationSecond float32
}

// Fault describes what is wrong with an annotation's region. Out reports whether clipping can help.
type Fault struct {
	Text string
	Out  bool
}

// Error returns the text.
func (f *Fault) Error() string { return f.Text }

func fault(format string, args ...any) *Fault { return &Fault{Text: fmt.Sprintf(format, args...)} }

// Check returns what is wrong with the annotation, or nil.
func (a *Annotation) Check(limits Limits) *Fault {
	for _, c := range a.Concepts {
		if !(c.Value >= 0 && c.Value <= 1) { // also rejects NaN
			return fault("concept %q has the value %v, and values are between 0 and 1", c.ID, c.Value)
		}
	}
	if f := a.checkShape(); f != nil {
		return f
	}
	if f := a.checkRest(limits); f != nil {
		return f
	}
	return a.checkKind(limits.Kind)
}

func (a *Annotation) checkShape() *Fault {
	switch a.Shape {
	case Box:
		r := a.Rect
		for _, v := range [...]float32{r.Top, r.Left, r.Bottom, r.Right} {
			if f := inside(v); f != nil {
				return f
			}
		}
		switch {
		case r.Left > r.Right || r.Top > r.Bottom:
			return fault("the box is inverted: top %v, left %v, bottom %v, right %v", r.Top, r.Left, r.Bottom, r.Right)
		case r.Left == r.Right || r.Top == r.Bottom:
			return fault("the box is empty: top %v, left %v, bottom %v, right %v", r.Top, r.Left, r.Bottom, r.Right)
		}
	case Polygon:
		if f := allInside(a.Points); f != nil {
			return f
		}
		if n := distinct(a.Points); n < 3 {
			return fault("the polygon has %d distinct points, and at least 3 are needed", n)
		}
	case SinglePoint:
		if len(a.Points) != 1 {
			return fault("a point annotation has %d points, and exactly one is needed", len(a.Points))
		}
		return allInside(a.Points)
	case Keypoints:
		if len(a.Points) == 0 {
			return fault("there are no keypoints")
		}
		return allInside(a.Points)
	}
	return nil
}

func inside(v float32) *Fault {
	switch {
	case math.IsNaN(float64(v)):
		return fault("a coordinate is not a number")
	case v < 0 || v > 1:
		return &Fault{Text: fmt.Sprintf("the coordinate %v is outside 0 to 1", v), Out: true}
	}
	return nil
}

func allInside(points []Point) *Fault {
	for _, p := range points {
		if p.Visibility == clarifai.PointNotPresent {
			continue
		}
		if f := inside(p.Row); f != nil {
			return f
		}
		if f := inside(p.Col); f != nil {
			return f
		}
	}
	return nil
}

func distinct(points []Point) int {
	seen := make(map[[2]float32]bool, len(points))
	for _, p := range points {
		seen[[2]float32{p.Row, p.Col}] = true
	}
	return len(seen)
}

func (a *Annotation) checkRest(limits Limits) *Fault {
	rest := a.Extra()
	if a.Shape == Mask && (rest.Mask == nil || rest.Mask.File == "" && rest.Mask.URL == "" && len(rest.Mask.PNG) == 0) {
		return fault("the mask has no image")
	}
	if s := rest.Span; a.Shape == Span {
		if s == nil {
			return fault("the span has no offsets")
		}
		if f := s.check(limits.Text); f != nil {
			return f
		}
	}
	if f := rest.Frame; f != nil {
		switch {
		case limits.FrameCount > 0 && f.Number >= limits.FrameCount:
			return fault("frame %d is beyond the video's %d frames", f.Number, limits.FrameCount)
		case limits.DurationMS > 0 && f.TimeMS > limits.DurationMS:
			return fault("the frame at %d ms is beyond the video's %d ms", f.TimeMS, limits.DurationMS)
		}
	}
	if s := rest.Segment; s != nil {
		switch {
		case !(s.Begin >= 0 && s.End > s.Begin):
			return fault("the time segment ends at %v s and begins at %v s", s.End, s.Begin)
		case limits.DurationSecond > 0 && s.End > limits.DurationSecond:
			return fault("the time segment ends at %v s, beyond the duration of %v s", s.End, limits.DurationSecond)
		case rest.Frame != nil:
			return fault("an annotation has a frame or a time segment, not both")
		case a.Shape != Whole:
			return fault("a time segment has no region")
		}
	}
	return nil
}

func (s *TextSpan) check(text string) *Fault {
	if s.End <= s.Start {
		return fault("the span ends at %d and begins at %d", s.End, s.Start)
	}
	if text == "" {
		return nil
	}
	if n := utf8.RuneCountInString(text); int64(s.End) > int64(n) {
		return fault("the span ends at %d, beyond the text's %d characters", s.End, n)
	}
	if found := string([]rune(text)[s.Start:s.End]); s.Text != "" && s.Text != found {
		return fault("the span %d to %d of the text is %q, and not %q: offsets count Unicode code points, and the end is exclusive", s.Start,
			s.End, found, s.Text)
	}
	return nil
}

// checkKind checks whether inputs of the type can have the annotation.
func (a *Annotation) checkKind(kind string) *Fault {
	rest := a.Extra()
	switch {
	case kind == "":
	case a.Shape == Span && kind != "text":
		return fault("a span belongs to a text, and the input is of type %s", kind)
	case a.Shape != Whole && a.Shape != Span && kind != "image" && kind != "video":
		return fault("a %s belongs to an image or a frame of a video, and the input is of type %s", a.Shape, kind)
	case a.Shape != Whole && kind == "video" && rest.Frame == nil:
		return fault("a %s of a video needs a frame", a.Shape)
	case rest.Frame != nil && kind != "video":
		return fault("a frame belongs to a video, and the input is of type %s", kind)
	case rest.Segment != nil && kind != "video" && kind != "audio":
		return fault("a time segment belongs to a video or audio, and the input is of type %s", kind)
	}
	return nil
}

// Clip moves coordinates outside 0 to 1 to the edge. It reports whether it changed any.
func (a *Annotation) Clip() bool {
	changed := false
	clip := func(v *float32) {
		if *v < 0 {
			*v, changed = 0, true
		} else if *v > 1 {
			*v, changed = 1, true
		}
	}
	if a.Shape == Box {
		for _, v := range [...]*float32{&a.Rect.Top, &a.Rect.Left, &a.Rect.Bottom, &a.Rect.Right} {
			clip(v)
		}
	}
	for i := range a.Points {
		clip(&a.Points[i].Row)
		clip(&a.Points[i].Col)
	}
	return changed
}
