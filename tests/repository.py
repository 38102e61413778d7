"""What lies in the repository: its files, its Markdown with links and commands, its Makefile."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
_NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__"}
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


@lru_cache(maxsize=1)
def files() -> tuple[Path, ...]:
    """Return every file of the project: what git knows, or, without git, what is not made by tools."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
        found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def texts() -> Iterator[tuple[Path, str]]:
    """Give every file that is text, with its text."""
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", "replace")


def pages() -> dict[Path, str]:
    """Return every Markdown page people read, by path: all but those written about fixed moments."""
    return {path: path.read_text(encoding="utf-8") for path in files() if path.suffix == ".md"}


def links(page: str) -> list[str]:
    """Return where a page's links and pictures lead, those inside code left out."""
    return [found[1] for found in _LINK.finditer(_SPAN.sub("", _FENCE.sub("", page)))]


def code(page: str) -> list[str]:
    """Return the lines of a page's code blocks and its code spans, comments left out."""
    blocks = [line.split("  #")[0].strip() for block in _FENCE.findall(page) for line in block.splitlines()]
    return [line for line in blocks if line] + _SPAN.findall(_FENCE.sub("", page))


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings as GitHub makes them."""
    plain = (re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in _HEADING.findall(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def make_targets() -> dict[str, bool]:
    """Return the targets of the Makefile, and whether `make help` tells of them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {
        found[1]: "##" in found[2] for found in re.finditer(r"^([a-z][\w-]*):(?!=)(.*)$", text, re.MULTILINE)
    }
