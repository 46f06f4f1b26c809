#!/usr/bin/env bash
# Compiles and vets the provider for every platform that .goreleaser.yml releases.
set -euo pipefail
. "$(dirname "$0")/env.sh"

cd "$root"
for os in darwin freebsd linux windows; do
	for arch in amd64 arm arm64 386; do
		case $os/$arch in
		darwin/386 | darwin/arm | windows/arm) continue ;;
		esac
		say "$os/$arch"
		CGO_ENABLED=0 GOOS=$os GOARCH=$arch go vet . ./internal/provider ./internal/clarifai ./internal/emulator ./internal/service/...
		CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -o /dev/null .
	done
done
