# The same as a table. An empty cell says nothing: the second row's place is not managed.
#
#   id,url,concepts,metadata.camera,latitude,longitude
#   stop-north,https://...,stop:1;night:0,north,40.7127,-74.0059
#   stop-south,https://...,stop,south,,
resource "clarifai_inputs" "table" {
  id       = "signs-table"
  manifest = "${path.module}/signs.csv"

  # Go on when some inputs fail, and have a pipeline notice it all the same.
  on_failed     = "warn"
  failures_file = "failures.jsonl"

  lifecycle {
    postcondition {
      condition     = self.failed_count == 0
      error_message = "Some inputs failed: see failures.jsonl."
    }
  }
}
