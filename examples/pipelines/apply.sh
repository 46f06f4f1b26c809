#!/usr/bin/env bash
# Applies the plan that plan.sh has saved.
set -euo pipefail
exec "${CLI:-terraform}" apply -input=false plan.tfplan
