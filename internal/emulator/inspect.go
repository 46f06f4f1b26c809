package emulator

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// The methods of this file read and change the objects of the service directly, for
// tests. Apps are named by ID and belong to the user that the service was started
// with. An object that does not exist is nil or false. Adding an object that cannot be
// added panics, because then the test is wrong.

// inspect runs f on an app, under the mutex, as a request would.
func (s *Service) inspect(appID string, f func(c *call)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Service: s, now: s.clock.Now().UTC(), Request: &apiserver.Request{Base: "http://emulator"}}
	s.runDue(c.now)
	s.changing()
	c.user = s.users.get(s.options.User)
	if c.app = c.user.apps.get(appID); c.app == nil {
		return false
	}
	f(c)
	return true
}

// AddApp creates an app.
func (s *Service) AddApp(info clarifai.App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addApp(s.users.get(s.options.User), info, s.clock.Now())
}

// App returns an app, or nil.
func (s *Service) App(appID string) *clarifai.App {
	var found *clarifai.App
	s.inspect(appID, func(c *call) {
		info := c.app.info
		found = &info
	})
	return found
}

// DeleteApp deletes an app at once, and reports whether it existed.
func (s *Service) DeleteApp(appID string) bool {
	return s.inspect(appID, func(c *call) { c.user.apps.remove(appID) })
}

// Dataset returns a dataset, or nil.
func (s *Service) Dataset(appID, id string) *clarifai.Dataset {
	var found *clarifai.Dataset
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(id); d != nil {
			info := d.view(c.app)
			found = &info
		}
	})
	return found
}

// Datasets returns the IDs of an app's datasets, in order.
func (s *Service) Datasets(appID string) []string {
	var ids []string
	s.inspect(appID, func(c *call) { ids = slices.Clone(c.app.datasets.ids()) })
	return ids
}

// AddDataset creates a dataset with the named inputs as its members.
func (s *Service) AddDataset(appID string, info clarifai.Dataset, inputIDs ...string) {
	s.inspect(appID, func(c *call) {
		d, err := c.newDataset(info)
		if err != nil {
			panic(err)
		}
		c.app.datasets.put(d.info.ID, d)
		for _, id := range inputIDs {
			if !c.app.inputs.has(id) {
				panic("emulator: no input " + id)
			}
			d.join(id, c.stamp())
		}
	})
}

// EditDataset changes a dataset, and reports whether it existed.
func (s *Service) EditDataset(appID, id string, edit func(*clarifai.Dataset)) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(id); d != nil {
			info := d.info
			edit(&info)
			info.ModifiedAt = c.stamp()
			d.info, found = info, true
		}
	})
	return found
}

// DatasetInputs returns the IDs of a dataset's members, oldest membership first.
func (s *Service) DatasetInputs(appID, datasetID string) []string {
	var ids []string
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			for m := range d.members.oldest() {
				ids = append(ids, m.inputID)
			}
		}
	})
	return ids
}

// JoinDataset adds an input to a dataset.
func (s *Service) JoinDataset(appID, datasetID, inputID string) {
	s.inspect(appID, func(c *call) { c.app.datasets.get(datasetID).join(inputID, c.stamp()) })
}

// DatasetVersion returns a version of a dataset, or nil.
func (s *Service) DatasetVersion(appID, datasetID, id string) *clarifai.DatasetVersion {
	var found *clarifai.DatasetVersion
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			if v := d.versions.get(id); v != nil {
				view := c.versionView(d, v)
				found = &view
			}
		}
	})
	return found
}

// DatasetVersions returns the IDs of a dataset's versions, oldest first.
func (s *Service) DatasetVersions(appID, datasetID string) []string {
	var ids []string
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			for v := range d.versions.oldest() {
				ids = append(ids, v.info.ID)
			}
		}
	})
	return ids
}

// DatasetVersionInputs returns the IDs of the inputs that a version selected.
func (s *Service) DatasetVersionInputs(appID, datasetID, id string) []string {
	var ids []string
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			if v := d.versions.get(id); v != nil {
				for _, item := range v.items {
					ids = append(ids, item.id)
				}
			}
		}
	})
	return ids
}

// EditDatasetVersion changes a version, and reports whether it existed.
func (s *Service) EditDatasetVersion(appID, datasetID, id string, edit func(*clarifai.DatasetVersion)) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			if v := d.versions.get(id); v != nil {
				info := v.info
				edit(&info)
				info.ModifiedAt = c.stamp()
				v.info, found = info, true
			}
		}
	})
	return found
}

