"""The ledger's tables: facts that are only ever added, and which reactions were done."""

from __future__ import annotations

from django.db import models

from huying.kit.ids import new_id

GENESIS = b"\x00" * 32


class Story(models.Model):
    """A thing whose history is kept: it holds the head of its own chain of facts.

    Appending to the chain needs the row locked anyway (a move updates it), so the head costs no extra read,
    and a chain cut short at its end no longer agrees with its row.
    """

    fact_seq = models.PositiveIntegerField(default=0, editable=False)
    fact_hash = models.BinaryField(default=GENESIS, editable=False, max_length=32)

    class Meta:
        abstract = True


class Fact(models.Model):
    """One thing that happened; the database refuses to change or remove it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    data = models.JSONField()
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="a_stream_counts_its_facts_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="a_stream_starts_at_one"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="facts_by_kind_and_time")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.kind}"


class Reaction(models.Model):
    """A handler has dealt with a fact; written in the same transaction as the effect, so it happens once."""

    id = models.BigAutoField(primary_key=True)
    fact_id = models.UUIDField()
    handler = models.CharField(max_length=120)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact_id", "handler"], name="a_handler_deals_with_a_fact_once")
        ]

    def __str__(self) -> str:
        return f"{self.handler} of {self.fact_id}"


class Edition(models.Model):
    """Which edition of a read-mostly thing (places, catalogue, duties …) is current.

    Every process keeps such things in memory and compares its edition with this table's.
    """

    key = models.SlugField(primary_key=True, max_length=30)
    number = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.key} {self.number}"
