"""Keeps a model as plain arrays and a manifest, mapped into memory when it is read; never a pickle."""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from . import reasons
from .calibrating import Calibration
from .features import Features
from .model import Model
from .reasons import LearningRefusal
from .settings import Settings

FORMAT: Final = "huying-triage-model"
FORMAT_VERSION: Final = 1
"""Raised whenever a model written before would be read or would judge differently."""
_MANIFEST: Final = "manifest.json"
_ARRAYS: Final[dict[str, np.dtype[Any]]] = {
    "hashes": np.dtype("<u8"),
    "idf": np.dtype("<f4"),
    "weights": np.dtype("<f4"),
}


def save(model: Model, place: Path, *, learnt_at: str) -> None:
    """Write a model to the folder `place`, all of it or nothing; a model that lay there is replaced.

    `learnt_at` is the moment (ISO 8601) as the caller tells it, so that the same data give the same bytes.
    Raises LearningRefusal where something else than a model lies there, OSError where it cannot be written.
    """
    place = place.absolute()
    if place.exists() and not (place / _MANIFEST).is_file() and (not place.is_dir() or any(place.iterdir())):
        raise LearningRefusal(reasons.PLACE_TAKEN, place=place)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        arrays: dict[str, Any] = {**model.features.state(), "weights": model.weights}
        for name, kind in _ARRAYS.items():
            array = np.ascontiguousarray(arrays[name]).astype(kind, copy=False)
            np.save(aside / f"{name}.npy", array, allow_pickle=False)
        told = json.dumps(_manifest(model, aside, learnt_at), ensure_ascii=False, indent=1, sort_keys=True)
        (aside / _MANIFEST).write_text(told + "\n", encoding="utf-8")
        aside.chmod(0o755)
        _put(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def load(place: Path) -> Model:
    """Read the model in the folder `place`; its arrays stay on disk and are shared by all who map them.

    Raises LearningRefusal where there is none, where another version wrote it, or where a byte has changed.
    """
    manifest = read_manifest(place)
    try:
        arrays = {name: _array(place, name, manifest) for name in _ARRAYS}
        labels = tuple(str(label) for label in manifest["labels"])
        shape = (len(arrays["hashes"]), len(labels))
        if arrays["weights"].shape != shape or arrays["idf"].shape != shape[:1]:
            raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file="weights.npy")
        calibration = manifest["calibration"]
        return Model(
            Features.restored(arrays),
            arrays["weights"],
            labels=labels,
            paths=tuple(tuple(path) for path in manifest["paths"]),
            calibration=Calibration(**{**calibration, "shifts": tuple(calibration["shifts"])}),
            settings=Settings.of(manifest["settings"]),
            learnt_from=str(manifest["learnt_from"]),
            figures=manifest["figures"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file=_MANIFEST) from error


def read_manifest(place: Path) -> dict[str, Any]:
    """Return what the manifest of a model says; raises LearningRefusal where it is none of this version."""
    try:
        told = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise LearningRefusal(reasons.NOT_A_MODEL, place=place) from error
    except ValueError as error:
        raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file=_MANIFEST) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise LearningRefusal(reasons.NOT_A_MODEL, place=place)
    if told.get("format_version") != FORMAT_VERSION:
        raise LearningRefusal(reasons.MODEL_OTHER_VERSION, place=place)
    return told


@cache
def code_version() -> str:
    """Return a hash of the files a model is learnt and read by."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("*.txt"), here.parent / "fold.py"])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _manifest(model: Model, folder: Path, learnt_at: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "code_version": code_version(),
        "learnt_at": learnt_at,
        "learnt_from": model.learnt_from,
        "settings": asdict(model.settings),
        "labels": list(model.labels),
        "paths": [list(path) for path in model.paths],
        "calibration": asdict(model.calibration),
        "figures": model.figures,
        "files": {name: _hash(folder / f"{name}.npy") for name in _ARRAYS},
    }


def _array(place: Path, name: str, manifest: dict[str, Any]) -> Any:  # noqa: ANN401 - arrays of several kinds
    path = place / f"{name}.npy"
    try:
        if _hash(path) != manifest["files"][name]:
            raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file=path.name)
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file=path.name) from error
    if array.dtype != _ARRAYS[name]:
        raise LearningRefusal(reasons.MODEL_CORRUPT, place=place, file=path.name)
    return np.asarray(array)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(aside: Path, place: Path) -> None:
    """Move the finished folder to its place; what lay there is out of the way only for a moment."""
    if not place.exists():
        aside.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
    os.rename(place, old)  # noqa: PTH104 - onto an empty folder, which Path.rename does alike
    try:
        aside.rename(place)
    except OSError:
        old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
