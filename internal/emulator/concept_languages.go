package emulator

import (
	"cmp"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func conceptLanguageRoutes(s *Service) []endpoint {
	path := inApp + "/concepts/{concept_id}/languages"
	return []endpoint{
		{Op: "ListConceptLanguages", Method: get, Path: path, Action: read(s, listConceptLanguages)},
		{Op: "PostConceptLanguages", Method: post, Path: path, Action: write(s, postConceptLanguages)},
		{Op: "PatchConceptLanguages", Method: patch, Path: path, Action: write(s, patchConceptLanguages)},
		{Op: "GetConceptLanguage", Method: get, Path: path + "/{language}", Action: read(s, getConceptLanguage)},
	}
}

// languages are the codes in the documentation.
var languages = []string{
	"ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "it", "ja",
	"ko", "nl", "no", "pa", "pl", "pt", "ru", "sv", "tr", "zh", "zh-TW",
}

// ownLanguage returns the translation in the app's default language. It always exists and
// consists of the concept's own name and definition.
func (a *app) ownLanguage(k *clarifai.Concept) clarifai.ConceptLanguage {
	return clarifai.ConceptLanguage{ID: a.info.DefaultLanguage, Name: k.Name, Definition: k.Definition}
}

// languageOf returns a concept's translation into a language, or nil.
func (a *app) languageOf(k *clarifai.Concept, language string) *clarifai.ConceptLanguage {
	if language == a.info.DefaultLanguage {
		own := a.ownLanguage(k)
		return &own
	}
	if translations := a.translations.get(k.ID); translations != nil {
		return translations.get(language)
	}
	return nil
}

// languagesOf returns all translations of a concept: its own first, then the others in
// order of creation.
func (a *app) languagesOf(k *clarifai.Concept) []clarifai.ConceptLanguage {
	all := []clarifai.ConceptLanguage{a.ownLanguage(k)}
	if translations := a.translations.get(k.ID); translations != nil {
		for entry := range translations.oldest() {
			if entry.ID != a.info.DefaultLanguage {
				all = append(all, *entry)
			}
		}
	}
	return all
}

// putLanguage stores a translation. In the default language it changes the concept.
func (a *app) putLanguage(k *clarifai.Concept, entry clarifai.ConceptLanguage) {
	if entry.ID == a.info.DefaultLanguage {
		changed := *k
		changed.Name, changed.Definition = entry.Name, entry.Definition
		a.concepts.put(k.ID, &changed)
		return
	}
	translations := a.translations.get(k.ID)
	if translations == nil {
		translations = &table[clarifai.ConceptLanguage]{}
		a.translations.put(k.ID, translations)
	}
	translations.put(entry.ID, &entry)
}

// concept is the concept that the path names.
func (c *call) concept() (*clarifai.Concept, error) {
	id := c.Path["concept_id"]
	stored := c.app.concepts.get(id)
	if stored == nil {
		return nil, notFound("concept_id", id)
	}
	return stored, nil
}

func listConceptLanguages(c *call) (*clarifai.MultiConceptLanguageResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	stored, err := c.concept()
	if err != nil {
		return nil, err
	}
	return &clarifai.MultiConceptLanguageResponse{ConceptLanguages: apiserver.PageOf(p, c.app.languagesOf(stored))}, nil
}

func getConceptLanguage(c *call) (*clarifai.SingleConceptLanguageResponse, error) {
	stored, err := c.concept()
	if err != nil {
		return nil, err
	}
	entry := c.app.languageOf(stored, c.Path["language"])
	if entry == nil {
		return nil, notFound("language", c.Path["language"])
	}
	return &clarifai.SingleConceptLanguageResponse{ConceptLanguage: entry}, nil
}

// postConceptLanguages adds all or none.
func postConceptLanguages(c *call, in *clarifai.PostConceptLanguagesRequest) (*clarifai.MultiConceptLanguageResponse, error) {
	stored, err := c.concept()
	if err != nil {
		return nil, err
	}
	if len(in.ConceptLanguages) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "concept_languages is empty")
	}
	seen := map[string]bool{}
	for _, sent := range in.ConceptLanguages {
		switch {
		case sent.ID == "" || sent.Name == "":
			return nil, reject(clarifai.StatusConceptsInvalidRequest, "a concept language needs an id, which is the language code, and a name")
		case !slices.Contains(languages, sent.ID) && !slices.Contains(c.options.MoreLanguages, sent.ID):
			return nil, reject(clarifai.StatusConceptsInvalidRequest, "language '%s' is not supported", sent.ID)
		case seen[sent.ID] || c.app.languageOf(stored, sent.ID) != nil:
			return nil, c.conceptDuplicate("Concept language with duplicate ID '%s'", sent.ID)
		}
		seen[sent.ID] = true
	}
	for _, sent := range in.ConceptLanguages {
		c.app.putLanguage(stored, sent)
	}
	return &clarifai.MultiConceptLanguageResponse{ConceptLanguages: in.ConceptLanguages}, nil
}

// patchConceptLanguages changes all or none.
func patchConceptLanguages(c *call, in *clarifai.PatchConceptLanguagesRequest) (*clarifai.MultiConceptLanguageResponse, error) {
	stored, err := c.concept()
	if err != nil {
		return nil, err
	}
	if err := checkAction(in.Action, len(in.ConceptLanguages), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("concept_languages", len(in.ConceptLanguages))
	out := &clarifai.MultiConceptLanguageResponse{}
	for i, sent := range in.ConceptLanguages {
		was := c.app.languageOf(stored, sent.ID)
		if was == nil {
			return nil, notFound("language", sent.ID)
		}
		entry := *was
		entry.Name = cmp.Or(sent.Name, entry.Name)
		change(&entry.Definition, sent.Definition, fields[i], "definition")
		out.ConceptLanguages = append(out.ConceptLanguages, entry)
	}
	for _, entry := range out.ConceptLanguages {
		c.app.putLanguage(stored, entry)
	}
	return out, nil
}

// ConceptLanguages are all entries of a concept, its own first.
func (s *Service) ConceptLanguages(appID, conceptID string) []clarifai.ConceptLanguage {
	var found []clarifai.ConceptLanguage
	s.inspect(appID, func(c *call) {
		if stored := c.app.concepts.get(conceptID); stored != nil {
			found = c.app.languagesOf(stored)
		}
	})
	return found
}

// PutConceptLanguage adds or changes an entry of a concept.
func (s *Service) PutConceptLanguage(appID, conceptID string, entry clarifai.ConceptLanguage) {
	s.inspect(appID, func(c *call) {
		stored := c.app.concepts.get(conceptID)
		if stored == nil {
			panic("emulator: no concept " + conceptID)
		}
		c.app.putLanguage(stored, entry)
	})
}

// DeleteConceptLanguage takes an entry away, which no call can do, and tells
// whether it was there.
func (s *Service) DeleteConceptLanguage(appID, conceptID, language string) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if translations := c.app.translations.get(conceptID); translations != nil {
			found = translations.has(language)
			translations.remove(language)
		}
	})
	return found
}
