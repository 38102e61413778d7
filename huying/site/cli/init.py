"""`huying init`: an empty town with the starter catalogue."""

from __future__ import annotations

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.option(
    "--admin", metavar="NAME", help="Also make an administrator with this user name; asks for a password."
)
@click.option("--api-key", metavar="NAME", help="Also make a key for the channel `api` and print it once.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def init(*, admin: str | None, api_key: str | None, as_json: bool) -> None:
    """Set up an empty town with the starter catalogue.

    Makes tables, area levels, roles, channels, catalogue and calendar; nothing invented is added. Called
    again, it brings the tables up to date and leaves the town as it is.
    """
    with opened_town(migrated=False):
        from django.conf import settings
        from django.utils import timezone

        from huying.journeys.founding import found_empty_town
        from huying.people.actions import make_api_key
        from huying.people.models import Account
        from huying.site.ground import migrations

        migrations.apply(say=lambda line: click.echo(line, err=True))
        founded = found_empty_town(district=settings.DISTRICT, at=timezone.now())
        if admin:
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
            Account.objects.create_superuser(admin, password, name=admin)
        key = make_api_key(api_key, channel="api") if api_key else None
    if as_json:
        print_json({"founded": founded, "api_key": key})
        return
    click.echo("The town is founded." if founded else "The town was founded before; nothing was changed.")
    if key:
        click.echo(f"API key (shown once): {key}")
