package ingestion_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion"
)

const (
	uploaded = "clarifai_inputs_upload.test"

	// partBytes is the length of a part in these tests; wholePart is that of a provider
	// which is a process of its own.
	partBytes = 64 << 10
	wholePart = 8 << 20
)

func TestMain(m *testing.M) {
	ingestion.SetPartBytes(partBytes)
	m.Run()
}

// archive writes an archive into a new directory and returns its path. Beside the files
// it holds noise, which is no input, so that it has at least so many bytes.
func archive(t *testing.T, content map[string]string, atLeast int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inbox.tar")
	rewrite(t, path, content, atLeast)
	return path
}

func rewrite(t *testing.T, path string, content map[string]string, atLeast int) {
	t.Helper()
	if atLeast > 0 {
		noise := make([]byte, atLeast)
		source := rand.NewChaCha8([32]byte{1})
		_, _ = source.Read(noise)
		content["noise.bin"] = string(noise)
	}
	if err := os.WriteFile(path, []byte(tarball(t, content)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func three() map[string]string {
	return map[string]string{"a.txt": "one", "sub/b.txt": "two", "c.txt": "three"}
}

func upload(path, extra string) string {
	return fmt.Sprintf(`resource "clarifai_inputs_upload" "test" {
  archive = %q
%s
}
`, path, extra)
}

func sha256File(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// uploads checks how many uploads were opened in all.
func uploads(env *acctest.Env, want int) resource.TestCheckFunc {
	return env.Called(want, "PostInputsUploads")
}

func TestAccInputsUpload_basic(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 0)
	config := env.Config(upload(path, `input_template = {
 concepts = { mail = 1 }
 dataset_ids = ["trucks"]
 }`))
	env.Test(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statusIs(uploaded, clarifai.StatusJobCompleted),
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("content_sha256"), knownvalue.StringExact(sha256File(t, path))),
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("content_name"), knownvalue.StringExact("inbox.tar")),
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("extraction_jobs").AtSliceIndex(0).AtMapKey("texts"),
					knownvalue.Int64Exact(3)),
			},
			Check: resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c"), func(*terraform.State) error {
				if members := env.DatasetInputs(env.App.AppID, "trucks"); len(members) != 3 {
					return fmt.Errorf("the dataset has %v", members)
				}
				return nil
			}),
		},
		resource.TestStep{
			ResourceName: uploaded, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"archive", "content_sha256"}, // the service does not give content back
		},
		// Another name for the same content is the same upload.
		resource.TestStep{
			PreConfig: func() {
				if err := os.Rename(path, path+".moved.tar"); err != nil {
					t.Fatal(err)
				}
			},
			Config: env.Config(upload(path+".moved.tar", `input_template = {
 concepts = { mail = 1 }
 dataset_ids = ["trucks"]
 }`)),
			ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionUpdate),
			Check:            uploads(env, 1),
		},
		// Other content is another.
		resource.TestStep{
			PreConfig:        func() { rewrite(t, path, map[string]string{"d.txt": "four"}, 0) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            resource.ComposeTestCheckFunc(uploads(env, 2), has(env, "a", "b", "c", "d")),
		},
	)
	if n := len(env.Inputs(env.App.AppID)); n != 4 {
		t.Errorf("after the destruction of the jobs there are %d inputs, want 4", n)
	}
}

func TestAccInputsUpload_importBlocks(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 0)
	config := env.Config(upload(path, `id = "mail"`))
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: env.Config(`removed {
 from = clarifai_inputs_upload.test
 lifecycle {
 destroy = false
 }
}`)},
		// What is imported takes the archive that is there for the one that was uploaded.
		resource.TestStep{
			Config: config + `import {
 to = clarifai_inputs_upload.test
 id = "mail"
}`,
			ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("content_sha256"), knownvalue.StringExact(sha256File(t, path))),
			},
			Check: uploads(env, 1),
		},
	)
}

// Many parts, sent side by side, in any order, some of them twice, make up the archive.
func TestAccInputsUpload_parts(t *testing.T) {
	env := service(t, 0, nil)
	path := archive(t, three(), 6*partBytes)
	env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Reset: emulator.AfterWork, After: 1, Count: 1})
	env.MustFault(emulator.Fault{Op: "PutUploadContentParts", HTTP: 503, After: 2, Count: 1})
	env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Truncate: true, After: 3, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(upload(path, "")),
		Check:  resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c"), env.Called(7+3, "PutUploadContentParts")),
	})
}

