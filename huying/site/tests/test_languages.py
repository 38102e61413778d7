"""Whatever is said to people is said in Simplified Chinese, Hong Kong Chinese and English."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import translation
from django.utils.functional import Promise

from huying.cases.moves import MOVES
from huying.kit.errors import Reason, Refusal
from huying.notify.letters import LETTERS, is_for_staff, words_of
from huying.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.slow
HOUSE = Path(__file__).parents[2]
CHINESE = ("zh-hans", "zh-hant")
FOLDERS = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
IN_CHINESE = pytest.mark.parametrize("language", CHINESE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
# Characters a text has only after it was made traditional, or only before.
ONLY_SIMPLIFIED = re.compile(r"[诉请单办签满员为这时间没错图区户们说]")
ONLY_TRADITIONAL = re.compile(r"[訴請單辦簽滿員為這時間沒錯圖區戶們說]")


def module_of(path: Path) -> str:
    """Return the dotted name of a module of the house."""
    return ".".join(("huying", *path.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__")


def sources() -> Iterator[Path]:
    """Return every module that is shipped."""
    for path in sorted(HOUSE.rglob("*.py")):
        if not {"tests", "testing", "migrations", "static"} & set(path.relative_to(HOUSE).parts):
            yield path


def reasons() -> dict[str, Reason]:
    """Return every reason of every package, by where it stands."""
    found = {}
    for path in sources():
        if "Reason(" not in path.read_text(encoding="utf-8") or path == HOUSE / "kit" / "errors.py":
            continue
        module = module_of(path)
        for name, value in vars(import_module(module)).items():
            reason = getattr(value, "why", None) if isinstance(value, type) else value
            if isinstance(reason, Reason):
                found[f"{module}.{name}"] = reason
    return found


def names_in(sentence: str) -> set[str]:
    """Return the names a sentence wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


REASONS = reasons()


def in_language(language: str, text: Any) -> str:  # noqa: ANN401 - lazy or plain text
    """Return a text as its reader gets it; the plain cores only mark theirs."""
    with translation.override(language):
        return translation.gettext(str(text)) if isinstance(text, str) else str(text)


def test_reasons_are_found_in_every_kind_of_place() -> None:
    kinds = (
        "cases.reasons.", "places.core.reasons.", "kit.tabular.reasons.", "intake.mail.reasons.",
        "intake.media.errors.", "intake.limits_core.", "catalogue.core.reasons.", "people.tries.",
    )  # fmt: skip
    for kind in kinds:
        assert any(place.startswith(f"huying.{kind}") for place in REASONS), kind


@IN_CHINESE
def test_every_reason_has_its_sentence(language: str) -> None:
    missing = []
    for place, reason in REASONS.items():
        english, told = in_language("en", reason.sentence), in_language(language, reason.sentence)
        if told == english or not re.search(r"[一-鿿]", told) or names_in(told) != names_in(english):
            missing.append(f"{place}: {told}")
    assert missing == []


@IN_CHINESE
def test_every_label_of_a_choice_and_of_a_move_is_translated(language: str) -> None:
    labels = [(move.key, move.label) for move in MOVES]
    for config in apps.get_app_configs():
        if not config.name.startswith("huying.") or config.models_module is None:
            continue
        for kind in vars(config.models_module).values():
            if isinstance(kind, type) and issubclass(kind, models.Choices):
                labels += [
                    (str(member), member._label_) for member in kind if isinstance(member._label_, Promise)
                ]
    assert len(labels) > 60
    assert [key for key, label in labels if not re.search(r"[一-鿿]", in_language(language, label))] == []


@pytest.mark.django_db
@IN_CHINESE
def test_every_notice_reads_well_with_and_without_its_names(language: str) -> None:
    for kind, letter in LETTERS.items():
        sentences = in_language("en", letter.happened) + in_language("en", letter.next)
        wanted = names_in(sentences)
        data = {name: f"〈{name}〉" for name in wanted}
        with translation.override(language):
            told, bare = words_of(Notice(kind=kind, data=data)), words_of(Notice(kind=kind, data={}))
        assert all(data[name] in told for name in wanted), kind
        assert bare.count("—") == len(wanted), kind
        assert told.endswith("。"), kind


@pytest.mark.django_db
@IN_CHINESE
def test_every_letter_fits_where_a_channel_takes_twenty_characters(language: str) -> None:
    for kind, letter in LETTERS.items():
        for words in (in_language(language, letter.subject), in_language(language, letter.brief)):
            longest = words.replace("{number}", "GD260922000018").replace("{due}", "2026-09-22 12:00")
            most = 36 if is_for_staff(kind) else 20
            assert 0 < len(longest) <= most, f"{kind}: {longest}"


