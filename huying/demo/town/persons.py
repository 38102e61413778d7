"""Invented names of people: staff with a user name in Latin letters, and residents with a number to call."""

import random
from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin, pinyin

from huying.demo.town.dice import happens

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚"
    "沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
FIRST = "文晓建志海国小永春秋雅思嘉子雨俊佳明丽静慧美玉淑金凤伟家景泽若欣梓宇浩晨书婉少振立启远长云锦惠素兰"
SECOND = "华明强军平辉杰斌峰涛鹏超勇刚磊芳娟敏燕玲婷丹霞萍红梅雪琴莹洁琳颖怡琪妍彤涵轩然昊阳航晖霖诚安宁康乐"
ALONE = "强军平辉杰斌峰涛鹏超勇刚磊芳娟敏燕玲婷丹霞萍梅雪琴莹洁琳颖怡琪妍彤轩昊阳航诚安宁"
READINGS = {"曾": "zeng", "覃": "qin", "尹": "yin", "任": "ren", "万": "wan", "石": "shi", "白": "bai"}
SHORT_NAMES = 0.24
PHONE_HEAD = "1990000"


def full_names(rng: random.Random) -> Iterator[str]:
    """Yield invented names of two or three characters without end, none of them twice."""
    seen: set[str] = set()
    while True:
        surname = SURNAMES[min(int(rng.expovariate(1 / 32)), len(SURNAMES) - 1)]
        given = rng.choice(ALONE) if happens(rng, SHORT_NAMES) else rng.choice(FIRST) + rng.choice(SECOND)
        name = surname + given
        if name not in seen and len(set(name)) == len(name):
            seen.add(name)
            yield name


def username(name: str, taken: set[str]) -> str:
    """Return the name in Latin letters without tones; a number is put after it when it is taken."""
    surname = READINGS.get(name[0]) or pinyin(name[0], style=Style.NORMAL)[0][0]
    plain = surname + "".join(lazy_pinyin(name[1:]))
    candidate, number = plain, 1
    while candidate in taken:
        number += 1
        candidate = f"{plain}{number}"
    taken.add(candidate)
    return candidate


def phone(number: int) -> str:
    """Return the mobile number of the resident with this number, 0 to 9999.

    All of them begin with 1990000, which no network has handed out in this form to people we know of;
    nothing is ever sent to them.
    """
    return f"{PHONE_HEAD}{number:04d}"
