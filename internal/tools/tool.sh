#!/usr/bin/env bash
# Prints the path of a development tool: one of the "tool" directives in internal/tools/go.mod, which Go builds
# and caches.
#
#   tool.sh golangci-lint
#   tool.sh tfplugindocs
set -euo pipefail
. "$(dirname "$0")/env.sh"

if [ $# -ne 1 ]; then
	echo "usage: tool.sh NAME" >&2
	exit 2
fi
cd "$tools"
CGO_ENABLED=0 go tool -n "$1"
