package main

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

var resourceType = regexp.MustCompile(`(?m)^resource "(clarifai_[a-z_]+)"`)

// The configuration has one of every resource.
func TestConfigHasEveryResource(t *testing.T) {
	t.Parallel()
	content, err := fs.ReadFile(testdata, "testdata/config/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, match := range resourceType.FindAllStringSubmatch(string(content), -1) {
		found = append(found, match[1])
	}
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name := range schemas.ResourceSchemas {
		if !slices.Contains(found, name) {
			t.Errorf("testdata/config/main.tf has no %s", name)
		}
	}
}

// A short campaign: nothing is lost, duplicated or orphaned, and no manual step is needed.
func TestAccChaos_short(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a CLI")
	}
	var out strings.Builder
	good, err := campaign(t.Context(), &out, 5, 1, options{identical: true})
	if err != nil || !good {
		t.Errorf("good: %v, %v\n%s", good, err, out.String())
	}
	for _, want := range []string{"seed 1\n", `{"run":0,`, `{"run":4,`, "| kill  | update  |", "| fault | create  |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

// A campaign notices what is lost: its configuration does not create what the undisturbed run has created.
func TestAccChaos_notices(t *testing.T) {
	files := fstest.MapFS{"main.tf": {Data: []byte(`resource "clarifai_dataset" "a" { id = "a" }`)}}
	c, err := prepare(t.Context(), options{files: files})
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	w, err := c.newWorkspace("changed", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	w.service.AddDataset(app, clarifai.Dataset{ID: "b"})
	var r result
	if err := w.check(t.Context(), c.created, &r); err != nil {
		t.Fatal(err)
	}
	if r.good() || !slices.Contains(r.Lost, "app chaos: dataset a: ") || !slices.Contains(r.Orphaned, "app chaos: dataset b: ") {
		t.Errorf("got %+v", r)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	want := snapshot{"a": 1, "app x: version of d: text": 1, "duplication to y": 1}
	got := snapshot{"b": 1, "app x: version of d: text": 2, "duplication to y": 1, "app x: version of d: v9": 1}
	lost, duplicated, orphaned := got.compare(want)
	if !slices.Equal(lost, []string{"a"}) || !slices.Equal(orphaned, []string{"b"}) ||
		!slices.Equal(duplicated, []string{"app x: version of d: text (1 more)", "app x: version of d: v9 (1 more)"}) {
		t.Errorf("lost %q, duplicated %q, orphaned %q", lost, duplicated, orphaned)
	}
}

func TestPrintTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if printTable(&out, nil) {
		t.Error("no run at all is good")
	}
	out.Reset()
	if printTable(&out, []result{
		{Kind: "kill", Phase: create, Applies: 2}, {Kind: "fault", Phase: update, Faults: 7, Hang: true, Manual: []string{"x"}},
	}) {
		t.Error("a hang is good")
	}
	for _, want := range []string{
		"| kill  | create  |    1 |      0 |    0 |          0 |        0 |     0 |                    0 |       2 |",
		"| fault | update  |    1 |      7 |    0 |          0 |        0 |     1 |                    1 |       0 |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}
