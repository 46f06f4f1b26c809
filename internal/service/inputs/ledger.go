package inputs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

const (
	markValue = typeName
	// checkFrom is how many inputs an apply adds and removes before it writes down, in the ledger itself,
	// that all its members are this resource's. Should it be killed on the way, state's sketch may be too
	// far from what is there to tell.
	checkFrom = 100
)

// mark is the metadata of a ledger.
type mark struct {
	Terraform string    `json:"terraform"`        // tells a ledger from other datasets
	Checked   time.Time `json:"checked,omitzero"` // members that joined no later were all this resource's once
}

// errNotALedger says that the id is that of a dataset of another use.
var errNotALedger = errors.New("it is a dataset of another use")

// isLedger checks that the dataset is there and is a ledger.
func (s site) isLedger(ctx context.Context) error {
	dataset, err := s.client.GetDataset(ctx, s.app, s.ledger)
	if err != nil {
		return err
	}
	if _, ok := marked(dataset); !ok {
		return errNotALedger
	}
	return nil
}

func marked(dataset *clarifai.Dataset) (mark, bool) {
	var m mark
	err := json.Unmarshal(dataset.Metadata, &m)
	return m, err == nil && m.Terraform == markValue
}

// checked is when all members were last known to be this resource's: those that joined no later are.
func (s site) checked(ctx context.Context) (time.Time, error) {
	dataset, err := s.client.GetDataset(ctx, s.app, s.ledger)
	if err != nil {
		return time.Time{}, err
	}
	m, _ := marked(dataset)
	return m.Checked, nil
}

// check writes down that all members that joined up to then are this resource's.
func (s site) check(ctx context.Context, then time.Time) error {
	metadata, err := json.Marshal(mark{markValue, then})
	if err != nil {
		return err
	}
	_, err = s.client.PatchDatasets(ctx, s.app, []clarifai.Dataset{{ID: s.ledger, Metadata: metadata}}, clarifai.ActionOverwrite)
	return err
}

// hasLedger tells whether the ledger is there.
func (s site) hasLedger(ctx context.Context) (bool, error) {
	err := s.isLedger(ctx)
	if clarifai.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// open makes the ledger.
func (s site) open(ctx context.Context) error {
	metadata, err := json.Marshal(mark{Terraform: markValue})
	if err != nil {
		return err
	}
	_, err = s.client.PostDatasets(ctx, s.app, []clarifai.Dataset{{
		ID:          s.ledger,
		Description: fmt.Sprintf("The inputs that Terraform manages as %s %q. The provider keeps this list; it is not for other use.", typeName, s.ledger),
		Metadata:    metadata,
	}})
	if clarifai.IsDuplicate(err) || clarifai.IsOutcomeUnknown(err) {
		return s.isLedger(ctx)
	}
	return err
}

// close deletes the ledger, when all that it lists has been dealt with.
func (s site) close(ctx context.Context, m *model, found *survey) diag.Diagnostics {
	var problems diag.Diagnostics
	known := map[string]bool{}
	for _, id := range slices.Concat(found.remove, found.foreign) {
		known[id] = true
	}
	var unknown []string
	for member, err := range s.client.AllDatasetInputs(ctx, s.app, s.ledger, clarifai.MaxPerPage) {
		if clarifai.IsNotFound(err) {
			return nil
		}
		if err != nil {
			problems.Append(diags.Error("Unable to read "+m.String(), err))
			return problems
		}
		if member.Input != nil && !known[member.Input.ID] {
			unknown = append(unknown, member.Input.ID)
		}
	}
	if len(unknown) > 0 {
		problems.AddError("The ledger has changed meanwhile",
			fmt.Sprintf("Dataset %q is the list of the inputs that this resource manages. When it was to be deleted it listed %s that it did not list before: %s. "+
				"The others are deleted. The resource stays in state; destroy again.", s.ledger, counted(len(unknown)), names(first(unknown), len(unknown))))
		return problems
	}
	if err := s.client.DeleteDatasets(ctx, s.app, []string{s.ledger}); err != nil && !clarifai.IsNotFound(err) {
		problems.Append(diags.Error(fmt.Sprintf("Unable to delete dataset %q, the ledger", s.ledger), err))
	}
	return problems
}

func ledgerProblem(m *model, err error) diag.Diagnostic {
	if errors.Is(err, errNotALedger) {
		return diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("Dataset %q is there already", m.ID.ValueString()),
			"The id of this resource is also that of the dataset in which the provider lists the resource's inputs, and the app has a dataset of this id for another use. Choose another id.")
	}
	return diags.AttributeError(path.Root("id"), fmt.Sprintf("Unable to make dataset %q, the ledger", m.ID.ValueString()), err)
}

func importProblem(m *model, err error) diag.Diagnostic {
	const how = "To manage inputs that were made otherwise no import is needed: write a manifest that describes them, and apply. Inputs that are as their rows say are taken over."
	if errors.Is(err, errNotALedger) || clarifai.IsNotFound(err) {
		return diag.NewErrorDiagnostic("No such inputs to import",
			fmt.Sprintf("What can be imported is what another run of Terraform has made as %s with id = %q: it keeps a dataset of that id as the list of its inputs. App %q has no such list.\n\n%s",
				typeName, m.ID.ValueString(), m.AppID.ValueString(), how))
	}
	return diags.Error("Unable to import "+m.String(), err)
}

// strangers refuses to take over a ledger that lists more than the rows.
func strangers(m *model, sum summary) diag.Diagnostic {
	app := m.app()
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("A list of inputs %q is there already", m.ID.ValueString()),
		fmt.Sprintf("Another run of Terraform has made it: an earlier one of this configuration that was killed, or that of another state. It lists %s without a row here: %s. "+
			"Nothing was done, so that nobody's inputs are taken over or deleted. To go on with that list, import it:\n\n  terraform import %s.NAME %s/%s/%s\n\nOtherwise choose another id.",
			counted(sum.Extra), names(sum.ExtraIDs, sum.Extra), typeName, app.UserID, app.AppID, m.ID.ValueString()))
}
