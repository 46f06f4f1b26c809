package format

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

// index finds the content files below a directory by name.
type index struct {
	root   string
	byName map[string][]string // base name, lower case
	byStem map[string][]string // base name without the ending, lower case
}

// IsURL tells whether a name of a file is an http or https URL.
func IsURL(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

var windowsDrive = regexp.MustCompile(`^[A-Za-z]:[\\/]`)

// Find sets the file or URL of a row from the name that the annotations were made under. Tried are, in
// this order: the path relative to the options' directory (or else to dir, that of the file), then, below
// that directory, the one file with the same name, and the one with the same name but for the ending.
func (o *Options) Find(row *Row, name, dir string) *Problem {
	if IsURL(name) {
		row.URL, row.Name = name, name
		if u, err := url.Parse(name); err == nil {
			row.Name = strings.TrimPrefix(u.Path, "/")
		}
		return nil
	}
	root := dir
	if o.Directory != "" {
		root = o.Directory
	}
	slashed := strings.ReplaceAll(name, `\`, "/")
	absolute := path.IsAbs(slashed) || windowsDrive.MatchString(name)
	row.Name = path.Clean(slashed)
	if absolute {
		row.Name = path.Base(slashed)
	}
	for _, candidate := range slices.Compact([]string{name, slashed}) {
		at := filepath.Join(root, filepath.FromSlash(candidate))
		if filepath.IsAbs(candidate) {
			at = candidate
		}
		if regular(at) {
			row.File = at
			return nil
		}
	}
	found, err := o.search(root, path.Base(slashed))
	if err != nil {
		return Problemf(row.Path, row.Line, "file %q: %v", name, err)
	}
	row.File = found
	if relative, err := filepath.Rel(root, found); err == nil {
		row.Name = filepath.ToSlash(relative)
	}
	return nil
}

func regular(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func (o *Options) search(root, base string) (string, error) {
	if o.found == nil || o.found.root != root {
		found, err := indexOf(root)
		if err != nil {
			return "", err
		}
		o.found = found
	}
	all := o.found.byName[strings.ToLower(base)]
	if len(all) == 0 {
		all = o.found.byStem[stem(base)]
	}
	switch len(all) {
	case 0:
		return "", fmt.Errorf("there is no such file below %q; set files_directory to the directory that the names are relative to", root)
	case 1:
		return all[0], nil
	}
	return "", fmt.Errorf(
		"there are %d files with that name below %q, such as %q and %q, and the path does not tell which is meant; set files_directory",
		len(all),
		root,
		all[0],
		all[1],
	)
}

func stem(base string) string { return strings.ToLower(strings.TrimSuffix(base, path.Ext(base))) }

func indexOf(root string) (*index, error) {
	found := &index{root: root, byName: map[string][]string{}, byStem: map[string][]string{}}
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && at != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir(), inputcontent.TypeOf(entry.Name()) == "":
		default:
			name := strings.ToLower(entry.Name())
			found.byName[name] = append(found.byName[name], at)
			if kind := inputcontent.TypeOf(name); kind != inputcontent.Text {
				found.byStem[stem(name)] = append(found.byStem[stem(name)], at)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the directory %s", inputcontent.FileError(err))
	}
	return found, nil
}

// Images lists the images below a directory, in order of their paths, without what begins with a dot.
func Images(root string) ([]string, error) {
	var all []string
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case at != root && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && inputcontent.TypeOf(entry.Name()) == inputcontent.Image:
			all = append(all, at)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the directory %s", inputcontent.FileError(err))
	}
	return all, nil
}

// IsDirectory tells whether there is a directory.
func IsDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Stem is the name of a file without directory and ending.
func Stem(file string) string { return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) }

// FilesBelow lists the files below a directory whose names end in ending, in order of their paths.
func FilesBelow(root, ending string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.EqualFold(filepath.Ext(at), ending) && !strings.HasPrefix(entry.Name(), ".") {
			files = append(files, at)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("there are no %s files below %q", ending, root)
	}
	return files, err
}
