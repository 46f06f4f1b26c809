package inputs

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

// Where the ids of a directory's files come from.
const (
	idFromPath    = "path"
	idFromName    = "name"
	idFromContent = "content"
)

// directory says which files of a directory are inputs.
type directory struct {
	path, pattern, idFrom string
	labelByFolder         bool
	datasets              []string
}

// loadDirectory finds the media below a directory. Files whose ending is none of
// a medium's are ignored, and so is what begins with a dot.
func loadDirectory(d directory) (*collection, error) {
	if info, err := os.Stat(d.path); err != nil {
		return nil, &unreadableError{"directory", err}
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%q is not a directory", d.path)
	}
	if d.pattern == "" {
		d.pattern = "*"
	}
	if _, err := path.Match(d.pattern, ""); err != nil {
		return nil, fmt.Errorf("pattern %q cannot be read: %w", d.pattern, err)
	}
	var found []string
	ignored := 0
	root := os.DirFS(d.path)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
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
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		return nil, &unreadableError{"directory", err}
	}
	c := newCollector(func(line int32) string {
		if line > 0 && int(line) <= len(found) {
			return found[line-1]
		}
		return d.path
	})
	refused := map[string]bool{} // folders whose names are no labels
	for i, name := range found {
		line := int32(i + 1) //nolint:gosec // files of a directory
		in := raw{file: filepath.Join(d.path, filepath.FromSlash(name)), sorted: len(d.datasets) > 0, datasets: d.datasets}
		switch d.idFrom {
		case idFromName:
			in.id = identifier(strings.TrimSuffix(path.Base(name), path.Ext(name)))
		case idFromContent:
			in.id = idFromContent // until the content is read
		default:
			in.id = identifier(strings.TrimSuffix(name, path.Ext(name)))
		}
		if folder := path.Base(path.Dir(name)); d.labelByFolder && folder != "." {
			if problem := ids.Problem(folder, ids.MaxLength); problem != "" {
				if !refused[path.Dir(name)] {
					refused[path.Dir(name)] = true
					c.problem(line, "folder %q cannot be the label of its files: %s; rename it, or set label_by_folder = false", folder, problem)
				}
				continue
			}
			in.labelled, in.labels = true, []label{{folder, 1}}
		}
		c.add(line, in)
	}
	if d.idFrom == idFromContent {
		c.readFiles()
		for i := range c.rows {
			c.rows[i].id = hex.EncodeToString(c.rows[i].content[:16])
		}
	}
	all, err := c.collect()
	if all != nil {
		all.ignored = ignored
	}
	return all, err
}

// matches compares a file's name with the pattern, or its path when the pattern has a slash.
func (d directory) matches(name string) bool {
	if !strings.Contains(d.pattern, "/") {
		name = path.Base(name)
	}
	ok, _ := path.Match(d.pattern, name)
	return ok
}

// identifier makes an id of a path: what no id may have becomes a hyphen.
func identifier(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
}
