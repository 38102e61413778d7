"""`huying ledger`: proving that the ledger was never altered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from huying.site.cli.town import opened_town, print_json

if TYPE_CHECKING:
    from huying.site.cli.town import Json


@click.group()
def ledger() -> None:
    """Prove that the ledger was never altered."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def verify(ctx: click.Context, *, as_json: bool) -> None:
    """Prove every chain of facts from first to last link; exits with 1 and names the first broken one."""
    from rich.console import Console
    from rich.progress import Progress

    with opened_town():
        from huying.ledger import queries

        total = queries.count_facts()
        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("facts", total=total)
            proof = queries.verify(lambda done: progress.update(task, completed=done))
    broken = proof.broken
    if as_json:
        place: Json = {"stream": broken.stream, "seq": broken.seq, "wrong": broken.wrong} if broken else None
        print_json({"facts": proof.facts, "streams": proof.streams, "whole": broken is None, "broken": place})
    elif broken:
        click.echo(f"BROKEN at {broken.stream}, fact {broken.seq}: {broken.wrong.replace('_', ' ')}.")
    else:
        click.echo(f"Whole: {proof.facts} facts in {proof.streams} streams, every link holds.")
    ctx.exit(1 if broken else 0)
