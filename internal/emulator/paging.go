package emulator

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

const (
	defaultPerPage       = 128
	defaultPerPageStream = 20
	maxPerPage           = 1000
)

// paging is a window over a list: which page, and how long pages are.
type paging struct{ page, perPage int }

func (p paging) skip() int { return (p.page - 1) * p.perPage }

// paging reads page and per_page of a list call.
func (c *call) paging() (paging, error) {
	page, err := c.query.number("page")
	if err != nil {
		return paging{}, err
	}
	perPage, err := c.query.number("per_page")
	if err != nil {
		return paging{}, err
	}
	return makePaging(page, perPage)
}

// bodyPaging reads the pagination of calls that carry it in the body.
func bodyPaging(p *clarifai.Pagination) (paging, error) {
	if p == nil {
		return makePaging(0, 0)
	}
	return makePaging(int(p.Page), int(p.PerPage))
}

func makePaging(page, perPage int) (paging, error) {
	if perPage > maxPerPage {
		return paging{}, fail(clarifai.StatusInvalidRequest, "per_page %d is over the maximum of %d", perPage, maxPerPage)
	}
	if page == 0 {
		page = 1
	}
	if perPage == 0 {
		perPage = defaultPerPage
	}
	return paging{page, perPage}, nil
}

// pageOf cuts a page out of a list that is at hand; past the end it is empty.
func pageOf[T any](p paging, all []T) []T {
	from := min(p.skip(), len(all))
	return all[from:min(from+p.perPage, len(all))]
}