// Four parts travel at the same time, and no more.
func TestAccInputsUpload_atOnce(t *testing.T) {
	clock := emulator.NewManualClock(time.Now())
	env := service(t, 0, nil, acctest.Emulator(func(o *emulator.Options) { o.Clock = clock }))
	env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Latency: emulator.Duration(time.Hour), Count: 4})
	go func() {
		clock.AwaitWaiters(4)
		clock.Advance(time.Hour)
	}()
	env.Test(t, resource.TestStep{
		Config: env.Config(upload(archive(t, three(), 9*partBytes), "")),
		Check:  resource.ComposeTestCheckFunc(env.Called(10, "PutUploadContentParts"), has(env, "a", "b", "c")),
	})
	if n := env.MaxInFlight(); n != 4 {
		t.Errorf("%d parts travelled at once, want 4", n)
	}
}

// The content of an upload that exists is needed neither to plan nor to destroy it, and an update compares it.
func TestAccInputsUpload_missingContent(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 0)
	config := env.Config(upload(path, ""))
	moved := path + ".away"
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { _ = os.Rename(path, moved) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionUpdate),
			ExpectError:      regexp.MustCompile(`Unable to read`),
		},
		resource.TestStep{Config: config, Destroy: true},
		resource.TestStep{
			Config:      config,
			ExpectError: regexp.MustCompile(`Unable to read`),
		},
	)
}

// A folder is sent as the archive that it would make, the same for the same files.
func TestAccInputsUpload_folder(t *testing.T) {
	env := service(t, time.Minute, nil)
	long := strings.Repeat("long-", 30) + "name"
	dir := files(t, map[string]string{
		"a.txt": strings.Repeat("x", 700), "deep/er/b.txt": "two", "deep/" + long + ".txt": "three", "notes.md": "no input",
		".hidden.txt": "no", ".git/config.txt": "no", "empty.bin": "", "deep/big.bin": strings.Repeat("noise", partBytes/4),
	})
	folder := func(path string) string {
		return env.Config(fmt.Sprintf(`resource "clarifai_inputs_upload" "test" {
  folder = %q
}
`, path))
	}
	other := filepath.Join(t.TempDir(), "copy")
	env.Test(t,
		resource.TestStep{
			Config: folder(dir),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("content_name"), knownvalue.StringExact(filepath.Base(dir)+".tar")),
			},
			Check: resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", long)),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := os.CopyFS(other, os.DirFS(dir)); err != nil { // with other times
					t.Fatal(err)
				}
			},
			Config: folder(other), Check: uploads(env, 1),
		},
		resource.TestStep{
			PreConfig: func() { write(t, other, map[string]string{"deep/c.txt": "more"}) },
			Config:    folder(other), ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionDestroyBeforeCreate),
			Check: resource.ComposeTestCheckFunc(uploads(env, 2), has(env, "a", "b", "c", long)),
			ConfigStateChecks: []statecheck.StateCheck{ // those whose ids are taken
				statecheck.ExpectKnownValue(uploaded, tfjsonpath.New("skipped_count"), knownvalue.Int64Exact(3)),
			},
		},
	)
	sent := sentTo(t, env)
	names := map[string]int64{}
	for r := tar.NewReader(bytes.NewReader(sent)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("what was sent is no tar archive: %v", err)
		}
		names[header.Name] = header.Size
	}
	if len(names) != 7 || names["a.txt"] != 700 || names["deep/"+long+".txt"] != 5 {
		t.Errorf("the archive has %v", names)
	}
}

// sentTo is the archive that was sent last, put together from its parts.
func sentTo(t *testing.T, env *acctest.Env) []byte {
	t.Helper()
	var content []byte
	for _, call := range env.Calls("PutUploadContentParts") {
		var in clarifai.PutUploadContentPartsRequest
		if err := clarifai.Decode(call.Request, &in); err != nil {
			t.Fatal(err)
		}
		for _, part := range in.ContentParts {
			if part.PartNumber == 1 {
				content = nil
			}
			content = append(content[:min(int(part.RangeStart), len(content))], part.Data...)
		}
	}
	return content
}

// An interrupted upload is resumed with the parts that the service lacks.
func TestAccInputsUpload_resume(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 14*partBytes)
	config := env.Config(upload(path, ""))
	fault := env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: 11007, After: 11})
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, Check: uploads(env, 1)},
		resource.TestStep{Config: config,
			ExpectError: regexp.MustCompile(`(?s)Incomplete\s+upload of.*11007.*The\s+next\s+apply\s+sends\s+the\s+rest`)},
		resource.TestStep{
			PreConfig: func() { env.ClearFaults(fault); env.ResetCalls() },
			Config:    config,
			ConfigStateChecks: []statecheck.StateCheck{
				statusIs(uploaded, clarifai.StatusJobCompleted),
			},
			Check: resource.ComposeTestCheckFunc(uploads(env, 0), has(env, "a", "b", "c"), func(*terraform.State) error {
				// 11 of 15 parts had arrived, or up to three fewer that were under way when one was
				// rejected. All but the last few of them need not be sent again.
				if n := env.Count("PutUploadContentParts"); n < 4 || n > 11 {
					return fmt.Errorf("%d parts were sent for the few of 15 that were missing", n)
				}
				return nil
			}),
		},
	)
}

