"""A mailbox file (mbox) cut into letters, without ever holding more than one of them.

Python's own `mailbox` opens the file for writing, reads every letter whole whatever its size, and takes any
line that begins with "From " for a new letter; here only one after a blank line and with a date in it is.
"""

import re
from collections.abc import Iterator
from typing import IO, Final

SEPARATOR: Final = re.compile(
    rb"From .{0,300}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +[A-Z][a-z]{2} +\d{1,2} +"
    rb"\d\d:\d\d(?::\d\d)?.{0,20} \d{4}"
)
_QUOTED: Final = re.compile(rb">+From ")
_LINE: Final = 1 << 20


def is_mailbox(head: bytes) -> bool:
    """Whether bytes begin like a mailbox."""
    return SEPARATOR.match(head) is not None


def split_mailbox(file: IO[bytes], most_bytes: int) -> Iterator[tuple[bytes, bool]]:
    """Yield each letter without its separator, and whether it had to be cut to so many bytes."""
    kept: list[bytes] = []
    size, cut, after_blank = 0, False, True
    begun = False
    while line := file.readline(_LINE):
        if after_blank and SEPARATOR.match(line):
            if begun:
                yield b"".join(kept), cut
            kept, size, cut, begun, after_blank = [], 0, False, True, False
            continue
        after_blank = not line.strip(b"\r\n")
        size += len(line)
        if size > most_bytes:
            cut = True
            continue
        kept.append(line[1:] if _QUOTED.match(line) else line)
    if begun or kept:
        yield b"".join(kept), cut
