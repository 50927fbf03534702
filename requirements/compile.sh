#!/bin/sh
# Makes every lock file from pyproject.toml. Needs uv; pass --upgrade to move to newer versions.
set -eu
cd "$(dirname "$0")/.."
lock() {
    output=$1
    shift
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
        --custom-compile-command "sh requirements/compile.sh" --constraint requirements/held.txt --group build --output-file "$output" "$@"
}
lock requirements/base.txt "$@"
lock requirements/train.txt --extra train --constraint requirements/base.txt "$@"
lock requirements/dev.txt --extra train --extra parquet --extra batch --extra cluster --extra dicom --extra heif --extra backbone --extra nifti --group test --constraint requirements/train.txt "$@"
lock requirements/docs.txt --extra train --extra docs --constraint requirements/dev.txt "$@"
