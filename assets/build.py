# ruff: noqa: INP001 - a script beside its package.json, not a package
"""Copies browser libraries, the types of its papers and a parser for its tests from npm, by checksum."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "huying" / "ui" / "static" / "vendor"
TOOLS = HERE / "tools"
MANIFEST = "VENDORED.json"
Files = dict[str, tuple[str, tuple[str, ...]]]

# npm package → (folder under static/vendor, files copied from the package).
FILES: Files = {
    "htmx.org": ("htmx", ("dist/htmx.min.js", "LICENSE")),
    "leaflet": (
        "leaflet",
        (
            "dist/leaflet.js",
            "dist/leaflet.css",
            "dist/images/layers.png",
            "dist/images/layers-2x.png",
            "dist/images/marker-icon.png",
            "dist/images/marker-icon-2x.png",
            "dist/images/marker-shadow.png",
            "LICENSE",
        ),
    ),
}

# Not served: acorn tells the tests which scripts a browser of 2020 can read.
TOOL_FILES: Files = {"acorn": ("acorn", ("dist/acorn.js", "LICENSE"))}
# The types papers are printed in: (file in the package, file kept, characters kept); see `cut_type`.
FONTS = HERE.parent / "huying" / "kit" / "paper" / "fonts"
TYPES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "@expo-google-fonts/noto-sans-sc": (("500Medium/NotoSansSC_500Medium.ttf", "sans.ttf", "gb2312"),),
    "@expo-google-fonts/noto-serif-sc": (
        ("400Regular/NotoSerifSC_400Regular.ttf", "serif.ttf", "gbk"),
        ("700Bold/NotoSerifSC_700Bold.ttf", "serif-bold.ttf", "gb2312"),
    ),
}
SHELVES = (VENDOR, TOOLS, FONTS)

# The maps are not shipped, and a static-file store with hashed names refuses a link to a missing file.
SOURCE_MAP_LINE = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


class AssetError(Exception):
    """The vendored files are not what the manifest says, or the packages could not be fetched."""


def sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def strip_resolved(lock: Path) -> None:
    """Remove download addresses from an npm lock file; integrity hashes keep the promise without them."""
    data = json.loads(lock.read_text(encoding="utf-8"))
    for package in data.get("packages", {}).values():
        package.pop("resolved", None)
    lock.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def fetch(into: Path, *, update: bool) -> None:
    """Install the npm packages into `into`; with `update`, write a new lock file beside package.json.

    Raises `AssetError` when npm is missing or refuses.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise AssetError("npm is needed to fetch the browser libraries, and was not found")
    for name in ("package.json",) if update else ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, into / name)
    command = [npm, "install" if update else "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=into, capture_output=True, text=True, timeout=900, check=False)  # noqa: S603 - a fixed command, no outside input
    if done.returncode != 0:
        raise AssetError(f"npm said no: {done.stderr.strip()[-2000:]}")
    if update:
        strip_resolved(into / "package-lock.json")
        shutil.copy(into / "package-lock.json", HERE / "package-lock.json")


def copy_package(name: str, source: Path, shelf: Path, wanted: Files) -> dict[str, Any]:
    """Copy one package's files to its shelf and return its manifest entry."""
    folder, files = wanted[name]
    about = json.loads((source / "package.json").read_text(encoding="utf-8"))
    target = shelf / folder
    shutil.rmtree(target, ignore_errors=True)
    sums: dict[str, str] = {}
    for file in files:
        place = target / file.removeprefix("dist/")
        place.parent.mkdir(parents=True, exist_ok=True)
        data = (source / file).read_bytes()
        if place.suffix == ".js":
            data = SOURCE_MAP_LINE.sub(b"\n", data)
        place.write_bytes(data)
        sums[str(place.relative_to(shelf))] = sha256(place)
    return {"name": name, "version": about["version"], "licence": about["license"], "sha256": sums}


def characters(encoding: str) -> set[int]:
    """Return what a two-byte Chinese encoding can write, with Latin letters and the signs documents use."""
    lead, trail = range(0x81, 0xFF), range(0x40, 0xFF)
    written = {bytes((one, two)).decode(encoding, errors="ignore") for one in lead for two in trail}
    signs = set("≤≥≈±×÷→←↑↓▲▼△▽●○■□★☆✓√‰℃㎡")
    kept = {ord(one) for one in written | signs if len(one) == 1}
    return kept | set(range(0x20, 0x180)) | set(range(0x2010, 0x2040)) | set(range(0x2460, 0x24A0))


def cut_type(source: Path, target: Path, encoding: str) -> None:
    """Keep the glyphs of an encoding only, without hinting and vertical forms: a third of the size."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(hinting=False, name_IDs=["*"])
    options.drop_tables += ["GSUB", "GPOS", "DSIG", "vhea", "vmtx", "BASE"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters(encoding))
    cutter.subset(font)
    font.save(target)


def cut_types(modules: Path) -> None:
    """Write the types, their licence and their manifest."""
    entries = []
    for name, files in TYPES.items():
        source = modules / name
        about = json.loads((source / "package.json").read_text(encoding="utf-8"))
        licence = f"LICENSE-{name.rpartition('/')[2]}"
        shutil.copy(source / "LICENSE_FONT", FONTS / licence)
        for file, kept, encoding in files:
            cut_type(source / file, FONTS / kept, encoding)
        sums = {kept: sha256(FONTS / kept) for kept in (licence, *(kept for _file, kept, _set in files))}
        entries.append({"name": name, "version": about["version"], "licence": "OFL-1.1", "sha256": sums})
    note = "Cut to the characters of GBK (serif) and GB 2312 (bold, sans), without hinting."
    write_manifest(FONTS, note, entries)


def write_manifest(shelf: Path, note: str, entries: list[dict[str, Any]]) -> None:
    """Write down what lies on a shelf."""
    text = json.dumps({"note": note, "packages": entries}, indent=2, ensure_ascii=False)
    (shelf / MANIFEST).write_text(text + "\n", encoding="utf-8")


def build(*, update: bool) -> None:
    """Fetch the packages, copy their files and write the manifests."""
    with tempfile.TemporaryDirectory(prefix="huying-assets-") as folder:
        workshop = Path(folder)
        fetch(workshop, update=update)
        note = "Unchanged but for the sourceMappingURL line, which is removed from scripts."
        for shelf, files in ((VENDOR, FILES), (TOOLS, TOOL_FILES)):
            entries = [
                copy_package(name, workshop / "node_modules" / name, shelf, files) for name in sorted(files)
            ]
            write_manifest(shelf, note, entries)
        cut_types(workshop / "node_modules")


def check(shelf: Path) -> int:
    """Compare the files of a shelf with its manifest, without network; return how many were checked.

    Raises `AssetError` naming the first file that is missing, changed or unknown.
    """
    manifest = json.loads((shelf / MANIFEST).read_text(encoding="utf-8"))
    sums: dict[str, str] = {}
    for package in manifest["packages"]:
        sums.update(package["sha256"])
    for name, expected in sums.items():
        path = shelf / name
        if not path.is_file():
            raise AssetError(f"{name} is missing: run `make assets`")
        if sha256(path) != expected:
            raise AssetError(f"{name} is not the file that was vendored: run `make assets`")
    present = {str(path.relative_to(shelf)) for path in shelf.rglob("*") if path.is_file()}
    unknown = sorted(present - set(sums) - {MANIFEST})
    if unknown:
        raise AssetError(f"{unknown[0]} is not in {MANIFEST}")
    return len(sums)


def main() -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the files with the manifest")
    parser.add_argument("--update", action="store_true", help="write a new lock file from package.json")
    options = parser.parse_args()
    try:
        if not options.check:
            build(update=options.update)
        count = sum(check(shelf) for shelf in SHELVES)
    except AssetError as error:
        sys.stderr.write(f"assets: {error}\n")
        return 1
    sys.stdout.write(f"assets: {count} vendored files are as the manifest says\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
