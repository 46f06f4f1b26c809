#!/usr/bin/env bash
# Runs every fuzz target for a while: fuzz.sh TIME [PACKAGE...], such as fuzz.sh 1m ./internal/service/...
# What fails is kept in the package's testdata/fuzz and is a test case from then on.
set -euo pipefail
. "$(dirname "$0")/env.sh"

time=${1:?usage: fuzz.sh TIME [PACKAGE...]}
shift
cd "$root"
targets=0
while IFS= read -r file; do
	package=./$(dirname "$file")
	while IFS= read -r target; do
		targets=$((targets + 1))
		say "$package $target for $time"
		go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time"
	done < <(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file")
done < <(go list -f '{{$d := .Dir}}{{range .TestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}' "${@:-./...}" |
	{ grep . || true; } | xargs grep -l '^func Fuzz' | sed "s#^$root/##")
if [ "$targets" -eq 0 ]; then
	say "there is no fuzz target"
	exit 1
fi
say "$targets targets, nothing found"
