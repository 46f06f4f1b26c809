package taxonomy

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What the function taxonomy_skos calls the formats.
const (
	formatTurtle = "turtle"
	formatJSONLD = "jsonld"
)

// textName is how problems call a text that has no file name.
const textName = "text"

const resultText = "The result is a map by id, in the form that `concepts` of `clarifai_taxonomy` takes and that suits `for_each`. Each concept has `name`, `definition` (null when there is none), " +
	"`parents` and `synonyms` (lists of ids), and `names` and `definitions` (maps by language, beside the taxonomy's own).\n\n" +
	"The text is checked like the file of a `clarifai_taxonomy`: ids, circles, references to nothing and repetitions are errors that say where, except that languages are not held against the list of the service."

// textConcept is one concept in what the functions answer.
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

// answer gives a taxonomy that is in order, or the problems of the text, which
// was the first argument.
func (g *Graph) answer(ctx context.Context, resp *function.RunResponse) {
	if problems := g.Check(nil); len(problems) > 0 {
		var lines []string
		for i, p := range problems {
			if i == shownProblems {
				lines = append(lines, fmt.Sprintf("There are %d further problems", len(problems)-i))
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

// NewCSVFunction makes the function taxonomy_csv.
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
			Name: "text",
			MarkdownDescription: "The CSV text, such as `file(\"${path.module}/places.csv\")`. Its first line names the columns: `id`; optionally `parent` and `synonym` (ids, several separated by semicolons), " +
				"`name`, `definition`, and `name:LANGUAGE` and `definition:LANGUAGE` for further languages.",
		}},
		Return: conceptsReturn,
	}
}

func (csvFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	ReadCSV(textName, []byte(text)).answer(ctx, resp)
}

// NewSKOSFunction makes the function taxonomy_skos.
func NewSKOSFunction() function.Function { return skosFunction{} }

type skosFunction struct{}

func (skosFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "taxonomy_skos"
}

func (skosFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Reads a taxonomy from a SKOS vocabulary",
		MarkdownDescription: "Reads the concepts of a SKOS vocabulary and checks them as a whole. Nothing is fetched: contexts of JSON-LD must be in the text or be that of SKOS. " + resultText,
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The vocabulary, such as `file(\"${path.module}/places.ttl\")`. `prefLabel`, `definition`, `broader`, `narrower` and `exactMatch` are read.",
			},
			function.StringParameter{
				Name:                "format",
				MarkdownDescription: "How it is written: `turtle` or `jsonld`.",
			},
		},
		VariadicParameter: function.MapParameter{
			Name:        "options",
			ElementType: types.StringType,
			MarkdownDescription: "At most one map of options, as those of `clarifai_taxonomy`: `language` (whose labels are the names, defaults to `en`), `id_from` (`uri`, the default, `notation` or `hash`) and " +
				"`alternative_labels_as_synonyms` (defaults to false).",
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
	switch {
	case problem != nil:
		resp.Error = problem
	case format == formatTurtle:
		ReadTurtle(ctx, textName, []byte(text), options).answer(ctx, resp)
	case format == formatJSONLD:
		ReadJSONLD(textName, []byte(text), options).answer(ctx, resp)
	default:
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("%q is not a format; it must be %q or %q", format, formatTurtle, formatJSONLD))
	}
}

// skosOptions reads the arguments after the format.
func skosOptions(more []map[string]string) (SKOSOptions, *function.FuncError) {
	const first = 2
	var options SKOSOptions
	if len(more) > 1 {
		return options, function.NewArgumentFuncError(first+1, "there can only be one map of options")
	}
	for _, given := range more {
		for name, value := range given {
			switch name {
			case "language":
				options.Language = value
			case "id_from":
				if value != idFromURI && value != idFromNotation && value != idFromHash {
					return options, function.NewArgumentFuncError(first, fmt.Sprintf("id_from is %q; it must be %q, %q or %q", value, idFromURI, idFromNotation, idFromHash))
				}
				options.IDFrom = value
			case "alternative_labels_as_synonyms":
				yes, err := strconv.ParseBool(value)
				if err != nil {
					return options, function.NewArgumentFuncError(first, fmt.Sprintf("alternative_labels_as_synonyms is %q; it must be true or false", value))
				}
				options.AltAsSynonyms = yes
			default:
				return options, function.NewArgumentFuncError(first, fmt.Sprintf("%q is not an option; options are language, id_from and alternative_labels_as_synonyms", name))
			}
		}
	}
	return options, nil
}
