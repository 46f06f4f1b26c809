package dataset_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// A create is repeated as long as a read shows that the object does not exist.
func TestAccDataset_createIsRetried(t *testing.T) {
	env := acctest.New(t)
	fault := env.MustFault(emulator.Fault{Op: "PostDatasets", HTTP: http.StatusBadGateway, Body: "busy", Count: 6})
	env.Test(t, resource.TestStep{Config: env.Config(`resource "clarifai_dataset" "test" { id = "trucks" }`)})
	if struck := env.Struck(fault); struck != 6 {
		t.Errorf("the fault struck %d times, want 6", struck)
	}
}

// adopt_identical adopts what equals the configuration and rejects anything else.
func TestAccDataset_adoptIdentical(t *testing.T) {
	env := acctest.New(t)
	for _, d := range []clarifai.Dataset{{ID: "same", Description: "ours"}, {ID: "other", Description: "somebody's"}} {
		if _, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{d}); err != nil {
			t.Fatal(err)
		}
	}
	config := func(adopt, id string) string {
		return env.ConfigWith("adopt_identical = "+adopt, fmt.Sprintf(`
resource "clarifai_dataset" "test" {
  id          = %q
  description = "ours"
}`, id))
	}
	env.Test(t,
		resource.TestStep{Config: config("false", "same"), ExpectError: regexp.MustCompile(`(?s)"same" already exists.*import \{`)},
		resource.TestStep{Config: config("true", "other"), ExpectError: regexp.MustCompile(`"other" already exists`)},
		resource.TestStep{Config: config("true", "same")},
	)
}

// What an imported dataset has and the configuration omits stays, and is not managed. What was
// configured once is removed with its attribute.
func TestAccDataset_importKeepsUnmanaged(t *testing.T) {
	env := acctest.New(t)
	_, err := env.Client.PostDatasets(t.Context(), env.App, []clarifai.Dataset{{
		ID: "trucks", Description: "theirs", Metadata: clarifai.Struct(`{"owner":"north"}`),
		Image: &clarifai.Image{URL: "https://example.com/a.jpg"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	unchanged := holds(env, "trucks", func(d *clarifai.Dataset) error {
		if d.Description != "theirs" || !strings.Contains(string(d.Metadata), "north") || d.Image == nil ||
			d.Image.URL != "https://example.com/a.jpg" {
			return fmt.Errorf("the dataset was changed: %+v", d)
		}
		return nil
	})
	env.Test(t,
		resource.TestStep{
			Config: env.Config(`
import {
  to = clarifai_dataset.test
  id = "trucks"
}
resource "clarifai_dataset" "test" { id = "trucks" }`),
			Check: unchanged,
		},
		resource.TestStep{
			Config: env.Config(`
resource "clarifai_dataset" "test" {
  id    = "trucks"
  notes = "ours"
}`),
			Check: unchanged,
		},
		resource.TestStep{
			Config: env.Config(`
resource "clarifai_dataset" "test" {
  id       = "trucks"
  notes    = "ours"
  metadata = jsonencode({ owner = "south" })
}`),
		},
		resource.TestStep{
			Config: env.Config(`
resource "clarifai_dataset" "test" {
  id              = "trucks"
  notes           = "ours"
  deletion_policy = "delete"
}`),
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: holds(env, "trucks", func(d *clarifai.Dataset) error {
				if strings.Contains(string(d.Metadata), "owner") {
					return fmt.Errorf("metadata was not removed: %s", d.Metadata)
				}
				return nil
			}),
		},
	)
}

// Two blocks with one id are rejected at plan.
func TestAccDataset_twoResources(t *testing.T) {
	env := acctest.New(t)
	env.Test(t, resource.TestStep{
		Config: env.Config(`
resource "clarifai_dataset" "a" { id = "trucks" }
resource "clarifai_dataset" "b" { id = "trucks" }`),
		PlanOnly:    true,
		ExpectError: regexp.MustCompile(`Two resources manage clarifai_dataset\s+"acme/fleet/trucks"`),
	})
}
