// Package claims registers what the resources of one run claim, to find two
// resources that claim the same: the same object, the same part of an object
// such as the name of a concept in one language, the same local file, or the
// members of a dataset.
//
// A register lives as long as the configured provider: for one plan or one
// apply. It covers one provider configuration, because Terraform starts a process
// for each alias. Providers do not know the addresses of resources, so
// messages name an owner by its type and import ID.
package claims

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Owner is a resource by its type and import ID. Instance, which messages do not
// show, distinguishes resources that may have the same import ID.
type Owner struct{ Type, ID, Instance string }

func (o Owner) String() string { return fmt.Sprintf("%s %q", o.Type, o.ID) }

// Thing is something that at most one resource may claim. Kind completes the
// sentence "Two resources claim the same ...": "download path",
// "concept name". ID distinguishes things of one kind.
type Thing struct{ Kind, ID string }

func (t Thing) String() string { return fmt.Sprintf("%s %q", t.Kind, t.ID) }

// Register holds the claims of one run. A nil Register accepts everything.
type Register struct {
	mu        sync.Mutex
	things    map[Thing]Owner
	sets      map[string][]members
	planned   map[Owner]*planned
	destroyed map[Owner]bool
	created   map[Owner]bool
	removed   map[Thing]string           // with the mark
	kept      map[string]map[string]bool // members that this run has added, by set
	dependent map[Owner][]Owner          // memberships that were planned before their input
	texts     texts
}

// planned holds the configurations of the plans of one owner. Terraform plans each
// existing resource once with its prior state. It plans a resource that it
// creates, also for a replacement, once without a prior state.
type planned struct {
	withState, withoutState *tftypes.Value // the configurations
}

type members struct {
	owner     Owner
	all       iter.Seq[string]
	listed    map[string]bool // all of them, if exclusive
	exclusive bool
}

type registerKey struct{}

// For returns the register of the configured provider; nil if p is nil, as
// during validation.
func For(p *configure.Provider) *Register {
	if p == nil {
		return nil
	}
	r, _ := p.Cached(registerKey{}, func() any {
		return &Register{
			things: map[Thing]Owner{}, sets: map[string][]members{}, planned: map[Owner]*planned{},
			destroyed: map[Owner]bool{}, created: map[Owner]bool{}, removed: map[Thing]string{},
			kept: map[string]map[string]bool{}, dependent: map[Owner][]Owner{},
			texts: texts{single: map[conceptLanguage]map[Owner]Texts{}, lookups: map[Owner]lookup{}},
		}
	}).(*Register)
	return r
}

// PlanObject registers the object that a resource plans to manage. It reports
// another resource that manages the same object, and warns if one resource of
// the plan destroys what another creates. ModifyPlan calls it after
// the scope is planned.
func PlanObject(
	ctx context.Context, p *configure.Provider, typeName string, key ids.Key,
	req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	r := For(p)
	if r == nil || resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		if id, known := key.ImportID(ctx, req.State); known {
			resp.Diagnostics.Append(r.planDestroy(Owner{Type: typeName, ID: id})...)
		}
		return
	}
	id, known := key.ImportID(ctx, resp.Plan)
	if !known {
		return
	}
	resp.Diagnostics.Append(r.planObject(Owner{Type: typeName, ID: id}, req.Config.Raw, !req.State.Raw.IsNull())...)
}

func (r *Register) planDestroy(owner Owner) diag.Diagnostics {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.destroyed[owner] = true
	if p := r.planned[owner]; p != nil && p.withState == nil && p.withoutState != nil {
		return diag.Diagnostics{renamed(owner)}
	}
	return nil
}

func (r *Register) planObject(owner Owner, config tftypes.Value, exists bool) diag.Diagnostics {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.planned[owner]
	if p == nil {
		p = &planned{}
		r.planned[owner] = p
	}
	mine, other := &p.withState, p.withoutState
	if !exists {
		mine, other = &p.withoutState, p.withState
	}
	// A replacement is planned with and without the prior state, both times from
	// the same configuration.
	if *mine != nil || other != nil && !other.Equal(config) {
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two resources manage %s", owner),
			"Another "+owner.Type+" of this configuration manages the same object, so each apply would undo what the other one did. "+
				"Remove one of the two blocks from the configuration. If both are in state, remove the second one from state too, "+
				"with a removed block that has destroy = false.")}
	}
	*mine = &config
	if p.withState != nil && p.withoutState != nil && len(r.dependent[owner]) > 0 {
		return diag.Diagnostics{endsMemberships(owner, r.dependent[owner])}
	}
	if !exists && p.withState == nil && r.destroyed[owner] {
		return diag.Diagnostics{renamed(owner)}
	}
	return nil
}

// renamed returns the warning for a plan that destroys and creates the same object.
func renamed(owner Owner) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("One resource destroys and another creates %s", owner),
		"This plan destroys the object through one resource block and creates it through another. If you renamed the block, "+
			"moved it into a module, or changed count to for_each, add a moved block: Terraform then keeps the object.")
}

// Claim registers things for an owner and returns an error for the first one
// that another owner has claimed. The same owner may claim a thing repeatedly.
func (r *Register) Claim(owner Owner, things ...Thing) diag.Diagnostics {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, thing := range things {
		if other, claimed := r.things[thing]; claimed && other != owner {
			return diag.Diagnostics{diag.NewErrorDiagnostic(
				fmt.Sprintf("Two resources claim the same %s", thing),
				fmt.Sprintf("%s and %s of this configuration both set the %s, so each apply would undo what the other one did. "+
					"Leave it to one of them.", owner, other, thing))}
		}
		r.things[thing] = owner
	}
	return nil
}

