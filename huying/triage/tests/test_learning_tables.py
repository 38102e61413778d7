"""Tables in, answers out: `huying triage` from the command line, without a town."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from huying.kit.tabular import read_table, write_csv, write_xlsx
from huying.site.cli import huying
from huying.triage.core.learning.wording import words_of

from .written_messages import written_messages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

MESSAGES = written_messages(120)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(huying, ["triage", *map(str, words)])


def _rows() -> list[tuple[str, str, str]]:
    return [(one.id, one.text, one.label) for one in MESSAGES]


def _written(
    place: Path, rows: Sequence[tuple[str, ...]], header: Sequence[str] = ("id", "text", "label")
) -> Path:
    write_csv(place, header, rows)
    return place


def _manifest(place: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((place / "manifest.json").read_text())
    return told


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return _written(tmp_path / "labelled.csv", _rows())


@pytest.fixture
def model(tmp_path: Path, table: Path) -> Path:
    assert run("train", table, "--out", tmp_path / "model", "--date", "2026-11-01").exit_code == 0
    return tmp_path / "model"


def test_answers_come_in_the_order_of_the_rows_with_the_next_label_and_a_reason(
    tmp_path: Path, model: Path
) -> None:
    asked = _written(
        tmp_path / "asked.csv",
        [("z", "公交车不来"), ("a", "河水发臭"), ("m", "学校补课"), ("e", "")],
        ("id", "text"),
    )
    done = run("predict", model, asked, "--out", tmp_path / "answers.csv")
    assert done.exit_code == 0, done.output
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        answers = list(csv.DictReader(file))
    assert list(answers[0]) == ["id", "label", "confidence", "second", "reason"]
    assert [one["id"] for one in answers] == ["z", "a", "m", "e"]
    assert [one["label"] for one in answers[:3]] == ["交通运输", "环境保护", "教育文体"]
    assert "公交车" in answers[0]["reason"].split("、")
    assert answers[3]["reason"] == "–"
    assert all(0 < float(one["confidence"]) <= 1 and one["second"] != one["label"] for one in answers)


def test_csv_gzip_gb18030_and_excel_teach_the_same(tmp_path: Path, table: Path, model: Path) -> None:
    plain = table.read_text(encoding="utf-8-sig")
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(plain.encode()))
    (tmp_path / "national.csv").write_bytes(plain.encode("gb18030"))
    write_xlsx(tmp_path / "book.xlsx", ("id", "text", "label"), _rows())
    for name in ("packed.csv.gz", "national.csv", "book.xlsx"):
        done = run("train", tmp_path / name, "--out", tmp_path / "again", "--date", "2026-11-01")
        assert done.exit_code == 0, done.output
        assert _manifest(tmp_path / "again") == _manifest(model)


def test_a_title_column_is_read_with_the_text_and_said_once(tmp_path: Path, model: Path) -> None:
    header = ("id", "headline", "body", "kind")
    apart = [(one.id, one.text[:8], one.text[8:], one.label) for one in MESSAGES]
    within = [(one.id, one.text[:8], one.text, one.label) for one in MESSAGES]
    names = ("--title", "headline", "--text", "body", "--label", "kind", "--out", tmp_path / "again")
    assert run("train", _written(tmp_path / "apart.csv", apart, header), *names).exit_code == 0
    assert run("train", _written(tmp_path / "within.csv", within, header), *names).exit_code == 0
    again = json.loads(run("explain", tmp_path / "again", MESSAGES[0].text, "--json").stdout)
    once = json.loads(run("explain", model, MESSAGES[0].text, "--json").stdout)
    assert (again["label"], again["words"]) == (once["label"], once["words"])


def test_cut_words_are_noticed_and_teach_what_raw_texts_ask_for(tmp_path: Path) -> None:
    cut = [(one.id, " ".join(words_of(one.text, 500)), one.label) for one in MESSAGES]
    done = run("train", _written(tmp_path / "cut.csv", cut), "--out", tmp_path / "model")
    assert "120 texts, cut into words." in done.stderr
    assert json.loads(run("explain", tmp_path / "model", "河水发臭", "--json").stdout)["label"] == "环境保护"


def test_ancestors_are_learnt_from_columns_and_told_with_the_answer(tmp_path: Path) -> None:
    rows = [(one.text, one.label, one.path[0]) for one in MESSAGES]
    table = _written(tmp_path / "levels.csv", rows, ("text", "label", "top"))
    assert run("train", table, "--above", "top", "--out", tmp_path / "model").exit_code == 0
    told = json.loads(run("explain", tmp_path / "model", "河水发臭", "--json").stdout)
    assert told["path"][0][0] == "城市"
    assert told["path"][0][1] >= told["confidence"]


def test_a_model_is_measured_as_text_json_and_picture(tmp_path: Path, table: Path, model: Path) -> None:
    done = run("evaluate", model, table, "--plot", tmp_path / "plot.svg")
    assert done.exit_code == 0, done.output
    assert "macro-F1" in done.stdout
    assert (tmp_path / "plot.svg").read_text().startswith("<svg ")
    told = json.loads(run("evaluate", model, table, "--json").stdout)
    assert told["texts"] == 120
    assert {one["label"] for one in told["labels"]} == {"交通运输", "教育文体", "环境保护"}


def test_rounds_need_no_model(table: Path) -> None:
    done = run("evaluate", table, "--folds", "3", "--group-near-duplicates", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["texts"] == 120
    assert run("evaluate", table).exit_code == 2


def test_repeated_rows_are_left_out_and_told(tmp_path: Path) -> None:
    rows = [
        *_rows(),
        _rows()[0],
        (MESSAGES[1].id, MESSAGES[1].text, "交通运输"),
        (MESSAGES[1].id, "另一句话", "教育文体"),
    ]
    done = run("train", _written(tmp_path / "twice.csv", rows), "--out", tmp_path / "model")
    assert done.exit_code == 0
    assert "2 rows say again" in done.stderr
    assert f"1 ids have more than one label: {MESSAGES[1].id}" in done.stderr


@pytest.mark.parametrize(
    ("rows", "header", "words", "key"),
    [
        ([("1", "路灯不亮", "")], ("id", "text", "label"), (), "labels_empty"),
        ([("1", " ", "路灯")], ("id", "text", "label"), (), "texts_empty"),
        ([("1", "路灯不亮", "路灯")], ("id", "body", "label"), (), "column_missing"),
        (
            [("1", "路灯不亮", "路灯")],
            ("id", "text", "label"),
            ("--weight", "id", "--title", "none"),
            "column_missing",
        ),
        ([("0", "路灯不亮", "路灯")], ("id", "text", "label"), ("--weight", "id"), "weight_wrong"),
        ([("1", "路灯不亮", "路灯")], ("id", "text", "label"), (), "one_label_only"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_key_and_sentence(
    tmp_path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...], words: tuple[str, ...], key: str
) -> None:
    done = run("train", _written(tmp_path / "wrong.csv", rows, header), *words, "--out", tmp_path / "model")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{key}: ") or f"\n{key}: " in done.stderr
    assert not (tmp_path / "model").exists()


def test_what_is_no_table_or_no_model_is_told(tmp_path: Path, table: Path) -> None:
    (tmp_path / "noise.csv").write_bytes(bytes(range(128, 256)) * 40)
    assert "encoding_unknown: " in run("train", tmp_path / "noise.csv", "--out", tmp_path / "m").stderr
    done = run("predict", tmp_path, table, "--out", tmp_path / "answers.csv")
    assert (done.exit_code, done.stderr[:11]) == (1, "not_a_model")
    assert not (tmp_path / "answers.csv").exists()


def test_answers_can_be_a_workbook(tmp_path: Path, table: Path, model: Path) -> None:
    assert run("predict", model, table, "--out", tmp_path / "answers.xlsx").exit_code == 0
    with read_table(tmp_path / "answers.xlsx", name="answers.xlsx") as answers:
        assert [row.values["id"] for row in answers] == [one.id for one in MESSAGES]
