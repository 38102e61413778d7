"""Names that are data, such as those of channels, roles and items, in the language a page is shown in."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(name: str, name_en: str = "") -> str:
    """Return the English name while English is the language and there is one, else the name as it is.

    A town writes its names in one script of Chinese; they are never converted, so that a reader of the other
    script finds the very characters that stand on the door.
    """
    return name_en if name_en and (get_language() or "").startswith("en") else name
