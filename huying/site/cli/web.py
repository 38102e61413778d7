"""`huying web`: the web server alone."""

from __future__ import annotations

import click

from huying.site.cli.town import settings


@click.command()
def web() -> None:
    """Run the web server alone.

    For machines where another program (systemd, a container) watches over each process; `huying run` does
    it for you. The database must be up: set DATABASE_URL, or start the town's own first.
    """
    from huying.site.ground.orphans import end_with_supervisor
    from huying.site.ground.web import serve

    end_with_supervisor()
    serve(settings())
