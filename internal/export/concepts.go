package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const (
	conceptsFile = "concepts.csv"
	// languageReaders is how many lists of translations are under way at once; the client paces them.
	languageReaders = 8
)

// concept is a row of the CSV file.
type concept struct {
	clarifai.Concept
	parents, synonyms []string
	languages         []clarifai.ConceptLanguage
}

// exportConcepts writes the app's concepts with their translations and relations.
func (e *exporter) exportConcepts(ctx context.Context, app *clarifai.App) error {
	if e.opts.isSingle(KindConcepts) {
		for _, list := range []struct {
			typeName, file, what string
			key                  []string
		}{
			{"clarifai_concept", "concepts.tf", "concepts", []string{"id"}},
			{"clarifai_concept_language", "concept_languages.tf", "concept languages", []string{"concept_id", "language"}},
			{"clarifai_concept_relation", "concept_relations.tf", "concept relations", []string{"id"}},
		} {
			if err := e.exportList(ctx, list.typeName, list.file, list.what, list.key); err != nil {
				return err
			}
		}
		return nil
	}
	concepts, byID, err := e.readConcepts(ctx)
	if err != nil {
		return err
	}
	relations, err := e.readRelations(ctx, byID)
	if err != nil {
		return err
	}
	names, err := e.readLanguages(ctx, concepts, app.DefaultLanguage)
	if err != nil {
		return err
	}
	e.counted("concepts", len(concepts), fmt.Sprintf("with %d relations and %d names in further languages, in `%s`", relations, names,
		conceptsFile))
	if len(concepts) == 0 {
		return nil
	}
	if err := e.replace(conceptsFile, func(w io.Writer) error { return writeCSV(w, concepts) }); err != nil {
		return err
	}
	const typeName = "clarifai_taxonomy"
	label := e.labels.take(typeName, e.app.AppID)
	body := e.block("concepts.tf", typeName, label)
	body.SetAttributeValue("name", cty.StringVal(label))
	if app.DefaultLanguage != "" && app.DefaultLanguage != "en" {
		body.SetAttributeValue("language", cty.StringVal(app.DefaultLanguage))
	}
	body.SetAttributeRaw("csv_file", inModule(conceptsFile))
	e.importBlock(typeName, label, label+":csv_file:./"+conceptsFile)
	return nil
}

func (e *exporter) readConcepts(ctx context.Context) ([]*concept, map[string]*concept, error) {
	var concepts []*concept
	byID := map[string]*concept{}
	withMore := 0
	for c, err := range e.client.AllConcepts(ctx, e.app, clarifai.ListConceptsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}) {
		if err != nil {
			return nil, nil, fmt.Errorf("unable to list the concepts: %w", err)
		}
		if strings.ContainsAny(c.ID, ";") {
			e.leftOut = append(e.leftOut, fmt.Sprintf("Concept `%s`: its ID contains a semicolon, which separates IDs in a taxonomy file. Use "+
				"`-single concepts`.", c.ID))
			continue
		}
		if len(c.Metadata) > 0 || c.Image != nil {
			withMore++
		}
		row := &concept{Concept: c}
		concepts = append(concepts, row)
		byID[c.ID] = row
	}
	if withMore > 0 {
		e.leftOut = append(e.leftOut, fmt.Sprintf("Metadata and images of %d concepts: a taxonomy does not manage them, and they stay as "+
			"they are. Use `-single concepts` to manage them.", withMore))
	}
	slices.SortFunc(concepts, func(a, b *concept) int { return strings.Compare(a.ID, b.ID) })
	return concepts, byID, nil
}

