package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// table is the output, as Markdown.
type table struct {
	about string
	load  []string // at the start and at the end
	lines []line
	goals []goal
}

// line is the cost of some work.
type line struct {
	row, work string
	cost      cost
	floor     time.Duration // 0: none
	loop      bool          // measured without a CLI
}

// goal is a figure with a target, or with a text, for information only.
type goal struct {
	row, work, what string
	got, most       float64
	unit            unit
	text            string
}

// unit formats a number.
type unit func(float64) string

func count(v float64) string   { return strconv.FormatFloat(v, 'f', -1, 64) }
func times(v float64) string   { return fmt.Sprintf("%.2fx", v) }
func percent(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }

func seconds(v float64) string {
	if v < 1 {
		return fmt.Sprintf("%.0f ms", 1000*v)
	}
	return fmt.Sprintf("%.2f s", v)
}

func memory(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.0f MB", v/1e6)
	case v >= 1e3:
		return fmt.Sprintf("%.1f kB", v/1e3)
	}
	return fmt.Sprintf("%.0f B", v)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

func (t *table) line(row, work string, c cost, floor time.Duration) {
	t.lines = append(t.lines, line{row: row, work: work, cost: c, floor: floor})
}

// floor adds a loop in Go, which is the lowest possible cost of some work.
func (t *table) floor(row, work, what string, wall time.Duration, calls map[string]int) {
	t.lines = append(t.lines, line{row: row, work: "floor: " + what + " (" + work + ")", cost: cost{wall: wall, calls: calls}, loop: true})
}

func (t *table) goal(row, work, what string, got, most float64, unit unit) {
	t.goals = append(t.goals, goal{row: row, work: work, what: what, got: got, most: most, unit: unit})
}

// note adds a figure without a target.
func (t *table) note(row, work, what, text string) {
	t.goals = append(t.goals, goal{row: row, work: work, what: what, text: text})
}

// outcome says whether a goal is reached, or by how much it is missed.
func (g goal) outcome() string {
	switch {
	case g.text != "":
		return ""
	case g.got <= g.most:
		return "reached"
	}
	return fmt.Sprintf("MISSED by %.0f %%", 100*(g.got-g.most)/g.most)
}

func (t *table) print(out io.Writer) {
	fmt.Fprintf(out, "\n%s, %d cores, load average %s at the start and %s at the end\n\n", t.about, cores(), t.load[0], t.load[len(t.load)-1])
	figures := [][]string{{"row", "work", "requests", "wall", "of floor", "provider CPU", "provider memory", "CLI CPU"}}
	for _, l := range t.lines {
		cells := []string{l.row, l.work, strconv.Itoa(l.cost.total()), seconds(l.cost.wall.Seconds()), "", "", "", ""}
		if l.floor > 0 {
			cells[4] = times(ratio(l.cost.wall, l.floor))
		}
		if !l.loop {
			cells[5], cells[6] = seconds(l.cost.provider.CPU.Seconds()), memory(float64(l.cost.provider.Peak))
			cells[7] = seconds(l.cost.cli.Seconds())
		}
		figures = append(figures, cells)
	}
	grid(out, figures)

	goals := [][]string{{"row", "work", "figure", "measured", "at most", "result"}}
	missed := 0
	for _, g := range t.goals {
		if g.text != "" {
			goals = append(goals, []string{g.row, g.work, g.what, g.text, "", ""})
			continue
		}
		if g.got > g.most {
			missed++
		}
		goals = append(goals, []string{g.row, g.work, g.what, g.unit(g.got), g.unit(g.most), g.outcome()})
	}
	fmt.Fprintln(out)
	grid(out, goals)

	fmt.Fprintln(out, "\nRequests by operation")
	for _, l := range t.lines {
		if l.cost.total() > 0 {
			fmt.Fprintf(out, "%s  %s: %s\n", l.row, l.work, byOperation(l.cost.calls))
		}
	}
	fmt.Fprintf(out, "\n%d figures are missed\n", missed)
}

// byOperation lists the requests by operation, the most frequent first.
func byOperation(calls map[string]int) string {
	ops := slices.SortedFunc(maps.Keys(calls), func(a, b string) int {
		if calls[a] != calls[b] {
			return calls[b] - calls[a]
		}
		return strings.Compare(a, b)
	})
	for i, op := range ops {
		ops[i] = fmt.Sprintf("%s %d", op, calls[op])
	}
	return strings.Join(ops, ", ")
}

// grid prints a Markdown table with aligned columns.
func grid(out io.Writer, cells [][]string) {
	widths := make([]int, len(cells[0]))
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for i, row := range cells {
		for j, cell := range row {
			fmt.Fprintf(out, "| %-*s ", widths[j], cell)
		}
		fmt.Fprintln(out, "|")
		if i == 0 {
			for _, width := range widths {
				fmt.Fprint(out, "|"+strings.Repeat("-", width+2))
			}
			fmt.Fprintln(out, "|")
		}
	}
}
