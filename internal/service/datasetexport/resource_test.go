package datasetexport_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/datasetexport"
)

const address = "clarifai_dataset_version_export.test"

// service is an emulator with a dataset of two images and its version v1.
func service(t *testing.T, options ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, options...)
	one := clarifai.Float(1)
	for _, id := range []string{"a", "b"} {
		env.AddInput(acctest.App, clarifai.Input{ID: id, Data: &clarifai.Data{
			Image:    &clarifai.Image{URL: "https://example.com/" + id + ".jpg"},
			Concepts: []clarifai.Concept{{ID: "truck", Value: &one}},
		}})
	}
	env.AddDataset(acctest.App, clarifai.Dataset{ID: "trucks"}, "a", "b")
	build(t, env, "v1")
	return env
}

func build(t *testing.T, env *acctest.Env, id string) {
	t.Helper()
	if _, err := env.Client.PostDatasetVersions(t.Context(), env.App, "trucks", []clarifai.DatasetVersion{{ID: id}}); err != nil {
		t.Fatal(err)
	}
}

func export(env *acctest.Env, body string) string {
	return env.Config(block(body))
}

func block(body string) string {
	return `resource "clarifai_dataset_version_export" "test" {
  dataset_id = "trucks"
  dataset_version_id = "v1"
  format = "CLARIFAI_DATA_JSON"
` + body + `
}
`
}

// to is an attribute that names a file in a directory of the test.
func to(file string) string { return fmt.Sprintf("download_to = %q", file) }

func known(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
}

// saved checks that a file is the archive that the service has, and that nothing else is beside it.
func saved(env *acctest.Env, file string, format clarifai.DatasetVersionExportFormat) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		version, err := env.Client.GetDatasetVersion(context.Background(), env.App, "trucks", "v1")
		if err != nil {
			return err
		}
		var served bytes.Buffer
		if _, err := env.Client.Download(context.Background(), version.ExportInfo.Format(format).URL, &served); err != nil {
			return err
		}
		if !bytes.Equal(content, served.Bytes()) {
			return fmt.Errorf("%s has %d bytes that are not those of the service's archive (%d)", file, len(content), served.Len())
		}
		digest := sha256.Sum256(content)
		if got := s.RootModule().Resources[address].Primary.Attributes["sha256"]; got != hex.EncodeToString(digest[:]) {
			return fmt.Errorf("sha256 in state is %s, the file's is %x", got, digest)
		}
		return alone(file)
	}
}

// alone checks that a directory has no other file than this one, or none.
func alone(file string) error {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(file) {
			return fmt.Errorf("%s was left behind", e.Name())
		}
	}
	return nil
}

func TestAccDatasetVersionExport_formats(t *testing.T) {
	for name, format := range map[string]clarifai.DatasetVersionExportFormat{
		"CLARIFAI_DATA_PROTOBUF": clarifai.ExportFormatClarifaiDataProtobuf,
		"CLARIFAI_DATA_JSON":     clarifai.ExportFormatClarifaiDataJSON,
		"COCO":                   clarifai.ExportFormatCOCO,
	} {
		t.Run(name, func(t *testing.T) {
			env := service(t)
			file := filepath.Join(t.TempDir(), "new", "archive.zip")
			config := strings.Replace(export(env, to(file)), "CLARIFAI_DATA_JSON", name, 1)
			env.Test(t,
				resource.TestStep{
					Config: config,
					Check:  saved(env, file, format),
					ConfigStateChecks: []statecheck.StateCheck{
						known("user_id", knownvalue.StringExact("acme")),
						known("app_id", knownvalue.StringExact("fleet")),
						statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"), knownvalue.Int64Exact(64200)),
						known("url", knownvalue.StringRegexp(regexp.MustCompile(`^http://127\.0\.0\.1:\d+/exports/\w+\.zip$`))),
						known("size", knownvalue.NotNull()),
						known("include_embeddings", knownvalue.Bool(false)),
					},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: acctest.PlansNothing()},
			)
			archive, err := zip.OpenReader(file)
			if err != nil {
				t.Fatal(err) // destroying leaves the file
			}
			defer archive.Close()
			if len(archive.File) == 0 {
				t.Error("the archive is empty")
			}
			if n := env.Count("PutDatasetVersionExports"); n != 1 {
				t.Errorf("%d requests for the export, want 1", n)
			}
		})
	}
}

