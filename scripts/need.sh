#!/bin/sh
# Make sure Debian packages are there: install what is missing when we may, else name it exactly.
# Usage: scripts/need.sh PACKAGE...      Exit code 1 when something is missing and could not be installed.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian or Ubuntu; please see to the equivalents of: $*" >&2
    exit 1
fi

missing=""
for package in "$@"; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = "installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "Missing:$missing. Install as root:  apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

echo "Installing$missing." >&2
# The lists of a fresh machine are old or absent; a repository that cannot be reached is told by the install.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null >&2 || true
# shellcheck disable=SC2086 # words are meant
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing </dev/null >&2 || {
    echo "Could not install$missing (see above)." >&2
    exit 1
}
