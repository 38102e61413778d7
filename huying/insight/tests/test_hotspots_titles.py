"""Titles in people's words: who called and that they called is taken off, what they said stays whole."""

from __future__ import annotations

import pytest

from huying.insight.core.hotspots_titles import trimmed
from huying.insight.live import fit_title

CALLED = {
    "来电人（要求保密）反映听澜花园2栋化粪池外溢": "听澜花园2栋化粪池外溢",
    "市民来电反映电梯三天两头停运": "电梯三天两头停运",
    "来电反映：竹溪苑路灯不亮": "竹溪苑路灯不亮",
    "陈女士致电称楼下烧烤店油烟扰民": "楼下烧烤店油烟扰民",
    "李先生（电话不便公开）再次来电投诉垃圾站臭味": "垃圾站臭味",
    "热心市民张先生来电反映人行道地砖松动": "人行道地砖松动",
    "多位业主反映地下车库漏水严重": "地下车库漏水严重",
    "网友再次反映工地夜间施工": "工地夜间施工",
}
WHOLE = (
    "居民楼外墙瓷砖脱落砸到车",
    "业主投诉无门，物业电话没人接",
    "群众举报箱坏了没人修",
    "投诉电话打不通怎么办呢",
    "市民中心投诉窗口没人值班",
    "业主群里说话不文明",
    "业主建议书被退回无人处理",
    "来访人员停车位被占无人管",
    "先生您好，楼道灯坏了",
)


@pytest.mark.parametrize(("said", "left"), CALLED.items())
def test_who_called_is_taken_off_a_title(said: str, left: str) -> None:
    assert trimmed(said) == left
    assert fit_title(said, "") == left


@pytest.mark.parametrize("said", WHOLE)
def test_what_only_looks_like_it_stays_whole(said: str) -> None:
    assert trimmed(said) == said
