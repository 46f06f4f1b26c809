data "clarifai_apps" "mine" {
  visibility = "PRIVATE"
}

output "apps" {
  value = data.clarifai_apps.mine.apps[*].id
}
