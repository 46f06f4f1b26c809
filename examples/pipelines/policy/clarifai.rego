# Rejects plans that delete or replace more than allowed. Terraform's own counts do not include the objects of
# resources that manage many, such as clarifai_inputs: their attribute "changes" does.
#
#   terraform show -json plan.tfplan > plan.json
#   opa eval --fail-defined -d clarifai.rego -i plan.json 'data.clarifai.deny[_]'
package clarifai

import rego.v1

# How many inputs one resource may delete or replace in one apply.
max_removed := 10

max_replaced := 10

# Types whose objects must not be deleted by a pipeline at all.
protected := {"clarifai_app", "clarifai_dataset", "clarifai_dataset_version"}

deny contains message if {
	some change in input.resource_changes
	change.type in protected
	"delete" in change.change.actions
	message := sprintf("%s would be deleted", [change.address])
}

# The counts are at the beginning of a text, or members of an object.
planned(changes) := {"replace": to_number(counts[3]), "remove": to_number(counts[4])} if {
	is_string(changes)
	pattern := `^(\d+) to add, (\d+) to change, (\d+) to replace, (\d+) to remove`
	counts := regex.find_all_string_submatch_n(pattern, changes, 1)[0]
}

planned(changes) := changes if is_object(changes)

deny contains message if {
	some change in input.resource_changes
	removed := planned(change.change.after.changes).remove
	removed > max_removed
	message := sprintf("%s would remove %d inputs; at most %d are allowed", [change.address, removed, max_removed])
}

deny contains message if {
	some change in input.resource_changes
	replaced := planned(change.change.after.changes).replace
	replaced > max_replaced
	message := sprintf("%s would replace %d inputs; at most %d are allowed", [change.address, replaced, max_replaced])
}

# A plan that was created without reading from Clarifai does not know its changes.
deny contains message if {
	some change in input.resource_changes
	change.change.after_unknown.changes == true
	"update" in change.change.actions
	message := sprintf("the changes of %s are not known: plan with a refresh", [change.address])
}
