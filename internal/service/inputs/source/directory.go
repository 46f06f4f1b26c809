package source

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// What the ids of files are derived from.
const (
	IDFromPath    = "path"
	IDFromName    = "name"
	IDFromContent = "content"
)

// Directory selects the files of a directory that are inputs.
type Directory struct {
	Path          string
	Pattern       string   // of names, or of paths if it has a slash; "" for all
	Kinds         []string // of inputs; nil for all
	IDFrom        string   // one of IDFromPath (also ""), IDFromName, IDFromContent
	LabelByFolder bool
	LabelNames    bool     // folders are names, from which ids of concepts are derived
	Datasets      []string // nil: not managed
}

// LoadDirectory finds the input files below a directory. It ignores files whose
// extension stands for no kind of input, and names that begin with a dot.
func LoadDirectory(d Directory) (*Rows, error) {
	if info, err := os.Stat(d.Path); err != nil {
		return nil, &ReadError{"directory", err}
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%q is not a directory", d.Path)
	}
	if d.Pattern == "" {
		d.Pattern = "*"
	}
	if !doublestar.ValidatePattern(d.Pattern) {
		return nil, fmt.Errorf("pattern %q cannot be read: syntax error in pattern", d.Pattern)
	}
	found, err := d.find()
	if err != nil {
		return nil, &ReadError{"directory", err}
	}
	c := newCollector()
	c.labels = &labels{Names: d.LabelNames}
	c.mayLabelByName = !d.LabelNames
	badFolders := map[string]bool{}
	for _, name := range found.names {
		record := Record{
			At: Position{File: name}, ID: d.id(name), File: filepath.Join(d.Path, filepath.FromSlash(name)), Datasets: d.Datasets,
		}
		if folder := path.Base(path.Dir(name)); d.LabelByFolder && folder != "." {
			if problem := ids.ReferenceProblem(folder); problem != "" && !d.LabelNames {
				if !badFolders[path.Dir(name)] {
					badFolders[path.Dir(name)] = true
					c.problem(record.At, "folder %q cannot be the label of its files: %s; set labels = \"names\" to derive the id of the concept "+
						"from it, rename it, or set label_by_folder = false", folder, problem)
				}
				continue
			}
			record.Concepts = []Concept{{Name: folder, Value: 1}}
		}
		c.add(record)
	}
	if d.IDFrom == IDFromContent {
		c.readFiles()
		for i := range c.all {
			c.all[i].ID = hex.EncodeToString(c.all[i].Content[:16])
		}
	}
	d.warn(c, found)
	rows, err := c.rows()
	if rows != nil {
		rows.Ignored = found.ignored
	}
	return rows, err
}

// foundFiles are the files of a directory.
type foundFiles struct {
	names       []string
	ignored     int      // matches that are no inputs
	annotations []string // text files with annotations of images
	kinds       map[string]int
}

// find lists the input files that the pattern matches.
func (d Directory) find() (found foundFiles, err error) {
	found.kinds = map[string]int{}
	err = fs.WalkDir(os.DirFS(d.Path), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !d.matches(name):
			return nil
		}
		kind := inputcontent.TypeOf(name)
		if kind == "" || d.Kinds != nil && !slices.Contains(d.Kinds, kind) {
			found.ignored++
			return nil
		}
		if kind == inputcontent.Text && d.Kinds == nil && isAnnotationText(filepath.Join(d.Path, filepath.FromSlash(name))) {
			found.annotations = append(found.annotations, name)
			return nil
		}
		found.kinds[kind]++
		found.names = append(found.names, name)
		return nil
	})
	return found, err
}

// isAnnotationText reports whether the first line of a text file is that of a YOLO
// annotation: a class and at least four fractions.
func isAnnotationText(name string) bool {
	if checkRegular(name) != nil {
		return false
	}
	file, err := os.Open(name) //nolint:gosec // the user names the directory
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	line, _ := bufio.NewReaderSize(file, 4096).ReadString('\n')
	fields := strings.Fields(line)
	if len(fields) < 5 {
		return false
	}
	if _, err := strconv.Atoi(fields[0]); err != nil {
		return false
	}
	return !slices.ContainsFunc(fields[1:], func(f string) bool {
		v, err := strconv.ParseFloat(f, 64)
		return err != nil || v < -1 || v > 2
	})
}

// layoutFolders are folders of data sets that say nothing about their files.
var layoutFolders = []string{"train", "training", "val", "valid", "validation", "test", "images", "labels", "JPEGImages"}

// warn warns of what is probably not meant: annotations as inputs, mixed kinds,
// and labels that are names of splits.
func (d Directory) warn(c *collector, found foundFiles) {
	if n := len(found.annotations); n > 0 {
		c.warn(fmt.Sprintf("%d text files with annotations are not inputs", n),
			fmt.Sprintf("Files such as %q begin with a class number and coordinates, as YOLO writes them. To read them as annotations, use "+
				"manifest with manifest_format = \"yolo\"; to make them inputs, set kinds.", found.annotations[0]))
	}
	if len(found.kinds) > 1 && d.Kinds == nil {
		var counts []string
		for _, kind := range inputcontent.Types {
			if n := found.kinds[kind]; n > 0 {
				counts = append(counts, fmt.Sprintf("%d of kind %s", n, kind))
			}
		}
		c.warn("Inputs of several kinds in one directory",
			fmt.Sprintf("The directory %q has %s. If some of these files should not become inputs, set kinds or pattern.",
				d.Path, strings.Join(counts, ", ")))
	}
	var labels []string
	for i := range c.all {
		for _, concept := range c.all[i].Concepts {
			if slices.Contains(layoutFolders, concept.ID) && !slices.Contains(labels, concept.ID) {
				labels = append(labels, concept.ID)
			}
		}
	}
	if len(labels) > 0 {
		c.warn("Folders of the layout become labels",
			fmt.Sprintf("label_by_folder labels files with the names of their folders, and these are folders of a data set's layout: %s. "+
				"Concepts cannot be deleted. If they are not meant, set label_by_folder = false.", strings.Join(labels, ", ")))
	}
}

// matches compares a file's name with the pattern, or its path if the pattern has a slash.
func (d Directory) matches(name string) bool {
	if !strings.Contains(d.Pattern, "/") {
		name = path.Base(name)
	}
	ok, _ := doublestar.Match(d.Pattern, name)
	return ok
}

// id is the id of a file.
func (d Directory) id(name string) string {
	switch d.IDFrom {
	case IDFromName:
		return identifier(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	case IDFromContent:
		return IDFromContent // until the content has been read
	}
	return identifier(strings.TrimSuffix(name, path.Ext(name)))
}

// identifier replaces characters that ids cannot have by hyphens. A long id keeps
// its beginning and ends in digits of a hash, so that it is the same in every run.
func identifier(name string) string {
	const digits = 8
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	if len(id) <= maxIDLength {
		return id
	}
	sum := sha256.Sum256([]byte(name))
	return id[:maxIDLength-digits-1] + "-" + hex.EncodeToString(sum[:])[:digits]
}
