#!/usr/bin/env bash
# The contributor's loop: linters and tests of the packages that differ from main (BASE names another branch),
# with one CLI: TF_ACC_TERRAFORM_PATH, or the terraform or tofu in PATH.
set -euo pipefail
. "$(dirname "$0")/env.sh"

cd "$root"
base=${BASE:-}
for candidate in origin/main main; do
	if [ -z "$base" ] && git rev-parse --verify --quiet "$candidate" >/dev/null; then
		base=$candidate
	fi
done
if [ -z "$base" ]; then
	say "there is no branch main to compare with; set BASE"
	exit 2
fi

# Changed since the branch began, committed or not, and new files.
changed=$({
	git diff --name-only "$(git merge-base "$base" HEAD)"
	git ls-files --others --exclude-standard
} | sort -u)

packages=() tools_changed=
while IFS= read -r directory; do
	case "$directory" in
	internal/tools | internal/tools/*) tools_changed=yes ;;
	*) [ -z "$(find "$directory" -maxdepth 1 -name '*.go' 2>/dev/null | head -1)" ] || packages+=("./$directory") ;;
	esac
done < <(grep '\.go$' <<<"$changed" | sed 's#^[^/]*$#./&#; s#/[^/]*$##; s#^\.$#.#; s#/testdata.*##' | sort -u)

if [ "${#packages[@]}" -eq 0 ] && [ -z "$tools_changed" ]; then
	say "no Go package differs from $base"
else
	say "differs from $base: ${packages[*]} ${tools_changed:+internal/tools}"
fi
if [ "${#packages[@]}" -gt 0 ]; then
	unformatted=$(gofmt -l "${packages[@]}")
	if [ -n "$unformatted" ]; then
		printf 'not formatted (gofmt):\n%s\n' "$unformatted" >&2
		exit 1
	fi
	"$tools/lint.sh" "${packages[@]}"
	# A missing file in this variable makes OpenTofu fail.
	if [ -n "${TF_CLI_CONFIG_FILE:-}" ] && [ ! -e "$TF_CLI_CONFIG_FILE" ]; then
		unset TF_CLI_CONFIG_FILE
	fi
	cli=${TF_ACC_TERRAFORM_PATH:-$(command -v terraform || command -v tofu || true)}
	case "$(basename "$cli")" in
	tofu*) export TF_ACC_PROVIDER_HOST=registry.opentofu.org ;;
	esac
	say "tests with ${cli:-no CLI}"
	TF_LOG_SDK=off GOGC=400 go test "${packages[@]}"
fi
if [ -n "$tools_changed" ]; then
	go vet -C "$tools" ./...
	go test -C "$tools" ./...
fi
