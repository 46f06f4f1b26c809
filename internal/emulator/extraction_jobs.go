package emulator

import (
	"cmp"
	"errors"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

func extractionJobRoutes(s *Service) []endpoint {
	path := inApp + "/inputs/jobs/extraction"
	return []endpoint{
		{Op: "PostInputsDataSources", Method: post, Path: inApp + "/inputs/data_sources", Action: write(s, postDataSources)},
		{Op: "ListInputsExtractionJobs", Method: get, Path: path, Action: read(s, listExtractionJobs)},
		{Op: "CancelInputsExtractionJobs", Method: patch, Path: path, Action: write(s, cancelExtractionJobs)},
		{Op: "GetInputsExtractionJob", Method: get, Path: path + "/{inputs_extraction_job_id}", Action: read(s, getExtractionJob)},
		{Op: "CancelInputsAddJob", Method: patch, Path: inApp + "/inputs/jobs/add/{id}", Action: write(s, cancelAddJob)},
	}
}

// extractionJob creates inputs from the files of a bucket or an archive: half of them
// when half of its time has passed, the others at the end.
type extractionJob struct {
	info      clarifai.InputsExtractionJob // without fields that depend on the clock; replaced as a whole
	addJob    *addJob
	started   time.Time // time at which its source was complete
	takes     time.Duration
	outcome   *clarifai.Status // status if it did not succeed
	ended     bool
	source    func() ([]foundFile, int, error) // reads the files; called once
	files     []foundFile
	archives  int
	progress  clarifai.InputsExtractionJobProgress
	seen      map[string]bool
	isArchive bool
}

func (j *extractionJob) view(now time.Time) clarifai.InputsExtractionJob {
	view := j.info
	p := j.progress
	view.Progress = &p
	switch {
	case j.outcome != nil && j.ended:
		view.Status = *j.outcome
	case j.ended:
		view.Status = *statusOf(clarifai.StatusJobCompleted)
	case j.started.IsZero() || !now.After(j.started) || progressAt(now, j.started, j.takes) == waiting:
		// The response that starts a job shows it queued, however little time it takes.
		view.Status = *statusOf(clarifai.StatusJobQueued)
	default:
		view.Status = *statusOf(clarifai.StatusJobRunning)
	}
	return view
}

// startExtraction schedules a job whose source is known.
func (c *call) startExtraction(j *extractionJob) {
	j.started, j.takes = c.now, c.options.Async
	j.outcome = c.AsyncFailure(objectExtractionJob, j.info.ID, j.info.URL, clarifai.StatusJobFailed)
	a, s, half, end := c.app, c.Service, c.now.Add(j.takes/2), c.now.Add(j.takes)
	c.at(half, func() { s.extract(a, j, half, false) })
	c.at(end, func() { s.extract(a, j, end, true) })
}

// extract adds the inputs that are due.
func (s *Service) extract(a *app, j *extractionJob, now time.Time, last bool) {
	if j.ended {
		return
	}
	j.info.ModifiedAt = now.UTC().Truncate(time.Microsecond)
	if j.outcome == nil && j.source != nil {
		var err error
		j.files, j.archives, err = j.source()
		j.source = nil
		j.progress.InProgressArchivesCount = clarifai.Uint64(j.archives) //nolint:gosec // not negative
		if err != nil {
			j.fail(err)
		}
	}
	n := len(j.files)
	if !last {
		n /= 2
	}
	if j.outcome != nil {
		n = 0
	}
	var count batch
	for _, f := range j.files[:n] {
		in, rejection := s.addInput(a, f.input(j.info.InputTemplate), addition{
			now: now, resolution: j.info.InputIDConflictResolution, seen: j.seen, anyID: true,
		})
		switch {
		case rejection != nil:
			count.rejected++
		case in.failure != nil:
			count.failing++
		default:
			count.good++
		}
		j.count(f.kind) // counts found files, also those that the app has already
	}
	j.files = j.files[n:]
	if n > 0 {
		count.started, count.takes = now, s.options.Async
		j.addJob.batches = append(j.addJob.batches, count)
		j.addJob.info.ModifiedAt = j.info.ModifiedAt
	}
	if last || j.outcome != nil {
		j.end()
	}
}

func (j *extractionJob) fail(err error) {
	code := statusListObjectsFailed
	var broken *brokenArchiveError
	if errors.As(err, &broken) || j.isArchive {
		code = statusArchiveFailed
		j.progress.FailedArchivesCount++
	}
	j.outcome = rejected(code, "%v", err)
	j.files = nil
}

// end releases the files of the job.
func (j *extractionJob) end() {
	j.ended, j.files, j.seen = true, nil, nil
	if j.outcome == nil {
		j.progress.CompletedArchivesCount = clarifai.Uint64(j.archives) //nolint:gosec // not negative
	}
	j.progress.InProgressArchivesCount, j.progress.PendingArchivesCount = 0, 0
}

func (j *extractionJob) count(kind string) {
	switch kind {
	case kindImage:
		j.progress.ImageInputsCount++
	case kindVideo:
		j.progress.VideoInputsCount++
	case kindAudio:
		j.progress.AudioInputsCount++
	default:
		j.progress.TextInputsCount++
	}
}

// cancel ends a job that has not ended; inputs that it created stay.
func (j *extractionJob) cancel(stamp time.Time) {
	if j.ended {
		return
	}
	j.outcome = statusOf(clarifai.StatusJobCancelled)
	j.info.ModifiedAt = stamp
	j.end()
}

// newAddJob creates a job for data sources or an upload.
func (c *call) newAddJob(id string) (*addJob, error) {
	id = cmp.Or(id, newID())
	if problem := idProblem("inputs add job id", id); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if c.app.addJobs.has(id) {
		return nil, reject(clarifai.StatusJobConflict, "inputs add job '%s' exists already", id)
	}
	return &addJob{info: clarifai.InputsAddJob{ID: id, CreatedAt: c.stamp(), ModifiedAt: c.stamp()}}, nil
}

// newExtraction creates a job whose source may be set later.
func (c *call) newExtraction(of *addJob, address string, resolution clarifai.InputIDConflictResolution,
	template *clarifai.Input) (*extractionJob, error) {
	if template != nil {
		for _, id := range template.DatasetIDs {
			if !c.app.datasets.has(id) {
				return nil, notFound("dataset_id", id)
			}
		}
		enriched := *template
		if template.Data != nil {
			if rejection := c.app.checkLabels(template.Data); rejection != nil {
				return nil, reject(rejection.Code, "%s", rejection.Details)
			}
			data := *template.Data
			data.Concepts = make([]clarifai.Concept, len(template.Data.Concepts))
			for i, concept := range template.Data.Concepts {
				concept.Value = valueOf(concept)
				data.Concepts[i] = concept
			}
			enriched.Data = &data
		}
		template = &enriched
	}
	return &extractionJob{
		info: clarifai.InputsExtractionJob{
			ID: newID(), URL: address, CreatedAt: c.stamp(), ModifiedAt: c.stamp(),
			InputIDConflictResolution: resolution, InputTemplate: template,
		},
		addJob: of, seen: map[string]bool{},
	}, nil
}

func postDataSources(c *call, in *clarifai.PostInputsDataSourcesRequest) (*clarifai.MultiInputsAddJobResponse, error) {
	if len(in.DataSources) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "data_sources is empty")
	}
	if err := c.checkAppPAT(in.AppPAT); err != nil {
		return nil, err
	}
	jobs := map[string]*addJob{}
	var order []*addJob
	var extractions []*extractionJob
	for _, source := range in.DataSources {
		if source.URL == nil || source.URL.URL == "" {
			return nil, reject(clarifai.StatusInvalidRequest, "a data source needs url.url")
		}
		if err := checkCredentials(source.URL.Credentials); err != nil {
			return nil, err
		}
		read, err := c.bucketSource(source.URL.URL)
		if err != nil {
			return nil, err
		}
		job := jobs[source.InputsAddJobID]
		if job == nil {
			if job, err = c.newAddJob(source.InputsAddJobID); err != nil {
				return nil, err
			}
			job.info.CallBackURL = in.CallBackURL
			jobs[source.InputsAddJobID] = job
			order = append(order, job)
		}
		extraction, err := c.newExtraction(job, source.URL.URL, source.InputIDConflictResolution, source.InputTemplate)
		if err != nil {
			return nil, err
		}
		extraction.source = read
		job.extractions = append(job.extractions, extraction)
		extractions = append(extractions, extraction)
	}
	out := &clarifai.MultiInputsAddJobResponse{}
	for _, job := range order {
		c.app.addJobs.put(job.info.ID, job)
	}
	for _, extraction := range extractions {
		c.app.extractionJobs.put(extraction.info.ID, extraction)
		c.startExtraction(extraction)
	}
	for _, job := range order {
		view := job.view(c.now)
		view.CreatedAt, view.ModifiedAt = c.now, c.now
		out.InputsAddJobs = append(out.InputsAddJobs, view)
	}
	return out, nil
}

