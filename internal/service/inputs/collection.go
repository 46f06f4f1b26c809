package inputs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// collection is all the rows of a source, by id.
type collection struct {
	rows     []row
	byID     map[string]int32
	digest   string          // of all that the rows want, whatever their order
	datasets []string        // that rows name
	twins    map[int32]int32 // rows with the URL of another
	ignored  int             // files of a directory that are no media
}

// row finds the row with an id, or nil.
func (c *collection) row(id string) *row {
	if i, ok := c.byID[id]; ok {
		return &c.rows[i]
	}
	return nil
}

// local counts the rows whose content is sent.
func (c *collection) local() int {
	n := 0
	for i := range c.rows {
		if c.rows[i].local() {
			n++
		}
	}
	return n
}

// hashers is how many files are read at a time.
const hashers = 4

// collector gathers rows from a source and what is wrong with them.
type collector struct {
	rows     []row
	shared   map[string]string
	problems []string // the first few
	bad      int
	where    func(line int32) string
}

const shownProblems = 10

func newCollector(where func(line int32) string) *collector {
	return &collector{shared: map[string]string{}, where: where}
}

// once keeps one copy of a string that many rows have.
func (c *collector) once(s string) string {
	if kept, ok := c.shared[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	c.shared[s] = s
	return s
}

func (c *collector) problem(line int32, format string, args ...any) {
	c.bad++
	if len(c.problems) < shownProblems {
		c.problems = append(c.problems, c.where(line)+": "+fmt.Sprintf(format, args...))
	}
}

// add checks a row and takes it in.
func (c *collector) add(line int32, in raw) {
	r, err := c.build(in)
	if err != nil {
		c.problem(line, "%v", err)
		return
	}
	r.line = line
	c.rows = append(c.rows, r)
}

// badRowsError says what is wrong with rows.
type badRowsError struct {
	problems []string
	all      int
}

func (e *badRowsError) Error() string {
	text := strings.Join(e.problems, "\n")
	if more := e.all - len(e.problems); more > 0 {
		text += fmt.Sprintf("\n... and %d more", more)
	}
	return text
}

// collect ends the gathering: it reads the files and orders the rows.
func (c *collector) collect() (*collection, error) {
	c.readFiles()
	slices.SortStableFunc(c.rows, func(a, b row) int { return strings.Compare(a.id, b.id) })
	out := &collection{rows: c.rows, byID: make(map[string]int32, len(c.rows)), twins: map[int32]int32{}}
	datasets := map[string]bool{}
	urls := make(map[string]int32, len(c.rows))
	sum := sha256.New()
	for i := range c.rows {
		r := &c.rows[i]
		if r.badFile != "" {
			c.problem(r.line, "%s", r.badFile)
		}
		if first, taken := out.byID[r.id]; taken {
			c.problem(r.line, "id %q is also that of %s", r.id, c.where(c.rows[first].line))
			continue
		}
		out.byID[r.id] = int32(i) //nolint:gosec // rows fit into memory
		if twin, taken := urls[r.url]; taken {
			out.twins[int32(i)], out.twins[twin] = twin, int32(i) //nolint:gosec // see above
		} else if r.url != "" {
			urls[r.url] = int32(i) //nolint:gosec // see above
		}
		for _, d := range r.datasets {
			datasets[d] = true
		}
		r.hash(sum)
	}
	if c.bad > 0 {
		return nil, &badRowsError{c.problems, c.bad}
	}
	for d := range datasets {
		out.datasets = append(out.datasets, d)
	}
	slices.Sort(out.datasets)
	out.digest = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

// readFiles finds the digests of the rows' files.
func (c *collector) readFiles() {
	queue := make(chan *row)
	var readers sync.WaitGroup
	for range hashers {
		readers.Go(func() {
			for r := range queue {
				sum := sha256.New()
				r.badFile = inputcontent.CopyFile(sum, r.kind, r.file)
				sum.Sum(r.content[:0])
			}
		})
	}
	for i := range c.rows {
		if c.rows[i].file != "" {
			queue <- &c.rows[i]
		}
	}
	close(queue)
	readers.Wait()
}

// trimBOM takes away the mark that some programs put before UTF-8.
func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }
