"""Runs one of our modules in a process of its own that gives way to everything else."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

logger = logging.getLogger("huying.apart")
LOWEST_PRIORITY = 19
LONGEST_SECONDS = 3600.0


class ApartFailedError(Exception):
    """A process of our own ended with a fault or took longer than an hour; what it says is in the log."""


def run_apart(module: str) -> None:
    """Run `python -m module` at the lowest priority and wait for it; raises `ApartFailedError`.

    It belongs to the group of the process that started it, and is ended with it.
    """
    # A shell's nice needs no code between fork and exec, which threads make unsafe.
    command = ["nice", "-n", str(LOWEST_PRIORITY), sys.executable, "-m", module]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, env=os.environ, stdin=subprocess.DEVNULL, timeout=LONGEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ApartFailedError(f"{module} took longer than {LONGEST_SECONDS:.0f} s") from error
    if done.returncode:
        raise ApartFailedError(f"{module} ended with exit code {done.returncode}")
