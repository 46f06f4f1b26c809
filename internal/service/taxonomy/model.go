package taxonomy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

type model struct {
	UserID             types.String   `tfsdk:"user_id"`
	AppID              types.String   `tfsdk:"app_id"`
	Name               types.String   `tfsdk:"name"`
	CSVFile            types.String   `tfsdk:"csv_file"`
	TurtleFile         types.String   `tfsdk:"skos_turtle_file"`
	JSONLDFile         types.String   `tfsdk:"skos_jsonld_file"`
	Concepts           types.Map      `tfsdk:"concepts"`
	Language           types.String   `tfsdk:"language"`
	IDFrom             types.String   `tfsdk:"id_from"`
	AltAsSynonyms      types.Bool     `tfsdk:"alternative_labels_as_synonyms"`
	AllowOther         types.Bool     `tfsdk:"allow_other_languages"`
	KnowledgeGraphID   types.String   `tfsdk:"knowledge_graph_id"`
	ExclusiveRelations types.Bool     `tfsdk:"exclusive_relations"`
	Refresh            types.String   `tfsdk:"refresh"`
	DeletionPolicy     types.String   `tfsdk:"deletion_policy"`
	Digest             types.String   `tfsdk:"digest"`
	Counts             types.Object   `tfsdk:"counts"`
	Changes            types.Object   `tfsdk:"changes"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// written is one concept as the configuration writes it.
type written struct {
	Name        types.String `tfsdk:"name"`
	Definition  types.String `tfsdk:"definition"`
	Parents     types.List   `tfsdk:"parents"`
	Synonyms    types.List   `tfsdk:"synonyms"`
	Names       types.Map    `tfsdk:"names"`
	Definitions types.Map    `tfsdk:"definitions"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the taxonomy in messages.
func (m *model) String() string { return fmt.Sprintf("taxonomy %q", m.Name.ValueString()) }

// source is the attribute that the taxonomy comes from.
func (m *model) source() (path.Path, attr.Value) {
	switch {
	case !m.CSVFile.IsNull():
		return path.Root("csv_file"), m.CSVFile
	case !m.TurtleFile.IsNull():
		return path.Root("skos_turtle_file"), m.TurtleFile
	case !m.JSONLDFile.IsNull():
		return path.Root("skos_jsonld_file"), m.JSONLDFile
	default:
		return path.Root("concepts"), m.Concepts
	}
}

// known tells whether all is known that the taxonomy follows from.
func (m *model) known(ctx context.Context) bool {
	_, source := m.source()
	value, err := source.ToTerraformValue(ctx)
	return err == nil && value.IsFullyKnown() && !m.Language.IsUnknown() && !m.IDFrom.IsUnknown() && !m.AltAsSynonyms.IsUnknown() && !m.AllowOther.IsUnknown()
}

// shownProblems is how many problems of a taxonomy are told, each with its line.
const shownProblems = 10

// read reads the taxonomy and checks it.
func (m *model) read(ctx context.Context) (*Graph, diag.Diagnostics) {
	at, _ := m.source()
	options := SKOSOptions{Language: m.Language.ValueString(), IDFrom: m.IDFrom.ValueString(), AltAsSynonyms: m.AltAsSynonyms.ValueBool()}
	var g *Graph
	var diags diag.Diagnostics
	switch {
	case !m.CSVFile.IsNull():
		g = readFile(m.CSVFile, at, &diags, ReadCSV)
	case !m.TurtleFile.IsNull():
		g = readFile(m.TurtleFile, at, &diags, func(name string, text []byte) *Graph { return ReadTurtle(ctx, name, text, options) })
	case !m.JSONLDFile.IsNull():
		g = readFile(m.JSONLDFile, at, &diags, func(name string, text []byte) *Graph { return ReadJSONLD(name, text, options) })
	default:
		g = m.readConcepts(ctx, &diags)
	}
	if diags.HasError() {
		return nil, diags
	}
	allowed := languages
	if m.AllowOther.ValueBool() {
		allowed = nil
	}
	g.takeOwn(m.Language.ValueString())
	problems := g.Check(allowed)
	for i, p := range problems {
		if i == shownProblems {
			diags.AddAttributeError(at, "More problems in the taxonomy", fmt.Sprintf("There are %d further problems.", len(problems)-i))
			break
		}
		diags.AddAttributeError(at, "Problem in the taxonomy", p.String()+".")
	}
	return g, diags
}

func readFile(file types.String, at path.Path, diags *diag.Diagnostics, read func(string, []byte) *Graph) *Graph {
	name := file.ValueString()
	text, err := os.ReadFile(name) //nolint:gosec // the user names the file
	if err != nil {
		diags.AddAttributeError(at, "Cannot read the taxonomy", fmt.Sprintf("%v. Relative paths start from where the CLI was started; write ${path.module}/... for a file beside the configuration.", err))
		return nil
	}
	if !utf8.Valid(text) {
		good := 0
		for r, size := utf8.DecodeRune(text); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(text[good:]) {
			good += size
		}
		g := newGraph()
		g.problem(fmt.Sprintf("%s:%d", name, 1+bytes.Count(text[:good], []byte("\n"))), "it is not UTF-8; save the file in that encoding")
		return g
	}
	return read(name, text)
}

func (m *model) readConcepts(ctx context.Context, diags *diag.Diagnostics) *Graph {
	var concepts map[string]written
	diags.Append(m.Concepts.ElementsAs(ctx, &concepts, false)...)
	g := newGraph()
	for _, id := range slices.Sorted(maps.Keys(concepts)) {
		w := concepts[id]
		c := &Concept{ID: id, Name: w.Name.ValueString(), Definition: w.Definition.ValueString(), Names: map[string]Text{}}
		if c.Name == "" {
			c.Name = id
		}
		var names, definitions map[string]string
		diags.Append(w.Parents.ElementsAs(ctx, &c.Parents, true)...)
		diags.Append(w.Synonyms.ElementsAs(ctx, &c.Synonyms, true)...)
		diags.Append(w.Names.ElementsAs(ctx, &names, true)...)
		diags.Append(w.Definitions.ElementsAs(ctx, &definitions, true)...)
		for language, name := range names {
			c.Names[language] = Text{Name: name, Definition: definitions[language]}
		}
		for language, definition := range definitions {
			c.Names[language] = Text{Name: names[language], Definition: definition}
		}
		g.add(c)
	}
	return g
}

// Digest follows from what the taxonomy says, and from nothing else.
func (g *Graph) Digest() string {
	var text []byte
	for _, id := range slices.Sorted(maps.Keys(g.concepts)) {
		c := g.concepts[id]
		text = fmt.Appendf(text, "%q %q %q\n", c.ID, c.Name, c.Definition)
		for _, language := range slices.Sorted(maps.Keys(c.Names)) {
			text = fmt.Appendf(text, " %q %q %q\n", language, c.Names[language].Name, c.Names[language].Definition)
		}
	}
	for _, e := range g.Edges() {
		text = fmt.Appendln(text, e)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (g *Graph) names() int {
	n := 0
	for _, c := range g.concepts {
		n += len(c.Names)
	}
	return n
}

var countsType = map[string]attr.Type{"concepts": types.Int64Type, "names": types.Int64Type, "relations": types.Int64Type}

func countsOf(g *Graph) types.Object {
	return types.ObjectValueMust(countsType, map[string]attr.Value{
		"concepts":  types.Int64Value(int64(g.Len())),
		"names":     types.Int64Value(int64(g.names())),
		"relations": types.Int64Value(int64(len(g.Edges()))),
	})
}

var changesType = map[string]attr.Type{
	"concepts_created": types.Int64Type, "concepts_changed": types.Int64Type, "names_written": types.Int64Type,
	"relations_created": types.Int64Type, "relations_deleted": types.Int64Type, "first": types.ListType{ElemType: types.StringType},
}

// changesOf shows what was done.
func changesOf(d *difference) types.Object {
	first := []attr.Value{}
	for _, text := range d.first() {
		first = append(first, types.StringValue(text))
	}
	return types.ObjectValueMust(changesType, map[string]attr.Value{
		"concepts_created":  types.Int64Value(int64(len(d.create))),
		"concepts_changed":  types.Int64Value(int64(len(d.change))),
		"names_written":     types.Int64Value(int64(d.countNames())),
		"relations_created": types.Int64Value(int64(len(d.relate))),
		"relations_deleted": types.Int64Value(int64(len(d.unrelate))),
		"first":             types.ListValueMust(types.StringType, first),
	})
}
