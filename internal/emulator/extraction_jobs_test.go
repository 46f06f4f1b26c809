package emulator_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

func imageFile(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withBucket starts a service with the bucket `pictures`: two texts, two images, one
// of them in an archive, and a file that is not an input.
func withBucket(t *testing.T, takes time.Duration) *session {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"day/a.txt":     []byte("a text"),
		"day/b.png":     imageFile(t),
		"day/more.zip":  zipped(t, map[string][]byte{"x/c 1.png": imageFile(t), "x/inner.zip": {1}}),
		"day/notes.doc": []byte("not an input"),
		"night/d.txt":   []byte("another text"),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return start(t, func(o *emulator.Options) {
		o.App, o.Async, o.Buckets = "fleet", takes, map[string]string{"pictures": dir}
	})
}

func TestPostInputsDataSources(t *testing.T) {
	t.Parallel()
	s := withBucket(t, 10*time.Second)
	s.post(fleet+"/datasets", `{"datasets":[{"id":"trucks"}]}`).is(200, 10000)
	r := s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"inputs_add_job_id":"import-1","url":{"url":"s3://pictures/day",
		"credentials":{"s3_creds":{"region":"eu","id":"k","secret":"hush"}}},"input_id_conflict_resolution":"SKIP",
		"input_template":{"data":{"concepts":[{"id":"truck"}],"metadata":{"from":"bucket"}},"dataset_ids":["trucks"]}}],
			"call_back_url":"https://example.com/hook"}`).is(200, 10000)
	r.has("inputs_add_jobs.0.status.code", 64002) // as observed: done while its extraction is queued
	r.has("inputs_add_jobs.0.extraction_jobs.0.status.code", 64000)
	r.has("inputs_add_jobs.0.extraction_jobs.0.input_template.data.concepts.0.value", 1)
	if bytes.Contains(r.raw, []byte("hush")) {
		t.Errorf("the secret came back: %s", r.raw)
	}
	id, _ := r.at("inputs_add_jobs.0.extraction_jobs.0.id").(string)
	job := fleet + "/inputs/jobs/extraction/" + id
	s.get(job).is(200, 10000).has("inputs_extraction_job.status.code", 64000)
	s.clock.Advance(6 * time.Second)
	half := s.get(job).is(200, 10000)
	half.has("inputs_extraction_job.status.code", 64001).has("inputs_extraction_job.progress.text_inputs_count", "1")
	s.clock.Advance(5 * time.Second)
	done := s.get(job).is(200, 10000)
	done.has("inputs_extraction_job.status.code", 64002)
	done.has("inputs_extraction_job.progress.image_inputs_count", "2")
	done.has("inputs_extraction_job.progress.completed_archives_count", "1")
	s.get(fleet+"/inputs/jobs/add/import-1").has("inputs_add_job.progress.in_progress_count", "1").
		has("inputs_add_job.progress.pending_count", "2")
	s.clock.Advance(10 * time.Second)
	s.get(fleet+"/inputs/jobs/add/import-1").has("inputs_add_job.progress.success_count", "3").
		has("inputs_add_job.call_back_url", "https://example.com/hook")
	s.get(fleet+"/datasets/trucks/inputs").count("dataset_inputs", 3)
	in := s.get(fleet+"/inputs/c-1").is(200, 10000)
	in.has("input.data.image.image_info.width", 3).has("input.data.concepts.0.id", "truck").has("input.data.metadata.from", "bucket")
	s.get(fleet+"/inputs/jobs/extraction").count("inputs_extraction_jobs", 1)

	s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"inputs_add_job_id":"import-1","url":{"url":"s3://pictures/day"}}]}`).
		is(400, 64007)
	s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"url":{"url":"ftp://pictures"}}]}`).is(400, 11102)
	s.post(fleet+"/inputs/data_sources", `{"data_sources":[{}]}`).is(400, 11102)
	s.get(fleet+"/inputs/jobs/extraction/nope").is(404, 11101)
	s.do("PATCH", fleet+"/inputs/jobs/add/import-1", `{}`).is(200, 10000).has("inputs_add_job.status.code", 64002) // too late
}

func TestExtractionJob_withoutDelayIsQueuedOnce(t *testing.T) {
	t.Parallel()
	s := withBucket(t, 0)
	r := s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"inputs_add_job_id":"all","url":{"url":"s3://pictures/day"}}]}`).
		is(200, 10000)
	r.has("inputs_add_jobs.0.extraction_jobs.0.status.code", 64000)
	s.get(fleet+"/inputs/jobs/add/all").has("inputs_add_job.extraction_jobs.0.status.code", 64002).
		has("inputs_add_job.progress.success_count", "3")
}

