"""Keeps the Chinese texts of every package in step with the English ones in code and templates.

Each `huying/<package>/` has its own `locale/`. English is the msgid. Simplified Chinese is written by hand;
an entry another package has already translated is taken from there. Hong Kong Chinese is made from it by
OpenCC and the table below; an entry with the comment "by hand" is left alone, and taken over for the same
words of other packages (Django joins all texts: of two translations only one would ever be shown).

    python scripts/messages.py            extract, fill in, compile; tells what still wants translating
    python scripts/messages.py --check    change nothing; fail on anything untranslated, fuzzy or stale
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import opencc
import polib

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "huying"
SIMPLIFIED, HONG_KONG = "zh_Hans", "zh_Hant"
BY_HAND = "by hand"
SKIPPED = shutil.ignore_patterns("tests", "migrations", "locale", "static", "__pycache__", "node_modules")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")

# Words Hong Kong says otherwise, as OpenCC's s2hk leaves them; where two fit, the longer one counts.
HONG_KONG_WORDS: dict[str, str] = {
    "電子郵件": "電郵",
    "郵箱": "電郵",
    "信息": "資訊",
    "短信": "短訊",
    "上傳": "上載",
    "登錄": "登入",
    "用户名": "用戶名稱",
    "用户": "用戶",
    "賬號": "帳戶",
    "賬户": "帳戶",
    "帳號": "帳戶",
    "“": "「",
    "”": "」",
    "説": "說",
    "手機": "手提電話",
    "照片": "相片",
    "視頻": "影片",
    "默認": "預設",
    "鏈接": "連結",
    "搜索": "搜尋",
    "打印": "列印",
    "設置": "設定",
    "保存": "儲存",
    "文件夾": "資料夾",
    "導出": "匯出",
    "導入": "匯入",
    "反饋": "回饋",
    "菜單": "選單",
    "麥克風": "咪高峰",
    "服務器": "伺服器",
    "數據庫": "資料庫",
    "小區": "屋苑",
    "井蓋": "渠蓋",
    "物業公司": "物業管理公司",
    "地址欄": "網址列",
    "在線": "網上",
    "屏幕": "螢幕",
    "刷新": "重新整理",
    "粘貼": "貼上",
    "復製": "複製",
    "點擊": "按",
    "鼠標": "滑鼠",
    "缺省": "預設",
    "户": "戶",
    "啓": "啟",
    "閲": "閱",
    "羣": "群",
    "手機號碼": "手提電話號碼",
    "手機號": "手提電話號碼",
    "隻能": "只能",
    "對口單位": "負責部門",
    "單位": "部門",
    "兜底": "後備",
    "崗位": "職位",
    "回訪": "跟進",
    "聯繫": "聯絡",
    "當前": "目前",
    "添加": "加入",
    "演示": "示範",
    "樓棟": "樓宇",
    "退出登錄": "登出",
    "驗證器應用": "驗證應用程式",
    "郵件": "電郵",
    "發件人": "寄件人",
    "文件": "檔案",
    "壓縮包": "壓縮檔",
    "電子表格": "試算表",
    "工作簿": "活頁簿",
    "單元格": "儲存格",
    "字段": "欄位",
    "字符": "字元",
    "接口": "介面",
    "內存": "記憶體",
    # How a Hong Kong government page speaks to people, and what it calls their matters.
    "您": "你",
    "工單位置": "工單位置",  # not a unit: the place of a case
    "件訴求": "宗個案",
    "訴求人": "反映人",
    "訴求": "個案",
    "撤訴": "撤回個案",
    "工作人員": "職員",
    "工作日": "工作天",
    "自然日": "曆日",
    "鄰居": "街坊",
    "領導": "上級",
    "承辦單位": "負責部門",
    "辦理單位": "處理部門",
    "辦理": "處理",
    "辦結": "完結",
    "重辦": "重新處理",
    "主辦": "主責",
    "分撥": "分派",
    "秒撥": "即時分派",
    "催辦": "催促",
    "督辦": "監督跟進",
    "掛賬": "暫緩",
    "超期": "逾期",
    "複核": "覆核",
    "複查": "覆查",
    "瞭解": "了解",
    "查找": "尋找",
    "獲取": "取得",
    "表單": "表格",
    "設備": "裝置",
    "本機": "本裝置",
    "聯網後": "恢復網絡後",
    "需要聯網": "需要網絡",
    "等待聯網": "等候網絡",
    "聯網": "連接網絡",
    "響應": "回應",
    "兩步驗證": "雙重驗證",
    "通過以下": "透過以下",
    "不再通過": "不再透過",
    "停止通過": "停止透過",
    "應通過": "應透過",
    "直接點開": "直接打開",
    "可點": "可按",
    "點開": "按開",
    "就行": "便可",
    "算您一份": "把你計算在內",
    "換手機": "換了電話",
    "傳上來": "成功上載",
    "改傳": "改為上載",
    "整改": "改善",
    "抓緊": "盡快",
    "抓好落實": "切實執行",
    "儘快": "盡快",
    "您的這件": "你的這宗",
    "還可通過": "還可透過",
}
# How we address people and name their matters holds in texts written by hand as well.
HOUSE_WORDS = ("您", "訴求", "郵箱")

# In one pass: what was put in is not looked at again, and a longer word shields the shorter ones in it.
HONG_KONG_PATTERN = re.compile("|".join(sorted(map(re.escape, HONG_KONG_WORDS), key=len, reverse=True)))


class MessagesError(Exception):
    """The texts could not be read out of the code; the message says what is missing."""


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    """Return what makes an entry the same one: context and English text."""
    return entry.msgctxt or "", entry.msgid


def extract(packages: list[Path]) -> dict[str, polib.POFile]:
    """Return the English texts of each package, read by Django's makemessages in a copy of the tree.

    Packages without texts are left out. Raises MessagesError when GNU gettext is missing or refuses.
    """
    if shutil.which("xgettext") is None:
        raise MessagesError("GNU gettext is needed to read the texts: install the package “gettext”")
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    with tempfile.TemporaryDirectory(prefix="huying-messages-") as folder:
        for package in packages:
            copy = Path(folder) / package.name
            shutil.copytree(package, copy, ignore=SKIPPED)
            (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location"]
        command += ["--no-obsolete", "--extension", "html,txt,py"]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            raise MessagesError(f"makemessages: {done.stderr.strip()[-2000:]}")
        found = {}
        for package in packages:
            made = Path(folder) / package.name / "locale" / "en" / "LC_MESSAGES" / "django.po"
            if made.exists():
                found[package.name] = polib.pofile(str(made), encoding="utf-8")
        return found


def po_path(package: str, language: str) -> Path:
    """Return where a package keeps its texts of a language."""
    return HOUSE / package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(package: str, language: str) -> dict[tuple[str, str], polib.POEntry]:
    """Return the entries a package has in a language, by context and English text."""
    path = po_path(package, language)
    if not path.exists():
        return {}
    return {key_of(entry): entry for entry in polib.pofile(str(path), encoding="utf-8") if not entry.obsolete}


def is_translated(entry: polib.POEntry) -> bool:
    """Return whether an entry has its text, in its plural form too."""
    if entry.msgid_plural:
        return bool(entry.msgstr_plural) and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def texts_of(entry: polib.POEntry) -> list[str]:
    """Return the translated texts of an entry."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def take(entry: polib.POEntry, other: polib.POEntry) -> None:
    """Copy the translation of `other` where it fits the form of `entry`."""
    if entry.msgid_plural:
        entry.msgstr_plural = {0: next(iter(other.msgstr_plural.values()), other.msgstr)}
    else:
        entry.msgstr = other.msgstr
    entry.tcomment = other.tcomment
    if "fuzzy" in other.flags:
        entry.flags.append("fuzzy")


