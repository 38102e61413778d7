"""`huying admins`: the three administrators of a town, for its first set-up or to split the one it had."""

from __future__ import annotations

import click

from huying.site.cli.town import opened_town, print_json


@click.command()
@click.option("--system", metavar="NAME", help="User name of the system administrator.")
@click.option("--security", metavar="NAME", help="User name of the security administrator.")
@click.option("--audit", metavar="NAME", help="User name of the audit administrator.")
@click.option("--unit", metavar="CODE", default="dispatch", show_default=True, help="Unit they work in.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
def admins(*, system: str | None, security: str | None, audit: str | None, unit: str, as_json: bool) -> None:
    """Name the three administrators of a town: system, security and audit (GB/T 22239, level 3).

    Without names it tells who they are. With all three it gives them their posts, asking for a password for
    accounts that are new, and takes the rights of security away from the role that had both. Afterwards
    administrators change posts in the office, four eyes at a time.
    """
    names = {"system": system, "security": security, "audit": audit}
    given = {kind: name for kind, name in names.items() if name}
    if given and len(set(given.values())) != len(names):
        raise click.UsageError("Name three different accounts: --system, --security and --audit.")
    with opened_town():
        from django.utils import timezone

        from huying.kit.errors import Refusal
        from huying.people.splitting import name_administrators, told_administrators, unknown_accounts

        at = timezone.now()
        if given:
            passwords = {
                name: click.prompt(
                    f"Password for {name}", hide_input=True, confirmation_prompt=True, err=True
                )
                for name in unknown_accounts(given.values())
            }
            try:
                name_administrators(given, unit=unit, passwords=passwords, at=at)
            except Refusal as refusal:
                raise click.ClickException(refusal.sentence) from refusal
        found = told_administrators(at=at)
    if as_json:
        print_json(found)
        return
    for kind, holders in found.items():
        click.echo(f"{kind:<9} {', '.join(holders) or '(nobody)'}")