func TestPostInputsDataSources_conflictsAndFailures(t *testing.T) {
	t.Parallel()
	s := withBucket(t, 0)
	s.post(fleet+"/inputs", `{"inputs":[{"id":"d","data":{"text":{"raw":"was here"}}}]}`).is(200, 10000)
	run := func(body string) (*reply, *reply) {
		r := s.post(fleet+"/inputs/data_sources", `{"data_sources":[{`+body+`}]}`).is(200, 10000)
		job, _ := r.at("inputs_add_jobs.0.id").(string)
		extraction, _ := r.at("inputs_add_jobs.0.extraction_jobs.0.id").(string)
		return s.get(fleet + "/inputs/jobs/add/" + job), s.get(fleet + "/inputs/jobs/extraction/" + extraction)
	}
	job, _ := run(`"url":{"url":"gs://pictures/night/"}`)
	job.has("inputs_add_job.progress.failed_count", "1").lacks("inputs_add_job.progress.success_count")
	job, _ = run(`"url":{"url":"https://acme.blob.core.windows.net/pictures/night/"},"input_id_conflict_resolution":2`)
	job.has("inputs_add_job.progress.success_count", "1")
	s.get(fleet+"/inputs/d-1").is(200, 10000)
	_, extraction := run(`"url":{"url":"s3://nobodys/x"}`)
	extraction.has("inputs_extraction_job.status.code", 66000)
}

