package clarifai

import "context"

// The methods of this file write one object each, and travel with others that
// are under way at the same time (see batch.go). They answer as a call of their
// own would: what the caller gets is the outcome of its own object.

// CreateInput adds one input: [Client.PostInputs], up to 128 a call. A video
// travels alone, since the service takes one a call.
func (c *Client) CreateInput(ctx context.Context, app AppRef, input Input) (*Input, error) {
	op := operation[Input, Input]{
		name: "PostInputs", id: inputID, creates: true, atomic: true,
		send: func(ctx context.Context, inputs []Input) ([]Item[Input], error) {
			result, err := c.PostInputs(ctx, app, PostInputsRequest{Inputs: inputs})
			if err != nil {
				return nil, err
			}
			return result.Items, nil
		},
	}
	if input.Data != nil && input.Data.Video != nil {
		items, err := op.send(ctx, []Input{input})
		if err == nil {
			err = items[0].Err
		}
		if err != nil {
			return nil, err
		}
		return &items[0].Value, nil
	}
	return pointer(share(ctx, c, &c.batches.createInput, scope{app: app}, input, op))
}

// UpdateInput changes concepts, metadata and geo of one input: [Client.PatchInputs], up to 128 a call of the same action.
func (c *Client) UpdateInput(ctx context.Context, app AppRef, input Input, action PatchAction) (*Input, error) {
	return pointer(share(ctx, c, &c.batches.changeInput, scope{app: app, action: action}, input, operation[Input, Input]{
		name: "PatchInputs", id: inputID,
		send: func(ctx context.Context, inputs []Input) ([]Item[Input], error) {
			return c.PatchInputs(ctx, app, inputs, action)
		},
	}))
}

// RemoveInput starts deleting one input: [Client.DeleteInput] alone, [Client.DeleteInputs] in company. Not found is
// an outcome to expect when it is gone already; it is gone for certain when [Client.PollRemovedInput] does not find it.
func (c *Client) RemoveInput(ctx context.Context, app AppRef, id string) error {
	return remove(ctx, c, &c.batches.removeInput, scope{app: app}, id, "DeleteInputs",
		func(ctx context.Context, ids []string) error {
			if len(ids) == 1 {
				return c.DeleteInput(ctx, app, ids[0])
			}
			return c.DeleteInputs(ctx, app, ids)
		})
}

// CreateDatasetInput makes one input a member of a dataset: [Client.PostDatasetInputs], up to 128 a call of the same dataset.
func (c *Client) CreateDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) (*DatasetInput, error) {
	return pointer(share(ctx, c, &c.batches.addDatasetInput, scope{app: app, parent: datasetID}, inputID, operation[string, DatasetInput]{
		name: "PostDatasetInputs", id: itself,
		send: func(ctx context.Context, ids []string) ([]Item[DatasetInput], error) {
			return c.PostDatasetInputs(ctx, app, datasetID, ids)
		},
	}))
}

// RemoveDatasetInput ends one membership: [Client.DeleteDatasetInputs], up to 128 a call of the same dataset.
func (c *Client) RemoveDatasetInput(ctx context.Context, app AppRef, datasetID, inputID string) error {
	return remove(ctx, c, &c.batches.removeDatasetInput, scope{app: app, parent: datasetID}, inputID, "DeleteDatasetInputs",
		func(ctx context.Context, ids []string) error { return c.DeleteDatasetInputs(ctx, app, datasetID, ids) })
}

// CreateDataset creates one dataset: [Client.PostDatasets], up to 128 a call. That call is all or nothing, so a bad
// dataset is found by halves, and the others are created all the same.
func (c *Client) CreateDataset(ctx context.Context, app AppRef, dataset Dataset) (*Dataset, error) {
	return pointer(share(ctx, c, &c.batches.createDataset, scope{app: app}, dataset, operation[Dataset, Dataset]{
		name: "PostDatasets", id: datasetID, creates: true, atomic: true,
		send: func(ctx context.Context, datasets []Dataset) ([]Item[Dataset], error) {
			answered, err := c.PostDatasets(ctx, app, datasets)
			return sorted("PostDatasets", datasets, answered, datasetID, err)
		},
	}))
}

