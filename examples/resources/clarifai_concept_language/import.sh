# By concept and language.
terraform import clarifai_concept_language.truck_ja truck/ja
terraform import clarifai_concept_language.truck_ja acme/fleet/truck/ja
