# Run with `terraform test` while the emulator runs and CLARIFAI_API_BASE,
# CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID name it.

variables {
  archive = "quickstart-test.zip"
}

run "all_steps" {
  assert {
    condition     = length(clarifai_input.report) >= 20
    error_message = "The example should have at least 20 inputs."
  }
  assert {
    condition     = clarifai_dataset_version.v1.metrics.inputs_count == length(clarifai_input.report)
    error_message = "The version should contain every input."
  }
  assert {
    condition     = clarifai_dataset_version_export.archive.sha256 == filesha256("quickstart-test.zip")
    error_message = "The digest in state should be that of the file on disk."
  }
}

run "no_changes" {
  command = plan

  assert {
    condition     = clarifai_dataset_version.v1.id == "v1"
    error_message = "A second plan should find the same version."
  }
}