func TestAccDatasetVersionExport_import(t *testing.T) {
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	env.Test(t,
		resource.TestStep{Config: export(env, "")},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "trucks/v1/CLARIFAI_DATA_JSON", ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: "dataset_version_id"},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "acme/fleet/trucks/v1/CLARIFAI_DATA_JSON",
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "dataset_version_id"},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
			ImportStateId: "trucks/v1/CLARIFAI_DATA_JSON"},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "trucks/v1/json",
			ExpectError: regexp.MustCompile(`"json"\s+is\s+not\s+an\s+export\s+format`)},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: "trucks/v1/COCO",
			ExpectError: regexp.MustCompile(`(?i)non-existent`)},
		resource.TestStep{Config: export(env, to(file)), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: saved(env, file, clarifai.ExportFormatClarifaiDataJSON)},
	)
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
}

func TestAccDatasetVersionExport_importByIdentity(t *testing.T) {
	acctest.Require(t, acctest.ImportByIdentity)
	env := service(t)
	env.Test(t,
		resource.TestStep{
			Config: export(env, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"user_id": knownvalue.StringExact("acme"), "app_id": knownvalue.StringExact("fleet"), "dataset_id": knownvalue.StringExact("trucks"),
					"dataset_version_id": knownvalue.StringExact("v1"), "format": knownvalue.StringExact("CLARIFAI_DATA_JSON"),
				}),
			},
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestAccDatasetVersionExport_replace(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"format":     func(s string) string { return strings.Replace(s, "CLARIFAI_DATA_JSON", "COCO", 1) },
		"version":    func(s string) string { return strings.Replace(s, `"v1"`, `"v2"`, 1) },
		"embeddings": func(s string) string { return strings.Replace(s, "format ", "include_embeddings = true\n format ", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			env := service(t)
			build(t, env, "v2")
			config := export(env, "")
			env.Test(t,
				resource.TestStep{Config: config},
				resource.TestStep{Config: change(config), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)},
			)
			if n := env.Count("PutDatasetVersionExports"); n != 2 {
				t.Errorf("%d requests for exports, want 2", n)
			}
		})
	}
}

func TestAccDatasetVersionExport_embeddings(t *testing.T) {
	env := service(t)
	env.Test(t, resource.TestStep{
		Config: export(env, "include_embeddings = true"),
		Check: func(*terraform.State) error {
			if e := env.DatasetVersion(acctest.App, "trucks", "v1").ExportInfo.ClarifaiDataJSON; !e.IncludeEmbeddings {
				return fmt.Errorf("the service holds %+v", e)
			}
			return nil
		},
	})
}

