package clarifai

// ConceptLanguage is a translation of a concept. Settable: id (the language code, fixed),
// name and definition (patchable). It cannot be deleted.
type ConceptLanguage struct {
	ID         string `json:"id,omitzero"`
	Name       string `json:"name,omitzero"`
	Definition string `json:"definition,omitzero"`
}

// PostConceptLanguagesRequest adds translations.
type PostConceptLanguagesRequest struct {
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
}

// PatchConceptLanguagesRequest changes translations.
type PatchConceptLanguagesRequest struct {
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
	Action           PatchAction       `json:"action,omitzero"` // overwrite
}

// SingleConceptLanguageResponse carries one translation.
type SingleConceptLanguageResponse struct {
	Envelope
	ConceptLanguage *ConceptLanguage `json:"concept_language,omitzero"`
}

// MultiConceptLanguageResponse carries translations.
type MultiConceptLanguageResponse struct {
	Envelope
	ConceptLanguages []ConceptLanguage `json:"concept_languages"`
}
