"""Themes a town may begin with; edited as data afterwards like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.walks.actions import LineDraft, set_checklist, set_theme
from huying.walks.models import Theme

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor

# (theme, lines of (what to look at, how one sees it)). Items are left to the text: catalogues differ.
STARTER_THEMES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "市容环境",
        (
            ("垃圾桶满溢、垃圾堆积", "看桶边、墙角、绿化带，闻有无异味"),
            ("占道经营、乱摆卖", "看人行道能否让轮椅和婴儿车通过"),
            ("共享单车乱停放", "看路口、地铁口、盲道"),
            ("道路破损、井盖异常", "踩一踩，看是否松动、下沉、异响"),
            ("公厕脏污、设施损坏", "看地面、洗手台、无障碍设施"),
        ),
    ),
    (
        "安全隐患",
        (
            ("消防通道被占、堵塞", "看小区出入口、楼道、疏散楼梯"),
            ("电动自行车上楼、飞线充电", "看楼梯间、架空层、窗外拉线"),
            ("高空坠物隐患", "抬头看外墙、空调架、广告牌"),
            ("临时用电、裸露电线", "看工地、市集、路灯杆底部"),
        ),
    ),
    (
        "文明城市",
        (
            ("公益设施损坏", "看座椅、健身器材、宣传栏"),
            ("无障碍设施不畅通", "走一遍盲道和坡道"),
            ("小广告、乱涂写", "看墙面、电箱、电梯间"),
        ),
    ),
    (
        "综治维稳",
        (
            ("重点场所有无纠纷苗头", "问物业和商户近来有无争执"),
            ("欠薪、停工迹象", "看工地是否停工、工人有无聚集"),
            ("治安薄弱点", "看路灯是否全亮、监控是否被遮挡"),
        ),
    ),
)


def set_starter_themes(area: str, *, by: Actor, at: datetime) -> list[Theme]:
    """Give an area the starter themes it does not have yet by name; return those that were written.

    Refusal `not_yours_to_plan`.
    """
    with transaction.atomic():
        known = set(Theme.objects.filter(area__code=area).values_list("name", flat=True))
        made = []
        for name, lines in STARTER_THEMES:
            if name in known:
                continue
            theme = set_theme(name, area=area, by=by, at=at)
            set_checklist(theme.pk, [LineDraft(*line) for line in lines], seen=0, by=by, at=at)
            made.append(theme)
        return made
