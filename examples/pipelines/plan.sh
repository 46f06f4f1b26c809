#!/usr/bin/env bash
# Saves a plan: plan.tfplan (for apply.sh), plan.json (for policies), summary.md (for the pull request).
# CLI=tofu uses OpenTofu. Arguments are passed on to "plan".
#
# Exit code: 0 for a plan with or without changes, 1 for an error. The file "changes" contains true or false.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cli=${CLI:-terraform}

# With dev_overrides in the CLI configuration there is nothing to install: SKIP_INIT=1.
[ -n "${SKIP_INIT:-}" ] || "$cli" init -input=false
code=0
"$cli" plan -input=false -detailed-exitcode -out=plan.tfplan "$@" || code=$?
case $code in
0) echo false >changes ;;
2) echo true >changes ;;
*) exit 1 ;;
esac
"$cli" show -json plan.tfplan >plan.json
"$here/summary.sh" plan.json >summary.md
