package inputs

import (
	"slices"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
)

// resourceKey identifies a clarifai_inputs resource.
type resourceKey struct{ user, app, id string }

func (m *model) key() resourceKey {
	return resourceKey{m.UserID.ValueString(), m.AppID.ValueString(), m.ID.ValueString()}
}

// runState is what the provider process remembers between the RPCs of one run.
// Terraform configures the provider once for a plan and once for an apply, so
// nothing of a run is left in the next one. What has to survive from the plan to
// the apply is in private state instead.
type runState struct {
	mu        sync.Mutex
	resources map[resourceKey]*resourceState
}

// resourceState is what a run remembers of one resource.
type resourceState struct {
	// fingerprints are those of the last apply. Read and Delete store them, and
	// planning and creating use them when Terraform replaces a tainted resource: a
	// create is planned without prior state and its private data.
	fingerprints *reconcile.Fingerprints

	// created is set by Create and tells Delete, which follows with
	// create_before_destroy, that the same inputs have just been created.
	created bool

	// planned is what planning a create has found. Create, which Terraform calls right
	// after planning it again, uses it instead of comparing once more.
	planned *reconcile.Diff

	// rows are the rows that were planned last, for finding inputs that two resources list.
	rows *source.Rows
}

type runStateKey struct{}

func (r *inputsResource) runState() *runState {
	return runStateOf(r.Provider)
}

func runStateOf(p *configure.Provider) *runState {
	fresh := func() any { return &runState{resources: map[resourceKey]*resourceState{}} }
	if p == nil {
		return fresh().(*runState) //nolint:forcetypeassert // see above
	}
	state, _ := p.Cached(runStateKey{}, fresh).(*runState)
	return state
}

// with calls f with the state of a resource, while no other RPC uses it.
func (s *runState) with(key resourceKey, f func(*resourceState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.resources[key]
	if state == nil {
		state = &resourceState{}
		s.resources[key] = state
	}
	f(state)
}

// setFingerprints remembers the fingerprints of the last apply.
func (s *runState) setFingerprints(key resourceKey, fingerprints *reconcile.Fingerprints) {
	s.with(key, func(r *resourceState) { r.fingerprints = fingerprints })
}

// fingerprints returns the fingerprints of the last apply, or nil.
func (s *runState) fingerprints(key resourceKey) (fingerprints *reconcile.Fingerprints) {
	s.with(key, func(r *resourceState) { fingerprints = r.fingerprints })
	return fingerprints
}

// incomplete returns the fingerprints of an incomplete create, or nil.
func (s *runState) incomplete(key resourceKey) *reconcile.Fingerprints {
	if fingerprints := s.fingerprints(key); fingerprints.IsIncomplete() {
		return fingerprints
	}
	return nil
}

func (s *runState) setCreated(key resourceKey) {
	s.with(key, func(r *resourceState) { r.created = true })
}

func (s *runState) wasCreated(key resourceKey) (created bool) {
	s.with(key, func(r *resourceState) { created = r.created })
	return created
}

// setPlanned keeps what planning a create has found, if the tracking dataset does not exist yet.
func (s *runState) setPlanned(key resourceKey, d *reconcile.Diff) {
	s.with(key, func(r *resourceState) {
		r.planned = nil
		if d.NoTracking {
			r.planned = d
		}
	})
}

// takePlanned returns what planning a create of the same rows has found, once.
func (s *runState) takePlanned(key resourceKey, rows *source.Rows) (d *reconcile.Diff) {
	s.with(key, func(r *resourceState) { d, r.planned = r.planned, nil })
	if d == nil || d.Rows.Digest != rows.Digest {
		return nil
	}
	return d
}

// overlap is a resource that lists some of the inputs of another one.
type overlap struct {
	other resourceKey
	ids   []string
}

// setRows remembers the rows of a resource, and returns the other resources of the app that list some of them.
func (s *runState) setRows(key resourceKey, rows *source.Rows) (overlaps []overlap) {
	s.with(key, func(r *resourceState) { r.rows = rows })
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, state := range s.resources {
		if other == key || other.user != key.user || other.app != key.app || state.rows == nil {
			continue
		}
		o := overlap{other: other}
		for i := range rows.All {
			if state.rows.Find(rows.All[i].ID) != nil {
				o.ids = append(o.ids, rows.All[i].ID)
			}
		}
		if len(o.ids) > 0 {
			overlaps = append(overlaps, o)
		}
	}
	return overlaps
}

// listedElsewhere returns a function that reports whether another resource of the app lists an input.
func (s *runState) listedElsewhere(key resourceKey) func(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var others []*source.Rows
	for other, state := range s.resources {
		if other != key && other.user == key.user && other.app == key.app && state.rows != nil {
			others = append(others, state.rows)
		}
	}
	return func(id string) bool {
		return slices.ContainsFunc(others, func(rows *source.Rows) bool { return rows.Find(id) != nil })
	}
}
