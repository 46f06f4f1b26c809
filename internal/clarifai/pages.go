package clarifai

import (
	"context"
	"iter"
	"net/url"
	"strconv"
)

// MaxPerPage is the largest page that the documentation allows.
const MaxPerPage = 1000

// Page asks for one page of a list. Zero values leave the choice to the service
// (page 1, 128 a page).
type Page struct {
	Page    uint32 `json:"page,omitzero"` // from 1
	PerPage uint32 `json:"per_page,omitzero"`
}

func (p Page) values() url.Values {
	q := url.Values{}
	if p.Page != 0 {
		q.Set("page", strconv.FormatUint(uint64(p.Page), 10))
	}
	if p.PerPage != 0 {
		q.Set("per_page", strconv.FormatUint(uint64(p.PerPage), 10))
	}
	return q
}

// walk yields the items of all pages. There is no total and no next token: it
// stops at an empty page, at a short page of at most 128 (whether larger pages
// are clamped is not documented), or at a page that brings nothing new. Items
// are yielded once by key, since rows can shift between pages while others write.
func walk[T any](ctx context.Context, perPage uint32, fetch func(Page) ([]T, error), key func(T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		seen := map[string]struct{}{}
		for page := uint32(1); ; page++ {
			if err := ctx.Err(); err != nil {
				yield(zero, err)
				return
			}
			items, err := fetch(Page{Page: page, PerPage: perPage})
			if err != nil {
				yield(zero, err)
				return
			}
			fresh := false
			for _, item := range items {
				k := key(item)
				if _, dup := seen[k]; dup {
					continue
				}
				seen[k] = struct{}{}
				fresh = true
				if !yield(item, nil) {
					return
				}
			}
			short := perPage != 0 && perPage <= 128 && len(items) < int(perPage)
			if !fresh || short {
				return
			}
		}
	}
}

// defaultPerPage is the service's own page size. A shorter page of it is known to be the last one.
const defaultPerPage = 128

// size is the page size to walk with.
func (p Page) size() uint32 {
	if p.PerPage == 0 {
		return defaultPerPage
	}
	return p.PerPage
}

// pagination is the page as calls carry it in their body.
func (p Page) pagination() *Pagination {
	if p == (Page{}) {
		return nil
	}
	return &Pagination{Page: p.Page, PerPage: p.PerPage}
}