// UpdateDataset changes one dataset: [Client.PatchDatasets], up to 128 a call of the same action.
func (c *Client) UpdateDataset(ctx context.Context, app AppRef, dataset Dataset, action PatchAction) (*Dataset, error) {
	return pointer(share(ctx, c, &c.batches.changeDataset, scope{app: app, action: action}, dataset, operation[Dataset, Dataset]{
		name: "PatchDatasets", id: datasetID,
		send: func(ctx context.Context, datasets []Dataset) ([]Item[Dataset], error) {
			answered, err := c.PatchDatasets(ctx, app, datasets, action)
			return sorted("PatchDatasets", datasets, answered, datasetID, err)
		},
	}))
}

// RemoveDataset deletes one dataset: [Client.DeleteDatasets], up to 128 a call.
func (c *Client) RemoveDataset(ctx context.Context, app AppRef, id string) error {
	return remove(ctx, c, &c.batches.removeDataset, scope{app: app}, id, "DeleteDatasets",
		func(ctx context.Context, ids []string) error { return c.DeleteDatasets(ctx, app, ids) })
}

// UpdateDatasetVersion changes one version: [Client.PatchDatasetVersions] with overwrite, up to 128 a call of the same dataset.
func (c *Client) UpdateDatasetVersion(ctx context.Context, app AppRef, dataset string, version DatasetVersion) (*DatasetVersion, error) {
	return pointer(share(ctx, c, &c.batches.changeDatasetVersion, scope{app: app, parent: dataset}, version, operation[DatasetVersion, DatasetVersion]{
		name: "PatchDatasetVersions", id: datasetVersionID,
		send: func(ctx context.Context, versions []DatasetVersion) ([]Item[DatasetVersion], error) {
			answered, err := c.PatchDatasetVersions(ctx, app, dataset, versions, ActionOverwrite)
			return sorted("PatchDatasetVersions", versions, answered, datasetVersionID, err)
		},
	}))
}

// RemoveDatasetVersion deletes one version: [Client.DeleteDatasetVersions], up to 128 a call of the same dataset.
func (c *Client) RemoveDatasetVersion(ctx context.Context, app AppRef, dataset, id string) error {
	return remove(ctx, c, &c.batches.removeDatasetVersion, scope{app: app, parent: dataset}, id, "DeleteDatasetVersions",
		func(ctx context.Context, ids []string) error { return c.DeleteDatasetVersions(ctx, app, dataset, ids) })
}

// CreateConcept creates one concept: [Client.PostConcepts], up to 128 a call.
func (c *Client) CreateConcept(ctx context.Context, app AppRef, concept Concept) (*Concept, error) {
	return pointer(share(ctx, c, &c.batches.createConcept, scope{app: app}, concept, operation[Concept, Concept]{
		name: "PostConcepts", id: conceptID, creates: true,
		send: func(ctx context.Context, concepts []Concept) ([]Item[Concept], error) {
			answered, err := c.PostConcepts(ctx, app, concepts)
			return sorted("PostConcepts", concepts, answered, conceptID, err)
		},
	}))
}

// UpdateConcept changes one concept: [Client.PatchConcepts] with overwrite, up to 128 a call.
func (c *Client) UpdateConcept(ctx context.Context, app AppRef, concept Concept) (*Concept, error) {
	return pointer(share(ctx, c, &c.batches.changeConcept, scope{app: app}, concept, operation[Concept, Concept]{
		name: "PatchConcepts", id: conceptID,
		send: func(ctx context.Context, concepts []Concept) ([]Item[Concept], error) {
			answered, err := c.PatchConcepts(ctx, app, concepts, ActionOverwrite)
			return sorted("PatchConcepts", concepts, answered, conceptID, err)
		},
	}))
}

// CreateConceptLanguage adds one translation: [Client.PostConceptLanguages], up to 128 a call of the same concept.
func (c *Client) CreateConceptLanguage(ctx context.Context, app AppRef, concept string, language ConceptLanguage) (*ConceptLanguage, error) {
	return pointer(share(ctx, c, &c.batches.createConceptLanguage, scope{app: app, parent: concept}, language, operation[ConceptLanguage, ConceptLanguage]{
		name: "PostConceptLanguages", id: conceptLanguageID, creates: true,
		send: func(ctx context.Context, languages []ConceptLanguage) ([]Item[ConceptLanguage], error) {
			answered, err := c.PostConceptLanguages(ctx, app, concept, languages)
			return sorted("PostConceptLanguages", languages, answered, conceptLanguageID, err)
		},
	}))
}

