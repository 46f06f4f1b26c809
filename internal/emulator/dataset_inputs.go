package emulator

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func datasetInputRoutes(s *Service) []endpoint {
	path := inApp + "/datasets/{dataset_id}/inputs"
	return []endpoint{
		{Op: "ListDatasetInputs", Method: get, Path: path, Action: read(s, listDatasetInputs)},
		{Op: "PostDatasetInputs", Method: post, Path: path, Action: write(s, postDatasetInputs)},
		{Op: "DeleteDatasetInputs", Method: remove, Path: path, Action: write(s, deleteDatasetInputs)},
		{Op: "GetDatasetInput", Method: get, Path: path + "/{input_id}", Action: read(s, getDatasetInput)},
	}
}

// join makes an input a member, if it is not one yet.
func (d *dataset) join(inputID string, now time.Time) *member {
	if m := d.members.get(inputID); m != nil {
		return m
	}
	m := &member{inputID, now}
	d.members.put(inputID, m)
	return m
}

func (c *call) memberView(m *member) clarifai.DatasetInput {
	view := c.inputView(c.app, c.app.inputs.get(m.inputID))
	return clarifai.DatasetInput{CreatedAt: m.joined, Input: &view}
}

func listDatasetInputs(c *call) (*clarifai.MultiDatasetInputResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiDatasetInputResponse{}
	for _, m := range d.members.newestPage(p) {
		out.DatasetInputs = append(out.DatasetInputs, c.memberView(m))
	}
	return out, nil
}

func getDatasetInput(c *call) (*clarifai.SingleDatasetInputResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	m := d.members.get(c.Path["input_id"])
	if m == nil {
		return nil, notFound("input_id", c.Path["input_id"])
	}
	view := c.memberView(m)
	return &clarifai.SingleDatasetInputResponse{DatasetInput: &view}, nil
}

// postDatasetInputs adds the inputs listed, each with an outcome of its own, or in
// the background whatever a search finds.
func postDatasetInputs(c *call, in *clarifai.PostDatasetInputsRequest) (*clarifai.MultiDatasetInputResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if in.Search != nil {
		if len(in.DatasetInputs) > 0 {
			return nil, reject(clarifai.StatusInvalidRequest, "send dataset_inputs or search, not both")
		}
		op, err := c.startBulkOperation(clarifai.BulkOperation{
			Search:    in.Search,
			Operation: &clarifai.Operation{AddToDataset: &clarifai.AddToDataset{DatasetID: d.info.ID}},
		})
		if err != nil {
			return nil, err
		}
		return &clarifai.MultiDatasetInputResponse{BulkOperation: op}, nil
	}
	if err := checkInputs(len(in.DatasetInputs)); err != nil {
		return nil, err
	}
	out := &clarifai.MultiDatasetInputResponse{}
	refused := 0
	for _, sent := range in.DatasetInputs {
		item := clarifai.DatasetInput{Input: &clarifai.Input{}}
		if sent.Input != nil {
			item.Input.ID = sent.Input.ID
		}
		if c.app.inputs.has(item.Input.ID) {
			item.CreatedAt = d.join(item.Input.ID, c.stamp()).joined
			item.Input.Status = *statusOf(clarifai.StatusDatasetInputSuccess)
			item.Input.Status.Description = "Ok"
		} else {
			refused++
			item.Input.Status = *rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", item.Input.ID)
		}
		out.DatasetInputs = append(out.DatasetInputs, item)
	}
	c.CountOutcome(len(in.DatasetInputs), refused)
	return out, nil
}

// deleteDatasetInputs ends memberships. What is no member is no error.
func deleteDatasetInputs(c *call, in *clarifai.DeleteDatasetInputsRequest) (*clarifai.BaseResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if err := checkInputs(len(in.InputIDs)); err != nil {
		return nil, err
	}
	for _, id := range in.InputIDs {
		d.members.remove(id)
	}
	return &clarifai.BaseResponse{}, nil
}