// A file that is missing or was changed is downloaded again, and nothing is exported again.
func TestAccDatasetVersionExport_downloadAgain(t *testing.T) {
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	config := export(env, to(file))
	check := saved(env, file, clarifai.ExportFormatClarifaiDataJSON)
	again := acctest.Plans(address, plancheck.ResourceActionUpdate)
	env.Test(t,
		resource.TestStep{Config: config, Check: check},
		resource.TestStep{
			PreConfig: func() {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: again, Check: check,
		},
		resource.TestStep{
			PreConfig: func() {
				if err := os.WriteFile(file, []byte("somebody's notes"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: again, Check: check,
		},
	)
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
}

func TestAccDatasetVersionExport_moveFile(t *testing.T) {
	env := service(t)
	one, two := filepath.Join(t.TempDir(), "one.zip"), filepath.Join(t.TempDir(), "two.zip")
	env.Test(t,
		resource.TestStep{Config: export(env, to(one)), Check: saved(env, one, clarifai.ExportFormatClarifaiDataJSON)},
		resource.TestStep{Config: export(env, to(two)), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			Check: saved(env, two, clarifai.ExportFormatClarifaiDataJSON)},
		resource.TestStep{Config: export(env, ""), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{known("sha256", knownvalue.Null())}},
	)
	for _, file := range []string{one, two} {
		if _, err := os.Stat(file); err != nil {
			t.Errorf("the file should stay: %v", err)
		}
	}
}

func TestAccDatasetVersionExport_deleteFile(t *testing.T) {
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	config := export(env, to(file)+`
  delete_file_on_destroy = true`)
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, Destroy: true},
	)
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file should be gone: %v", err)
	}
	// A file that is no longer the downloaded one is somebody's.
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				if err := os.WriteFile(file, []byte("somebody's notes"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, Destroy: true,
		},
	)
	if _, err := os.Stat(file); err != nil {
		t.Errorf("the unmanaged file should stay: %v", err)
	}
}

// A connection that breaks in the middle costs another download, not the apply.
func TestAccDatasetVersionExport_brokenConnection(t *testing.T) {
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	fault := env.MustFault(emulator.Fault{Op: "DownloadExport", Truncate: true, Count: 2})
	env.Test(t, resource.TestStep{Config: export(env, to(file)), Check: saved(env, file, clarifai.ExportFormatClarifaiDataJSON)})
	if env.Struck(fault) != 2 {
		t.Errorf("the fault struck %d times, want 2", env.Struck(fault))
	}
}

// What is not the archive that the service speaks of never takes the file's place.
func TestAccDatasetVersionExport_wrongArchive(t *testing.T) {
	for name, want := range map[string]string{
		"size":    `(?s)he\s+archive\s+has\s+5\s+bytes,\s+but\s+the\s+service\s+says\s+it\s+has\s+\d+.*nothing\s+is\s+exported\s+again`,
		"content": `(?s)not\s+a\s+complete\s+ZIP\s+archive`,
	} {
		t.Run(name, func(t *testing.T) {
			env := service(t)
			file := filepath.Join(t.TempDir(), "archive.zip")
			if err := os.WriteFile(file, []byte("what was there before"), 0o600); err != nil {
				t.Fatal(err)
			}
			exports, err := env.Client.PutDatasetVersionExports(t.Context(), env.App, "trucks", "v1",
				[]clarifai.DatasetVersionExport{{Format: clarifai.ExportFormatClarifaiDataJSON}})
			if err == nil {
				exports, err = env.Client.PutDatasetVersionExports(t.Context(), env.App, "trucks", "v1", exports)
			}
			if err != nil {
				t.Fatal(err)
			}
			body := "wrong"
			if name == "content" {
				body = strings.Repeat("x", int(exports[0].Size))
			}
			fault := env.MustFault(emulator.Fault{Op: "DownloadExport", HTTP: 200, Body: body, ContentType: "application/zip"})
			env.Test(t,
				resource.TestStep{Config: export(env, to(file)), ExpectError: regexp.MustCompile(want)},
				resource.TestStep{
					PreConfig: func() {
						if content, _ := os.ReadFile(file); string(content) != "what was there before" {
							t.Errorf("the file is now %q", content)
						}
						if err := alone(file); err != nil {
							t.Error(err)
						}
						env.ClearFaults(fault)
					},
					Config: export(env, to(file)), ExpectError: regexp.MustCompile(
						`A\s+file\s+"[^"]+"\s+exists\s+that\s+this\s+resource\s+has\s+not\s+written[\s\S]*delete_file_on_destroy`),
				},
				resource.TestStep{
					PreConfig: func() {
						if err := os.Remove(file); err != nil {
							t.Error(err)
						}
					},
					Config: export(env, to(file)), Check: saved(env, file, clarifai.ExportFormatClarifaiDataJSON),
				},
			)
		})
	}
}

// A full disk leaves nothing behind, says so, and costs no second export.
func TestAccDatasetVersionExport_fullDisk(t *testing.T) {
	env := service(t, acctest.Serial)
	file := filepath.Join(t.TempDir(), "archive.zip")
	free := datasetexport.FillDisk(t, 100)
	env.Test(t,
		resource.TestStep{
			Config: export(env, to(file)),
			ExpectError: regexp.MustCompile(`(?s)Unable to save the CLARIFAI_DATA_JSON export of version "v1".*is\s+full.*needs\s+\d+\s+bytes.*` +
				`incomplete\s+file\s+is\s+removed.*next\s+apply.*nothing\s+is\s+exported\s+again`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := alone(file); err != nil {
					t.Error(err)
				}
				if n := env.Count("DownloadExport"); n != 1 {
					t.Errorf("%d downloads for a disk that is full, want 1", n)
				}
				free()
			},
			Config: export(env, to(file)), Check: saved(env, file, clarifai.ExportFormatClarifaiDataJSON),
		},
	)
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
}

func TestAccDatasetVersionExport_unusableDirectory(t *testing.T) {
	env := service(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	env.Test(t,
		resource.TestStep{Config: export(env, to(dir)),
			ExpectError: regexp.MustCompile(`(?s)Cannot save the archive there.*cannot\s+be\s+written.*is\s+a\s+directory`)},
		resource.TestStep{Config: export(env, to(socket)),
			ExpectError: regexp.MustCompile(`(?s)Cannot save the archive there.*not\s+a\s+regular\s+file`)},
		resource.TestStep{Config: export(env, to(filepath.Join(dir, "file", "archive.zip"))),
			ExpectError: regexp.MustCompile(`(?s)cannot\s+be\s+written.*not\s+a\s+directory`)},
	)
}

// The version is waited for, then the export, whatever trouble there is on the way.
func TestAccDatasetVersionExport_waits(t *testing.T) {
	env := service(t, acctest.Async(time.Minute))
	throttled := env.MustFault(emulator.Fault{Op: "PutDatasetVersionExports", Code: clarifai.StatusThrottled, Count: 2})
	lost := env.MustFault(emulator.Fault{Op: "PutDatasetVersionExports", Reset: emulator.AfterWork, Count: 1})
	broken := env.MustFault(emulator.Fault{Op: "GetDatasetVersion", HTTP: 502, After: 10, Count: 2})
	file := filepath.Join(t.TempDir(), "archive.zip")
	env.Test(t, resource.TestStep{Config: export(env, to(file)), Check: saved(env, file, clarifai.ExportFormatClarifaiDataJSON)})
	for name, want := range map[string]int{throttled: 2, lost: 1, broken: 2} {
		if got := env.Struck(name); got != want {
			t.Errorf("%s struck %d times, want %d", name, got, want)
		}
	}
}

func TestAccDatasetVersionExport_doesNotWait(t *testing.T) {
	env := service(t, acctest.Async(time.Minute))
	env.Clock.Advance(time.Hour)
	config := export(env, `wait_for = "accepted"`)
	status := func(code int64) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("status").AtMapKey("code"),
			knownvalue.Int64Exact(code))}
	}
	env.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: append(status(64201), known("url", knownvalue.Null()))},
		resource.TestStep{Config: export(env, ""), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate),
			ConfigStateChecks: append(status(64200), known("url", knownvalue.NotNull()))},
		resource.TestStep{Config: config, ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionUpdate)},
	)
}

