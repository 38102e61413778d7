"""Every write to the register of learnt models: learning anew, putting one in force, taking it back."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from huying.catalogue.queries import published
from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.ledger.snapshots import announce
from huying.triage import reasons
from huying.triage.core.blend import History
from huying.triage.core.shadow import Comparison, Trial, compare
from huying.triage.core.telling import confusions
from huying.triage.examples import fingerprint, judged_by_people, one_of_each_case, unopposed
from huying.triage.facts import ModelLearnt, ModelPutInForce, ModelRetired
from huying.triage.models import EditionState, ModelEdition
from huying.triage.queries import LEARNT, catalogue_model, item_texts, learnt_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from huying.ledger.actor import Actor
    from huying.triage.core.blend import Blended
    from huying.triage.core.textmodel import TextModel
    from huying.triage.examples import Judged

logger = logging.getLogger("huying.triage")
LEAST: Final = 50
"""With fewer judged matters nothing is learnt: it could neither help nor be measured."""
LAST_WEEKS: Final = timedelta(weeks=4)
LEAST_TRIALS: Final = 30
"""Where the last weeks hold fewer, the newest fifth is taken instead."""
MOST_UNOPPOSED: Final = 4_000
KEPT: Final = 6
"""So many models stay on disk to be taken back to, besides the one in force."""
NO_WORSE: Final = "no_worse"
WAITS: Final = "waits_for_a_person"


@dataclass(frozen=True)
class _Lesson:
    """What is learnt from, and where the last weeks begin."""

    judged: list[Judged]
    quiet: list[Judged]
    since: datetime

    @property
    def before(self) -> list[Judged]:
        return [one for one in (*self.judged, *self.quiet) if one.at < self.since]

    @property
    def trials(self) -> list[Judged]:
        return one_of_each_case([one for one in self.judged if one.at >= self.since])

    @property
    def quiet_trials(self) -> list[Judged]:
        return [one for one in self.quiet if one.at >= self.since]


def learn(*, at: datetime) -> ModelEdition | None:
    """Learn from all that people judged up to now, compare, and put it in force if it is no worse.

    The comparison is honest: a model learnt only from what was judged before the last weeks says what it
    would have said in them, beside what the machine did say at the time. Returns None when there is too
    little to learn from, or nothing new since the last edition.
    """
    book, base = published(), catalogue_model()
    if base is None or book.number is None:
        return None
    lesson = _gather(at, [item.code for item in book.leaves])
    if lesson is None:
        return None
    everything = [*lesson.judged, *lesson.quiet]
    data = fingerprint(everything)
    last = ModelEdition.objects.order_by("-number").first()
    if last is not None and (last.data_fingerprint, last.catalogue_number) == (data, book.number):
        return None
    comparison, said = _try(lesson, base)
    pairs = confusions([(one.text, one.code, one.said) for one in one_of_each_case(lesson.judged)])
    history = _history(everything)
    folder = f"{at:%Y%m%d%H%M%S}-{data[:12]}"
    history.save(learnt_folder() / folder, learnt_at=at.isoformat())
    with transaction.atomic():
        # One register: two nights that overlap wait for each other here.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE triage_modeledition IN SHARE ROW EXCLUSIVE MODE")
        number = (ModelEdition.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        edition = ModelEdition(
            number=number, made_at=at, folder=folder, version=history.beside(base, number=number).version,
            catalogue_number=book.number, data_fingerprint=data, examples=len(everything),
            corrections=sum(one.is_correction for one in lesson.judged),
            learnt_until=max(one.at for one in everything), compared_from=lesson.since,
            figures={
                **comparison.to_json(),
                "confusions": [
                    {"first": p.first, "second": p.second, "n": p.n, "share": p.share,
                     "words_first": list(p.words_first), "words_second": list(p.words_second)}
                    for p in pairs
                ],
                "slips": said,
            },
            finding=comparison.verdict,
        )  # fmt: skip
        good = comparison.verdict == NO_WORSE
        if good and not _goes_on_by_itself():
            edition.finding, good = WAITS, False
        elif not good:
            edition.state = EditionState.KEPT_OUT
        told = ModelLearnt(number=number, examples=edition.examples, data=data, finding=edition.finding)
        record(edition, told, district=settings.DISTRICT, by=SYSTEM, at=at)
        edition.save()
        if good:
            _put(edition, by=SYSTEM, at=at)
    _forget_old()
    return edition


def _gather(at: datetime, codes: Sequence[str]) -> _Lesson | None:
    judged = judged_by_people(at=at, codes=codes)
    cases = one_of_each_case(judged)
    if len(cases) < LEAST:
        return None
    since = at - LAST_WEEKS
    if sum(one.at >= since for one in cases) < LEAST_TRIALS:
        since = cases[-max(LEAST_TRIALS, len(cases) // 5)].at
    return _Lesson(judged, unopposed(at=at, codes=codes, most=MOST_UNOPPOSED), since)


def _try(lesson: _Lesson, base: TextModel) -> tuple[Comparison, list[dict[str, str | float]]]:
    """Return how a model that knows nothing of the last weeks does in them, and where it slips."""
    trial_model: Blended = _history(lesson.before).beside(base, number=0)
    after = _said(trial_model, lesson.trials)
    trials = [
        Trial(one.code, one.said, code, sure) for one, (code, sure) in zip(lesson.trials, after, strict=True)
    ]
    quiet = [
        (one.said, code, sure)
        for one, (code, sure) in zip(
            lesson.quiet_trials, _said(trial_model, lesson.quiet_trials), strict=True
        )
    ]
    comparison = compare(trials, quiet, threshold=settings.AUTO_DISPATCH_THRESHOLD)
    slips: list[dict[str, str | float]] = [
        {"truth": trial.truth, "said": trial.after, "sure": round(trial.sure, 3)}
        for trial in trials
        if trial.after != trial.truth
    ]
    return comparison, slips[:500]


def _history(judged: Sequence[Judged]) -> History:
    """Return what these judgements teach, beside the texts of the catalogue."""
    return History.learn([(one.text, one.code, one.weight) for one in judged], item_texts())


def _said(model: Blended, judged: Sequence[Judged]) -> list[tuple[str, float]]:
    found = model.predict_many([one.text for one in judged], limit=1)
    return [(best[0].code, best[0].confidence) if best else ("", 0.0) for best in found]


def _goes_on_by_itself() -> bool:
    """Return whether nobody took a model back: then a person decides when learning is trusted again."""
    in_force = ModelEdition.objects.filter(state=EditionState.IN_FORCE).first()
    newest_once = ModelEdition.objects.filter(in_force_at__isnull=False).aggregate(last=Max("number"))["last"]
    return newest_once is None or (in_force is not None and in_force.number >= newest_once)


def put_in_force(number: int, *, by: Actor, at: datetime) -> ModelEdition:
    """Let a learnt model judge, a newer one or one from before. Doing it twice does it once.

    Refused when there is no such model, or its files are gone.
    """
    with transaction.atomic():
        edition = ModelEdition.objects.select_for_update().filter(number=number).first()
        if edition is None:
            raise Refusal(reasons.MODEL_NOT_FOUND)
        if edition.state != EditionState.IN_FORCE:
            if not (learnt_folder() / edition.folder).is_dir():
                raise Refusal(reasons.MODEL_GONE, number=number)
            _put(edition, by=by, at=at)
    return edition


def _put(edition: ModelEdition, *, by: Actor, at: datetime) -> None:
    old = ModelEdition.objects.select_for_update().filter(state=EditionState.IN_FORCE).first()
    if old is not None:
        _retire(old, reason="replaced", by=by, at=at)
    edition.state, edition.in_force_at, edition.in_force_by = EditionState.IN_FORCE, at, by.name[:80]
    told = ModelPutInForce(
        number=edition.number, version=edition.version, replaces=old.number if old is not None else 0
    )
    record(edition, told, district=settings.DISTRICT, by=by, at=at)
    edition.save()
    announce(LEARNT)


def set_aside(*, by: Actor, at: datetime) -> ModelEdition:
    """Let the catalogue alone judge again, until somebody puts a learnt model in force."""
    with transaction.atomic():
        old = ModelEdition.objects.select_for_update().filter(state=EditionState.IN_FORCE).first()
        if old is None:
            raise Refusal(reasons.NOTHING_IN_FORCE)
        _retire(old, reason="set_aside", by=by, at=at)
        announce(LEARNT)
    return old


def _retire(edition: ModelEdition, *, reason: str, by: Actor, at: datetime) -> None:
    edition.state = EditionState.RETIRED
    told = ModelRetired(number=edition.number, reason=reason)
    record(edition, told, district=settings.DISTRICT, by=by, at=at)
    edition.save()


def _forget_old() -> None:
    """Remove the arrays of models nobody will go back to; their lines in the register stay."""
    kept = set(
        ModelEdition.objects.exclude(state=EditionState.IN_FORCE)
        .order_by("-number")
        .values_list("folder", flat=True)[:KEPT]
    )
    kept |= set(ModelEdition.objects.filter(state=EditionState.IN_FORCE).values_list("folder", flat=True))
    for folder in _folders():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _folders() -> list[Path]:
    place = learnt_folder()
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []
