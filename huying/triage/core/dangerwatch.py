"""Rules and model together: what the town's list names, and what only sounds like danger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .fold import fold

if TYPE_CHECKING:
    from .danger import Danger, DangerRules, Excused
    from .dangermodel import DangerModel

_MOST_HEARD: Final = 3


class DangerWatch:
    """Reads a text with the rules first; where they raise nothing, the model listens.

    A missed danger is worse than a false alarm, so the model may add to what the rules found but take nothing
    away. `version` names both.
    """

    __slots__ = ("_model", "_rules", "version")

    def __init__(self, rules: DangerRules, model: DangerModel) -> None:
        """Watch with these rules and this model."""
        self._rules, self._model = rules, model
        self.version = f"{rules.version}+{model.version}"

    def check(self, text: str) -> list[Danger]:
        """Return the dangers of a text: those of the list, else at most three the model heard."""
        named, excused = self._rules.examine(text)
        return named or self._heard(text, excused)

    def _heard(self, text: str, excused: list[Excused]) -> list[Danger]:
        found: list[Danger] = []
        for heard in self._model.hear(fold(text)):
            read = [one for one in excused if heard.start <= one.danger.start < heard.end]
            if read and not heard.sure:
                continue  # the rules saw the very words and knew why they are no danger
            sure = heard.sure and not read
            danger = self._rules.as_heard(heard.kind, text, heard.start, heard.end, sure=sure)
            if danger is not None:
                found.append(danger)
        found.sort(key=lambda one: not one.sure)
        return found[:_MOST_HEARD]
