package emulator

import (
	"cmp"
	"iter"
	"slices"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

// A table stores objects by ID and in order of creation. Deleting
// leaves a gap. Gaps are removed when they are the larger part, so that
// the cost of an operation does not depend on the size of the table.
type table[T any] struct {
	rows   []row[T]
	index  map[string]int
	sorted []string // IDs in order, nil if out of date
}

type row[T any] struct {
	id    string
	value *T // nil in a gap
}

func (t *table[T]) len() int { return len(t.index) }

func (t *table[T]) has(id string) bool {
	_, ok := t.index[id]
	return ok
}

// get returns the object with id, or nil.
func (t *table[T]) get(id string) *T {
	i, ok := t.index[id]
	if !ok {
		return nil
	}
	return t.rows[i].value
}

// put stores v under id: in place of an existing object, or as the newest.
func (t *table[T]) put(id string, v *T) {
	if i, ok := t.index[id]; ok {
		t.rows[i].value = v
		return
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	t.index[id] = len(t.rows)
	t.rows = append(t.rows, row[T]{id, v})
	t.sorted = nil
}

func (t *table[T]) remove(id string) {
	i, ok := t.index[id]
	if !ok {
		return
	}
	t.rows[i] = row[T]{}
	delete(t.index, id)
	t.sorted = nil
	if len(t.rows) > 2*len(t.index)+64 {
		t.compact()
	}
}

func (t *table[T]) compact() {
	t.rows = slices.DeleteFunc(t.rows, func(r row[T]) bool { return r.value == nil })
	t.rows = slices.Clip(t.rows)
	for i, r := range t.rows {
		t.index[r.id] = i
	}
}

// oldest yields the objects in order of creation.
func (t *table[T]) oldest() iter.Seq[*T] { return t.walk(0, 1) }

// newest yields the objects, newest first.
func (t *table[T]) newest() iter.Seq[*T] { return t.walk(len(t.rows)-1, -1) }

// after yields the objects after the one with id, forward or backward.
func (t *table[T]) after(id string, backward bool) iter.Seq[*T] {
	if backward {
		return t.walk(t.index[id]-1, -1)
	}
	return t.walk(t.index[id]+1, 1)
}

func (t *table[T]) walk(from, step int) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := from; i >= 0 && i < len(t.rows); i += step {
			if v := t.rows[i].value; v != nil && !yield(v) {
				return
			}
		}
	}
}

// newestPage returns a page of the objects, newest first. Without gaps
// its cost does not depend on the page number.
func (t *table[T]) newestPage(p apiserver.Paging) []*T {
	if len(t.rows) == len(t.index) {
		end := max(len(t.rows)-p.Skip(), 0)
		page := make([]*T, 0, min(p.PerPage, end))
		for i := end - 1; i >= max(end-p.PerPage, 0); i-- {
			page = append(page, t.rows[i].value)
		}
		return page
	}
	return take(p, t.newest())
}

// idPage returns a page of the objects in the order of their IDs.
func (t *table[T]) idPage(p apiserver.Paging) []*T {
	ids := apiserver.PageOf(p, t.ids())
	page := make([]*T, len(ids))
	for i, id := range ids {
		page[i] = t.get(id)
	}
	return page
}

// ids returns all IDs in order. The caller must not change them.
func (t *table[T]) ids() []string {
	if t.sorted == nil {
		t.sorted = make([]string, 0, len(t.index))
		for id := range t.index {
			t.sorted = append(t.sorted, id)
		}
		slices.SortFunc(t.sorted, cmp.Compare)
	}
	return t.sorted
}

// take returns a page of a sequence.
func take[T any](p apiserver.Paging, all iter.Seq[T]) []T {
	var page []T
	skip := p.Skip()
	for v := range all {
		if skip > 0 {
			skip--
			continue
		}
		if len(page) == p.PerPage {
			break
		}
		page = append(page, v)
	}
	return page
}

// matching yields the values that pass the test.
func matching[T any](all iter.Seq[T], test func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range all {
			if test(v) && !yield(v) {
				return
			}
		}
	}
}
