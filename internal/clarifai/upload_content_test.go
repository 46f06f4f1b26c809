package clarifai

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

// Streamed bytes equal the request encoded in memory, and their length is as announced.
func TestPutUploadContent_sameRequestAsEncoded(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 3, 24<<10 - 1, 24 << 10, 24<<10 + 1, 200_001} {
		for _, start := range []int64{0, 7} {
			data := bytes.Repeat([]byte("0123456789abc"), size/13+1)[:size]
			want, err := Encode(PutUploadContentPartsRequest{ContentParts: []UploadContentPart{{RangeStart: Uint64(start), PartNumber: 3,
				Data: data}}})
			if err != nil {
				t.Fatal(err)
			}
			part := Content{From: bytes.NewReader(append(make([]byte, start), data...)), RangeStart: start, Length: int64(size), PartNumber: 3}
			for range 2 { // a second attempt reads it again
				got, err := io.ReadAll(iotest.OneByteReader(part.body()))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Fatalf("size %d from %d: streamed\n%.200s\nwant\n%.200s", size, start, got, want)
				}
				if int64(len(got)) != part.bodyLength() {
					t.Errorf("size %d from %d: the body has %d bytes, announced were %d", size, start, len(got), part.bodyLength())
				}
			}
		}
	}
}

func TestPutUploadContent(t *testing.T) {
	t.Parallel()
	client, recorder := recordingClient(t, http.StatusOK, `{"status":{"code":10000},"upload":{"id":"u","status":{"code":68001}}}`)
	upload, err := client.PutUploadContent(t.Context(), AppRef{"me", "a"}, "u",
		Content{From: strings.NewReader("hello"), Length: 5, PartNumber: 1})
	if err != nil || upload.Status.Code != StatusUploadDone {
		t.Fatalf("%v, %v", upload, err)
	}
	if got, want := string(recorder.requests[0].body), `{"content_parts":[{"part_number":"1","data":"aGVsbG8="}]}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// A request whose file cannot be read is not repeated.
func TestPutUploadContent_unreadableContent(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	clock := newTestClock()
	client, err := New(Config{PAT: testPAT, BaseURL: server.URL, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutUploadContent(t.Context(), AppRef{"me", "a"}, "u", Content{From: strings.NewReader("hell"), Length: 5, PartNumber: 1})
	var unreadable *ContentError
	if !errors.As(err, &unreadable) || !strings.Contains(err.Error(), "it has become shorter") {
		t.Errorf("got %v", err)
	}
	if arrived.Load() > 1 || clock.total() > 0 {
		t.Errorf("it was tried %d times, and waited for %v", arrived.Load(), clock.total())
	}
}

// The memory needed for a part does not depend on its length.
func TestPutUploadContent_constantMemory(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"status":{"code":10000},"upload":{"id":"u"}}`)
	}))
	defer server.Close()
	client, err := New(Config{PAT: testPAT, BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	send := func(length int64) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := client.PutUploadContent(t.Context(), AppRef{"me", "a"}, "u",
			Content{From: zeros{}, Length: length, PartNumber: 1}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	send(1) // establishes the connection
	const length = 64 << 20
	if taken := send(length); taken > length/16 {
		t.Errorf("a part of %d bytes took %d bytes of memory", length, taken)
	}
}

type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}
