package datasetversion

import (
	"context"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

// An id that the configuration leaves open is derived from the configuration. If a run is killed before
// it can save its state, the next run derives the same id, finds the version, and does not create a
// second one.
//
// A version that replaces one with the same configuration needs another id while the old one exists. The
// plan that replaces a version therefore records the ids that are in state in the private state of the
// planned resource, and creation skips them.

// inStateKey is where private state has the ids of versions in state, as a JSON list.
const inStateKey = "ids_in_state"

// maxDerived is how many versions may exist for the same configuration.
const maxDerived = 1000

type inStateRegister struct {
	mu  sync.Mutex
	ids []string
}

type inStateRegisterKey struct{}

// planID records the version in state, or gives a version that is to be created the ids in state.
func (r *versionResource) planID(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) diag.Diagnostics {
	if r.Provider == nil {
		return nil
	}
	register, _ := r.Provider.Cached(inStateRegisterKey{}, func() any { return &inStateRegister{} }).(*inStateRegister)
	register.mu.Lock()
	defer register.mu.Unlock()
	if !req.State.Raw.IsNull() {
		var state resourceModel
		problems := req.State.Get(ctx, &state)
		register.ids = append(register.ids, owner(&state.model).ID)
		return problems
	}
	if req.Plan.Raw.IsNull() || len(register.ids) == 0 {
		return nil
	}
	value, err := json.Marshal(register.ids)
	if err != nil {
		return nil //nolint:nilerr // a list of strings can always be written
	}
	return resp.Private.SetKey(ctx, inStateKey, value)
}

// chooseID sets an id that the configuration leaves open.
func (r *versionResource) chooseID(ctx context.Context, m *resourceModel, p private.Reader) diag.Diagnostics {
	if !m.ID.IsUnknown() {
		return nil
	}
	var inState []string
	value, problems := p.GetKey(ctx, inStateKey)
	if len(value) > 0 {
		_ = json.Unmarshal(value, &inState) // written by planID
	}
	m.ID = types.StringNull()
	version, more := m.toAPI(ctx)
	problems.Append(more...)
	text, err := clarifai.Encode(version)
	if err != nil {
		problems.AddError("Unable to derive an id for the version", "Encoding its configuration failed: "+err.Error()+". This is a bug in the "+
			"provider; please report it.")
		return problems
	}
	app := m.app()
	about := app.UserID + "/" + app.AppID + "/" + m.DatasetID.ValueString() + "\x00" + string(text) + "\x00" + m.Triggers.String()
	for try := range maxDerived {
		m.ID = types.StringValue(jobs.DerivedID(about, try))
		mine := owner(&m.model)
		if !slices.Contains(inState, mine.ID) && !claims.For(r.Provider).WasCreated(mine) {
			break
		}
	}
	return problems
}
