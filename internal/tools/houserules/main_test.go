package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkSources writes the files into a tree of its own and returns the findings.
func checkSources(t *testing.T, sources map[string]string) []string {
	t.Helper()
	root := t.TempDir()
	for name, source := range sources {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	findings, err := checkTree(root)
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

func TestBareErrors(t *testing.T) {
	const source = `package dataset
func a() { resp.Diagnostics.AddError("Unable to read", err.Error()) }
func b() { resp.Diagnostics.AddAttributeError(path.Root("id"), "Unable to read", err.Error()) }
func c() { resp.Diagnostics.AddError("Not a number", "Write digits: "+err.Error()) }
func d() { resp.Diagnostics.Append(diags.Error("Unable to read", err)) }
`
	findings := checkSources(t, map[string]string{
		"internal/service/dataset/a.go":   source,
		"internal/framework/diags/a.go":   source,
		"internal/service/dataset/x.txt":  "not Go",
		"internal/tools/other/a.go":       source,
		"internal/service/app/a_test.go":  source,
		"internal/service/app/doc.go":     "package app",
		"internal/emulator/testdata/a.go": source,
	})
	if len(findings) != 2 || !strings.HasPrefix(findings[0], "internal/service/dataset/a.go:2:") ||
		!strings.HasPrefix(findings[1], "internal/service/dataset/a.go:3:") {
		t.Errorf("found %q, want lines 2 and 3 of the dataset only", findings)
	}
}

func TestWaitsWithoutState(t *testing.T) {
	tests := map[string]struct {
		source string
		found  bool
	}{
		"set, then wait": {`
func (r *x) Create() { resp.State.Set(ctx, m); wait.For(ctx, spec) }`, false},
		"wait, then set": {`
func (r *x) Create() { wait.For(ctx, spec); resp.State.Set(ctx, m) }`, true},
		"wait only": {`
func (r *x) Create() { v, err := wait.For(ctx, spec) }`, true},
		"no wait": {`
func (r *x) Create() { resp.State.Set(ctx, m) }`, false},
		"wait in a function that is called first": {`
func (r *x) Create() { r.follow(); resp.State.Set(ctx, m) }
func (r *x) follow() { wait.For[int](ctx, spec) }`, true},
		"both in functions, in the right order": {`
func (r *x) Create() { resp.Diagnostics.Append(save(resp)...); follow() }
func save(resp *R) { return resp.State.SetAttribute(ctx, p, v) }
func follow() { wait.For(ctx, spec) }`, false},
		"wait as an argument of the call that sets": {`
func (r *x) Create() { resp.State.Set(ctx, wait.For(ctx, spec)) }`, true},
		"waiting elsewhere": {`
func (r *x) Update() { wait.For(ctx, spec) }`, false},
		"recursion ends": {`
func (r *x) Create() { r.again(); resp.State.Set(ctx, m) }
func (r *x) again() { r.again() }`, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			findings := checkSources(t, map[string]string{"internal/service/x/resource.go": "package x\n" + test.source})
			if found := len(findings) > 0; found != test.found {
				t.Errorf("found %q, want a finding: %v", findings, test.found)
			}
		})
	}
}

func TestImports(t *testing.T) {
	findings := checkSources(t, map[string]string{
		"internal/service/inputs/a.go":           "package inputs\nimport _ \"m/internal/service/inputs/reconcile\"",
		"internal/service/inputs/reconcile/a.go": "package reconcile\nimport _ \"m/internal/service/inputs/source\"",
		"internal/service/app/a.go":              "package app\nimport _ \"m/internal/service/inputs/source\"",
		"internal/provider/a.go":                 "package provider\nimport _ \"m/internal/service/app\"",
	})
	if len(findings) != 1 || !strings.Contains(findings[0], "internal/service/app/a.go:2:8: it imports the service inputs") {
		t.Errorf("found %q, want the import in app only", findings)
	}
}
