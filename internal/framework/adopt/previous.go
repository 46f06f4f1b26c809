package adopt

import (
	"context"
	"fmt"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Create calls create. When its outcome is unknown it reads the object back: one
// that is provably ours is adopted, one that is not there is created again, any
// other is reported as a duplicate, so that nobody else's object is taken over.
//
// ours compares all that was sent, and when the object was made.
func Create[T any](ctx context.Context, create, read func(context.Context) (T, error), ours func(T) bool) (T, error) {
	const tries = 3
	for try := 1; ; try++ {
		object, err := create(ctx)
		// A duplicate after an unknown outcome is most likely our own first try.
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

// MadeSince tells whether an object was made after we began, as far as two
// clocks can be compared.
func MadeSince(createdAt, began time.Time) bool {
	const skew = 5 * time.Minute
	return createdAt.IsZero() || createdAt.After(began.Add(-skew))
}
