package emulator

import (
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
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

// join adds an input as a member, unless it is one already.
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
	for _, m := range c.membersPage(d, p) {
		out.DatasetInputs = append(out.DatasetInputs, c.memberView(m))
	}
	return out, nil
}

// membersPage omits inputs that are being deleted, as lists of inputs do.
func (c *call) membersPage(d *dataset, p apiserver.Paging) []*member {
	if c.app.deleting == 0 || c.dialect(DeletedInputsListed) {
		return listPage(c, &d.members, p)
	}
	all := d.members.newest()
	if c.dialect(ListsOldestFirst) {
		all = d.members.oldest()
	}
	return take(p, matching(all, func(m *member) bool { return !c.app.inputs.get(m.inputID).deleting }))
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

// postDatasetInputs adds the listed inputs, each with its own outcome, or in
// the background the inputs that a search finds.
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
	var rejections []*clarifai.Status
	for _, sent := range in.DatasetInputs {
		item := clarifai.DatasetInput{Input: &clarifai.Input{}}
		if sent.Input != nil {
			item.Input.ID = sent.Input.ID
		}
		var rejection *clarifai.Status
		switch {
		case !c.app.inputs.has(item.Input.ID):
			rejection = rejected(clarifai.StatusInputDoesNotExist, "input '%s' does not exist", item.Input.ID)
		case d.members.has(item.Input.ID) && c.dialect(AddMemberAgainFails):
			rejection = rejected(clarifai.StatusDuplicateID, "input '%s' is already in the dataset", item.Input.ID)
		}
		if rejection == nil {
			item.CreatedAt = d.join(item.Input.ID, c.stamp()).joined
			item.Input.Status = *statusOf(clarifai.StatusDatasetInputSuccess)
			item.Input.Status.Description = "Ok"
		} else {
			rejections = append(rejections, rejection)
			item.Input.Status = *rejection
		}
		out.DatasetInputs = append(out.DatasetInputs, item)
	}
	c.itemOutcomes(len(in.DatasetInputs), rejections)
	return out, nil
}

// deleteDatasetInputs ends memberships. Inputs that are not members are ignored.
func deleteDatasetInputs(c *call, in *clarifai.DeleteDatasetInputsRequest) (*clarifai.BaseResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	if err := checkInputs(len(in.InputIDs)); err != nil {
		return nil, err
	}
	if c.dialect(DeleteNonMemberFails) {
		for _, id := range in.InputIDs {
			if !d.members.has(id) {
				return nil, notFound("input_id", id)
			}
		}
	}
	for _, id := range in.InputIDs {
		d.members.remove(id)
	}
	return &clarifai.BaseResponse{}, nil
}
