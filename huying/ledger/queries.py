"""Reading the ledger: timelines, and the proof that nothing was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Max, QuerySet

from huying.ledger.chain import digest
from huying.ledger.models import GENESIS, Fact, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIELDS = (
    "id",
    "district",
    "stream",
    "seq",
    "kind",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "data",
    "prev",
    "hash",
)


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold: where, and what is wrong with it (a key)."""

    stream: str
    seq: int
    wrong: str


@dataclass(frozen=True)
class Proof:
    """What `verify` went through. `broken` is None when every link holds."""

    facts: int
    streams: int
    broken: Broken | None


def timeline(*streams: str) -> QuerySet[Fact]:
    """Return the facts of these streams in the order they happened."""
    return Fact.objects.filter(stream__in=streams).order_by("at", "id")


def latest_fact(stream: str, kind: str) -> Fact:
    """Return the newest fact of a kind in a stream; raises Fact.DoesNotExist when there is none."""
    return Fact.objects.filter(stream=stream, kind=kind).latest("seq")


def count_kind(stream: str, kind: str) -> int:
    """Return how many facts of a kind a stream has."""
    return Fact.objects.filter(stream=stream, kind=kind).count()


def count_facts() -> int:
    """Return how many facts there are."""
    return Fact.objects.count()


def verify(on_progress: Callable[[int], None] | None = None) -> Proof:
    """Walk every chain from its start, then compare its end with the row it tells of.

    Finds a changed fact, a fact taken out or put in, a chain that does not start at its beginning, and
    (through the head kept on each row) a chain cut short at its end or removed whole.
    """
    facts = streams = 0
    stream, seq, head = "", 0, GENESIS
    for row in _rows():
        if row["stream"] != stream:
            stream, seq, head = row["stream"], 0, GENESIS
            streams += 1
        wrong = _why_broken(row, seq, head)
        if wrong:
            return Proof(facts, streams, Broken(stream, row["seq"], wrong))
        seq, head = row["seq"], bytes(row["hash"])
        facts += 1
        if on_progress and facts % 1000 == 0:
            on_progress(facts)
    return Proof(facts, streams, _first_broken_head())


def _rows() -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = (
        Fact.objects.order_by("stream", "seq").values(*FIELDS).iterator(chunk_size=2000)
    )
    return rows


def _why_broken(row: dict[str, Any], seq: int, head: bytes) -> str:
    if row["seq"] != seq + 1:
        return "a_fact_is_missing"
    if bytes(row["prev"]) != head:
        return "the_link_to_the_fact_before_differs"
    if bytes(row["hash"]) != digest(row):
        return "the_fact_was_changed"
    return ""


def _first_broken_head() -> Broken | None:
    """Return the first row whose chain ends elsewhere than the row says."""
    for model in apps.get_models():
        if not issubclass(model, Story):
            continue
        name = model._meta.model_name or ""  # noqa: SLF001 - Django's documented name for it
        ends = dict(
            Fact.objects.filter(stream__startswith=f"{name}:")
            .values_list("stream")
            .annotate(last=Max("seq"))
            .values_list("stream", "last")
        )
        rows: QuerySet[Story] = QuerySet(model)
        heads = rows.order_by("pk").values_list("pk", "fact_seq")
        for key, seq in heads.iterator(chunk_size=5000):
            stream = f"{name}:{key}"
            if ends.get(stream, 0) != seq:
                return Broken(stream, ends.get(stream, 0) + 1, "the_chain_was_cut_short")
    return None
