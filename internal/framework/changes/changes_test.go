package changes_test

import (
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/changes"
)

func TestPlanString(t *testing.T) {
	t.Parallel()
	p := changes.Plan{
		Add:    changes.Set{Count: 12, First: []changes.Object{{ID: "t-1000"}, {ID: "t-1001"}}},
		Change: changes.Set{Count: 1, First: []changes.Object{{ID: "t-0017", Difference: "concepts truck 1 -> 0, +van 1"}}},
		Remove: changes.Set{Count: 1, First: []changes.Object{{ID: "t-0500"}}},
		Parts: []changes.Part{
			{Noun: "annotation", Add: changes.Set{Count: 5}},
			{Noun: "membership"},
			{Noun: "relation", Remove: changes.Set{Count: 2, First: []changes.Object{{ID: "b hyponym a"}}}},
		},
		Requests: 4, Rate: 15,
	}
	const want = `12 to add, 1 to change, 0 to replace, 1 to remove; annotations: 5 to add, 0 to change, 0 to remove; ` +
		`relations: 0 to add, 0 to change, 2 to remove; 4 requests, about 1s at 15 requests/s
remove t-0500
remove relation b hyponym a
... and 1 more relations to remove
change t-0017: concepts truck 1 -> 0, +van 1
add t-1000
add t-1001
... and 10 more to add`
	if got := p.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	add, change, replace, remove, ok := changes.Counts(want)
	if !ok || add != 12 || change != 1 || replace != 0 || remove != 1 {
		t.Errorf("read back %d %d %d %d %v", add, change, replace, remove, ok)
	}
	if got := (changes.Plan{Requests: 3}).String(); got != "" {
		t.Errorf("a plan without changes is %q", got)
	}
	if _, _, _, _, ok := changes.Counts("99999999999999999999 to add, 0 to change, 0 to replace, 0 to remove"); ok {
		t.Error("a number that does not fit was read")
	}
	if n := changes.Removed(want, "annotation"); n != 0 {
		t.Errorf("%d annotations are removed", n)
	}
	const annotations = "0 to add, 1 to change, 0 to replace, 0 to remove; annotations: 1 to add, 2 to change, 3 to remove; 2 requests"
	if n := changes.Removed(annotations, "annotation"); n != 3 {
		t.Errorf("%d annotations are removed, want 3", n)
	}
	if _, _, _, _, ok := changes.Counts(""); ok {
		t.Error("counts were read from nothing")
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		requests int
		rate     float64
		want     string
	}{
		{1, 0, "1 request"},
		{782, 15, "782 requests, about 52s at 15 requests/s"},
		{79, 0.5, "79 requests, about 2m38s at 0.5 requests/s"},
	} {
		if got := changes.Cost(test.requests, test.rate); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// Objects are counted, and the first ones are listed.
func TestSetAdd(t *testing.T) {
	t.Parallel()
	var s changes.Set
	for range changes.Listed + 2 {
		s.Add("a", "b")
	}
	if s.Count != changes.Listed+2 || len(s.First) != changes.Listed || s.First[0] != (changes.Object{ID: "a", Difference: "b"}) {
		t.Errorf("got %+v", s)
	}
}
