"""`huying run`: the whole town in the foreground."""

from __future__ import annotations

import click

from huying.site.cli.town import settings, tell


@click.command()
def run() -> None:
    """Start the town: database, web server and workers; Ctrl-C stops it.

    Without DATABASE_URL a PostgreSQL of our own is started under HUYING_DATA_DIR. The database is brought
    to this version first. A process that crashes is started again. Several towns run side by side with a
    HUYING_DATA_DIR and a HUYING_PORT each.
    """
    from huying.site.ground.processes import run as run_town

    run_town(settings(), say=tell)
