"""Takes personal data out of a text before it is published: numbers, addresses of homes, names after cues.

Plain Python without Django. What is found is replaced by a mark that says what stood there, so that the text
still reads. It errs on the side of taking out too much; what no rule can know (a name without any cue, "the
woman with the red car") a person has to see, so a text is published only after one has read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from huying.kit.redact_names import AFTER_NAME, GIVEN, SURNAME, is_word
from huying.kit.redact_people import names_in_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Kind(StrEnum):
    """What was taken out; the value is the mark put in its place."""

    EMAIL = "［邮箱］"
    ID_NUMBER = "［证件号］"
    BANK_CARD = "［卡号］"
    PHONE = "［电话］"
    PLATE = "［车牌］"
    ACCOUNT = "［账号］"
    HOME = "［住址］"
    NAME = "［姓名］"


@dataclass(frozen=True)
class Span:
    """Where something personal stands in a text: from `start` to before `end`."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Redacted:
    """A text with its personal data taken out, and what was taken out where (in the original)."""

    text: str
    spans: tuple[Span, ...]


def redact(text: str) -> Redacted:
    """Return the text with a mark in place of everything personal that is found."""
    spans = find(text)
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], span.kind.value]
        at = span.end
    return Redacted("".join([*parts, text[at:]]), tuple(spans))


def find(text: str, kinds: frozenset[Kind] | None = None) -> list[Span]:
    """Return what is personal in a text, in order and without overlaps; the rules above go first.

    With `kinds`, only what is of these kinds.
    """
    plain = _plain(text)
    found: list[Span] = []
    taken = bytearray(len(plain))
    for kind, rule in RULES:
        if kinds is not None and kind not in kinds:
            continue
        if kind in _NEEDS and not _NEEDS[kind].search(plain):
            continue
        for start, end in rule(plain):
            if start < end and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(Span(start, end, kind))
    return sorted(found, key=lambda span: span.start)


# Full-width signs as the usual ones: the text keeps its length, so that places in it stay the same.
_WIDE = {0xFF01 + shift: chr(0x21 + shift) for shift in range(94)} | {0x3000: " ", 0x2014: "-", 0x2013: "-"}
_SPOKEN = dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True))
# Numbers as people spell them out to hide them: 幺三八零零… Fewer in a row are a number in words.
_SPELT = re.compile(f"[{''.join(_SPOKEN)}]{{7,}}")


def _plain(text: str) -> str:
    """Return the text, as long as before, with full-width signs and spelt-out numbers as plain ones."""
    plain = text.translate(_WIDE)
    return _SPELT.sub(lambda run: "".join(_SPOKEN[sign] for sign in run[0]), plain)


def _all(*patterns: str, ignore_case: bool = False) -> Callable[[str], Iterator[tuple[int, int]]]:
    """Return a rule: every place one of the patterns finds; its group `x`, where it has one."""
    rules = [re.compile(pattern, re.IGNORECASE if ignore_case else 0) for pattern in patterns]

    def rule(text: str) -> Iterator[tuple[int, int]]:
        for found in (match for rule in rules for match in rule.finditer(text)):
            yield found.span("x") if "x" in found.re.groupindex else found.span()

    return rule


