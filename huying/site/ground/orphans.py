"""A process of a town ends when the one that started it is gone, however that one died."""

from __future__ import annotations

import os
import signal
import threading
import time

# Set by the process that watches over a town, with its number.
PARENT_VARIABLE = "HUYING_SUPERVISED_BY"
POLL_SECONDS = 1.0
GRACE_SECONDS = 10.0


def end_with_supervisor() -> None:
    """End with the process that watches over the town; started by hand, outlive the terminal as usual."""
    if is_supervised():
        end_with_parent(int(os.environ[PARENT_VARIABLE]))


def is_supervised() -> bool:
    """Return whether this process belongs to a town that another process watches over."""
    return PARENT_VARIABLE in os.environ


def end_with_parent(parent: int | None = None) -> None:
    """Watch from a thread the process that started this one, and end in an orderly way when it is gone.

    A killed parent can tell nobody. The system then gives its children another parent, on Linux and macOS
    alike, and that is what the thread looks for.
    """
    threading.Thread(
        target=_watch, args=(parent or os.getppid(),), name="end-with-parent", daemon=True
    ).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
