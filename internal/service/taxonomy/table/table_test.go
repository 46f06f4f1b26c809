package table_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/table"
)

// render writes a taxonomy: problems if there are any, else a concept a line: "id=name: definition [language=name: definition] <parents
// ~synonyms".
func render(g *graph.Graph) string {
	var b strings.Builder
	for _, p := range g.Check(graph.Documented) {
		fmt.Fprintln(&b, "!", p)
	}
	if b.Len() > 0 {
		return strings.TrimSpace(b.String())
	}
	for _, c := range g.Concepts() {
		fmt.Fprintf(&b, "%s=%s", c.ID, c.Name)
		if c.Definition != "" {
			fmt.Fprintf(&b, ": %s", c.Definition)
		}
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			text := c.Names[language]
			fmt.Fprintf(&b, " [%s=%s", language, text.Name)
			if text.Definition != "" {
				fmt.Fprintf(&b, ": %s", text.Definition)
			}
			b.WriteByte(']')
		}
		for _, parent := range c.Parents {
			fmt.Fprintf(&b, " <%s", parent)
		}
		for _, other := range c.Synonyms {
			fmt.Fprintf(&b, " ~%s", other)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRead(t *testing.T) {
	t.Parallel()
	columns := func(pairs ...string) table.Options {
		o := table.Options{Columns: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			o.Columns[pairs[i]] = pairs[i+1]
		}
		return o
	}
	for name, c := range map[string]struct {
		text    string
		options table.Options
		want    string
	}{
		"everything": {
			"\xef\xbb\xbfid,parent,name,name:de,definition,definition:de,synonym\r\nworld,,World,Welt,All,Alles,\r\n\r\n" +
				"africa,world,Africa,,,,\r\neurope,world;africa,,,,,\"world;africa\"\r\n",
			table.Options{}, "world=World: All [de=Welt: Alles]\nafrica=Africa <world\neurope=europe <world <africa ~world ~africa",
		},
		"tabs": {"id\tparent\tname\n1\t\tA \"quoted\" name\n2\t1\tB, C; D\n", table.Options{},
			"1=A \"quoted\" name\n2=B, C; D <1"},
		"tabs of a spreadsheet":    {"id\tname\n1\t\"A \"\"quoted\"\" name\"\n", table.Options{}, "1=A \"quoted\" name"},
		"semicolons":               {"id;name;parent\na;A;\nb;B;a\nc;C;\"a;b\"\n", table.Options{}, "a=A\nb=B <a\nc=C <a <b"},
		"semicolons beside commas": {"id,synonym\na,\nb,a;\n", table.Options{}, "a=a\nb=b ~a"},
		"other titles": {
			file(t, "ids.tsv"), columns("id", "Unique ID", "parent", "Parent", "name", "Name"), "1=Attractions\n2=Bars & Restaurants <1",
		},
		"other columns are ignored": {"ID,Name,Colour,Colour\na,A,red,blue\n", columns("id", "ID", "name", "Name"), "a=A"},
		"mapped further languages":  {"ID,en,de\na,A,Ah\n", columns("id", "ID", "name", "en", "name:de", "de"), "a=A [de=Ah]"},
		"mapped levels":             {"Top,Sub\nA,\nA,B\n", columns("level 1", "Top", "level 2", "Sub"), "A=A\nA-B=B <A"},
		"levels": {file(t, "levels.csv"), table.Options{}, "Science=Science\n" +
			"Science-Physics=Physics <Science\nScience-Physics-Optics=Optics <Science-Physics"},
		"levels without rows of their own": {
			"Tier 1,Tier 2,Tier 3\nA,B,C\nA,B,D\n", table.Options{}, "A-B-C=C <A-B\nA-B-D=D <A-B\nA-B=B <A\nA=A",
		},
		"levels with ids": {"id,level 1,level 2,name:de\n1,A,,Ah\n2,A,B,\n", table.Options{}, "1=A [de=Ah]\n2=B <1"},
		"paths": {"id,path\n1,Pets\n2,Pets > Birds\n3,\"Pets > Birds > Bird, Cage & Co.\"\n", table.Options{},
			"1=Pets\n2=Birds <1\n3=Bird, Cage & Co. <2"},
		"paths without ids, in any order": {
			"path\nAnimals & Pet Supplies > Pet Supplies > Bird Supplies > Bird Cages & Stands\nAnimals & Pet Supplies\n", table.Options{},
			"Animals-Pet-Supplies-Pe-1f979213=Bird Cages & Stands <Animals-Pet-Supplies-Pe-690cf567\nAnimals-Pet-Supplies=Animals & Pet Supplies\n" +
				"Animals-Pet-Supplies-Pe-690cf567=Bird Supplies <Animals-Pet-Supplies-Pe-2a8c7974\n" +
				"Animals-Pet-Supplies-Pe-2a8c7974=Pet Supplies <Animals-Pet-Supplies",
		},
		"paths with another separator": {"id,path\n1,A\n2,A / B\n", table.Options{PathSeparator: "/"}, "1=A\n2=B <1"},
		"a path and a name":            {"path,name\nA,Alpha\nA>B,\n", table.Options{}, "A=Alpha\nA-B=B <A"},
		"a last row without an end":    {"id,name\na,A", table.Options{}, "a=A"},
		"short rows":                   {"id,parent,name\na\nb,a\n", table.Options{}, "a=a\nb=b <a"},

		"empty": {"", table.Options{}, "! f: it is empty; its first line must name the columns"},
		"no id column": {
			"name\nx\n", table.Options{}, `! f:1: there is no column id, nor path nor levels, from which ids can follow; there are "name"`,
		},
		"unknown column":  {"id,colour\n", table.Options{}, `! f:1: column "colour" is not known; columns are id, parent,`},
		"column twice":    {"id,name,name\n", table.Options{}, `! f:1: there are two columns "name"`},
		"no title":        {"id,name,\na,A,\n", table.Options{}, `! f:1: column "" is not known`},
		"text as a table": {file(t, "paths.txt"), table.Options{}, `! f:1: column "# Taxonomy" is not known`},
		"empty id":        {"id,name\n,x\n", table.Options{}, "! f:2: the cell id is empty"},
		"bad id":          {"id\nno/slashes\n", table.Options{}, `! f:2: id "no/slashes" cannot be used`},
		"older id": {"id,parent\ntraffic light,\nai.light:1,traffic light\n", table.Options{},
			"traffic light=traffic light\nai.light:1=ai.light:1 <traffic light"},
		"twice":           {"id\na\nb\na\n", table.Options{}, `! f:4: concept "a" was given before, at f:2`},
		"unknown parent":  {"id,parent\na,b\n", table.Options{}, `! f:2: parent "b" of concept "a" is not in the taxonomy`},
		"own parent":      {"id,parent\na,a\n", table.Options{}, `! f:2: concept "a" is its own parent`},
		"parent twice":    {"id,parent\na,\nb,a;a\n", table.Options{}, `! f:3: parent "a" of concept "b" is given twice`},
		"cycle":           {"id,parent\na,c\nb,a\nc,b\n", table.Options{}, "a is below c is below b is below a"},
		"nameless":        {"id,definition:de\na,x\n", table.Options{}, `! f:2: concept "a" has a definition but no name in language "de"`},
		"quotation marks": {"id,name\na,\"x\nb,y\n", table.Options{}, "! f:2: extraneous or missing"},
		"too many cells":  {"id\na,b\n", table.Options{}, "! f:2: there are 2 cells, but only 1 columns"},
		"cut in a row": {"id,name,parent\na,A,\nb,B", table.Options{},
			"! f:3: the file ends within this row: there are 2 cells for 3 columns; it may have been cut off"},
		"cut in a cell": {"id,name\na,A\nb,\"B", table.Options{}, "! f:3: extraneous or missing"},
		"missing title": {
			"id,name\n", columns("id", "ID"), `! f:1: there is no column "ID", which columns names as id; there are "id", "name"`,
		},
		"title twice":     {"a,b\n", columns("id", "a", "name", "a"), `! f:1: columns names the column "a" twice, as id and as name`},
		"unknown role":    {"a,b\n", columns("identifier", "a"), `! f:1: column "a" is not known`},
		"path and levels": {"path,level 1\n", table.Options{}, "! f:1: there are a column path and columns for levels"},
		"a gap": {"level 1,level 2,level 3\nA,,C\n", table.Options{},
			"! f:2: level 2 of the path is empty, although there is a level below it"},
		"an empty path": {"id,path\n1,\n", table.Options{}, "! f:2: the path is empty"},
		"no row above": {"id,path\n2,Pets > Birds\n", table.Options{},
			`! f:2: there is no row with the path "Pets", which is above "Birds"`},
		"a path twice":      {"id,path\n1,A\n2,A\n", table.Options{}, `! f:3: the path "A" was given before, for concept "1"`},
		"a path without id": {"path\n猫\n", table.Options{}, `! f:2: the path "猫" holds nothing that an id may hold; add a column id`},
		"paths that meet":   {"path\nA-B > C\nA > B-C\n", table.Options{}, `was given before`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := render(table.Read("f", c.text, c.options))
			if isError := strings.HasPrefix(c.want, "!") || strings.HasPrefix(got, "!"); got != c.want &&
				(!isError || !strings.Contains(got, c.want)) {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

// A language that the service does not know is one problem, however many names there are in it.
func TestRead_unknownLanguages(t *testing.T) {
	t.Parallel()
	got := render(table.Read("f", "id,name:xx,definition:xx,name:de,name:yy\na,A,About,A,\nb,B,,B,Y\nc,C,,,Y\n", table.Options{}))
	const (
		remedy = `; select languages with languages, or set allow_other_languages`
		want   = `! f:2: language "xx" is not one that Clarifai documents (3 names, the first of concept "a")` + remedy + "\n" +
			`! f:3: language "yy" is not one that Clarifai documents (2 names, the first of concept "b")` + remedy
	)
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

// Tables with all kinds of mistakes: what is read, or the first problem.
func TestRead_dirt(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"bom": "a=A\nb=B <a", "both": "a=a\nb=b <a ~a", "case": "Truck=Truck\ntruck=truck <Truck", "cycle": "a is below b is below c is below a",
		"defnoname": `concept "a" has a definition but no name in language "de"`, "dup": `concept "a" was given before, at f:2`,
		"dupname": "a=Same\nb=Same",
		"empty":   "it is empty", "extra": `column "" is not known`, "formula": "a==1+1\nb=@x", "head": "", "lang": `language "EN" is not one`,
		"lang2": `two columns "name:de"`, "lang3": `language "pt-BR" is not one`, "missing": `parent "zzz"`,
		"quote": "a=He said \"hi\", twice: multi\nline; with ; semis", "self": "its own parent", "selfsyn": "its own synonym", "semi": "a=A",
		"space id": "traffic light=Traffic light", "spaces": "a=A\nb=B <a", "synsym": "a=a ~b\nb=b ~a",
		"twoparents": `parent "a" of concept "c" is given twice`,
		"unk":        `column "colour" is not known`, "upper": `column "ID" is not known`,
	} {
		got := render(table.Read("f", file(t, "dirt/"+name+".csv"), table.Options{}))
		if strings.HasPrefix(got, "!") && strings.Contains(got, want) && want != "" {
			continue
		}
		if got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
		}
	}
	if g := table.Read("f", file(t, "dirt/deep.csv"), table.Options{}); len(g.Check(nil)) > 0 || g.Len() != 1500 {
		t.Errorf("a chain of 1,500: %d concepts, %v", g.Len(), g.Check(nil))
	}
}

// 5,600 categories with their paths are read in an instant.
func TestRead_manyPaths(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("id\tpath\n")
	for i := range 5600 {
		path := fmt.Sprintf("Category %d", i%20)
		for n := i / 20; n > 0; n /= 10 {
			path += fmt.Sprintf(" > Part %d, of %d", n%10, i/20)
		}
		fmt.Fprintf(&b, "%d\t%s\n", i, path)
	}
	if g := table.Read("f", b.String(), table.Options{}); g.Len() == 0 {
		t.Error("nothing was read")
	}
}

func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/*.*", "testdata/dirt/*.csv"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatal("no files", err)
		}
		for _, name := range names {
			f.Add(file(f, strings.TrimPrefix(name, "testdata/")))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := table.Read("f", text, table.Options{})
		g.Check(nil)
		if len(g.Edges()) > 0 && g.Len() == 0 {
			t.Error("relations of nothing")
		}
	})
}
