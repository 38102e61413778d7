"""Sentences that say why a matter is hot, as texts a door can translate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .hotspots_heat import Heat, Voice

_LOUD_SHARE: Final = 0.3
_MANY_LIKES: Final = 10


def _(msgid: str) -> str:
    """Mark a sentence for translation; the core knows no Django, so the door that shows it translates."""
    return msgid


_EXPECTED: Final = _(
    "From {since} to {until} {heard} voices were heard; usually it would have been about {expected}."
)
_FEWER: Final = _(
    "From {since} to {until} {heard} voices were heard; usually it would have been not even one."
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its values, to be shown in any language."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence, in English unless the door gives its translation."""
        return translate(self.msgid).format(**self.values)


def evidence_of(
    voices: Sequence[Voice], count: int, heat: Heat, place: str, place_share: float
) -> list[Said]:
    """Return what speaks for a matter: how many, against what expected, where, how loud, who alone."""
    days = max(1, (voices[-1].at - voices[0].at).days + 1)
    window = {"since": f"{heat.since:%Y-%m-%d}", "until": f"{heat.until:%Y-%m-%d}"}
    heard = {"heard": round(heat.heard), "expected": round(heat.expected)}
    said = [
        Said(
            _("{count} appeals of {people} people in {days} days."),
            {"count": count, "people": len(voices), "days": days},
        ),
        Said(_FEWER if heat.expected < 1 else _EXPECTED, {**window, **heard}),
    ]
    if place:
        share = round(100 * place_share)
        said.append(Said(_("{share} % of the appeals name {place}."), {"share": share, "place": place}))
    often = max(voices, key=lambda voice: voice.tellings)
    if often.tellings > 2 and often.tellings >= _LOUD_SHARE * count:  # noqa: PLR2004 - twice is no habit
        values = {"tellings": often.tellings, "count": count}
        said.append(
            Said(_("One person wrote {tellings} of the {count} appeals and counts as one voice."), values)
        )
    likes = sum(voice.likes for voice in voices)
    if likes >= _MANY_LIKES:
        said.append(Said(_("{likes} others agreed; their weight is damped."), {"likes": likes}))
    return said
