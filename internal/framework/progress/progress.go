// Package progress reports how far operations are that take long: at INFO in the log, and in the file that the provider
// block names. Terraform itself shows only the time that has passed.
package progress

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// interval is the time before the first report of an operation, and between two reports.
const interval = 10 * time.Second

// File is a file to which reports are appended, one JSON object in each line.
type File struct {
	mu   sync.Mutex
	path string
}

// Open returns the file with a path; it is created if it does not exist.
func Open(path string) (*File, error) {
	f := &File{path: path}
	return f, f.write(nil)
}

// write appends to the file. It is opened for each report, so that it can be moved or deleted meanwhile.
func (f *File) write(line []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(line); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

type fileKey struct{}

// NewContext returns a context with which operations report to the file, see [Start].
func NewContext(ctx context.Context, f *File) context.Context {
	return context.WithValue(ctx, fileKey{}, f)
}

// Start begins an operation that reports to the file of the context, if it has one, and to the log. It reports nothing if
// the operation ends within ten seconds.
func Start(ctx context.Context, clock clarifai.Clock, resource, doing string, total int) *Operation {
	file, _ := ctx.Value(fileKey{}).(*File)
	now := clock.Now()
	return &Operation{
		ctx: ctx, file: file, clock: clock, start: now, last: now, report: Report{Resource: resource, Doing: doing, Total: total},
	}
}

// Report is a line of the file.
type Report struct {
	Time     time.Time `json:"time"`
	Resource string    `json:"resource"` // such as `clarifai_inputs "signs"` or `dataset version "v1" of dataset "trucks"`
	Doing    string    `json:"doing"`    // such as "create inputs" or "wait"
	Status   string    `json:"status,omitzero"`
	Done     int       `json:"done"`
	Total    int       `json:"total"`
	Failed   int       `json:"failed"`
	// SecondsLeft is an estimate; nil if there is none.
	SecondsLeft *int `json:"seconds_left,omitzero"`
	Finished    bool `json:"finished"`
}

// Operation reports the progress of one operation. Its methods may be called by several goroutines.
type Operation struct {
	ctx   context.Context //nolint:containedctx // its logger is that of the operation
	file  *File
	clock clarifai.Clock

	mu     sync.Mutex
	start  time.Time
	last   time.Time
	report Report
	given  bool
}

// Add counts items that are done, and those of them that failed.
func (o *Operation) Add(done, failed int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.report.Done, o.report.Failed = o.report.Done+done, o.report.Failed+failed
	o.due(false)
}

// Status sets what the service says about the operation.
func (o *Operation) Status(status string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.report.Status = status
	o.due(false)
}

// End ends the operation. It reports the end if there were reports before.
func (o *Operation) End() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.given {
		o.report.Finished = true
		o.due(true)
	}
}

// due gives a report if it is time for one.
func (o *Operation) due(now bool) {
	at := o.clock.Now()
	if !now && at.Sub(o.last) < interval {
		return
	}
	o.last, o.given, o.report.Time = at, true, at.UTC()
	o.report.SecondsLeft = nil
	if o.report.Done > 0 && o.report.Total > 0 && !o.report.Finished {
		left := int(at.Sub(o.start).Seconds() * float64(max(0, o.report.Total-o.report.Done)) / float64(o.report.Done))
		o.report.SecondsLeft = &left
	}
	tflog.Info(o.ctx, "clarifai: progress", o.report.fields())
	if o.file == nil {
		return
	}
	line, err := json.Marshal(o.report)
	if err == nil {
		err = o.file.write(append(line, '\n'))
	}
	if err != nil {
		tflog.Warn(o.ctx, "clarifai: unable to write progress_file", map[string]any{"error": err.Error()})
	}
}

// fields are those of the log.
func (r Report) fields() map[string]any {
	fields := map[string]any{"resource": r.Resource, "doing": r.Doing}
	if r.Total > 0 {
		fields["progress"] = fmt.Sprintf("%d of %d, %d failed", r.Done, r.Total, r.Failed)
	}
	if r.SecondsLeft != nil {
		fields["seconds_left"] = *r.SecondsLeft
	}
	if r.Status != "" {
		fields["status"] = r.Status
	}
	return fields
}
