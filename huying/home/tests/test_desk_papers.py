"""Papers at the desk: a letter from what is late to its answer, a bulletin from draft to release."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huying.bulletin.models import Bulletin, BulletinState, Reminder, ReminderState, Span
from huying.bulletin.tests.papers import cleaners, praised
from huying.home.tests.desks import desk_of, signed_case
from huying.insight.rolling import roll
from huying.people.models import Account, Post
from huying.supervision.tests.cast import taken
from huying.testing.town import STREET

pytestmark = pytest.mark.django_db
LETTERS, BULLETINS = "/desk/papers/letters/", "/desk/papers/bulletins/"


def letter_by_hand() -> Reminder:
    """Return a letter Du drafted at the desk about a case Lin has in hand."""
    case = signed_case()
    told = {"unit": cleaners(), "reason": "other", "numbers": [case.number]}
    assert desk_of("du").post(f"{LETTERS}new/", told).status_code == 302
    return Reminder.objects.get()


def sign(letter: Reminder) -> None:
    desk_of("ling").post(f"{LETTERS}{letter.pk}/sign/", {"seen": letter.fact_seq})


def test_a_letter_is_drafted_signed_received_answered_and_closed_at_the_desk() -> None:
    letter = letter_by_hand()
    page = desk_of("ling").get(f"{LETTERS}{letter.pk}/").content.decode()
    assert "Sign and issue" in page
    assert "草稿，未签发" in page
    sign(letter)
    assert "映溪街提〔" in desk_of("lin").get("/desk/today/").content.decode()
    lin = desk_of("lin")
    assert "We have it" in lin.get(f"{LETTERS}{letter.pk}/").content.decode()
    lin.post(f"{LETTERS}{letter.pk}/receive/")
    lin.post(f"{LETTERS}{letter.pk}/answer/", {"answer": "今日已清运。"})
    du = desk_of("du")
    assert "今日已清运。" in du.get(f"{LETTERS}{letter.pk}/").content.decode()
    du.post(f"{LETTERS}{letter.pk}/close/", {"reason": "已核实"})
    letter.refresh_from_db()
    assert letter.state == ReminderState.CLOSED
    assert "已核实" in lin.get(f"{LETTERS}?tab=closed").content.decode() or lin.get(f"{LETTERS}{letter.pk}/")


def test_the_drafter_is_told_that_somebody_else_signs() -> None:
    letter = letter_by_hand()
    ling = Account.objects.get(username="ling")
    Reminder.objects.filter(pk=letter.pk).update(drafted_by_id=ling.pk)
    page = desk_of("ling").get(f"{LETTERS}{letter.pk}/").content.decode()
    assert "somebody else signs" in page
    assert "Sign and issue" not in page
    sign(letter)
    assert Reminder.objects.get().state == ReminderState.DRAFT


def test_a_neighbour_unit_sees_neither_letter_nor_file_nor_list() -> None:
    letter = letter_by_hand()
    sign(letter)
    wu = desk_of("wu")
    for path in ("", "letter.pdf", "letter.docx"):
        assert wu.get(f"{LETTERS}{letter.pk}/{path}").status_code == 404
    assert wu.post(f"{LETTERS}{letter.pk}/answer/", {"answer": "我们来答"}).status_code == 404
    assert letter.title not in wu.get(LETTERS).content.decode()
    lin = desk_of("lin")
    kept = lin.get(f"{LETTERS}{letter.pk}/letter.pdf")
    assert kept.content == bytes(letter.prints.get(ending="pdf").data)
    assert "attachment" in kept["Content-Disposition"]


def test_what_is_late_calls_for_a_letter_once() -> None:
    case = signed_case()
    type(case).objects.filter(pk=case.pk).update(next_due_at=timezone.now() - timedelta(days=1))
    du = desk_of("du")
    assert "环卫所" in du.get(LETTERS).content.decode()
    form = du.get(f"{LETTERS}new/?unit={cleaners()}&reason=overdue").content.decode()
    assert f'value="{case.number}"' in form
    told = {"unit": cleaners(), "reason": "overdue", "numbers": [case.number]}
    du.post(f"{LETTERS}new/", told)
    again = du.post(f"{LETTERS}new/", told)
    assert again.status_code == 409
    assert Reminder.objects.count() == 1
    assert "no letter under way names already" in du.get(LETTERS).content.decode()


def bulletin_at_the_desk() -> Bulletin:
    """Return last week's bulletin, drafted by Ling at the desk."""
    at = timezone.now() - timedelta(days=7)
    while roll(at=timezone.now()):
        pass
    told = {"area": STREET, "span": Span.WEEK, "day": timezone.localtime(at).date().isoformat()}
    assert desk_of("ling").post(BULLETINS, told).status_code == 302
    return Bulletin.objects.get()


