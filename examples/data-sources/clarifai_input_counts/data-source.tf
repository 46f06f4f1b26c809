data "clarifai_input_counts" "all" {}

# A plan that says when inputs could not be processed.
check "all_processed" {
  assert {
    condition     = data.clarifai_input_counts.all.errors == 0
    error_message = "${data.clarifai_input_counts.all.errors} of ${data.clarifai_input_counts.all.total} inputs could not be processed."
  }
}