// A timeout leaves the export alone, and the next apply takes it up.
func TestAccDatasetVersionExport_timeout(t *testing.T) {
	frozen := emulator.NewManualClock(time.Now())
	env := service(t, acctest.Async(time.Hour), acctest.Emulator(func(o *emulator.Options) { o.Clock = frozen }))
	short := export(env, `timeouts = { create = "300ms" }`)
	env.Test(t,
		resource.TestStep{Config: short,
			ExpectError: regexp.MustCompile(`(?s)version "v1" of dataset\s+"trucks",\s+which\s+is\s+to\s+be\s+exported\s+timed\s+out.*` +
				`timeouts\.create.*has\s+not\s+started`)},
		resource.TestStep{
			PreConfig: func() { frozen.Advance(2 * time.Hour) },
			Config:    short,
			ExpectError: regexp.MustCompile(`(?s)Not done yet: CLARIFAI_DATA_JSON export.*timed\s+out.*64201.*timeouts\.create.*` +
				`resumes\s+waiting\s+for\s+the\s+same\s+export`),
		},
		resource.TestStep{
			PreConfig:         func() { frozen.Advance(2 * time.Hour) },
			Config:            export(env, ""),
			ConfigStateChecks: []statecheck.StateCheck{known("url", knownvalue.NotNull())},
		},
	)
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
}

func TestAccDatasetVersionExport_failed(t *testing.T) {
	env := service(t)
	env.MustFault(emulator.Fault{Object: "export", Count: 1, Details: "no space in the bucket"})
	env.Test(t,
		resource.TestStep{Config: export(env, ""),
			ExpectError: regexp.MustCompile(`(?s)Unable to create the CLARIFAI_DATA_JSON.*no\s+space\s+in\s+the\s+bucket.*64202`)},
		resource.TestStep{Config: export(env, ""), ConfigStateChecks: []statecheck.StateCheck{known("url", knownvalue.NotNull())}},
	)
}

