"""`huying demo`: the invented town, ninety days of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from huying.site.cli.town import few_collections, interactive, opened_town, print_json, settings, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from huying.demo.play import Played

MOST_APPEALS = 2000


@click.command()
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Last day of the demo; today if left out.",
)
@click.option(
    "--appeals", type=click.IntRange(1, MOST_APPEALS), default=MOST_APPEALS, show_default=True,
    help="How many appeals to tell.",
)  # fmt: skip
@click.option("--seed", type=int, help="Another number gives other appeals in the same town.")
@click.option("--afresh", is_flag=True, help="Take the demo away first, then fill it anew; asks before.")
@click.option("--yes", is_flag=True, help="With --afresh: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def demo(
    ctx: click.Context,
    *,
    until: datetime | None,
    appeals: int,
    seed: int | None,
    afresh: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Fill an empty town with the invented demo street.

    A street of 10 communities with its 40 units and 280 people, and 2,000 appeals of the last 90 days, told
    step by step through the same actions as everybody's. It is written as a whole: interrupted, it leaves
    nothing behind, and is simply called again. Where the demo is already, nothing is changed. Its accounts
    are listed on the sign-in page when the town is started with HUYING_DEMO=1, as `make run` does.

    Exit code 1 when the town is somebody's own.
    """
    from huying.kit.errors import Refusal

    with opened_town(migrated=False):
        from huying.site.ground import migrations

        migrations.apply(say=tell)
        try:
            if afresh:
                _clear(yes=yes)
                migrations.apply(say=tell)
            outcome = _fill(until.date() if until else None, appeals, seed)
        except Refusal as refusal:
            click.echo(refusal.sentence, err=True)
            ctx.exit(1)
    if as_json:
        print_json(outcome)
    else:
        _say(outcome)


def _clear(*, yes: bool) -> None:
    from huying.demo.afresh import clear_demo
    from huying.demo.play import Ground, ground

    if ground() == Ground.EMPTY:
        return
    if not yes:
        click.confirm(
            "Take the demo town away, with everything that was entered in it?", abort=True, err=True
        )
    clear_demo()


def _fill(until: date | None, appeals: int, seed: int | None) -> dict[str, Any]:
    """Fill the town if it is empty; return what is there now."""
    from django.utils import timezone

    from huying.demo.play import Ground, ground, mend_accounts_file, play
    from huying.demo.town.build import SEED
    from huying.journeys.counting import town_stats

    if ground() == Ground.DEMO:
        mend_accounts_file()
        return {"filled": False, "counts": town_stats()}
    started, worked = time.monotonic(), time.process_time()
    with _progress() as show, few_collections():
        played = play(
            until=until,
            appeals=appeals,
            seed=SEED if seed is None else seed,
            now=timezone.now(),
            on_progress=show,
        )
    return {
        "filled": True,
        "until": played.end.isoformat(),
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(time.process_time() - worked, 1),
        "password": played.password,
        "api_key": played.api_key,
        "resident_phone": played.resident_phone,
        "steps": played.told.steps,
        "refused": _refused(played),
        "counts": town_stats(),
    }


def _refused(played: Played) -> dict[str, int]:
    return {f"{move}: {reason}": times for (move, reason), times in sorted(played.told.refused.items())}


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """Give the block something to call with the share done; it shows a bar when a person watches."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not interactive()) as progress:
        task = progress.add_task("Telling ninety days", total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _say(outcome: dict[str, Any]) -> None:
    counts = outcome["counts"]
    if not outcome["filled"]:
        click.echo(f"The demo town is here already, with {counts['appeals']} appeals; nothing was changed.")
        click.echo("To begin again: huying demo --afresh")
        return
    click.echo(
        f"The demo town is ready: {counts['appeals']} appeals in {counts['cases']} cases, "
        f"{counts['facts']} facts, in {outcome['seconds']:.0f} s."
    )
    share, right = counts["share_automatic"] or 0, counts["first_dispatch_success"] or 0
    click.echo(
        f"  dispatched without a hand: {share:.1%} of cases; right at the first dispatch: {right:.1%} "
        f"of {counts['first_dispatch_judged']}"
    )
    click.echo(
        f"  closed {counts['closed']} (unconfirmed {counts['unconfirmed']}), waiting for a person "
        f"{counts['waiting_for_person']}, withdrawn {counts['withdrawn']}, not admissible "
        f"{counts['inadmissible']}, merged {counts['merged']}"
    )
    click.echo(f"  password of all demo accounts: {outcome['password']}   (user names: demo-dispatcher, …)")
    click.echo(f"  a resident with appeals: phone {outcome['resident_phone']}, the code is shown on screen")
    click.echo(f"  API key of channel `api`, shown once: {outcome['api_key']}")
    click.echo(f"Start it: HUYING_DEMO=1 huying run, then open http://127.0.0.1:{settings().port}")
