package taxonomy

// Keys of the private state.
const (
	appliedKey = "applied"
	driftKey   = "drift"
)

// applied is what the last apply left.
type applied struct {
	// Relations are those of the taxonomy, encoded, if destroying it deletes them: a destroy must not depend on the file, which may
	// have changed or be missing by then.
	Relations []byte `json:"relations,omitzero"`
	// Incomplete says that a part of the apply failed.
	Incomplete bool `json:"incomplete,omitzero"`
}

// drift is how the app differs from the taxonomy, as the last refresh found it. A plan takes it from here: Terraform plans a second time
// before it applies, and both plans must say the same, although the app may have changed in between.
type drift struct {
	Of    string `json:"of"` // what was compared, see compared
	Plan  string `json:"plan"`
	Empty bool   `json:"empty"`
	// NewIDs is what the plan warns of, see newIDs.
	NewIDs string `json:"new_ids,omitzero"`
}

// compared identifies what a comparison depends on, beside the app.
func (m *model) compared() string {
	app := m.app()
	return m.Digest.ValueString() + " " + app.UserID + "/" + app.AppID + "/" + m.KnowledgeGraphID.ValueString() + " " +
		m.ExclusiveRelations.String() + " " + m.Refresh.ValueString()
}