def test_a_bulletin_is_edited_promised_released_and_read() -> None:
    praised()
    bulletin = bulletin_at_the_desk()
    ling, url = desk_of("ling"), f"{BULLETINS}{bulletin.pk}/"
    page = ling.get(url).content.decode()
    assert "草稿，未发布" in page
    assert "Release this bulletin" in page
    ling.post(
        f"{url}edit/",
        {"seen": 0, "title-numbers": "总体情况", "text-numbers": "一切平稳。", "on-numbers": "on"},
    )
    ling.post(f"{url}promise/", {"text": "清空垃圾堆", "unit": cleaners(), "due_on": "2030-01-02"})
    bulletin.refresh_from_db()
    ling.post(f"{url}release/", {"seen": bulletin.revision})
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.RELEASED
    dong = desk_of("dong")
    read = dong.get(url).content.decode()
    assert "一切平稳。" in read
    assert "清空垃圾堆" in read
    assert "Draft a new edition" not in read
    for ending in ("docx", "pdf", "xlsx"):
        assert dong.get(f"{url}bulletin.{ending}").content == bytes(bulletin.prints.get(ending=ending).data)
    assert desk_of("lin").get(url).status_code in {403, 404}
    assert "Side by side" in dong.get(f"{url}compare/").content.decode()
    ling.post(f"{url}judge/", {"place": 1, "outcome": "kept", "told": "已完成"})
    assert "已完成" in ling.get(url).content.decode()
    ling.post(f"{url}correct/", {"reason": "更正数字"})
    assert Bulletin.objects.filter(edition=2, state=BulletinState.DRAFT).exists()


def test_an_order_is_promised_from_the_list_and_shows_what_came_of_it() -> None:
    bulletin = bulletin_at_the_desk()
    order = taken(at=timezone.now())
    ling, url = desk_of("ling"), f"{BULLETINS}{bulletin.pk}/"
    assert f'value="{order.pk}"' in ling.get(url).content.decode()
    ling.post(f"{url}order/", {"order": str(order.pk)})
    ling.post(f"{url}order/", {"order": "no order"})
    bulletin.refresh_from_db()
    ling.post(f"{url}release/", {"seen": bulletin.revision})
    read = ling.get(url).content.decode()
    assert order.title in read
    assert f"督办事项{order}正在办理" in read


def test_a_section_moves_up_and_a_row_goes_with_a_reason() -> None:
    bulletin = bulletin_at_the_desk()
    ling, url = desk_of("ling"), f"{BULLETINS}{bulletin.pk}/"
    on = {f"on-{section['key']}": "on" for section in bulletin.sections}
    ling.post(f"{url}edit/", {"seen": 0, "move": "up:parts", **on})
    bulletin.refresh_from_db()
    assert [one["key"] for one in bulletin.sections[:2]] == ["parts", "numbers"]
    row = {"seen": 1, "section": "numbers", "row": "came_in"}
    ling.post(f"{url}row/", row)
    ling.post(f"{url}row/", row | {"reason": "口径有误"})
    bulletin.refresh_from_db()
    assert "口径有误" in str(bulletin.sections)
    assert "口径有误" in ling.get(url).content.decode()


def test_the_town_sets_heads_and_plans_and_nobody_else() -> None:
    guan = desk_of("guan")
    told = {"area": STREET, "issuer": "映溪街道办事处", "word": "映街督", "masthead": "映溪民情周报"}
    assert desk_of("ling").get("/desk/papers/setup/").status_code == 403
    page = guan.post("/desk/papers/setup/", told)
    assert page.status_code in {302, 403}
    if page.status_code == 302:
        assert "映街督" in guan.get(f"/desk/papers/setup/?area={STREET}").content.decode()


def test_lists_of_papers_ask_the_database_as_often_for_one_as_for_many(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    letter_by_hand()
    assert Post.objects.exists()
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        desk_of("du").get(LETTERS)
