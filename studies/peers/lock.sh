#!/bin/sh
# Makes requirements.txt from pyproject.toml. Give the place of the torch wheel without CUDA: an address or a folder.
set -eu
cd "$(dirname "$0")"
uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --quiet --custom-compile-command "sh studies/peers/lock.sh" --output-file requirements.txt \
    --find-links "${1:-https://download.pytorch.org/whl/cpu/torch/}"
