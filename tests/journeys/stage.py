"""What must be in the small town before every page of it can be opened: one of each matter of record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huying.admission.tests.cast import applied, found_bureau
from huying.board.tests.storm import an_incident
from huying.cases.tests import stories
from huying.dispatch.proposing import propose_rule
from huying.home.tests.desks import desk_of, toilet_case, waiting_case
from huying.home.tests.residents import answered, link
from huying.insight.live import take_in
from huying.insight.models import HotMark
from huying.insight.tests.hotstories import PIT
from huying.intake.models import Appeal, ImportRun, ImportState
from huying.journeys.hotspot_to_topic import put_on_agenda
from huying.people.models import Account, AccountKind, Unit
from huying.people.queries import unit_book
from huying.publicity.actions import Words, publish_case
from huying.sealed.actions import file_report, take
from huying.supervision.deciding import decide
from huying.supervision.guides import GuideDraft, draft_guide
from huying.supervision.households import list_households
from huying.supervision.releasing import PublicWords, release_progress
from huying.supervision.tests.cast import called, closed, day, draft, given, made, proposed, taken
from huying.supervision.weeks import freeze_week
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import CAST, DISTRICT, EAST, STREET
from huying.triage.core.shadow import Trial, compare
from huying.triage.models import ModelEdition
from tests.journeys.stage_walks import walks
from tests.town import until

if TYPE_CHECKING:
    from huying.cases.models import Case

TABLE = "工单编号,诉求内容,地址\r\nA-1,听澜花园门口的垃圾堆了三天没人清,听澜花园\r\nA-2,,\r\n"
PLACES = "名称,类别,所属区域\r\n听澜花园北门,大门,不存在的网格\r\n"
BUREAU = ("bo", "qu")


def stage() -> dict[str, Any]:
    """Write it all, and return addresses to begin at, sessions by user name, and secrets a page asks for."""
    settings.ALLOWED_HOSTS.append("testserver")  # the name Django's test client calls by
    found_bureau()
    own = Account.objects.create_user("r-every-page", kind=AccountKind.RESIDENT, phone="13800138099")
    mine = appeal_of("竹溪苑三栋的垃圾桶满了两天没人清", account_id=own.pk, name="李小花", phone=own.phone)
    shown = answered(appeal_of("荷风雅居门口的垃圾堆了一周没人清", north=0, east=1))
    publish_case(
        shown.pk,
        Words("垃圾堆了一周", "门口的垃圾堆了一周没人清。", "已清运。"),
        by=staff("mei"),
        at=timezone.now(),
        seen=0,
    )
    cases = _cases()
    _model()
    spot = _hot_spot()
    progress, releases = _supervision(cases["signed"])
    report = file_report(
        text="环卫所队长收了商户的红包",
        accused_unit=Unit.objects.get(code="cleaning"),
        name="周举报",
        at=timezone.now(),
    )
    take(report.report.number, by=staff("ji"), at=timezone.now())
    return {
        "cases": {name: f"/desk/cases/{case.number}/" for name, case in cases.items()},
        "link": link(
            appeal_of("塘边村路灯坏了三天，晚上一片黑", north=1, east=1, name="陈某", phone="13900139099")
        ),
        "mine": f"/a/{mine.number}/",
        "public": f"/p/{shown.number}/",
        "progress": progress,
        "report": {"number": report.report.number, "code": report.code},
        "desk": _desk(cases["signed"])
        | {"dian": [_call(cases["asked"])], "du": [spot, *releases], "dong": walks()},
        "sessions": {name: _session(name) for name in (*(one[0] for one in CAST), *BUREAU, own.username)},
    }


def _hot_spot() -> str:
    """Let neighbours tell of one matter until it is hot; return the address of its page."""
    for who, text in enumerate(PIT):
        appeal_of(text, phone=f"1380013{1000 + who}", at=timezone.now() - timedelta(days=2))
    appeals = Appeal.objects.filter(text__in=PIT).values_list("pk", flat=True)
    take_in(appeals, at=timezone.now())
    # A worker of the town may have been quicker.
    spot = HotMark.objects.filter(pk__in=appeals).exclude(spot=None).values_list("spot", flat=True)[0]
    return f"/desk/hot/{spot}/"


def _model() -> None:
    """Keep a learnt model in the register, with figures to look at; its files are elsewhere."""
    at = timezone.now()
    told = compare([Trial(code, code, code, 0.9) for code in ("0101", "0102") for _ in range(6)]).to_json()
    words = {"words_first": ["井盖"], "words_second": ["路面"]}
    pair = {"first": "0101", "second": "0102", "n": 4, "share": 0.2, **words}
    ModelEdition.objects.create(
        number=1,
        made_at=at,
        folder="elsewhere",
        version="tfidf-1:stage+1:stage",
        catalogue_number=1,
        data_fingerprint="0" * 64,
        examples=12,
        corrections=3,
        learnt_until=at,
        compared_from=at - timedelta(weeks=4),
        figures={**told, "confusions": [pair]},
        finding="no_worse",
    )


def _cases() -> dict[str, Case]:
    """Return cases that show most of what a case's page can show, by the story they are from."""
    at = timezone.now()
    waiting_case()
    appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫", held_for="filing_often")
    told = {
        name: getattr(stories, name)(at=at)
        for name in ("signed", "replied", "extension_asked", "called_in", "need_info", "returned", "closed",
                     "asked")
    }  # fmt: skip
    rest = {
        "reason": "等待立项",
        "plan": "列入下季度改造",
        "review_on": (timezone.localdate() + timedelta(30)).isoformat(),
    }
    for name in ("suspension_asked", "suspended"):
        told[name] = stories.made(stories.signed(at=at), "ask_suspension", "lin", at=at, **rest)
    stories.made(told["suspended"], "suspend", "du", at=at)
    voices = appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫，我也看到了", joins=told["called_in"].pk)
    return told | {"two_voices": case_of(voices)}


