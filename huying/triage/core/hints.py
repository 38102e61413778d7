"""Says what a message leaves open: where it is, since when, what is wanted, whether a photo would help."""

from __future__ import annotations

import re
from typing import Final

from .fold import fold

WHERE: Final = "where"
SINCE_WHEN: Final = "since_when"
WANTED: Final = "what_is_wanted"
PHOTO: Final = "photo"

_READ_CHARS: Final = 1500
_PLACE: Final = re.compile(
    r"[\u4e00-\u9fa5a-z0-9](?:路|街|道|巷|村|镇|乡|区|苑|园|城|府|湾|里|庭|桥|站|楼|栋|座|号院|大厦|广场|市场|医院|小学|中学|学校|幼儿园|大学"
    r"|公司|工地|酒店|宾馆|银行|商场|超市|店)(?!理|德|歉|具|分)|路口|门口|楼下|隔壁|对面|\d号线|地铁"
)
_TIME: Final = re.compile(
    r"\d+年|\d+月|\d+[日号](?!线|楼|院)|[今昨前]天|[今昨]晚|今年|去年|前年|最近|近期|近日|一直|每天|每晚|每日|天天|夜夜|长期|常年|经常|多年|以来|刚[才刚]"
    r"|\d+点|[一二三四五六七八九十]点|(?:[一二两三四五六七八九十几半\d多]+)(?:个?(?:多|半)?(?:天|月|星期|周|小时|年|晚|夜))"
    r"|凌晨|早上|上午|中午|下午|傍晚|晚上|半夜|深夜|周[一二三四五六日末]|星期|上个?月|这几[天年]|好久|很久|since|yesterday|today"
)
_WISH: Final = re.compile(
    r"请(?!假|客)|希望|盼|恳求|要求|建议|能否|能不能|可否|可不可以|是否|什么|怎么|怎样|如何|为何|哪里|哪些|多少|几时|何时|吗|呢|[?？]|投诉|举报"
    r"|咨询|求|应该|应当|解决|处理|整改|修(?:好|复|一下|理)|清理|取缔|安装|增设|增加|给个说法|管一?管|退[款钱费]|赔|帮|please|how|when"
)
_VISIBLE: Final = re.compile(
    r"坑|破|裂|垃圾|堵|占道|占用|乱停|违停|停车|倒了|漏|脏|违建|搭建|路灯|井盖|树|积水|污水|塌|护栏|墙|杂物|广告|油烟|黑烟|涂鸦|损坏|坏了|脱落|摆摊"
)
_ASKS: Final = re.compile(
    r"咨询|请问|怎么办理|如何办理|什么时候|几时|多少钱|政策|补贴|报名|社保|医保|公积金|户口|证件"
)


def missing(text: str, *, knows_place: bool, knows_time: bool, has_photo: bool) -> tuple[str, ...]:
    """Return the keys of what a message leaves open, the most useful first; none for an empty one.

    `knows_place`, `knows_time`: a place or moment was given beside the words. Who only asks for information
    is asked for no place, time or picture.
    """
    folded = fold(text[:_READ_CHARS]).strip()
    if not folded:
        return ()
    asks = bool(_ASKS.search(folded))
    found = []
    if not (knows_place or asks or _PLACE.search(folded)):
        found.append(WHERE)
    if not (knows_time or asks or _TIME.search(folded)):
        found.append(SINCE_WHEN)
    if not _WISH.search(folded):
        found.append(WANTED)
    if not (has_photo or asks) and _VISIBLE.search(folded):
        found.append(PHOTO)
    return tuple(found)
