package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	docs := t.TempDir()
	for name, content := range map[string]string{
		"resources/dataset.md":      "---\nsubcategory: \"\"\n---\n# clarifai_dataset\n\ntext\n",
		"resources/input.md":        "---\nsubcategory: \"\"\n---\n",
		"data-sources/dataset.md":   "---\nsubcategory: \"\"\n---\n",
		"data-sources/datasets.md":  "---\nsubcategory: \"\"\n---\n",
		"guides/getting-started.md": "---\npage_title: \"1. Getting started\"\n---\n# Getting started\n",
	} {
		file := filepath.Join(docs, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := complete(docs); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(docs, "resources", "dataset.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"subcategory: \"Datasets\"\n",
		"text\n\n## Related pages\n",
		"* [`clarifai_dataset`](../data-sources/dataset.md) (data source)\n",
		"* [`clarifai_datasets`](../data-sources/datasets.md) (data source)\n",
		"* Guide: [Getting started](../guides/getting-started.md)\n",
		"(https://docs.clarifai.com/",
	} {
		if !strings.Contains(string(content), want) {
			t.Errorf("%q is missing in:\n%s", want, content)
		}
	}
	if strings.Contains(string(content), "input.md") || strings.Contains(string(content), "(dataset.md)") {
		t.Errorf("links to another noun or to itself:\n%s", content)
	}
}

// A page without a group is an error, so that a new noun gets one.
func TestCompleteNeedsGroup(t *testing.T) {
	docs := t.TempDir()
	if err := os.MkdirAll(filepath.Join(docs, "actions"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(docs, "actions", "zebra.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := complete(docs); err == nil || !strings.Contains(err.Error(), "actions/zebra.md belongs to no group") {
		t.Errorf("got %v", err)
	}
}

func TestParse(t *testing.T) {
	for _, table := range []string{"a\tb\tc", "a\tb\tc\td"} {
		if _, err := parse(table); err == nil {
			t.Errorf("%q was accepted", table)
		}
	}
}