func TestCancelJobs(t *testing.T) {
	t.Parallel()
	s := withBucket(t, 10*time.Second)
	s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"inputs_add_job_id":"j","url":{"url":"s3://pictures/"}}]}`).is(200, 10000)
	s.clock.Advance(6 * time.Second)
	s.do("PATCH", fleet+"/inputs/jobs/add/j", `{}`).is(200, 10000).has("inputs_add_job.status.code", 64004).
		has("inputs_add_job.extraction_jobs.0.status.code", 64004)
	s.clock.Advance(time.Hour)
	s.get(fleet+"/inputs").count("inputs", 2) // created inputs stay, and no more are added
	r := s.post(fleet+"/inputs/data_sources", `{"data_sources":[{"url":{"url":"s3://pictures/"}}]}`).is(200, 10000)
	id, _ := r.at("inputs_add_jobs.0.extraction_jobs.0.id").(string)
	s.do("PATCH", fleet+"/inputs/jobs/extraction", fmt.Sprintf(`{"ids":[%q]}`, id)).is(200, 10000).
		has("inputs_extraction_jobs.0.status.code", 64004)
	s.do("PATCH", fleet+"/inputs/jobs/extraction", `{"ids":["nope"]}`).is(404, 11101)
	s.do("PATCH", fleet+"/inputs/jobs/add/nope", `{}`).is(404, 11101)
}

func tarred(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	compressed := gzip.NewWriter(&b)
	w := tar.NewWriter(compressed)
	for name, content := range files {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUpload(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"trucks/a.png": imageFile(t), "trucks/b.txt": []byte("a text")}
	for name, content := range map[string][]byte{"trucks.zip": zipped(t, files), "trucks.tar.gz": tarred(t, files)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, inFleetTaking(10*time.Second))
			r := s.post(fleet+"/inputs/uploads", fmt.Sprintf(`{"inputs_uploads":[{"inputs_add_job_id":"up","upload":{"content_name":%q,
				"content_length":%d},
				"input_template":{"data":{"concepts":[{"id":"truck"}]}}}]}`, name, len(content))).is(200, 10000)
			r.has("inputs_add_jobs.0.status.code", 64000).has("inputs_add_jobs.0.uploads.0.status.code", 68000)
			id, _ := r.at("inputs_add_jobs.0.uploads.0.id").(string)
			upload := fleet + "/uploads/" + id
			part := func(from, to int, data []byte) *reply {
				return s.do("PUT", upload+"/content_parts", fmt.Sprintf(`{"content_parts":[{"range_start":"%d","part_number":"1","data":%q}]}`, from,
					base64.StdEncoding.EncodeToString(data[from:to])))
			}
			n, third := len(content), len(content)/3
			part(2*third, n, content).is(200, 10000).has("upload.status.code", 68000)
			part(0, third, content).is(200, 10000)
			part(0, third, content).is(200, 10000) // again, as after a lost response
			other := bytes.Repeat([]byte("x"), n)
			part(0, third, other).is(400, 68006)
			part(third/2, third+1, content).is(400, 68006)
			s.get(upload).is(200, 10000).has("upload.status.code", 68000)
			part(third, 2*third, content).is(200, 10000).has("upload.status.code", 68001)
			s.get(fleet+"/inputs/jobs/add/up").has("inputs_add_job.status.code", 64001).has("inputs_add_job.uploads.0.status.code", 68001)
			s.clock.Advance(10 * time.Second)
			s.clock.Advance(10 * time.Second)
			s.get(fleet+"/inputs/jobs/add/up").has("inputs_add_job.status.code", 64002).has("inputs_add_job.progress.success_count", "2")
			s.get(fleet+"/inputs/a").is(200, 10000).has("input.data.concepts.0.id", "truck")
		})
	}
}

func TestUploadFailures(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.post(fleet+"/inputs/uploads", `{"inputs_uploads":[{"upload":{"content_name":"x.txt","content_length":"3"}}]}`).is(400, 11102)
	s.post(fleet+"/inputs/uploads", `{"inputs_uploads":[{"upload":{"content_name":"x.zip"}}]}`).is(400, 11102)
	open := func() string {
		r := s.post(fleet+"/inputs/uploads", `{"inputs_uploads":[{"upload":{"content_name":"x.zip","content_length":"3"}}]}`).is(200, 10000)
		id, _ := r.at("inputs_add_jobs.0.uploads.0.id").(string)
		return id
	}
	put := func(id, data string) *reply {
		return s.do("PUT", fleet+"/uploads/"+id+"/content_parts",
			fmt.Sprintf(`{"content_parts":[{"part_number":1,"data":%q}]}`, base64.StdEncoding.EncodeToString([]byte(data))))
	}
	put(open(), "long").is(400, 68006)
	broken := open()
	put(broken, "abc").is(200, 10000).has("upload.status.code", 68001)
	s.get(fleet+"/inputs/jobs/extraction").has("inputs_extraction_jobs.0.status.code", 67000)
	late := open()
	s.clock.Advance(25 * time.Hour)
	put(late, "abc").is(400, 68004)
	s.get(fleet+"/uploads/"+late).has("upload.status.code", 68004)
	s.do("DELETE", fleet+"/uploads", fmt.Sprintf(`{"ids":[%q]}`, late)).is(200, 10000)
	s.get(fleet+"/uploads/"+late).is(404, 11101)
	r := s.post(fleet+"/uploads", `{"uploads":[{"content_name":"plain.bin","content_length":"1"}]}`).is(200, 10000)
	id, _ := r.at("uploads.0.id").(string)
	put(id, "x").is(200, 10000).has("upload.status.code", 68001)
	s.get(fleet+"/inputs").count("inputs", 0)
}
