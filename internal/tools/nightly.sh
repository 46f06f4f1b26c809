#!/usr/bin/env bash
# What does not fit into "make test": the tests with every dialect of the emulator (CLARIFAI_NIGHTLY=1 makes
# tests run their full matrix), the documentation's commands and examples with every CLI, long fuzzing, and a long chaos run.
set -euo pipefail
. "$(dirname "$0")/env.sh"

cd "$root"
export CLARIFAI_NIGHTLY=1
"$tools/test.sh" -timeout 120m
"$tools/fuzz.sh" "${TIME:-5m}"
go run ./internal/chaos -runs "${RUNS:-200}" -seed "${SEED:-$(date +%s)}"
