package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of GIF
	_ "image/jpeg" // sizes of JPEG
	_ "image/png"  // sizes of PNG
	"io"
	"os"
)

// Size is the size of an image in pixels, as it is stored.
type Size struct{ Width, Height int }

// Header is what the beginning of an image file says.
type Header struct {
	Size
	Orientation int // of EXIF: 1 to 8; 0 if there is none
}

// Turned tells whether viewers show the image turned by a quarter, so that width and height swap.
func (h Header) Turned() bool { return h.Orientation >= 5 && h.Orientation <= 8 }

// maxHeader is how much of an image is read to find its size and orientation.
const maxHeader = 256 << 10

// ReadHeader reads the size and orientation of an image file: JPEG, PNG, GIF, BMP, WebP or TIFF.
func ReadHeader(name string) (Header, error) {
	file, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return Header{}, err
	}
	defer func() { _ = file.Close() }()
	return readHeader(io.LimitReader(file, maxHeader))
}

var errNoSize = errors.New("its beginning does not tell the size of an image")

func readHeader(r io.Reader) (Header, error) {
	in := bufio.NewReaderSize(r, maxHeader)
	start, _ := in.Peek(32)
	switch {
	case bytes.HasPrefix(start, []byte("BM")) && len(start) >= 26:
		height := int(int32(binary.LittleEndian.Uint32(start[22:]))) //nolint:gosec // negative for images from top to bottom
		return sized(int(binary.LittleEndian.Uint32(start[18:])), max(height, -height), 0)
	case bytes.HasPrefix(start, []byte("RIFF")) && len(start) >= 30 && string(start[8:12]) == "WEBP":
		return webp(in)
	case bytes.HasPrefix(start, []byte("II*\x00")), bytes.HasPrefix(start, []byte("MM\x00*")):
		all, err := io.ReadAll(in)
		if err != nil {
			return Header{}, err
		}
		d := directory(all)
		return sized(d[0x100], d[0x101], d[0x112])
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return Header{}, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(all))
	if err != nil {
		return Header{}, errNoSize
	}
	return Header{Size{config.Width, config.Height}, orientation(all)}, nil
}

func sized(width, height, orientation int) (Header, error) {
	if width <= 0 || height <= 0 {
		return Header{}, errNoSize
	}
	return Header{Size{width, height}, orientation}, nil
}

// webp reads the three kinds of WebP headers.
func webp(in *bufio.Reader) (Header, error) {
	all, err := io.ReadAll(in)
	if err != nil {
		return Header{}, err
	}
	b := all[20:]
	switch string(all[12:16]) {
	case "VP8 ":
		return sized(int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff), 0)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		return sized(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1, 0)
	case "VP8X":
		width := int(b[4]) | int(b[5])<<8 | int(b[6])<<16
		height := int(b[7]) | int(b[8])<<8 | int(b[9])<<16
		turned := 0
		if i := bytes.Index(all, []byte("EXIF")); i >= 0 && len(all) > i+8 {
			turned = directory(bytes.TrimPrefix(all[i+8:], []byte("Exif\x00\x00")))[0x112]
		}
		return sized(width+1, height+1, turned)
	}
	return Header{}, errNoSize
}

// orientation is that of the EXIF data in the beginning of a JPEG or PNG, or 0.
func orientation(b []byte) int {
	if bytes.HasPrefix(b, []byte("\x89PNG")) {
		if i := bytes.Index(b, []byte("eXIf")); i >= 0 {
			return directory(b[i+4:])[0x112]
		}
		return 0
	}
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		marker, length := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		if marker == 0xe1 && at+10 <= len(b) && string(b[at+4:at+10]) == "Exif\x00\x00" {
			return directory(b[at+10:])[0x112]
		}
		if marker == 0xda || length < 2 {
			break
		}
		at += 2 + length
	}
	return 0
}

// directory reads the numbers of the first directory of TIFF data by their tags.
func directory(b []byte) map[int]int {
	found := map[int]int{}
	if len(b) < 8 {
		return found
	}
	var order binary.ByteOrder
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return found
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return found
	}
	n := int64(order.Uint16(b[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(b)) {
			break
		}
		tag, kind := int(order.Uint16(b[entry:])), order.Uint16(b[entry+2:])
		switch kind {
		case 3:
			found[tag] = int(order.Uint16(b[entry+8:]))
		case 4:
			found[tag] = int(order.Uint32(b[entry+8:]))
		}
	}
	return found
}

// SizeOf is the size to normalise pixel coordinates with. stated is what the file of annotations says,
// zero if it does not. The header of a local image is compared with it: if they differ by a quarter
// turn, the annotator may have seen the image turned by its EXIF orientation, and coordinates could be
// meant either way, which is a problem and not a guess.
func SizeOf(row *Row, stated Size) (Size, *Problem) {
	if row.File == "" {
		if stated.Width <= 0 || stated.Height <= 0 {
			return stated, Problemf(row.Path, row.Line, "the size of %q is not stated, and an image at a URL is not read to find it", row.Name)
		}
		return stated, nil
	}
	header, err := ReadHeader(row.File)
	known := stated.Width > 0 && stated.Height > 0
	switch {
	case err != nil && known:
		return stated, nil // such as a video; that the file can be read is checked with its content
	case err != nil:
		return stated, Problemf(row.Path, row.Line, "the size of %q is not stated and cannot be read from the file: %v", row.Name, err)
	case !known && header.Turned():
		return stated, Problemf(
			row.Path,
			row.Line,
			"image %q has EXIF orientation %d, and the size that its coordinates are meant for is not stated: "+
				"they could be meant for the stored image or for the turned one. %s",
			row.Name,
			header.Orientation,
			turnHint,
		)
	case !known, stated == header.Size:
		return header.Size, nil
	case stated == (Size{header.Height, header.Width}):
		return stated, Problemf(
			row.Path,
			row.Line,
			"image %q is stored with %d x %d pixels, and the annotations state %d x %d: the annotator saw it turned by a quarter%s. %s",
			row.Name,
			header.Width,
			header.Height,
			stated.Width,
			stated.Height,
			exif(header),
			turnHint,
		)
	}
	return stated, nil // resized since, with the same proportions or stretched: fractions stay the same
}

const turnHint = "Rewrite the image without the orientation (such as with \"exiftran -ai\" or \"mogrify -auto-orient\"), or " +
	"its annotations for the stored size"

func exif(h Header) string {
	if h.Turned() {
		return fmt.Sprintf(" (EXIF orientation %d)", h.Orientation)
	}
	return ""
}
