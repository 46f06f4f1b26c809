package format

import (
	"math"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

// PixelBox is a box with corners in pixels, normalised with the size of the image.
func PixelBox(size Size, left, top, right, bottom float64) annotation.Rectangle {
	w, h := float64(size.Width), float64(size.Height)
	return annotation.Rectangle{Top: float32(top / h), Left: float32(left / w), Bottom: float32(bottom / h), Right: float32(right / w)}
}

// PixelPoint is a point in pixels, normalised with the size of the image.
func PixelPoint(size Size, x, y float64) annotation.Point {
	return annotation.Point{Row: float32(y / float64(size.Height)), Col: float32(x / float64(size.Width))}
}

// Turn turns a box in pixels clockwise by degrees about a point: the four corners, beginning with the
// top left one.
func Turn(left, top, right, bottom, degrees, x, y float64) [4][2]float64 {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	var out [4][2]float64
	for i, c := range [4][2]float64{{left, top}, {right, top}, {right, bottom}, {left, bottom}} {
		dx, dy := c[0]-x, c[1]-y
		out[i] = [2]float64{x + dx*cos - dy*sin, y + dx*sin + dy*cos}
	}
	return out
}

// ellipseCorners is how many corners approximate an ellipse.
const ellipseCorners = 32

// Ellipse is a polygon that approximates an ellipse in pixels, turned clockwise by degrees.
func Ellipse(x, y, radiusX, radiusY, degrees float64) [][2]float64 {
	turnSin, turnCos := math.Sincos(degrees * math.Pi / 180)
	out := make([][2]float64, ellipseCorners)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / ellipseCorners)
		dx, dy := radiusX*cos, radiusY*sin
		out[i] = [2]float64{x + dx*turnCos - dy*turnSin, y + dx*turnSin + dy*turnCos}
	}
	return out
}

// PixelPoints are points in pixels, normalised with the size of the image.
func PixelPoints(size Size, corners [][2]float64) []annotation.Point {
	points := make([]annotation.Point, len(corners))
	for i, c := range corners {
		points[i] = PixelPoint(size, c[0], c[1])
	}
	return points
}

// Bounds is the box around the points of an annotation.
func Bounds(a annotation.Annotation) annotation.Annotation {
	if len(a.Points) == 0 {
		return a
	}
	r := annotation.Rectangle{Top: a.Points[0].Row, Left: a.Points[0].Col, Bottom: a.Points[0].Row, Right: a.Points[0].Col}
	for _, p := range a.Points {
		r.Top, r.Left, r.Bottom, r.Right = min(r.Top, p.Row), min(r.Left, p.Col), max(r.Bottom, p.Row), max(r.Right, p.Col)
	}
	a.Shape, a.Points, a.Rect = annotation.Box, nil, r
	return a
}
