"""Walks the segments of a JPEG (ITU-T T.81, annex B) and keeps only what decodes to the picture."""

import re

from huying.intake.media.errors import PhotoBroken, PhotoTooComplex
from huying.intake.media.header import Header, PhotoKind
from huying.intake.media.limits import PhotoLimits

SIGNATURE = b"\xff\xd8\xff"

_SOI, _EOI, _SOS, _DNL, _COM = 0xD8, 0xD9, 0xDA, 0xDC, 0xFE
_APP0, _APP14, _APP15 = 0xE0, 0xEE, 0xEF
_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman tables, quantisation tables, restart interval
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive; cameras and browsers write no other
_PROGRESSIVE = 0xC2
_MARKER = re.compile(rb"\xff+[^\xff]", re.DOTALL)  # any number of fill bytes may stand in front
# A marker inside coded data: not a stuffed zero, not a restart, not a fill byte before the true marker.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_EXIF, _ICC = b"Exif\x00\x00", b"ICC_PROFILE\x00"


class _Walk:
    """One pass over the segments; the attributes are what has been found so far."""

    def __init__(self, data: bytes, limits: PhotoLimits) -> None:
        self.data = data
        self.limits = limits
        self.size: tuple[int, int] | None = None
        self.progressive = False
        self.components = 0
        self.scans = 0
        self.segments = 0
        self.exif: bytes | None = None
        self.icc: list[bytes] = []
        self.kept: list[bytes] = [SIGNATURE[:2]]

    def run(self) -> None:
        """Walk to the end of the first picture; raise PhotoBroken or PhotoTooComplex."""
        at = 2
        while True:
            at, marker = self._marker(at)
            if marker == _EOI:
                break
            body = self._body(at)
            self._segment(marker, body)
            at += 2 + len(body)
            if marker == _SOS:
                found = _NEXT_MARKER.search(self.data, at)
                if found is None:
                    raise PhotoBroken
                self.kept.append(self.data[at : found.start()])
                at = found.start()
        if self.size is None or not self.scans:
            raise PhotoBroken
        self.kept.append(b"\xff\xd9")

    def _marker(self, at: int) -> tuple[int, int]:
        """Return the place after the marker that begins at `at`, and the marker."""
        found = _MARKER.match(self.data, at)
        if found is None:
            raise PhotoBroken
        return found.end(), self.data[found.end() - 1]

    def _body(self, at: int) -> bytes:
        """Return the content of the segment whose length stands at `at`."""
        length = int.from_bytes(self.data[at : at + 2])
        body = self.data[at + 2 : at + length]
        if length < 2 or len(body) != length - 2:  # noqa: PLR2004 (the length counts its own two bytes)
            raise PhotoBroken
        return body

    def _segment(self, marker: int, body: bytes) -> None:
        self.segments += 1
        if self.segments > self.limits.jpeg_segments:
            raise PhotoTooComplex
        if marker in _FRAMES:
            self._frame(marker, body)
        elif marker == _SOS:
            self.scans += 1
            if self.scans > self.limits.jpeg_scans:
                raise PhotoTooComplex
        elif _APP0 <= marker <= _APP15:
            self._application(marker, body)
            if marker != _APP14:  # Adobe's note on the colour model is needed to decode CMYK
                return
        elif marker == _COM:
            return
        elif marker not in _TABLES:  # lossless, hierarchical, arithmetic, a second picture, a late height
            raise PhotoBroken
        self.kept.append(bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body)

    def _frame(self, marker: int, body: bytes) -> None:
        if self.size is not None or len(body) < 6:  # noqa: PLR2004 (precision, height, width, components)
            raise PhotoBroken
        self.size = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
        self.components = body[5]
        self.progressive = marker == _PROGRESSIVE
        if not all(self.size):
            raise PhotoBroken

    def _application(self, marker: int, body: bytes) -> None:
        if marker == _APP0 + 1 and self.exif is None and body.startswith(_EXIF):
            self.exif = body[len(_EXIF) :]
        elif marker == _APP0 + 2 and body.startswith(_ICC):
            self.icc.append(body[len(_ICC) :])

    def profile(self) -> bytes | None:
        """Return the colour profile, its parts joined in their numbered order (ICC.1, annex B.4)."""
        profile = b"".join(part[2:] for part in sorted(self.icc, key=lambda part: part[:1]))
        return profile if 0 < len(profile) <= self.limits.profile_bytes else None


def read_jpeg(data: bytes, limits: PhotoLimits) -> Header:
    """Read a JPEG's header; the picture ends at its first end marker, what follows is not looked at.

    Raises PhotoBroken for a file cut short or of a process cameras do not write, PhotoTooComplex for more
    segments or scans than the limits allow.
    """
    walk = _Walk(data, limits)
    walk.run()
    width, height = walk.size or (0, 0)
    return Header(
        kind=PhotoKind.JPEG,
        width=width,
        height=height,
        picture=b"".join(walk.kept),
        exif=walk.exif,
        icc=walk.profile(),
        buffered=walk.progressive or walk.scans > 1,
    )
