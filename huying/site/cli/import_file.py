"""`huying import`: appeals from a CSV or Excel file, or letters from a mailbox file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huying.site.cli.town import few_collections, opened_town, print_json

if TYPE_CHECKING:
    from huying.intake.models import ImportRun
    from huying.kit.tabular import Table

MOST_PROBLEMS_SHOWN = 20


def _told(pairs: tuple[str, ...]) -> dict[str, str]:
    told = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair}: write field=column", param_hint="--map")
        told[field.strip()] = column.strip()
    return told


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--channel", required=True, help="Key of the channel the appeals came through, such as `import`."
)
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Say which column holds a field.")
@click.option("--json", "as_json", is_flag=True, help="Tell the counts as JSON.")
@click.pass_context
def import_file(
    ctx: click.Context, file: Path, *, channel: str, pairs: tuple[str, ...], as_json: bool
) -> None:
    """Take in appeals from a CSV or Excel file.

    FILE may also be gzipped, an OpenDocument table, or letters (.eml, .mbox).
    Fields: key, title, text, place, occurred_at, lat, lon, name, phone, email; usual column names are known
    without --map. Interrupted, call it again: it goes on where it stopped, and no row is taken twice.
    Exit code 1 when a row was refused or the file cannot be used.
    """
    from rich.console import Console
    from rich.progress import Progress

    from huying.kit.errors import Refusal

    told = _told(pairs)
    with opened_town(), few_collections():
        from huying.journeys.imports import import_file as take_in
        from huying.journeys.letters import import_letters, is_mailbox
        from huying.ledger.actor import SYSTEM

        try:
            with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
                task = progress.add_task(file.name, total=None)

                def show(table: Table, run: ImportRun) -> None:
                    counts = f"{run.taken} taken, {run.known} known, {run.refused} refused"
                    progress.update(
                        task,
                        completed=table.done,
                        total=table.total,
                        description=f"{file.name}: {counts}",
                    )

                if is_mailbox(file):
                    run = import_letters(file, channel=channel, by=SYSTEM)
                else:
                    run = take_in(file, channel=channel, told=told, by=SYSTEM, on_progress=show)
        except Refusal as refusal:
            click.echo(f"{refusal.reason.key}: {refusal.sentence}", err=True)
            ctx.exit(1)
        problems: list[dict[str, str | int]] = [
            {"line": problem.line, "reason": problem.reason, "sentence": problem.sentence}
            for problem in run.problems.order_by("line")
        ]
    if as_json:
        print_json(
            {
                "rows": run.rows_read,
                "taken": run.taken,
                "known": run.known,
                "refused": run.refused,
                "problems": problems,
            }
        )
    else:
        click.echo(
            f"{run.rows_read} rows: {run.taken} taken, {run.known} known before, {run.refused} refused."
        )
        for problem in problems[:MOST_PROBLEMS_SHOWN]:
            click.echo(f"  line {problem['line']}: {problem['sentence']}")
        if len(problems) > MOST_PROBLEMS_SHOWN:
            click.echo(f"  … and {len(problems) - MOST_PROBLEMS_SHOWN} more; --json lists all.")
    ctx.exit(1 if problems else 0)
