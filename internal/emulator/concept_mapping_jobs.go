package emulator

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

func conceptMappingJobRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "PostConceptMappingJobs", Method: post, Path: inApp + "/concepts/mappings/jobs", Action: write(s, postConceptMappingJobs)},
	}
}

// postConceptMappingJobs starts jobs and responds with their IDs, which no other request accepts.
// The emulator has no public knowledge graph, so the jobs have no effect.
func postConceptMappingJobs(c *call, in *clarifai.PostConceptMappingJobsRequest) (*clarifai.MultiConceptMappingJobResponse, error) {
	if len(in.ConceptMappingJobs) == 0 {
		return nil, reject(clarifai.StatusConceptsInvalidRequest, "concept_mapping_jobs is empty")
	}
	for _, job := range in.ConceptMappingJobs {
		if len(job.ConceptIDs) == 0 {
			return nil, reject(clarifai.StatusConceptsInvalidRequest, "a concept mapping job needs concept_ids")
		}
		if job.KnowledgeGraphID != "" && !c.app.graphs.has(job.KnowledgeGraphID) {
			return nil, notFound("knowledge_graph_id", job.KnowledgeGraphID)
		}
		for _, id := range job.ConceptIDs {
			if !c.app.concepts.has(id) {
				return nil, notFound("concept_id", id)
			}
		}
	}
	out := &clarifai.MultiConceptMappingJobResponse{}
	for range in.ConceptMappingJobs {
		out.IDs = append(out.IDs, newID())
	}
	return out, nil
}
