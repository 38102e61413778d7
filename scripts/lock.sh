#!/bin/sh
# Write the lock files anew: what runs, what tests and checks, what builds; one resolution, with hashes.
# Versions stay as they are where pyproject.toml allows; `scripts/lock.sh --upgrade` takes the newest.
# Needs uv, which is not locked itself: .venv/bin/python -m pip install uv
set -eu

cd "$(dirname "$0")/.."
uv=$(command -v .venv/bin/uv || command -v uv || true)
[ -n "$uv" ] || {
    echo "uv is missing. Install it: .venv/bin/python -m pip install uv" >&2
    exit 1
}

compile() {
    "$uv" pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 "$@"
}

compile pyproject.toml --group dev --output-file requirements-dev.lock "$@"
compile pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock
# The build backend of the project's own editable install, for machines that only run it.
printf 'hatchling\neditables\n' | compile - --constraint requirements-dev.lock --output-file requirements-build.lock
