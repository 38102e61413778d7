"""`huying stop`: end a running town from another terminal."""

from __future__ import annotations

import click

from huying.site.cli.town import print_json, settings, tell


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Tell what was stopped as JSON.")
def stop(*, as_json: bool) -> None:
    """Stop the town and its database from another terminal.

    The town is the one of HUYING_DATA_DIR. Requests under way are finished first. A PostgreSQL given by
    DATABASE_URL is never stopped. Stopping a town that does not run is no error.
    """
    from huying.site.ground.processes import stop as stop_town

    town, database = stop_town(settings().data_dir, say=tell)
    if as_json:
        print_json({"town_was_running": town, "database_was_running": database})
        return
    what = {(True, True): "The town and its database are stopped.", (True, False): "The town is stopped."}
    what |= {(False, True): "The database is stopped.", (False, False): "Nothing was running."}
    click.echo(what[town, database])
