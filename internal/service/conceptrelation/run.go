package conceptrelation

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// # Relations that are declared twice
//
// A resource does not know its address when it is planned, and Terraform may plan it more than once. So
// each resource gets a token in private state: a resource that is planned again has the same token, a
// second declaration has another one or none.
//
// Each planned resource records its triple in canonical form. The records last as long as the provider's
// configuration, which is one plan or one apply, and every resource is planned in both. A relation that
// is declared twice is therefore found at plan or, if its values are only known at apply, before it is
// created. A resource that is destroyed records nothing, one that is replaced records its new values.
//
// Declarations in other configurations are left to the service to reject.

// runKey is the key of the run in the provider's cache.
type runKey struct{}

type run struct {
	mu        sync.Mutex
	claims    map[claim]declaration
	createdBy map[string]string // token of who made a relation, by its id

	listing sync.Mutex
	before  map[clarifai.AppRef]*index
}

// claim identifies a relation of an app, in canonical form.
type claim struct {
	app    clarifai.AppRef
	triple triple
}

// declaration is who declares a relation, and with which subject.
type declaration struct {
	token  string
	triple triple
}

// runOf returns the run of the provider's configuration.
func runOf(p *configure.Provider) *run {
	return p.Cached(runKey{}, func() any { //nolint:forcetypeassert // only this function stores it
		return &run{claims: map[claim]declaration{}, createdBy: map[string]string{}, before: map[clarifai.AppRef]*index{}}
	}).(*run)
}

// declare records that the resource with this token declares the relation. It returns an error if
// another one does.
func (r *run) declare(m *model, token string) diag.Diagnostics {
	triple := m.triple()
	at := claim{m.app(), triple.canonical()}
	r.mu.Lock()
	defer r.mu.Unlock()
	holder, taken := r.claims[at]
	if !taken {
		r.claims[at] = declaration{token, triple}
		return nil
	}
	if holder.token == token {
		return nil
	}
	return diag.Diagnostics{declaredTwice(triple, holder.triple)}
}

// declaredTwice is the diagnostic for a relation that two resources declare.
func declaredTwice(triple, other triple) diag.Diagnostic {
	detail := fmt.Sprintf("Another clarifai_concept_relation of this configuration declares the same: %s.", other)
	if triple != other {
		detail += " The two are inverse, and the service stores them as one relation."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Relation declared twice: %s", triple), detail+" Remove one of them.")
}

// create records which resource created a relation. It returns false if another resource of this run
// has the same relation: not every deployment rejects duplicates.
func (r *run) create(id, token string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if holder, isKnown := r.createdBy[id]; isKnown && holder != token {
		return false
	}
	r.createdBy[id] = token
	return true
}

// creatorToken is the token of the resource that created a relation in this run, or "".
func (r *run) creatorToken(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.createdBy[id]
}

// maxListed limits how many relations of an app are listed.
const maxListed = 10_000

// index holds the relations that an app had at the start of the run.
type index struct {
	byID map[string]clarifai.ConceptRelation
	// same has the ids by what the relations say in canonical form, whatever their graph.
	same map[triple][]string
	all  bool // the listing is complete
}

// existingRelations returns the relations that the app had before this run changed any. They are
// listed once, 1,000 per request.
func (r *run) existingRelations(ctx context.Context, client *clarifai.Client, app clarifai.AppRef) (*index, error) {
	r.listing.Lock()
	defer r.listing.Unlock()
	if isKnown := r.before[app]; isKnown != nil {
		return isKnown, nil
	}
	x := &index{byID: map[string]clarifai.ConceptRelation{}, same: map[triple][]string{}, all: true}
	for relation, err := range find(ctx, client, app, "", "", "") {
		if err != nil {
			return nil, err
		}
		if len(x.byID) == maxListed {
			x.all = false
			break
		}
		x.byID[relation.ID] = relation
		triple := tripleOf(relation).canonical()
		triple.graph = ""
		x.same[triple] = append(x.same[triple], relation.ID)
	}
	r.before[app] = x
	return x, nil
}

// isNew reports whether a relation was created since the index was listed.
func (x *index) isNew(id string) bool {
	if x == nil || !x.all {
		return false // unknown
	}
	_, old := x.byID[id]
	return !old
}
