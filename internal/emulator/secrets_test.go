package emulator_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestCredentials_neverShown sends a canary in every field that holds a
// credential, in both spellings, and searches for it in all outputs.
func TestCredentials_neverShown(t *testing.T) {
	const canary = "CANARYcanaryCANARY99" // also good base64
	var mu sync.Mutex
	var lines []string
	s := start(t, func(o *emulator.Options) {
		inFleet(o)
		o.Logf = func(format string, args ...any) {
			mu.Lock()
			defer mu.Unlock()
			lines = append(lines, fmt.Sprintf(format, args...))
		}
	})
	s.key = "Key " + canary
	sources := func(credentials string) string {
		return `{"data_sources":[{"inputs_add_job_id":"","url":{"url":"s3://nowhere/reports/","credentials":` + credentials +
			`}}],"app_pat":"` + canary + `"}`
	}
	for _, body := range []string{
		sources(`{"s3_creds":{"region":"eu","id":"` + canary + `","secret":"` + canary + `","token":"` + canary + `"}}`),
		sources(`{"s3Creds":{"secret":"` + canary + `"}}`),
		sources(`{"gcp_creds":"` + canary + `"}`),
		sources(`{"azure_blob_creds":{"account_name":"` + canary + `","account_key":"` + canary + `"}}`),
		strings.Replace(sources(`{"azureBlobCreds":{"accountKey":"`+canary+`"}}`), "app_pat", "appPat", 1),
	} {
		s.post(fleet+"/inputs/data_sources", body).is(200, 10000)
	}
	s.post(fleet+"/inputs/data_sources", sources(`{"gcp_creds":"` + canary + `"}`)[1:]) // not JSON
	s.post(fleet+"/inputs/data_sources", sources(`{"gcp_creds":"`+canary)+"\x00")
	s.post(fleet+"/inputs/uploads", `{"inputs_uploads":[{"app_pat":"`+canary+`","upload":{"content_name":"a.zip","content_length":"5"}}]}`).
		is(200, 10000)

	// The request itself contains it, so the search below would find it.
	if calls := s.Calls("PostInputsDataSources"); !bytes.Contains(calls[0].Request, []byte(canary)) {
		t.Fatal("the canary did not arrive")
	}
	shown, state := s.get("/__emulator/calls"), s.get("/__emulator/state")
	jobs := s.get(fleet+"/inputs/jobs/add").is(200, 10000)
	tasks := s.get(fleet+"/inputs/jobs/extraction").is(200, 10000)
	shown.has("calls.0.headers.Authorization.0", "(secret)").has("calls.0.request.app_pat", "(secret)").
		has("calls.0.request.data_sources.0.url.credentials", "(secret)").
		has("calls.0.request.data_sources.0.url.url", "s3://nowhere/reports/").
		has("calls.4.request.appPat", "(secret)").has("calls.7.request.inputs_uploads.0.app_pat", "(secret)").
		lacks("calls.5.request").lacks("calls.6.request").lacks("calls.8")
	s.Close() // the log is written after the responses
	mu.Lock()
	defer mu.Unlock()
	for where, text := range map[string]string{
		"calls": string(shown.raw), "state": string(state.raw), "jobs": string(jobs.raw), "its tasks": string(tasks.raw),
		"the log": strings.Join(lines, "\n"),
	} {
		if text == "" || strings.Contains(text, canary) {
			t.Errorf("%s show the canary: %s", where, text)
		}
	}
}
