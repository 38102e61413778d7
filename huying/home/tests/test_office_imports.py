"""Import in the office: look first, take each row once, hand back what was refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from huying.home.office import uploads
from huying.intake.models import Appeal, ImportRun, ImportState, Party
from huying.journeys import jobs
from huying.people.models import Account

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
HEADER = "工单编号,诉求内容,地址,联系人,联系电话\r\n"
ROWS = (
    "A-1,听澜花园门口的垃圾堆了三天没人清,听澜花园,陈某,13800138000\r\n"
    "A-2,竹溪苑路灯坏了一周没人修,竹溪苑,李某,13900139000\r\n"
)
LETTER = (
    "From: Chen <chen@example.org>\r\nTo: town@example.org\r\nSubject: Rubbish\r\n"
    "Message-ID: <one@example.org>\r\n"
    "Date: Mon, 02 Nov 2026 09:00:00 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "听澜花园门口的垃圾堆了三天没人清\r\n"
)


@pytest.fixture
def guan(client: Client) -> Client:
    client.force_login(Account.objects.get(username="guan"))
    return client


def upload(client: Client, data: bytes, name: str = "appeals.csv") -> Any:  # noqa: ANN401 - the client's own kind of answer
    """Post a file to the import."""
    answer: Any = client.post(reverse("desk:office:import_upload"), {"file": SimpleUploadedFile(name, data)})
    return answer


def start(client: Client, data: bytes, name: str = "appeals.csv", **told: str) -> ImportRun:
    """Upload a file, start it, run its job, and return the run."""
    page = upload(client, data, name)["Location"]
    fields = {"channel": "import", "map-key": "工单编号", "map-text": "诉求内容", "map-place": "地址"} | told
    answer = client.post(page, fields)
    assert answer.status_code == 302, answer.content.decode()
    run = ImportRun.objects.latest("started_at")
    assert answer["Location"] == reverse("desk:office:import_run", kwargs={"run_id": run.pk})
    run_jobs()
    run.refresh_from_db()
    return run


def run_jobs() -> None:
    """Run what was put into the queue of imports, as a worker would."""
    for job in ProcrastinateJob.objects.filter(queue_name="imports", status="todo"):
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        jobs.import_file(**job.args)


def test_a_table_is_looked_at_and_taken_in_row_by_row(guan: Client) -> None:
    shown = guan.get(upload(guan, (HEADER + ROWS).encode("gb18030"))["Location"])
    assert "gb18030" in shown.content.decode()
    assert "听澜花园门口的垃圾堆了三天没人清" in shown.content.decode()
    run = start(guan, (HEADER + ROWS).encode("gb18030"))
    assert (run.state, run.rows_read, run.taken, run.refused) == (ImportState.DONE, 2, 2, 0)
    assert run.by_name == "管理"
    assert "No row was refused" in guan.get(f"/desk/office/import/{run.pk}/").content.decode()


def test_who_has_no_right_to_import_is_refused_and_nothing_is_kept(client: Client) -> None:
    client.force_login(Account.objects.get(username="lin"))
    assert upload(client, (HEADER + ROWS).encode()).status_code == 403
    assert not jobs.folder_of("staged").exists()
    assert client.get(reverse("desk:office:imports")).status_code == 403
    client.logout()
    answer = upload(client, (HEADER + ROWS).encode())
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_a_post_without_its_token_is_refused() -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(username="guan"))
    assert upload(strict, (HEADER + ROWS).encode()).status_code == 403
    token = strict.get(reverse("desk:office:imports")).cookies["csrftoken"].value
    answer = strict.post(
        reverse("desk:office:import_upload"),
        {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.csv", (HEADER + ROWS).encode())},
    )
    assert answer.status_code == 302


def test_columns_that_are_not_wanted_are_left_out(guan: Client) -> None:
    run = start(guan, (HEADER + ROWS).encode())
    assert run.mapping["phone"] == ""
    assert not Party.objects.filter(phone="13800138000").exists()
    other = start(guan, (HEADER + ROWS.replace("A-", "B-")).encode(), **{"map-phone": "联系电话"})
    assert other.taken == 2
    assert Party.objects.filter(phone="13800138000").count() == 1


def test_without_a_column_for_the_text_nothing_starts(guan: Client) -> None:
    page = upload(guan, (HEADER + ROWS).encode())["Location"]
    answer = guan.post(page, {"channel": "import", "map-key": "工单编号"})
    assert answer.status_code == 422
    assert "column that holds the text" in answer.content.decode()
    assert guan.post(page, {"channel": "import", "map-text": "no such"}).status_code == 422
    assert not ImportRun.objects.exists()


def test_the_same_file_again_takes_nothing_twice(guan: Client) -> None:
    start(guan, (HEADER + ROWS).encode())
    again = start(guan, (HEADER + ROWS).encode())
    assert (again.taken, again.known) == (0, 2)
    assert Appeal.objects.count() == 2


def test_a_file_that_runs_is_watched_and_not_started_twice(guan: Client) -> None:
    page = upload(guan, (HEADER + ROWS).encode())["Location"]
    told = {"channel": "import", "map-key": "工单编号", "map-text": "诉求内容"}
    first, second = guan.post(page, told), guan.post(page, told)
    assert first["Location"] == second["Location"]
    assert ImportRun.objects.count() == 1
    assert ProcrastinateJob.objects.filter(queue_name="imports").count() == 1
    shown = guan.get(first["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in shown
    assert "http-equiv" in shown
    run_jobs()
    ended = guan.get(first["Location"], headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"


def test_a_run_whose_worker_died_goes_on_where_it_stopped(guan: Client) -> None:
    page = upload(guan, (HEADER + ROWS).encode())["Location"]
    where = guan.post(page, {"channel": "import", "map-key": "工单编号", "map-text": "诉求内容"})["Location"]
    ProcrastinateJob.objects.filter(queue_name="imports").delete()
    assert "lies still" in guan.get(where).content.decode()
    assert guan.post(f"{where}resume/").status_code == 302
    run_jobs()
    run = ImportRun.objects.get()
    assert (run.state, run.taken) == (ImportState.DONE, 2)


def test_the_job_run_twice_acts_once_and_lets_the_file_go(guan: Client) -> None:
    run = start(guan, (HEADER + ROWS).encode())
    jobs.import_file(run=str(run.pk), account=str(Account.objects.get(username="guan").pk))
    assert Appeal.objects.count() == run.taken == 2
    assert jobs.file_of(run.file_sha256) is None
    assert guan.get(f"/desk/office/import/file/{run.file_sha256}/").status_code == 410


def test_refused_rows_come_back_as_text_no_spreadsheet_runs(guan: Client) -> None:
    bad = (
        "=1+1,=HYPERLINK('x'),竹溪苑,,\r\n"
        "A-3,<script>alert(1)</script>,竹溪苑,,12\r\n"
        "A-5,,竹溪苑,,13700137000\r\n"
    )
    run = start(guan, (HEADER + ROWS + bad + "A-4,,竹溪苑,,\r\n").encode(), **{"map-phone": "联系电话"})
    assert run.refused >= 1
    page = guan.get(f"/desk/office/import/{run.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "13700137000" not in page
    assert "137****7000" in page
    answer = guan.get(f"/desk/office/import/{run.pk}/refused.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][0] == "Line"
    assert len(lines) == run.refused + 1
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line)


def test_a_file_over_the_limit_is_told_and_not_kept(
    guan: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    small = upload(guan, (HEADER + ROWS * 20).encode())
    assert small.status_code == 413
    whole = upload(guan, b"x" * 200_000)
    assert whole.status_code == 413
    assert "too large" in whole.content.decode()
    held = Path(settings.DATA_DIR) / "imports"
    assert not [path for path in held.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "picture.csv"),
        (b"PK\x03\x04" + bytes(600), "broken.xlsx"),
        (bytes(range(256)) * 40, "noise.csv"),
        (b"\n\n\n", "empty.csv"),
        (b"<html><body>no table</body></html>", "page.xls"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(guan: Client, data: bytes, name: str) -> None:
    answer = guan.get(upload(guan, data, name)["Location"])
    assert answer.status_code in {413, 415, 422}
    assert not ImportRun.objects.exists()


def test_nothing_chosen_is_told_beside_the_field(guan: Client) -> None:
    answer = guan.post(reverse("desk:office:import_upload"), {})
    assert answer.status_code == 400
    assert "choose a file" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..", "a\x00b.csv", "<b>x</b>.csv", "名" * 300 + ".CSV", ".bashrc"]
)
def test_a_hostile_file_name_stays_a_name(name: str) -> None:
    safe = uploads.safe_name(name)
    assert safe
    assert safe == Path(safe).name
    assert not safe.startswith(".")
    assert "<" not in safe
    assert len(safe.encode()) < 240


def test_letters_are_shown_and_taken_in(guan: Client) -> None:
    page = upload(guan, LETTER.encode(), "letter.eml")["Location"]
    shown = guan.get(page).content.decode()
    assert "Rubbish" in shown
    assert "chen@example.org" not in shown
    guan.post(page, {"channel": "mail"})
    run_jobs()
    run = ImportRun.objects.get()
    assert (run.state, run.rows_read, run.taken) == (ImportState.DONE, 1, 1)


def test_a_run_that_cannot_succeed_says_why(guan: Client) -> None:
    page = upload(guan, (HEADER + ROWS).encode())["Location"]
    where = guan.post(page, {"channel": "import", "map-key": "工单编号", "map-text": "诉求内容"})["Location"]
    Account.objects.get(username="guan").posts.all().delete()
    run_jobs()
    run = ImportRun.objects.get()
    assert run.state == ImportState.FAILED
    assert run.problems.get().reason == "not_allowed"
    guan.force_login(Account.objects.get(username="lin"))
    assert guan.get(where).status_code == 403


def test_a_run_nobody_knows_is_not_there(guan: Client) -> None:
    assert guan.get(f"/desk/office/import/{uuid4()}/").status_code == 404
    assert guan.get("/desk/office/import/file/../../secret/").status_code == 404
    assert guan.get(f"/desk/office/import/file/{'0' * 64}/").status_code == 410


def test_pages_of_the_import_cost_few_queries(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = "".join(f"C-{number},,竹溪苑,,\r\n" for number in range(60))
    run = start(guan, (HEADER + ROWS + rows).encode())
    assert run.refused == 60
    with django_assert_max_num_queries(8):
        guan.get(reverse("desk:office:imports"))
    with django_assert_max_num_queries(10):
        guan.get(f"/desk/office/import/{run.pk}/")
