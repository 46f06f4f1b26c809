package taxonomy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/skos"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/table"
)

type model struct {
	UserID             types.String   `tfsdk:"user_id"`
	AppID              types.String   `tfsdk:"app_id"`
	Name               types.String   `tfsdk:"name"`
	CSV                types.String   `tfsdk:"csv"`
	CSVFile            types.String   `tfsdk:"csv_file"`
	SKOSFile           types.String   `tfsdk:"skos_file"`
	TurtleFile         types.String   `tfsdk:"skos_turtle_file"`
	JSONLDFile         types.String   `tfsdk:"skos_jsonld_file"`
	Concepts           types.Map      `tfsdk:"concepts"`
	Columns            types.Map      `tfsdk:"columns"`
	PathSeparator      types.String   `tfsdk:"path_separator"`
	Language           types.String   `tfsdk:"language"`
	Languages          types.Set      `tfsdk:"languages"`
	AllowOther         types.Bool     `tfsdk:"allow_other_languages"`
	IDFrom             types.String   `tfsdk:"id_from"`
	AltAsSynonyms      types.Bool     `tfsdk:"alternative_labels_as_synonyms"`
	Collections        types.String   `tfsdk:"collections"`
	References         types.String   `tfsdk:"unknown_references"`
	Deprecated         types.String   `tfsdk:"deprecated_concepts"`
	Unlabelled         types.String   `tfsdk:"unlabelled_concepts"`
	KnowledgeGraphID   types.String   `tfsdk:"knowledge_graph_id"`
	ExclusiveRelations types.Bool     `tfsdk:"exclusive_relations"`
	Refresh            types.String   `tfsdk:"refresh"`
	DeletionPolicy     types.String   `tfsdk:"deletion_policy"`
	Digest             types.String   `tfsdk:"digest"`
	Counts             types.Object   `tfsdk:"counts"`
	Skipped            types.Map      `tfsdk:"skipped"`
	Changes            types.String   `tfsdk:"changes"`
	Drift              types.String   `tfsdk:"drift"`
	LastApply          types.Object   `tfsdk:"last_apply"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// conceptModel is one concept as the configuration states it.
type conceptModel struct {
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

// sources are the attributes of which exactly one is set.
var sources = []string{"csv_file", "csv", "skos_file", "skos_turtle_file", "skos_jsonld_file", "concepts"}

// source is the attribute that the taxonomy comes from. It is "concepts" if none is set.
func (m *model) source() (path.Path, attr.Value) {
	values := []attr.Value{m.CSVFile, m.CSV, m.SKOSFile, m.TurtleFile, m.JSONLDFile, m.Concepts}
	for i, value := range values {
		if !value.IsNull() {
			return path.Root(sources[i]), value
		}
	}
	return path.Root("concepts"), m.Concepts
}

// file is the path of the file that the taxonomy comes from, or nothing.
func (m *model) file() string {
	for _, value := range []types.String{m.CSVFile, m.SKOSFile, m.TurtleFile, m.JSONLDFile} {
		if !value.IsNull() {
			return value.ValueString()
		}
	}
	return ""
}

// isKnown reports whether everything is known that the taxonomy follows from.
func (m *model) isKnown(ctx context.Context) bool {
	_, source := m.source()
	for _, value := range []attr.Value{
		source, m.Columns, m.PathSeparator, m.Language, m.Languages, m.AllowOther, m.IDFrom, m.AltAsSynonyms,
		m.Collections, m.References, m.Deprecated, m.Unlabelled,
	} {
		v, err := value.ToTerraformValue(ctx)
		if err != nil || !v.IsFullyKnown() {
			return false
		}
	}
	return true
}

// setDefaults sets what an import leaves open.
func (m *model) setDefaults() {
	m.Language, m.IDFrom = types.StringValue("en"), types.StringValue(skos.IDFromURI)
	m.PathSeparator = types.StringValue(table.DefaultPathSeparator)
	m.AltAsSynonyms, m.AllowOther, m.ExclusiveRelations = types.BoolValue(false), types.BoolValue(false), types.BoolValue(true)
	skip := types.StringValue(skos.Skip)
	m.Collections, m.References, m.Deprecated, m.Unlabelled = skip, skip, skip, skip
}

// shownProblems is the number of problems of a taxonomy that are shown, each with its line.
const shownProblems = 10

// isMissing reports whether diagnostics are about a file that does not exist.
func isMissing(d diag.Diagnostics) bool {
	return slices.ContainsFunc(d, func(d diag.Diagnostic) bool { return d.Summary() == missingFile })
}

const missingFile = "File of the taxonomy not found"

// read reads the taxonomy and checks it.
func (m *model) read(ctx context.Context) (*graph.Graph, diag.Diagnostics) {
	var diags diag.Diagnostics
	at, source := m.source()
	var selected []string
	if !m.Languages.IsNull() {
		diags.Append(m.Languages.ElementsAs(ctx, &selected, false)...)
	}
	known := graph.Documented
	if m.AllowOther.ValueBool() {
		known = nil
	}
	diags.Append(checkLanguages(selected, known)...)
	if diags.HasError() {
		return nil, diags
	}
	var g *graph.Graph
	switch text, _ := source.(types.String); at.String() {
	case "csv_file", "csv":
		options := table.Options{PathSeparator: m.PathSeparator.ValueString()}
		if !m.Columns.IsNull() {
			diags.Append(m.Columns.ElementsAs(ctx, &options.Columns, false)...)
		}
		if at.String() == "csv" {
			g = table.Read("csv", text.ValueString(), options)
		} else {
			g = readFile(text, at, &diags, func(name, text string) *graph.Graph { return table.Read(name, text, options) })
		}
	case "skos_file", "skos_turtle_file", "skos_jsonld_file":
		format := map[string]rdf.Format{"skos_file": rdf.Unknown, "skos_turtle_file": rdf.Turtle, "skos_jsonld_file": rdf.JSONLD}[at.String()]
		options := m.skosOptions(selected, known)
		g = readFile(text, at, &diags, func(name, text string) *graph.Graph {
			return skos.Read(name, text, format, "use skos_file, which reads Turtle, N-Triples, RDF/XML and JSON-LD", options)
		})
	default:
		g = m.readConcepts(ctx, &diags)
	}
	if diags.HasError() {
		return nil, diags
	}
	g.SetOwnLanguage(graph.ServiceLanguage(m.Language.ValueString()))
	if !m.Languages.IsNull() {
		g.KeepLanguages(selectedCodes(selected, g))
	}
	problems := g.Check(known)
	for i, p := range problems {
		if i == shownProblems {
			diags.AddAttributeError(at, "More errors in the taxonomy", fmt.Sprintf("There are %d more errors.", len(problems)-i))
			break
		}
		diags.AddAttributeError(at, "Invalid taxonomy", p.String()+".")
	}
	return g, diags
}

func (m *model) skosOptions(selected, known []string) skos.Options {
	options := skos.Options{
		Language: m.Language.ValueString(), Known: known, IDFrom: m.IDFrom.ValueString(), AltAsSynonyms: m.AltAsSynonyms.ValueBool(),
		Collections: m.Collections.ValueString(), References: m.References.ValueString(),
		Deprecated: m.Deprecated.ValueString(), Unlabelled: m.Unlabelled.ValueString(),
	}
	if !m.Languages.IsNull() {
		options.Languages = append([]string{}, selected...)
	}
	return options
}

// checkLanguages rejects selected languages that the service does not document. nil allows every language.
func checkLanguages(selected, known []string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, tag := range selected {
		if service := graph.ServiceLanguage(tag); known != nil && !slices.Contains(known, service) {
			diags.AddAttributeError(path.Root("languages"), "Language not documented",
				fmt.Sprintf("Clarifai does not document the language %q. It documents %s. To try it anyway, set allow_other_languages = "+
					"true.", tag, strings.Join(known, ", ")))
		}
	}
	return diags
}

// selectedCodes are the codes of names that a selection keeps: languages as they are written, and their service codes.
func selectedCodes(selected []string, g *graph.Graph) []string {
	var codes []string
	for _, language := range g.Languages() {
		if slices.ContainsFunc(selected, func(tag string) bool { return tag == language || graph.ServiceLanguage(tag) == language }) {
			codes = append(codes, language)
		}
	}
	return codes
}

func readFile(file types.String, at path.Path, diags *diag.Diagnostics, read func(name, text string) *graph.Graph) *graph.Graph {
	name := file.ValueString()
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		diags.AddAttributeError(at, "Unable to read the taxonomy", fmt.Sprintf("%q is not a regular file.", name))
		return nil
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(name) //nolint:gosec // the user names the file
	}
	if err != nil {
		summary := "Unable to read the taxonomy"
		if errors.Is(err, fs.ErrNotExist) {
			summary = missingFile
		}
		hint := "Relative paths start from where the CLI was started; write ${path.module}/... for a file beside the configuration."
		if strings.HasPrefix(name, "~") {
			hint = "A leading ~ has no meaning in paths; write pathexpand(...)."
		}
		diags.AddAttributeError(at, summary, fmt.Sprintf("%v. %s", err, hint))
		return nil
	}
	if what := notUTF8(text); what != "" {
		g := graph.New()
		good := 0
		for r, size := utf8.DecodeRune(text); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(text[good:]) {
			good += size
		}
		g.Problem(fmt.Sprintf("%s:%d", name, 1+bytes.Count(text[:good], []byte("\n"))), "%s", what)
		return g
	}
	return read(name, string(text))
}

// notUTF8 describes text in another encoding.
func notUTF8(text []byte) string {
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return "it is UTF-16, not UTF-8; save the file as UTF-8 (in spreadsheets: CSV UTF-8)"
	case !utf8.Valid(text):
		return "it is not UTF-8; save the file as UTF-8"
	}
	return ""
}

func (m *model) readConcepts(ctx context.Context, diags *diag.Diagnostics) *graph.Graph {
	var concepts map[string]conceptModel
	diags.Append(m.Concepts.ElementsAs(ctx, &concepts, false)...)
	g := graph.New()
	for _, id := range slices.Sorted(maps.Keys(concepts)) {
		w := concepts[id]
		c := &graph.Concept{ID: id, Name: w.Name.ValueString(), Definition: w.Definition.ValueString(), Names: map[string]graph.Text{}}
		if c.Name == "" {
			c.Name = id
		}
		var names, definitions map[string]string
		diags.Append(w.Parents.ElementsAs(ctx, &c.Parents, true)...)
		diags.Append(w.Synonyms.ElementsAs(ctx, &c.Synonyms, true)...)
		diags.Append(w.Names.ElementsAs(ctx, &names, true)...)
		diags.Append(w.Definitions.ElementsAs(ctx, &definitions, true)...)
		for language, name := range names {
			c.Names[language] = graph.Text{Name: name, Definition: definitions[language]}
		}
		for language, definition := range definitions {
			c.Names[language] = graph.Text{Name: names[language], Definition: definition}
		}
		g.Add(c)
	}
	return g
}

func (m *model) target(client *clarifai.Client) reconcile.Target {
	return reconcile.Target{
		Client: client, What: m.String(), App: m.app(), GraphID: m.KnowledgeGraphID.ValueString(),
		Exclusive: m.ExclusiveRelations.ValueBool(), Languages: m.Refresh.ValueString() == refreshFull,
	}
}

var countsType = map[string]attr.Type{"concepts": types.Int64Type, "names": types.Int64Type, "relations": types.Int64Type}

func countsOf(g *graph.Graph) types.Object {
	return types.ObjectValueMust(countsType, map[string]attr.Value{
		"concepts":  types.Int64Value(int64(g.Len())),
		"names":     types.Int64Value(int64(g.Names())),
		"relations": types.Int64Value(int64(len(g.Edges()))),
	})
}

func skippedOf(g *graph.Graph) types.Map {
	counts := map[string]attr.Value{}
	for _, s := range g.Skipped {
		counts[s.Key] = types.Int64Value(int64(s.Count))
	}
	return types.MapValueMust(types.Int64Type, counts)
}

var lastApplyType = map[string]attr.Type{
	"concepts_created": types.Int64Type, "concepts_updated": types.Int64Type, "names_written": types.Int64Type,
	"relations_created": types.Int64Type, "relations_deleted": types.Int64Type,
}

// lastApplyOf shows what an apply did.
func lastApplyOf(c reconcile.Counts) types.Object {
	return types.ObjectValueMust(lastApplyType, map[string]attr.Value{
		"concepts_created":  types.Int64Value(int64(c.ConceptsCreated)),
		"concepts_updated":  types.Int64Value(int64(c.ConceptsUpdated)),
		"names_written":     types.Int64Value(int64(c.NamesWritten)),
		"relations_created": types.Int64Value(int64(c.RelationsCreated)),
		"relations_deleted": types.Int64Value(int64(c.RelationsDeleted)),
	})
}
