list "clarifai_saved_search" "all" {
  provider         = clarifai
  include_resource = true
}
