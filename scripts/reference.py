"""Write docs/reference/ from the code: settings, moves, rights, facts, commands. `--check` only compares."""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from huying.people.permissions import Permission

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by scripts/reference.py; change the code, then run `make docs`. -->\n"


def settings() -> str:
    """Return the page of environment variables."""
    from huying.site.env import Environment

    lines = ["# Settings", "", NOTE, "All are environment variables; none is needed to start.", ""]
    lines += ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Environment.model_fields.items():
        variable = str(field.validation_alias or f"HUYING_{name.upper()}")
        default = str(field.default).strip()
        lines.append(f"| `{variable}` | {f'`{default}`' if default else '(empty)'} | {field.description} |")
    return "\n".join(lines) + "\n"


def moves() -> str:
    """Return the page of moves, with the diagram of states."""
    from huying.cases.models import Clock, Status
    from huying.cases.moves import MOVES

    lines = ["# Moves of a case", "", NOTE, "```mermaid", "stateDiagram-v2"]
    lines += ["    [*] --> submitted", "    [*] --> dispatched"]
    for move in MOVES:
        if move.key in {"note", "withdraw", "merge", "unmerge"}:
            continue
        lines += [f"    {state} --> {move.to or state}: {move.key}" for state in move.from_]
    lines += ["```", ""]
    lines += [
        "Not in the picture, for they are possible in many states: `withdraw`, `merge`, `unmerge`, `note`.",
        "",
    ]
    lines += ["| move | from | to | right | needs | may take | clocks met | ended | started |"]
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    for move in MOVES:
        cells = [
            f"`{move.key}`",
            "any" if len(move.from_) == len(Status) else ", ".join(move.from_),
            str(move.to or "(stays, or where it was)"),
            str(move.right),
            ", ".join(move.needs),
            ", ".join(move.takes),
            ", ".join(move.meets),
            "all" if len(move.ends) == len(Clock) else ", ".join(move.ends),
            ", ".join(move.starts),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def supervision() -> str:
    """Return the page of what topics and orders can do next, with the diagram of an order's states."""
    from huying.supervision.moves import ORDER_MOVES, TOPIC_MOVES
    from huying.supervision.states import OrderState

    lines = ["# Moves of orders and topics", "", NOTE, "```mermaid", "stateDiagram-v2", "    [*] --> given"]
    for move in ORDER_MOVES:
        if move.to is not None and len(move.from_) < len(OrderState) - 2:
            lines += [f"    {state} --> {move.to}: {move.key}" for state in move.from_]
    lines += ["```", "", "`cancel` is possible in every open state.", ""]
    lines += ["| move of an order | from | to | rights | needs | may take | not by the owner's own people |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for move in ORDER_MOVES:
        cells = [
            f"`{move.key}`", ", ".join(move.from_), str(move.to or "(stays)"),
            ", ".join(move.rights) or "system", ", ".join(move.needs), ", ".join(move.takes),
            "yes" if move.apart else "",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| move of a topic | from | to | right | needs |", "|---|---|---|---|---|"]
    for step in TOPIC_MOVES:
        needs = ", ".join(step.needs)
        lines.append(
            f"| `{step.key}` | {', '.join(step.from_)} | {step.to or '(stays)'} | {step.right} | {needs} |"
        )
    return "\n".join(lines) + "\n"


def permissions() -> str:
    """Return the page of rights and the roles a town starts with."""
    from huying.people.permissions import STARTER_ROLES, Permission

    lines = ["# Rights", "", NOTE]
    lines += ["A role gives rights over the work of the post's unit, and rights over the post's area.", ""]
    lines += ["| role | over the unit's work | over the area |", "|---|---|---|"]
    for role in STARTER_ROLES:
        both = (role.on_unit, role.on_area)
        on_unit, on_area = ("<br>".join(f"`{right}`" for right in rights) for rights in both)
        lines.append(f"| {role.name} {role.name_en} | {on_unit} | {on_area} |")
    lines += ["", "## What each right lets do", ""]
    lines += ["`U`: over the work of the post's unit, `A`: over the post's area.", ""]
    lines += ["| right | meaning | makes administrator of | roles | moves |", "|---|---|---|---|---|"]
    lines += [_right(permission) for permission in Permission]
    return "\n".join(lines) + "\n"


def _right(right: Permission) -> str:
    from huying.cases.moves import MOVES
    from huying.people.permissions import ADMIN_MARKS, STARTER_ROLES
    from huying.people.words import words_of_right

    roles = []
    for role in STARTER_ROLES:
        over = [mark for mark, held in (("U", role.on_unit), ("A", role.on_area)) if right in held]
        if over:
            roles.append(f"{role.name} ({', '.join(over)})")
    moves = [f"`{move.key}`" for move in MOVES if str(move.right) == right]
    cells = (
        f"`{right}`",
        words_of_right(right),
        str(ADMIN_MARKS.get(right, "")),
        ", ".join(roles),
        ", ".join(moves),
    )
    return "| " + " | ".join(cells) + " |"


def facts() -> str:
    """Return the page of facts: what the ledger can say, who may read it, and what follows."""
    from huying.ledger.chain import FactBody
    from huying.site.wiring import HANDLERS

    lines = ["# Facts", "", NOTE]
    lines += ["| fact | meaning | holds | shown to residents | what follows |", "|---|---|---|---|---|"]
    for fact in sorted(_below(FactBody), key=lambda fact: (fact.__module__, fact.__name__)):
        names = getattr(fact, "__dataclass_fields__", {})
        held = ", ".join(f"`{name}`" for name in names if name != "tells")
        follows = ", ".join(f"`{handler.__name__}`" for handler in HANDLERS.get(fact, ()))
        meaning = (inspect.getdoc(fact) or "").splitlines()[0]
        lines.append(
            f"| `{fact.__name__}` | {meaning} | {held} | {'yes' if fact.tells else ''} | {follows} |"
        )
    return "\n".join(lines) + "\n"


def _below(kind: type) -> Iterator[type]:
    for fact in kind.__subclasses__():
        if fact.__subclasses__():
            yield from _below(fact)
        else:
            yield fact


def commands() -> str:
    """Return the page of the command line: every command's own help."""
    from huying.site.cli import huying

    lines = ["# Commands", "", NOTE]
    context = click.Context(huying, info_name="huying", max_content_width=100, terminal_width=100)
    for name, command in _commands(huying, context, ()):
        inner = click.Context(command, info_name=" ".join(name), max_content_width=100, terminal_width=100)
        lines += [f"## huying {' '.join(name)}", "", "```", _help(command, inner), "```", ""]
    return "\n".join(lines)


def _commands(
    group: click.Group, context: click.Context, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, context, (*path, name))
        elif command is not None:
            yield (*path, name), command


def _help(command: click.Command, context: click.Context) -> str:
    return command.get_help(context).replace("Usage: ", "Usage: huying ").rstrip()


def indicators() -> str:
    """Return the page of indicators: each formula in words, and what is left out of it."""
    from huying.insight.core.indicators import INDICATORS
    from huying.insight.core.telling import FEWEST, FEWEST_FOR_A_SHARE

    lines = ["# Indicators", "", NOTE]
    said = (
        "Cases are those opened in the chosen months. Everything looked at is a hit, a miss, or left out for",
        "exactly one reason: the first of the list that holds.",
        f"Fewer than {FEWEST} are hidden, with a second row where a hidden one could be worked out;",
        f"of fewer than {FEWEST_FOR_A_SHARE} only the range is told in which the true share lies 95 times in",
        "100 (Wilson). There is no figure of a person.",
    )
    lines += [
        " ".join(said),
        "",
        "| indicator | counted | of | one by one | left out |",
        "|---|---|---|---|---|",
    ]
    for one in INDICATORS:
        left = "<br>".join(f"`{reason.key}`: {reason.words}" for reason in one.left)
        name = f"{one.label} (`{one.key}`)" + (f"<br>{one.about}" if one.about else "")
        lines.append(f"| {name} | {one.hits} | {one.whole} | {one.of} | {left} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "moves.md": moves,
    "supervision.md": supervision,
    "permissions.md": permissions,
    "facts.md": facts,
    "commands.md": commands,
    "indicators.md": indicators,
}


def main() -> int:
    """Write or compare the pages; return 1 when a page is not what the code says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    os.environ["HUYING_LANGUAGE"] = "en"
    os.environ.setdefault("HUYING_DATA_DIR", tempfile.mkdtemp())
    import django

    django.setup()
    stale = []
    for name, page in PAGES.items():
        text, path = page(), DOCS / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if stale:
        print("not what the code says, run `make docs`:", ", ".join(stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
