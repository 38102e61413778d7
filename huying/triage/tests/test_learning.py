"""Learning from people: what counts, when a model comes into force, and the way back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huying.catalogue.queries import published
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.testing.cast import appeal_of, staff
from huying.testing.refusals import refused
from huying.triage import examples, learning, queries
from huying.triage.actions import judge_by_hand
from huying.triage.learning import learn, put_in_force, set_aside
from huying.triage.models import EditionState, ModelEdition, Verdict
from huying.triage.queries import item_texts, judge, learnt_folder
from huying.triage.reporting import report

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from huying.intake.models import Appeal
    from huying.journeys.appeal import Taken
    from huying.triage.core.itemtext import ItemText

pytestmark = pytest.mark.django_db

# Words of this town no catalogue knows, and what they turned out to be about.
SLANG = {
    "dancing": ("大妈舞队", "喇叭阵", "扭秧歌", "夜场舞", "坝坝舞"),
    "scooters": ("小电驴", "电马儿", "飞鸽车", "小毛驴", "电瓶子"),
}
ROUND_IT = ("今晚又来了", "天天都有", "吵死人", "堵在门口", "没人管", "老地方", "求求了", "已经一个月")


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    """Keep what is learnt in a folder of the test's own."""
    settings.DATA_DIR = tmp_path


def items() -> dict[str, str]:
    """Return two items that stand for what people meant; any two leaves do."""
    first, *_, last = sorted(item.code for item in published().leaves)
    return {"dancing": first, "scooters": last}


def judge_as(taken: Taken, code: str, *, days_ago: float) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    judge_by_hand([taken.appeal_id], published().by_code[code], "C", by=staff("mei"), at=at)


@pytest.fixture
def taught() -> None:
    """Eighty appeals in the town's own words, judged by Mei over two months."""
    day = 60.0
    for kind, code in items().items():
        for word, around in product(SLANG[kind], ROUND_IT):
            day -= 0.7
            judge_as(appeal_of(f"{word}{around}，{word}"), code, days_ago=max(day % 59, 0.1))


