package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

// Rows is all rows of a source, ordered by id. The zero value has no rows.
type Rows struct {
	All      []Row
	Digest   string   // SHA-256 in hex of everything that the rows set
	Datasets []string // ids of the datasets that rows name, in order
	Ignored  int      // files of a directory that are no inputs
	Skipped  string   // what the format of the manifest does not keep, one kind in each line
	Warnings []Warning
	NewIDs   *Warning // of concepts that the app has to have, since Clarifai may not create them; nil if there are none

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

// IDs yields the ids of all rows.
func (rs *Rows) IDs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range rs.All {
			if !yield(rs.All[i].ID) {
				return
			}
		}
	}
}

// MembersOf yields the ids of the rows that name a dataset.
func (rs *Rows) MembersOf(dataset string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range rs.All {
			if slices.Contains(rs.All[i].Datasets, dataset) && !yield(rs.All[i].ID) {
				return
			}
		}
	}
}

// Annotations is the number of annotations of all rows. It may be called on nil.
func (rs *Rows) Annotations() int {
	if rs == nil {
		return 0
	}
	n := 0
	for i := range rs.All {
		n += len(rs.All[i].Annotations)
	}
	return n
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
	Missing  bool     // all of them are files that do not exist
}

// Is reports whether the error is that files do not exist.
func (e *RowsError) Is(target error) bool { return e.Missing && target == fs.ErrNotExist } //nolint:errorlint // as errors.Is calls it

func (e *RowsError) Error() string {
	text := strings.Join(e.Problems, "\n")
	if more := e.Count - len(e.Problems); more > 0 {
		text += fmt.Sprintf("\n... and %d more", more)
	}
	return text
}

// Collect checks records that come from the configuration itself.
func Collect(records iter.Seq[Record], datasetIDs []string) (*Rows, error) {
	c := newCollector()
	c.datasetIDs = datasetIDs
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
	missing  int // of bad: files that do not exist
	warnings []Warning

	root       string   // that files must stay below; "" for anywhere
	datasetIDs []string // of all rows; nil if not managed

	labels   *format.Labels  // how classes become concepts; nil if ids are given
	olderIDs ids.ConceptList // of concepts

	mayLabelByName bool // labels = "names" is possible and not set
}

func newCollector() *collector { return &collector{interned: map[string]string{}} }

func (c *collector) warn(summary, detail string) {
	c.warnings = append(c.warnings, Warning{summary, detail})
}

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
			if r.fileMissing {
				c.missing++
			}
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
		return nil, &RowsError{c.problems, c.bad, c.bad == c.missing}
	}
	for d := range datasets {
		out.Datasets = append(out.Datasets, d)
	}
	slices.Sort(out.Datasets)
	out.Digest = hex.EncodeToString(sum.Sum(nil))
	c.warnTexts()
	out.Warnings, out.NewIDs = c.warnings, c.warnOlderIDs()
	return out, nil
}

// readFiles computes the digests of the rows' files.
func (c *collector) readFiles() {
	queue := make(chan *Row)
	var readers sync.WaitGroup
	for range fileReaders {
		readers.Go(func() {
			for r := range queue {
				r.readFile()
			}
		})
	}
	for i := range c.all {
		if r := &c.all[i]; r.File != "" && r.fileError == "" && r.Content == [sha256.Size]byte{} {
			queue <- r
		}
	}
	close(queue)
	readers.Wait()
}

// readFile computes the digest of the row's file, or records what is wrong with it.
func (r *Row) readFile() {
	if _, err := os.Stat(r.File); errors.Is(err, fs.ErrNotExist) {
		r.fileMissing = true
		r.fileError = "Cannot read " + inputcontent.FileError(err) + tildeHint(err) + "."
		return
	}
	sum := sha256.New()
	head := &headWriter{}
	r.fileError = inputcontent.CopyFile(io.MultiWriter(sum, head), r.Kind, r.File)
	sum.Sum(r.Content[:0])
	r.looksText = r.Kind != inputcontent.Text && strings.HasPrefix(http.DetectContentType(head.head), "text/")
}

// headWriter keeps the first bytes that are written to it.
type headWriter struct{ head []byte }

// Write keeps what is missing of the first 512 bytes.
func (w *headWriter) Write(p []byte) (int, error) {
	const sniffed = 512 // by http.DetectContentType
	if n := sniffed - len(w.head); n > 0 {
		w.head = append(w.head, p[:min(n, len(p))]...)
	}
	return len(p), nil
}

// warnTexts warns of files that are texts and are sent as something else.
func (c *collector) warnTexts() {
	var few []string
	n := 0
	for i := range c.all {
		if r := &c.all[i]; r.looksText {
			if n++; len(few) < maxProblems {
				few = append(few, fmt.Sprintf("%s: %q is a text, and the input is of kind %s", r.ID, r.File, r.Kind))
			}
		}
	}
	if n == 0 {
		return
	}
	text := strings.Join(few, "\n")
	if n > len(few) {
		text += fmt.Sprintf("\n... and %d more", n-len(few))
	}
	c.warn("Files that Clarifai will probably fail to process", text)
}

// warnOlderIDs warns of ids of concepts that Clarifai may reject if the app does not have the concepts. The provider does not know which
// concepts labels create.
func (c *collector) warnOlderIDs() *Warning {
	n := c.olderIDs.Len()
	if n == 0 {
		return nil
	}
	summary := fmt.Sprintf("Clarifai may reject %d ids of concepts", n)
	if n == 1 {
		summary = "Clarifai may reject the id of a concept"
	}
	text := "Labels create the concepts that the app does not have. " + ids.NewConceptRule + "; these are outside the rules:\n\n" +
		c.olderIDs.String() + "\n\nIf the app has these concepts, inputs are labeled with them."
	if c.mayLabelByName {
		text += " If these are names, set labels = \"names\" to derive ids from them."
	}
	return &Warning{summary, text}
}

// IsRowsError reports whether err is about rows, rather than about the source as a whole.
func IsRowsError(err error) bool {
	var rows *RowsError
	return errors.As(err, &rows)
}