func TestAccDatasetVersionExport_failedVersion(t *testing.T) {
	env := service(t)
	env.MustFault(emulator.Fault{Object: "dataset_version", ID: "v2", Details: "no inputs left"})
	build(t, env, "v2")
	config := strings.Replace(export(env, ""), `"v1"`, `"v2"`, 1)
	env.Test(t,
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)no\s+inputs\s+left.*replace\s+it`)},
		resource.TestStep{Config: strings.Replace(config, `"v2"`, `"v3"`, 1),
			ExpectError: regexp.MustCompile(`(?s)Unable to read version "v3".*Resource\s+does\s+not\s+exist`)},
	)
	if n := env.Count("PutDatasetVersionExports"); n != 0 {
		t.Errorf("%d requests for exports of versions that have none", n)
	}
}

func TestAccDatasetVersionExport_disappears(t *testing.T) {
	env := service(t)
	config := export(env, "")
	env.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { recreateVersion(t, env) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionCreate),
		},
	)
}

// An export that was lost with its version stays in state as long as its file exists, so that the new export overwrites it.
func TestAccDatasetVersionExport_disappearsWithoutItsFile(t *testing.T) {
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	config := export(env, to(file))
	check := saved(env, file, clarifai.ExportFormatClarifaiDataJSON)
	env.Test(t,
		resource.TestStep{Config: config, Check: check},
		resource.TestStep{
			PreConfig:        func() { recreateVersion(t, env) },
			Config:           config,
			ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            check,
		},
	)
}

// recreateVersion replaces the version by one that was never exported, outside Terraform.
func recreateVersion(t *testing.T, env *acctest.Env) {
	t.Helper()
	env.DeleteDatasetVersion(acctest.App, "trucks", "v1")
	build(t, env, "v1")
}

func TestAccDatasetVersionExport_invalid(t *testing.T) {
	env := service(t)
	env.ResetCalls()
	for body, want := range map[string]string{
		`download_to = ""`: `at least 1`,
		`wait_for = "accepted"
  download_to = "x.zip"`: `Nothing to download without waiting`,
		`timeouts = { create = "soon" }`: `(?i)duration`,
		`app_id = "a/b"`:                 `slash`,
	} {
		env.Test(t, resource.TestStep{Config: export(env, body), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	env.Test(t, resource.TestStep{Config: strings.Replace(export(env, ""), "CLARIFAI_DATA_JSON", "TFRECORD", 1), PlanOnly: true,
		ExpectError: regexp.MustCompile(`COCO`)})
	if n := env.Count(); n != 0 {
		t.Errorf("%d calls were made for configurations that cannot work", n)
	}
}

// A version and its export in one configuration; the version is replaced and the export follows.
func TestAccDatasetVersionExport_follows(t *testing.T) {
	env := service(t, acctest.Async(10*time.Second))
	file := filepath.Join(t.TempDir(), "archive.zip")
	config := func(trigger string) string {
		return env.Config(fmt.Sprintf(`
resource "clarifai_dataset_version" "v" {
  dataset_id = "trucks"
  triggers   = { labels = %q }
}
resource "clarifai_dataset_version_export" "test" {
  dataset_id         = "trucks"
  dataset_version_id = clarifai_dataset_version.v.id
  format             = "COCO"
  download_to        = %q
}`, trigger, file))
	}
	env.Test(t,
		resource.TestStep{Config: config("one")},
		resource.TestStep{Config: config("two"), ConfigPlanChecks: acctest.Plans(address, plancheck.ResourceActionDestroyBeforeCreate)},
	)
	if err := alone(file); err != nil {
		t.Error(err)
	}
}

func TestAccDatasetVersionExport_ephemeral(t *testing.T) {
	acctest.Require(t, acctest.Ephemeral)
	env := service(t)
	factories := env.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	config := func(body string) string {
		return env.Config(`
ephemeral "clarifai_dataset_version_export" "test" {
  dataset_id         = "trucks"
  dataset_version_id = "v1"
  format             = "CLARIFAI_DATA_PROTOBUF"
` + body + `
}
provider "echo" {
  data = { url = ephemeral.clarifai_dataset_version_export.test.url, size = ephemeral.clarifai_dataset_version_export.test.size }
}
resource "echo" "test" {}
`)
	}
	env.Case(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config("start = false"), ExpectError: regexp.MustCompile(`Not found: CLARIFAI_DATA_PROTOBUF export of version "v1"`)},
			{
				Config: config(""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("url"),
						knownvalue.StringRegexp(regexp.MustCompile(`/exports/\w+\.zip$`))),
					statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("size"), knownvalue.NotNull()),
				},
			},
			{Config: config("start = false")},
		},
	})
	if n := env.Count("PutDatasetVersionExports"); n != 1 {
		t.Errorf("%d requests for the export, want 1", n)
	}
}

func TestAccDatasetVersionExport_ephemeralFailed(t *testing.T) {
	acctest.Require(t, acctest.Ephemeral)
	env := service(t)
	env.MustFault(emulator.Fault{Object: "export", Count: 1, Details: "no space in the bucket"})
	env.Test(t, resource.TestStep{
		Config: env.Config(`
ephemeral "clarifai_dataset_version_export" "test" {
  dataset_id         = "trucks"
  dataset_version_id = "v1"
  format             = "COCO"
}`),
		ExpectError: regexp.MustCompile(`no\s+space\s+in\s+the\s+bucket`),
	})
}

func TestAccDatasetVersionExport_action(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := service(t)
	file := filepath.Join(t.TempDir(), "archive.zip")
	config := func(version string) string {
		return env.Config(fmt.Sprintf(`
action "clarifai_dataset_version_export" "test" {
  config {
    dataset_id         = "trucks"
    dataset_version_id = %q
    format             = "COCO"
    download_to        = %q
  }
}
resource "terraform_data" "test" {
  input = %[1]q
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.clarifai_dataset_version_export.test]
    }
  }
}`, version, file))
	}
	env.Test(t,
		resource.TestStep{
			Config: config("v1"),
			PostApplyFunc: func() {
				archive, err := zip.OpenReader(file)
				if err != nil {
					t.Error(err)
					return
				}
				_ = archive.Close()
			},
		},
		resource.TestStep{Config: config("nope"), ExpectError: regexp.MustCompile(`Resource\s+does\s+not\s+exist`)},
	)
}

// What the action does is told while it does it.
func TestAccDatasetVersionExport_actionProgress(t *testing.T) {
	acctest.Require(t, acctest.Actions)
	env := service(t, acctest.RealTime, acctest.Async(400*time.Millisecond))
	w := env.Workspace(t, env.Config(`