def to_hong_kong(text: str, converter: opencc.OpenCC) -> str:
    """Return simplified text in Hong Kong characters and words."""
    made = str(converter.convert(text))
    return HONG_KONG_PATTERN.sub(lambda found: HONG_KONG_WORDS[found[0]], made)


def in_house_words(entry: polib.POEntry) -> None:
    """Bring a text written by hand to the words the whole house uses."""
    for word in HOUSE_WORDS:
        entry.msgstr = entry.msgstr.replace(word, HONG_KONG_WORDS[word])
        entry.msgstr_plural = {
            number: text.replace(word, HONG_KONG_WORDS[word]) for number, text in entry.msgstr_plural.items()
        }


def blank(language: str) -> polib.POFile:
    """Return an empty file with the headers of a language and no dates, so that nothing changes by itself."""
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Project-Id-Version": "huying",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return made


def fresh(entry: polib.POEntry) -> polib.POEntry:
    """Return an entry with the English side only."""
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        comment=entry.comment,
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
        msgstr_plural={0: ""} if entry.msgid_plural else {},
    )


def simplified(
    package: str, english: polib.POFile, memory: dict[tuple[str, str], polib.POEntry]
) -> polib.POFile:
    """Return a package's simplified texts: its own, else what another package has for the same words."""
    own = read(package, SIMPLIFIED)
    made = blank(SIMPLIFIED)
    for entry in english:
        new = fresh(entry)
        old = own.get(key_of(entry))
        if old is not None and is_translated(old):
            take(new, old)
        elif key_of(entry) in memory:
            take(new, memory[key_of(entry)])
        made.append(new)
    return made


