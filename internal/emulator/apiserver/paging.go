package apiserver

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// Page lengths of the API.
const (
	DefaultPerPage       = 128
	DefaultPerPageStream = 20
	MaxPerPage           = 1000
)

// Paging is a page of a list: its number and its length.
type Paging struct{ Page, PerPage int }

// Skip returns the number of items before the page.
func (p Paging) Skip() int { return (p.Page - 1) * p.PerPage }

// Paging reads page and per_page of a list request.
func (r *Request) Paging() (Paging, error) {
	page, err := r.Query.Number("page")
	if err != nil {
		return Paging{}, err
	}
	perPage, err := r.Query.Number("per_page")
	if err != nil {
		return Paging{}, err
	}
	return r.NewPaging(page, perPage)
}

// BodyPaging reads the pagination of requests that have it in the body.
func (r *Request) BodyPaging(p *clarifai.Pagination) (Paging, error) {
	if p == nil {
		return r.NewPaging(0, 0)
	}
	return r.NewPaging(int(p.Page), int(p.PerPage))
}

// NewPaging applies the defaults of a page and its length, and checks the maximum.
func (r *Request) NewPaging(page, perPage int) (Paging, error) {
	if perPage > MaxPerPage {
		if !r.options.ClampPerPage {
			return Paging{}, Reject(clarifai.StatusInvalidRequest, "per_page %d is over the maximum of %d", perPage, MaxPerPage)
		}
		perPage = MaxPerPage
	}
	if page == 0 {
		page = 1
	}
	if perPage == 0 {
		perPage = DefaultPerPage
	}
	return Paging{page, perPage}, nil
}

// PageOf returns a page of a list. A page after the end is empty.
func PageOf[T any](p Paging, all []T) []T {
	from := min(p.Skip(), len(all))
	return all[from:min(from+p.PerPage, len(all))]
}
