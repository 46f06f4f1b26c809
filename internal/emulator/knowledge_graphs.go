package emulator

import (
	"cmp"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func knowledgeGraphRoutes(s *Service) []endpoint {
	path := inApp + "/concepts/knowledge_graphs"
	return []endpoint{
		{Op: "ListKnowledgeGraphs", Method: get, Path: path, Action: read(s, listKnowledgeGraphs)},
		{Op: "PostKnowledgeGraphs", Method: post, Path: path, Action: write(s, postKnowledgeGraphs)},
	}
}

// listKnowledgeGraphs has no pages.
func listKnowledgeGraphs(c *call) (*clarifai.MultiKnowledgeGraphResponse, error) {
	out := &clarifai.MultiKnowledgeGraphResponse{}
	for graph := range c.app.graphs.oldest() {
		out.KnowledgeGraphs = append(out.KnowledgeGraphs, *graph)
	}
	return out, nil
}

// postKnowledgeGraphs creates all or none.
func postKnowledgeGraphs(c *call, in *clarifai.PostKnowledgeGraphsRequest) (*clarifai.MultiKnowledgeGraphResponse, error) {
	if len(in.KnowledgeGraphs) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "knowledge_graphs is empty")
	}
	seen := map[string]bool{}
	for i := range in.KnowledgeGraphs {
		sent := &in.KnowledgeGraphs[i]
		sent.ID = cmp.Or(sent.ID, newID())
		if problem := idProblem("knowledge graph id", sent.ID); problem != "" {
			return nil, reject(clarifai.StatusConceptsInvalidRequest, "%s", problem)
		}
		if seen[sent.ID] || c.app.graphs.has(sent.ID) {
			return nil, reject(clarifai.StatusDuplicateID, "knowledge graph '%s' exists already", sent.ID)
		}
		seen[sent.ID] = true
	}
	for _, sent := range in.KnowledgeGraphs {
		c.app.graphs.put(sent.ID, &sent)
	}
	return &clarifai.MultiKnowledgeGraphResponse{KnowledgeGraphs: in.KnowledgeGraphs}, nil
}
