package inputs_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// What was created in part is destroyed with all that is there, members of other datasets as well.
func TestAccInputs_partialDestroyOfMembers(t *testing.T) {
	env := acctest.New(t)
	if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{ID: "day"}}); err != nil {
		t.Fatal(err)
	}
	m := newManifest(t, "signs.jsonl", urlRow("a", `"datasets":["day"]`), urlRow("b"), urlRow("c", `"datasets":["nowhere"]`))
	env.Case(t, resource.TestCase{
		CheckDestroy: has(env),
		Steps:        []resource.TestStep{{Config: env.Config(m.block()), ExpectError: regexp.MustCompile("1 of 3 inputs failed")}},
	})
}

// The ledger has all of the inputs, so no row chooses whether to be in it.
func TestAccInputs_ledgerAsDataset(t *testing.T) {
	env := acctest.New(t)
	m := newManifest(t, "signs.jsonl", urlRow("a", `"datasets":["signs"]`), urlRow("b"))
	env.Test(t,
		resource.TestStep{Config: env.Config(m.block()), ExpectError: regexp.MustCompile(`Dataset "signs" is the list of this resource's`)},
		resource.TestStep{
			PreConfig: func() { m.write(t, urlRow("a"), urlRow("b")) },
			Config:    env.Config(m.block()), Check: has(env, "a", "b"),
		},
	)
}
