package taxonomy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/rdf"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/skos"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/table"
)

// formats are those of the function taxonomy_skos.
var formats = map[string]rdf.Format{"auto": rdf.Unknown, "turtle": rdf.Turtle, "rdfxml": rdf.XML, "jsonld": rdf.JSONLD}

// textName stands for a text without a file name in messages.
const textName = "text"

const resultText = "The result is a map by id, in the form that `concepts` of `clarifai_taxonomy` takes and that suits `for_each`. Each " +
	"concept has `name`, `definition` (null when there is none), " +
	"`parents` and `synonyms` (lists of ids), and `names` and `definitions` (maps by language, without the taxonomy's own).\n\n" +
	"The text is checked like the file of a `clarifai_taxonomy`: ids, cycles, unknown references and repetitions are errors with their " +
	"lines. Languages are not compared with those that Clarifai documents."

// textConcept is one concept of a function's result.
type textConcept struct {
	Name        string            `tfsdk:"name"`
	Definition  *string           `tfsdk:"definition"`
	Parents     []string          `tfsdk:"parents"`
	Synonyms    []string          `tfsdk:"synonyms"`
	Names       map[string]string `tfsdk:"names"`
	Definitions map[string]string `tfsdk:"definitions"`
}

var conceptsReturn = function.MapReturn{ElementType: types.ObjectType{AttrTypes: map[string]attr.Type{
	"name":        types.StringType,
	"definition":  types.StringType,
	"parents":     types.ListType{ElemType: types.StringType},
	"synonyms":    types.ListType{ElemType: types.StringType},
	"names":       types.MapType{ElemType: types.StringType},
	"definitions": types.MapType{ElemType: types.StringType},
}}}

// setResult returns a valid taxonomy, or the errors of the text, which is the first argument.
func setResult(ctx context.Context, g *graph.Graph, resp *function.RunResponse) {
	if problems := g.Check(nil); len(problems) > 0 {
		var lines []string
		for i, p := range problems {
			if i == shownProblems {
				lines = append(lines, fmt.Sprintf("There are %d more errors", len(problems)-i))
				break
			}
			lines = append(lines, p.String())
		}
		resp.Error = function.NewArgumentFuncError(0, strings.Join(lines, "\n")) // the CLI ends it with a dot
		return
	}
	concepts := make(map[string]textConcept, g.Len())
	for _, c := range g.Concepts() {
		t := textConcept{
			Name: c.Name, Parents: append([]string{}, c.Parents...), Synonyms: append([]string{}, c.Synonyms...),
			Names: map[string]string{}, Definitions: map[string]string{},
		}
		if c.Definition != "" {
			t.Definition = &c.Definition
		}
		for language, text := range c.Names {
			t.Names[language] = text.Name
			if text.Definition != "" {
				t.Definitions[language] = text.Definition
			}
		}
		concepts[c.ID] = t
	}
	resp.Error = resp.Result.Set(ctx, concepts)
}

// NewCSVFunction returns the function taxonomy_csv.
func NewCSVFunction() function.Function { return csvFunction{} }

type csvFunction struct{}

func (csvFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "taxonomy_csv"
}

func (csvFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Reads a taxonomy from CSV",
		MarkdownDescription: "Reads the concepts of a taxonomy from CSV and checks them as a whole. " + resultText,
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "text",
			MarkdownDescription: "The CSV text, such as `file(\"${path.module}/places.csv\")`. " + csvColumns,
		}},
		Return: conceptsReturn,
	}
}

func (csvFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	setResult(ctx, table.Read(textName, text, table.Options{}), resp)
}

// NewSKOSFunction returns the function taxonomy_skos.
func NewSKOSFunction() function.Function { return skosFunction{} }

type skosFunction struct{}

func (skosFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "taxonomy_skos"
}

