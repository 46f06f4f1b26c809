package clarifai

import (
	"context"
	"hash/maphash"
	"iter"
	"net/url"
	"strconv"
	"sync"
)

// MaxPerPage is the largest page that the documentation allows.
const MaxPerPage = 1000

// defaultPerPage is the service's own page size. A shorter page of at most that size is known to be the last one.
const defaultPerPage = 128

// Page asks for one page of a list. Zero values leave the choice to the service (page 1, 128 a page).
type Page struct {
	Page    uint32 `json:"page,omitzero"` // from 1
	PerPage uint32 `json:"per_page,omitzero"`

	// Expected is how many objects the list probably has. Methods that read all pages request as many pages at once as
	// that number fills, and the rest one after the other. A wrong number costs time, never objects.
	Expected int `json:"-"`
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

// pagination is the page as requests carry it in their body.
func (p Page) pagination() *Pagination {
	if p.Page == 0 && p.PerPage == 0 {
		return nil
	}
	return &Pagination{Page: p.Page, PerPage: p.PerPage}
}

// maxPagesAtOnce bounds the pages that are requested at once, and with them the memory.
const maxPagesAtOnce = 8

// walk yields the items of all pages. Responses carry no total and no next token: walk stops at an empty page, at a short
// page of at most 128 items (whether larger pages are clamped is not documented), or at a page without new items. It yields
// each item once by key, because rows can move between pages while others write. It skips items that are null.
func walk[T any](
	ctx context.Context, all Page, fetch func(context.Context, Page) ([]T, error), key func(T) string,
) iter.Seq2[T, error] {
	size := all.PerPage
	if size == 0 {
		size = defaultPerPage
	}
	return func(yield func(T, error) bool) {
		var zero T
		ctx, cancel := context.WithCancel(ctx)
		pages := pageQueue[T]{size: size, expected: all.Expected, rows: int(size), fetch: fetch}
		defer pages.stop(cancel)
		seen := map[[2]uint64]struct{}{} // keys as hashes of 128 bits: a list may have a million
		seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
		for number := uint32(1); ; number++ {
			if err := ctx.Err(); err != nil {
				yield(zero, err)
				return
			}
			items, err := pages.next(ctx, number)
			if err != nil {
				yield(zero, err)
				return
			}
			fresh := false
			for _, item := range items {
				text := key(item)
				k := [2]uint64{maphash.String(seeds[0], text), maphash.String(seeds[1], text)}
				if _, repeated := seen[k]; repeated || isZero(item) {
					continue
				}
				seen[k] = struct{}{}
				fresh = true
				if !yield(item, nil) {
					return
				}
			}
			short := size <= defaultPerPage && len(items) < int(size)
			if !fresh || short {
				return
			}
		}
	}
}

// pageQueue requests pages ahead of their use, as far as the expected number of items fills them.
type pageQueue[T any] struct {
	size     uint32
	expected int
	rows     int // items in a page: the first page tells whether the service clamps pages
	fetch    func(context.Context, Page) ([]T, error)

	requested uint32 // the last page that was requested
	waiting   []chan Item[[]T]
	requests  sync.WaitGroup
}

// next returns a page. It is called with 1, 2, 3 and so on.
func (q *pageQueue[T]) next(ctx context.Context, number uint32) ([]T, error) {
	last := uint32((q.expected + q.rows - 1) / q.rows) //nolint:gosec // as many pages as a list has
	for q.requested < max(number, min(last, number-1+maxPagesAtOnce)) {
		q.requested++
		page, result := Page{Page: q.requested, PerPage: q.size}, make(chan Item[[]T], 1)
		q.waiting = append(q.waiting, result)
		if q.requested == number && last <= number {
			items, err := q.fetch(ctx, page) // no other page to read at the same time
			result <- Item[[]T]{Value: items, Err: err}
			continue
		}
		q.requests.Go(func() {
			items, err := q.fetch(ctx, page)
			result <- Item[[]T]{Value: items, Err: err}
		})
	}
	got := <-q.waiting[0]
	q.waiting = q.waiting[1:]
	if number == 1 && len(got.Value) > 0 {
		q.rows = min(q.rows, len(got.Value))
	}
	return got.Value, got.Err
}

// stop cancels the requests that are still under way and waits for them.
func (q *pageQueue[T]) stop(cancel context.CancelFunc) {
	cancel()
	q.requests.Wait()
}
