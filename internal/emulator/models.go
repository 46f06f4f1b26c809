package emulator

import (
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// modelRoutes serves models, which the emulator does not store: every ID refers to a trained
// model, except those that begin with "missing-".
func modelRoutes(s *Service) []endpoint {
	path := inApp + "/models"
	version := path + "/{model_id}/versions/{model_version_id}"
	return []endpoint{
		{Op: "GetModelType", Method: get, Path: path + "/types/{model_type_id}", Action: read(s, getModelType)},
		{Method: get, Path: path + "/types", Action: apiserver.UnknownPath()}, // the list of types is not offered, and no model's id is "types"
		{Op: "GetModel", Method: get, Path: path + "/{model_id}", Action: read(s, getModel)},
		{Op: "ListModelVersions", Method: get, Path: path + "/{model_id}/versions", Action: read(s, listModelVersions)},
		{Op: "GetModelVersion", Method: get, Path: version, Action: read(s, getModelVersion)},
		{Op: "ListModelConcepts", Method: get, Path: version + "/concepts", Action: read(s, listModelConcepts)},
		{Op: "PostModelVersionEvaluations", Method: post, Path: version + "/evaluations", Action: write(s, postModelVersionEvaluations)},
		{Op: "ListModelVersionEvaluations", Method: get, Path: version + "/evaluations", Action: read(s, listModelVersionEvaluations)},
		{Op: "GetModelVersionEvaluation", Method: get, Path: version + "/evaluations/{evaluation_id}",
			Action: read(s, getModelVersionEvaluation)},
	}
}

func (c *call) model() (*clarifai.Model, error) {
	id := c.Path["model_id"]
	if strings.HasPrefix(id, missingPrefix) {
		return nil, reject(clarifai.StatusModelDoesNotExist, "model '%s' not found", id)
	}
	return &clarifai.Model{ID: id, UserID: c.app.user.info.ID, AppID: c.app.info.ID}, nil
}

func trained(id string) clarifai.ModelVersion {
	return clarifai.ModelVersion{ID: id, Status: *statusOf(statusModelTrained)}
}

func getModelType(c *call) (*clarifai.SingleModelTypeResponse, error) {
	return &clarifai.SingleModelTypeResponse{ModelType: &clarifai.ModelType{ID: c.Path["model_type_id"]}}, nil
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
	v := trained(c.Path["model_version_id"])
	return &clarifai.SingleModelVersionResponse{ModelVersion: &v}, nil
}

// listModelVersions lists the versions that occur in evaluations.
func listModelVersions(c *call) (*clarifai.MultiModelVersionResponse, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	p, err := c.Paging()
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
	for _, id := range apiserver.PageOf(p, ids) {
		out.ModelVersions = append(out.ModelVersions, trained(id))
	}
	return out, nil
}

// ofModelVersion reports whether an evaluation belongs to the version in the path.
func (c *call) ofModelVersion(e *evaluation) bool {
	return e != nil && e.info.Model.ID == c.Path["model_id"] && e.info.Model.ModelVersion.ID == c.Path["model_version_id"]
}

// postModelVersionEvaluations is PostEvaluations with the model in the path.
func postModelVersionEvaluations(c *call, in *clarifai.PostModelVersionEvaluationsRequest) (*clarifai.MultiEvalMetricsResponse, error) {
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	m.ModelVersion = &clarifai.ModelVersion{ID: c.Path["model_version_id"]}
	sent := slices.Clone(in.EvalMetrics)
	for i := range sent {
		sent[i].Model = m
	}
	return postEvaluations(c, &clarifai.PostEvaluationsRequest{EvalMetrics: sent})
}

func listModelVersionEvaluations(c *call) (*clarifai.MultiEvalMetricsResponse, error) {
	p, err := c.Paging()
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
	id := c.Path["evaluation_id"]
	if !c.ofModelVersion(c.app.evaluations.get(id)) {
		return nil, notFound("evaluation_id", id)
	}
	return getEvaluation(c)
}
