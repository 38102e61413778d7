"""Texts that a spreadsheet would run as formulas: made harmless going out, themselves again coming in."""

import re
from typing import Final

_DANGEROUS: Final = re.compile(r"'*[\s\x00]*[=+\-@＝＋－＠]|'*[\t\r\n]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


def neutralise(text: str) -> str:
    """Return a text that a spreadsheet takes for text: an apostrophe goes before what looks like a formula.

    Looking like one are texts that begin with = + - @ (also full-width, also after blanks) or with a tab or
    line break, see OWASP, CSV Injection. Plain numbers such as -12.5 and +8613800000000 stay. A text that
    already begins with apostrophes before such a sign gets one more, so that `restore` is an exact inverse.
    """
    return f"'{text}" if _DANGEROUS.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def restore(text: str) -> str:
    """Return the text that `neutralise` was given."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text
