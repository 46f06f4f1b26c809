// Command pages completes the pages that tfplugindocs generates: it sets the group of the registry's
// sidebar and adds links to related pages, guides and Clarifai's documentation. Groups and links are
// in pages.tsv.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed pages.tsv
var table string

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pages DOCS-DIRECTORY")
		os.Exit(2)
	}
	if err := complete(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

// kinds are the directories of generated pages, and what a page in them is about.
var kinds = []struct{ dir, kind string }{
	{"resources", "resource"},
	{"data-sources", "data source"},
	{"list-resources", "list resource"},
	{"actions", "action"},
	{"ephemeral-resources", "ephemeral resource"},
	{"functions", "function"},
}

// A group is one line of the table.
type group struct {
	name     string
	prefixes []string
	guides   []string
	link     string // a Markdown link to Clarifai's documentation
}

func parse(table string) ([]group, error) {
	var groups []group
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("pages.tsv: want four columns: %q", line)
		}
		at := strings.LastIndex(fields[3], " ")
		if at < 0 {
			return nil, fmt.Errorf("pages.tsv: want a title and an address: %q", fields[3])
		}
		groups = append(groups, group{
			name:     fields[0],
			prefixes: strings.Split(fields[1], ","),
			guides:   strings.Split(fields[2], ","),
			link:     fmt.Sprintf("[%s](%s)", fields[3][:at], fields[3][at+1:]),
		})
	}
	return groups, nil
}

// groupOf finds the group of a page by its name.
func groupOf(groups []group, name string) (group, bool) {
	for _, g := range groups {
		if slices.ContainsFunc(g.prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			return g, true
		}
	}
	return group{}, false
}

// A page is one generated file.
type page struct {
	dir, kind, name string
	group           group
}

// complete rewrites all generated pages below docs.
func complete(docs string) error {
	groups, err := parse(table)
	if err != nil {
		return err
	}
	titles, err := guideTitles(docs)
	if err != nil {
		return err
	}
	var pages []page
	for _, k := range kinds {
		files, err := filepath.Glob(filepath.Join(docs, k.dir, "*.md"))
		if err != nil {
			return err
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".md")
			g, ok := groupOf(groups, name)
			if !ok {
				return fmt.Errorf("%s/%s.md belongs to no group: add it to pages.tsv", k.dir, name)
			}
			pages = append(pages, page{dir: k.dir, kind: k.kind, name: name, group: g})
		}
	}
	for _, p := range pages {
		file := filepath.Join(docs, p.dir, p.name+".md")
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text := strings.Replace(string(content), `subcategory: ""`, fmt.Sprintf("subcategory: %q", p.group.name), 1)
		text = strings.TrimRight(text, "\n") + "\n\n" + related(p, pages, titles)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// guideTitles reads the titles of the guides, without their numbers.
func guideTitles(docs string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(docs, "guides", "*.md"))
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(content)) {
			if title, ok := strings.CutPrefix(line, "# "); ok {
				titles[strings.TrimSuffix(filepath.Base(file), ".md")] = strings.TrimSpace(title)
				break
			}
		}
	}
	return titles, nil
}

// related is the section with links: pages of the same noun, the guides and Clarifai's documentation.
func related(p page, pages []page, titles map[string]string) string {
	var links []string
	for _, other := range pages {
		if (other.dir != p.dir || other.name != p.name) && sameNoun(p.name, other.name) {
			path := other.name + ".md"
			if other.dir != p.dir {
				path = "../" + other.dir + "/" + path
			}
			links = append(links, fmt.Sprintf("* [`%s`](%s) (%s)", typeName(other), path, other.kind))
		}
	}
	for _, guide := range p.group.guides {
		if title := titles[guide]; title != "" {
			links = append(links, fmt.Sprintf("* Guide: [%s](../guides/%s.md)", title, guide))
		}
	}
	links = append(links, "* Clarifai's documentation: "+p.group.link)
	return "## Related pages\n\n" + strings.Join(links, "\n") + "\n"
}

// sameNoun tells whether two pages are about the same noun, in the singular or the plural.
func sameNoun(a, b string) bool { return strings.TrimSuffix(a, "s") == strings.TrimSuffix(b, "s") }

func typeName(p page) string {
	if p.kind == "function" {
		return p.name
	}
	return "clarifai_" + p.name
}
