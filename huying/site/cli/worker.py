"""`huying worker`: one job worker alone."""

from __future__ import annotations

import click

from huying.site.cli.town import opened_town


@click.command()
@click.option("--until-empty", is_flag=True, help="End when no job is waiting any more.")
def worker(*, until_empty: bool) -> None:
    """Run one job worker alone.

    Workers are many as you like: each job is run by one of them. Jobs of a worker that was killed are
    taken up by another within half a minute.
    """
    from huying.site.ground.orphans import end_with_supervisor

    end_with_supervisor()
    with opened_town():
        from huying.site.ground.worker import stand_back, work

        stand_back()
        work(until_empty=until_empty)
