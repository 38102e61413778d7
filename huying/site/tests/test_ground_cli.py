"""The command line: quick, helpful, and honest in its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from huying.site.cli import COMMANDS, huying
from huying.site.cli.doctor import doctor
from huying.site.cli.town import SettingError, settings
from huying.site.env import Environment, environment
from huying.site.ground import checks
from huying.site.ground.checks import Finding, database_findings, machine_findings

ROOT = Path(__file__).parents[3]


def state_of(findings: list[Finding], name: str) -> str:
    return next(finding.state for finding in findings if finding.name == name)


def test_help_names_every_command_and_loads_no_django() -> None:
    script = "import sys; from huying.site.cli import huying; huying(['--help'], standalone_mode=False); "
    script += "sys.exit('django' in sys.modules)"
    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0
    assert all(f"\n  {name} " in answer.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_as_the_table_does(name: str) -> None:
    answer = CliRunner().invoke(huying, [name, "--help"])
    assert answer.exit_code == 0
    assert COMMANDS[name][1].rstrip(".") in " ".join(answer.output.split())


@pytest.mark.parametrize("words", [["nonsense"], ["stop", "--nonsense"]])
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    assert CliRunner().invoke(huying, words).exit_code == 2


def test_a_wrong_setting_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_PORT", "eight")
    environment.cache_clear()
    try:
        with pytest.raises(SettingError, match="HUYING_PORT"):
            settings()
    finally:
        monkeypatch.undo()
        environment.cache_clear()


def test_a_database_that_does_not_answer_is_told_in_a_sentence() -> None:
    outside = os.environ | {"DATABASE_URL": "postgresql://huying:secret@127.0.0.1:1/huying"}
    answer = subprocess.run(
        [sys.executable, "-m", "huying.site.cli", "migrate"],
        cwd=ROOT, env=outside, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "secret" not in answer.stderr


def test_doctor_on_a_folder_without_a_town_changes_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "huying.site.cli.doctor.settings", lambda: Environment(data_dir=tmp_path / "new", database_url="")
    )
    answer = CliRunner().invoke(doctor, ["--json"])
    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert told["ok"] is True
    assert {"database"} == {c["name"] for c in told["checks"] if c["state"] == "warning"} - {"fonts", "disk"}
    assert list(tmp_path.iterdir()) == []


def test_secrets_others_may_read_are_broken_and_closed_ones_fine(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("x" * 50, encoding="ascii")
    chosen = Environment(data_dir=tmp_path)
    key.chmod(0o644)
    assert state_of(list(machine_findings(chosen)), "secret_key") == "broken"
    key.chmod(0o600)
    assert state_of(list(machine_findings(chosen)), "secret_key") == "fine"


def test_a_public_site_without_encryption_or_with_developer_pages_is_told(tmp_path: Path) -> None:
    public = Environment(data_dir=tmp_path, public_url="http://huying.example", debug=True, demo=True)
    findings = list(machine_findings(public))
    assert state_of(findings, "https") == "warning"
    assert state_of(findings, "demo") == "warning"
    assert state_of(findings, "debug") == "broken"
    private = {
        finding.name for finding in machine_findings(Environment(data_dir=tmp_path, debug=True, demo=True))
    }
    assert not private & {"https", "demo", "debug"}


@pytest.mark.django_db
def test_a_sound_database_has_nothing_broken() -> None:
    findings = list(database_findings(at=datetime.now(UTC)))
    assert [finding for finding in findings if finding.state == "broken"] == []
    assert {"locale", "btree_gist", "clock", "migrations", "static_files"} <= {f.name for f in findings}


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "state"), [(0, "fine"), (10, "warning"), (100, "broken")])
def test_clocks_that_go_apart_are_told(seconds: int, state: str) -> None:
    findings = list(database_findings(at=datetime.now(UTC) - timedelta(seconds=seconds)))
    assert state_of(findings, "clock") == state


def test_a_locale_without_chinese_is_broken() -> None:
    answers = {"SHOW server_encoding": "UTF8"}

    def ask(question: str) -> str:
        return answers.get(question, "0" if "show_trgm" in question else "1")

    assert checks._chinese(ask).state == "broken"
    answers["SHOW server_encoding"] = "SQL_ASCII"
    assert "SQL_ASCII" in checks._chinese(ask).sentence


def test_an_extension_the_server_does_not_have_is_broken_and_one_not_yet_made_a_warning() -> None:
    def nowhere(_question: str) -> str:
        return "0"

    def available(question: str) -> str:
        return "1" if "available" in question else "0"

    assert {finding.state for finding in checks._extensions(nowhere)} == {"broken"}
    assert {finding.state for finding in checks._extensions(available)} == {"warning"}
