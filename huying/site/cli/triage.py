"""`huying triage`: learn a model from labelled texts, measure it, let it answer; no town and no database."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huying.site.cli.town import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from huying.triage.core.learning import Evaluation, Model
    from huying.triage.core.learning.tables import Columns, Labelled

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PLACE = click.Path(path_type=Path)
_MOST_IDS_SHOWN = 5
_MIXED = 0.02


def _columns(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name the columns of a table."""
    for option in (
        click.option("--id", "id_", default="", help="Column of the number of a text; `id` if there is one."),
        click.option("--title", default="", help="Column of the title, where it is not part of the text."),
        click.option("--text", default="text", show_default=True, help="Column of the text."),
    ):
        command = option(command)
    return command


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell a refusal by its key and sentence, and end with 1."""
    from huying.kit.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        click.echo(f"{refusal.reason.key}: {refusal.sentence}", err=True)
        raise SystemExit(1) from refusal


@click.group()
def triage() -> None:
    """Learn from labelled texts which item a text is about: train, evaluate, predict, explain.

    Needs no town and no database. Tables may be CSV (also gzipped, UTF-8 or GB 18030) or Excel; texts may be
    raw or already cut into words with spaces between.
    """


@triage.command()
@click.argument("labelled", nargs=-1, required=True, type=_FILE)
@_columns
@click.option("--label", default="label", show_default=True, help="Column of the right label.")
@click.option("--above", multiple=True, help="Column of an ancestor of the label; widest first, repeatable.")
@click.option("--weight", default="", help="Column that says how much a text counts (above 0; else 1).")
@click.option(
    "--out", required=True, type=_PLACE, help="Folder for the model; one that is there is replaced."
)
@click.option("--seed", default=7, show_default=True, help="Draws the rounds in which the model is measured.")
@click.option(
    "--date",
    default="",
    help="Moment to note in the model (ISO 8601); else SOURCE_DATE_EPOCH, else now. Same data, same bytes.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell the figures as JSON.")
def train(
    labelled: tuple[Path, ...],
    *,
    id_: str,
    title: str,
    text: str,
    label: str,
    above: tuple[str, ...],
    weight: str,
    out: Path,
    seed: int,
    date: str,
    as_json: bool,
) -> None:
    """Learn a model from LABELLED tables and measure it on rounds held out, near-duplicates kept together."""
    with refusals_told():
        from huying.triage.core.learning import Settings, save
        from huying.triage.core.learning import train as learn
        from huying.triage.core.learning.tables import Columns, read_labelled

        read = read_labelled(labelled, Columns(text, title, label, id_, weight, above))
        _tell(read)
        model = learn(read.examples, Settings(seed=seed))
        save(model, out, learnt_at=date or _moment())
    if as_json:
        print_json(model.figures)
        return
    click.echo(f"{len(model.labels)} labels learnt from {len(read.examples)} texts; model in {out}.")
    for name, figure in model.figures.items():
        click.echo(f"  {name.replace('_', ' ')}: {figure}")


@triage.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_columns
@click.option("--label", default="label", show_default=True, help="Column of the right label.")
@click.option(
    "--folds",
    type=click.IntRange(2, 100),
    help="Learn anew this often, each time asked about a part left out.",
)
@click.option(
    "--group-near-duplicates", is_flag=True, help="With --folds: texts nearly the same are left out together."
)
@click.option("--ask", multiple=True, type=_FILE, help="With --folds: ask about the rows of this table only.")
@click.option("--seed", default=7, show_default=True, help="With --folds: draws the parts.")
@click.option("--plot", type=_PLACE, help="Draw confidence and coverage to this file (SVG).")
@click.option("--json", "as_json", is_flag=True, help="Tell everything as JSON.")
def evaluate(
    paths: tuple[Path, ...],
    *,
    id_: str,
    title: str,
    text: str,
    label: str,
    folds: int | None,
    group_near_duplicates: bool,
    ask: tuple[Path, ...],
    seed: int,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Measure a model: `evaluate MODEL_DIR LABELLED…`, or without a model `evaluate --folds 5 LABELLED…`.

    Tells macro-F1, accuracy, each label, the calibration error, and what deciding alone would mean.
    """
    with refusals_told():
        from huying.triage.core.learning.plot import picture
        from huying.triage.core.learning.tables import Columns

        columns = Columns(text, title, label, id_)
        if folds is None:
            measured = _with_model(paths, columns)
        else:
            measured = _in_rounds(paths, columns, folds, ask, seed, grouped=group_near_duplicates)
    if plot is not None:
        plot.write_text(picture(measured), encoding="utf-8")
    if as_json:
        print_json(measured.to_json())
        return
    _tell_measured(measured)


