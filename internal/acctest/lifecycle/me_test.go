package lifecycle_test

import (
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
)

// "me" is the user whom the token belongs to: replacing the user's id with it, or it with the id, changes nothing.
func TestAccUserID_me(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.resource, func(t *testing.T) {
			env, dir := s.env(t)
			named := s.configuration(env, dir, s.before)
			me := strings.Replace(named, `"`+acctest.User+`"`, `"me"`, 1)
			for _, order := range [][2]string{{named, me}, {me, named}} {
				w := workspace{Workspace: env.InProcess(t, order[0]), t: t}
				if _, err := w.succeeds("apply", "-auto-approve"); err != nil {
					t.Fatal(err)
				}
				w.Write(t, "main.tf", order[1])
				if _, err := w.succeeds("plan", "-detailed-exitcode"); err != nil {
					t.Error(err)
				}
				if _, err := w.succeeds("destroy", "-auto-approve"); err != nil {
					t.Fatal(err)
				}
				if s.resource != "clarifai_dataset" { // one resource is enough for the other direction
					return
				}
			}
		})
	}
}
