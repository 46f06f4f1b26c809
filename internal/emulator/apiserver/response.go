package apiserver

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// response is the response to send.
type response struct {
	status int
	header http.Header
	body   []byte
	slow   time.Duration // spread the body over this long
	half   bool          // send half of the body
	cut    bool          // then cut the connection
}

// encode encodes a message as a response. It runs without the handlers' lock, because stored
// objects never change, see package emulator.
func (h *Handler) encode(req *Request, m any, httpStatus int, requestID string) (response, error) {
	resp := response{status: httpStatus, header: http.Header{}}
	if location := req.Outcome.RedirectInfo; location != nil {
		resp.header.Set("Location", location.URL)
	}
	switch m := m.(type) {
	case *File:
		resp.header.Set("Content-Type", m.ContentType)
		resp.body = m.Content
	case message:
		req.Outcome.ReqID = requestID
		if req.Outcome.Description == "" {
			req.Outcome.Description = req.Outcome.Code.Text()
		}
		m.SetStatus(req.Outcome)
		resp.header.Set("Content-Type", "application/json; charset=UTF-8")
		var err error
		if resp.body, err = clarifai.Encode(m); err != nil {
			return resp, err
		}
		if o := h.outputs.Load(); o != nil && httpStatus/100 == 2 {
			if resp.body, err = o.randomize(req.Endpoint.Method, resp.body); err != nil {
				return resp, err
			}
		}
		if h.options.CamelCase {
			resp.body, err = camelCase(resp.body)
			return resp, err
		}
	}
	return resp, nil
}

func encodingFailure(err error) response {
	b, _ := json.Marshal(map[string]any{"code": 13, "message": err.Error(), "details": []jsontext.Value{}})
	return response{status: http.StatusInternalServerError, header: http.Header{"Content-Type": {"application/json"}}, body: b}
}

// disturb applies a fault to a response.
func (f *Fault) disturb(resp *response) {
	resp.slow = time.Duration(f.SlowBody)
	if f.RetryAfter != "" {
		resp.header.Set("Retry-After", f.RetryAfter)
	}
	if f.Body != "" {
		contentType := f.ContentType
		if contentType == "" {
			contentType = "text/html; charset=UTF-8"
		}
		resp.header.Set("Content-Type", contentType)
		resp.body = []byte(f.Body)
	}
	if strings.HasPrefix(resp.header.Get("Content-Type"), "application/json") {
		resp.body = f.rewrite(resp.body)
	}
	resp.cut = f.Reset == AfterWork || f.Truncate
	if f.Reset == AfterWork {
		resp.body = nil
	}
	resp.half = f.Truncate
}

func (p response) send(ctx context.Context, clock Clock, w http.ResponseWriter) {
	if p.cut && !p.half {
		return
	}
	for name, values := range p.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.Header().Set("Date", clock.Now().UTC().Format(http.TimeFormat)) // creation times are compared with it
	w.WriteHeader(p.status)
	body := p.body
	if p.half {
		body = body[:len(body)/2]
	}
	if p.slow == 0 {
		_, _ = w.Write(body)
	} else {
		const pieces = 10
		for i := range pieces {
			if clock.Wait(ctx, p.slow/pieces) != nil {
				return
			}
			_, _ = w.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces])
			_ = http.NewResponseController(w).Flush()
		}
	}
	if p.half {
		_ = http.NewResponseController(w).Flush()
	}
}

// cutConnection resets the connection instead of closing it.
func cutConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
