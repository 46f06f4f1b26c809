#!/usr/bin/env bash
# Runs all tests with the newest Terraform (packages with goroutines of their own under the race detector), and the
# acceptance tests that depend on the CLI again with the oldest supported Terraform (terraform in PATH) and with the
# newest OpenTofu. "make nightly" runs all with both.
# What is not available on this machine is listed at the end; with CI=true it is an error.
#
# Arguments go to internal/tools/suite: flags, then packages.
set -euo pipefail
. "$(dirname "$0")/env.sh"

floor=1.11

# Where goroutines of this module share data. The race detector doubles the time of these packages.
race=internal/batch,internal/clarifai,internal/emulator/...,internal/provider,internal/service/inputs/reconcile
for package in adopt attrs claims configure inputcontent jobs wait; do race+=,internal/framework/$package; done

# What depends on the provider and its documentation more than on the CLI. "make nightly" runs it with every CLI.
once=internal/acctest,internal/acctest/lifecycle,internal/chaos
cd "$root"

arguments=()
# What CLIs do differently, at least one test of each noun, and what reaches the rest of the endpoints and fields.
everywhere='_(basic|update|identity|import[A-Za-z]*|function[A-Za-z]*|unknown[A-Za-z]*|savedPlan|refreshOnly|moved)$'
everywhere+='|_(createBeforeDestroy|recreatedDuringDestroy|twiceAtPlan|cancelOnDestroy|statusOfParts)$'
everywhere+='|^TestAcc(Everything|Export_|UserID)'
if [ "${CLARIFAI_NIGHTLY:-}" != 1 ]; then
	arguments+=(-once "$once" -absent "$once with further CLIs: make nightly does that")
	arguments+=(-everywhere "$everywhere" -absent "the other acceptance tests with further CLIs: make nightly does that")
fi
# without NAME REASON records what is not tested here.
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
	arguments+=(-race "$race")
else
	without "the race detector" "it needs a C compiler"
fi

suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
go build -C "$tools" -o "$suite/suite" ./suite
say "running tests; each package is reported when it has ended"
"$suite/suite" -dir "$root" "${arguments[@]}" "$@"
