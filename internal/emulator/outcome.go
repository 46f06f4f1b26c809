package emulator

import (
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// itemOutcomes sets the status of a request with several items, of which some were rejected.
func (c *call) itemOutcomes(items int, rejections []*clarifai.Status) {
	c.CountOutcome(items, len(rejections))
	if len(rejections) < items || len(rejections) == 0 || !c.dialect(CallCodeOfItems) {
		return
	}
	first := rejections[0]
	if !slices.ContainsFunc(rejections, func(s *clarifai.Status) bool { return s.Code != first.Code }) {
		c.Outcome = clarifai.Status{Code: first.Code, Details: first.Details}
	}
}

// duplicate rejects an object whose id exists. Each kind of object has its own code.
func (c *call) duplicate(kind, id string) error {
	if c.dialect(DuplicateCode40003) {
		return reject(clarifai.StatusConceptsInvalidRequest, "%s with duplicate ID '%s'", kind, id)
	}
	return reject(clarifai.StatusDuplicateID, "%s '%s' exists already", kind, id)
}

// conceptDuplicate rejects a concept, or an object of a concept, that exists.
func (c *call) conceptDuplicate(format string, args ...any) error {
	code := clarifai.StatusConceptsInvalidRequest
	if c.dialect(ConceptDuplicate40010) {
		code = clarifai.StatusDuplicateID
	}
	return reject(code, format, args...)
}

// unknownOnDelete rejects the deletion of an object that does not exist, unless
// the service ignores it.
func (c *call) unknownOnDelete(parameter, id string) error {
	if c.dialect(DeleteUnknownSucceeds) {
		return nil
	}
	return notFound(parameter, id)
}

// listPage returns a page of a table, newest first.
func listPage[T any](c *call, t *table[T], p apiserver.Paging) []*T {
	if c.dialect(ListsOldestFirst) {
		return take(p, t.oldest())
	}
	return t.newestPage(p)
}
