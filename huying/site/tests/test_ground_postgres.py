"""The embedded PostgreSQL, with its real programs: started once, found again, never lost."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from huying.site.ground import accounts, postgres, postmaster
from huying.site.ground.accounts import ForeignFolderError
from huying.site.ground.cluster import CopiedTownError, LostKeysError, Town
from huying.site.ground.ports import free_port
from huying.site.ground.programs import NoProgramsError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
# Fast and still a real server; the tests that kill it keep PostgreSQL's own careful settings.
FAST = {"fsync": "off"}
HOLDER = """
import sys, time
from pathlib import Path
from huying.site.ground import postgres
with postgres.hold(Path(sys.argv[1]), say=lambda words: None) as server:
    print(server.started, server.port, flush=True)
    sys.stdin.readline()
"""


def quiet(_sentence: str) -> None:
    """Say nothing."""


def pid_of(data_dir: Path) -> int:
    server = postmaster.running(data_dir / "postgres" / "cluster")
    assert server is not None
    return server.pid


def kill_server(data_dir: Path) -> None:
    """Kill the server without warning; a killed process needs a moment to be gone."""
    os.kill(pid_of(data_dir), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while postgres.is_running(data_dir) and time.monotonic() < deadline:
        time.sleep(0.01)


def holder(data_dir: Path) -> subprocess.Popen[str]:
    """Start another program that holds the server until it is told to leave."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDER, str(data_dir)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def said_by(program: subprocess.Popen[str]) -> list[str]:
    assert program.stdout is not None
    return program.stdout.readline().split()


