"""Invented data of the gallery; the moments are fixed so that two looks show the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

NOW = datetime(2026, 3, 18, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
MATTERS = (
    (
        "榕荫花园 2 栋东侧人行道井盖松动，晚上有老人差点摔倒",
        "井盖松动、缺失",
        "榕前社区 榕荫花园",
        "城市管理办",
        "B",
    ),
    (
        "楼下烧烤档凌晨两点还在营业，油烟和噪音影响休息",
        "餐饮油烟噪声",
        "石桥社区 望湖花园",
        "市容执法队",
        "C",
    ),
    ("三栋电梯连续一周停在 5 楼，物业说等配件", "电梯故障", "清溪社区 三栋", "住房建设办", "B"),
    ("小区门口路灯有四盏不亮，孩子放晚自习很暗", "路灯不亮", "榕前社区 望湖路", "城市管理办", "C"),
    ("消防通道长期被电动车占用，充电线从窗户拉下来", "消防通道堵塞", "南塘社区 新屋村", "应急管理办", "A"),
    ("建议在社区公园加一个遮雨的休息亭", "公园设施建议", "竹园社区 竹园公园", "公共服务办", "D"),
    ("工地夜间施工超过十一点，连续三晚", "施工噪声", "东岭社区 东岭北路", "住房建设办", "C"),
    ("水管爆裂，整条巷子积水，家里停水", "供水管道破裂", "塘尾社区 老屋巷", "水务管理站", "A"),
    ("垃圾分类点没有人清运，天气热味道很大", "垃圾清运不及时", "石桥社区 荔林路", "城市管理办", "C"),
    ("咨询老年人意外险怎么办理，需要带什么材料", "政策咨询", "榕前社区", "公共服务办", "D"),
    ("公交 7 路 取消了站牌，老人不知道在哪里等车", "公交站点", "清溪社区 新圩路", "交通运输办", "C"),
    ("学校门口上下学时段乱停车，早上堵得厉害", "乱停车", "东岭社区 东岭小学", "交通运输办", "B"),
)
STATES = ("dispatched", "in_progress", "in_progress", "replied", "in_progress", "return_review", "follow_up")
HOURS_LEFT = (-52, -5, -1, 1, 3, 9, 20, 27, 40, 66, 90, 130, 168)


def rows(count: int = 50) -> list[dict[str, Any]]:
    """Return `count` cases for the inbox, the most urgent first."""
    found = []
    for index in range(count):
        text, item, place, unit, grade = MATTERS[index * 5 % len(MATTERS)]
        hours = HOURS_LEFT[index * len(HOURS_LEFT) // count]
        due_at = NOW + timedelta(hours=hours, minutes=index % 47)
        found.append(
            {
                "number": f"QR2603{18 - index // 9:02d}{4127 - index * 13:04d}",
                "text": text,
                "item": item,
                "place": place,
                "unit": unit,
                "grade": grade,
                "status": STATES[index % len(STATES)],
                "opened_at": due_at - timedelta(days=7),
                "due_at": due_at,
                "soon_at": due_at - timedelta(hours=12),
                "appeals": 1 + (index * 7 % 11 == 0) * 3,
                "rework": index in {4, 17},
            }
        )
    return found


def appeals() -> list[dict[str, Any]]:
    """Return a resident's own appeals."""
    return [
        {"number": "QR26031604127", "text": MATTERS[0][0], "status": "in_progress", "unit": "城市管理办",
         "at": NOW - timedelta(days=2), "due_at": NOW + timedelta(hours=27)},
        {"number": "QR26030902210", "text": MATTERS[3][0], "status": "follow_up", "unit": "城市管理办",
         "at": NOW - timedelta(days=9), "due_at": None},
        {"number": "QR26021200518", "text": MATTERS[9][0], "status": "closed", "unit": "公共服务办",
         "at": NOW - timedelta(days=34), "due_at": None},
    ]  # fmt: skip


def story() -> list[dict[str, Any]]:
    """Return the timeline of one appeal, newest first."""
    told: tuple[tuple[str, timedelta, str, Any, str], ...] = (
        (
            "reply",
            timedelta(minutes=35),
            "城市管理办",
            _("Replied: waiting for your rating"),
            "您好，井盖已于 3 月 18 日 9 时更换为防沉降井盖，周边地砖同步修复，同路段 6 处井盖一并排查。",
        ),
        ("reviewed", timedelta(minutes=50), "青榕街道分拨中心", _("Reply checked by a second person"), ""),
        (
            "contacted",
            timedelta(hours=27),
            "城市管理办",
            _("First contact with you"),
            "已电话联系，说明先围挡、次日更换。",
        ),
        ("signed", timedelta(hours=43), "城市管理办", _("Signed for by the unit"), ""),
        (
            "dispatched",
            timedelta(hours=44),
            "按职责清单自动分拨",
            _("Sent to the unit"),
            "主办单位：城市管理办",
        ),
        ("received", timedelta(hours=44), "手机网页", _("Received"), ""),
    )
    return [
        {"kind": kind, "at": NOW - ago, "who": who, "title": title, "text": text, "current": kind == "reply"}
        for kind, ago, who, title, text in told
    ]


def queue() -> list[dict[str, Any]]:
    """Return appeals that wait for a dispatcher, each with three suggestions."""
    picks = [
        {"unit": "城市管理办", "percent": 46, "why": "事项「路面塌陷」由该单位主办"},
        {"unit": "水务管理站", "percent": 31, "why": "文中提到「水管」「渗水」"},
        {"unit": "住房建设办", "percent": 12, "why": "同小区 30 天内 2 件由该单位办理"},
    ]
    reasons = (
        _("Two items are about equally likely"),
        _("The place was not understood"),
        _("A unit returned it: not its duty"),
        _("No duty rule covers this item here"),
    )
    waiting = []
    for index, reason in enumerate(reasons):
        text, item, place, _unit, grade = MATTERS[(index * 3 + 7) % len(MATTERS)]
        waiting.append(
            {
                "number": f"QR2603180{4200 + index}",
                "text": text,
                "item": item,
                "place": place,
                "grade": grade,
                "reason": reason,
                "at": NOW - timedelta(minutes=9 + index * 17),
                "due_at": NOW + timedelta(minutes=111 - index * 43),
                "picks": picks,
            }
        )
    return waiting


def menu(current: str) -> list[dict[str, Any]]:
    """Return the desk's menu with `current` marked."""
    groups: tuple[tuple[Any, tuple[tuple[str, Any, str, int, str], ...]], ...] = (
        (
            _("Cases"),
            (
                ("inbox", _("My inbox"), "inbox", 50, ""),
                ("queue", _("Waiting for dispatch"), "route", 4, "warn"),
                ("review", _("To review"), "reply", 7, ""),
                ("proxy", _("Enter for a resident"), "plus", 0, ""),
            ),
        ),
        (_("Town"), (("map", _("Map"), "map", 0, ""), ("numbers", _("Numbers"), "chart", 0, ""))),
        (
            _("Settings"),
            (
                ("catalogue", _("Catalogue"), "list", 0, ""),
                ("duty", _("Duty rules"), "settings", 0, ""),
                ("people", _("Units and posts"), "users", 0, ""),
            ),
        ),
    )
    return [
        {
            "label": label,
            "items": [
                {
                    "label": name,
                    "icon": mark,
                    "count": count,
                    "tone": tone,
                    "current": key == current,
                    "url": f"#{key}",
                }
                for key, name, mark, count, tone in entries
            ],
        }
        for label, entries in groups
    ]
