package inputs

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// markKey and markValue in its metadata tell a ledger from other datasets.
const (
	markKey   = "terraform"
	markValue = typeName
)

// errNotALedger says that the id is that of a dataset of another use.
var errNotALedger = errors.New("it is a dataset of another use")

// isLedger checks that the dataset is there and is a ledger.
func (s site) isLedger(ctx context.Context) error {
	dataset, err := s.client.GetDataset(ctx, s.app, s.ledger)
	if err != nil {
		return err
	}
	var metadata map[string]any
	if json.Unmarshal(dataset.Metadata, &metadata) != nil || metadata[markKey] != markValue {
		return errNotALedger
	}
	return nil
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
	mark, err := json.Marshal(map[string]string{markKey: markValue})
	if err != nil {
		return err
	}
	_, err = s.client.PostDatasets(ctx, s.app, []clarifai.Dataset{{
		ID:          s.ledger,
		Description: fmt.Sprintf("The inputs that Terraform manages as %s %q. The provider keeps this list; it is not for other use.", typeName, s.ledger),
		Metadata:    mark,
	}})
	if clarifai.IsDuplicate(err) || clarifai.IsOutcomeUnknown(err) {
		return s.isLedger(ctx)
	}
	return err
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
		fmt.Sprintf("Another run of Terraform has made it: an earlier one of this configuration that was killed, or that of another state. It lists %s that are in no row: %s. "+
			"Nothing was done, so that nobody's inputs are taken over or deleted. To go on with that list, import it:\n\n  terraform import %s.NAME %s/%s/%s\n\nOtherwise choose another id.",
			counted(sum.Extra, "input"), names(sum.ExtraIDs, sum.Extra), typeName, app.UserID, app.AppID, m.ID.ValueString()))
}
