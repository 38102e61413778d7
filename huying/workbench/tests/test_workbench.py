"""Quick phrases and signs of presence: whose they are, who else may see them, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from huying.kit.ids import new_id
from huying.people.models import Account, Unit
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.workbench import reasons
from huying.workbench.models import Doing, Presence, QuickPhrase
from huying.workbench.phrases import drop_phrase, fill_in, keep_phrase, phrases_for
from huying.workbench.presence import GONE_AFTER, Present, give_sign, go_away, others_at

pytestmark = pytest.mark.django_db
AT = timezone.now()


def test_own_phrases_are_for_oneself_and_a_unit_s_for_everybody_in_it() -> None:
    lin, hao, wu = staff("lin"), staff("hao"), staff("wu")
    cleaning = Unit.objects.get(code="cleaning").pk
    keep_phrase(title="已清运", text="{resident}您好，已清运。", move="reply", by=lin, at=AT)
    keep_phrase(title="正在安排", text="正在安排人员处理。", unit_id=cleaning, by=hao, at=AT)
    assert [phrase.title for phrase in phrases_for(lin, "reply")] == ["正在安排", "已清运"]
    assert [phrase.title for phrase in phrases_for(lin, "return")] == ["正在安排"]
    assert [phrase.title for phrase in phrases_for(hao)] == ["正在安排"]
    assert not phrases_for(wu)


def test_who_neither_reviews_nor_leads_keeps_no_words_for_the_unit() -> None:
    cleaning = Unit.objects.get(code="cleaning").pk
    shared = keep_phrase(title="正在安排", text="正在安排。", unit_id=cleaning, by=staff("hao"), at=AT)
    with refused(reasons.NOT_FOR_THE_UNIT.key):
        keep_phrase(title="a", text="b", unit_id=cleaning, by=staff("lin"), at=AT)
    with refused(reasons.PHRASE_NOT_FOUND.key):
        keep_phrase(title="a", text="b", phrase_id=shared.pk, by=staff("lin"), at=AT)
    with refused(reasons.PHRASE_NOT_FOUND.key):
        drop_phrase(shared.pk, by=staff("wu"))
    drop_phrase(shared.pk, by=staff("hao"))
    drop_phrase(shared.pk, by=staff("hao"))
    assert not QuickPhrase.objects.exists()


def test_a_placeholder_nobody_can_fill_is_refused_and_one_without_a_value_is_left_to_the_clerk() -> None:
    with refused(reasons.UNKNOWN_PLACEHOLDER.key):
        keep_phrase(title="a", text="{名字}您好", by=staff("lin"), at=AT)
    told = fill_in("{resident}您好：{number}，{phone}", {"resident": "李女士", "number": "GD1", "phone": ""})
    assert told == "李女士您好：GD1，{phone}"


def test_a_phrase_belongs_to_a_person_or_a_unit_and_says_something() -> None:
    lin, cleaning = Account.objects.get(username="lin"), Unit.objects.get(code="cleaning")
    for owner, unit, text in ((None, None, "a"), (lin, cleaning, "a"), (lin, None, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            QuickPhrase.objects.create(owner=owner, unit=unit, title="t", text=text, made_at=AT)


def test_others_who_have_a_case_open_are_named_until_a_minute_after_their_last_sign() -> None:
    lin, hao, case = staff("lin"), staff("hao"), new_id()
    give_sign(case, Doing.LOOKING, by=lin, at=AT)
    give_sign(case, Doing.WRITING, by=lin, at=AT)
    assert others_at([case], by=hao, at=AT) == {case: [Present("林清", Doing.WRITING)]}
    assert others_at([case], by=lin, at=AT) == {}
    assert others_at([new_id()], by=hao, at=AT) == {}
    assert others_at([case], by=hao, at=AT + GONE_AFTER + timedelta(seconds=1)) == {}


def test_of_signs_no_history_is_kept() -> None:
    lin, hao, case = staff("lin"), staff("hao"), new_id()
    give_sign(case, Doing.LOOKING, by=lin, at=AT)
    give_sign(new_id(), Doing.LOOKING, by=lin, at=AT)
    go_away(case, by=lin)
    assert Presence.objects.count() == 1
    give_sign(case, Doing.LOOKING, by=hao, at=AT + timedelta(minutes=5))
    assert list(Presence.objects.values_list("account__username", flat=True)) == ["hao"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'workbench_presence'")
        assert cursor.fetchone()[0] == "u"
