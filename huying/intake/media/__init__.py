"""Photos at the door: hostile bytes in, plain pictures and two hints out.

A package without Django: it can be tried from a notebook, and fuzzed without a server.
"""

from huying.intake.media.errors import (
    PhotoBroken,
    PhotoEmpty,
    PhotoRefusal,
    PhotosBusy,
    PhotoTooComplex,
    PhotoTooLarge,
    PhotoTooMany,
    PhotoTooManyPixels,
    PhotoTypeUnknown,
)
from huying.intake.media.header import PhotoKind
from huying.intake.media.hints import PhotoHints
from huying.intake.media.limits import DEFAULT_LIMITS, PhotoLimits
from huying.intake.media.photo import Photo, check_count, harmless_name, inspect_and_clean

__all__ = [
    "DEFAULT_LIMITS",
    "Photo",
    "PhotoBroken",
    "PhotoEmpty",
    "PhotoHints",
    "PhotoKind",
    "PhotoLimits",
    "PhotoRefusal",
    "PhotoTooComplex",
    "PhotoTooLarge",
    "PhotoTooMany",
    "PhotoTooManyPixels",
    "PhotoTypeUnknown",
    "PhotosBusy",
    "check_count",
    "harmless_name",
    "inspect_and_clean",
]