def _desk(case: Case) -> dict[str, list[str]]:
    """Let the desk make one of each of its own things; return addresses no list leads to, by user name."""
    today, units = timezone.localdate(), unit_book().by_code
    applied(timezone.now())
    an_incident(at=timezone.now())
    propose_rule(
        case_number=case.number, district=DISTRICT, by=staff("mei"), at=timezone.now(), items="0101",
        area_path=f"{DISTRICT}/{STREET}/{EAST}", lead=units["city"], assists=[], reason="边界不清",
        units_asked=[units["cleaning"], units["city"]],
    )  # fmt: skip
    _sent("lin", "/desk/phrases/", title="已派人", text="已派人处理{number}。", move="reply", unit="")
    _sent(
        "lin", "/desk/views/save/", listed="inbox", address="tab=to_sign", name="在办的", shared_with="nobody"
    )
    _sent("an", "/desk/posts/", what="hand_over", post="shou", to="dian", from_on=today.isoformat())
    _sent("an", "/desk/posts/", what="deputy", post="lin", to="hao", from_on=today.isoformat(),
          until_on=(today + timedelta(days=3)).isoformat())  # fmt: skip
    _sent("dong", "/desk/exports/new/?listed=area&tab=to_sign", key=str(uuid4()), why="每周例会")
    fresh = toilet_case()
    run = _sent("lin", "/desk/bulk/", act="sign", chosen=f"{fresh.number}:{fresh.fact_seq}", key=str(uuid4()),
                next="/desk/?tab=to_sign")  # fmt: skip
    looked, started = (
        _sent("guan", "/desk/office/import/upload/", file=SimpleUploadedFile("appeals.csv", table.encode()))
        for table in (TABLE, TABLE + "A-3,路灯不亮,\r\n")
    )
    started = _sent("guan", started, **{"channel": "import", "map-key": "工单编号", "map-text": "诉求内容"})
    # A worker of the town takes it in; what it refuses has a page only then.
    until(lambda: not ImportRun.objects.filter(state=ImportState.RUNNING).exists(), "the file did not go in")
    listed = SimpleUploadedFile("places.csv", PLACES.encode())
    listed_at = _sent("guan", "/desk/office/areas/list/upload/", list=listed)
    noted = stories.made(case, "note", "lin", at=timezone.now(), note="钥匙在保安处")
    retract = f"/desk/cases/{noted.number}/notes/{noted.fact_seq}/retract/"
    return {"lin": [run, retract, *_papers()], "guan": [looked, started, listed_at]}


