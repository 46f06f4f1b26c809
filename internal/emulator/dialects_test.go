package emulator_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

var update = flag.Bool("update", false, "write the table of dialects into the guide")

// TestDialects_guideListsAll checks that the guide contains the table of dialects.
func TestDialects_guideListsAll(t *testing.T) {
	const path = "../../templates/guides/offline.md.tmpl"
	guide, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(guide), "<!-- dialects:")
	mark, rest, ok2 := strings.Cut(rest, "-->\n")
	_, after, ok3 := strings.Cut(rest, "<!-- end of dialects -->")
	if !ok || !ok2 || !ok3 {
		t.Fatal("the guide has no place for the table")
	}
	want := before + "<!-- dialects:" + mark + "-->\n\n" + emulator.DialectTable() + "\n<!-- end of dialects -->" + after
	if want == string(guide) {
		return
	}
	if !*update {
		t.Fatalf("%s does not list the dialects as the code does: run the test with -update", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDialects_helpListsAll(t *testing.T) {
	var out bytes.Buffer
	if err := emulator.Command(t.Context(), []string{"-dialect", "help"}, &out, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != len(emulator.Dialects()) {
		t.Errorf("%d lines of %d dialects", len(lines), len(emulator.Dialects()))
	}
	for i, d := range emulator.Dialects() {
		for _, part := range []string{d.Name, d.Default, d.Alternative, d.Evidence} {
			if part == "" || !strings.Contains(lines[i], part) {
				t.Errorf("%s: %q is not in %q", d.Name, part, lines[i])
			}
		}
	}
	if err := emulator.Command(t.Context(), []string{"-dialect", "nonsense"}, &out, &out); err == nil {
		t.Error("an unknown dialect is accepted")
	}
	if _, err := emulator.New(emulator.Options{Dialects: []string{"nonsense"}}); err == nil {
		t.Error("an unknown dialect is accepted")
	}
}
