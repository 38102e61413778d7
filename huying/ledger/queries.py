"""Reading the ledger: timelines, and the proof that nothing was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

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


def has_kind(stream: str, *kinds: str) -> bool:
    """Return whether a stream has a fact of one of these kinds."""
    return Fact.objects.filter(stream=stream, kind__in=kinds).exists()


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
    """Return the first row whose chain ends elsewhere than the row says, or whose row is gone."""
    for model in apps.get_models():
        if issubclass(model, Story):
            broken = _broken_end(model) or _left_alone(model)
            if broken is not None:
                return broken
    return None


def _stream_of_row(model: type[Story], key: str | OuterRef) -> Concat:
    name = model._meta.model_name  # noqa: SLF001 - Django's documented name for it
    return Concat(Value(f"{name}:"), Cast(key, TextField()), output_field=TextField())


def _broken_end(model: type[Story]) -> Broken | None:
    """Compare the end of each chain with the head its row keeps."""
    last = Fact.objects.filter(stream=_stream_of_row(model, OuterRef("pk"))).order_by("-seq")
    rows: QuerySet[Story] = QuerySet(model)
    heads = (
        rows.annotate(
            stream=_stream_of_row(model, "pk"),
            end_seq=Subquery(last.values("seq")[:1]),
            end_hash=Subquery(last.values("hash")[:1]),
        )
        .order_by("pk")
        .values_list("stream", "fact_seq", "fact_hash", "end_seq", "end_hash")
    )
    for stream, seq, head, end_seq, end_hash in heads.iterator(chunk_size=5000):
        end = end_seq or 0
        if end < seq:
            return Broken(stream, end + 1, "the_chain_was_cut_short")
        if end > seq:
            return Broken(stream, seq + 1, "a_fact_was_put_in")
        if seq and bytes(end_hash) != bytes(head):
            return Broken(stream, seq, "the_fact_was_changed")
    return None


def _left_alone(model: type[Story]) -> Broken | None:
    """Return the first chain whose row is gone, or that never had one."""
    rows: QuerySet[Story] = QuerySet(model)
    known = rows.annotate(stream=_stream_of_row(model, "pk")).values("stream")
    name = model._meta.model_name  # noqa: SLF001 - likewise
    alone = (
        Fact.objects.filter(seq=1, stream__startswith=f"{name}:")
        .exclude(stream__in=known)
        .order_by("stream")
        .values_list("stream", flat=True)
        .first()
    )
    return Broken(alone, 1, "the_row_is_gone") if alone else None
