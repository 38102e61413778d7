"""Four thousand real messages go in: none lost, none doubled, also when the import is killed midway."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "appeals-zh"
MESSAGES = DATA / "messages_4326.csv"
CATEGORIES = DATA / "category_system_517.csv"
HUYING = Path(sys.executable).with_name("huying")

pytestmark = [
    pytest.mark.data,
    pytest.mark.slow,
    pytest.mark.skipif(not MESSAGES.exists(), reason="the real messages (../shared/data) are missing here"),
]

KEYS = """
import django; django.setup()
import json
from huying.cases.models import Case
from huying.intake.models import Inbound
from huying.triage.models import Verdict
keys = list(Inbound.objects.filter(channel="import").values_list("key", flat=True))
unclear = Case.objects.filter(unit=None, held_for="").exclude(status="merged").count()
print(json.dumps({"keys": keys, "verdicts": Verdict.objects.count(), "neither": unclear}))
"""


JUDGED = """
import django; django.setup()
import json
from huying.triage.models import Verdict
print(json.dumps([[v.catalogue_number, v.item_id is not None] for v in Verdict.objects.all()]))
"""


class Town:
    """A town in a folder of its own, reached by the command line only."""

    def __init__(self, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUYING_")}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "HUYING_DATA_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "huying.site.settings",
        }

    def huying(self, *words: str, code: int = 0) -> str:
        """Run `huying …` and return what it printed."""
        done = subprocess.run(
            [str(HUYING), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done.stdout

    def stats(self) -> dict[str, Any]:
        """Return the town's counts."""
        counts: dict[str, Any] = json.loads(self.huying("stats", "--json"))
        return counts

    def python(self, code: str) -> Any:  # noqa: ANN401 - whatever the code prints as JSON
        """Run Python with Django set up and return the JSON it printed; the database must be held up."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        return json.loads(done.stdout)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Give the test an empty town whose database stays up for the whole story."""
    from huying.site.ground import postgres

    tmp_path.chmod(0o755)
    town = Town(tmp_path)
    with postgres.hold(tmp_path / "var", say=lambda _line: None):
        town.huying("init")
        yield town


def _real_keys() -> list[str]:
    with MESSAGES.open(encoding="utf-8-sig", newline="") as file:
        return [row["留言编号"] for row in csv.DictReader(file)]


def test_every_message_goes_in_once_even_when_killed_and_called_again(town: Town) -> None:
    words = ["import", str(MESSAGES), "--channel", "import", "--json"]
    running = subprocess.Popen([str(HUYING), *words], env=town.environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not 500 <= town.stats()["appeals"] < 4000:
        assert running.poll() is None, "the import ended before it could be killed"
        time.sleep(0.2)
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    halfway = town.stats()["appeals"]
    assert 0 < halfway < 4326
    town.huying(*words)
    again = json.loads(town.huying(*words))
    assert (again["taken"], again["known"], again["refused"]) == (0, 4326, 0)
    found = town.python(KEYS)
    assert sorted(found["keys"]) == sorted(_real_keys())
    assert found["neither"] == 0, "every message is with a unit, or with a person who knows why"
    counts = town.stats()
    assert counts["appeals"] == counts["cases"] == found["verdicts"] == 4326
    assert counts["dispatched_automatically"] + counts["waiting_for_person"] == 4326
    assert json.loads(town.huying("ledger", "verify", "--json"))["whole"] is True


def test_another_towns_catalogue_can_be_used_instead_of_ours(town: Town) -> None:
    said = json.loads(town.huying("catalogue", "load", str(CATEGORIES), "--publish", "--json"))
    assert (said["state"], said["leaves"], said["problems"]) == ("published", 517, [])
    town.huying("import", str(DATA / "unlabelled_1000.csv"), "--channel", "import")
    judged = town.python(JUDGED)
    assert len(judged) == 1000
    assert {number for number, _ in judged} == {said["number"]}
    assert sum(named for _, named in judged) > 990
