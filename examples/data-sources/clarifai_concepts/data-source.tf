# Concepts by name in a language.
data "clarifai_concepts" "french" {
  name     = "cam*"
  language = "fr"
}

# The concepts of a model and of the app.
data "clarifai_concepts" "model" {
  model_id            = "general-image-recognition"
  ignore_app_concepts = true
  limit               = 50
}

output "names" {
  value = { for concept in data.clarifai_concepts.french.concepts : concept.id => concept.name }
}
