package inputs

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
)

func numbers(r *rand.Rand, n int) []uint64 {
	all := make([]uint64, n)
	for i := range all {
		all[i] = r.Uint64()
	}
	return all
}

func sketchOf(size int, sets ...[]uint64) *sketch {
	s := newSketch(size)
	for _, set := range sets {
		for _, n := range set {
			s.add(n)
		}
	}
	return s
}

func TestSketchDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	common := numbers(r, 100_000)
	for _, diff := range []int{0, 1, 2, 10, 50, 100, 200} {
		for range 50 {
			here := numbers(r, r.IntN(diff+1))
			there := numbers(r, diff-len(here))
			gotHere, gotThere, ok := sketchOf(idCells, common, here).difference(sketchOf(idCells, there, common))
			if !ok {
				t.Fatalf("a difference of %d is too much for %d cells", diff, idCells)
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

// What is too much is never taken for something else.
func TestSketchTooMuch(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := idCells + r.IntN(5*idCells)
		if here, there, ok := sketchOf(idCells, numbers(r, n)).difference(sketchOf(idCells)); ok {
			t.Fatalf("%d numbers in %d cells were read as %d and %d", n, idCells, len(here), len(there))
		}
	}
	if _, _, ok := newSketch(40).difference(newSketch(80)); ok {
		t.Error("sketches of different sizes were compared")
	}
	if _, _, ok := (&sketch{}).difference(&sketch{}); ok {
		t.Error("sketches without cells were compared")
	}
}

func TestSketchText(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	set := numbers(r, 500)
	text, err := json.Marshal(sketchOf(120, set))
	if err != nil {
		t.Fatal(err)
	}
	var back sketch
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if here, there, ok := back.difference(sketchOf(120, set)); !ok || len(here)+len(there) > 0 {
		t.Errorf("it came back different: %v %v %v", here, there, ok)
	}
	for _, bad := range []string{"!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA"} {
		if new(sketch).UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzSketchText(f *testing.F) {
	text, _ := sketchOf(4, []uint64{1}).MarshalText()
	f.Add(string(text))
	f.Fuzz(func(_ *testing.T, text string) {
		var s sketch
		if s.UnmarshalText([]byte(text)) == nil {
			s.difference(newSketch(len(s.cells)))
		}
	})
}
