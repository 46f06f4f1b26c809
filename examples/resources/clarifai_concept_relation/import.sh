# By id, or by the statement of the relation, from either side.
terraform import clarifai_concept_relation.lorry acme/fleet/7c92cf1eee8d99cc85f8355a3d6e4b86
terraform import clarifai_concept_relation.lorry lorry/synonym/truck
terraform import clarifai_concept_relation.lorry acme/fleet/truck/synonym/lorry
