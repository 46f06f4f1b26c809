package iblt

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
)

// testCells is the size that the provider uses for ids.
const testCells = 280

func numbers(r *rand.Rand, n int) []uint64 {
	all := make([]uint64, n)
	for i := range all {
		all[i] = r.Uint64()
	}
	return all
}

func tableOf(size int, sets ...[]uint64) *Table {
	t := New(size)
	for _, set := range sets {
		for _, n := range set {
			t.Add(n)
		}
	}
	return t
}

func TestDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	common := numbers(r, 100_000)
	for _, diff := range []int{0, 1, 2, 10, 50, 100, 150} {
		for range 50 {
			here := numbers(r, r.IntN(diff+1))
			there := numbers(r, diff-len(here))
			gotHere, gotThere, ok := tableOf(testCells, common, here).Difference(tableOf(testCells, there, common))
			if !ok {
				t.Fatalf("a difference of %d cannot be read from %d cells", diff, testCells)
			}
			for _, s := range [][]uint64{here, there, gotHere, gotThere} {
				slices.Sort(s)
			}
			if !slices.Equal(here, gotHere) || !slices.Equal(there, gotThere) {
				t.Fatalf("got %v and %v, want %v and %v", gotHere, gotThere, here, there)
			}
		}
	}
}

// A difference that is too large is reported as such, never as another difference.
func TestDifference_tooLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := testCells + r.IntN(5*testCells)
		if here, there, ok := tableOf(testCells, numbers(r, n)).Difference(tableOf(testCells)); ok {
			t.Fatalf("%d numbers in %d cells were read as %d and %d", n, testCells, len(here), len(there))
		}
	}
	if _, _, ok := New(40).Difference(New(80)); ok {
		t.Error("tables of different sizes were compared")
	}
	if _, _, ok := (&Table{}).Difference(&Table{}); ok {
		t.Error("tables without cells were compared")
	}
}

func TestText(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	set := numbers(r, 500)
	text, err := json.Marshal(tableOf(120, set))
	if err != nil {
		t.Fatal(err)
	}
	var back Table
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if here, there, ok := back.Difference(tableOf(120, set)); !ok || len(here)+len(there) > 0 {
		t.Errorf("the decoded table differs: %v %v %v", here, there, ok)
	}
	for _, bad := range []string{"!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA"} {
		if new(Table).UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzUnmarshalText(f *testing.F) {
	text, _ := tableOf(4, []uint64{1}).MarshalText()
	f.Add(string(text))
	f.Fuzz(func(_ *testing.T, text string) {
		var s Table
		if s.UnmarshalText([]byte(text)) == nil {
			s.Difference(New(s.Size()))
		}
	})
}
