"""`huying doctor`: is everything as it must be, and if not, what to do."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from huying.site.cli.town import DatabaseUnreachableError, opened_town, print_json, settings
from huying.site.ground.checks import Finding, database_findings, machine_findings
from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huying.site.env import Environment

MARKS = {"fine": ("ok  ", "green"), "warning": ("look", "yellow"), "broken": ("BAD ", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Tell the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check settings, database, fonts, clock, disk and rights.

    Changes nothing. A database of our own that is not running is started for the look and stopped again.
    Exit code 1 when something is broken; warnings leave it at 0.
    """
    found = []
    for finding in _findings(settings()):
        found.append(finding)
        if not as_json:
            _print(finding)
    broken = any(finding.state == "broken" for finding in found)
    if as_json:
        print_json({"ok": not broken, "checks": [asdict(finding) for finding in found]})
    ctx.exit(1 if broken else 0)


def _findings(chosen: Environment) -> Iterator[Finding]:
    yield from machine_findings(chosen)
    if not chosen.database_url:
        from huying.site.ground.postgres import has_database

        if not has_database(chosen.data_dir):
            yield Finding(
                "database", "warning", "There is no database yet.", "Run `huying init` or `huying run`."
            )
            return
    try:
        with opened_town(migrated=False):
            from django.db import OperationalError

            try:
                yield from database_findings(at=datetime.now(UTC))
            except OperationalError as error:
                raise DatabaseUnreachableError.from_error(error) from error
    except GroundError as error:
        yield Finding("database", "broken", error.sentence, error.cure)


def _print(finding: Finding) -> None:
    mark, colour = MARKS[finding.state]
    click.secho(mark, fg=colour, nl=False)
    click.echo(f"  {finding.name:<13} {finding.sentence}")
    if finding.cure and finding.state != "fine":
        click.echo(f"      {'':<13} {finding.cure}")