def leave(program: subprocess.Popen[str]) -> None:
    program.communicate("\n", timeout=60)
    assert program.returncode == 0


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a data folder with a running server, below folders that only root may enter, as under /root."""
    data_dir = tmp_path_factory.mktemp("closed", numbered=True) / "数据 folder with spaces"
    data_dir.parent.chmod(0o700)
    with postgres.hold(data_dir, say=quiet, options=FAST):
        yield data_dir


@pytest.fixture
def own_town(tmp_path: Path) -> Iterator[Path]:
    """Give a data folder without a server; whatever a test leaves running there is stopped."""
    yield tmp_path / "var"
    postgres.stop(tmp_path / "var", say=quiet)


def test_a_folder_without_a_database_has_no_address(tmp_path: Path) -> None:
    assert postgres.locate(tmp_path) is None
    assert not postgres.is_running(tmp_path)
    assert not postgres.stop(tmp_path, say=quiet)


def test_a_second_start_finds_the_first(town: Path) -> None:
    before = pid_of(town)
    second = postgres.ensure(town, say=quiet)
    assert not second.started
    assert second.url == postgres.locate(town)
    assert pid_of(town) == before


def test_another_program_finds_it_too_and_does_not_stop_it_when_it_leaves(town: Path) -> None:
    other = holder(town)
    assert said_by(other)[0] == "False"
    leave(other)
    assert postgres.is_running(town)


def test_trigrams_of_chinese_are_not_empty_and_extensions_need_no_superuser(town: Path) -> None:
    with psycopg.connect(postgres.ensure(town, say=quiet).url, autocommit=True) as connection:
        for extension in ("pg_trgm", "btree_gist"):
            connection.execute(f"create extension if not exists {extension}")
        trigrams = connection.execute("select show_trgm('噪音扰民')").fetchone()
        superuser = connection.execute(
            "select rolsuper from pg_roles where rolname = current_user"
        ).fetchone()
    assert trigrams is not None
    assert len(trigrams[0]) == 5
    assert superuser == (False,)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_gets_in_without_the_password(town: Path, password: str) -> None:
    port = postgres.ensure(town, say=quiet).port
    for role in ("huying", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://{role}:{password}@127.0.0.1:{port}/huying", connect_timeout=10)


def test_passwords_are_in_one_closed_file_and_on_no_command_line(town: Path) -> None:
    folder = Town(town / "postgres")
    keys = folder.read_keys()
    assert stat.S_IMODE(folder.keys_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.cluster.stat().st_mode) == 0o700
    words = " ".join(psutil.Process(pid_of(town)).cmdline())
    assert keys.password not in words
    assert keys.admin_password not in words


def test_it_listens_on_this_machine_only_and_makes_no_socket_file(town: Path) -> None:
    listening = [c.laddr.ip for c in psutil.Process(pid_of(town)).net_connections() if c.status == "LISTEN"]
    assert listening == ["127.0.0.1"]


def test_commits_are_kept_on_disk_by_default(own_town: Path) -> None:
    with (
        postgres.hold(own_town, say=quiet) as server,
        psycopg.connect(server.url) as connection,
    ):
        settings = [connection.execute(f"show {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert settings == [("on",), ("on",)]


def test_what_residents_wrote_does_not_reach_the_log(town: Path) -> None:
    with psycopg.connect(postgres.ensure(town, say=quiet).url, autocommit=True) as connection:
        connection.execute("create temp table told (phone text primary key)")
        connection.execute("insert into told values ('13800000000')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into told values ('13800000000')")
    log = Town(town / "postgres").log.read_text(encoding="utf-8")
    assert "duplicate key" in log
    assert "13800000000" not in log


def test_rights_of_the_folders_above_stay_as_they_were(town: Path) -> None:
    assert stat.S_IMODE(town.parent.stat().st_mode) == 0o700
    wheel = Path(sys.prefix)
    assert stat.S_IMODE(wheel.stat().st_mode) == stat.S_IMODE(wheel.lstat().st_mode)


def test_the_last_one_to_leave_stops_the_server(own_town: Path) -> None:
    first, second = holder(own_town), None
    try:
        assert said_by(first)[0] == "True"
        second = holder(own_town)
        assert said_by(second)[0] == "False"
        leave(first)
        assert postgres.is_running(own_town)
    finally:
        if second is not None:
            leave(second)
    assert not postgres.is_running(own_town)


def test_of_programs_that_start_at_once_one_starts_the_server_and_all_find_it(own_town: Path) -> None:
    programs = [holder(own_town) for _ in range(4)]
    told = [said_by(program) for program in programs]
    for program in programs:
        leave(program)
    assert sorted(started for started, _port in told) == ["False", "False", "False", "True"]
    assert len({port for _started, port in told}) == 1


def test_stopping_ends_it_for_everybody_and_a_second_time_is_no_error(own_town: Path) -> None:
    server = postgres.ensure(own_town, say=quiet, options=FAST)
    assert postgres.stop(own_town, say=quiet)
    assert not postgres.is_running(own_town)
    assert not postgres.stop(own_town, say=quiet)
    assert postgres.locate(own_town) == server.url


@pytest.mark.fault
def test_a_server_killed_at_work_recovers_with_every_committed_row(own_town: Path) -> None:
    with psycopg.connect(postgres.ensure(own_town, say=quiet).url, autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept select generate_series(1, 20000)")
        kill_server(own_town)
    server = postgres.ensure(own_town, say=quiet)
    assert server.started
    with psycopg.connect(server.url) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (20000,)


@pytest.mark.fault
def test_a_server_whose_starter_was_killed_goes_on_and_is_found(own_town: Path) -> None:
    starter = holder(own_town)
    port = int(said_by(starter)[1])
    starter.kill()
    starter.communicate(timeout=10)
    with postgres.hold(own_town, say=quiet) as server:
        assert (server.started, server.port) == (False, port)
    assert not postgres.is_running(own_town)


@pytest.mark.fault
def test_a_start_killed_while_the_folder_is_made_begins_afresh(own_town: Path) -> None:
    half = own_town / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    assert postgres.locate(own_town) is None
    assert postgres.ensure(own_town, say=quiet, options=FAST).started


@pytest.mark.fault
def test_a_stale_process_number_that_another_program_has_now_does_not_block_the_start(own_town: Path) -> None:
    postgres.ensure(own_town, say=quiet, options=FAST)
    cluster = own_town / "postgres" / "cluster"
    kept = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    kill_server(own_town)
    account = accounts.account_for(cluster)
    with subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account.identity) as stranger:
        (cluster / "postmaster.pid").write_text(
            "\n".join([str(stranger.pid), *kept[1:]]) + "\n", encoding="utf-8"
        )
        assert not postgres.is_running(own_town)
        assert postgres.ensure(own_town, say=quiet, options=FAST).started
        assert stranger.poll() is None
        stranger.kill()


def test_a_port_taken_by_another_program_is_left_to_it(own_town: Path) -> None:
    import socket

    old = postgres.ensure(own_town, say=quiet, options=FAST).port
    postgres.stop(own_town, say=quiet)
    told: list[str] = []
    with socket.create_server(("127.0.0.1", old)):
        new = postgres.ensure(own_town, say=told.append, options=FAST)
    assert new.port != old
    assert postgres.locate(own_town) == new.url
    assert any(str(new.port) in sentence for sentence in told)


def test_a_copied_folder_never_uses_the_other_towns_server(own_town: Path, tmp_path: Path) -> None:
    original = postgres.ensure(own_town, say=quiet, options=FAST)
    copy = tmp_path / "copy"
    subprocess.run(["/bin/cp", "-a", str(own_town), str(copy)], check=True)  # noqa: S603 - a fixed program
    try:
        with pytest.raises(CopiedTownError, match="copy"):
            postgres.locate(copy)
        assert not postgres.is_running(copy)
        other = postgres.ensure(copy, say=quiet, options=FAST)
        assert other.port != original.port
        assert postgres.locate(copy) == other.url
        assert postgres.locate(own_town) == original.url
    finally:
        postgres.stop(copy, say=quiet)


def test_lost_keys_are_named(own_town: Path) -> None:
    postgres.ensure(own_town, say=quiet, options=FAST)
    postgres.stop(own_town, say=quiet)
    (own_town / "postgres" / "server.json").write_text("{", encoding="utf-8")
    with pytest.raises(LostKeysError, match=r"server\.json"):
        postgres.locate(own_town)
    with pytest.raises(LostKeysError, match="backup"):
        postgres.ensure(own_town, say=quiet)


def test_a_database_of_another_major_version_is_not_touched(own_town: Path) -> None:
    postgres.ensure(own_town, say=quiet, options=FAST)
    postgres.stop(own_town, say=quiet)
    (own_town / "postgres" / "cluster" / "PG_VERSION").write_text("12\n", encoding="ascii")
    with pytest.raises(NoProgramsError, match="PostgreSQL 12"):
        postgres.ensure(own_town, say=quiet)


def test_a_server_that_does_not_start_tells_its_own_words(own_town: Path) -> None:
    postgres.ensure(own_town, say=quiet, options=FAST)
    postgres.stop(own_town, say=quiet)
    with pytest.raises(postmaster.StartFailedError, match="no_such_setting"):
        postgres.ensure(own_town, say=quiet, options={"no_such_setting": "1"})


def test_a_long_recovery_is_waited_for_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()

    def recovering(_cluster: Path) -> postmaster.Postmaster:
        ready = time.monotonic() - began > 0.5
        return postmaster.Postmaster(1, free_port(), "ready" if ready else "starting")

    monkeypatch.setattr(postmaster, "running", recovering)
    monkeypatch.setattr(postmaster, "TELL_EVERY_SECONDS", 0.1)
    told: list[str] = []
    server = postmaster.wait_ready(Town(tmp_path), told.append)
    assert server is not None
    assert server.status == "ready"
    assert len(told) >= 2
    assert "recovering" in told[0]


PLAIN = """
import os, pwd, sys
from pathlib import Path
import psycopg
from huying.site.ground import accounts, postgres, programs
data_dir, spare = Path(sys.argv[1]), Path(sys.argv[2])
entry = pwd.getpwnam(sys.argv[3])
account = accounts.Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)
wheel = programs.wheel_root()
if not account.can("x", wheel / "pginstall" / "bin" / "postgres"):
    # This environment lies where that account cannot enter; its own would not.
    wheel = programs._copy(wheel, spare).parents[1]
    programs.wheel_root = lambda: wheel
