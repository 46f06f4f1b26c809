package adopt

import (
	"context"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Create calls create. If its outcome is unknown, Create reads the object back: it adopts
// an object that this run created, creates one that does not exist again, and reports
// any other as a duplicate, so that it never adopts an object of another owner.
//
// ours compares all values that were sent, and the time of creation.
func Create[T any](ctx context.Context, create, read func(context.Context) (T, error), ours func(T) bool) (T, error) {
	const tries = 3
	for try := 1; ; try++ {
		object, err := create(ctx)
		// A duplicate after an unknown outcome is most likely the object of the first attempt.
		lost := clarifai.IsOutcomeUnknown(err) || (try > 1 && clarifai.IsDuplicate(err))
		if err == nil || !lost {
			return object, err
		}
		found, readErr := readBack(ctx, read)
		switch {
		case readErr == nil && ours(found):
			return found, nil
		case readErr == nil:
			return object, &clarifai.Error{
				Op:     "Create",
				Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Description: clarifai.StatusDuplicateID.Text()},
				Err:    err,
			}
		case !clarifai.IsNotFound(readErr):
			return object, fmt.Errorf("%w; reading back whether it was created failed too: %v", err, readErr)
		case try >= tries:
			return object, err
		}
	}
}

// MadeSince reports whether an object was created after began, as far as the clocks of two
// machines can be compared.
func MadeSince(createdAt, began time.Time) bool {
	const skew = 5 * time.Minute
	return createdAt.IsZero() || createdAt.After(began.Add(-skew))
}