def _papers() -> list[str]:
    """Let the desk write a letter and two bulletins, one of them released; return what no list leads to."""
    case = stories.signed(at=timezone.now())
    letter = _sent(
        "du", "/desk/papers/letters/new/", unit=str(unit_book().by_code["cleaning"].id), reason="other",
        numbers=[case.number],
    )  # fmt: skip
    _sent("ling", f"{letter}sign/", seen="1")
    for weeks in (1, 2):
        day = (timezone.localdate() - timedelta(weeks=weeks)).isoformat()
        page = _sent("ling", "/desk/papers/bulletins/", area=STREET, span="week", day=day)
    _sent("ling", f"{page}promise/", text="清空垃圾堆", unit="", due_on="")
    _sent("ling", f"{page}release/", seen="1")
    return [letter]


def _supervision(case: Case) -> tuple[str, list[str]]:
    """Let a meeting decide, orders be worked on and closed, and a topic be public.

    Return its public page, and where a topic and an order are made public.
    """
    at, du = timezone.now(), staff("du")
    topic = proposed(at=at, cases=(case.pk,))
    list_households(topic.pk, [f"3栋{flat}" for flat in range(501, 509)], by=du, at=at)
    item = put_on_agenda(called(at=at).pk, topic.pk, by=du, at=at)
    order = decide(item.meeting_id, item.pk, draft(at=at), key=uuid4(), by=du, at=at)
    order = made(order, "take", "lin", at=at)
    talk = {
        "who": "某物业公司",
        "held_on": day(0, at=at),
        "promise": "本周修好",
        "promised_on": day(5, at=at),
    }
    made(order, "interview", "lin", at=at, **talk)
    made(order, "enter_work", "lin", at=at, name="补漏", quantity=12, measure="处", cost_yuan=3600)
    proposed(at=at, title="路灯不亮"), called(at=at), closed(at=at)
    taken(at=at - timedelta(days=30))
    by_hand = given(at=at - timedelta(days=10))
    freeze_week(at=at)
    guide = GuideDraft(f"{DISTRICT}/{STREET}", "垃圾清运工作指引", "一、工作要求\n每日清运两次。")
    draft_guide(guide, key=uuid4(), district=DISTRICT, by=du, at=at, topic=topic)
    words = PublicWords("垃圾清运", "每日清运两次，三个月后公布成效。", ("门口的垃圾堆了三天",))
    public = release_progress(topic, words, seen=0, by=du, at=at)
    here = "/desk/supervision/"
    releases = [f"{here}topics/{topic.pk}/release/", f"{here}orders/{by_hand.pk}/release/"]
    return f"/progress/{public.pk}/", releases


def _call(case: Case) -> str:
    """Return the address of a call to the one whose matter it is."""
    called = Appeal.objects.get(pk=stories.voices_of(case)[0])
    return f"/desk/cases/{case.number}/calls/{called.number}/"


def _sent(username: str, to_address: str, /, **form: Any) -> str:  # noqa: ANN401 - whatever a form takes
    answer = desk_of(username).post(to_address, form)
    assert answer.status_code == 302, (to_address, answer.status_code, answer.content.decode()[-3000:])
    return str(answer.headers["Location"])


def _session(username: str) -> dict[str, str]:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def main() -> None:
    """Print what was written as JSON, for a test that runs elsewhere."""
    print(json.dumps(stage()))  # noqa: T201 - that is how the town answers
