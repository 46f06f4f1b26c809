package taxonomy

import (
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
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
	name      string
	graphID   string
	exclusive bool
	texts     map[string]graph.Text // names and definitions, by concept
	edges     map[graph.Edge]bool
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
		name: m.Name.ValueString(), graphID: m.KnowledgeGraphID.ValueString(), exclusive: m.ExclusiveRelations.ValueBool(),
		texts: make(map[string]graph.Text, g.Len()), edges: make(map[graph.Edge]bool, len(g.Edges())),
	}
	for _, c := range g.Concepts() {
		p.texts[c.ID] = graph.Text{Name: c.Name, Definition: c.Definition}
	}
	for _, e := range g.Edges() {
		p.edges[e] = true
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

// conflict describes the first thing that two taxonomies state differently.
func (p plannedTaxonomy) conflict(other plannedTaxonomy) string {
	if len(other.texts) < len(p.texts) {
		p, other = other, p
	}
	shared := false
	for id, text := range p.texts {
		theirs, both := other.texts[id]
		if shared = shared || both; !both {
			continue
		}
		if text.Name != theirs.Name {
			return fmt.Sprintf("Concept %q has the name %q in the first and %q in the second.", id, theirs.Name, text.Name)
		}
		if text.Definition != "" && theirs.Definition != "" && text.Definition != theirs.Definition {
			return fmt.Sprintf("Concept %q has two definitions.", id)
		}
	}
	if !shared || p.graphID != other.graphID {
		return ""
	}
	for _, pair := range [][2]plannedTaxonomy{{p, other}, {other, p}} {
		has, lacks := pair[0], pair[1]
		for e := range has.edges {
			_, subject := lacks.texts[e.Subject]
			_, object := lacks.texts[e.Object]
			if lacks.exclusive && subject && object && !lacks.edges[e] {
				return fmt.Sprintf("Taxonomy %q has the relation %q; taxonomy %q has both concepts, but not the relation, and deletes it (exclusive_relations).", has.name, e, lacks.name)
			}
		}
	}
	return ""
}
