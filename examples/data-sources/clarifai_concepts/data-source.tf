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

# Concepts that a search can rank inputs by with a model.
data "clarifai_concepts" "rankable" {
  name           = "tr*"
  rankable_model = { user_id = "clarifai", app_id = "main", id = "general-image-recognition" }
}

output "names" {
  value = { for concept in data.clarifai_concepts.french.concepts : concept.id => concept.name }
}
