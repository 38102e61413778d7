"""Keeps a learnt model on disk as plain arrays: learnt once, its pages shared by all who read it."""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from .itemtext import ItemText, JudgedText
from .textmodel import TextModel, fingerprint_of, in_order

_log = logging.getLogger(__name__)
_VALUES: Final = "values.json"
_KEPT: Final = 3
"""As many models stay on disk: the one in force, and those before it should a catalogue be taken back."""


def learnt(
    items: Iterable[ItemText], *, version: str, folder: Path, judged: Iterable[JudgedText] = ()
) -> TextModel:
    """Return `TextModel.build` of the same arguments, from `folder` when it was built there before.

    Several processes that ask at once learn it once: the others wait and read. What lies in the folder is
    read as numbers and text, never as code; what cannot be read is learnt anew. A folder that cannot be
    written costs time only. Raises ValueError like `build`.
    """
    ordered, known = in_order(items, judged)
    place = folder / _name(ordered, known)
    model = _read(place, ordered, known, version)
    if model is not None:
        return model
    with _alone(folder):
        model = _read(place, ordered, known, version)
        if model is None:
            model = TextModel.build(ordered, version=version, judged=known)
            _keep(model, place)
        return model


def _name(items: Sequence[ItemText], judged: Sequence[JudgedText]) -> str:
    """Return the name under which a model is kept: all it is learnt from, and the code that learns it."""
    return f"{fingerprint_of(items, judged)[:24]}-{_code()}"


@cache
def _code() -> str:
    """Return a hash of this package's own files, so that a changed program never reads what another wrote."""
    files = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in {".py", ".txt"})
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _read(
    place: Path, items: Sequence[ItemText], judged: Sequence[JudgedText], version: str
) -> TextModel | None:
    if not place.is_dir():
        return None
    try:
        state: dict[str, Any] = json.loads((place / _VALUES).read_text(encoding="utf-8"))
        for path in place.glob("*.npy"):
            # Mapped, not read: the pages belong to the file and are there once for all processes.
            state[path.stem] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        return TextModel.restored(items, state, version=version, judged=judged)
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("a stored model could not be read and is learnt anew", exc_info=True)
        shutil.rmtree(place, ignore_errors=True)
        return None


def _keep(model: TextModel, place: Path) -> None:
    """Write the model beside its place and move it there whole: a crash leaves all of it or nothing."""
    try:
        aside = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        try:
            values = {}
            for name, value in model.state().items():
                if isinstance(value, np.ndarray):
                    np.save(aside / f"{name}.npy", value, allow_pickle=False)
                else:
                    values[name] = value
            (aside / _VALUES).write_text(json.dumps(values), encoding="utf-8")
            aside.chmod(0o755)
            aside.rename(place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _forget_old(place.parent)
    except OSError:
        _log.warning("the model could not be kept; every process learns it for itself", exc_info=True)


def _forget_old(folder: Path) -> None:
    models = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for old in sorted(models, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time learn; where there is no folder to agree in, each for itself."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / ".learning", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
