package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	tests := map[string]struct{ says, name, problem string }{
		"Terraform":        {"Terraform v1.11.4\non linux_amd64\n", "Terraform v1.11.4", ""},
		"OpenTofu":         {"OpenTofu v1.12.6\non linux_amd64\n", "OpenTofu v1.12.6", ""},
		"too old":          {"Terraform v1.5.7\n", "", "1.11 or later"},
		"something else":   {"GNU bash, version 5\n", "", "does not identify"},
		"a later pre-1.20": {"Terraform v1.16.0-beta1\n", "Terraform v1.16.0-beta1", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "cli")
			script := fmt.Sprintf("#!/bin/sh\nprintf '%%s' '%s'\n", test.says)
			if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			found, err := inspect(t.Context(), program)
			switch {
			case test.problem == "" && (err != nil || found.name != test.name):
				t.Errorf("got %q, %v; want %q", found.name, err, test.name)
			case test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)):
				t.Errorf("got %v, want an error that says %q", err, test.problem)
			}
		})
	}
}

func TestReadArchive(t *testing.T) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for _, name := range []string{"mimetype", "batch.json"} {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte("content of " + name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := readArchive(archive.Bytes()); n != 2 || err != nil {
		t.Errorf("got %d entries, %v; want 2", n, err)
	}
	damaged := bytes.Replace(archive.Bytes(), []byte("content of batch"), []byte("CONTENT of batch"), 1)
	if _, err := readArchive(damaged); err == nil {
		t.Error("a damaged entry was not detected")
	}
	if _, err := readArchive(archive.Bytes()[:archive.Len()/2]); err == nil {
		t.Error("half an archive was not detected")
	}
}

func TestProgress(t *testing.T) {
	const output = `Warning: Provider development overrides are in effect
clarifai_dataset.a: Creating...
clarifai_dataset.a: Still creating... [10s elapsed]
clarifai_dataset.a: Creation complete after 0s [id=a]
  + resource "clarifai_dataset" "a" {
Plan: 1 to add, 0 to change, 0 to destroy.
data.clarifai_dataset.a: Reading...
data.clarifai_dataset.a: Read complete after 0s
clarifai_dataset.a: Refreshing state... [id=a]
clarifai_dataset.a: Destroying... [id=a]
clarifai_input.b["c"]: Creation complete after 0s [id=c]
clarifai_dataset.a: Destruction complete after 0s
Apply complete! Resources: 1 added, 0 changed, 0 destroyed.
No changes. Your infrastructure matches the configuration.
Warning: Something
`
	var shown []string
	w := &lineWriter{line: func(line string) {
		if onlyProgress(line) {
			shown = append(shown, line)
		}
	}}
	for piece := range strings.SplitSeq(output, "e") { // lines arrive in pieces
		_, _ = w.Write([]byte(piece + "e"))
	}
	const want = `clarifai_dataset.a: Still creating... [10s elapsed]
clarifai_dataset.a: Creation complete after 0s [id=a]
Plan: 1 to add, 0 to change, 0 to destroy.
clarifai_dataset.a: Destruction complete after 0s
Apply complete! Resources: 1 added, 0 changed, 0 destroyed.
No changes. Your infrastructure matches the configuration.
Warning: Something`
	if got := strings.Join(shown, "\n"); got != want {
		t.Errorf("shown:\n%s\nwant:\n%s", got, want)
	}
}
