#!/usr/bin/env bash
# DIGEST=sha256:… ENVIRONMENT=production ./gate.sh checkout && ./deploy
set -euo pipefail
orr --version >&2 # where it does not start, Python ends with 1 as well
orr recheck "$1" --artifact "$DIGEST" --environment "$ENVIRONMENT" --progress none >&2 || test $? -le 1
orr gate "$1" --artifact "$DIGEST" --environment "$ENVIRONMENT"
