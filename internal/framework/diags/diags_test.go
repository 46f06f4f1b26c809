package diags_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

func TestDetail(t *testing.T) {
	t.Parallel()
	status := func(code clarifai.StatusCode, details string) clarifai.Status {
		return clarifai.Status{Code: code, Details: details, ReqID: "abc123"}
	}
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"a response of the service": {
			&clarifai.Error{Op: "PostDatasets", HTTPStatus: 403, Status: status(clarifai.StatusInsufficientScopes, "needs Datasets_Add"),
				Attempts: 1},
			[]string{"PostDatasets", "insufficient scopes", "needs Datasets_Add", "11007", "CONN_INSUFFICIENT_SCOPES", "HTTP 403",
				"Give it the scopes", "Request id: abc123"},
		},
		"a bad key": {
			&clarifai.Error{Op: "GetDataset", HTTPStatus: 401, Status: status(clarifai.StatusKeyNotFound, "")},
			[]string{"CLARIFAI_PAT", "11009"},
		},
		"an address without a server": {
			&clarifai.Error{Op: "GetDataset", Err: errors.New("connection refused"), Hint: "Check CLARIFAI_API_BASE.", Attempts: 4,
				Waited: 9 * time.Second},
			[]string{"connection refused; tried 4 times in 9s.\n\nCheck CLARIFAI_API_BASE."},
		},
		"something that is not the API": {
			&clarifai.Error{Op: "GetDataset", HTTPStatus: 404, Err: errors.New("the response is not one of the Clarifai API"),
				Hint: "Check base_url."},
			[]string{"HTTP 404", "not one of the Clarifai API", "Check base_url."},
		},
		"a hint for this case next to one for the code": {
			&clarifai.Error{Op: "GetDataset", HTTPStatus: 404, Status: status(clarifai.StatusDoesNotExist, ""), Hint: "Ask again."},
			[]string{"11101", "Ask again."},
		},
		"a lost response": {
			fmt.Errorf("creating: %w", &clarifai.Error{Op: "PostInputs", OutcomeUnknown: true, Err: errors.New("connection reset")}),
			[]string{"may have done the work"},
		},
		"failed work": {
			&wait.FailedError{What: `version "v1"`, Status: status(clarifai.StatusDatasetVersionFailed, "no inputs")},
			[]string{`Version "v1" failed`, "no inputs", "64020"},
		},
		"a timeout": {
			&wait.InterruptedError{What: `version "v1"`, Last: status(clarifai.StatusDatasetVersionInProgress, ""), Waited: time.Minute,
				Err: context.DeadlineExceeded},
			[]string{"timed out after 1m0s", "64010"},
		},
		"an interrupt": {
			&wait.InterruptedError{What: `version "v1"`, Err: context.Canceled},
			[]string{"was interrupted"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := diags.Detail(c.err)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in:\n%s", want, got)
				}
			}
			if strings.Contains(got, "%!") {
				t.Errorf("badly formatted: %s", got)
			}
		})
	}
}
