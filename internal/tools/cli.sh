#!/usr/bin/env bash
# Prints the path of the CLI that tests and docs use: the one in PATH if it has the pinned version, or one from
# the cache, which is built from source the first time.
#
#   cli.sh terraform   the newest Terraform (version: internal/tools/terraform/go.mod)
#   cli.sh tofu        the newest OpenTofu (version and checksum: below)
#   cli.sh VERSION-OF terraform|tofu   prints only which version that is
set -euo pipefail
. "$(dirname "$0")/env.sh"

tofu_version=1.12.6
tofu_sum=h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=

build_terraform() { # OUT
	say "building Terraform $version from source, about two minutes (once per version; kept in $cache/cli)"
	go build -C "$tools/terraform" -mod=readonly -trimpath \
		-ldflags "-s -w -X github.com/hashicorp/terraform/version.dev=no" \
		-o "$1" github.com/hashicorp/terraform
}

# OpenTofu's go.mod replaces a module, which has effect only if it is the main module, so it is built in
# its directory of the module cache.
build_tofu() { # OUT
	say "building OpenTofu $version from source, about five minutes (once per version; kept in $cache/cli)"
	local info dir sum
	info=$(go mod download -json "github.com/opentofu/opentofu@v$version") || return 1
	dir=$(sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p' <<<"$info")
	sum=$(sed -n 's/^[[:space:]]*"Sum": "\(.*\)",*$/\1/p' <<<"$info")
	if [ "$sum" != "$tofu_sum" ]; then
		say "the source of OpenTofu $version has the checksum $sum, not $tofu_sum as recorded here"
		return 1
	fi
	CGO_ENABLED=0 go build -C "$dir" -mod=readonly -trimpath \
		-ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
		-o "$1" ./cmd/tofu
}

only_version=
if [ "${1:-}" = VERSION-OF ]; then
	only_version=yes
	shift
fi
case "${1:-}" in
terraform) version=$(module_version github.com/hashicorp/terraform "$tools/terraform") ;;
tofu) version=$tofu_version ;;
*)
	echo "usage: cli.sh [VERSION-OF] terraform|tofu" >&2
	exit 2
	;;
esac
if [ -n "$only_version" ]; then
	echo "$version"
	exit
fi

# in_path PROGRAM prints the path of a program in PATH that has the pinned version.
in_path() {
	local path found
	path=$(command -v "$1") || return 1
	found=$(TF_CLI_CONFIG_FILE=/dev/null "$path" version 2>/dev/null | sed -n '1s/^[^0-9]*v//p')
	[ "$found" = "$version" ] && echo "$path"
}
if in_path "$1"; then
	exit
fi

binary=$cache/cli/$1-$version
if [ ! -x "$binary" ]; then
	work=$(scratch_in_cache)
	trap 'rm -rf "$work"' EXIT
	if ! "build_$1" "$work/cli"; then
		say "$1 $version could not be built"
		exit 1
	fi
	install_atomically "$work/cli" "$binary"
fi
echo "$binary"
