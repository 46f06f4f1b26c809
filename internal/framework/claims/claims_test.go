package claims_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

func text(problems diag.Diagnostics) string {
	var b strings.Builder
	for _, d := range problems {
		b.WriteString(d.Summary() + " " + d.Detail())
	}
	return b.String()
}

var (
	concept  = claims.Owner{Type: "clarifai_concept", ID: "acme/fleet/truck"}
	language = claims.Owner{Type: "clarifai_concept_language", ID: "acme/fleet/truck/en"}
	list     = claims.Owner{Type: "clarifai_dataset_inputs", ID: "acme/fleet/trucks"}
	input    = claims.Owner{Type: "clarifai_input", ID: "acme/fleet/i1"}
)

func TestClaim(t *testing.T) {
	t.Parallel()
	r := claims.For(&configure.Provider{})
	name := claims.Thing{Kind: "concept name", ID: "acme/fleet/truck/en"}
	for range 2 { // a resource may be planned twice
		if problems := r.Claim(concept, name); problems != nil {
			t.Fatal(problems)
		}
	}
	said := text(r.Claim(language, name))
	for _, want := range []string{`clarifai_concept "acme/fleet/truck"`, `clarifai_concept_language "acme/fleet/truck/en"`} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not name %s", said, want)
		}
	}
	if strings.Contains(said, "import") {
		t.Errorf("an import would give the thing two owners: %q", said)
	}
	if problems := claims.For(nil).Claim(language, name); problems != nil {
		t.Error("without a provider there is nothing to compare with", problems)
	}
}

func TestClaimMembers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		listed    []string
		exclusive bool
		other     []string
		otherToo  bool
		complaint string
	}{
		"shared lists":                     {[]string{"a"}, false, []string{"a", "b"}, false, ""},
		"an exclusive list that has all":   {[]string{"a", "b"}, true, []string{"b"}, false, ""},
		"an exclusive list that lacks one": {[]string{"a"}, true, []string{"a", "b"}, false, "does not list b"},
		"two exclusive lists of the same":  {[]string{"a"}, true, []string{"a"}, true, "both claim to list all"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, swap := range []bool{false, true} {
				r := claims.For(&configure.Provider{})
				first := func() diag.Diagnostics {
					return r.ClaimMembers(list, "dataset trucks", slices.Values(c.listed), c.exclusive)
				}
				second := func() diag.Diagnostics {
					return r.ClaimMembers(input, "dataset trucks", slices.Values(c.other), c.otherToo)
				}
				if swap {
					first, second = second, first
				}
				said := text(first()) + text(first()) + text(second())
				if (said == "") != (c.complaint == "") || !strings.Contains(said, c.complaint) {
					t.Errorf("swapped %t: %q, want %q", swap, said, c.complaint)
				}
			}
		})
	}
}

func TestCreated(t *testing.T) {
	t.Parallel()
	r := claims.For(&configure.Provider{})
	if r.WasCreated(input) || r.Created(input) != nil || !r.WasCreated(input) || r.WasCreated(list) {
		t.Error("the register does not remember what the run created")
	}
	if said := text(r.Created(input)); !strings.Contains(said, `Two resources manage clarifai_input "acme/fleet/i1"`) {
		t.Errorf("the second creation says %q", said)
	}
}

func TestClaimTexts(t *testing.T) {
	t.Parallel()
	app := clarifai.AppRef{UserID: "acme", AppID: "fleet"}
	concept := claims.Owner{Type: "clarifai_concept", ID: "acme/fleet/c1"}
	language := claims.Owner{Type: "clarifai_concept_language", ID: "acme/fleet/c1/en"}
	taxonomy := claims.Owner{Type: "clarifai_taxonomy", ID: "acme/fleet/places"}
	for name, c := range map[string]struct {
		ours, theirs claims.Texts
		complaint    string
	}{
		"the same":         {claims.Texts{Name: "One"}, claims.Texts{Name: "One"}, ""},
		"one sets nothing": {claims.Texts{Name: "One"}, claims.Texts{}, ""},
		"different parts":  {claims.Texts{Name: "One"}, claims.Texts{Definition: "First"}, ""},
		"different name": {claims.Texts{Name: "One"}, claims.Texts{Name: "Two"},
			`disagree about the name of concept "c1" in language "en"`},
		"different definition": {claims.Texts{"One", "1"}, claims.Texts{"One", "2"}, `disagree about the definition of concept "c1"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, other := range []claims.Owner{language, taxonomy} {
				for _, swap := range []bool{false, true} {
					r := claims.For(&configure.Provider{})
					first := func() diag.Diagnostics { return r.ClaimTexts(concept, app, "c1", "en", c.ours) }
					second := func() diag.Diagnostics {
						if other == language {
							return r.ClaimTexts(other, app, "c1", "en", c.theirs)
						}
						return r.ClaimAllTexts(other, app, func(concept, language string) claims.Texts {
							if concept != "c1" || language != "en" {
								return claims.Texts{}
							}
							return c.theirs
						})
					}
					if swap {
						first, second = second, first
					}
					said := text(first()) + text(first()) + text(second())
					if (said == "") != (c.complaint == "") || !strings.Contains(said, c.complaint) {
						t.Errorf("%s, swapped %t: %q, want %q", other.Type, swap, said, c.complaint)
					}
				}
			}
		})
	}
}
