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

// Content is a part of an upload that is read only while it is sent, so that its size costs no memory. It is read
// again if it has to be sent again.
type Content struct {
	From       io.ReaderAt
	RangeStart int64
	Length     int64
	PartNumber int64 // from 1
}

// PutUploadContent is [Client.PutUploadContentParts] for one part whose bytes are not held in memory. Sending a part
// again changes nothing, so the request is repeated after any failure.
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

// head is the part of the request before the content, tail the part after it.
func (p Content) head() string {
	start := ""
	if p.RangeStart > 0 { // zero is left out, as in all requests
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
	ready []byte // bytes of coded that have not been returned yet
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

// ContentError means that the content to be sent cannot be read. Sending it again would not help.
type ContentError struct{ Err error }

func (e *ContentError) Error() string {
	return fmt.Sprintf("cannot read the content to send: %v", e.Err)
}

// Unwrap returns the error of the read.
func (e *ContentError) Unwrap() error { return e.Err }

// slowest is the upload rate, in bytes a second, below which an attempt is given up.
const slowest = 32 << 10

// attemptTime returns the time limit of one attempt, its response included.
func (c *Client) attemptTime(call call) time.Duration {
	return c.config.RequestTimeout + time.Duration(call.streamed/slowest)*time.Second
}
