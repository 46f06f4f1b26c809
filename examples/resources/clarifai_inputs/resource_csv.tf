# The same as a table. An empty cell is not managed: the geo location of the second row stays as it is.
#
#   id,url,concepts,metadata.camera,latitude,longitude
#   stop-north,https://...,stop:1;night:0,north,40.7127,-74.0059
#   stop-south,https://...,stop,south,,
resource "clarifai_inputs" "table" {
  id       = "signs-table"
  manifest = "${path.module}/signs.csv"

  # If some inputs fail, only warn; the postcondition makes a pipeline fail.
  on_failed     = "warn"
  failures_file = "failures.jsonl"

  lifecycle {
    postcondition {
      condition     = self.failed_count == 0
      error_message = "Some inputs failed: see failures.jsonl."
    }
  }
}
