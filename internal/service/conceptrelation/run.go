package conceptrelation

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// # What the relations of one run know of each other
//
// Two resources that declare the same relation would fight over it. A resource
// is planned without being told its address, and Terraform may plan it more than
// once, so each gets a token, which it keeps in its private state: when planned
// again it comes with the same token, while a second declaration comes with
// another one, or with none.
//
// Whoever is planned claims what it says, in canonical form. The claims live as
// long as the provider's configuration, which is one plan or one apply; each
// resource that is there, and each that is to be made, is planned in both. So
// a relation that is declared twice is found at plan or, when only apply knows
// what it says, there, before it is created. A resource that is to be destroyed
// claims nothing, and one that is to be replaced claims only its new self.
//
// What lies outside a run's sight (another configuration, another configuration
// of the provider) is for the service to refuse.

// runKey is where the run is kept.
type runKey struct{}

type run struct {
	mu     sync.Mutex
	claims map[claim]declared
	made   map[string]string // token of who made a relation, by its id

	listing sync.Mutex
	before  map[clarifai.AppRef]*index
}

// claim is a relation of an app, in canonical form.
type claim struct {
	app  clarifai.AppRef
	says statement
}

// declared is who claims a relation and in which words.
type declared struct {
	token string
	says  statement
}

// runOf is the run that the provider is in.
func runOf(p *configure.Provider) *run {
	return p.Cached(runKey{}, func() any { //nolint:forcetypeassert // just made
		return &run{claims: map[claim]declared{}, made: map[string]string{}, before: map[clarifai.AppRef]*index{}}
	}).(*run)
}

// declare claims a relation for the holder of the token. It is an error when
// somebody else has.
func (r *run) declare(m *model, token string) diag.Diagnostics {
	says := m.statement()
	at := claim{m.app(), says.canonical()}
	r.mu.Lock()
	defer r.mu.Unlock()
	holder, taken := r.claims[at]
	if !taken {
		r.claims[at] = declared{token, says}
		return nil
	}
	if holder.token == token {
		return nil
	}
	return diag.Diagnostics{twice(says, holder.says)}
}

// twice is the diagnostic for a relation that is declared more than once.
func twice(says, other statement) diag.Diagnostic {
	detail := fmt.Sprintf("Another clarifai_concept_relation of this configuration declares the same: %s.", other)
	if says != other {
		detail += " The two say the same from two sides, and the service holds it as one relation."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Relation declared twice: %s", says), detail+" Keep one of them.")
}

// create notes who has made a relation. It tells whether somebody else had been
// given the same one: not every service may refuse what is there already.
func (r *run) create(id, token string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if holder, known := r.made[id]; known && holder != token {
		return false
	}
	r.made[id] = token
	return true
}

// maker is the token of who made a relation in this run, or "".
func (r *run) maker(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made[id]
}

// maxListed bounds what is listed of an app to see what is there before the run
// changes it.
const maxListed = 10_000

// index has the relations that an app had when the run first asked.
type index struct {
	byID map[string]clarifai.ConceptRelation
	// same has the ids by what the relations say in canonical form, whatever their graph.
	same map[statement][]string
	all  bool // there are no more than these
}

// existing gives the relations that the app had before this run changed any. It
// is listed once: a page for 1,000 relations.
func (r *run) existing(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (*index, error) {
	r.listing.Lock()
	defer r.listing.Unlock()
	if known := r.before[app]; known != nil {
		return known, nil
	}
	x := &index{byID: map[string]clarifai.ConceptRelation{}, same: map[statement][]string{}, all: true}
	for relation, err := range find(ctx, client, app, "", "", "") {
		if err != nil {
			return nil, err
		}
		if len(x.byID) == maxListed {
			x.all = false
			break
		}
		x.byID[relation.ID] = relation
		says := said(relation).canonical()
		says.graph = ""
		x.same[says] = append(x.same[says], relation.ID)
	}
	r.before[app] = x
	return x, nil
}

// lacks tells whether a relation has come into being since.
func (x *index) lacks(id string) bool {
	if x == nil || !x.all {
		return false // who knows
	}
	_, old := x.byID[id]
	return !old
}