func (skosFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads a taxonomy from a SKOS vocabulary",
		MarkdownDescription: "Reads the concepts of a SKOS vocabulary and checks them as a whole. Nothing is fetched: contexts of JSON-LD " +
			"must be in the text or be the one of SKOS. A function cannot warn: deprecated and unlabelled concepts and unknown references, which " +
			"`clarifai_taxonomy` skips with a warning, are errors unless an option skips them. " +
			"Collections, mappings to other vocabularies, notes and `related` are not in the result. " + resultText,
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The vocabulary, such as `file(\"${path.module}/places.ttl\")`. The guide on taxonomies lists what is read.",
			},
			function.StringParameter{
				Name:                "format",
				MarkdownDescription: "Format of the text: `auto` (its first characters tell), `turtle` (also for N-Triples), `rdfxml` or `jsonld`.",
			},
		},
		VariadicParameter: function.MapParameter{
			Name:        "options",
			ElementType: types.StringType,
			MarkdownDescription: "At most one map of options, which are those of `clarifai_taxonomy`: `language` (defaults to `en`), `languages` " +
				"(separated by commas; all if not set), `id_from` (`uri`, `notation` or `hash`), " +
				"`alternative_labels_as_synonyms` (defaults to false), `collections`, `unknown_references`, `deprecated_concepts` and " +
				"`unlabelled_concepts`.",
		},
		Return: conceptsReturn,
	}
}

func (skosFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text, format string
	var more []map[string]string
	if resp.Error = req.Arguments.Get(ctx, &text, &format, &more); resp.Error != nil {
		return
	}
	options, problem := skosOptions(more)
	if problem != nil {
		resp.Error = problem
		return
	}
	known, ok := formats[format]
	if !ok {
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("%q is not a format; it must be auto, turtle, rdfxml or jsonld", format))
		return
	}
	setResult(ctx, skos.Read(textName, text, known, `use the format "auto"`, options), resp)
}

// skosOptions reads the arguments after the format.
func skosOptions(more []map[string]string) (skos.Options, *function.FuncError) {
	const first = 2
	// A function cannot warn, so what the resource skips with a warning is an error here.
	options := skos.Options{References: skos.Error, Deprecated: skos.Error, Unlabelled: skos.Error}
	if len(more) > 1 {
		return options, function.NewArgumentFuncError(first+1, "there can only be one map of options")
	}
	choices := map[string]struct {
		set    *string
		values []string
	}{
		"id_from":             {&options.IDFrom, []string{skos.IDFromURI, skos.IDFromNotation, skos.IDFromHash}},
		"collections":         {&options.Collections, []string{skos.Skip, skos.Include}},
		"unknown_references":  {&options.References, []string{skos.Skip, skos.Error}},
		"deprecated_concepts": {&options.Deprecated, []string{skos.Skip, skos.Include, skos.Error}},
		"unlabelled_concepts": {&options.Unlabelled, []string{skos.Skip, skos.Error}},
	}
	for _, given := range more {
		for name, value := range given {
			choice, isChoice := choices[name]
			switch {
			case isChoice && !slices.Contains(choice.values, value):
				return options, function.NewArgumentFuncError(first, fmt.Sprintf("%s is %q; it must be one of "+
					"%s", name, value, strings.Join(choice.values, ", ")))
			case isChoice:
				*choice.set = value
			case name == "language":
				options.Language = value
			case name == "languages":
				options.Languages = []string{}
				for tag := range strings.SplitSeq(value, ",") {
					if tag = strings.TrimSpace(tag); tag != "" {
						options.Languages = append(options.Languages, tag)
					}
				}
			case name == "alternative_labels_as_synonyms":
				yes, err := strconv.ParseBool(value)
				if err != nil {
					return options, function.NewArgumentFuncError(first, fmt.Sprintf("alternative_labels_as_synonyms is %q; it must be true or "+
						"false", value))
				}
				options.AltAsSynonyms = yes
			default:
				return options, function.NewArgumentFuncError(first, fmt.Sprintf("%q is not an option; options are language, languages, "+
					"alternative_labels_as_synonyms, %s",
					name, strings.Join(slices.Sorted(maps.Keys(choices)), ", ")))
			}
		}
	}
	return options, nil
}