def hong_kong(
    package: str,
    source: polib.POFile,
    by_hand: dict[tuple[str, str], polib.POEntry],
    converter: opencc.OpenCC,
) -> polib.POFile:
    """Return a package's Hong Kong texts, converted from `source` unless written by hand somewhere."""
    own = read(package, HONG_KONG)
    made = blank(HONG_KONG)
    for entry in source:
        new = fresh(entry)
        old = own.get(key_of(entry))
        if old is not None and BY_HAND in old.tcomment:
            take(new, old)
            in_house_words(new)
        elif key_of(entry) in by_hand:
            take(new, by_hand[key_of(entry)])
            in_house_words(new)
        elif entry.msgid_plural:
            new.msgstr_plural = {0: to_hong_kong(next(iter(entry.msgstr_plural.values())), converter)}
        else:
            new.msgstr = to_hong_kong(entry.msgstr, converter)
        made.append(new)
    return made


def faults(package: str, made: polib.POFile) -> list[str]:
    """Return what is wrong with a package's texts: untranslated, fuzzy, or with other placeholders."""
    language = made.metadata["Language"]
    found = []
    for entry in made:
        where = f"{package} {language}: {entry.msgid!r}"
        if not is_translated(entry):
            found.append(f"{where} is not translated")
            continue
        if "fuzzy" in entry.flags:
            found.append(f"{where} is fuzzy")
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        found += [
            f"{where} has other placeholders than the English: {text!r}"
            for text in texts_of(entry)
            if set(PLACEHOLDER.findall(text)) != wanted
        ]
    return found


def stale(package: str, made: polib.POFile) -> list[str]:
    """Return which committed files differ from what would be written now."""
    path = po_path(package, made.metadata["Language"])
    compiled = path.with_suffix(".mo")
    found = []
    if not path.exists() or path.read_text(encoding="utf-8") != str(made):
        found.append(f"{path.relative_to(ROOT)} is stale: run scripts/messages.py")
    if not compiled.exists() or compiled.read_bytes() != made.to_binary():
        found.append(f"{compiled.relative_to(ROOT)} is stale: run scripts/messages.py")
    return found


def write(package: str, made: polib.POFile) -> None:
    """Write a package's texts of a language, readable and compiled."""
    path = po_path(package, made.metadata["Language"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(made), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(made.to_binary())


def run(names: list[str], *, check: bool) -> list[str]:
    """Bring the texts of the named packages (all, when empty) up to date; return what is wrong."""
    everything = sorted(path.parent for path in HOUSE.glob("*/__init__.py"))
    english = extract([path for path in everything if not names or path.name in names])
    memory: dict[tuple[str, str], polib.POEntry] = {}
    by_hand: dict[tuple[str, str], polib.POEntry] = {}
    for path in everything:
        for key, entry in read(path.name, SIMPLIFIED).items():
            if is_translated(entry) and "fuzzy" not in entry.flags:
                memory.setdefault(key, entry)
        for key, entry in read(path.name, HONG_KONG).items():
            if BY_HAND in entry.tcomment:
                by_hand.setdefault(key, entry)
    converter = opencc.OpenCC("s2hk")
    found = []
    for package, source in english.items():
        hans = simplified(package, source, memory)
        for made in (hans, hong_kong(package, hans, by_hand, converter)):
            if check:
                found += stale(package, made)
            else:
                write(package, made)
            found += faults(package, made)
    return found


def main() -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("packages", nargs="*", help="names of packages, such as ui cases; default: all")
    parser.add_argument("--check", action="store_true", help="change nothing, fail on what is not in order")
    options = parser.parse_args()
    try:
        found = run(options.packages, check=options.check)
    except MessagesError as error:
        sys.stderr.write(f"messages: {error}\n")
        return 2
    for line in found:
        print(line)
    print(f"messages: {len(found)} to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
