package emulator

import (
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func datasetRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "ListDatasets", Method: get, Path: ofUser + "/datasets", Action: read(s, listUserDatasets)},
		{Op: "ListDatasets", Method: get, Path: inApp + "/datasets", Action: read(s, listDatasets)},
		{Op: "PostDatasets", Method: post, Path: inApp + "/datasets", Action: write(s, postDatasets)},
		{Op: "PatchDatasets", Method: patch, Path: inApp + "/datasets", Action: write(s, patchDatasets)},
		{Op: "DeleteDatasets", Method: remove, Path: inApp + "/datasets", Action: write(s, deleteDatasets)},
		{Op: "GetDataset", Method: get, Path: inApp + "/datasets/{dataset_id}", Action: read(s, getDataset)},
	}
}

// maxNotes is the documented limit on notes.
const maxNotes = 64 << 10

type dataset struct {
	info    clarifai.Dataset // replaced as a whole
	members table[member]

	versions table[version]
}

// member is the membership of an input in a dataset.
type member struct {
	inputID string
	joined  time.Time
}

// dataset finds the dataset of the path.
func (c *call) dataset() (*dataset, error) {
	id := c.Path["dataset_id"]
	d := c.app.datasets.get(id)
	if d == nil {
		return nil, notFound("dataset_id", id)
	}
	return d, nil
}

// view returns a dataset as responses show it.
func (d *dataset) view(a *app) clarifai.Dataset {
	info := d.info
	info.AppID, info.UserID = a.info.ID, a.user.info.ID
	info.IsStarred, info.StarCount = false, 0
	if f := info.DefaultAnnotationFilter; f != nil {
		info.DefaultAnnotationFilter = filterOf(f, a)
	}
	return info
}

// viewWith is a dataset as it is read, with the additional fields that the request names.
func (d *dataset) viewWith(c *call, a *app) clarifai.Dataset {
	view := d.view(a)
	if fields := c.Query.List("additional_fields"); slices.Contains(fields, "stars") || slices.Contains(fields, "all") {
		view.IsStarred, view.StarCount = d.info.IsStarred, d.info.StarCount
	}
	return view
}

func getDataset(c *call) (*clarifai.SingleDatasetResponse, error) {
	d, err := c.dataset()
	if err != nil {
		return nil, err
	}
	info := d.viewWith(c, c.app)
	return &clarifai.SingleDatasetResponse{Dataset: &info}, nil
}

func listDatasets(c *call) (*clarifai.MultiDatasetResponse, error) {
	return c.listDatasets([]*app{c.app})
}

func listUserDatasets(c *call) (*clarifai.MultiDatasetResponse, error) {
	return c.listDatasets(slices.Collect(c.user.apps.oldest()))
}

func (c *call) listDatasets(apps []*app) (*clarifai.MultiDatasetResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	starredOnly, err := c.Query.Flag("starred_only")
	if err != nil {
		return nil, err
	}
	bookmarks, err := c.Query.Flag("bookmark")
	if err != nil {
		return nil, err
	}
	id, words := c.Query.Text("id"), c.Query.Text("search")
	type datasetOf struct {
		*dataset
		app *app
	}
	var found []datasetOf
	for _, a := range apps {
		for d := range a.datasets.newest() {
			switch {
			case !strings.Contains(d.info.ID, id):
			case !hasWords(words, d.info.ID, d.info.Description, d.info.Notes, a.user.info.ID):
			case starredOnly && !d.info.IsStarred:
			case c.Query.Text("bookmark") != "" && bookmarks != (d.info.BookmarkOrigin != nil):
			default:
				found = append(found, datasetOf{d, a})
			}
		}
	}
	err = c.sortAs(func(by sorting) {
		sortBy(found, by, func(d datasetOf) sortKeys {
			return sortKeys{id: d.info.ID, created: d.info.CreatedAt, modified: d.info.ModifiedAt, stars: d.info.StarCount}
		})
	})
	out := &clarifai.MultiDatasetResponse{}
	for _, d := range apiserver.PageOf(p, found) {
		out.Datasets = append(out.Datasets, d.viewWith(c, d.app))
	}
	return out, err
}

// postDatasets creates all or none.
func postDatasets(c *call, in *clarifai.PostDatasetsRequest) (*clarifai.MultiDatasetResponse, error) {
	if len(in.Datasets) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "datasets is empty")
	}
	made := make([]*dataset, 0, len(in.Datasets))
	seen := map[string]bool{}
	for _, sent := range in.Datasets {
		d, err := c.newDataset(sent)
		if err != nil {
			return nil, err
		}
		id := d.info.ID
		if seen[id] || c.app.datasets.has(id) {
			return nil, c.duplicate("dataset", id)
		}
		seen[id] = true
		made = append(made, d)
	}
	out := &clarifai.MultiDatasetResponse{}
	for _, d := range made {
		c.app.datasets.put(d.info.ID, d)
		info := d.view(c.app)
		info.CreatedAt, info.ModifiedAt = c.now, c.now
		out.Datasets = append(out.Datasets, info)
	}
	return out, nil
}

