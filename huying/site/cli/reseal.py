"""`huying reseal`: a fresh key for sealed reports, so that the old one can be thrown away."""

from __future__ import annotations

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def reseal(*, as_json: bool) -> None:
    """Seal reports of violations anew with a fresh key.

    Where the data folder keeps the key, a fresh one is made and the old one forgotten when every box is
    sealed anew. Where HUYING_SEALED_KEY gives it, put the new key first and the old one after it, run this,
    then take the old one away. Cut short, run it again.
    """
    with opened_town():
        from django.conf import settings

        from huying.sealed.box import add_key, drop_old_keys
        from huying.sealed.rotating import reseal_all

        own = not settings.SEALED_KEY
        if own:
            add_key()
        boxes = reseal_all()
        if own:
            drop_old_keys()
    if as_json:
        print_json({"boxes": boxes})
        return
    click.echo(f"{boxes} boxes are sealed anew.")
