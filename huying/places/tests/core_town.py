"""A small invented town for the tests of the address parser; no name in it is a real place's."""

from __future__ import annotations

from functools import cache

from huying.places.core.addresses import Entry, Gazetteer

CITY, DISTRICT, STREET, COMMUNITY, GRID = range(5)


def area(id_: str, rank: int, name: str, parent: str | None = None, *aliases: str, code: str = "") -> Entry:
    return Entry(id_, "area", rank, name, aliases, parent, code=code)


AREAS = [
    area("city", CITY, "澜江市"),
    area("yunqi", DISTRICT, "云栖区", "city", code="440398"),
    area("wanghai", DISTRICT, "望海区", "city"),
    area("songxi", STREET, "松溪街道", "yunqi", code="440398001"),
    area("heming", STREET, "鹤鸣街道", "yunqi"),
    area("gangwan", STREET, "港湾街道", "wanghai"),
    area("songxi-c", COMMUNITY, "松溪社区", "songxi"),
    area("liutang", COMMUNITY, "柳塘社区", "songxi", "柳塘墟"),
    area("shiqiao", COMMUNITY, "石桥头社区", "songxi"),
    area("heping", COMMUNITY, "和平社区", "heming"),
    area("qingzhu", COMMUNITY, "青竹社区", "heming"),
    area("yugang", COMMUNITY, "渔港社区", "gangwan"),
    area("liutang-1", GRID, "柳塘社区第一网格", "liutang"),
    area("liutang-2", GRID, "第二网格", "liutang"),
    area("qingzhu-2", GRID, "第二网格", "qingzhu"),
]
PLACES = [
    Entry("furun", "estate", 5, "富润澜庭", ("澜庭",), "liutang-1"),
    Entry("jinxiu-l", "estate", 5, "锦绣花园", (), "liutang"),
    Entry("jinxiu-q", "estate", 5, "锦绣花园", (), "qingzhu"),
    Entry("songxi-e", "estate", 5, "松溪花园", (), "songxi-c"),
    Entry("liutang-v", "estate", 5, "柳塘村", (), "liutang"),
    Entry("liutang-n", "estate", 5, "柳塘新村", (), "liutang"),
    Entry("yunshui", "estate", 5, "云水谣小区", (), "shiqiao"),
    Entry("jinyu", "estate", 5, "金域蓝湾", (), "qingzhu"),
    Entry("cuizhu", "estate", 5, "翠竹雅苑", (), "qingzhu"),
    Entry("haiyue", "estate", 5, "海悦半岛公馆", (), "yugang"),
    Entry("lvyin", "estate", 5, "绿荫里小区", ("绿荫花园",), "heping"),
    *(
        Entry(f"furun-{number}", "building", 6, f"富润澜庭{number}栋", (), "liutang-1")
        for number in range(1, 6)
    ),
    *(Entry(f"jinxiu-q-{number}", "building", 6, f"{number}座", (), "jinxiu-q") for number in range(1, 4)),
    Entry("village-3-5", "building", 6, "柳塘村三巷5号", (), "liutang-2"),
    Entry("chuangye-a", "building", 6, "创业大厦A座", (), "shiqiao"),
    Entry("renmin", "road", 5, "人民路", (), "songxi"),
    Entry("heming-2", "road", 5, "鹤鸣二路", (), "heming"),
    Entry("linjiang", "road", 5, "临江大道", (), "yunqi"),
    Entry("liutang-s", "facility", 5, "柳塘小学", (), "liutang"),
    Entry("heming-p", "facility", 5, "鹤鸣公园", ("鹤园",), "qingzhu"),
    Entry("market", "facility", 5, "石桥头市场", ("石桥头菜市场",), "shiqiao"),
]


@cache
def town() -> Gazetteer:
    return Gazetteer([*AREAS, *PLACES])
