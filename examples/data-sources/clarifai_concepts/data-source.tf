# By name, in a language.
data "clarifai_concepts" "french" {
  name     = "cam*"
  language = "fr"
}

# What a model can tell apart, beside the app's own concepts.
data "clarifai_concepts" "model" {
  model_id            = "general-image-recognition"
  ignore_app_concepts = true
  limit               = 50
}

output "names" {
  value = { for concept in data.clarifai_concepts.french.concepts : concept.id => concept.name }
}