@triage.command()
@click.argument("model_dir", type=_PLACE)
@click.argument("source", type=_FILE)
@_columns
@click.option("--out", required=True, type=_PLACE, help="Table to write: .csv or .xlsx.")
def predict(model_dir: Path, source: Path, *, id_: str, title: str, text: str, out: Path) -> None:
    """Answer every text of SOURCE in its order; columns id, label, confidence, second, reason."""
    with refusals_told():
        from huying.triage.core.learning import load
        from huying.triage.core.learning.tables import Columns, write_answers

        count = write_answers(load(model_dir), source, out, Columns(text, title, id=id_))
    click.echo(f"{count} texts answered in {out}.")


@triage.command()
@click.argument("model_dir", type=_PLACE)
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def explain(model_dir: Path, text: str, *, as_json: bool) -> None:
    """Say what TEXT is about, how sure that is, and which of its words spoke for it."""
    with refusals_told():
        from huying.triage.core.learning import load

        model: Model = load(model_dir)
        answer, shares = model.predict(text), model.explain(text)
    if as_json:
        print_json({**asdict(answer), "words": [asdict(share) for share in shares]})
        return
    for name, confidence in (*answer.path, (answer.label, answer.confidence)):
        click.echo(f"{confidence:6.1%}  {name}")
    click.echo(f"{answer.second_confidence:6.1%}  {answer.second} (next)")
    for share in shares:
        click.echo(f"  {share.word}  {share.weight:+.3f}")


def _with_model(paths: Sequence[Path], columns: Columns) -> Evaluation:
    from huying.triage.core.learning import evaluate as measure
    from huying.triage.core.learning import load
    from huying.triage.core.learning.tables import read_labelled

    place, *labelled = paths
    if not place.is_dir() or not labelled:
        raise click.UsageError("Name the model's folder and a labelled table, or give --folds.")
    model = load(place)
    read = read_labelled(labelled, columns)
    _tell(read)
    return measure(model, read.examples)


def _in_rounds(
    paths: Sequence[Path], columns: Columns, folds: int, ask: Sequence[Path], seed: int, *, grouped: bool
) -> Evaluation:
    from huying.triage.core.learning import Settings, cross_validate
    from huying.triage.core.learning.tables import read_labelled

    read = read_labelled(paths, columns)
    _tell(read)
    asked = set(read_labelled(ask, columns).examples) if ask else set(read.examples)

    def on_round(number: int) -> None:
        click.echo(f"round {number + 1} of {folds}", err=True)

    return cross_validate(
        read.examples,
        Settings(seed=seed),
        folds=folds,
        grouped=grouped,
        asked=asked.__contains__,
        on_round=on_round,
    )


def _tell(read: Labelled) -> None:
    """Tell on the error stream what was noticed while reading."""
    if read.share_cut > 1 - _MIXED:
        kind = "cut into words"
    else:
        kind = "raw" if read.share_cut < _MIXED else f"{read.share_cut:.0%} cut into words, the rest raw"
    click.echo(f"{len(read.examples)} texts, {kind}.", err=True)
    if read.repeated:
        click.echo(f"{read.repeated} rows say again what another row of their id says; left out.", err=True)
    if read.disagreeing:
        some = ", ".join(read.disagreeing[:_MOST_IDS_SHOWN])
        click.echo(f"{len(read.disagreeing)} ids have more than one label: {some}", err=True)


def _tell_measured(measured: Evaluation) -> None:
    click.echo(
        f"{measured.texts} texts: macro-F1 {measured.macro_f1:.4f}, accuracy {measured.accuracy:.4f}, "
        f"calibration error {measured.calibration_error:.4f}"
    )
    click.echo("   texts  recall  precision    F1  label")
    for one in measured.labels:
        click.echo(f"{one.texts:8} {one.recall:7.3f} {one.precision:10.3f} {one.f1:5.3f}  {one.label}")
    click.echo("  threshold  decided alone  of these right")
    rows: list[Any] = sorted({*measured.by_threshold, *measured.by_share}, key=lambda one: one.threshold)
    for one in rows:
        click.echo(f"{one.threshold:11.3f} {one.decided:14.1%} {one.right:15.1%}")


def _moment() -> str:
    """Return the moment to note, as reproducible builds tell it (SOURCE_DATE_EPOCH), else now."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    at = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.now(UTC)
    return at.isoformat(timespec="seconds")
