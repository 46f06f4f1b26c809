# Rejects plans that delete or replace more than allowed. Terraform's own counts do not include the objects of
# resources that manage many: clarifai_inputs, clarifai_taxonomy and clarifai_dataset_inputs. Their attribute
# "changes" does. The guide "In pipelines" has its grammar.
#
#   terraform show -json plan.tfplan > plan.json
#   opa eval --fail-defined -d clarifai.rego -i plan.json 'data.clarifai.deny[_]'
package clarifai

import rego.v1

# How many objects one resource may delete or replace in one apply: inputs or memberships.
max_removed := 10

max_replaced := 10

# How many annotations or relations one resource may delete in one apply.
max_parts_removed := 100

# Types whose objects must not be deleted by a pipeline at all.
protected := {"clarifai_app", "clarifai_dataset", "clarifai_dataset_version"}

deny contains message if {
	some change in input.resource_changes
	change.type in protected
	"delete" in change.change.actions
	message := sprintf("%s would be deleted", [change.address])
}

# Resources that the plan changes. The others still have the text of an earlier plan.
planned contains change if {
	some change in input.resource_changes
	change.change.actions != ["no-op"]
	is_string(change.change.after.changes)
}

# The counts are at the beginning of the text.
counts(changes) := {"replace": to_number(found[3]), "remove": to_number(found[4])} if {
	pattern := `^(\d+) to add, (\d+) to change, (\d+) to replace, (\d+) to remove`
	found := regex.find_all_string_submatch_n(pattern, changes, 1)[0]
}

# The counts of annotations, names and relations follow in the first line.
parts_removed(changes) := {part[1]: to_number(part[2]) |
	some part in regex.find_all_string_submatch_n(
		`; (\w+): \d+ to add, \d+ to change, (\d+) to remove`,
		split(changes, "\n")[0], -1,
	)
}

deny contains message if {
	some change in planned
	removed := counts(change.change.after.changes).remove
	removed > max_removed
	message := sprintf("%s would remove %d objects; at most %d are allowed", [change.address, removed, max_removed])
}

deny contains message if {
	some change in planned
	replaced := counts(change.change.after.changes).replace
	replaced > max_replaced
	message := sprintf("%s would replace %d objects; at most %d are allowed", [change.address, replaced, max_replaced])
}

deny contains message if {
	some change in planned
	some part, removed in parts_removed(change.change.after.changes)
	removed > max_parts_removed
	message := sprintf("%s would remove %d %s; at most %d are allowed", [change.address, removed, part, max_parts_removed])
}

# A plan that was created without reading from Clarifai does not know its changes.
deny contains message if {
	some change in input.resource_changes
	change.change.after_unknown.changes == true
	"update" in change.change.actions
	message := sprintf("the changes of %s are not known: plan with a refresh", [change.address])
}
