#!/usr/bin/env bash
# Prints the path of a development tool, building it when the cache does not hold it:
#
#   tool.sh golangci-lint
#   tool.sh tfplugindocs
#
# Versions are those of internal/tools/go.mod.
set -euo pipefail
. "$(dirname "$0")/env.sh"

case "${1:-}" in
golangci-lint) module=github.com/golangci/golangci-lint/v2 package=$module/cmd/golangci-lint ;;
tfplugindocs) module=github.com/hashicorp/terraform-plugin-docs package=$module/cmd/tfplugindocs ;;
*)
	echo "usage: tool.sh golangci-lint|tfplugindocs" >&2
	exit 2
	;;
esac

# A linter reads code of the Go release that built it, hence that release in the name.
version=$(module_version "$module" "$tools")
binary=$cache/bin/$1-$version-$(go env GOVERSION)
if [ ! -x "$binary" ]; then
	work=$(scratch_in_cache)
	trap 'rm -rf "$work"' EXIT
	say "building $1 $version from source, a minute or two (once per version; kept in $cache/bin)"
	CGO_ENABLED=0 go build -C "$tools" -mod=readonly -trimpath -ldflags "-s -w" -o "$work/tool" "$package"
	install_atomically "$work/tool" "$binary"
fi
echo "$binary"
