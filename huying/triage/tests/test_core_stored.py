"""A model read from disk is the model that was learnt; whatever lies there, a model comes out."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import pytest

from huying.triage.core import stored
from huying.triage.core.itemtext import JudgedText
from huying.triage.core.stored import learnt
from huying.triage.core.textmodel import TextModel

from .little_catalogue import little_catalogue

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["楼下垃圾没人收，味道很大", "路灯不亮", "天气真好", "", "电梯坏了没人修，物业也不管"]


def _never(*_words: object, **_named: object) -> TextModel:
    raise AssertionError("learnt a second time")


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]


def test_a_model_read_back_judges_word_for_word_as_the_one_that_was_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = [JudgedText("巷口的灯黑了", "0201")]
    plain = TextModel.build(little_catalogue(), version="7", judged=judged)
    learnt(little_catalogue(), version="7", judged=judged, folder=tmp_path)
    monkeypatch.setattr(TextModel, "build", _never)
    read = learnt(reversed(little_catalogue()), version="7", judged=judged, folder=tmp_path)
    assert read.predict_many(TEXTS) == plain.predict_many(TEXTS)
    assert (read.version, read.catalogue_version) == (plain.version, "7")
    assert read.proof == plain.proof
    assert read.thresholds() == plain.thresholds()


def test_another_catalogue_and_another_program_are_other_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt(little_catalogue(), version="1", folder=tmp_path)
    learnt(little_catalogue()[1:], version="1", folder=tmp_path)
    assert len(_folders(tmp_path)) == 2
    monkeypatch.setattr(stored, "_code", lambda: "changed")
    learnt(little_catalogue(), version="1", folder=tmp_path)
    assert len(_folders(tmp_path)) == 3


def test_only_the_newest_models_stay(tmp_path: Path) -> None:
    for count in range(6):
        learnt(little_catalogue()[count:], version="1", folder=tmp_path)
    assert len(_folders(tmp_path)) == 3


@pytest.mark.parametrize("name", ["values.json", "weights.npy", "known_indices.npy"])
@pytest.mark.parametrize("harm", ["cut", "gone", "other"])
def test_what_cannot_be_read_is_learnt_anew(
    tmp_path: Path, name: str, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    sound = learnt(little_catalogue(), version="1", folder=tmp_path)
    [place] = _folders(tmp_path)
    file = place / name
    if harm == "gone":
        file.unlink()
    else:
        whole = file.read_bytes()
        file.unlink()
        file.write_bytes(whole[: len(whole) // 2] if harm == "cut" else b"\x80\x04\x95not numbers")
    again = learnt(little_catalogue(), version="1", folder=tmp_path)
    assert again.predict_many(TEXTS) == sound.predict_many(TEXTS)
    assert "learnt anew" in caplog.text
    [place] = _folders(tmp_path)
    assert (place / name).exists()


def test_a_folder_that_cannot_be_made_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    model = learnt(little_catalogue(), version="1", folder=tmp_path / "file" / "models")
    assert model.predict(TEXTS[0])[0].code == "0101"


def test_an_empty_catalogue_is_refused_as_by_build(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without items"):
        learnt([], version="1", folder=tmp_path)
    assert _folders(tmp_path) == []


def _ask(folder: Path, builds: multiprocessing.sharedctypes.Synchronized[int]) -> None:
    build = TextModel.build

    def counted(*words: object, **named: object) -> TextModel:
        with builds.get_lock():
            builds.value += 1
        return build(*words, **named)  # type: ignore[arg-type] # handed on as they came

    TextModel.build = counted  # type: ignore[method-assign] # counting is the point
    learnt(little_catalogue(), version="1", folder=folder)


def test_processes_that_ask_at_once_learn_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    builds = context.Value("i", 0)
    askers = [context.Process(target=_ask, args=(tmp_path, builds)) for _ in range(3)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(30)
    assert [asker.exitcode for asker in askers] == [0, 0, 0]
    assert builds.value == 1
