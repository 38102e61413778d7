"""`huying stats`: the town in numbers."""

from __future__ import annotations

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def stats(*, as_json: bool) -> None:
    """Count appeals, cases, dispatches and facts. Closed is not solved; unconfirmed is counted apart."""
    with opened_town():
        from huying.journeys.counting import town_stats

        counts = town_stats()
    if as_json:
        print_json(counts)
        return
    width = max(len(name) for name in counts)
    for name, value in counts.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {'–' if value is None else value}")