// The service may be wrong about what it has: then all is sent.
func TestAccInputsUpload_wrongPercentage(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 5*partBytes)
	config := env.Config(upload(path, ""))
	fault := env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: 11007, After: 1})
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() {
				env.ClearFaults(fault)
				env.MustFault(emulator.Fault{Op: "GetUpload", Body: `{"status":{"code":10000},"upload":{"id":"` + uploadID(t,
					env) + `","content_length":"41948672","status":{"code":68000,"percent_completed":95}}}`, HTTP: 200,
					ContentType: "application/json", Count: 4})
			},
			Config: config,
			Check:  resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c")),
		},
	)
}

func uploadID(t *testing.T, env *acctest.Env) string {
	t.Helper()
	uploads, err := env.Client.ListUploads(t.Context(), env.App, clarifai.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if len(uploads) == 0 {
		t.Fatal("no upload")
	}
	return uploads[0].ID
}

// An upload that expired before it was complete is started again.
func TestAccInputsUpload_expired(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 3*partBytes)
	config := env.Config(upload(path, ""))
	fault := env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: 11007, After: 2})
	env.Test(t,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig:        func() { env.ClearFaults(fault); env.Clock.Advance(25 * time.Hour) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(uploaded, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            resource.ComposeTestCheckFunc(uploads(env, 2), has(env, "a", "b", "c")),
		},
	)
}

// An upload that expires or conflicts while it is being sent is started again by the same apply.
func TestAccInputsUpload_spoiled(t *testing.T) {
	for name, code := range map[string]clarifai.StatusCode{"expired": clarifai.StatusUploadExpired,
		"conflict": clarifai.StatusUploadConflict} {
		t.Run(name, func(t *testing.T) {
			env := service(t, time.Minute, nil)
			path := archive(t, three(), 3*partBytes)
			env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: code, After: 2, Count: 1})
			env.Test(t, resource.TestStep{
				Config: env.Config(upload(path, "")),
				Check:  resource.ComposeTestCheckFunc(uploads(env, 2), env.Called(1, "CancelInputsAddJob"), has(env, "a", "b", "c")),
			})
		})
	}
	t.Run("forever", func(t *testing.T) {
		env := service(t, time.Minute, nil)
		path := archive(t, three(), partBytes)
		env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: clarifai.StatusUploadConflict,
			Details: "somebody else writes here"})
		env.Test(t, resource.TestStep{
			Config:      env.Config(upload(path, "")),
			ExpectError: regexp.MustCompile(`(?s)Incomplete\s+upload.*somebody\s+else\s+writes\s+here.*starts\s+a\s+new\s+upload`),
		})
		if n := env.Count("PostInputsUploads"); n != 3 {
			t.Errorf("%d uploads were opened, want 3", n)
		}
	})
}

func TestAccInputsUpload_lostResponse(t *testing.T) {
	env := service(t, time.Minute, nil)
	env.MustFault(emulator.Fault{Op: "PostInputsUploads", Reset: emulator.AfterWork, Count: 1})
	env.Test(t, resource.TestStep{
		Config: env.Config(upload(archive(t, three(), 0), "")),
		Check:  resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c")),
	})
}

// Content that changes under our hands is not uploaded for what it was.
func TestAccInputsUpload_changes(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 3*partBytes)
	var once sync.Once
	env.Observe(func(call emulator.Call) {
		if call.Op == "PutUploadContentParts" {
			once.Do(func() {
				if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
					t.Error(err)
				}
			})
		}
	})
	env.Test(t,
		resource.TestStep{Config: env.Config(upload(path, "")),
			ExpectError: regexp.MustCompile(`(?s)inbox\.tar\s+has\s+changed\s+while\s+it\s+was\s+being\s+uploaded`)},
		// Only its time had changed: the very same upload is completed.
		resource.TestStep{
			PreConfig: func() {
				if n := len(env.Inputs(env.App.AppID)); n != 0 {
					t.Errorf("%d inputs were made of it", n)
				}
			},
			Config: env.Config(upload(path, "")),
			Check:  resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c")),
		},
	)
}

