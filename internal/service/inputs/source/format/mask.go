package format

import (
	"bytes"
	"errors"
	"image"
	"image/png"
)

// maxMaskPixels bounds the masks that run lengths may describe: a file of a few bytes could otherwise
// ask for any amount of memory.
const maxMaskPixels = 100 << 20

// Bitmap is a mask of the size of its image, row by row; other than 0 is the object.
type Bitmap struct {
	Size
	Pixels []byte
}

// NewBitmap is an empty mask.
func NewBitmap(size Size) (*Bitmap, error) {
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxMaskPixels/size.Height {
		return nil, errors.New("the size of the mask is zero or too large")
	}
	return &Bitmap{size, make([]byte, size.Width*size.Height)}, nil
}

// FillRows fills runs of pixels, row by row, inside the box at left, top with the given size. The first
// run is background.
func (b *Bitmap) FillRows(box Size, left, top int, runs []int) error {
	if box.Width < 0 || box.Height < 0 || box.Height > 0 && box.Width > maxMaskPixels/box.Height {
		return errors.New("the size of the mask is negative or too large")
	}
	at, on := 0, false
	for _, run := range runs {
		if run < 0 || run > box.Width*box.Height-at {
			return errors.New("the run lengths do not fit the size of the mask")
		}
		if on {
			for i := at; i < at+run; i++ {
				x, y := left+i%box.Width, top+i/box.Width
				if x >= 0 && x < b.Width && y >= 0 && y < b.Height {
					b.Pixels[y*b.Width+x] = 255
				}
			}
		}
		at, on = at+run, !on
	}
	return nil
}

// FillColumns fills runs of pixels, column by column. The first run is background.
func (b *Bitmap) FillColumns(runs []int) error {
	at, on := 0, false
	for _, run := range runs {
		if run < 0 || run > len(b.Pixels)-at {
			return errors.New("the run lengths do not fit the size of the mask")
		}
		if on {
			for i := at; i < at+run; i++ {
				b.Pixels[i%b.Height*b.Width+i/b.Height] = 255
			}
		}
		at, on = at+run, !on
	}
	return nil
}

// Empty tells whether no pixel is of the object.
func (b *Bitmap) Empty() bool {
	for _, p := range b.Pixels {
		if p != 0 {
			return false
		}
	}
	return true
}

// PNG is the mask as the service takes it: greyscale, 8 bits a pixel. The same mask is the same bytes.
func (b *Bitmap) PNG() ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, &image.Gray{Pix: b.Pixels, Stride: b.Width, Rect: image.Rect(0, 0, b.Width, b.Height)})
	return out.Bytes(), err
}
