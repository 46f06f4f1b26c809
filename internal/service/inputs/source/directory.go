package source

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// What the ids of a directory's files are made of.
const (
	IDFromPath    = "path"
	IDFromName    = "name"
	IDFromContent = "content"
)

// Directory selects the files of a directory that are inputs.
type Directory struct {
	Path          string
	Pattern       string // of names, or of paths if it has a slash; "" for all
	IDFrom        string // one of IDFromPath (also ""), IDFromName, IDFromContent
	LabelByFolder bool
	Datasets      []string // nil: not managed
}

// LoadDirectory finds the input files below a directory. It ignores files whose
// ending stands for no kind of input, and names that begin with a dot.
func LoadDirectory(d Directory) (*Rows, error) {
	if info, err := os.Stat(d.Path); err != nil {
		return nil, &ReadError{"directory", err}
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%q is not a directory", d.Path)
	}
	if d.Pattern == "" {
		d.Pattern = "*"
	}
	if _, err := path.Match(d.Pattern, ""); err != nil {
		return nil, fmt.Errorf("pattern %q cannot be read: %w", d.Pattern, err)
	}
	names, ignored, err := d.find()
	if err != nil {
		return nil, &ReadError{"directory", err}
	}
	c := newCollector()
	badFolders := map[string]bool{}
	for _, name := range names {
		record := Record{At: Position{File: name}, ID: d.id(name), File: filepath.Join(d.Path, filepath.FromSlash(name)), Datasets: d.Datasets}
		if folder := path.Base(path.Dir(name)); d.LabelByFolder && folder != "." {
			if problem := ids.Problem(folder, ids.MaxLength); problem != "" {
				if !badFolders[path.Dir(name)] {
					badFolders[path.Dir(name)] = true
					c.problem(record.At, "folder %q cannot be the label of its files: %s; rename it, or set label_by_folder = false", folder, problem)
				}
				continue
			}
			record.Concepts = []Concept{{folder, 1}}
		}
		c.add(record)
	}
	if d.IDFrom == IDFromContent {
		c.readFiles()
		for i := range c.all {
			c.all[i].ID = hex.EncodeToString(c.all[i].Content[:16])
		}
	}
	rows, err := c.rows()
	if rows != nil {
		rows.Ignored = ignored
	}
	return rows, err
}

// find lists the input files that the pattern matches, and counts the matches that are no inputs.
func (d Directory) find() (names []string, ignored int, err error) {
	err = fs.WalkDir(os.DirFS(d.Path), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case !d.matches(name):
		case inputcontent.TypeOf(name) == "":
			ignored++
		default:
			names = append(names, name)
		}
		return nil
	})
	return names, ignored, err
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

// matches compares a file's name with the pattern, or its path if the pattern has a slash.
func (d Directory) matches(name string) bool {
	if !strings.Contains(d.Pattern, "/") {
		name = path.Base(name)
	}
	ok, _ := path.Match(d.Pattern, name)
	return ok
}

// identifier replaces characters that ids cannot have by hyphens.
func identifier(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
}