// DeleteDatasetVersion deletes a version at once, and reports whether it existed.
func (s *Service) DeleteDatasetVersion(appID, datasetID, id string) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if d := c.app.datasets.get(datasetID); d != nil {
			found = d.versions.has(id)
			d.versions.remove(id)
		}
	})
	return found
}

// Input returns an input, or nil.
func (s *Service) Input(appID, id string) *clarifai.Input {
	var found *clarifai.Input
	s.inspect(appID, func(c *call) {
		if in := c.app.inputs.get(id); in != nil {
			view := c.inputView(c.app, in)
			found = &view
		}
	})
	return found
}

// Inputs returns the IDs of an app's inputs, in order.
func (s *Service) Inputs(appID string) []string {
	var ids []string
	s.inspect(appID, func(c *call) { ids = slices.Clone(c.app.inputs.ids()) })
	return ids
}

// AddInput creates an input that is already processed.
func (s *Service) AddInput(appID string, sent clarifai.Input) {
	s.inspect(appID, func(c *call) {
		in, rejection := s.addInput(c.app, sent, addition{now: c.now, seen: map[string]bool{}})
		if rejection != nil {
			panic("emulator: input " + sent.ID + ": " + rejection.Details)
		}
		in.takes = 0
	})
}

// EditInput changes the labels, metadata or geo of an input, and reports whether it
// existed.
func (s *Service) EditInput(appID, id string, edit func(*clarifai.Data)) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if in := c.app.inputs.get(id); in != nil {
			data := *in.data
			data.Concepts = slices.Clone(data.Concepts)
			edit(&data)
			c.app.addLabels(data.Concepts, c.now)
			data.Concepts = bareLabels(data.Concepts)
			in.data, in.modified, found = &data, c.stamp(), true
		}
	})
	return found
}

// DeleteInput deletes an input at once, and reports whether it existed.
func (s *Service) DeleteInput(appID, id string) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if in := c.app.inputs.get(id); in != nil {
			c.app.removeInput(in)
			found = true
		}
	})
	return found
}

// Content returns the bytes of an input that was sent with content, nil for one that was sent with a URL.
func (s *Service) Content(appID, id string) []byte {
	var content []byte
	s.inspect(appID, func(c *call) {
		if in := c.app.inputs.get(id); in != nil {
			if f := c.app.hosted[in.token()]; f != nil {
				content = f.Content
			}
		}
	})
	return content
}

// Concept returns a concept, or nil.
func (s *Service) Concept(appID, id string) *clarifai.Concept {
	var found *clarifai.Concept
	s.inspect(appID, func(c *call) {
		if stored := c.app.concepts.get(id); stored != nil {
			view := c.app.conceptView(stored)
			found = &view
		}
	})
	return found
}

// Concepts returns the IDs of an app's concepts, in order.
func (s *Service) Concepts(appID string) []string {
	var ids []string
	s.inspect(appID, func(c *call) { ids = slices.Clone(c.app.concepts.ids()) })
	return ids
}

// AddConcept creates a concept.
func (s *Service) AddConcept(appID string, info clarifai.Concept) {
	s.inspect(appID, func(c *call) { c.app.addConcept(info, c.now) })
}

// EditConcept changes a concept, and reports whether it existed.
func (s *Service) EditConcept(appID, id string, edit func(*clarifai.Concept)) bool {
	found := false
	s.inspect(appID, func(c *call) {
		if stored := c.app.concepts.get(id); stored != nil {
			info := *stored
			edit(&info)
			c.app.concepts.put(id, &info)
			found = true
		}
	})
	return found
}

// Annotations returns the annotations of an input, the input-level one first.
func (s *Service) Annotations(appID, inputID string) []clarifai.Annotation {
	var found []clarifai.Annotation
	s.inspect(appID, func(c *call) {
		if in := c.app.inputs.get(inputID); in != nil {
			for _, a := range c.app.annotationsOf(in) {
				found = append(found, c.app.annotationView(a))
			}
		}
	})
	return found
}

// AddAnnotation adds an annotation to an input, also one that clients cannot add,
// such as a model's.
func (s *Service) AddAnnotation(appID string, sent clarifai.Annotation) {
	s.inspect(appID, func(c *call) {
		if _, rejection := c.addAnnotation(sent); rejection != nil {
			panic("emulator: annotation " + sent.ID + ": " + rejection.Details)
		}
	})
}
