package emulator

import (
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// There are no models here. Every id stands for a trained one, except those that
// begin with "missing-".
func modelRoutes() []endpoint {
	path := inApp + "/models"
	version := path + "/{model_id}/versions/{model_version_id}"
	return []endpoint{
		{op: "GetModelType", method: get, path: path + "/types/{model_type_id}", action: read(getModelType)},
		{method: get, path: path + "/types", action: unknownPath.action}, // the list of types is not offered, and no model's id is "types"
		{op: "GetModel", method: get, path: path + "/{model_id}", action: read(getModel)},
		{op: "ListModelVersions", method: get, path: path + "/{model_id}/versions", action: read(listModelVersions)},
		{op: "GetModelVersion", method: get, path: version, action: read(getModelVersion)},
		{op: "ListModelConcepts", method: get, path: version + "/concepts", action: read(listModelConcepts)},
		{op: "PostModelVersionEvaluations", method: post, path: version + "/evaluations", action: write(postModelVersionEvaluations)},
		{op: "ListModelVersionEvaluations", method: get, path: version + "/evaluations", action: read(listModelVersionEvaluations)},
		{op: "GetModelVersionEvaluation", method: get, path: version + "/evaluations/{evaluation_id}", action: read(getModelVersionEvaluation)},
	}
}

func (c *call) model() (*clarifai.Model, error) {
	id := c.path["model_id"]
	if strings.HasPrefix(id, missingPrefix) {
		return nil, fail(clarifai.StatusModelDoesNotExist, "model '%s' not found", id)
	}
	return &clarifai.Model{ID: id, UserID: c.app.user.info.ID, AppID: c.app.info.ID}, nil
}

func trained(id string) clarifai.ModelVersion {
	return clarifai.ModelVersion{ID: id, Status: *statusOf(statusModelTrained)}
}

func getModelType(c *call) (*clarifai.SingleModelTypeResponse, error) {
	return &clarifai.SingleModelTypeResponse{ModelType: &clarifai.ModelType{ID: c.path["model_type_id"]}}, nil
}

func getModel(c *call) (*clarifai.SingleModelResponse, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	return &clarifai.SingleModelResponse{Model: m}, nil
}

func getModelVersion(c *call) (*clarifai.SingleModelVersionResponse, error) {
	if _, err := c.model(); err != nil {
		return nil, err
	}
	v := trained(c.path["model_version_id"])
	return &clarifai.SingleModelVersionResponse{ModelVersion: &v}, nil
}

// listModelVersions lists the versions that evaluations have named.
func listModelVersions(c *call) (*clarifai.MultiModelVersionResponse, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	p, err := c.paging()
	if err != nil {
		return nil, err
	}
	var ids []string
	for e := range c.app.evaluations.newest() {
		if id := e.info.Model.ModelVersion.ID; e.info.Model.ID == m.ID && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	out := &clarifai.MultiModelVersionResponse{}
	for _, id := range pageOf(p, ids) {
		out.ModelVersions = append(out.ModelVersions, trained(id))
	}
	return out, nil
}

// ofModelVersion tells whether an evaluation is one of the version in the path.
func (c *call) ofModelVersion(e *evaluation) bool {
	return e != nil && e.info.Model.ID == c.path["model_id"] && e.info.Model.ModelVersion.ID == c.path["model_version_id"]
}

// postModelVersionEvaluations is PostEvaluations with the model in the path.
func postModelVersionEvaluations(c *call, in *clarifai.PostModelVersionEvaluationsRequest) (*clarifai.MultiEvalMetricsResponse, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	m.ModelVersion = &clarifai.ModelVersion{ID: c.path["model_version_id"]}
	sent := slices.Clone(in.EvalMetrics)
	for i := range sent {
		sent[i].Model = m
	}
	return postEvaluations(c, &clarifai.PostEvaluationsRequest{EvalMetrics: sent})
}

func listModelVersionEvaluations(c *call) (*clarifai.MultiEvalMetricsResponse, error) {
	p, err := c.paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiEvalMetricsResponse{}
	for _, e := range take(p, matching(c.app.evaluations.newest(), c.ofModelVersion)) {
		out.EvalMetrics = append(out.EvalMetrics, e.view(c.now))
	}
	return out, nil
}

func getModelVersionEvaluation(c *call) (*clarifai.SingleEvalMetricsResponse, error) {
	id := c.path["evaluation_id"]
	if !c.ofModelVersion(c.app.evaluations.get(id)) {
		return nil, notFound("evaluation_id", id)
	}
	return getEvaluation(c)
}
