package acctest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// PostDatasets creates datasets outside Terraform.
func (e *Env) PostDatasets(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := e.Client.PostDatasets(t.Context(), e.App, []clarifai.Dataset{{ID: id}}); err != nil {
			t.Fatal(err)
		}
	}
}

// PostInputs creates inputs outside Terraform.
func (e *Env) PostInputs(t *testing.T, inputs ...clarifai.Input) {
	t.Helper()
	result, err := e.Client.PostInputs(t.Context(), e.App, clarifai.PostInputsRequest{Inputs: inputs})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range result.Items {
		if item.Err != nil {
			t.Fatal(item.Err)
		}
	}
}

// PatchInput changes an input outside Terraform.
func (e *Env) PatchInput(t *testing.T, id string, data clarifai.Data, action clarifai.PatchAction) {
	t.Helper()
	items, err := e.Client.PatchInputs(t.Context(), e.App, []clarifai.Input{{ID: id, Data: &data}}, action)
	if err == nil {
		err = items[0].Err
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Label is a concept with a value.
func Label(id string, value float64) clarifai.Concept {
	v := clarifai.NewFloat(value)
	return clarifai.Concept{ID: id, Value: &v}
}

// Labels returns the concepts of an input as a text to compare: map[tram:1 truck:0.25].
func Labels(input *clarifai.Input) string {
	m := map[string]clarifai.Float{}
	for _, c := range input.Data.Concepts {
		m[c.ID] = *c.Value
	}
	return fmt.Sprint(m)
}

// HasMembers checks which inputs are in a dataset; their ids in order.
func (e *Env) HasMembers(dataset string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for m, err := range e.Client.AllDatasetInputs(context.Background(), e.App, dataset, clarifai.Page{}) {
			if err != nil {
				return err
			}
			got = append(got, m.Input.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("dataset %s has %v, want %v", dataset, got, want)
		}
		return nil
	}
}

// HasAnnotations checks the annotations of all inputs but the input-level ones, in order: "a car 0.1 0.2 0.3 0.4" is a box
// of input a.
func (e *Env) HasAnnotations(want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for a, err := range e.Client.AllAnnotations(context.Background(), e.App, clarifai.ListAnnotationsQuery{}) {
			if err != nil {
				return err
			}
			if !a.InputLevel {
				got = append(got, annotationText(&a))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("the app has the annotations %q, want %q", got, want)
		}
		return nil
	}
}

func annotationText(a *clarifai.Annotation) string {
	text, data := a.InputID, a.Data
	if len(data.Frames) > 0 {
		text, data = fmt.Sprintf("%s frame %d", text, data.Frames[0].FrameInfo.Number), data.Frames[0].Data
	} else if len(data.TimeSegments) > 0 {
		s := data.TimeSegments[0]
		text, data = fmt.Sprintf("%s %v to %v s", text, s.TimeInfo.BeginTime, s.TimeInfo.EndTime), s.Data
	}
	concepts, region := data.Concepts, ""
	if len(data.Regions) > 0 {
		concepts = data.Regions[0].Data.Concepts
		switch info := data.Regions[0].RegionInfo; {
		case info.BoundingBox != nil:
			b := info.BoundingBox
			region = fmt.Sprintf(" %v %v %v %v", b.TopRow, b.LeftCol, b.BottomRow, b.RightCol)
		case info.Polygon != nil:
			region = fmt.Sprintf(" polygon of %d", len(info.Polygon.Points))
		case info.Span != nil:
			region = fmt.Sprintf(" %d to %d", info.Span.CharStart, info.Span.CharEnd)
		case info.Mask != nil:
			region = " mask"
		}
	}
	for _, c := range concepts {
		text += " " + c.ID
	}
	return text + region
}
