"""`huying catalogue`: load, publish and export catalogues of items."""

from __future__ import annotations

from pathlib import Path

import click

from huying.site.cli.town import opened_town, print_json


@click.group()
def catalogue() -> None:
    """Load, publish and export catalogues of items."""


@catalogue.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Name of the version; the file's name when not given.")
@click.option(
    "--publish", is_flag=True, help="Put it in force at once; open cases keep the version they have."
)
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def load(ctx: click.Context, file: Path, *, name: str | None, publish: bool, as_json: bool) -> None:
    """Read FILE (CSV or Excel) into a new version of the catalogue.

    Either one line an item (code, parent, name, …: see `huying catalogue export`), or one column a level
    holding names only. Lines that cannot be read are told and left out; exit code 1 then.
    """
    from huying.kit.errors import Refusal

    with opened_town():
        from django.conf import settings
        from django.utils import timezone

        from huying.catalogue.actions import draft_catalogue, publish_catalogue
        from huying.ledger.actor import SYSTEM

        district, at = settings.DISTRICT, timezone.now()
        try:
            version, problems = draft_catalogue(
                file.read_bytes(),
                file_name=file.name,
                name=name or file.stem,
                district=district,
                by=SYSTEM,
                at=at,
            )
            if publish:
                version = publish_catalogue(version, district=district, by=SYSTEM, at=at)
        except Refusal as refusal:
            click.echo(f"{refusal.reason.key}: {refusal.sentence}", err=True)
            ctx.exit(1)
        leaves = version.items.filter(is_leaf=True).count()
        items = version.items.count()
    if as_json:
        print_json(
            {
                "number": version.number,
                "name": version.name,
                "state": version.state,
                "items": items,
                "leaves": leaves,
                "problems": [{"line": p.line, "reason": p.reason, "sentence": p.sentence} for p in problems],
            }
        )
    else:
        click.echo(
            f"Version {version.number} “{version.name}”, {version.state}: {items} lines, {leaves} items."
        )
        for problem in problems:
            click.echo(f"  line {problem.line}: {problem.sentence}")
    ctx.exit(1 if problems else 0)


@catalogue.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="List as JSON.")
def list_versions(*, as_json: bool) -> None:
    """List the versions there are and which is in force."""
    with opened_town():
        from huying.catalogue.models import CatalogueVersion

        versions: list[dict[str, str | int]] = [
            {
                "number": version.number,
                "name": version.name,
                "state": version.state,
                "items": version.items.count(),
            }
            for version in CatalogueVersion.objects.order_by("number")
        ]
    if as_json:
        print_json(versions)
        return
    for version in versions:
        click.echo(
            f"{version['number']:>3}  {version['state']:<10} {version['items']:>5} lines  {version['name']}"
        )


@catalogue.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the catalogue in force to FILE (.csv or .xlsx), such that it can be edited and loaded again."""
    with opened_town():
        from huying.catalogue.exchange import COLUMNS, lines_of
        from huying.catalogue.models import Item
        from huying.kit.tabular import write_csv, write_xlsx

        lines = lines_of(
            Item.objects.filter(version__state="published")
            .order_by("code")
            .prefetch_related("stages", "limits")
        )
        written = (write_csv if file.suffix == ".csv" else write_xlsx)(file, COLUMNS, lines)
    click.echo(f"{written.rows} lines written to {file}.")
