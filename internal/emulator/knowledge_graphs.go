package emulator

import (
	"cmp"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func knowledgeGraphRoutes() []endpoint {
	path := inApp + "/concepts/knowledge_graphs"
	return []endpoint{
		{op: "ListKnowledgeGraphs", method: get, path: path, action: read(listKnowledgeGraphs)},
		{op: "PostKnowledgeGraphs", method: post, path: path, action: write(postKnowledgeGraphs)},
	}
}

// listKnowledgeGraphs knows no pages.
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
		return nil, fail(clarifai.StatusConceptsInvalidRequest, "knowledge_graphs is empty")
	}
	seen := map[string]bool{}
	for i := range in.KnowledgeGraphs {
		sent := &in.KnowledgeGraphs[i]
		sent.ID = cmp.Or(sent.ID, newID())
		if problem := idProblem("knowledge graph id", sent.ID); problem != "" {
			return nil, fail(clarifai.StatusConceptsInvalidRequest, "%s", problem)
		}
		if seen[sent.ID] || c.app.graphs.has(sent.ID) {
			return nil, fail(clarifai.StatusDuplicateID, "knowledge graph '%s' exists already", sent.ID)
		}
		seen[sent.ID] = true
	}
	for _, sent := range in.KnowledgeGraphs {
		c.app.graphs.put(sent.ID, &sent)
	}
	return &clarifai.MultiKnowledgeGraphResponse{KnowledgeGraphs: in.KnowledgeGraphs}, nil
}
