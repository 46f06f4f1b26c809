# Run with `terraform test` while the emulator runs and CLARIFAI_API_BASE,
# CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID point at it.

variables {
  archive = "quickstart-test.zip"
}

run "the_whole_way" {
  assert {
    condition     = length(clarifai_input.report) >= 20
    error_message = "The example should have at least 20 inputs."
  }
  assert {
    condition     = clarifai_dataset_version.v1.metrics.inputs_count == length(clarifai_input.report)
    error_message = "The version should hold every input."
  }
  assert {
    condition     = clarifai_dataset_version_export.archive.sha256 == filesha256("quickstart-test.zip")
    error_message = "The digest in state should be that of the file on disk."
  }
}

run "nothing_to_do" {
  command = plan

  assert {
    condition     = clarifai_dataset_version.v1.id == "v1"
    error_message = "A second plan should find the same version."
  }
}
