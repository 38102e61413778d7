"""The command `huying`: one module per command, loaded only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from huying.site.ground.errors import GroundError

# What can be said after `huying`: the name, where the command is, and one line for --help.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("huying.site.cli.run:run", "Start the town: database, web server and workers; Ctrl-C stops it."),
    "stop": ("huying.site.cli.stop:stop", "Stop the town and its database from another terminal."),
    "doctor": ("huying.site.cli.doctor:doctor", "Check settings, database, fonts, clock, disk and rights."),
    "init": ("huying.site.cli.init:init", "Set up an empty town with the starter catalogue."),
    "admins": ("huying.site.cli.admins:admins", "Name the three administrators of a town."),
    "reseal": ("huying.site.cli.reseal:reseal", "Seal reports of violations anew with a fresh key."),
    "demo": ("huying.site.cli.demo:demo", "Fill an empty town with the invented demo street."),
    "import": ("huying.site.cli.import_file:import_file", "Take in appeals from a CSV or Excel file."),
    "appeal": ("huying.site.cli.appeal:appeal", "Tell the whole story of one appeal."),
    "stats": ("huying.site.cli.stats:stats", "Count appeals, cases, dispatches and facts."),
    "recount": (
        "huying.site.cli.recount:recount",
        "Compare the rolling counts with the truth and mend what differs.",
    ),
    "ledger": ("huying.site.cli.ledger:ledger", "Prove that the ledger was never altered."),
    "catalogue": (
        "huying.site.cli.catalogue:catalogue",
        "Load, publish and export catalogues of items.",
    ),
    "places": ("huying.site.cli.places:places", "Take in a town's own areas and places."),
    "triage": (
        "huying.site.cli.triage:triage",
        "Learn from labelled texts which item a text is about: train, evaluate, predict, explain.",
    ),
    "hotspots": (
        "huying.site.cli.hotspots:hotspots",
        "Find the matters of a table (same place, same cause) that draw more appeals than expected.",
    ),
    "migrate": ("huying.site.cli.migrate:migrate", "Bring the database to this version of the program."),
    "web": ("huying.site.cli.web:web", "Run the web server alone."),
    "worker": ("huying.site.cli.worker:worker", "Run one job worker alone."),
}


class LazyCommands(click.Group):
    """A group that knows its commands by name and loads one when it is used, so that --help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one command, or return None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the table, loading nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_where, line) in COMMANDS.items()])


@click.group(
    cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="huying", prog_name="huying")
def huying() -> None:
    """Huying 呼应: from a resident's appeal to an honest closure.

    Settings are environment variables: HUYING_DATA_DIR (default ./var) names the folder of the town's
    database and files, HUYING_PORT (default 8000) its port, DATABASE_URL a PostgreSQL of your own. All are in
    docs/reference/settings.md.

    Exit codes: 0 done, 1 failed or something is wrong, 2 wrong usage.
    """


def main() -> None:
    """Run the command line; faults of the ground are told in a sentence with what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    try:
        huying(prog_name="huying")
    except GroundError as error:
        click.secho("Error: ", fg="red", nl=False, err=True)
        click.echo(error.sentence, err=True)
        if error.cure:
            click.echo(error.cure, err=True)
        sys.exit(1)
