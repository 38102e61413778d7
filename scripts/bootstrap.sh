#!/bin/sh
# Prepare .venv from a fresh machine: find Python 3.11 or newer, see to its venv module, install what is
# locked, with hashes, and the project itself.
# Usage: scripts/bootstrap.sh [run|dev]      dev adds the tools for tests and checks.
set -eu

cd "$(dirname "$0")/.."
kind=${1:-run}
here=$(pwd -P)

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 \
        /opt/homebrew/bin/python3 /usr/local/bin/python3 /usr/bin/python3; do
        if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
}

# A fresh Debian's Python comes without what makes virtual environments.
can_make_venv() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null
}

# A virtual environment does not survive being moved: a copied or renamed clone gets a new one.
usable() {
    [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && new_enough .venv/bin/python &&
        grep -qF "$here/.venv" .venv/bin/activate
}

make_venv() {
    python=$(find_python)
    if [ -z "$python" ]; then
        sh scripts/need.sh python3 python3-venv || true
        python=$(find_python)
    fi
    [ -n "$python" ] || fail "Huying needs Python 3.11 or newer, and there is none on this machine." \
        "Debian: apt-get install python3 python3-venv    macOS: brew install python@3.13"
    if ! can_make_venv "$python"; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        sh scripts/need.sh "$package" || true
        can_make_venv "$python" || fail \
            "$python cannot make virtual environments: its modules venv and ensurepip are missing." \
            "Debian: apt-get install $package    or name another Python: PYTHON=/path/to/python3 make setup"
    fi
    echo "Making .venv with $("$python" --version) ($python)." >&2
    rm -rf .venv
    "$python" -m venv .venv
}

usable || make_venv

pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input --quiet "$@"
}

echo "Installing what is locked (a few minutes the first time)." >&2
if [ "$kind" = dev ]; then
    pip install --require-hashes -r requirements-dev.lock
else
    pip install --require-hashes -r requirements.lock
    pip install --require-hashes -r requirements-build.lock
fi
# The project itself: no download, its build backend is locked as well.
pip install --no-deps --no-build-isolation --no-index -e .
.venv/bin/huying --version
