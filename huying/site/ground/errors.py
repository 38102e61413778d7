"""What every fault of the ground has: a sentence, a cure, and whether trying again helps."""

from __future__ import annotations


class GroundError(Exception):
    """Something under the platform (database, port, folder, process) is not as it must be.

    `cure` tells the operator what to do about it; `retry` says whether the same command may work later.
    """

    retry = False

    def __init__(self, sentence: str, *, cure: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.sentence} {self.cure}".rstrip()