# Also as people write one to hide it from machines: zhang(at)example.com, zhang艾特example。com.
_EMAIL = _all(
    r"[A-Za-z0-9._%+\-]+(?:@|\(at\)|艾特|#(?=[A-Za-z0-9]+[.。](?:com|cn|net)))"
    r"[A-Za-z0-9\-]+(?:[.。][A-Za-z0-9\-]+)*[.。][A-Za-z]{2,}"
)
_BIRTH = r"(?:18|19|20)\d\d[ \-]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER = _all(
    # Resident identity numbers (GB 11643): 6 digits of a district, a birthday, 3 and a check sign. A mistyped
    # one still tells who somebody is, so the check sign is not asked for.
    rf"(?<![0-9A-Za-z])[1-9]\d{{5}}[ \-]?{_BIRTH}[ \-]?\d{{3}}[0-9Xx](?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])[1-9]\d{3,5}[*xX]{6,12}\d{2,4}[0-9Xx](?![0-9A-Za-z])",
    r"身份证(?:号码?)?(?:是|为|:)?\s*(?P<x>[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?!\d)",
    r"(?:身份证|证件|本人证|证号)(?:号码?)?(?:[后尾]\w位|尾号)?(?:是|为|:)?\s*(?P<x>\d{3,19}[0-9Xx])(?![0-9A-Za-z])",
    r"(?:护照|通行证|回乡证|台胞证|居住证|军官证)(?:号码?)?(?:是|为|:)?\s*(?P<x>[A-Za-z]{0,3}\d{6,10})(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])[A-Z]{1,2}\d{6}\([0-9A]\)",
    r"(?:身份证|HKID)(?:号码?)?(?:是|为|:)?\s*(?P<x>[A-Z]{1,2}\d{6}\(?[0-9A]\)?)(?![0-9A-Za-z])",
    r"(?:残疾|驾驶|社保|医保)[证卡](?:号码?)?(?:是|为|:)?\s*(?P<x>\d{15,20}[0-9Xx]?)(?![0-9A-Za-z])",
)
_NUMBERED = re.compile(
    r"(?:编号|单号|单|流水号?|案号|户号|合同号?|条形码|快递|学籍号)(?:号码?)?(?:是|为|:)?\s*$"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _id_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Find numbers of identity papers; an order's may hold a date, too, but its check sign is wrong."""
    for start, end in _ID_NUMBER(text):
        if _checks(text[start:end]) or not _NUMBERED.search(text[max(0, start - 8) : start]):
            yield start, end


def _checks(number: str) -> bool:
    """Return whether the check sign of a resident identity number is right (GB 11643)."""
    signs = re.sub(r"[^0-9Xx]", "", number)
    total = sum(
        int(sign) * weight for sign, weight in zip(signs[:17], _WEIGHTS, strict=False) if sign.isdigit()
    )
    return len(signs) == 18 and "10X98765432"[total % 11] == signs[-1].upper()  # noqa: PLR2004 - as long as they are


_SEP = r"[ \-]?"
_CALL = r"(?:电话|手机|座机|号码|致电|拨打|联系方式|打|联系)(?:号码?)?(?:是|为|:)?\s*"
_PHONE = _all(
    rf"(?<![0-9A-Za-z])(?:\(?\+?86\)?{_SEP})?1[3-9]\d(?:{_SEP}\d{{4}}{_SEP}\d{{4}}|{_SEP}\d{{3}}{_SEP}\d{{5}})(?![0-9])",
    r"(?<![0-9A-Za-z])1[3-9]\d[*xX]{4}\d{4}(?!\d)",
    r"(?:\+?85[23])[ \-]?(?P<x>\d{4}[ \-]?\d{4})(?!\d)",
    rf"{_CALL}(?P<x>[2-9]\d{{3}}[ \-]?\d{{3,4}})(?![0-9年月日元个次])",
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z])\(?0\d{2,3}\)?[ \-]?[2-9]\d{2,3}[ \-]?\d{4}(?:[ \-转]\d{1,5})?(?!\d)"
)
# An office that serves the public wants to be called; somebody at home does not.
_OFFICE_PHONE = re.compile(
    r"(?:街道办|办事处|工作站|派出所|居委会|村委会|大厅|服务中心|[\u4e00-\u9fa5]局"
    r"|热线|值班|咨询|监督|服务|办公|投诉|举报)"
    r"(?:办公|值班|咨询|监督|服务|投诉|举报|联系)?(?:电话|热线|座机|专线)(?:号码?)?(?:是|为|:)?\s*$"
)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Find telephone numbers, but for the landlines of offices that serve the public."""
    yield from _PHONE(text)
    for found in _LANDLINE.finditer(text):
        if not _OFFICE_PHONE.search(text[max(0, found.start() - 20) : found.start()]):
            yield found.span()


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = _all(
    rf"[{_PROVINCES}][ ·]?[A-HJ-NP-Z][ ·•・.]?"
    r"(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9])",
    r"车牌(?:号码?)?尾号(?:是|为|:)?\s*(?P<x>[A-Z0-9]{2,5})(?![A-Z0-9])",
    r"尾号(?:是|为|:)?\s*(?P<x>(?=\d*[A-Z])(?=[A-Z]*\d)[A-Z0-9]{3,5})(?![A-Z0-9])",
    # Of Hong Kong and Macao: two letters and up to four digits, so only after a cue.
    r"(?:车牌号?|[港澳]车|[港澳]牌车?|澳门车|两地牌)(?:是|为|:)?\s*"
    r"(?P<x>[A-Z]{2}[ \-]?\d{1,4}(?:[ \-]\d\d)?)(?![A-Z0-9])",
    rf"(?<![A-Z0-9])WJ[ ·]?[{_PROVINCES}]?[ ·]?\d{{4}}[0-9A-Z](?![A-Z0-9])",
    r"车牌(?:号码?)?(?:是|为|:)?\s*(?P<x>[A-Z][A-Z0-9]{5,6}|[A-Z0-9]{5,6})(?![A-Z0-9])",
    ignore_case=True,
)
_ACCOUNT = _all(
    r"(?<![a-z0-9])wxid_[a-z0-9]{6,20}",
    r"(?:微 ?信|威信|薇信|[薇微](?=:)|V信|WeChat|\bVX|\bWX|加我?v|(?<=[加的我])vx|(?<=[加的我])wx)"
    r"(?:号码?|ID)?(?:是|为|:|叫|,)?\s*"
    r"(?P<x>[a-z][a-z0-9_\-]{5,19}|\d{5,11})(?![a-z0-9])",
    r"(?:QQ|扣扣|Q号|Q群|群号)(?:号码?|群)?(?:是|为|:)?\s*(?P<x>[1-9]\d{4,10})(?!\d)",
    r"(?:vx|微信)同号(?:是|为|:)?\s*(?P<x>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9])",
    r"(?:支付宝|抖音号|小红书号|快手号|微博号|闲鱼号|钉钉号)(?:账号|号)?(?:是|为|:)?\s*(?P<x>[a-z0-9_.\-]{5,20})",
    ignore_case=True,
)


_CARD = re.compile(r"(?<![0-9A-Za-z])\d{4}(?:[ \-]?\d{4}){2,3}(?:[ \-]?\d{1,4})?(?![0-9A-Za-z])")
_CUED_CARD = _all(
    r"(?:卡号|银行卡|[账帐][号户]|存折)(?:号码?)?(?:是|为|:)?\s*(?P<x>\d{4}(?:[ \-]?\d{1,5}){1,5})(?!\d)",
    r"(?:卡|[账帐]户|存折)[上里内:,]?\s*(?P<x>\d{12,19})(?!\d)",
    r"(?:卡|[账帐][号户]|[\u4e00-\u9fa5]行)号?(?:尾号|[后尾]四位)(?:是|为|:)?\s*(?P<x>\d{4})(?!\d)",
)


def _bank_cards(text: str) -> Iterator[tuple[int, int]]:
    """Find card and account numbers: 16 to 19 digits whose check digit is right, or any after a cue."""
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        numbered = _NUMBERED.search(text[max(0, found.start() - 8) : found.start()])
        if len(digits) in range(16, 20) and _luhn(digits) and not numbered:
            yield found.span()
    yield from _CUED_CARD(text)


def _luhn(digits: str) -> bool:
    """Return whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    double = {str(digit): sum(divmod(digit * 2, 10)) for digit in range(10)}
    backwards = digits[::-1]
    return (sum(map(int, backwards[::2])) + sum(double[digit] for digit in backwards[1::2])) % 10 == 0


