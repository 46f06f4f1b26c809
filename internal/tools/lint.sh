#!/usr/bin/env bash
# Runs the linters: go vet, golangci-lint as .golangci.yml says, and the checks that no ready-made linter knows:
# internal/tools/houserules (how diagnostics and Create are written) and internal/tools/words (language).
#
#   lint.sh             everything
#   lint.sh PACKAGE...  go vet and golangci-lint for some packages only
set -euo pipefail
. "$(dirname "$0")/env.sh"

cd "$root"
packages=("${@:-./...}")
golangci_lint=$("$tools/tool.sh" golangci-lint)
say "go vet"
go vet "${packages[@]}"
if [ $# -eq 0 ]; then
	go vet -C "$tools" ./...
	go vet -C "$tools/policy" ./...
fi
say "golangci-lint"
"$golangci_lint" run "${packages[@]}"
say "house rules"
go run -C "$tools" ./houserules "$root"
say "words"
go run -C "$tools" ./words "$root"
