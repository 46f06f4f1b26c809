package diags_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

func TestWords(t *testing.T) {
	t.Parallel()
	many := make([]string, diags.Shown+2)
	for i := range many {
		many[i] = fmt.Sprint("i", i)
	}
	throttled := &clarifai.Error{Op: "PostInputs", Status: clarifai.Status{Code: clarifai.StatusThrottled, Details: "slow down", ReqID: "abc"}}
	for _, test := range []struct{ got, want string }{
		{diags.Counted(1, "input"), "1 input"},
		{diags.Counted(0, "input"), "0 inputs"},
		{diags.Counted(uint64(12), "relation"), "12 relations"},
		{diags.Names(many[:2]), "i0, i1"},
		{diags.Names(many[:diags.Shown]), "i0, i1, i2, i3, i4, i5, i6, i7, i8, i9"},
		{diags.Names(many), "i0, i1, i2, i3, i4, i5, i6, i7, i8, i9 and 2 more"},
		{diags.Brief(errors.New("broken")), "broken"},
		{diags.Brief(fmt.Errorf("wrapped: %w", throttled)), throttled.Summary() + " (11005 CONN_THROTTLED)"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
