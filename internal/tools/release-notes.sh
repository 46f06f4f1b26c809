#!/usr/bin/env bash
# Prints the section of CHANGELOG.md about a version, and fails if there is none: release-notes.sh 0.1.0
set -euo pipefail
. "$(dirname "$0")/env.sh"

version=${1:?usage: release-notes.sh VERSION}
notes=$(awk -v heading="## $version" '
	/^## / { found = ($0 == heading || index($0, heading " ") == 1); next }
	found' "$root/CHANGELOG.md")
if [ -z "${notes//[$'\n' ]/}" ]; then
	say "CHANGELOG.md has no section \"## $version\""
	exit 1
fi
echo "$notes"