// readRelations adds the relations of the app's global graph to their concepts and counts them.
func (e *exporter) readRelations(ctx context.Context, byID map[string]*concept) (int, error) {
	n, otherGraphs, unknown := 0, 0, 0
	for r, err := range e.client.AllConceptRelations(ctx, e.app, "",
		clarifai.ListConceptRelationsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}) {
		if err != nil {
			return 0, fmt.Errorf("unable to list the relations of concepts: %w", err)
		}
		if r.KnowledgeGraphID != "" {
			otherGraphs++
			continue
		}
		if r.SubjectConcept == nil || r.ObjectConcept == nil || byID[r.SubjectConcept.ID] == nil || byID[r.ObjectConcept.ID] == nil {
			unknown++
			continue
		}
		subject, object := byID[r.SubjectConcept.ID], byID[r.ObjectConcept.ID]
		switch r.Predicate {
		case clarifai.PredicateHyponym:
			subject.parents = append(subject.parents, object.ID)
		case clarifai.PredicateHypernym:
			object.parents = append(object.parents, subject.ID)
		case clarifai.PredicateSynonym:
			subject.synonyms = append(subject.synonyms, object.ID)
		default:
			unknown++
			continue
		}
		n++
	}
	if otherGraphs > 0 {
		e.leftOut = append(e.leftOut, fmt.Sprintf("%d relations in knowledge graphs other than the app's global one. Add a "+
			"`clarifai_taxonomy` with `knowledge_graph_id` for each graph.", otherGraphs))
	}
	if unknown > 0 {
		e.leftOut = append(e.leftOut, fmt.Sprintf("%d relations with concepts outside the app, or with a predicate that the "+
			"provider does not know.", unknown))
	}
	return n, nil
}

// readLanguages reads the translations of each concept, which the API lists by concept only, and counts them.
func (e *exporter) readLanguages(ctx context.Context, concepts []*concept, own string) (int, error) {
	if own == "" {
		own = "en"
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan *concept)
	var readers sync.WaitGroup
	for range min(languageReaders, len(concepts)) {
		readers.Go(func() {
			for c := range work {
				for l, err := range e.client.AllConceptLanguages(ctx, e.app, c.ID, clarifai.MaxPerPage) {
					if err != nil {
						cancel(fmt.Errorf("unable to list the languages of concept %q: %w", c.ID, err))
						break
					}
					if l.ID != own {
						c.languages = append(c.languages, l)
					} else if c.Definition == "" {
						c.Definition = l.Definition
					}
				}
			}
		})
	}
	for i, c := range concepts {
		if ctx.Err() != nil {
			break
		}
		work <- c
		if (i+1)%1000 == 0 {
			e.say("concepts: languages of %d of %d read", i+1, len(concepts))
		}
	}
	close(work)
	readers.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	n := 0
	for _, c := range concepts {
		n += len(c.languages)
	}
	return n, nil
}

// writeCSV writes concepts as clarifai_taxonomy reads them.
func writeCSV(w io.Writer, concepts []*concept) error {
	names, definitions := map[string]bool{}, map[string]bool{}
	parents, synonyms, defined := false, false, false
	for _, c := range concepts {
		parents = parents || len(c.parents) > 0
		synonyms = synonyms || len(c.synonyms) > 0
		defined = defined || c.Definition != ""
		for _, l := range c.languages {
			names[l.ID] = true
			definitions[l.ID] = definitions[l.ID] || l.Definition != ""
		}
	}
	header := []string{"id", "name"}
	cells := []func(*concept) string{
		func(c *concept) string { return c.ID },
		func(c *concept) string { return c.Name },
	}
	column := func(wanted bool, name string, cell func(*concept) string) {
		if wanted {
			header = append(header, name)
			cells = append(cells, cell)
		}
	}
	column(parents, "parent", func(c *concept) string { return joined(c.parents) })
	column(synonyms, "synonym", func(c *concept) string { return joined(c.synonyms) })
	column(defined, "definition", func(c *concept) string { return c.Definition })
	for _, language := range slices.Sorted(maps.Keys(names)) {
		column(true, "name:"+language, func(c *concept) string { return c.in(language).Name })
		column(definitions[language], "definition:"+language, func(c *concept) string { return c.in(language).Definition })
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	record := make([]string, len(cells))
	for _, c := range concepts {
		for i, cell := range cells {
			record[i] = cell(c)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func joined(ids []string) string {
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), ";")
}

func (c *concept) in(language string) clarifai.ConceptLanguage {
	for _, l := range c.languages {
		if l.ID == language {
			return l
		}
	}
	return clarifai.ConceptLanguage{}
}
