package clarifai_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func images(n int) (inputs []clarifai.Input, ids []string) {
	for i := range n {
		id := fmt.Sprintf("img-%03d", i)
		ids = append(ids, id)
		inputs = append(inputs, clarifai.Input{ID: id, Data: &clarifai.Data{Image: &clarifai.Image{URL: "https://example.com/" + id + ".jpg"}}})
	}
	return inputs, ids
}

// Each item of a full request has its own outcome, in the order of the request.
func TestCreateInputs_outcomesInOrder(t *testing.T) {
	t.Parallel()
	service, client := emulated(t, emulator.Options{}, nil)
	ctx := t.Context()
	inputs, ids := images(clarifai.MaxItemsPerCall)
	inputs[5].Data = &clarifai.Data{} // no content
	for i, item := range client.CreateInputs(ctx, fleet, inputs) {
		if (item.Err != nil) != (i == 5) || item.Value.ID != ids[i] {
			t.Errorf("creating %s: %s, %v", ids[i], item.Value.ID, item.Err)
		}
	}
	stop := clarifai.Concept{ID: "stop"}
	for i, item := range client.UpdateInputs(ctx, fleet, []clarifai.Input{
		{ID: ids[0], Data: &clarifai.Data{Concepts: []clarifai.Concept{stop}}}, {ID: ids[5],
			Data: &clarifai.Data{Concepts: []clarifai.Concept{stop}}},
	}, clarifai.ActionMerge) {
		if (item.Err != nil) != (i == 1) {
			t.Errorf("changing: %v", item.Err)
		}
	}
	if _, err := client.PostDatasets(ctx, fleet, []clarifai.Dataset{{ID: "day"}}); err != nil {
		t.Fatal(err)
	}
	for i, item := range client.CreateDatasetInputs(ctx, fleet, "day", ids[4:7]) {
		if (item.Err != nil) != (i == 1) {
			t.Errorf("adding %s: %v", ids[4+i], item.Err)
		}
	}
	for _, err := range client.RemoveDatasetInputs(ctx, fleet, "day", ids[4:7]) {
		if err != nil {
			t.Errorf("taking out: %v", err)
		}
	}
	for _, err := range client.RemoveInputs(ctx, fleet, ids) {
		if err != nil {
			t.Errorf("deleting: %v", err)
		}
	}
	for i, err := range client.RemoveInputs(ctx, fleet, ids[:2]) {
		if !clarifai.IsNotFound(err) {
			t.Errorf("deleting %s again: %v", ids[i], err)
		}
	}
	if n := service.Count("PostInputs"); n != 1 {
		t.Errorf("%d calls to create one chunk", n)
	}
}

// A rejected request is split until the bad item is isolated. A transient error of the request is the outcome of all items.
func TestCreateInputs_rejectedRequestIsSplit(t *testing.T) {
	t.Parallel()
	service, client := emulated(t, emulator.Options{}, nil)
	inputs, _ := images(16)
	inputs[3].Data = &clarifai.Data{Video: &clarifai.Video{URL: "https://example.com/a.mp4"}}
	inputs[9].Data = &clarifai.Data{Video: &clarifai.Video{URL: "https://example.com/b.mp4"}} // one video too many for a request
	for i, item := range client.CreateInputs(t.Context(), fleet, inputs) {
		if item.Err != nil {
			t.Errorf("%d: %v", i, item.Err)
		}
	}
	service.MustFault(emulator.Fault{Op: "PostInputs", Code: clarifai.StatusInsufficientScopes})
	service.ResetCalls()
	more, _ := images(8)
	for _, item := range client.CreateInputs(t.Context(), fleet, more) {
		if clarifai.Code(item.Err) != clarifai.StatusInsufficientScopes {
			t.Errorf("got %v", item.Err)
		}
	}
	if n := service.Count("PostInputs"); n != 1 {
		t.Errorf("%d calls with a token that may not", n)
	}
}

// Inputs are read by IDs or by pages, whichever needs fewer requests.
func TestReadInputs_byIDsOrPages(t *testing.T) {
	t.Parallel()
	service, client := emulated(t, emulator.Options{}, nil)
	inputs, ids := images(300)
	for chunk := range slices.Chunk(inputs, clarifai.MaxItemsPerCall) {
		client.CreateInputs(t.Context(), fleet, chunk)
	}
	wanted := append(slices.Clone(ids[:200]), ids[0], "nowhere")
	for name, test := range map[string]struct{ total, calls int }{"by ids": {100_000, 2}, "by pages": {300, 1}} {
		service.ResetCalls()
		var found []string
		err := client.ReadInputs(t.Context(), fleet, wanted, test.total, func(in *clarifai.Input) { found = append(found, in.ID) })
		slices.Sort(found)
		if err != nil || !slices.Equal(found, ids[:200]) {
			t.Errorf("%s: found %d, %v", name, len(found), err)
		}
		if n := service.Count(); n > test.calls+1 {
			t.Errorf("%s: %d calls, want %d", name, n, test.calls)
		}
	}
	service.MustFault(emulator.Fault{Op: "ListInputs", Code: clarifai.StatusInsufficientScopes})
	for _, total := range []int{1, 1_000_000} {
		if err := client.ReadInputs(t.Context(), fleet, wanted, total, func(*clarifai.Input) { t.Error("found something") }); err == nil {
			t.Error("a rejection was not reported")
		}
	}
}