// checkAppPAT rejects a token that cannot add inputs to the app. Without a token the service creates one itself.
func (c *call) checkAppPAT(pat string) error {
	if pat != "" && c.options.PAT != "" && pat != c.options.PAT {
		return reject(clarifai.StatusInvalidRequest, "app_pat is not a token for app '%s'", c.app.info.ID)
	}
	return nil
}

func checkCredentials(creds *clarifai.DataSourceCredentials) error {
	if creds == nil {
		return nil
	}
	given := 0
	for _, set := range []bool{creds.S3Creds != nil, creds.GCPCreds != nil, creds.AzureBlobCreds != nil} {
		if set {
			given++
		}
	}
	if given > 1 {
		return reject(clarifai.StatusInvalidRequest, "credentials of %d kinds were given; one is possible", given)
	}
	return nil
}

// bucketSource finds the directory for an address. An unknown bucket makes the job fail,
// as it does at the service. An invalid address is
// rejected at once.
func (c *call) bucketSource(address string) (func() ([]foundFile, int, error), error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, reject(clarifai.StatusInvalidRequest, "'%s' is not the address of a bucket or an archive", address)
	}
	name, prefix := u.Host, strings.TrimPrefix(u.Path, "/")
	switch u.Scheme {
	case "s3", "gs":
	case "https", "http":
		// Such as https://ACCOUNT.blob.core.windows.net/CONTAINER/prefix and https://storage.googleapis.com/BUCKET/prefix.
		name, prefix, _ = strings.Cut(prefix, "/")
	default:
		return nil, reject(clarifai.StatusInvalidRequest, "'%s' is not the address of a bucket or an archive", address)
	}
	dir, known := c.options.Buckets[name]
	return func() ([]foundFile, int, error) {
		if !known {
			return nil, 0, &os.PathError{Op: "list", Path: name, Err: os.ErrNotExist}
		}
		return bucketFiles(dir, prefix)
	}, nil
}

