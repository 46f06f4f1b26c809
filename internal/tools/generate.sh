#!/usr/bin/env bash
# Makes what is made from other files: the pages in docs/ (from the provider's schemas, templates/
# and examples/), and the formatting of Go code and examples.
#
#   generate.sh         writes it
#   generate.sh check   changes nothing, and fails when writing would change anything
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

# The provider as it is now, which the CLI is told to use without any registry.
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
# tfplugindocs looks the provider up under this address only.
"$terraform" -chdir="$work/schema" providers schema -json |
	sed 's#"registry.terraform.io/clarifai/clarifai"#"registry.terraform.io/hashicorp/clarifai"#' >"$work/schema.json"

# Pages show the examples, so those are put in order first.
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

# Pages are made beside the tree and then put or compared, so that a failure leaves docs/ alone.
mkdir "$work/site"
for part in docs examples templates; do
	[ ! -d "$part" ] || cp -R "$part" "$work/site/"
done
say "making docs/ with $(basename "$tfplugindocs") from the schemas as $(basename "$terraform") shows them"
for command in generate validate; do
	"$tfplugindocs" "$command" --provider-dir "$work/site" --provider-name clarifai \
		--providers-schema "$work/schema.json" >"$work/tfplugindocs.log" 2>&1 || {
		cat "$work/tfplugindocs.log" >&2
		exit 1
	}
done

if [ "$mode" = write ]; then
	rm -rf docs
	mv "$work/site/docs" docs
	exit
fi
diff -ruN docs "$work/site/docs" >&2 || drift=yes
if [ -n "$drift" ]; then
	say 'what is generated is not up to date: run "make generate" and commit what it changes'
	exit 1
fi
say "everything that is generated is up to date"
