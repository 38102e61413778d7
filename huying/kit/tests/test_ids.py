"""Web processes are forked from one that is warm: none may make the keys another makes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FORKING = """
import os
from huying.kit.ids import new_id

new_id()
for _ in range(3):
    inside, outside = os.pipe()
    if os.fork() == 0:
        os.write(outside, "".join(f"{new_id()}\\n" for _ in range(100)).encode())
        os._exit(0)
    os.close(outside)
    with os.fdopen(inside) as made:
        print(made.read(), end="")
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_no_two_forked_processes_make_the_same_key_whatever_was_made_before() -> None:
    done = subprocess.run(  # noqa: S603 - our own program text
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True
    )
    keys = done.stdout.split()
    # Not only by the time they begin with: their random ends differ.
    assert len({key[19:] for key in keys}) == len(keys) == 300
