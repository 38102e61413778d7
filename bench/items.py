"""Hundreds of items with little data: names of a catalogue, the levels above, and how far to trust people.

There is no table of messages with such fine labels. Of real messages whose title names exactly one item of
the catalogue that item is taken as the truth, and the message is asked about without its title and that
name. It is a weak truth: figures compare ways with one another, they are no promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from huying.triage.core.blend import TRUST, History
from huying.triage.core.itemtext import ItemText
from huying.triage.core.learning import Example, train
from huying.triage.core.learning.groups import near_duplicates, rounds_of
from huying.triage.core.learning.measuring import label_figures
from huying.triage.core.learning.wording import words_of
from huying.triage.core.textmodel import TextModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from report import Report

SEED: Final = 7
READ_CHARS: Final = 2000
LEAST_NAME: Final = 3  # shorter names stand in titles by chance
GIVEN: Final = (1, 3, 10, 30)
TRUSTS: Final = (3.0, TRUST, 30.0, 100.0)
DRAWS, ASKED = 2, 1000


@dataclass(frozen=True)
class Leaf:
    """An item of the lowest level: its name and those above it, widest first."""

    name: str
    path: tuple[str, str]


def leaves_of(catalogue: Iterable[dict[str, str]]) -> dict[str, Leaf]:
    """Return the items by name; a name in two groups keeps the first."""
    leaves: dict[str, Leaf] = {}
    for row in catalogue:
        name = row["三级分类"] or row["二级分类"]
        leaves.setdefault(name, Leaf(name, (row["一级分类"], row["二级分类"])))
    return leaves


def item_texts(leaves: Iterable[Leaf]) -> list[ItemText]:
    """Return what the catalogue says of each: names, and nothing else."""
    return [ItemText(leaf.name, (leaf.name, *reversed(leaf.path))) for leaf in leaves]


def many_items(
    report: Report,
    catalogue: Sequence[dict[str, str]],
    messages: Sequence[tuple[str, str]],
    known: Sequence[Example],
) -> None:
    """Measure 390 names alone, and with what messages labelled by the widest level teach about it."""
    everything = leaves_of(catalogue)
    told: dict[str, Any] = {}
    truth, bodies = _named(everything, messages)
    flat = _chances(
        TextModel.build(item_texts(everything.values()), version="bench"), bodies, list(everything)
    )
    report.say(
        f"{len(everything)} items by their names alone; {len(bodies)} messages whose title names one "
        f"({len(set(truth))} items):"
    )
    told["names alone"] = (flat, truth, everything)
    # What is labelled with the widest level only can still say in which part of the catalogue an item lies.
    texts = [words_of(text, READ_CHARS) for text in (*bodies, *(one.told for one in known))]
    groups = near_duplicates(texts, [""] * len(texts))
    asked = set(groups[: len(bodies)].tolist())
    taught = [one for one, group in zip(known, groups[len(bodies) :], strict=True) if group not in asked]
    head = train(taught)
    covered = {name: leaf for name, leaf in everything.items() if leaf.path[0] in head.labels}
    kept = [number for number, name in enumerate(truth) if name in covered]
    columns = [number for number, name in enumerate(everything) if name in covered]
    part = flat[np.ix_(kept, columns)] + 1e-9
    wide = np.array([head.labels.index(leaf.path[0]) for leaf in covered.values()])
    within = part / np.stack([part[:, wide == one].sum(axis=1) for one in wide], axis=1)
    judged = head.probabilities([bodies[number] for number in kept])[:, wide]
    few = [truth[number] for number in kept]
    told[f"the {len(covered)} below the seven labels, names alone"] = (part, few, covered)
    told["the same, the widest level as people judged it first"] = (within * judged, few, covered)
    for what, (chances, right, leaves) in told.items():
        figures = _levels(chances, right, leaves)
        report.keep(f"items: {what}", figures)
        shares = ", ".join(f"{name} {share:.3f}" for name, share in figures.items())
        report.say(f"  {what} ({len(right)} messages): {shares}")


def _named(leaves: dict[str, Leaf], messages: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return the item each title names and the message without it, where it is one and no other."""
    truth, bodies = [], []
    long = [name for name in leaves if len(name) >= LEAST_NAME]
    for title, body in dict.fromkeys(messages):
        named = [name for name in long if name in title]
        named = [one for one in named if not any(one != other and one in other for other in named)]
        if len(named) == 1:
            truth.append(named[0])
            bodies.append(body.replace(named[0], " "))
    return truth, bodies


