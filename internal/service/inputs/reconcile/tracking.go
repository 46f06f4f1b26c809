package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const (
	// trackingMarker tells a tracking dataset from other datasets.
	trackingMarker = "clarifai_inputs"
	// verifyFrom is how many inputs an apply adds and removes before it records in the tracking dataset
	// that all members belong to the resource. If the apply is killed, the fingerprints in state may be
	// too different from the members to tell.
	verifyFrom = 100
)

// Target is where the inputs are.
type Target struct {
	Client *clarifai.Client
	App    clarifai.AppRef
	// TrackingID is the id of the tracking dataset, whose members are the resource's inputs.
	TrackingID string
}

// trackingMetadata is the metadata of a tracking dataset.
type trackingMetadata struct {
	Terraform string    `json:"terraform"`
	Verified  time.Time `json:"checked,omitzero"` // members that joined no later all belonged to the resource
}

// ErrNotTracking reports that the dataset exists and is no tracking dataset.
var ErrNotTracking = errors.New("it is a dataset of another use")

// CheckTracking returns nil if the tracking dataset exists.
func (t Target) CheckTracking(ctx context.Context) error {
	dataset, err := t.Client.GetDataset(ctx, t.App, t.TrackingID)
	if err != nil {
		return err
	}
	if _, ok := parseTracking(dataset); !ok {
		return ErrNotTracking
	}
	return nil
}

func parseTracking(dataset *clarifai.Dataset) (trackingMetadata, bool) {
	var m trackingMetadata
	err := json.Unmarshal(dataset.Metadata, &m)
	return m, err == nil && m.Terraform == trackingMarker
}

// HasTracking reports whether the tracking dataset exists.
func (t Target) HasTracking(ctx context.Context) (bool, error) {
	err := t.CheckTracking(ctx)
	if clarifai.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// verifiedAt returns when all members were last known to belong to the resource.
func (t Target) verifiedAt(ctx context.Context) (time.Time, error) {
	dataset, err := t.Client.GetDataset(ctx, t.App, t.TrackingID)
	if err != nil {
		return time.Time{}, err
	}
	m, _ := parseTracking(dataset)
	return m.Verified, nil
}

// recordVerified records that all members that joined up to a time belong to the resource.
func (t Target) recordVerified(ctx context.Context, at time.Time) error {
	metadata, err := json.Marshal(trackingMetadata{trackingMarker, at})
	if err != nil {
		return err
	}
	_, err = t.Client.PatchDatasets(ctx, t.App, []clarifai.Dataset{{ID: t.TrackingID, Metadata: metadata}}, clarifai.ActionOverwrite)
	return err
}

// createPause is the time before the tracking dataset is created again.
const createPause = time.Second

// CreateTracking creates the tracking dataset. If the outcome of a request is
// unknown, the dataset is read; if it does not exist, it is created again until
// the client's retry timeout has passed.
func (t Target) CreateTracking(ctx context.Context) error {
	metadata, err := json.Marshal(trackingMetadata{Terraform: trackingMarker})
	if err != nil {
		return err
	}
	dataset := clarifai.Dataset{
		ID: t.TrackingID,
		Description: fmt.Sprintf("The inputs that Terraform manages as %s %q. The provider maintains this list; do not change it.",
			trackingMarker, t.TrackingID),
		Metadata: metadata,
	}
	clock := t.Client.Clock()
	start := clock.Now()
	for {
		_, err := t.Client.PostDatasets(ctx, t.App, []clarifai.Dataset{dataset})
		if err == nil || !clarifai.IsDuplicate(err) && !clarifai.IsOutcomeUnknown(err) {
			return err
		}
		readErr := t.readBackTracking(ctx)
		if !clarifai.IsNotFound(readErr) {
			return readErr
		}
		waited := clock.Now().Sub(start)
		pause := max(createPause, waited/2)
		if clarifai.IsDuplicate(err) || ctx.Err() != nil || waited+pause > t.Client.RetryTimeout() || clock.Sleep(ctx, pause) != nil {
			return err
		}
	}
}

// readBackTracking is CheckTracking for a request whose outcome is unknown. An
// interrupt does not stop it.
func (t Target) readBackTracking(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTime)
	defer cancel()
	return t.CheckTracking(ctx)
}

// UnexpectedMembersError lists members of the tracking dataset that a comparison did not find.
type UnexpectedMembersError struct{ IDs []string }

func (e *UnexpectedMembersError) Error() string {
	return fmt.Sprintf("the tracking dataset has %d unexpected members", len(e.IDs))
}

// DeleteTracking deletes the tracking dataset, unless it has members that the
// comparison did not find.
func (t Target) DeleteTracking(ctx context.Context, found *Diff) error {
	known := map[string]bool{}
	for _, id := range slices.Concat(found.Remove, found.AddedByOthers) {
		known[id] = true
	}
	var unexpected []string
	for member, err := range t.Client.AllDatasetInputs(ctx, t.App, t.TrackingID, longPages(0)) {
		if clarifai.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if member.Input != nil && !known[member.Input.ID] {
			unexpected = append(unexpected, member.Input.ID)
		}
	}
	if len(unexpected) > 0 {
		return &UnexpectedMembersError{unexpected}
	}
	if err := t.Client.DeleteDatasets(ctx, t.App, []string{t.TrackingID}); err != nil && !clarifai.IsNotFound(err) {
		return err
	}
	return nil
}

// Members returns the ids of all members of the tracking dataset.
func (t Target) Members(ctx context.Context) ([]string, error) {
	var ids []string
	for member, err := range t.Client.AllDatasetInputs(ctx, t.App, t.TrackingID, longPages(0)) {
		if err != nil {
			return nil, err
		}
		if member.Input != nil {
			ids = append(ids, member.Input.ID)
		}
	}
	return ids, nil
}
