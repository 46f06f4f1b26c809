# Waits once until all inputs of the app are processed.
data "clarifai_input_counts" "all" {
  wait_for_processing = true
}

# A warning in the plan if the processing of inputs failed.
check "all_processed" {
  assert {
    condition     = data.clarifai_input_counts.all.errors == 0
    error_message = "Processing failed: ${join(", ", data.clarifai_input_counts.all.failed_input_ids)}"
  }
}
