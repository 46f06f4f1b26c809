// Command houserules checks rules of CONTRIBUTING.md that no ready-made linter knows:
//
//   - a diagnostic of a service package is not only an error's text: framework/diags turns errors
//     into messages that say what to do;
//   - a resource's Create puts the object into state before it waits for anything, so that a
//     timeout or an interrupt never loses it;
//   - a service imports no other service, but it may import its own subpackages.
//
// It prints one line for each finding, and then ends with an error.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: houserules DIRECTORY-OF-THE-REPOSITORY")
		os.Exit(2)
	}
	findings, err := checkTree(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "houserules:", err)
		os.Exit(1)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// checkTree checks every package below internal except the tools, which are a module of their own.
func checkTree(root string) ([]string, error) {
	var findings []string
	fset := token.NewFileSet()
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if relative == "internal/tools" || entry.Name() == "testdata" {
			return filepath.SkipDir
		}
		files, err := parse(fset, root, relative)
		if err != nil {
			return err
		}
		findings = append(findings, checkPackage(fset, relative, files)...)
		return nil
	})
	return findings, err
}

// parse reads the Go files of one directory without tests. Positions are relative to the root.
func parse(fset *token.FileSet, root, dir string) ([]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, dir+"/"+filepath.Base(name), source, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// checkPackage applies the rules to one package.
func checkPackage(fset *token.FileSet, dir string, files []*ast.File) []string {
	if len(files) == 0 {
		return nil
	}
	var findings []string
	find := func(at token.Pos, text string) {
		findings = append(findings, fmt.Sprintf("%s: %s", fset.Position(at), text))
	}

	if strings.HasPrefix(dir, "internal/service/") {
		for _, file := range files {
			for _, at := range bareErrors(file) {
				find(at, "a diagnostic with only an error's text: use internal/framework/diags")
			}
		}
		for _, file := range files {
			for _, spec := range file.Imports {
				if service, ok := otherService(dir, spec.Path.Value); ok {
					find(spec.Pos(), fmt.Sprintf("it imports the service %s: what services share is a framework package", service))
				}
			}
		}
		for _, at := range waitsWithoutState(files) {
			find(at, "Create waits before the object is in state: a timeout would lose it")
		}
	}
	return findings
}

// otherService returns the service that an import path belongs to, if it is not the service of dir.
func otherService(dir, path string) (string, bool) {
	_, imported, ok := strings.Cut(strings.Trim(path, `"`), "/internal/service/")
	if !ok {
		return "", false
	}
	own, _, _ := strings.Cut(strings.TrimPrefix(dir, "internal/service/"), "/")
	imported, _, _ = strings.Cut(imported, "/")
	return imported, imported != own
}

// bareErrors finds the calls that create a diagnostic of an error's text and nothing else.
func bareErrors(file *ast.File) []token.Pos {
	constructors := []string{"AddError", "AddAttributeError", "NewErrorDiagnostic", "NewAttributeErrorDiagnostic"}
	var found []token.Pos
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains(constructors, calledName(call)) {
			return true
		}
		for _, argument := range call.Args {
			inner, ok := argument.(*ast.CallExpr)
			if ok && len(inner.Args) == 0 && calledName(inner) == "Error" {
				found = append(found, inner.Pos())
			}
		}
		return true
	})
	return found
}

// waitsWithoutState finds the Create methods that wait before they set the state. It follows the
// calls to functions of the same package in the order in which they are written.
func waitsWithoutState(files []*ast.File) []token.Pos {
	functions := map[string][]*ast.FuncDecl{}
	var creates []*ast.FuncDecl
	for _, file := range files {
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			functions[f.Name.Name] = append(functions[f.Name.Name], f)
			if f.Recv != nil && f.Name.Name == "Create" {
				creates = append(creates, f)
			}
		}
	}
	var found []token.Pos
	for _, create := range creates {
		w := walker{functions: functions, entered: map[*ast.FuncDecl]bool{}}
		w.walk(create)
		if w.waited.IsValid() {
			found = append(found, create.Pos())
		}
	}
	return found
}

// waitsBeforeCreate reports whether a function is marked with //houserules:before-create and a reason: it waits for
// another object, before the request that creates.
func waitsBeforeCreate(f *ast.FuncDecl) bool {
	if f.Doc == nil {
		return false
	}
	return slices.ContainsFunc(f.Doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//houserules:before-create ")
	})
}

// A walker follows one Create until it sets the state or waits.
type walker struct {
	functions map[string][]*ast.FuncDecl
	entered   map[*ast.FuncDecl]bool
	set       bool
	waited    token.Pos
}

func (w *walker) walk(f *ast.FuncDecl) {
	if w.entered[f] || waitsBeforeCreate(f) {
		return
	}
	w.entered[f] = true
	// The syntax tree has the outermost call first, but arguments are evaluated before the call: visit in post-order.
	var visit func(n ast.Node)
	visit = func(n ast.Node) {
		for child := range children(n) {
			visit(child)
		}
		if call, ok := n.(*ast.CallExpr); ok && !w.set && !w.waited.IsValid() {
			w.call(call)
		}
	}
	visit(f.Body)
}

// call handles one call, in the order of evaluation.
func (w *walker) call(call *ast.CallExpr) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		w.enter(f.Name)
	case *ast.SelectorExpr:
		if on, ok := f.X.(*ast.Ident); ok && on.Name == "wait" && f.Sel.Name == "For" {
			w.waited = call.Pos()
			return
		}
		if on, ok := f.X.(*ast.SelectorExpr); ok && on.Sel.Name == "State" && strings.HasPrefix(f.Sel.Name, "Set") {
			w.set = true
			return
		}
		w.enter(f.Sel.Name)
	case *ast.IndexExpr: // a generic function with explicit types
		w.call(&ast.CallExpr{Fun: f.X, Lparen: call.Lparen})
	}
}

// enter walks the functions and methods of the package that have this name.
func (w *walker) enter(name string) {
	for _, f := range w.functions[name] {
		w.walk(f)
	}
}

// children yields the nodes directly below n, in the order of the source.
func children(n ast.Node) func(yield func(ast.Node) bool) {
	return func(yield func(ast.Node) bool) {
		more := true
		ast.Inspect(n, func(child ast.Node) bool {
			if child == n {
				return true
			}
			if child != nil && more {
				more = yield(child)
			}
			return false
		})
	}
}

// calledName is the last part of what a call calls: AddError in resp.Diagnostics.AddError(...).
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