def _chances(model: TextModel, texts: Sequence[str], names: Sequence[str]) -> Any:  # noqa: ANN401 - an array
    place = {name: number for number, name in enumerate(names)}
    told = np.zeros((len(texts), len(names)))
    for row, answer in enumerate(model.predict_many(texts, limit=len(names))):
        for one in answer:
            told[row, place[one.code]] = one.confidence
    return told / np.maximum(told.sum(axis=1, keepdims=True), 1e-9)


def _in_order(model: Any, told: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - arrays
    """Return the columns of a model's answers in the order of these names; 0 for what it does not know."""
    place = {name: number for number, name in enumerate(model.labels)}
    return np.column_stack([told[:, place[one]] if one in place else np.zeros(len(told)) for one in names])


def _levels(told: Any, truth: Sequence[str], leaves: dict[str, Leaf]) -> dict[str, float]:  # noqa: ANN401 - an array
    names = list(leaves)
    order = np.argsort(-told, axis=1, kind="stable")
    first = [names[one] for one in order[:, 0]]

    def right(same: Callable[[Leaf, Leaf], bool]) -> float:
        return sum(same(leaves[a], leaves[b]) for a, b in zip(first, truth, strict=True)) / len(truth)

    in_three = sum(one in [names[n] for n in row[:3]] for one, row in zip(truth, order, strict=True))
    return {
        "item": right(lambda a, b: a == b),
        "item among three": in_three / len(truth),
        "group": right(lambda a, b: a.path == b.path),
        "widest": right(lambda a, b: a.path[0] == b.path[0]),
    }


def trust(report: Report, catalogue: Sequence[dict[str, str]], examples: Sequence[Example]) -> None:
    """Measure how far to trust so many judgements of an item beside the catalogue's words, seven items."""
    labels = sorted({one.label for one in examples})
    rows = [row for row in catalogue if row["一级分类"] in labels]
    items = [ItemText(label, (label,), _names_below(label, rows)) for label in labels]
    groups = near_duplicates(
        [words_of(one.text, READ_CHARS) for one in examples], [one.id for one in examples]
    )
    where, dice = rounds_of(groups, 2, SEED), np.random.default_rng(SEED)
    pool = [one for one, at in zip(examples, where, strict=True) if at == 0]
    asked = [one for one, at in zip(examples, where, strict=True) if at == 1]
    asked = [asked[n] for n in dice.permutation(len(asked))[:ASKED]]
    texts, truth = [one.text for one in asked], np.array([labels.index(one.label) for one in asked])
    base = _chances(TextModel.build(items, version="bench"), texts, labels)
    report.say(
        "how far to trust people's judgements of an item beside the catalogue's words (macro-F1, log loss; "
        f"the catalogue alone {_macro(base, truth, labels):.3f} {_surprise(base, truth):.2f}):"
    )
    for count in GIVEN:
        told: dict[float, list[tuple[float, float]]] = {one: [] for one in (0.0, *TRUSTS)}
        for _draw in range(DRAWS):
            drawn = [pool[n] for n in dice.permutation(len(pool))]
            given = [one for label in labels for one in [x for x in drawn if x.label == label][:count]]
            history = History.learn([(one.text, one.label, 1.0) for one in given], items)
            learnt = _in_order(history.model, history.model.probabilities(texts), labels)
            for amount, figures in told.items():
                share = count / (count + amount)
                mixed = (1 - share) * base + share * learnt
                figures.append((_macro(mixed, truth, labels), _surprise(mixed, truth)))
        means = {
            f"{amount:g}": np.mean(figures, axis=0).round(4).tolist() for amount, figures in told.items()
        }
        report.keep(f"trust after {count}", means)
        line = ", ".join(f"{amount}: {f1:.3f} {loss:.2f}" for amount, (f1, loss) in means.items())
        report.say(f"  after {count} each, where so many weigh as much as the catalogue: {line}")


def _names_below(label: str, rows: Sequence[dict[str, str]]) -> tuple[str, ...]:
    below = [row[level] for row in rows if row["一级分类"] == label for level in ("二级分类", "三级分类")]
    return tuple(dict.fromkeys(filter(None, below)))


def _macro(told: Any, truth: Any, labels: Sequence[str]) -> float:  # noqa: ANN401 - arrays
    return float(np.mean([one.f1 for one in label_figures(truth, told.argmax(axis=1), labels)]))


def _surprise(told: Any, truth: Any) -> float:  # noqa: ANN401 - arrays
    """Return the log loss: honest doubt costs less than being surely wrong."""
    return float(-np.log(np.maximum(told[np.arange(len(truth)), truth], 1e-4)).mean())
