#!/usr/bin/env bash
# Generates the pages in docs/ from the provider's schemas, templates/ and examples/, and formats Go code and
# examples.
#
#   generate.sh         writes the files
#   generate.sh check   changes nothing, and fails if generating would change a file
#
# The CLI is the newest Terraform, since older ones do not show actions, list resources and
# identities in their schemas.
set -euo pipefail
. "$(dirname "$0")/env.sh"

case "${1:-write}" in
write | check) mode=${1:-write} ;;
*)
	echo "usage: generate.sh [check]" >&2
	exit 2
	;;
esac
cd "$root"
terraform=$("$tools/cli.sh" terraform)
tfplugindocs=$("$tools/tool.sh" tfplugindocs)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The provider of this tree, which the CLI uses without a registry.
mkdir "$work/bin" "$work/schema"
CGO_ENABLED=0 go build -o "$work/bin/terraform-provider-clarifai" .
cat >"$work/dev.tfrc" <<TFRC
provider_installation {
  dev_overrides {
    "registry.terraform.io/clarifai/clarifai" = "$work/bin"
  }
  direct {}
}
TFRC
cat >"$work/schema/main.tf" <<TF
terraform {
  required_providers {
    clarifai = {
      source = "clarifai/clarifai"
    }
  }
}
TF
export TF_CLI_CONFIG_FILE=$work/dev.tfrc
# tfplugindocs finds the provider under this address only.
"$terraform" -chdir="$work/schema" providers schema -json |
	sed 's#"registry.terraform.io/clarifai/clarifai"#"registry.terraform.io/hashicorp/clarifai"#' >"$work/schema.json"

# Pages contain the examples, so those are formatted first.
drift=
if [ "$mode" = write ]; then
	gofmt -w main.go internal
	"$terraform" fmt -recursive examples >&2
else
	unformatted=$(gofmt -l main.go internal)
	if [ -n "$unformatted" ]; then
		printf 'not formatted (gofmt):\n%s\n' "$unformatted" >&2
		drift=yes
	fi
	"$terraform" fmt -check -diff -recursive examples >&2 || drift=yes
fi

# Pages are generated outside the tree, so that a failure does not change docs/.
mkdir "$work/site"
for part in docs examples templates; do
	[ ! -d "$part" ] || cp -R "$part" "$work/site/"
done
say "generating docs/ with tfplugindocs from the schemas that $(basename "$terraform") prints"
for command in generate validate; do
	"$tfplugindocs" "$command" --provider-dir "$work/site" --provider-name clarifai \
		--providers-schema "$work/schema.json" >"$work/tfplugindocs.log" 2>&1 || {
		cat "$work/tfplugindocs.log" >&2
		exit 1
	}
	# Groups of the sidebar and links between pages.
	[ "$command" = validate ] || go run -C "$tools" ./pages "$work/site/docs"
done

if [ "$mode" = write ]; then
	rm -rf docs
	mv "$work/site/docs" docs
	exit
fi
diff -ruN docs "$work/site/docs" >&2 || drift=yes
if [ -n "$drift" ]; then
	say 'generated files are not up to date: run "make generate" and commit the changes'
	exit 1
fi
say "generated files are up to date"
