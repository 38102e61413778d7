"""Clients as they should be: every appeal has its own key and is sent with it until it is answered."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.town import until

if TYPE_CHECKING:
    from types import TracebackType

    from tests.town import Town

HANDS = 6
PAUSE_SECONDS = 0.02
RETRY_SECONDS = 0.2
TOO_LATE_SECONDS = 180.0
# What residents write: some is dispatched at once, some waits for a person, one is danger to life.
VOICES = (
    "听澜花园门口的垃圾堆了三天没人清，苍蝇到处飞，臭得要捂鼻子",
    "小区门口的路灯坏了，晚上黑得看不见台阶",
    "楼下烧烤店凌晨还在吵，老人孩子都睡不着",
    "电梯里有人被困住了，快来救人",
    "想问一下办居住证要带什么材料",
    "井盖不见了，路中间一个大洞",
)


@dataclass
class Answered:
    """What one client was told of one appeal, and what it had to go through for it."""

    body: bytes
    number: str
    failed_tries: int


@dataclass
class Clients:
    """So many hands that file appeals until told to stop; used as a context."""

    town: Town
    prefix: str
    answered: dict[str, Answered] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    tries_failed: int = 0
    _count: itertools.count[int] = field(default_factory=itertools.count)
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hands: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._hands = [threading.Thread(target=self._file, daemon=True) for _ in range(HANDS)]
        for hand in self._hands:
            hand.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for hand in self._hands:
            hand.join(TOO_LATE_SECONDS + 10)

    def wait_for(self, more: int) -> None:
        """Return when so many more appeals have been acknowledged."""
        wanted = len(self.answered) + more
        until(lambda: len(self.answered) >= wanted, f"{more} more appeals were not taken; {self.town.said()}")

    def send_again(self) -> list[tuple[str, str, int, str]]:
        """Send every appeal once more; return key, number, status and new number where they differ."""
        connection = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=60)
        others = []
        for key, before in self.answered.items():
            status, document = self._post(connection, key, before.body)
            if (status, document.get("number")) != (200, before.number):
                others.append((key, before.number, status, str(document)))
        connection.close()
        return others

    def _file(self) -> None:
        while not self._stop.is_set():
            number = next(self._count)
            body = {
                "text": f"{VOICES[number % len(VOICES)]}（第{number}次）",
                "point": {"lat": 22.7011 + (number % 80) * 0.0001, "lon": 114.0012 + (number % 70) * 0.0001},
                "person": {"name": "乔居民", "phone": "13800138000"},
            }
            self._until_answered(f"{self.prefix}-{number}", json.dumps(body, ensure_ascii=False).encode())
            time.sleep(PAUSE_SECONDS)

    def _until_answered(self, key: str, body: bytes) -> None:
        """Send one appeal until it is acknowledged: refused connections and server errors are tried again."""
        failed, deadline = 0, time.monotonic() + TOO_LATE_SECONDS
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=60)
            try:
                status, document = self._post(connection, key, body)
            except (OSError, http.client.HTTPException):
                status, document = 0, {}
            finally:
                connection.close()
            if status in {200, 201}:
                with self._lock:
                    self.answered[key] = Answered(body, str(document["number"]), failed)
                return
            failed += 1
            with self._lock:
                self.tries_failed += 1
            time.sleep(RETRY_SECONDS)
        with self._lock:
            self.given_up.append(key)

    def _post(
        self, connection: http.client.HTTPConnection, key: str, body: bytes
    ) -> tuple[int, dict[str, object]]:
        headers = {
            "Authorization": f"Bearer {self.town.api_key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        connection.request("POST", "/api/v1/appeals", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 500:
            return answer.status, {}
        document: dict[str, object] = json.loads(content)
        return answer.status, document
