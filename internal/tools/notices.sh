#!/usr/bin/env bash
# Writes the license texts of all modules that the provider links, which the archives contain: notices.sh FILE
set -euo pipefail
. "$(dirname "$0")/env.sh"

out=${1:?usage: notices.sh FILE}
cd "$root"
mkdir -p "$(dirname "$out")"
{
	echo "The provider contains code of these modules, under the licenses that follow."
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . | sort -u |
		while read -r module version directory; do
			files=$(find "$directory" -maxdepth 1 -type f \( -iname 'license*' -o -iname 'copying*' -o -iname 'notice*' \) | sort)
			if [ -z "$files" ]; then
				say "$module $version has no license file"
				exit 1
			fi
			printf '\n%s\n%s %s\n%s\n\n' "$(printf '=%.0s' {1..78})" "$module" "$version" "$(printf '=%.0s' {1..78})"
			while IFS= read -r file; do cat "$file"; done <<<"$files"
		done
	printf '\n%s\nGo standard library\n%s\n\n' "$(printf '=%.0s' {1..78})" "$(printf '=%.0s' {1..78})"
	cat "$(go env GOROOT)/LICENSE"
} >"$out"