// Between plan and apply the archive becomes another.
func TestAccInputsUpload_changedSincePlan(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 0)
	env.Test(t, resource.TestStep{
		Config: env.Config(upload(path, "depends_on = [terraform_data.spoil]"), fmt.Sprintf(`
resource "terraform_data" "spoil" {
  provisioner "local-exec" { command = "echo more >> %s" }
}
`, path)),
		// Terraform itself notices, since it plans again just before it applies.
		ExpectError: regexp.MustCompile(`(?s)inconsistent\s+final\s+plan.*content_sha256`),
	})
	if n := env.Count("PostInputsUploads"); n != 0 {
		t.Errorf("%d uploads were opened", n)
	}
}

func TestAccInputsUpload_timeout(t *testing.T) {
	env := service(t, years, nil)
	path := archive(t, three(), 0)
	env.Test(t,
		resource.TestStep{Config: env.Config(upload(path, `timeouts = { create = "1s" }
 stall_timeout = "0s"`)), ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() { env.Clock.Advance(2 * years) },
			Config:    env.Config(upload(path, `stall_timeout = "0s"`)),
			Check:     resource.ComposeTestCheckFunc(uploads(env, 1), has(env, "a", "b", "c")),
		},
		resource.TestStep{
			PreConfig:        func() { env.MustFault(emulator.NotFoundFor(1000, "GetInputsAddJob")) },
			Config:           env.Config(upload(path, `stall_timeout = "0s"`)),
			ConfigPlanChecks: emptyPlan,
		},
	)
}

// The bytes are sent also when the rest is not waited for.
func TestAccInputsUpload_accepted(t *testing.T) {
	env := service(t, years, nil)
	path := archive(t, three(), 0)
	env.Test(t,
		resource.TestStep{
			Config: env.Config(upload(path, `wait_for = "accepted"
 cancel_on_destroy = true`)),
			ConfigStateChecks: []statecheck.StateCheck{statusIs(uploaded, clarifai.StatusJobQueued)},
			Check:             uploads(env, 1),
		},
		resource.TestStep{Config: env.Config(` `), Check: resource.ComposeTestCheckFunc(env.Called(1,
			"CancelInputsAddJob"), env.Called(1, "CancelInputsExtractionJobs"), has(env))},
	)
}

// An upload that is not complete is cancelled together with its job.
func TestAccInputsUpload_cancelOnDestroy(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := archive(t, three(), 3*partBytes)
	env.MustFault(emulator.Fault{Op: "PutUploadContentParts", Code: 11007, After: 2})
	env.Test(t,
		resource.TestStep{Config: env.Config(upload(path, `cancel_on_destroy = true`)), ExpectNonEmptyPlan: true},
		resource.TestStep{Config: env.Config(` `), Check: env.Called(1, "CancelInputsAddJob")},
	)
	uploads, err := env.Client.ListUploads(t.Context(), env.App, clarifai.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uploads {
		if u.Status.Code == clarifai.StatusUploadInProgress {
			t.Errorf("upload %s is still open", u.ID)
		}
	}
}

func TestAccInputsUpload_brokenArchive(t *testing.T) {
	env := service(t, time.Minute, nil)
	path := filepath.Join(t.TempDir(), "broken.zip")
	if err := os.WriteFile(path, []byte("this is no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	env.Test(t, resource.TestStep{Config: env.Config(upload(path,
		"")), ExpectError: regexp.MustCompile(`(?s)Job\s+failed:\s+upload.*67000`)})
}

func TestAccInputsUpload_invalid(t *testing.T) {
	env := service(t, 0, nil)
	empty := t.TempDir()
	for arguments, want := range map[string]string{
		``:                                `exactly\s+one\s+of\s+archive\s+and\s+folder`,
		`archive = "x.rar"`:               `Invalid archive`,
		`archive = "none.zip"`:            `(?s)Unable to read none\.zip.*path\.module`,
		`folder = "none"`:                 `Unable to read none`,
		fmt.Sprintf("folder = %q", empty): `holds no files`,
		`archive = "x.zip"
 folder = "x"`: `exactly\s+one\s+of\s+archive\s+and\s+folder`,
		`archive = "x.zip"
 triggers = { a = [1] }`: `(?i)string`,
		fmt.Sprintf("folder = %q", filepath.Join(empty, "x")):  `Unable to read`,
		fmt.Sprintf("archive = %q", filepath.Join(empty, "x")): `Invalid archive`,
	} {
		env.Test(t, resource.TestStep{
			Config: env.Config(`resource "clarifai_inputs_upload" "test" {
` + arguments + `
}`),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(want),
		})
	}
}
