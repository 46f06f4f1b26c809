package taxonomy

import (
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy/graph"
)

// run is what the taxonomies of one plan or apply have in common.
type run struct {
	mu      sync.Mutex
	applied map[relationSet]map[graph.Edge]bool
	planned map[clarifai.AppRef][]plannedTaxonomy
}

// relationSet is where relations are: an app and a knowledge graph.
type relationSet struct {
	app     clarifai.AppRef
	graphID string
}

// plannedTaxonomy is what a plan makes of one taxonomy.
type plannedTaxonomy struct {
	*graph.Graph
	name      string
	graphID   string
	exclusive bool
}

type runKey struct{}

func runOf(p *configure.Provider) *run {
	return p.Cached(runKey{}, func() any { //nolint:forcetypeassert // its own key
		return &run{applied: map[relationSet]map[graph.Edge]bool{}, planned: map[clarifai.AppRef][]plannedTaxonomy{}}
	}).(*run)
}

// addApplied registers relations that a taxonomy has applied. With create_before_destroy, the new taxonomy is applied before the old one is
// destroyed, and what both have in common must stay.
func (r *run) addApplied(at relationSet, edges []graph.Edge) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.applied[at] == nil {
		r.applied[at] = make(map[graph.Edge]bool, len(edges))
	}
	for _, e := range edges {
		r.applied[at][e] = true
	}
}

// withoutApplied returns the relations that no taxonomy has applied in this run.
func (r *run) withoutApplied(at relationSet, edges []graph.Edge) []graph.Edge {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest []graph.Edge
	for _, e := range edges {
		if !r.applied[at][e] {
			rest = append(rest, e)
		}
	}
	return rest
}

// plan registers a taxonomy and reports another one of the same app that would undo its changes.
func (r *run) plan(m *model, g *graph.Graph) diag.Diagnostics {
	p := plannedTaxonomy{
		Graph: g, name: m.Name.ValueString(), graphID: m.KnowledgeGraphID.ValueString(), exclusive: m.ExclusiveRelations.ValueBool(),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	app := m.app()
	for _, other := range r.planned[app] {
		if other.name == p.name { // a replacement is planned twice; two resources with one name are reported as such
			continue
		}
		if what := p.conflict(other); what != "" {
			at, _ := m.source()
			return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Taxonomies %q and %q disagree", other.name, p.name),
				what+" Each apply would undo what the other one did. Let both state the same, or remove the concept from one of them.")}
		}
	}
	r.planned[app] = append(r.planned[app], p)
	return nil
}

// claimTexts registers the names and definitions of a taxonomy, which other resources must not set differently.
func (r *taxonomyResource) claimTexts(m *model, g *graph.Graph) diag.Diagnostics {
	app, own := m.app(), m.Language.ValueString()
	owner := claims.Owner{Type: typeName, ID: app.UserID + "/" + app.AppID + "/" + m.Name.ValueString()}
	return claims.For(r.Provider).ClaimAllTexts(owner, app, func(concept, language string) claims.Texts {
		c := g.Get(concept)
		switch {
		case c == nil:
			return claims.Texts{}
		case language != own:
			return claims.Texts(c.Names[language])
		case c.Name == c.ID:
			return claims.Texts{Definition: c.Definition} // the name of a concept for which the source has none
		}
		return claims.Texts{Name: c.Name, Definition: c.Definition}
	})
}

// conflict describes the first thing that two taxonomies state differently.
func (p plannedTaxonomy) conflict(other plannedTaxonomy) string {
	shared := false
	for _, c := range p.Concepts() {
		theirs := other.Get(c.ID)
		if theirs == nil {
			continue
		}
		shared = true
		if c.Name != theirs.Name {
			return fmt.Sprintf("Concept %q has the name %q in %q and %q in %q.", c.ID, theirs.Name, other.name, c.Name, p.name)
		}
		if c.Definition != "" && theirs.Definition != "" && c.Definition != theirs.Definition {
			return fmt.Sprintf("Concept %q has two definitions.", c.ID)
		}
	}
	if !shared || p.graphID != other.graphID {
		return ""
	}
	for _, pair := range [][2]plannedTaxonomy{{p, other}, {other, p}} {
		has, lacks := pair[0], pair[1]
		if !lacks.exclusive {
			continue
		}
		for _, e := range has.Edges() {
			if lacks.Get(e.Subject) == nil || lacks.Get(e.Object) == nil {
				continue
			}
			if _, found := slices.BinarySearchFunc(lacks.Edges(), e, graph.Edge.Compare); !found {
				return fmt.Sprintf("Taxonomy %q has the relation %q; taxonomy %q has both concepts, but not the relation, and deletes it "+
					"(exclusive_relations).", has.name, e, lacks.name)
			}
		}
	}
	return ""
}
