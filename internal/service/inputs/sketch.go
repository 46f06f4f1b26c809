package inputs

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// A sketch is a digest of a set of numbers whose size does not depend on the
// size of the set, and from which the difference to another set can be read as
// long as that is small (an invertible Bloom lookup table). With it, state can
// tell which of a hundred thousand inputs have come, gone or changed without
// listing them.
//
// Each number is added to one cell in each of four parts. The cells of equal
// numbers cancel out when one sketch is subtracted from another; what remains is
// the difference. A cell that holds only one number gives it away, and taking
// that out of its other cells leaves more such cells.
type sketch struct{ cells []cell }

type cell struct {
	count int32
	sum   uint64 // of all numbers in the cell, by exclusive or
	check uint32 // of a hash of each, to see whether sum is a single number
}

const (
	sketchParts = 4
	cellBytes   = 4 + 8 + 4
)

// newSketch has room for differences of more than half of size.
func newSketch(size int) *sketch {
	size = (size + sketchParts - 1) / sketchParts * sketchParts
	return &sketch{cells: make([]cell, size)}
}

// mix is the finalizer of splitmix64: each bit of x changes half of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func checkOf(n uint64) uint32 { return uint32(mix(n^0x5bd1e9955bd1e995) >> 32) } //nolint:gosec // half of it is wanted

func (s *sketch) put(n uint64, count int32) {
	part := uint64(len(s.cells) / sketchParts)
	for i := range uint64(sketchParts) {
		c := &s.cells[i*part+mix(n+i)%part]
		c.count += count
		c.sum ^= n
		c.check ^= checkOf(n)
	}
}

func (s *sketch) add(n uint64) { s.put(n, 1) }

// difference reads what only one of two sketches of the same size holds. It is
// not ok when that is too much.
func (s *sketch) difference(other *sketch) (here, there []uint64, ok bool) {
	if len(s.cells) != len(other.cells) || len(s.cells) == 0 {
		return nil, nil, false
	}
	d := &sketch{cells: make([]cell, len(s.cells))}
	for i, c := range s.cells {
		o := other.cells[i]
		d.cells[i] = cell{c.count - o.count, c.sum ^ o.sum, c.check ^ o.check}
	}
	for again := true; again; {
		again = false
		for _, c := range d.cells {
			if (c.count != 1 && c.count != -1) || checkOf(c.sum) != c.check {
				continue
			}
			if c.count == 1 {
				here = append(here, c.sum)
			} else {
				there = append(there, c.sum)
			}
			if len(here)+len(there) > len(d.cells) {
				return nil, nil, false
			}
			d.put(c.sum, -c.count)
			again = true
		}
	}
	for _, c := range d.cells {
		if c != (cell{}) {
			return nil, nil, false
		}
	}
	return here, there, true
}

var errNotASketch = errors.New("not a sketch")

// MarshalText writes base64.
func (s *sketch) MarshalText() ([]byte, error) {
	b := make([]byte, 0, len(s.cells)*cellBytes)
	for _, c := range s.cells {
		b = binary.LittleEndian.AppendUint32(b, uint32(c.count)) //nolint:gosec // read back the same way
		b = binary.LittleEndian.AppendUint64(b, c.sum)
		b = binary.LittleEndian.AppendUint32(b, c.check)
	}
	return base64.RawStdEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText reads it back.
func (s *sketch) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(b)%(sketchParts*cellBytes) != 0 {
		return errNotASketch
	}
	s.cells = make([]cell, 0, len(b)/cellBytes)
	for ; len(b) > 0; b = b[cellBytes:] {
		s.cells = append(s.cells, cell{
			count: int32(binary.LittleEndian.Uint32(b)), //nolint:gosec // as it was written
			sum:   binary.LittleEndian.Uint64(b[4:]),
			check: binary.LittleEndian.Uint32(b[12:]),
		})
	}
	return nil
}
