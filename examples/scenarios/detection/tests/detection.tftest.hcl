# Run with `terraform test` while the emulator runs and CLARIFAI_API_BASE,
# CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID name it.

variables {
  archive = "detection-test.zip"
}

run "all_steps" {
  assert {
    condition     = clarifai_inputs.warehouse.input_count == 8
    error_message = "Every image of the COCO file should be an input."
  }
  assert {
    condition     = sum(values(output.boxes)) == length(jsondecode(file("data/annotations.coco.json")).annotations)
    error_message = "Every box of the COCO file should be an annotation."
  }
  assert {
    condition     = contains(keys(output.boxes), "fork-lift")
    error_message = "The category fork lift should be the concept fork-lift."
  }
  assert {
    condition     = output.archive_sha256 == filesha256("detection-test.zip")
    error_message = "The digest in state should be that of the file on disk."
  }
}

run "no_changes" {
  command = plan

  assert {
    condition     = clarifai_inputs.warehouse.in_sync
    error_message = "A second plan should find every image and box."
  }
}
