"""Keep a small demo town as this version founds it, for the test that later versions bring it along.

Run once when a version is given out; what it wrote is never changed afterwards (`tests/released`).
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from huying.site.ground import postgres
from huying.site.ground.accounts import account_for
from huying.site.ground.cluster import Town as DatabaseHome
from huying.site.ground.programs import find_programs

KEPT = Path(__file__).parents[1] / "tests" / "released"
APPEALS = 40


def main() -> None:
    """Found a town, let it work, and write its database as SQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the state, as 2026-11-22 or 1.0")
    name: str = parser.parse_args().name
    kept = KEPT / f"{name}.sql.gz"
    if kept.exists():
        sys.exit(f"{kept.name} is kept already, and is never changed")
    with tempfile.TemporaryDirectory(prefix="huying-state-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "town"
        town = os.environ | {"HUYING_DATA_DIR": str(home), "HUYING_DEMO": "1"}
        with postgres.hold(home, say=print) as server:
            huying = [sys.executable, "-m", "huying.site.cli"]
            subprocess.run([*huying, "demo", "--appeals", str(APPEALS)], env=town, check=True)
            place = DatabaseHome(home / "postgres")
            dump = find_programs(account_for(place.cluster), place.folder, place.major()).path("pg_dump")
            words = [dump, "--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200"]
            told = subprocess.run([*words, server.admin_url], check=True, capture_output=True, text=True)
    lines = [line for line in told.stdout.splitlines(keepends=True) if not line.startswith("\\")]
    kept.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main()