func (c *call) newDataset(sent clarifai.Dataset) (*dataset, error) {
	if sent.ID == "" {
		sent.ID = newID()
	}
	if problem := idProblem("dataset id", sent.ID); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	info := clarifai.Dataset{
		ID:                    sent.ID,
		CreatedAt:             c.stamp(),
		ModifiedAt:            c.stamp(),
		Description:           sent.Description,
		Notes:                 sent.Notes,
		Visibility:            visibilityOr(sent.Visibility, private),
		DefaultProcessingInfo: sent.DefaultProcessingInfo,
		Image:                 sent.Image,
	}
	if err := checkNotes(info.Notes); err != nil {
		return nil, err
	}
	var err error
	if info.Metadata, err = normal(sent.Metadata); err != nil {
		return nil, err
	}
	if info.Metadata == nil {
		info.Metadata = clarifai.Struct("{}")
	}
	if info.DefaultAnnotationFilter, err = c.enrichFilter(sent.DefaultAnnotationFilter, nil); err != nil {
		return nil, err
	}
	return &dataset{info: info}, nil
}

func checkNotes(notes string) error {
	if len(notes) > maxNotes {
		return reject(clarifai.StatusInvalidRequest, "notes are longer than %d bytes", maxNotes)
	}
	return nil
}

// patchDatasets changes all or none.
func patchDatasets(c *call, in *clarifai.PatchDatasetsRequest) (*clarifai.MultiDatasetResponse, error) {
	err := checkAction(in.Action, len(in.Datasets), clarifai.ActionMerge, clarifai.ActionOverwrite, clarifai.ActionRemove)
	if err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("datasets", len(in.Datasets))
	patched := map[string]clarifai.Dataset{}
	for i, sent := range in.Datasets {
		d := c.app.datasets.get(sent.ID)
		if d == nil {
			return nil, notFound("dataset_id", sent.ID)
		}
		info, again := patched[sent.ID]
		if !again {
			info = d.info
		}
		if patched[sent.ID], err = c.patchedDataset(info, sent, in.Action, fields[i]); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiDatasetResponse{}
	for _, sent := range in.Datasets {
		d := c.app.datasets.get(sent.ID)
		d.info = patched[sent.ID]
		out.Datasets = append(out.Datasets, d.view(c.app))
	}
	return out, nil
}

// patchedDataset returns info with a patch applied. merge and overwrite differ in their
// treatment of metadata; remove only removes the image.
func (c *call) patchedDataset(info, sent clarifai.Dataset, action clarifai.PatchAction, fields sentFields) (clarifai.Dataset, error) {
	info.ModifiedAt = c.stamp()
	if action == clarifai.ActionRemove {
		err := removeImage(&info.Image, sent.Image)
		return info, err
	}
	if err := checkNotes(sent.Notes); err != nil {
		return info, err
	}
	change(&info.Description, sent.Description, fields, "description")
	change(&info.Notes, sent.Notes, fields, "notes")
	change(&info.Image, sent.Image, nil, "image")
	change(&info.DefaultProcessingInfo, sent.DefaultProcessingInfo, nil, "default_processing_info")
	info.Visibility = visibilityOr(sent.Visibility, info.Visibility)
	var err error
	if info.Metadata, err = patchedStruct(info.Metadata, sent.Metadata, action); err != nil {
		return info, err
	}
	if sent.DefaultAnnotationFilter != nil {
		info.DefaultAnnotationFilter, err = c.enrichFilter(sent.DefaultAnnotationFilter, info.DefaultAnnotationFilter)
	}
	return info, err
}

// patchedStruct returns old with sent merged into it, or sent in its place; if sent is absent, old.
func patchedStruct(old, sent clarifai.Struct, action clarifai.PatchAction) (clarifai.Struct, error) {
	switch action {
	case clarifai.ActionMerge:
		return mergeStructs(old, sent)
	case clarifai.ActionRemove:
		return removeKeys(old, sent)
	}
	n, err := normal(sent)
	if n == nil {
		return old, err
	}
	return n, nil
}

// deleteDatasets deletes all or none, with their versions. Their inputs stay.
func deleteDatasets(c *call, in *clarifai.DeleteDatasetsRequest) (*clarifai.BaseResponse, error) {
	if len(in.DatasetIDs) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "dataset_ids is empty")
	}
	for _, id := range in.DatasetIDs {
		if !c.app.datasets.has(id) {
			if err := c.unknownOnDelete("dataset_id", id); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range in.DatasetIDs {
		c.app.datasets.remove(id)
	}
	c.deleteExports()
	return &clarifai.BaseResponse{}, nil
}