_NUMBER = r"(?:\d{1,4}|[A-Za-z]|[一二三四五六七八九十]{1,3})"
_ROOM = r"[A-Za-z]?\d{3,4}"
_SPOKEN_ROOM = "[一二三四五六七八九十]?[一二三四五六七八九][零〇一][一二三四五六七八九]"
# Not rooms: years, sums, counts, sizes.
_COUNTED = (
    "年|元|块|万|人|户|米|平|㎡|m|个|斤|吨|辆|次|天|日|月|号文|只|棵|台|%|度|多|余|名|张|盏|步|小时|分钟"
)
_NOT_ROOM = rf"(?!\d|[.,]\d|\s*(?:{_COUNTED}))"
_BUILDING = r"(?:栋|幢|座|号楼|单元|梯|#)"
_NOT_HOUSE = "(?!楼|线|院|门(?!口|前)|岗|桥|路|出口|地铁|停车|垃圾|公厕)"
_LIVES = "家住|我住在?|住在|本人住|居住在|租住在?|我家在|我家是|我家(?=\\d)"
_HOME = _all(
    r"(?:家庭住址|家庭地址|现住址|住址|户籍地址|身份证地址|房号)(?:是|为|:)?\s*(?P<x>[^，。；、,;\n\[\]][^，。；,;\n\[\]]{1,39})",
    r"(?<!网)地址(?:是|为|:)\s*(?P<x>[^，。；,;\n\[\]]{2,30}?\d{3,4}(?:室|房)?)(?=$|[，。；,; ])",
    # After a word that says "I live": every number of the address.
    rf"(?:{_LIVES})[^，。；,;\n\d]{{0,16}}?"
    rf"(?P<x>(?:{_NUMBER}"
    rf"(?:号楼|号(?!线)|栋|幢|座|单元|楼|室|房|层|梯|巷)[ \-]?|{_ROOM}(?=$|[，。；,; 的]))+)",
    # After a building: its units and room. The building itself may stay, it is home to many.
    rf"{_NUMBER}{_BUILDING}[ \-]?(?P<x>(?:{_NUMBER}(?:单元|座|梯|门)[ \-]?)?(?:\d{{1,2}}(?:层|楼)[ \-]?)?"
    rf"(?:{_ROOM}(?:室|房|号房|号)|{_ROOM}{_NOT_ROOM}))",
    rf"(?P<x>\d{{1,2}}(?:单元|梯)[ \-]?{_ROOM}(?:室|房|户|号)?)",
    # The same in words, or with a letter for the flat: 二栋三单元四零一, 3栋8楼A室, 3栋2B.
    rf"{_NUMBER}{_BUILDING}[ \-]?(?P<x>{_NUMBER}(?:单元|梯|层|楼)[ \-]?(?:{_NUMBER}(?:层|楼)[ \-]?)?"
    rf"(?:{_SPOKEN_ROOM}|[A-Za-z]|\d{{1,2}}号?|{_ROOM})(?:室|房|户|号)?)(?=$|[^\dA-Za-z]){_NOT_ROOM}",
    rf"(?P<x>{_NUMBER}单元{_SPOKEN_ROOM})",
    rf"{_NUMBER}{_BUILDING}[ \-]?(?P<x>\d{{1,2}}[A-Z])(?![\dA-Za-z])",
    rf"(?:楼|层)(?P<x>{_ROOM}(?:室|房)?){_NOT_ROOM}",
    r"[阁苑园轩居庭府邸大厦](?P<x>\d{1,2}[A-H])(?![\dA-Za-z])",
    rf"宿舍(?:楼)?(?P<x>{_ROOM}){_NOT_ROOM}",
    # 5-1203 and B1-1203, where a room of four signs makes it no range.
    r"(?<![\d\-A-Za-z负])(?P<x>[A-Za-z]?\d{1,2}-[1-3]?\d0[1-9])(?![\d\-]|号?(?:停?车位|柜|摊|铺))",
    r"[村乡镇屯寨](?P<x>[一二三四五六七八九十\d]{1,3}组\d{1,3}号)",
    # 12-3-501, but not a day.
    r"(?<![\d\-])\d{1,3}[\-#]\d{1,2}[\-#](?!19\d\d|20\d\d)[A-Za-z]?\d{3,4}(?:室|房)?(?![\d\-])",
    # A house in a village or a lane is somebody's home; a number on a road need not be.
    rf"(?:村|巷|弄|胡同|围|坊|里)(?P<x>\d{{1,4}}(?:-\d{{1,3}})?号{_NOT_HOUSE}"
    rf"(?:[ \-]?(?:\d{{1,2}}楼|{_ROOM}(?:室|房)?))?)",
    rf"(?:楼上|楼下|对面|隔壁|对门)(?:的|是)?(?P<x>{_ROOM}(?:室|房)?){_NOT_ROOM}",
)
_OFFICES = (
    "中心|办事处|街道办|居委会|村委会|大厅|派出所|医院|学校|工作站|办公楼|行政楼|政府|党群"
    "|委员会|大楼|法院|局|厅|馆"
)
_OFFICE = re.compile(rf"(?:{_OFFICES})[^，。；,;\n]{{0,8}}$")
_ROOM_WORD = "(?:室(?!内|外|温)|号房|房(?!产|屋|价|租|东|源|贷|子|款|地|改|管|号))"
_ROOMS = re.compile(rf"(?<![\dA-Za-z]){_ROOM}\s?{_ROOM_WORD}|[一二三四五六七八九零〇]{{3,4}}{_ROOM_WORD}")


