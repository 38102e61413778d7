"""`huying migrate`: bring the database to this version of the program."""

from __future__ import annotations

import click

from huying.site.cli.town import DatabaseUnreachableError, opened_town, print_json, tell


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when something is missing.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def migrate(ctx: click.Context, *, check: bool, as_json: bool) -> None:
    """Bring the database to this version of the program.

    Safe to call at any time and from several machines at once: one works, the others wait. A change that
    would hold up a town at work gives way after five seconds and is tried again.
    """
    with opened_town(migrated=False):
        from django.db import OperationalError

        from huying.site.ground import migrations

        try:
            applied = 0 if check else migrations.apply(say=tell)
            missing = migrations.pending()
        except OperationalError as error:
            raise DatabaseUnreachableError.from_error(error) from error
    if as_json:
        print_json({"applied": applied, "missing": missing})
    elif missing:
        click.echo(f"{len(missing)} migrations are missing: {', '.join(missing)}")
    ctx.exit(1 if missing else 0)
