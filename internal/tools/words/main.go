// Command words checks the project's language against words.txt, which lists words and phrases to
// avoid and what to write instead. It reads Markdown, templates and examples, and of Go code the comments,
// the string literals of programs and the declared names. It prints one line for each finding.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

//go:embed words.txt
var wordList string

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: words DIRECTORY-OF-THE-REPOSITORY")
		os.Exit(2)
	}
	findings, err := run(os.Args[1])
	for _, f := range findings {
		fmt.Println(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
	}
	if len(findings) > 0 || err != nil {
		os.Exit(1)
	}
}

// run checks a tree.
func run(root string) ([]finding, error) {
	rules, err := parseRules(wordList)
	if err != nil {
		return nil, err
	}
	return rules.checkTree(root)
}

// A finding is one use of a word or phrase to avoid.
type finding struct {
	path    string // from the root, with slashes
	line    int
	offset  int // in the checked text
	text    string
	instead string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %q: write %s", f.path, f.line, f.text, f.instead)
}

// A rule is one line of the word list.
type rule struct {
	source  string // the pattern as it is written in the list
	pattern *regexp.Regexp
	instead string
	user    bool   // only for text that users see
	dir     string // for names: the directory whose packages it applies to
}

// rules are the word list.
type rules struct {
	text   []rule
	names  []rule
	except map[string][]string // patterns by path
}

// parseRules reads the word list.
func parseRules(list string) (*rules, error) {
	r := &rules{except: map[string][]string{}}
	n := 0
	for line := range strings.Lines(list) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		// Alternatives in patterns have no spaces around their bars.
		fields := strings.Split(line, " | ")
		if len(fields) != 3 {
			return nil, fmt.Errorf("word list, line %d: want SCOPE | PATTERN | INSTEAD", n)
		}
		scope, source, instead := fields[0], fields[1], fields[2]
		if scope == "except" {
			r.except[source] = append(r.except[source], instead)
			continue
		}
		expression := strings.ReplaceAll(source, " ", `[\s]+`)
		pattern, err := regexp.Compile(`(?i)(^|\P{L})(` + expression + `)($|\P{L})`)
		if err != nil {
			return nil, fmt.Errorf("word list, line %d: %w", n, err)
		}
		one := rule{source: source, pattern: pattern, instead: instead}
		dir, isName := strings.CutPrefix(scope, "name ")
		switch {
		case isName:
			one.dir = dir
			if one.pattern, err = regexp.Compile(`^(` + expression + `)$`); err != nil {
				return nil, fmt.Errorf("word list, line %d: %w", n, err)
			}
			r.names = append(r.names, one)
		case scope == "text" || scope == "user":
			one.user = scope == "user"
			r.text = append(r.text, one)
		default:
			return nil, fmt.Errorf("word list, line %d: unknown scope %q", n, scope)
		}
	}
	return r, nil
}

// below tells whether path is dir or lies in it.
func below(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// checkTree checks all files of the project. docs/ is generated from what is checked.
func (r *rules) checkTree(root string) ([]finding, error) {
	var findings []finding
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if entry.IsDir() {
			skipped := entry.Name() == "testdata" || entry.Name() == "stub" || slices.Contains([]string{"bin", "dist", "docs"}, relative)
			if skipped || entry.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found, err := r.checkFile(relative, content)
		findings = append(findings, found...)
		return err
	})
	return findings, err
}

// plainText are the endings of files that are checked as a whole.
var plainText = []string{".md", ".tmpl", ".tf", ".hcl", ".sh", ".yml", ".yaml", ".rego"}

// ownFiles list what is to be avoided, so they are not checked.
var ownFiles = []string{"internal/tools/words/words.txt", "internal/tools/words/main_test.go"}

func (r *rules) checkFile(path string, content []byte) ([]finding, error) {
	switch ext := filepath.Ext(path); {
	case slices.Contains(ownFiles, path):
		return nil, nil
	case ext == ".go":
		return r.checkGo(path, content)
	case slices.Contains(plainText, ext), path == "GNUmakefile":
		return r.checkText(path, 1, string(content), true), nil
	}
	return nil, nil
}

// code matches what is a name or a value in running text, and no word of it.
var code = regexp.MustCompile("`[^`\n]+`")

// checkText checks a text that begins on a line of a file.
func (r *rules) checkText(path string, line int, text string, user bool) []finding {
	text = code.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("`", len(s)) })
	var findings []finding
	for _, one := range r.text {
		if one.user && !user || slices.Contains(r.except[path], one.source) {
			continue
		}
		for rest := 0; ; {
			at := one.pattern.FindStringSubmatchIndex(text[rest:])
			if at == nil {
				break
			}
			start, end := rest+at[4], rest+at[5]
			findings = append(findings, finding{
				path:    path,
				line:    line + strings.Count(text[:start], "\n"),
				offset:  start,
				text:    strings.Join(strings.Fields(strings.ReplaceAll(text[start:end], "//", "")), " "),
				instead: one.instead,
			})
			rest = end
		}
	}
	slices.SortStableFunc(findings, func(a, b finding) int { return a.offset - b.offset })
	return findings
}

// checkGo checks comments, string literals and declared names. Literals of tests are data.
func (r *rules) checkGo(path string, content []byte) ([]finding, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, errors.Join(errors.New("cannot check"), err)
	}
	if bytes.Contains(content, []byte("// Code generated ")) {
		return nil, nil
	}
	lineOf := func(p token.Pos) int { return fset.Position(p).Line }
	var findings []finding
	for _, group := range file.Comments {
		// A phrase may go on in the next line of the comment.
		var text strings.Builder
		for _, comment := range group.List {
			text.WriteString(strings.TrimPrefix(comment.Text, "//") + "\n")
		}
		findings = append(findings, r.checkText(path, lineOf(group.Pos()), text.String(), false)...)
	}
	test := strings.HasSuffix(path, "_test.go")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if value, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && !test {
				findings = append(findings, r.checkText(path, lineOf(n.Pos()), value, true)...)
			}
		default:
			for _, name := range declared(n) {
				findings = append(findings, r.checkName(path, lineOf(name.Pos()), name.Name)...)
			}
		}
		return true
	})
	return findings, nil
}

// declared returns the names that a node declares.
func declared(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	case *ast.AssignStmt:
		var names []*ast.Ident
		for _, left := range n.Lhs {
			if name, ok := left.(*ast.Ident); ok && n.Tok == token.DEFINE {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

// checkName checks a declared name word by word.
func (r *rules) checkName(path string, line int, name string) []finding {
	var findings []finding
	for _, one := range r.names {
		if !below(path, one.dir) || slices.Contains(r.except[path], one.source) {
			continue
		}
		if slices.ContainsFunc(wordsOf(name), one.pattern.MatchString) {
			findings = append(findings, finding{path: path, line: line, text: name, instead: one.instead})
		}
	}
	return findings
}

// wordsOf splits a name at its capitals and underscores, in lower case.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = nil
		}
	}
	letters := []rune(name)
	for i, letter := range letters {
		switch {
		case letter == '_':
			end()
			continue
		case unicode.IsUpper(letter) && (i > 0 && !unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])):
			end()
		}
		word = append(word, letter)
	}
	end()
	return words
}
