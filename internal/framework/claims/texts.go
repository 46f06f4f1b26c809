package claims

import (
	"cmp"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Texts are the name and the definition of a concept in one language. An empty text is not set.
type Texts struct{ Name, Definition string }

// conceptLanguage is where texts belong.
type conceptLanguage struct {
	app               clarifai.AppRef
	concept, language string
}

// texts registers the texts that owners set: those of single concepts and languages, and functions that look up the
// texts of a whole taxonomy, which may have many thousands.
type texts struct {
	single  map[conceptLanguage]map[Owner]Texts
	lookups map[Owner]lookup
}

type lookup struct {
	app clarifai.AppRef
	of  func(concept, language string) Texts
}

// ClaimTexts registers the texts of a concept that an owner sets, and returns an error if another owner sets a different
// name or definition. Owners may set the same.
func (r *Register) ClaimTexts(owner Owner, app clarifai.AppRef, concept, language string, set Texts) diag.Diagnostics {
	if r == nil || set == (Texts{}) {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := conceptLanguage{app, concept, language}
	if r.texts.single[at] == nil {
		r.texts.single[at] = map[Owner]Texts{}
	}
	r.texts.single[at][owner] = set
	for other, theirs := range r.texts.single[at] {
		if d := disagreement(at, owner, other, set, theirs); d != nil {
			return diag.Diagnostics{d}
		}
	}
	for other, theirs := range r.texts.lookups {
		if theirs.app == app {
			if d := disagreement(at, owner, other, set, theirs.of(concept, language)); d != nil {
				return diag.Diagnostics{d}
			}
		}
	}
	return nil
}

// ClaimAllTexts registers all texts that an owner sets in an app, as a function that returns those of a concept in one
// language, and returns an error if another owner's single texts differ.
func (r *Register) ClaimAllTexts(owner Owner, app clarifai.AppRef, of func(concept, language string) Texts) diag.Diagnostics {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts.lookups[owner] = lookup{app, of}
	for at, owners := range r.texts.single {
		if at.app != app {
			continue
		}
		for other, theirs := range owners {
			if d := disagreement(at, owner, other, of(at.concept, at.language), theirs); d != nil {
				return diag.Diagnostics{d}
			}
		}
	}
	return nil
}

// disagreement is the error for two owners that set different texts; nil if they do not.
func disagreement(at conceptLanguage, a, b Owner, ours, theirs Texts) diag.Diagnostic {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	what, mine, other := "name", ours.Name, theirs.Name
	if !differ(mine, other) {
		what, mine, other = "definition", ours.Definition, theirs.Definition
	}
	if a == b || !differ(mine, other) {
		return nil
	}
	if cmp.Compare(a.String(), b.String()) > 0 { // the same message whichever is planned first
		a, b, mine, other = b, a, other, mine
	}
	return diag.NewErrorDiagnostic(
		fmt.Sprintf("Two resources disagree about the %s of concept %q in language %q", what, at.concept, at.language),
		fmt.Sprintf("%s sets %q and %s of this configuration sets %q, so each apply would undo what the other one did. "+
			"Set the %s in one of them.", a, mine, b, other, what))
}
