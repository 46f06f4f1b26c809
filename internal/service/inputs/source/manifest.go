package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
	datasets "github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format/formats"
)

type labels = format.Labels

// Names of the formats of this package.
const (
	JSONLines = "jsonl"
	CSV       = "csv"
)

// Formats returns all formats: those of this package, and those of data sets.
func Formats() []Format {
	return append([]Format{jsonLines{}, csvFormat{}, jsonArray{}}, dataSetFormats()...)
}

// Manifest is a file or directory that lists inputs.
type Manifest struct {
	Path   string
	Format string // name of a format; "" to detect it

	Labels  string         // LabelsIDs or LabelsNames; "" for the format's default
	IDFrom  string         // what ids are derived from if the manifest has none: IDFromPath or IDFromName
	Options format.Options // for the formats of data sets

	AllowOutside bool     // files may be anywhere
	DatasetIDs   []string // of all rows; nil if not managed

	skipped format.Report
}

// Open opens the manifest file for reading, without a byte order mark.
func (m *Manifest) Open() (io.ReadCloser, error) { return OpenFile(m.Path) }

// Name is how messages name the manifest.
func (m *Manifest) Name() string { return filepath.Base(m.Path) }

// Line is a position in the manifest file.
func (m *Manifest) Line(line int) Position { return Position{File: m.Name(), Line: line} }

// Resolve returns the path of a file that the manifest names relative to itself.
func (m *Manifest) Resolve(file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(m.directory(), file)
}

// directory is what the names of files are relative to.
func (m *Manifest) directory() string {
	if m.Options.Directory != "" {
		return m.Options.Directory
	}
	if !format.IsDirectory(m.Path) {
		return filepath.Dir(m.Path)
	}
	// The annotations of some formats are in a folder beside the images.
	switch filepath.Base(m.Path) {
	case "Annotations", "label_2":
		return filepath.Dir(m.Path)
	}
	return m.Path
}

// textFile is an open file whose byte order mark has been skipped.
type textFile struct {
	*bufio.Reader
	io.Closer
}

var errNotRegular = errors.New("not a regular file")

// OpenFile opens a regular file and skips its byte order mark, if it has one.
// Opening a named pipe or a device could block forever.
func OpenFile(path string) (io.ReadCloser, error) {
	if err := checkRegular(path); err != nil {
		return nil, err
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	start, _ := in.Peek(len(bom))
	switch {
	case string(start) == bom:
		_, _ = in.Discard(len(bom))
	case strings.HasPrefix(string(start), "\xff\xfe"), strings.HasPrefix(string(start), "\xfe\xff"):
		_ = file.Close()
		return nil, errors.New("the file is UTF-16; save it as UTF-8")
	}
	return textFile{in, file}, nil
}

func checkRegular(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &os.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return nil
}

// bom is the byte order mark that some programs write before UTF-8.
const bom = "\xef\xbb\xbf"

// tildeHint explains a path that begins with a tilde, which Terraform does not expand.
func tildeHint(err error) string {
	var e *fs.PathError
	if errors.As(err, &e) && strings.HasPrefix(e.Path, "~") {
		return "; Terraform does not expand \"~\": use pathexpand(\"" + e.Path + "\")"
	}
	return ""
}

// Load reads a manifest with the format that it sets or that its name implies.
func Load(m *Manifest, formats []Format) (*Rows, error) {
	// Reading a named pipe or a device could block forever.
	if err := checkRegular(m.Path); err != nil && !(errors.Is(err, errNotRegular) && format.IsDirectory(m.Path)) {
		return nil, &ReadError{"manifest", err}
	}
	format, err := m.format(formats)
	if err != nil {
		return nil, err
	}
	c := newCollector()
	c.datasetIDs = m.DatasetIDs
	if !m.AllowOutside {
		c.root = m.directory()
	}
	names := m.Labels == LabelsNames || m.Labels == "" && datasets.LabelsAreNames(format.Name())
	c.mayLabelByName = !names
	if names || datasets.Readers[format.Name()] != nil {
		c.labels = &labels{Names: names}
	}
	collectMoreOften(m.Path)
	if err := c.read(m, format); err != nil {
		return nil, m.hint(err, format)
	}
	rows, err := c.rows()
	if err != nil {
		return nil, m.hint(err, format)
	}
	rows.Skipped = m.skipped.Text()
	return rows, nil
}

// A format may hold the objects of a large file in memory until their rows are complete. With the default of the
// garbage collector, the heap grows to twice the size of both. A lower target takes little more CPU time.
const (
	largeFile         = 64 << 20 // bytes
	gcPercentForLarge = 50
)

// collectMoreOften lowers the target of the garbage collector if a file is large. It stays lower: the rows of such a file
// are large, too.
func collectMoreOften(path string) {
	if info, err := os.Stat(path); err == nil && info.Size() >= largeFile {
		debug.SetGCPercent(gcPercentForLarge)
	}
}

// hint adds to an error that the file looks like one of another format, if it does.
func (m *Manifest) hint(err error, format Format) error {
	if found := datasets.Detect(m.Path); found != "" && found != format.Name() {
		return &hintError{err, fmt.Sprintf("The file looks like format %q: set manifest_format = %q.", found, found)}
	}
	return err
}

// hintError adds to an error what to do about it.
type hintError struct {
	error
	hint string
}

func (e *hintError) Error() string { return e.error.Error() + "\n\n" + e.hint }

// Unwrap returns the error without the hint.
func (e *hintError) Unwrap() error { return e.error }

func (m *Manifest) format(formats []Format) (Format, error) {
	// The content of a file tells more than its extension: files of several formats end in .csv or .jsonl.
	name := m.Format
	if name == "" {
		name = datasets.Detect(m.Path)
	}
	for _, f := range formats {
		if name == f.Name() || name == "" && f.Detect(m.Path, nil) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("neither the extension nor the content of %q tells its format: set manifest_format", m.Path)
}

// read adds all records of the manifest.
func (c *collector) read(m *Manifest, format Format) error {
	for record, err := range format.Read(m) {
		var bad *RecordError
		switch {
		case err == nil:
			if record.At == (Position{}) {
				record.At.File = m.Name()
			}
			c.add(record)
		case errors.As(err, &bad):
			c.problem(bad.At, "%v", bad.Err)
		default:
			return manifestError(m, err)
		}
	}
	return nil
}

// manifestError says that the manifest as a whole cannot be read.
func manifestError(m *Manifest, err error) error {
	if unreadable := (*os.PathError)(nil); errors.As(err, &unreadable) {
		return &ReadError{"manifest", err}
	}
	return fmt.Errorf("cannot read the manifest %q: %w", m.Name(), err)
}

func hasExtension(path string, extensions ...string) bool {
	for _, e := range extensions {
		if strings.EqualFold(filepath.Ext(path), e) {
			return true
		}
	}
	return false
}