action "clarifai_dataset_version_export" "test" {
  config {
    dataset_id         = "trucks"
    dataset_version_id = "v1"
    format             = "COCO"
    download_to        = "archive.zip"
  }
}`))
	output := w.MustRun(t, "apply", "-auto-approve", "-invoke=action.clarifai_dataset_version_export.test")
	at := 0
	for _, want := range []string{
		`Version "v1" is DATASET_VERSION_READY`,
		`Requested the COCO export of version "v1" of dataset "trucks"`,
		`The export is DATASET_VERSION_EXPORT_PENDING`,
		`The export is DATASET_VERSION_EXPORT_SUCCESS`,
		`The archive has `,
		`Saved as archive.zip, SHA-256 `,
	} {
		next := strings.Index(output[at:], want)
		if next < 0 {
			t.Fatalf("after %d characters no %q in\n%s", at, want, output)
		}
		at += next
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "archive.zip")); err != nil {
		t.Error(err)
	}
}

func TestPlainURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://data.clarifai.com/x/y.zip":                            "https://data.clarifai.com/x/y.zip",
		"https://bucket.example/y.zip?X-Signature=secret&Expires=1#at": "https://bucket.example/y.zip",
		"https://name:secret@bucket.example/y.zip?":                    "https://bucket.example/y.zip",
		":not an address?secret":                                       "",
	} {
		if got := datasetexport.PlainURL(address); got != want {
			t.Errorf("PlainURL(%q) = %q, want %q", address, got, want)
		}
	}
}
