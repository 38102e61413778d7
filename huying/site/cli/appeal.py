"""`huying appeal`: the whole story of one appeal."""

from __future__ import annotations

from typing import Any

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="Print the story as JSON.")
@click.pass_context
def appeal(ctx: click.Context, number: str, *, as_json: bool) -> None:
    """Tell the whole story of one appeal: what came in, how it was judged, who had it, what they said.

    NUMBER is the appeal's number (SQ…) or its case's (GD…). No names or phone numbers are printed.
    """
    from huying.kit.errors import Refusal

    with opened_town():
        from huying.journeys.story import story_of

        try:
            story = story_of(number)
        except Refusal as refusal:
            click.echo(refusal.sentence, err=True)
            ctx.exit(1)
    if as_json:
        print_json(story)
        return
    _tell(story)


def _tell(story: dict[str, Any]) -> None:
    said = story["appeal"]
    click.secho(f"{said['number']}  {said['received_at']}  via {said['channel']}", bold=True)
    click.echo(f"  {said['title'] or said['text'][:80]}")
    click.echo(f"  place: {said['place'] or said['place_words'] or '–'}  area: {said['area'] or '–'}")
    for verdict in story["verdicts"]:
        sure = "decided" if verdict["decided"] else "a person decides"
        click.echo(
            f"  judged by {verdict['by']}: {verdict['item']} {verdict['item_name']}, "
            f"grade {verdict['grade'] or '–'}, confidence {verdict['confidence']:.2f} ({sure}; "
            f"{verdict['model']}, {verdict['rules']}, catalogue {verdict['catalogue']})"
        )
    for case in story["cases"]:
        unit = case["unit"] or "nobody yet"
        click.echo(f"  case {case['number']}: {case['status']}, {unit}, round {case['round']}")
        for deadline in case["deadlines"]:
            end = deadline["met_at"] or deadline["ended_at"] or "running"
            click.echo(f"    {deadline['clock']}: {deadline['limit']}, due {deadline['due_at']}, {end}")
    for fact in story["facts"]:
        click.echo(f"  {fact['at']}  {fact['kind']}  by {fact['by']}")
