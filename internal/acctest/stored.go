package acctest

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Get is a client method that reads one object of an app by its id, such as
// (*clarifai.Client).GetDataset.
type Get[T any] func(*clarifai.Client, context.Context, clarifai.AppRef, string) (*T, error)

// Stored returns a function that checks an object at the service, not
// only in state.
func Stored[T any](get Get[T]) func(e *Env, id string, check func(*T) error) resource.TestCheckFunc {
	return func(e *Env, id string, check func(*T) error) resource.TestCheckFunc {
		return func(*terraform.State) error {
			object, err := get(e.Client, context.Background(), e.App, id)
			if err != nil {
				return err
			}
			return check(object)
		}
	}
}

// Gone returns a function that checks that an object does not exist at the service.
func Gone[T any](get Get[T]) func(e *Env, id string) resource.TestCheckFunc {
	return func(e *Env, id string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			_, err := get(e.Client, context.Background(), e.App, id)
			switch {
			case err == nil:
				return fmt.Errorf("%q still exists", id)
			case !clarifai.IsNotFound(err):
				return fmt.Errorf("unable to read %q: %w", id, err)
			}
			return nil
		}
	}
}
