#!/usr/bin/env bash
# Checks for drift: exit code 0 without differences, 2 with differences (drift.md has a summary), 1 for an error.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"$here/plan.sh" -lock=false "$@" >drift.log || {
	cat drift.log
	exit 1
}
if [ "$(cat changes)" = false ]; then
	echo "no drift"
	exit 0
fi
mv summary.md drift.md
cat drift.md
exit 2