def _rooms(text: str) -> Iterator[tuple[int, int]]:
    """Find room numbers anywhere, but those of offices, which everybody may know."""
    for found in _ROOMS.finditer(text):
        if not _OFFICE.search(text[max(0, found.start() - 20) : found.start()]):
            yield found.span()


_CUES = (
    "(?:[我他她]|[爸妈爷奶哥姐弟妹公婆儿女夫妻子])叫做?|我名叫|本人叫|名字(?:是|叫)|名叫|叫做|姓名(?:是|为)?:?",
    "联系人(?:是|为)?:?|(?:投诉|诉求|反映|申请|举报|报料|当事|收件|经办|承办|负责)人(?:是|为|叫|:)",
    "(?:业主|户主|住户|租客|房东|老板|店主|司机|村民|居民|邻居|同事|保安|网格员|工作人员)(?:是|叫|名叫|:)",
    "(?:儿子|女儿|母亲|父亲|丈夫|妻子|老公|老婆)(?:是|叫|名叫|:)",
    r"(?:我是|本人|署名|落款|签名|来电人|投诉人|反映人|诉求人|当事人|举报人|经办人|承办人|被投诉人)[:\s]?",
)
_CUED = re.compile(rf"(?:{'|'.join(_CUES)})\s*(?P<x>{SURNAME}{GIVEN}(?:{GIVEN})?){AFTER_NAME}")
_TITLES = (
    "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|叔叔|婆婆|奶奶|爷爷|师傅|老师|同志|主任|科长|经理|队长|医生|书记|老板",
    "所长|站长|校长|局长|律师|警官|护士|老人|某某?|(?:姐|哥|叔|伯|姨)(?!妹|弟|俩|们)",
    r"总(?=$|[\s，。、：:,]|[说的来在给打派让])",
)
_TITLE = f"(?:{'|'.join(_TITLES)})"
# The look-ahead lets names begin inside of what was no name: 于是|王先生.
_TITLED = re.compile(rf"(?=(?P<x>{SURNAME}(?:{GIVEN}){{0,2}}?){_TITLE})")
# Without 林 and 何: 小林 is a wood as often as a person.
_NICK = re.compile(
    rf"[小老阿](?P<x>[王李张刘陈杨赵周吴徐孙朱郭罗梁宋郑谢韩唐冯董曹邓许沈曾彭吕]){AFTER_NAME}"
)


