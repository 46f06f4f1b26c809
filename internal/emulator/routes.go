package emulator

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

const (
	ofUser = "/v2/users/{user_id}"
	inApp  = ofUser + "/apps/{app_id}"
)

// endpoints returns all endpoints of the service.
func (s *Service) endpoints() []endpoint {
	return slices.Concat(
		userRoutes(s),
		appRoutes(s),
		datasetRoutes(s),
		datasetInputRoutes(s),
		versionRoutes(s),
		exportRoutes(s),
		inputRoutes(s),
		mediaRoutes(s),
		jobRoutes(s),
		conceptRoutes(s),
		conceptLanguageRoutes(s),
		conceptRelationRoutes(s),
		conceptMappingJobRoutes(s),
		knowledgeGraphRoutes(s),
		annotationRoutes(s),
		annotationFilterRoutes(s),
		bulkOperationRoutes(s),
		searchRoutes(s),
		extractionJobRoutes(s),
		uploadRoutes(s),
		evaluationRoutes(s),
		modelRoutes(s),
		duplicationRoutes(s),
	)
}

type (
	endpoint = apiserver.Endpoint
	file     = apiserver.File
)

// Short names for the tables of endpoints.
const (
	get    = apiserver.Get
	post   = apiserver.Post
	patch  = apiserver.Patch
	put    = apiserver.Put
	remove = apiserver.Delete

	aPAT    = apiserver.PAT
	nothing = apiserver.None
)

// reply is any response message.
type reply[Resp any] interface {
	*Resp
	SetStatus(clarifai.Status)
}

// read returns the action of a handler without a request body.
func read[Resp any, P reply[Resp]](s *Service, handle func(*call) (*Resp, error)) apiserver.Action {
	return apiserver.Read[Resp, P](func(r *apiserver.Request) (*Resp, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.begin(r)
		if err != nil {
			return nil, err
		}
		return handle(c)
	})
}

// write returns the action of a handler with a request body.
func write[Req, Resp any, P reply[Resp]](s *Service, handle func(*call, *Req) (*Resp, error)) apiserver.Action {
	return apiserver.Write[Req, Resp, P](func(r *apiserver.Request, in *Req) (*Resp, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.begin(r)
		if err != nil {
			return nil, err
		}
		return handle(c, in)
	})
}

// download returns the action of a handler that responds with a file.
func download(s *Service, handle func(*call) (*file, error)) apiserver.Action {
	return apiserver.Download(func(r *apiserver.Request) (*file, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.begin(r)
		if err != nil {
			return nil, err
		}
		return handle(c)
	})
}
