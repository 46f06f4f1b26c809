// Package iblt implements an invertible Bloom lookup table: a digest of a set of
// numbers whose size does not depend on the size of the set, and from which the
// difference to another set can be read as long as the difference is small.
//
// Each number is added to one cell in each of four parts. Equal numbers cancel
// out when one table is subtracted from another; what remains is the difference.
// A cell that holds a single number reveals it, and removing that number from its
// other cells leaves more such cells.
//
// See Goodrich and Mitzenmacher, "Invertible Bloom Lookup Tables", 2011.
package iblt

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// Table is an invertible Bloom lookup table. Create one with [New].
type Table struct{ cells []cell }

type cell struct {
	count int16  // numbers in the cell; may overflow, since only differences count
	sum   uint64 // all numbers of the cell, combined by exclusive or
	check uint32 // the same for a hash of each, which tells whether sum is a single number
}

const (
	parts     = 4
	cellBytes = 2 + 8 + 4
)

// New returns an empty table of at least size cells. Differences of up to about
// half as many numbers can be read from it.
func New(size int) *Table {
	size = (size + parts - 1) / parts * parts
	return &Table{cells: make([]cell, size)}
}

// Size returns the number of cells.
func (t *Table) Size() int { return len(t.cells) }

// Add adds a number.
func (t *Table) Add(n uint64) { t.put(n, 1) }

func (t *Table) put(n uint64, count int16) {
	part := uint64(len(t.cells) / parts)
	for i := range uint64(parts) {
		c := &t.cells[i*part+mix(n+i)%part]
		c.count += count
		c.sum ^= n
		c.check ^= checksum(n)
	}
}

// mix is the finalizer of splitmix64: each bit of x changes half of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func checksum(n uint64) uint32 {
	return uint32(mix(n^0x5bd1e9955bd1e995) >> 32) //nolint:gosec // half of the bits are wanted
}

// Difference returns the numbers that only t holds and those that only other
// holds. It is not ok when the tables differ in size or in too many numbers.
func (t *Table) Difference(other *Table) (here, there []uint64, ok bool) {
	if len(t.cells) != len(other.cells) || len(t.cells) == 0 {
		return nil, nil, false
	}
	d := &Table{cells: make([]cell, len(t.cells))}
	for i, c := range t.cells {
		o := other.cells[i]
		d.cells[i] = cell{c.count - o.count, c.sum ^ o.sum, c.check ^ o.check}
	}
	for found := true; found; {
		found = false
		for _, c := range d.cells {
			if (c.count != 1 && c.count != -1) || checksum(c.sum) != c.check {
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
			found = true
		}
	}
	for _, c := range d.cells {
		if c != (cell{}) {
			return nil, nil, false
		}
	}
	return here, there, true
}

var errInvalid = errors.New("iblt: invalid text")

// MarshalText encodes the table in base64.
func (t *Table) MarshalText() ([]byte, error) {
	b := make([]byte, 0, len(t.cells)*cellBytes)
	for _, c := range t.cells {
		b = binary.LittleEndian.AppendUint16(b, uint16(c.count)) //nolint:gosec // decoded the same way
		b = binary.LittleEndian.AppendUint64(b, c.sum)
		b = binary.LittleEndian.AppendUint32(b, c.check)
	}
	return base64.RawStdEncoding.AppendEncode(nil, b), nil
}

// UnmarshalText decodes what MarshalText encodes.
func (t *Table) UnmarshalText(text []byte) error {
	b, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(b)%(parts*cellBytes) != 0 {
		return errInvalid
	}
	t.cells = make([]cell, 0, len(b)/cellBytes)
	for ; len(b) > 0; b = b[cellBytes:] {
		t.cells = append(t.cells, cell{
			count: int16(binary.LittleEndian.Uint16(b)), //nolint:gosec // as it was encoded
			sum:   binary.LittleEndian.Uint64(b[2:]),
			check: binary.LittleEndian.Uint32(b[10:]),
		})
	}
	return nil
}