def texts(language: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return package → text for each English text (with its context) that has a translation."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path in sorted(HOUSE.glob(f"*/locale/{FOLDERS[language]}/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            text = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
            if text:
                found[entry.msgctxt or "", entry.msgid_plural or entry.msgid][path.parents[3].name] = text
    return found


@IN_CHINESE
def test_one_english_text_has_one_translation(language: str) -> None:
    # Django joins the texts of all packages: of two translations only one would ever be shown.
    differing = {key: told for key, told in texts(language).items() if len(set(told.values())) > 1}
    assert differing == {}


@IN_CHINESE
def test_names_to_be_filled_in_and_script_are_right(language: str) -> None:
    other_script = ONLY_TRADITIONAL if language == "zh-hans" else ONLY_SIMPLIFIED
    allowed = {"間"} if language == "zh-hans" else set()
    wrong = []
    for (_, english), told in texts(language).items():
        for package, text in told.items():
            singular_only = set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(text))
            mixed = set(other_script.findall(text)) - allowed
            if singular_only or mixed or re.search(r"[一-鿿][,!?;:]", text):
                wrong.append(f"{package}: {text}")
    assert wrong == []


def test_the_texts_of_every_package_are_read() -> None:
    read = {HOUSE / config.name.removeprefix("huying.") / "locale" for config in apps.get_app_configs()}
    assert set(HOUSE.glob("*/locale")) <= read | set(settings.LOCALE_PATHS)


def refusals() -> Iterator[tuple[str, Reason, set[str]]]:
    """Return where a refusal or flaw is made of a named reason, and the names given to fill its sentence."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if "Refusal(" not in text and "Flaw(" not in text and "Problem(" not in text:
            continue
        module = import_module(module_of(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name):
                reason = _value(module, node.args[0])
                given = _given(node)
                if isinstance(reason, Reason) and given is not None:
                    yield f"{path.relative_to(HOUSE)}:{node.lineno}", reason, given


def _value(module: object, node: ast.expr) -> object:
    """Return what a dotted name means in a module, None for anything else."""
    if isinstance(node, ast.Attribute):
        return getattr(_value(module, node.value), node.attr, None)
    return getattr(module, node.id, None) if isinstance(node, ast.Name) else None


def _given(call: ast.Call) -> set[str] | None:
    """Return the names a call fills in; None where they are not written out."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name.endswith("Refusal") or name == "_problem":
        names = {keyword.arg for keyword in call.keywords}
        return None if None in names else {str(name) for name in names} - {"field", "retry_after_seconds"}
    if name not in {"Flaw", "Problem"}:
        return None
    if len(call.args) == 1:
        return set()
    if not isinstance(call.args[1], ast.Dict) or None in call.args[1].keys:
        return None
    return {str(key.value) for key in call.args[1].keys if isinstance(key, ast.Constant)}


def test_every_refusal_is_given_the_names_its_sentence_wants() -> None:
    made = list(refusals())
    assert len(made) > 90
    short = {
        where: names_in(in_language("en", reason.sentence)) - given
        for where, reason, given in made
        if names_in(in_language("en", reason.sentence)) - given
    }
    assert short == {}


REFUSED = {
    "zh-hans": "没有此诉求，或链接已失效。",
    "zh-hant": "沒有此個案，或連結已失效。",
    "en": "There is no such appeal, or the link is no longer valid.",
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", REFUSED)
def test_a_page_refuses_in_the_language_of_the_browser(client: Client, language: str) -> None:
    answer = client.get("/a/SQ000000000000/nothing/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert REFUSED[language] in answer.content.decode()
    assert answer.headers["Content-Language"] == language


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "language"),
    [("zh-CN", "zh-hans"), ("zh-HK,en;q=0.5", "zh-hant"), ("zh-TW", "zh-hant"), ("fr", "")],
)
def test_browsers_name_languages_in_their_own_way(client: Client, asked: str, language: str) -> None:
    answer = client.get("/a/SQ000000000000/nothing/", headers={"Accept-Language": asked})
    assert REFUSED[language or settings.LANGUAGE_CODE] in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "told"), [("zh-hans", "接口密钥不存在或已失效。"), ("en", "not known")])
def test_the_api_refuses_in_the_language_asked_for(client: Client, language: str, told: str) -> None:
    answer = client.post(
        "/api/v1/appeals", data={}, content_type="application/json",
        headers={"Authorization": "Bearer wrong", "Accept-Language": language},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["reason"]) == (401, "api_key_unknown")
    assert told in answer.json()["title"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_the_command_line_refuses_in_the_language_of_the_town(language: str) -> None:
    where = connection.settings_dict
    url = f"postgresql://{where['USER']}:{quote(where['PASSWORD'])}@{where['HOST']}:{where['PORT']}/{where['NAME']}"
    answer = subprocess.run(
        [sys.executable, "-m", "huying.site.cli", "appeal", "SQ000000000000"], cwd=HOUSE.parent,
        env=os.environ | {"DATABASE_URL": url, "HUYING_LANGUAGE": language},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (answer.returncode, answer.stderr.strip()) == (1, REFUSED[language])


def test_a_refusal_with_every_name_is_told_in_every_language() -> None:
    for reason in REASONS.values():
        details: dict[str, object] = dict.fromkeys(names_in(in_language("en", reason.sentence)), "甲")
        for language in REFUSED:
            with translation.override(language):
                assert "{" not in Refusal.telling(reason, details).sentence
