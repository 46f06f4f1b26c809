package clarifai

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Content is a piece of an upload that is read only while it travels, so that its size costs no memory. It is read
// again when it has to be sent again.
type Content struct {
	From       io.ReaderAt
	RangeStart int64
	Length     int64
	PartNumber int64 // from 1
}

// PutUploadContent is [Client.PutUploadContentParts] for one part whose bytes are not held in memory. What is sent for
// the second time changes nothing, so it is repeated whatever happened to the answer.
func (c *Client) PutUploadContent(ctx context.Context, app AppRef, id string, part Content) (*Upload, error) {
	var out SingleUploadResponse
	if err := c.do(ctx, call{
		op: "PutUploadContentParts", method: http.MethodPut, path: app.path("uploads", id, "content_parts"),
		stream: part.body, streamed: part.bodyLength(),
	}, &out); err != nil {
		return nil, err
	}
	return present("PutUploadContentParts", "upload", out.Upload)
}

// head is the request up to the content, tail what comes after it.
func (p Content) head() string {
	start := ""
	if p.RangeStart > 0 { // as everywhere, zero is left out
		start = fmt.Sprintf(`"range_start":"%d",`, p.RangeStart)
	}
	return fmt.Sprintf(`{"content_parts":[{%s"part_number":"%d","data":"`, start, p.PartNumber)
}

const contentTail = `"}]}`

func (p Content) bodyLength() int64 {
	const group, coded = 3, 4
	return int64(len(p.head())+len(contentTail)) + (p.Length+group-1)/group*coded
}

func (p Content) body() io.Reader {
	return io.MultiReader(
		strings.NewReader(p.head()),
		&base64Reader{from: io.NewSectionReader(p.From, p.RangeStart, p.Length), left: p.Length},
		strings.NewReader(contentTail),
	)
}

// base64Reader encodes what it reads.
type base64Reader struct {
	from  io.Reader
	left  int64 // bytes of from that have not been read
	plain [24 << 10]byte
	coded [32 << 10]byte
	ready []byte // part of coded that has not been given out
}

func (r *base64Reader) Read(p []byte) (int, error) {
	if len(r.ready) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		chunk := r.plain[:min(int64(len(r.plain)), r.left)]
		if _, err := io.ReadFull(r.from, chunk); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = errors.New("it has become shorter")
			}
			return 0, &ContentError{Err: err}
		}
		r.left -= int64(len(chunk))
		base64.StdEncoding.Encode(r.coded[:], chunk)
		r.ready = r.coded[:base64.StdEncoding.EncodedLen(len(chunk))]
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// ContentError says that what was to be sent cannot be read. Sending it again would not help.
type ContentError struct{ Err error }

func (e *ContentError) Error() string {
	return fmt.Sprintf("cannot read the content to send: %v", e.Err)
}

// Unwrap gives what reading failed with.
func (e *ContentError) Unwrap() error { return e.Err }

// slowest is the pace at which an upload may crawl before an attempt is given up, in bytes a second.
const slowest = 32 << 10

// attemptTime is how long one attempt of the call may take, its answer included.
func (c *Client) attemptTime(call call) time.Duration {
	return c.config.RequestTimeout + time.Duration(call.streamed/slowest)*time.Second
}
