package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// Rows is all rows of a source, ordered by id. The zero value has no rows.
type Rows struct {
	All      []Row
	Digest   string   // SHA-256 in hex of everything that the rows set
	Datasets []string // ids of the datasets that rows name, in order
	Ignored  int      // files of a directory that are no inputs

	byID     map[string]int32
	sameURL  map[int32]int32 // rows with the URL of another row, and that row
	position func(*Row) Position
}

// Len is the number of rows. It may be called on nil.
func (rs *Rows) Len() int {
	if rs == nil {
		return 0
	}
	return len(rs.All)
}

// Index returns the index of the row with an id.
func (rs *Rows) Index(id string) (int, bool) {
	i, ok := rs.byID[id]
	return int(i), ok
}

// Find returns the row with an id, or nil.
func (rs *Rows) Find(id string) *Row {
	if i, ok := rs.byID[id]; ok {
		return &rs.All[i]
	}
	return nil
}

// SameURL returns a row that has the URL of row i, or nil.
func (rs *Rows) SameURL(i int) *Row {
	if other, ok := rs.sameURL[int32(i)]; ok { //nolint:gosec // an index of rows
		return &rs.All[other]
	}
	return nil
}

// Position returns where a row is written.
func (rs *Rows) Position(r *Row) Position {
	if rs.position == nil {
		return Position{}
	}
	return rs.position(r)
}

// RowsError lists problems of rows.
type RowsError struct {
	Problems []string // the first ten, each with its position
	Count    int      // of all problems
}

func (e *RowsError) Error() string {
	text := strings.Join(e.Problems, "\n")
	if more := e.Count - len(e.Problems); more > 0 {
		text += fmt.Sprintf("\n... and %d more", more)
	}
	return text
}

// Collect checks records that come from the configuration itself.
func Collect(records iter.Seq[Record]) (*Rows, error) {
	c := newCollector()
	for record := range records {
		c.add(record)
	}
	return c.rows()
}

const (
	maxProblems = 10 // that are listed
	fileReaders = 4  // files that are read at a time
)

// collector checks records and collects their rows and problems.
type collector struct {
	all      []Row
	files    []string // of positions
	interned map[string]string
	problems []string
	bad      int
}

func newCollector() *collector { return &collector{interned: map[string]string{}} }

// intern keeps one copy of a string that many rows share.
func (c *collector) intern(s string) string {
	if kept, ok := c.interned[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	c.interned[s] = s
	return s
}

func (c *collector) problem(at Position, format string, args ...any) {
	c.bad++
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, at.String()+": "+fmt.Sprintf(format, args...))
	}
}

// add checks a record and appends its row.
func (c *collector) add(record Record) {
	r, err := c.check(record)
	if err != nil {
		c.problem(record.At, "%v", err)
		return
	}
	if last := len(c.files) - 1; last < 0 || c.files[last] != record.At.File {
		c.files = append(c.files, strings.Clone(record.At.File))
	}
	r.line, r.file = int32(record.At.Line), int32(len(c.files)-1) //nolint:gosec // lines and files of a source in memory
	c.all = append(c.all, r)
}

func (c *collector) position(r *Row) Position {
	return Position{File: c.files[r.file], Line: int(r.line)}
}

// rows reads the files that rows name and orders the rows.
func (c *collector) rows() (*Rows, error) {
	c.readFiles()
	slices.SortStableFunc(c.all, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	out := &Rows{All: c.all, byID: make(map[string]int32, len(c.all)), sameURL: map[int32]int32{}, position: c.position}
	datasets := map[string]bool{}
	urls := make(map[string]int32, len(c.all))
	sum := sha256.New()
	for i := range c.all {
		r, i := &c.all[i], int32(i) //nolint:gosec // rows fit into memory
		if r.fileError != "" {
			c.problem(c.position(r), "%s", r.fileError)
		}
		if first, taken := out.byID[r.ID]; taken {
			c.problem(c.position(r), "id %q is also that of %s", r.ID, c.position(&c.all[first]))
			continue
		}
		out.byID[r.ID] = i
		if other, taken := urls[r.URL]; taken {
			out.sameURL[i], out.sameURL[other] = other, i
		} else if r.URL != "" {
			urls[r.URL] = i
		}
		for _, d := range r.Datasets {
			datasets[d] = true
		}
		r.writeHash(sum)
	}
	if c.bad > 0 {
		return nil, &RowsError{c.problems, c.bad}
	}
	for d := range datasets {
		out.Datasets = append(out.Datasets, d)
	}
	slices.Sort(out.Datasets)
	out.Digest = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

// readFiles computes the digests of the rows' files.
func (c *collector) readFiles() {
	queue := make(chan *Row)
	var readers sync.WaitGroup
	for range fileReaders {
		readers.Go(func() {
			for r := range queue {
				sum := sha256.New()
				r.fileError = inputcontent.CopyFile(sum, r.Kind, r.File)
				sum.Sum(r.Content[:0])
			}
		})
	}
	for i := range c.all {
		if c.all[i].File != "" {
			queue <- &c.all[i]
		}
	}
	close(queue)
	readers.Wait()
}

// IsRowsError reports whether err is about rows, rather than about the source as a whole.
func IsRowsError(err error) bool {
	var rows *RowsError
	return errors.As(err, &rows)
}
