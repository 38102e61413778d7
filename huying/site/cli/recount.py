"""`huying recount`: proving the rolling counts, and mending them."""

from __future__ import annotations

import sys

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def recount(ctx: click.Context, *, as_json: bool) -> None:
    """Compare the rolling counts with the truth and mend what differs; exits with 1 if anything did."""
    from rich.console import Console
    from rich.progress import Progress

    with opened_town():
        from django.utils import timezone

        from huying.insight.recounting import recount as count_again

        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("cases", total=None)
            found = count_again(
                at=timezone.now(), on_progress=lambda done: progress.update(task, completed=done)
            )
    if as_json:
        print_json(
            {"cases": found.cases, "cases_mended": found.cases_mended, "sums_mended": found.sums_mended,
             "examples": list(found.examples)}
        )  # fmt: skip
    elif found.whole:
        click.echo(f"Whole: {found.cases} cases, every sum agrees.")
    else:
        click.echo(f"Mended: {found.cases_mended} of {found.cases} cases, {found.sums_mended} sums.")
        for words in found.examples:
            click.echo(f"  {words}")
    ctx.exit(0 if found.whole else 1)
