# Run with `terraform test` while the emulator runs with -bucket acme-bucket=FOLDER and
# CLARIFAI_API_BASE, CLARIFAI_PAT and CLARIFAI_USER_ID name it.

variables {
  bucket_key = { region = "eu-west-1", id = "AKIAIOSFODNN7EXAMPLE", secret = "not-a-real-secret" }
}

run "all_steps" {
  assert {
    condition     = tomap(output.imported) == tomap({ stop = 2, yield = 1, pothole = 1 })
    error_message = "Every file below the prefixes should have been imported."
  }
  assert {
    condition     = clarifai_dataset_version.truth.metrics.inputs_count == 4
    error_message = "The version should contain every input."
  }
  assert {
    condition     = clarifai_evaluation.release.status.name == "MODEL_EVALUATED"
    error_message = "The evaluation should be done."
  }
}

run "no_changes" {
  command = plan

  assert {
    condition     = clarifai_dataset_version.truth.id == "v1"
    error_message = "A second plan should find the same version."
  }
}

run "rejects_worse_models" {
  command = plan

  variables {
    least_f1 = 1.01
  }

  expect_failures = [clarifai_evaluation.release]
}
