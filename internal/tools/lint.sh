#!/usr/bin/env bash
# Runs the linters: go vet, golangci-lint as .golangci.yml says, and the house rules that no
# ready-made linter knows (internal/tools/houserules).
set -euo pipefail
. "$(dirname "$0")/env.sh"

cd "$root"
golangci_lint=$("$tools/tool.sh" golangci-lint)
say "go vet"
go vet ./...
go vet -C "$tools" ./...
say "$(basename "$golangci_lint")"
"$golangci_lint" run ./...
say "house rules"
go run -C "$tools" ./houserules "$root"
