#!/usr/bin/env bash
# Runs all tests on every CLI that there is: everything under the race detector with the newest
# Terraform, the acceptance tests again with the oldest Terraform that is supported (terraform in
# PATH) and with the newest OpenTofu. What cannot be had on this machine is named at the end; with
# CI=true it is an error.
#
# Arguments go to internal/tools/suite: flags, then packages.
set -euo pipefail
. "$(dirname "$0")/env.sh"

floor=1.11
cd "$root"

arguments=()
# without NAME REASON notes what is not tested here.
without() {
	if in_ci; then
		say "$1: $2"
		exit 1
	fi
	arguments+=(-absent "$1: $2")
}

newest=$("$tools/cli.sh" VERSION-OF terraform)
if path=$("$tools/cli.sh" terraform); then
	arguments+=(-cli "Terraform $newest=$path")
else
	without "Terraform $newest" "it could not be built, see above"
fi

if ! have_command terraform; then
	without "Terraform $floor" "there is no terraform in PATH"
else
	path=$(command -v terraform)
	version=$(TF_CLI_CONFIG_FILE=/dev/null "$path" version | sed -n '1s/^[^0-9]*v//p')
	case "$version" in
	"$newest") arguments+=(-absent "Terraform $floor, the oldest supported: terraform in PATH is $version") ;;
	"$floor".*) arguments+=(-cli "Terraform $version=$path") ;;
	*)
		arguments+=(-cli "Terraform $version=$path" -absent "Terraform $floor, the oldest supported: terraform in PATH is $version")
		;;
	esac
fi

newest=$("$tools/cli.sh" VERSION-OF tofu)
if path=$("$tools/cli.sh" tofu); then
	arguments+=(-cli "OpenTofu $newest=$path")
else
	without "OpenTofu $newest" "it could not be built, see above"
fi

if [ -n "${CLARIFAI_PROTO_DIR:-}" ]; then
	say "official definitions: those in $CLARIFAI_PROTO_DIR"
elif CLARIFAI_PROTO_DIR=$("$tools/protos.sh"); then
	export CLARIFAI_PROTO_DIR
else
	unset CLARIFAI_PROTO_DIR
	without "traffic against the official protobuf definitions" "the npm package could not be fetched, see above"
fi

if [ "$(go env CGO_ENABLED)" = 1 ] && have_command "$(go env CC)"; then
	arguments+=(-race)
else
	without "the race detector" "it needs a C compiler"
fi

suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
go build -C "$tools" -o "$suite/suite" ./suite
say "the suite; a package is shown when it is done"
"$suite/suite" -dir "$root" "${arguments[@]}" "$@"
