#!/bin/sh
# Makes requirements.txt from pyproject.toml.
set -eu
cd "$(dirname "$0")"
uv pip compile pyproject.toml --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --quiet --custom-compile-command "sh studies/threshold_peers/lock.sh" --output-file requirements.txt
