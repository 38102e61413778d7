"""Small answers for slow networks: static files squeezed once and kept by their content, pages as they go."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SQUEEZED = frozenset({".js", ".css", ".svg", ".json", ".geojson", ".txt", ".html"})
# What is squeezed already, or must go out line by line.
LEFT_ALONE = (
    "image/",
    "video/",
    "application/zip",
    "application/vnd.",
    "application/pdf",
    "text/event-stream",
)
WORTH = 0.9
FOREVER = "max-age=31536000, public, immutable"


@lru_cache(maxsize=2048)
def _digest(path: str, _modified: float, _size: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def digest_of(path: str) -> str:
    """Return the hexadecimal SHA-256 of a file; read once as long as the file is not touched."""
    stat = os.stat(path)  # noqa: PTH116 - one call for both, on every link of every page
    return _digest(path, stat.st_mtime, stat.st_size)


class VersionedStatics(StaticFilesStorage):
    """Names a static file together with its content, so that a browser never runs yesterday's script.

    Nothing is collected or renamed: the files lie in their packages, and the address gets `?v=`.
    """

    def url(self, name: str | None) -> str:
        """Return the address of a static file with the start of its checksum; unknown names stay plain."""
        plain = super().url(name)
        version = version_of(name or "")
        return f"{plain}?v={version}" if version else plain


def version_of(name: str) -> str:
    """Return the version of a static file as it stands in its address, "" for one that does not exist."""
    path = _find(name) if not settings.DEBUG else finders.find(name)
    return digest_of(path)[:10] if isinstance(path, str) else ""


@lru_cache(maxsize=2048)
def _find(name: str) -> str | None:
    path = finders.find(name)
    return path if isinstance(path, str) else None


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc] # WhiteNoise ships no types
    """Serves static files from their packages, squeezed where the browser takes that."""

    def get_static_file(
        self, path: str, url: str, stat_cache: dict[str, os.stat_result] | None = None
    ) -> Any:  # noqa: ANN401 - WhiteNoise ships no types
        """Return the file with its squeezed copy beside it."""
        plain = super().get_static_file(path, url, stat_cache=stat_cache)
        copy = squeezed(path)
        if copy is None:
            return plain
        return StaticFile(path, plain.alternatives[0][2], encodings={"gzip": str(copy)})

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:  # noqa: ANN401 - WhiteNoise ships no types
        """Answer; what was asked for by its right version never changes and is kept for good."""
        answer: HttpResponse = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get("v")
        if asked and asked == digest_of(static_file.alternatives[-1][1])[: len(asked)]:
            answer.headers["Cache-Control"] = FOREVER
        return answer


def squeezed(path: str) -> Path | None:
    """Return the gzip copy of a file, made when it is first wanted; None where it would not be worth it.

    Copies lie in the data folder under the checksum of their content: several processes may start at once,
    and an old copy is never mistaken for a new one.
    """
    source = Path(path)
    if source.suffix not in SQUEEZED:
        return None
    folder = Path(settings.DATA_DIR) / "squeezed"
    copy = folder / f"{digest_of(path)}.gz"
    if not copy.exists():
        data = source.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as made:
            made.write(gzip.compress(data, 9, mtime=0))
        Path(made.name).replace(copy)
    return copy if copy.stat().st_size < source.stat().st_size * WORTH else None


class SmallPages(GZipMiddleware):
    """Squeezes pages and data as they go; Django pads each at random against guessing by length (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Squeeze what gains from it."""
        if response.headers.get("Content-Type", "").startswith(LEFT_ALONE):
            return response
        return super().process_response(request, response)
