# Sourced by the other scripts: paths and functions.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=$root/internal/tools
cache=${CLARIFAI_TOOLS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-clarifai}

# The scripts build several modules, which a workspace file must not combine.
export GOWORK=off
export CHECKPOINT_DISABLE=1

# say prints progress on standard error, so that standard output stays for results.
say() { printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2; }

# have_command tells whether a program is in PATH.
have_command() { command -v "$1" >/dev/null 2>&1; }

# in_ci tells whether a missing tool is an error (CI=true) or is only reported.
in_ci() { [ "${CI:-}" = true ]; }

# module_version MODULE DIR prints the version of MODULE that go.mod in DIR pins, without its v.
module_version() { sed -n "s#^\(require \)\{0,1\}[[:space:]]*$1 v\([^ ]*\).*#\2#p" "$2/go.mod"; }

# scratch_in_cache prints a new directory on the cache's file system, so that moving from it is atomic.
scratch_in_cache() {
	mkdir -p "$cache"
	mktemp -d "$cache/scratch.XXXXXX"
}

# install_atomically FILE DESTINATION moves a finished build into the cache in one step, so that an interrupted
# or a concurrent run never leaves a partial program there.
install_atomically() {
	mkdir -p "$(dirname "$2")"
	chmod 755 "$1"
	mv -f "$1" "$2"
}
