#!/usr/bin/env bash
# Writes a Markdown summary of a plan's JSON ("terraform show -json plan.tfplan"): Terraform's own counts, and
# one line for each resource with planned changes. Resources that manage many objects, such as clarifai_inputs and
# clarifai_taxonomy, have an attribute "changes", which Terraform's counts do not include.
set -euo pipefail

jq -r '
  def actions: .change.actions;
  def kind:
    if actions == ["no-op"] or actions == ["read"] then null
    elif actions == ["create"] then "add"
    elif actions == ["update"] then "change"
    elif actions == ["delete"] then "destroy"
    else "replace" end;
  def planned:
    (.change.after.changes? // null) as $c
    | if ($c | type) == "string" then $c | split("\n")[0] // "" else "" end;

  [.resource_changes[]? | {address, kind: kind, planned: planned} | select(.kind != null)] as $changes
  | def count($k): [$changes[] | select(.kind == $k)] | length;
    "### Plan: \(count("add")) to add, \(count("change")) to change, \(count("replace")) to replace, \(count("destroy")) to destroy",
    "",
    if ($changes | length) == 0 then "No changes."
    else
      "| resource | action | objects |",
      "|---|---|---|",
      ($changes | sort_by(.kind != "destroy", .kind != "replace", .address)[]
        | "| `\(.address)` | \(if .kind == "destroy" or .kind == "replace" then "**\(.kind)**" else .kind end) | \(.planned) |")
    end
' "${1:?usage: summary.sh PLAN.json}"
