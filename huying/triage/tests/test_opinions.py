"""A large model's second opinion: within the list, without personal data, and never missed when it fails."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from huying.testing.cast import appeal_of
from huying.testing.gateways import Answer, Asked, Gateway, serving
from huying.triage import opinions
from huying.triage.largemodel import FAILURES, REST, failing
from huying.triage.models import SecondOpinion, Verdict
from huying.triage.opinions import CHOICES, ask_for_opinions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

pytestmark = pytest.mark.django_db
VAGUE = "我叫陈志强，电话13800138000，垃圾没人管，路灯也不亮"


@dataclass
class ChatServer(Gateway):
    """An OpenAI-compatible server; `says` is what its model answers, "first" the first code of the list."""

    says: str = "first"

    def judge(self, asked: Asked) -> Answer:
        """Check path, key and fields as the original does, then answer."""
        if asked.path != "/v1/chat/completions" or asked.method != "POST":
            return 404, {"error": {"message": "Not Found"}}
        if asked.headers.get("authorization") != "Bearer local-key":
            return 401, {"error": {"message": "Incorrect API key provided"}}
        told = asked.json
        if told["model"] != "qwen-local" or [one["role"] for one in told["messages"]] != ["system", "user"]:
            return 400, {"error": {"message": "invalid request"}}
        self.taken.append(told)
        first = told["messages"][1]["content"].splitlines()[1].partition(":")[0]
        content = json.dumps({"item": first}) if self.says == "first" else self.says
        message = {"role": "assistant", "content": content}
        return 200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


@contextmanager
def server(settings: Settings, folder: Path, **more: Any) -> Iterator[ChatServer]:  # noqa: ANN401 - its fields
    settings.DATA_DIR = folder
    with serving(ChatServer(**more)) as chat:
        told = {"url": f"{chat.url}/v1", "name": "qwen-local", "key": "local-key", "seconds": 2.0}
        settings.LARGE_MODEL = told
        assert isinstance(chat, ChatServer)
        yield chat


def waiting() -> Verdict:
    """Return the verdict of an appeal a person has to decide."""
    taken = appeal_of(VAGUE)
    Verdict.objects.filter(appeal_id=taken.appeal_id).update(decided=False)
    return Verdict.objects.get(appeal_id=taken.appeal_id)


def test_its_choice_is_kept_beside_the_verdict_and_changes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    verdict = waiting()
    with server(settings, tmp_path) as chat:
        assert ask_for_opinions(at=timezone.now()) == 1
        assert ask_for_opinions(at=timezone.now()) == 0
    said = chat.taken[0]["messages"][1]["content"]
    assert "13800138000" not in said
    assert "陈志强" not in said
    assert 1 < len(said.partition("\n\n")[0].splitlines()) <= CHOICES + 1
    opinion = SecondOpinion.objects.get(verdict=verdict)
    assert (opinion.model, opinion.item_code) == ("qwen-local", said.splitlines()[1].partition(":")[0])
    again = Verdict.objects.get(pk=verdict.pk)
    assert (again.item_id, again.decided, again.confidence) == (verdict.item_id, False, verdict.confidence)


@pytest.mark.parametrize(
    "says", ["I think it is rubbish", '{"item": "no-such"}', '{"item": ["a"]}', '["x"]', '{"item":"","b":1}']
)
def test_nonsense_is_no_choice(settings: Settings, tmp_path: Path, says: str) -> None:
    waiting()
    with server(settings, tmp_path, says=says):
        assert ask_for_opinions(at=timezone.now()) == 1
    assert SecondOpinion.objects.get().item_code == ""


def test_a_slow_server_holds_the_worker_for_one_answer_beyond_its_time(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "ROUND_SECONDS", -1.0)
    waiting()
    waiting()
    with server(settings, tmp_path) as chat:
        assert ask_for_opinions(at=timezone.now()) == 1
        assert len(chat.taken) == 1
        assert ask_for_opinions(at=timezone.now()) == 1, "the other is asked about in the next round"


def test_a_failing_server_is_left_in_peace_and_tried_again_later(settings: Settings, tmp_path: Path) -> None:
    waiting()
    at = timezone.now()
    with server(settings, tmp_path) as chat:
        chat.script.extend([(500, {"error": "busy"})] * FAILURES)
        for _ in range(FAILURES + 5):
            assert ask_for_opinions(at=at) == 0
        assert len(chat.asked) == FAILURES
        trouble = failing()
        assert trouble is not None
        assert (trouble.count, trouble.error) == (FAILURES, "status 500")
        assert ask_for_opinions(at=at + REST + timedelta(seconds=1)) == 1
    assert failing() is None


def test_without_a_server_nobody_is_asked(settings: Settings) -> None:
    waiting()
    settings.LARGE_MODEL = {"url": "", "name": "", "key": "", "seconds": 2.0}
    assert ask_for_opinions(at=timezone.now()) == 0
    assert not SecondOpinion.objects.exists()
