#!/usr/bin/env bash
# Probes the open facts of the real service, and then runs the tests that are safe there. Needs CLARIFAI_PAT,
# CLARIFAI_USER_ID and CLARIFAI_APP_ID of an empty app.
set -euo pipefail
. "$(dirname "$0")/env.sh"

for name in CLARIFAI_PAT CLARIFAI_USER_ID CLARIFAI_APP_ID; do
	if [ -z "${!name:-}" ]; then
		say "set $name: an empty app is needed, see CONTRIBUTING.md"
		exit 2
	fi
done
export CLARIFAI_API_BASE=${CLARIFAI_API_BASE:-https://api.clarifai.com}
cd "$root"
go run ./internal/live -json "${JSON:-live.json}"
say "tests that are marked as safe for a live run"
CLARIFAI_ACC_LIVE=1 go test -count=1 -p 1 -parallel 1 -timeout 60m -run '^TestAcc' ./internal/...
