"""Shows hot spots as one web page that needs nothing else: cards, the weeks of each, and its members."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .hotspots_told import HotSpot, Stage, Telling


def _(msgid: str) -> str:
    """Mark a text for translation; the core knows no Django, so the door that shows it translates."""
    return msgid


STAGES: Final[Mapping[Stage, str]] = {
    "early": _("early sign"),
    "rising": _("rising"),
    "hot": _("hot"),
    "cooling": _("cooling"),
    "resolved": _("calmed down"),
    "returned": _("came back"),
}
_MEMBERS_SHOWN: Final = 12
_BAR, _GAP, _HEIGHT = 5, 1, 40
_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1d2129;--soft:#5b6472;--line:#dfe3e9;--paper:#fff;--ground:#f4f6f8;--hot:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3abb8;--line:#3a414c;--paper:#20252c;--ground:#14171b;--hot:#ff8a75}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;line-height:1.4;margin:0 0 .35rem}
article{background:var(--paper);border:1px solid var(--line);border-radius:8px;margin:1rem 0;padding:1rem 1.15rem}
.soft{color:var(--soft)}p{margin:.3rem 0}ul,ol{margin:.4rem 0;padding-left:1.3rem}
.stage{border:1px solid currentColor;border-radius:1rem;font-size:.85rem;margin-left:.5rem;padding:0 .6rem;white-space:nowrap}
.heat{color:var(--hot);float:right;font-size:1.5rem;font-variant-numeric:tabular-nums;line-height:1.2;margin-left:1rem;text-align:right}
.heat small{color:var(--soft);display:block;font-size:.75rem}
svg{display:block;height:2.75rem;margin:.6rem 0;max-width:100%}rect{fill:var(--hot)}
summary{cursor:pointer;padding:.35rem 0}code{color:var(--soft);overflow-wrap:anywhere}
@media print{body{background:none}article{break-inside:avoid}}
"""  # noqa: E501 - a style sheet, a rule per line


def page(
    spots: Sequence[HotSpot],
    tellings: Mapping[str, Telling],
    *,
    name: str,
    language: str = "en",
    translate: Callable[[str], str] = str,
) -> str:
    """Return the hot spots as an HTML page in one language; `tellings` by id, for the words of members.

    `name` says what they were found in.
    """
    say = translate
    title = say(_("Hot spots")) + " · " + name
    told = say(_("{tellings} appeals, {spots} hot spots, hottest first.")).format(
        tellings=len(tellings), spots=len(spots)
    )
    cards = "\n".join(_card(at, spot, tellings, say) for at, spot in enumerate(spots, 1))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(title)}</h1>\n<p class="soft">{escape(told)}</p>\n{cards}\n</main>\n</body>\n</html>\n'
    )


def _card(at: int, spot: HotSpot, tellings: Mapping[str, Telling], say: Callable[[str], str]) -> str:
    period = f"{spot.first_at:%Y-%m-%d} – {spot.last_at:%Y-%m-%d}"
    facts = " · ".join(part for part in (spot.place, spot.category, period) if part)
    numbers = say(_("{count} appeals, {people} people, growth {growth} %")).format(
        count=spot.count, people=spot.appellants, growth=f"{100 * spot.growth:+.0f}"
    )
    heat, members = say(_("Heat")), say(_("Members"))
    evidence = "".join(f"<li>{escape(one.sentence(say))}</li>" for one in spot.said)
    return (
        f'<article id="{escape(spot.id)}">\n'
        f'<div class="heat">{spot.heat:.0f}<small>{escape(heat)}</small></div>\n'
        f'<h2>{at}. {escape(spot.title)}<span class="stage">{escape(say(STAGES[spot.stage]))}</span></h2>\n'
        f'<p class="soft">{escape(facts)}</p>\n<p>{escape(numbers)}</p>\n{_weeks(spot, say)}\n'
        f"<ul>{evidence}</ul>\n<details><summary>{escape(members)} ({spot.count})</summary>\n"
        f"<ol>{''.join(_members(spot, tellings))}</ol>\n"
        f"<p><code>{escape(', '.join(spot.members))}</code></p>\n</details>\n</article>"
    )


def _members(spot: HotSpot, tellings: Mapping[str, Telling]) -> Iterator[str]:
    """Yield the first members with their day and title; all ids stand below them."""
    for member in spot.members[:_MEMBERS_SHOWN]:
        one = tellings[member]
        words = one.title or one.text[:60]
        yield f'<li><span class="soft">{one.moment:%Y-%m-%d}</span> {escape(words)}</li>'


def _weeks(spot: HotSpot, say: Callable[[str], str]) -> str:
    """Return a small drawing of the tellings in each week, with its meaning in words."""
    most = max(spot.weeks)
    width = len(spot.weeks) * (_BAR + _GAP)
    bars = "".join(
        f'<rect x="{at * (_BAR + _GAP)}" y="{_HEIGHT - height:.1f}" width="{_BAR}" height="{height:.1f}"/>'
        for at, count in enumerate(spot.weeks)
        if (height := _HEIGHT * count / most)
    )
    meaning = say(_("Appeals in each of {weeks} weeks, at most {most}")).format(
        weeks=len(spot.weeks), most=most
    )
    return (
        f'<svg role="img" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}" '
        f'preserveAspectRatio="none"><title>{escape(meaning)}</title>{bars}</svg>'
    )