// DatasetMembers names the set of the members of a dataset.
func DatasetMembers(app clarifai.AppRef, dataset string) string {
	return fmt.Sprintf("dataset %s/%s/%s", app.UserID, app.AppID, dataset)
}

// ClaimMembers registers which members of a set, such as the inputs of a
// dataset, an owner adds. An exclusive owner removes all other members, so it is
// an error if another owner adds a member that the exclusive one does not have,
// and if two owners of a set are exclusive. The register keeps the sequence.
func (r *Register) ClaimMembers(owner Owner, set string, ids iter.Seq[string], exclusive bool) diag.Diagnostics {
	if r == nil {
		return nil
	}
	mine := members{owner: owner, all: ids, exclusive: exclusive}
	if exclusive {
		mine.listed = map[string]bool{}
		for id := range ids {
			mine.listed[id] = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	others := slices.DeleteFunc(r.sets[set], func(m members) bool { return m.owner == owner })
	r.sets[set] = append(others, mine)
	for _, other := range others {
		if d := conflict(set, mine, other); d != nil {
			return diag.Diagnostics{d}
		}
	}
	return nil
}

// conflict returns the error for two owners of one set that would revert each other's changes.
func conflict(set string, a, b members) diag.Diagnostic {
	summary := fmt.Sprintf("Two resources disagree about the members of %s", set)
	if a.exclusive && b.exclusive {
		return diag.NewErrorDiagnostic(summary,
			fmt.Sprintf("%s and %s of this configuration both claim to list all members. Set exclusive = false in one of them, or "+
				"merge the two lists.", a.owner, b.owner))
	}
	exclusive, other := a, b
	if b.exclusive {
		exclusive, other = b, a
	}
	if !exclusive.exclusive {
		return nil
	}
	var removed []string
	for id := range other.all {
		if !exclusive.listed[id] {
			removed = append(removed, id)
		}
	}
	if len(removed) == 0 {
		return nil
	}
	slices.Sort(removed)
	return diag.NewErrorDiagnostic(summary,
		fmt.Sprintf("%s is exclusive and does not list %s, which %s of this configuration adds. "+
			"Add the inputs to the exclusive list, or set exclusive = false.", exclusive.owner, diags.Names(removed), other.owner))
}

// PlanMembership records a membership that is planned to stay, and reports
// whether the same plan replaces its input, which ends the membership. A
// membership that refers to the input is planned after it. For one that is
// planned before it, the plan of the input warns.
func (r *Register) PlanMembership(membership, input Owner) (inputReplaced bool) {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.planned[input]; p != nil && p.withState != nil && p.withoutState != nil {
		return true
	}
	r.dependent[input] = append(r.dependent[input], membership)
	return false
}

// endsMemberships returns the warning for an input whose replacement ends memberships
// that do not refer to it.
func endsMemberships(input Owner, memberships []Owner) diag.Diagnostic {
	names := make([]string, len(memberships))
	for i, m := range memberships {
		names[i] = m.String()
	}
	slices.Sort(names)
	return diag.NewWarningDiagnostic(fmt.Sprintf("Replacing %s ends its memberships", input),
		fmt.Sprintf("Deleting an input ends its memberships in datasets, and %s do not refer to the input, so this apply does not restore "+
			"them; the next one does. "+
			"Write the input's id as clarifai_input.NAME.id there, or add lifecycle { replace_triggered_by = [clarifai_input.NAME] }.",
			diags.Names(names)))
}

// KeepMembers records members that this run has added to a set. The destroy of
// another resource must not remove them: see [Register.Kept].
func (r *Register) KeepMembers(set string, ids ...string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.kept[set]
	if kept == nil {
		kept = map[string]bool{}
		r.kept[set] = kept
	}
	for _, id := range ids {
		kept[id] = true
	}
}

// Kept reports whether this run has added a member to a set.
func (r *Register) Kept(set, id string) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[set][id]
}

// Created records that this run has created or adopted the owner's object. It
// is an error if another resource of the run already has: two blocks with the
// same id, of which neither was known at plan.
func (r *Register) Created(owner Owner) diag.Diagnostics {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.created[owner] {
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("Two resources manage %s", owner),
			"Another "+owner.Type+" of this configuration has just created the same object. Remove one of the two blocks from the configuration.")}
	}
	r.created[owner] = true
	return nil
}

// WasCreated reports whether this run has created or adopted the owner's
// object. Delete must not delete such an object: with create_before_destroy,
// and if a block was renamed, it belongs to the new instance.
func (r *Register) WasCreated(owner Owner) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.created[owner]
}

// Removed records that this run has removed a thing from state which stays, such
// as a finished job or a file: the resource that replaces it finds it. mark
// tells versions of the thing apart, such as the digest of a file.
func (r *Register) Removed(thing Thing, mark string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.removed[thing] = mark
}

// WasRemoved reports whether this run has removed a thing from state, and the
// mark that it had.
func (r *Register) WasRemoved(thing Thing) (mark string, removed bool) {
	if r == nil {
		return "", false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	mark, removed = r.removed[thing]
	return mark, removed
}
