package emulator

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"slices"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func uploadRoutes(s *Service) []endpoint {
	path := inApp + "/uploads"
	return []endpoint{
		{Op: "PostInputsUploads", Method: post, Path: inApp + "/inputs/uploads", Action: write(s, postInputsUploads)},
		{Op: "ListUploads", Method: get, Path: path, Action: read(s, listUploads)},
		{Op: "PostUploads", Method: post, Path: path, Action: write(s, postUploads)},
		{Op: "DeleteUploads", Method: remove, Path: path, Action: write(s, deleteUploads)},
		{Op: "GetUpload", Method: get, Path: path + "/{upload_id}", Action: read(s, getUpload)},
		{Op: "PutUploadContentParts", Method: put, Path: path + "/{upload_id}/content_parts", Action: write(s, putContentParts)},
	}
}

// uploadLife is the time during which an upload accepts parts.
const uploadLife = 24 * time.Hour

// upload is a file that is sent in parts. It is kept on disk, because archives are large.
type upload struct {
	info       clarifai.Upload // without fields that depend on the clock; replaced as a whole
	file       *os.File
	parts      []span // in order, without overlaps
	cancelled  bool
	done       bool
	extraction *extractionJob // starts when the upload is complete; nil for a bare upload
}

// span is a range of bytes; to is exclusive.
type span struct{ from, to uint64 }

func (u *upload) view(now time.Time) clarifai.Upload {
	view := u.info
	switch {
	case u.done:
		view.Status = *statusOf(clarifai.StatusUploadDone)
	case u.cancelled:
		view.Status = *statusOf(statusUploadCancelled)
	case now.After(u.info.ExpiresAt):
		view.Status = *statusOf(clarifai.StatusUploadExpired)
	default:
		view.Status = *statusOf(clarifai.StatusUploadInProgress)
		view.Status.PercentCompleted = uint32(100 * u.received() / uint64(max(u.info.ContentLength, 1))) //nolint:gosec // at most 100
	}
	return view
}

func (u *upload) received() uint64 {
	sum := uint64(0)
	for _, p := range u.parts {
		sum += p.to - p.from
	}
	return sum
}

// cancel rejects further parts and deletes those that were received.
func (u *upload) cancel(stamp time.Time) {
	if !u.done {
		u.cancelled = true
		u.info.ModifiedAt = stamp
		u.drop()
	}
}

func (u *upload) drop() {
	if u.file != nil {
		_ = u.file.Close()
		u.file = nil
	}
}

func (c *call) newUpload(sent *clarifai.Upload) (*upload, error) {
	if sent == nil || sent.ContentName == "" || sent.ContentLength == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "an upload needs content_name and content_length")
	}
	file, err := os.CreateTemp("", "clarifai-emulator-upload")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // the file exists as long as it is open
	return &upload{
		info: clarifai.Upload{
			ID: newID(), CreatedAt: c.stamp(), ModifiedAt: c.stamp(), ExpiresAt: c.stamp().Add(uploadLife),
			ContentName: sent.ContentName, ContentLength: sent.ContentLength,
		},
		file: file,
	}, nil
}

func postUploads(c *call, in *clarifai.PostUploadsRequest) (*clarifai.MultiUploadResponse, error) {
	if len(in.Uploads) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "uploads is empty")
	}
	out := &clarifai.MultiUploadResponse{}
	for i := range in.Uploads {
		u, err := c.newUpload(&in.Uploads[i])
		if err != nil {
			return nil, err
		}
		c.app.uploads.put(u.info.ID, u)
		out.Uploads = append(out.Uploads, u.view(c.now))
	}
	return out, nil
}

func postInputsUploads(c *call, in *clarifai.PostInputsUploadsRequest) (*clarifai.MultiInputsAddJobResponse, error) {
	if len(in.InputsUploads) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "inputs_uploads is empty")
	}
	out := &clarifai.MultiInputsAddJobResponse{}
	for _, sent := range in.InputsUploads {
		if sent.Upload != nil && !isArchive(sent.Upload.ContentName) {
			return nil, reject(clarifai.StatusInvalidRequest, "'%s' is not the name of an archive (zip, tar, tar.gz)", sent.Upload.ContentName)
		}
		if err := c.checkAppPAT(sent.AppPAT); err != nil {
			return nil, err
		}
		job, err := c.newAddJob(sent.InputsAddJobID)
		if err != nil {
			return nil, err
		}
		u, err := c.newUpload(sent.Upload)
		if err != nil {
			return nil, err
		}
		u.extraction, err = c.newExtraction(job, u.info.ContentName, sent.InputIDConflictResolution, sent.InputTemplate)
		if err != nil {
			return nil, err
		}
		u.extraction.isArchive = true
		job.upload = u
		c.app.addJobs.put(job.info.ID, job)
		c.app.uploads.put(u.info.ID, u)
		view := job.view(c.now)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		if c.dialect(UploadListLater) {
			view.Uploads = nil
		}
		out.InputsAddJobs = append(out.InputsAddJobs, view)
	}
	return out, nil
}

func (c *call) upload() (*upload, error) {
	id := c.Path["upload_id"]
	u := c.app.uploads.get(id)
	if u == nil {
		return nil, notFound("upload_id", id)
	}
	return u, nil
}