func listExtractionJobs(c *call) (*clarifai.MultiInputsExtractionJobResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	out := &clarifai.MultiInputsExtractionJobResponse{}
	for _, j := range listPage(c, &c.app.extractionJobs, p) {
		out.InputsExtractionJobs = append(out.InputsExtractionJobs, j.view(c.now))
	}
	return out, nil
}

func getExtractionJob(c *call) (*clarifai.SingleInputsExtractionJobResponse, error) {
	id := c.Path["inputs_extraction_job_id"]
	j := c.app.extractionJobs.get(id)
	if j == nil {
		return nil, notFound("inputs_extraction_job_id", id)
	}
	view := j.view(c.now)
	return &clarifai.SingleInputsExtractionJobResponse{InputsExtractionJob: &view}, nil
}

func cancelExtractionJobs(c *call, in *clarifai.CancelInputsExtractionJobsRequest) (*clarifai.MultiInputsExtractionJobResponse, error) {
	if len(in.IDs) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "ids is empty")
	}
	for _, id := range in.IDs {
		j := c.app.extractionJobs.get(id)
		if j == nil {
			return nil, notFound("inputs_extraction_job_id", id)
		}
		if j.ended && c.dialect(CancelFinishedFails) {
			return nil, reject(clarifai.StatusJobConflict, "inputs extraction job '%s' has ended", id)
		}
	}
	out := &clarifai.MultiInputsExtractionJobResponse{}
	for _, id := range in.IDs {
		j := c.app.extractionJobs.get(id)
		j.cancel(c.stamp())
		out.InputsExtractionJobs = append(out.InputsExtractionJobs, j.view(c.now))
	}
	return out, nil
}

// cancelAddJob cancels the parts of a job that are not done yet. A job that has ended does not change.
func cancelAddJob(c *call, _ *clarifai.CancelInputsAddJobRequest) (*clarifai.SingleInputsAddJobResponse, error) {
	id := c.Path["id"]
	job := c.app.addJobs.get(id)
	if job == nil {
		return nil, notFound("inputs_add_job_id", id)
	}
	if !job.running(c.now) && c.dialect(CancelFinishedFails) {
		return nil, reject(clarifai.StatusJobConflict, "inputs add job '%s' has ended", id)
	}
	if job.running(c.now) {
		job.cancelled = true
		job.info.ModifiedAt = c.stamp()
		if job.upload != nil {
			job.upload.cancel(c.stamp())
		}
		for _, j := range job.extractions {
			j.cancel(c.stamp())
		}
	}
	view := job.view(c.now)
	return &clarifai.SingleInputsAddJobResponse{InputsAddJob: &view}, nil
}
