package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// series is one line of a plot.
type series struct {
	name   string
	colour string
	points []point
}

type point struct{ size, value float64 }

// plot measures the sizes and draws their cost.
func (b *bench) plot(ctx context.Context) error {
	calls := []series{
		{name: "create", colour: "#0b6e99"}, {name: "plan without changes", colour: "#b5651d"},
		{name: "one request per input", colour: "#999999"},
	}
	took := []series{{name: "create, wall", colour: "#0b6e99"}, {name: "create, provider CPU", colour: "#7fb7d1"},
		{name: "plan, wall", colour: "#b5651d"}, {name: "plan, provider CPU", colour: "#e3b58a"}}
	for word := range strings.SplitSeq(b.sizes, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return fmt.Errorf("-sizes: %q is no size", word)
		}
		r, err := b.inBulk(ctx, n, paceOff)
		if err != nil {
			return err
		}
		for i, v := range []int{r.create.total(), r.plan.total(), n} {
			calls[i].points = append(calls[i].points, point{float64(n), float64(v)})
		}
		measured := []time.Duration{r.create.wall, r.create.provider.CPU, r.plan.wall, r.plan.provider.CPU}
		for i, duration := range measured {
			took[i].points = append(took[i].points, point{float64(n), duration.Seconds()})
		}
		work := thousands(n) + " inputs, one clarifai_inputs, pacing off"
		b.table.line("plot", "create "+work, r.create, r.loop.create)
		b.table.line("plot", "plan "+work, r.plan, r.loop.read)
		b.table.note("plot", work, "state", memory(float64(r.create.state)))
	}
	path, err := filepath.Abs(b.options.plot)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(draw("Inputs from a manifest: cost against size ("+b.table.about+", pacing off)",
		panel{"API requests", calls}, panel{"seconds", took})), 0o644)
}

type panel struct {
	title string
	lines []series
}

// Measures of the drawing, in pixels.
const (
	panelWidth, panelHeight = 400, 300
	left, right, top        = 60, 30, 70
	bottom                  = 110
)

// draw makes an SVG of panels side by side, both axes logarithmic.
func draw(title string, panels ...panel) string {
	width, height := len(panels)*(panelWidth+left+right), panelHeight+top+bottom
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n",
		width, height)
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	fmt.Fprintf(&svg, `<text x="%d" y="24" font-size="14">%s</text>`+"\n", left, escape(title))
	for i, p := range panels {
		fmt.Fprintf(&svg, `<g transform="translate(%d,%d)">`+"\n", i*(panelWidth+left+right)+left, top)
		p.draw(&svg)
		svg.WriteString("</g>\n")
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

func (p panel) draw(svg *strings.Builder) {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range p.lines {
		for _, at := range s.points {
			low = point{min(low.size, at.size), min(low.value, at.value)}
			high = point{max(high.size, at.size), max(high.value, at.value)}
		}
	}
	across := newScale(low.size, high.size, 0, panelWidth)
	up := newScale(low.value, high.value, panelHeight, 0)
	fmt.Fprintf(svg, `<text y="-12" font-weight="bold">%s</text>`+"\n", escape(p.title))
	for _, tick := range across.ticks() {
		x := across.at(tick)
		fmt.Fprintf(svg, `<path d="M%.1f 0V%d" stroke="#e0e0e0"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			x, panelHeight, x, panelHeight+18, number(tick))
	}
	for _, tick := range up.ticks() {
		y := up.at(tick)
		fmt.Fprintf(svg, `<path d="M0 %.1fH%d" stroke="#e0e0e0"/><text x="-8" y="%.1f" text-anchor="end">%s</text>`+"\n",
			y, panelWidth, y+4, number(tick))
	}
	fmt.Fprintf(svg, `<text x="%d" y="%d" text-anchor="middle">inputs</text>`+"\n", panelWidth/2, panelHeight+36)
	for i, s := range p.lines {
		var path strings.Builder
		for j, at := range s.points {
			command := "L"
			if j == 0 {
				command = "M"
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", command, across.at(at.size), up.at(at.value))
			fmt.Fprintf(svg, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"><title>%s: %s at %s</title></circle>`+"\n",
				across.at(at.size), up.at(at.value), s.colour, escape(s.name), number(at.value), number(at.size))
		}
		fmt.Fprintf(svg, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", path.String(), s.colour)
		x, y := (i%2)*panelWidth/2, panelHeight+60+i/2*20
		fmt.Fprintf(svg, `<path d="M%d %dh24" stroke="%s" stroke-width="3"/><text x="%d" y="%d">%s</text>`+"\n",
			x, y, s.colour, x+30, y+4, escape(s.name))
	}
}

// scale maps powers of ten to pixels.
type scale struct{ low, high, from, to float64 }

func newScale(low, high, from, to float64) scale {
	s := scale{math.Floor(math.Log10(low)), math.Ceil(math.Log10(high)), from, to}
	if s.high == s.low {
		s.high++
	}
	return s
}

func (s scale) at(v float64) float64 {
	return s.from + (math.Log10(v)-s.low)/(s.high-s.low)*(s.to-s.from)
}

func (s scale) ticks() []float64 {
	var ticks []float64
	for e := s.low; e <= s.high; e++ {
		ticks = append(ticks, math.Pow(10, e))
	}
	return ticks
}

func number(v float64) string {
	if v >= 1000 {
		return thousands(int(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