func getUpload(c *call) (*clarifai.SingleUploadResponse, error) {
	u, err := c.upload()
	if err != nil {
		return nil, err
	}
	view := u.view(c.now)
	return &clarifai.SingleUploadResponse{Upload: &view}, nil
}

func listUploads(c *call) (*clarifai.MultiUploadResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiUploadResponse{}
	for _, u := range listPage(c, &c.app.uploads, p) {
		out.Uploads = append(out.Uploads, u.view(c.now))
	}
	return out, nil
}

func deleteUploads(c *call, in *clarifai.DeleteUploadsRequest) (*clarifai.BaseResponse, error) {
	if len(in.IDs) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "ids is empty")
	}
	for _, id := range in.IDs {
		if !c.app.uploads.has(id) {
			return nil, notFound("upload_id", id)
		}
	}
	for _, id := range in.IDs {
		c.app.uploads.get(id).cancel(c.stamp())
		c.app.uploads.remove(id)
	}
	return &clarifai.BaseResponse{}, nil
}

// putContentParts accepts parts in any order. A part may be sent
// again; one that contradicts a received part is a conflict.
func putContentParts(c *call, in *clarifai.PutUploadContentPartsRequest) (*clarifai.SingleUploadResponse, error) {
	u, err := c.upload()
	if err != nil {
		return nil, err
	}
	if len(in.ContentParts) == 0 && !c.dialect(UploadNeedsClosing) {
		return nil, reject(clarifai.StatusInvalidRequest, "content_parts is empty")
	}
	if status := u.view(c.now).Status; status.Code == clarifai.StatusUploadExpired || status.Code == statusUploadCancelled {
		return nil, reject(status.Code, "upload '%s' takes no more parts", u.info.ID)
	}
	for _, part := range in.ContentParts {
		if err := u.put(part); err != nil {
			return nil, err
		}
	}
	u.info.ModifiedAt = c.stamp()
	closes := !c.dialect(UploadNeedsClosing) || len(in.ContentParts) == 0
	if !u.done && closes && u.received() == uint64(u.info.ContentLength) {
		c.complete(u)
	}
	view := u.view(c.now)
	return &clarifai.SingleUploadResponse{Upload: &view}, nil
}

func (u *upload) put(part clarifai.UploadContentPart) error {
	from := uint64(part.RangeStart)
	to := from + uint64(len(part.Data))
	switch {
	case len(part.Data) == 0:
		return reject(clarifai.StatusInvalidRequest, "a part has no data")
	case to > uint64(u.info.ContentLength):
		return reject(clarifai.StatusUploadConflict, "bytes %d to %d are beyond the content_length of %d", from, to, u.info.ContentLength)
	}
	if u.done {
		return u.same(from, to, nil)
	}
	at, _ := slices.BinarySearchFunc(u.parts, from, func(s span, from uint64) int { return cmp.Compare(s.to, from+1) })
	if at < len(u.parts) && u.parts[at].from < to {
		return u.same(from, to, part.Data)
	}
	if _, err := u.file.WriteAt(part.Data, int64(from)); err != nil { //nolint:gosec // below content_length
		return err
	}
	u.parts = slices.Insert(u.parts, at, span{from, to})
	u.join(at)
	return nil
}

// join merges adjacent spans, so that their number stays small.
func (u *upload) join(at int) {
	if at+1 < len(u.parts) && u.parts[at].to == u.parts[at+1].from {
		u.parts[at].to = u.parts[at+1].to
		u.parts = slices.Delete(u.parts, at+1, at+2)
	}
	if at > 0 && u.parts[at-1].to == u.parts[at].from {
		u.parts[at-1].to = u.parts[at].to
		u.parts = slices.Delete(u.parts, at, at+1)
	}
}

// same reports whether a range was received before with this content. The content of
// a complete upload is not kept for comparison.
func (u *upload) same(from, to uint64, data []byte) error {
	within := slices.ContainsFunc(u.parts, func(s span) bool { return s.from <= from && to <= s.to })
	if within && data != nil {
		there := make([]byte, len(data))
		if _, err := u.file.ReadAt(there, int64(from)); err != nil &&
			err != io.EOF { //nolint:gosec,errorlint // below content_length; ReadAt gives io.EOF itself
			return err
		}
		within = bytes.Equal(there, data)
	}
	if !within {
		return reject(clarifai.StatusUploadConflict, "bytes %d to %d contradict what was received before", from, to)
	}
	return nil
}

// complete ends an upload and starts its extraction.
func (c *call) complete(u *upload) {
	u.done = true
	u.info.ContentURL = c.Base + "/data/uploads/" + u.info.ID
	if u.extraction == nil {
		u.drop()
		return
	}
	file := u.file
	u.extraction.source = func() ([]foundFile, int, error) {
		defer u.drop()
		files, err := unpack(u.info.ContentName, file)
		return files, 1, err
	}
	job := u.extraction.addJob
	job.extractions = append(job.extractions, u.extraction)
	c.app.extractionJobs.put(u.extraction.info.ID, u.extraction)
	c.startExtraction(u.extraction)
}