@pytest.fixture
def few_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn beside the texts of every eighth item only: what is tested is the way of an edition."""
    mine = set(items().values())

    def every_eighth() -> list[ItemText]:
        return [text for place, text in enumerate(item_texts()) if place % 8 == 0 or text.code in mine]

    monkeypatch.setattr(learning, "item_texts", every_eighth)


@pytest.mark.usefixtures("taught")
def test_what_people_taught_judges_from_the_next_morning_on() -> None:
    now = timezone.now()
    text = "坝坝舞又开始了，大妈舞队占了门口"
    before = judge().model.predict(text)  # type: ignore[union-attr]
    assert not before or before[0].code != items()["dancing"]
    edition = learn(at=now)
    assert edition is not None
    assert (edition.state, edition.finding, edition.number) == (EditionState.IN_FORCE, "no_worse", 1)
    assert edition.corrections > 60
    assert edition.figures["right_after"] > edition.figures["right_before"]
    best = judge().model.predict(text)[0]  # type: ignore[union-attr]
    assert best.code == items()["dancing"]
    assert {"坝坝舞", "大妈"} & {reason.text for reason in best.reasons} or any(
        "舞" in reason.text for reason in best.reasons
    )
    assert any(reason.kind == "learnt" for reason in best.reasons)
    taken = appeal_of(text)
    verdict = Verdict.objects.get(appeal=taken.appeal_id)
    assert verdict.model_version == edition.version == judge().model_version
    assert set(Fact.objects.filter(stream=f"modeledition:{edition.pk}").values_list("kind", flat=True)) == {
        "ModelLearnt",
        "ModelPutInForce",
    }


@pytest.mark.usefixtures("taught", "few_items")
def test_a_second_night_with_nothing_new_learns_nothing() -> None:
    now = timezone.now()
    assert learn(at=now) is not None
    assert learn(at=now + timedelta(hours=1)) is None
    assert ModelEdition.objects.count() == 1


def test_too_little_is_not_learnt_from() -> None:
    for _ in range(3):
        judge_as(appeal_of("小毛驴堵在门口"), items()["scooters"], days_ago=1)
    assert learn(at=timezone.now()) is None


@pytest.mark.usefixtures("taught", "few_items")
def test_one_click_back_and_learning_waits_for_a_person() -> None:
    now, mei = timezone.now(), staff("mei")
    first = learn(at=now)
    judge_as(appeal_of("电马儿乱停"), items()["scooters"], days_ago=0)
    second = learn(at=timezone.now())
    assert first is not None
    assert second is not None
    assert second.state == EditionState.IN_FORCE
    put_in_force(first.number, by=mei, at=now)
    put_in_force(first.number, by=mei, at=now)  # a double click
    assert judge().model_version == first.version
    assert ModelEdition.objects.get(state=EditionState.IN_FORCE).in_force_by == mei.name
    judge_as(appeal_of("飞鸽车乱停"), items()["scooters"], days_ago=0)
    third = learn(at=timezone.now())
    assert third is not None
    assert (third.state, third.finding) == (EditionState.CANDIDATE, "waits_for_a_person")
    put_in_force(third.number, by=mei, at=timezone.now())
    assert judge().model_version == third.version


@pytest.mark.usefixtures("taught", "few_items")
def test_the_catalogue_alone_can_judge_again() -> None:
    edition = learn(at=timezone.now())
    assert edition is not None
    set_aside(by=staff("mei"), at=timezone.now())
    assert "+" not in judge().model_version
    with refused("no_learnt_model_in_force"):
        set_aside(by=staff("mei"), at=timezone.now())
    with refused("model_not_found"):
        put_in_force(99, by=SYSTEM, at=timezone.now())


@pytest.mark.usefixtures("taught", "few_items")
def test_without_its_files_the_catalogue_judges_and_nothing_is_lost() -> None:
    edition = learn(at=timezone.now())
    assert edition is not None
    shutil.rmtree(learnt_folder())
    queries.clear()
    assert "+" not in judge().model_version
    assert appeal_of("小电驴堵门").appeal_id
    set_aside(by=staff("mei"), at=timezone.now())
    with refused("model_gone"):
        put_in_force(edition.number, by=staff("mei"), at=timezone.now())


@pytest.mark.usefixtures("taught", "few_items")
def test_a_worse_model_is_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed_up(judged: list[examples.Judged]) -> object:
        codes = items()
        swap = {codes["dancing"]: codes["scooters"], codes["scooters"]: codes["dancing"]}
        return as_it_is(
            [examples.Judged(**{**vars(one), "code": swap.get(one.code, one.code)}) for one in judged]
        )

    good = learn(at=timezone.now())
    assert good is not None
    for taken in (appeal_of(f"坝坝舞{around}") for around in ROUND_IT * 4):
        judge_as(taken, items()["dancing"], days_ago=0.01)
    as_it_is = learning._history
    monkeypatch.setattr(learning, "_history", mixed_up)
    bad = learn(at=timezone.now())
    assert bad is not None
    assert (bad.state, bad.finding) == (EditionState.KEPT_OUT, "worse_overall")
    assert judge().model_version == good.version


def test_the_voices_of_one_case_count_as_one() -> None:
    crowd = [appeal_of(f"小毛驴堵在门口 {n}") for n in range(5)]
    at = timezone.now()
    item = published().by_code[items()["scooters"]]
    judge_by_hand([one.appeal_id for one in crowd], item, "C", by=staff("mei"), at=at)
    judged = examples.judged_by_people(at=at, codes=items().values())
    assert len(judged) == 5
    assert sum(one.weight for one in judged) == pytest.approx(examples.CORRECTED)
    assert len(examples.one_of_each_case(judged)) == 1


def test_the_newest_judgement_holds_and_the_machine_s_first_word_stands_beside_it() -> None:
    taken = appeal_of()
    said = Verdict.objects.get(appeal=taken.appeal_id).item
    judge_as(taken, items()["dancing"], days_ago=2)
    judge_as(taken, items()["scooters"], days_ago=1)
    (one,) = examples.judged_by_people(at=timezone.now(), codes=items().values())
    assert said is not None
    assert (one.code, one.said, one.is_correction) == (items()["scooters"], said.code, True)


def test_what_nobody_objected_to_counts_a_little_and_only_after_a_month() -> None:
    old = appeal_of()
    appeal_of()
    Verdict.objects.filter(appeal=old.appeal_id).update(at=timezone.now() - timedelta(days=31), decided=True)
    found = examples.unopposed(at=timezone.now(), codes=published().by_code, most=10)
    assert [(one.appeal, one.weight) for one in found] == [(str(old.appeal_id), examples.UNOPPOSED)]
    judge_as(old, items()["dancing"], days_ago=0)
    assert examples.unopposed(at=timezone.now(), codes=published().by_code, most=10) == []


def test_masked_texts_are_learnt_as_they_are_now() -> None:
    taken = appeal_of("小毛驴堵在门口，张桂芳")
    judge_as(taken, items()["scooters"], days_ago=1)
    from huying.intake.models import Appeal as Kept

    kept: Appeal = Kept.objects.get(pk=taken.appeal_id)
    kept.text = "小毛驴堵在门口"
    kept.save(update_fields=["text"])
    (one,) = examples.judged_by_people(at=timezone.now(), codes=items().values())
    assert "桂芳" not in one.text


@pytest.mark.usefixtures("taught")
def test_the_report_counts_weeks_items_and_what_is_confused() -> None:
    told = report(at=timezone.now(), threshold=0.7)
    assert sum(week.n for week in told.weeks) == sum(figure.n for figure in told.items) == 80
    assert {figure.code for figure in told.items} == set(items().values())
    assert all(figure.right <= figure.n for figure in told.items)
    assert told.drift.n_lately == 80


@pytest.mark.parametrize(
    ("file", "bytes_there"),
    [("model/weights.npy", b"no array"), ("model/manifest.json", b"{"), ("taught.json", b"[]")],
)
@pytest.mark.usefixtures("taught", "few_items")
def test_a_damaged_model_leaves_the_catalogue_to_judge(file: str, bytes_there: bytes) -> None:
    edition = learn(at=timezone.now())
    assert edition is not None
    (learnt_folder() / edition.folder / file).write_bytes(bytes_there)
    queries.clear()
    assert "+" not in judge().model_version
    assert appeal_of("小电驴堵门").appeal_id


def test_the_database_lets_one_learnt_model_be_in_force() -> None:
    now = timezone.now()

    def in_force(number: int) -> ModelEdition:
        return ModelEdition.objects.create(
            number=number, made_at=now, state=EditionState.IN_FORCE, folder="x", version="x", in_force_at=now,
            catalogue_number=1, data_fingerprint="x", examples=1, corrections=0, learnt_until=now,
            finding="no_worse",
        )  # fmt: skip

    first = in_force(1)
    with pytest.raises(IntegrityError, match="one_learnt_model_is_in_force"), transaction.atomic():
        in_force(2)
    ModelEdition.objects.filter(pk=first.pk).update(state=EditionState.RETIRED)
    in_force(3)