os.setgroups([])
os.setgid(entry.pw_gid)
os.setuid(entry.pw_uid)
os.environ.pop("HOME", None)
for expected in (True, False):
    server = postgres.ensure(data_dir, say=lambda words: None)
    assert server.started is expected
with psycopg.connect(server.url) as connection:
    assert connection.execute("select 1").fetchone() == (1,)
assert postgres.stop(data_dir, say=lambda words: None)
print((data_dir / "postgres" / "cluster").stat().st_uid)
for step in (postgres.ensure, postgres.stop):
    try:
        step(Path(sys.argv[4]), say=lambda words: None)
    except postgres.GroundError as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another account; plain runs test themselves"
)
def test_a_plain_account_without_a_home_runs_its_own_server_and_not_another_accounts() -> None:
    import pwd
    import shutil
    import tempfile

    entry = pwd.getpwnam("nobody")
    base = Path(tempfile.mkdtemp(prefix="huying-plain-", dir="/tmp"))
    try:
        base.chmod(0o755)
        for name in ("var", "spare"):
            (base / name).mkdir()
        os.chown(base / "var", entry.pw_uid, entry.pw_gid)
        # A folder like root's own, but where the account may come as far as its door.
        rooted = base / "root"
        postgres.ensure(rooted, say=quiet, options=FAST)
        script = [sys.executable, "-c", PLAIN, str(base / "var"), str(base / "spare"), "nobody", str(rooted)]
        answer = subprocess.run(  # noqa: S603 - our own program
            script, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
        assert answer.stderr == ""
        assert answer.stdout.split() == [str(entry.pw_uid), "FolderClosedError", "ForeignFolderError"]
        # Root may look after that town, and leaves it to its owner.
        postgres.ensure(base / "var", say=quiet)
        postgres.stop(base / "var", say=quiet)
        files = {path.stat().st_uid for path in (base / "var").rglob("*") if path.is_file()}
        assert files == {entry.pw_uid}
    finally:
        postgres.stop(base / "root", say=quiet)
        shutil.rmtree(base)


def test_a_database_of_another_account_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: cluster.stat().st_uid + 4242)
    with pytest.raises(ForeignFolderError, match="HUYING_DATA_DIR"):
        accounts.account_for(cluster)