// UpdateConceptLanguage changes one translation: [Client.PatchConceptLanguages] with overwrite, up to 128 a call of the
// same concept.
func (c *Client) UpdateConceptLanguage(ctx context.Context, app AppRef, concept string, language ConceptLanguage) (*ConceptLanguage, error) {
	return pointer(share(ctx, c, &c.batches.changeConceptLanguage, scope{app: app, parent: concept}, language, operation[ConceptLanguage, ConceptLanguage]{
		name: "PatchConceptLanguages", id: conceptLanguageID,
		send: func(ctx context.Context, languages []ConceptLanguage) ([]Item[ConceptLanguage], error) {
			answered, err := c.PatchConceptLanguages(ctx, app, concept, languages, ActionOverwrite)
			return sorted("PatchConceptLanguages", languages, answered, conceptLanguageID, err)
		},
	}))
}

// CreateConceptRelation creates one relation of a subject concept: [Client.PostConceptRelations], up to 128 a call of
// the same subject.
func (c *Client) CreateConceptRelation(ctx context.Context, app AppRef, subject string, relation ConceptRelation) (*ConceptRelation, error) {
	return pointer(share(ctx, c, &c.batches.createConceptRelation, scope{app: app, parent: subject}, relation, operation[ConceptRelation, ConceptRelation]{
		name: "PostConceptRelations", id: relationEnds, creates: true,
		send: func(ctx context.Context, relations []ConceptRelation) ([]Item[ConceptRelation], error) {
			answered, err := c.PostConceptRelations(ctx, app, subject, relations)
			return sorted("PostConceptRelations", relations, answered, relationEnds, err)
		},
	}))
}

// RemoveConceptRelation deletes one relation: [Client.DeleteConceptRelations], up to 128 a call of the same concept.
func (c *Client) RemoveConceptRelation(ctx context.Context, app AppRef, concept, id string) error {
	return remove(ctx, c, &c.batches.removeConceptRelation, scope{app: app, parent: concept}, id, "DeleteConceptRelations",
		func(ctx context.Context, ids []string) error { return c.DeleteConceptRelations(ctx, app, concept, ids) })
}

// remove shares a delete by ids, whose answer says nothing of the single items: either all are done, or none can be
// told from the others, and halves are asked again. That an item was not found then may be the work of the first call,
// which comes to the same.
func remove(ctx context.Context, c *Client, q *queue[string, none], at scope, id, op string, call func(context.Context, []string) error) error {
	_, err := share(ctx, c, q, at, id, operation[string, none]{
		name: op, id: itself,
		send: func(ctx context.Context, ids []string) ([]Item[none], error) {
			if err := call(ctx, ids); err != nil {
				return nil, err
			}
			return make([]Item[none], len(ids)), nil
		},
	})
	return err
}

// sorted gives each item asked for its own answer, by id where there is one and else by position.
func sorted[T any](op string, asked, answered []T, id func(T) string, err error) ([]Item[T], error) {
	if err != nil {
		return nil, err
	}
	return outcomes(op, Status{Code: StatusSuccess}, asked, answered, id, func(T) Status { return Status{} })
}

// pointer is the outcome as single reads and writes give it: nothing beside an error.
func pointer[T any](value T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return &value, nil
}

func itself(id string) string { return id }

func datasetID(d Dataset) string { return d.ID }

func datasetVersionID(v DatasetVersion) string { return v.ID }

func conceptID(k Concept) string { return k.ID }

func conceptLanguageID(l ConceptLanguage) string { return l.ID }

// relationEnds tells the relations of one subject apart before they have an id. The graph is last: the service may name
// the global one, for which requests say nothing.
func relationEnds(r ConceptRelation) string {
	object := ""
	if r.ObjectConcept != nil {
		object = r.ObjectConcept.ID
	}
	return object + "\x00" + r.Predicate + "\x00" + r.KnowledgeGraphID
}
