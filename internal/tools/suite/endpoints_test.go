package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestReportFields(t *testing.T) {
	s := &suite{scratch: t.TempDir()}
	newest, oldest := cli{name: "Terraform 1.15.3"}, cli{name: "Terraform 1.11.4 (oldest)"}
	table := filepath.Join(s.scratch, "surface.tsv")
	write(t, table, `# Operation, class, field
PostThings	settable	things	(fields)	proto
PostThings	settable	things.id	clarifai_thing.id	proto
PostThings	output-only	things.{app_id,user_id}		proto
ListThings	settable	page	(provider)	proto
`)
	write(t, filepath.Join(s.coverageDir(newest), "fields-1.txt"), "PostThings things\nPostThings things.app_id\n")
	write(t, filepath.Join(s.coverageDir(newest), "fields-2.txt"), "PostThings things.id\nListThings page\n")
	write(t, filepath.Join(s.coverageDir(oldest), "ops-1.txt"), "PostThings\nListThings\n")
	write(t, filepath.Join(s.coverageDir(oldest), "fields-1.txt"), "PostThings things\nListThings page\n")

	var out bytes.Buffer
	err := s.reportFields(&out, table, -1, []cli{newest, oldest})
	want := `
settable fields sent: 3 of 3 through Terraform 1.15.3
settable fields sent: 2 of 3 through Terraform 1.11.4 (oldest)
    not sent: PostThings things.id
`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", &out, want)
	}
	if err == nil || !strings.Contains(err.Error(), "at least 3 settable fields must be sent through Terraform 1.11.4 (oldest)") {
		t.Errorf("one of three was not sent: %v", err)
	}
	if err := s.reportFields(&out, table, 2, []cli{newest, oldest}); err != nil {
		t.Errorf("two are enough: %v", err)
	}
	if err := s.reportFields(&out, table, -1, []cli{newest}); err != nil {
		t.Errorf("all were sent: %v", err)
	}
	empty := filepath.Join(s.scratch, "empty.tsv")
	write(t, empty, "# nothing\n")
	if err := s.reportFields(&out, empty, -1, nil); err == nil {
		t.Error("a table without settable fields is no error")
	}
}