# A name somebody hid in part still tells who it is: 张**, 王＊.
_HIDDEN = re.compile(rf"(?P<x>{SURNAME}[\u4e00-\u9fa5]?\*{{1,3}}[\u4e00-\u9fa5]?)(?!\*)")


# Whom a letter greets, it greets in office.
_GREETED = re.compile("[尊敬]敬?的$|敬爱的$")
_GREETING = re.compile(r"(?:书记|市长|县长|区长|局长|主任)(?::|[,，、]?\s?[您你]好)")


def _is_greeted(text: str, start: int, end: int) -> bool:
    return bool(_GREETED.search(text[max(0, start - 3) : start]) or _GREETING.match(text, end))


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Find names after a cue or before a title; the title stays."""
    for rule in (_CUED, _TITLED, _NICK, _HIDDEN):
        for found in rule.finditer(text):
            start, end = found.span("x")
            if not (is_word(text, start, end) or _is_greeted(text, start, end)):
                yield start, end


# What a text has to hold for a rule to find anything: most texts hold none of it, and looking is not free.
_NEEDS = {
    Kind.EMAIL: re.compile("[A-Za-z]{2}"),
    Kind.ID_NUMBER: re.compile(r"\d{3}|\d\*"),
    Kind.BANK_CARD: re.compile(r"\d{4}"),
    Kind.ACCOUNT: re.compile(r"[A-Za-z0-9_.\-]{5}"),
    Kind.PHONE: re.compile(r"\d{3}"),
}

RULES: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Kind.EMAIL, _EMAIL),
    (Kind.ID_NUMBER, _id_numbers),
    (Kind.BANK_CARD, _bank_cards),
    (Kind.ACCOUNT, _ACCOUNT),
    (Kind.PHONE, _phones),
    (Kind.PLATE, _PLATE),
    (Kind.HOME, _HOME),
    (Kind.HOME, _rooms),
    (Kind.NAME, _names),
    (Kind.NAME, names_in_context),
)
