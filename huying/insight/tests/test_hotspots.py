"""Hot spots: whole, pure, once each, the same whatever the order, and told in people's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huying.insight.core.hotspots import (
    DEFAULT,
    Lexicon,
    MatterProfile,
    Telling,
    affinity,
    find,
    profile,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOISE = (
    ("映溪花园旁搅拌站彻夜施工", "映溪花园小区旁边的搅拌站夜里一直施工，噪音很大，粉尘飘进家里，睡不着觉。"),
    ("投诉映溪花园附近搅拌站噪音扰民", "我住映溪花园，搅拌站离小区不到百米，噪音和灰尘严重影响休息。"),
    ("映溪花园搅拌站灰尘太大", "搅拌站的灰尘吹到映溪花园，老人孩子咳嗽，夜里噪音也大。"),
    ("搅拌站什么时候搬走", "映溪花园业主天天被搅拌站的噪音吵醒，粉尘污染严重，请查处。"),
)
PARKING = (
    ("映溪花园买房必须买车位", "映溪花园开发商捆绑销售车位，不买车位就不给签购房合同，十二万一个。"),
    ("映溪花园捆绑销售车位", "开发商强迫购房者买车位，映溪花园的车位捆绑在购房合同里，不合法。"),
    ("投诉映溪花园开发商捆绑车位", "购房合同要求同时购买车位，映溪花园开发商违规捆绑销售。"),
)
ELSEWHERE = (
    ("碧海公寓楼下烧烤油烟", "碧海公寓一楼烧烤店油烟直排，夜里划拳喧哗。"),
    ("红棉小学门口没有红绿灯", "红棉小学门口车多，孩子过马路危险，请装红绿灯。"),
    ("松坪路路灯不亮", "松坪路路灯坏了半个月，晚上很黑。"),
    ("翠湖公园健身器材损坏", "翠湖公园的健身器材坏了，没有人修。"),
)  # fmt: skip


def a_town() -> list[Telling]:
    """Return some weeks of messages: noise and parking at one estate, and much else."""
    told = []
    for round_ in range(3):
        for number, (title, text) in enumerate(NOISE + PARKING):
            told.append((f"映{round_}-{number}", title, text, f"用户{round_}{number}"))
    told += [(f"别{number}", title, text, f"路人{number}") for number, (title, text) in enumerate(ELSEWHERE)]
    return [
        Telling(id_, title, text, START + timedelta(hours=7 * place), appellant=who)
        for place, (id_, title, text, who) in enumerate(told)
    ]


def test_two_matters_of_one_estate_stand_apart_each_whole() -> None:
    """Noise and parking at one estate are two matters; what happened once elsewhere is none."""
    spots = find(a_town())
    assert sorted(spot.count for spot in spots) == [9, 12]
    assert {spot.place for spot in spots} == {"映溪花园"}
    assert any("搅拌站" in spot.title for spot in spots)
    assert any("车位" in spot.title for spot in spots)


def test_the_order_of_the_input_changes_nothing() -> None:
    """The same tellings give the same hot spots in whatever order they come."""
    told = a_town()
    assert find(reversed(told)) == find(told[7:] + told[:7]) == find(told)


def test_a_new_appeal_finds_its_matter() -> None:
    """Live, a profile is nearest to the matter it is about, near enough to belong, and survives storing."""
    told = a_town()
    lexicon, _ = Lexicon.learn(told)
    by_id = {one.id: one for one in told}
    noise, parking = (
        MatterProfile.of(profile(by_id[member], lexicon) for member in spot.members)
        for spot in sorted(find(told), key=lambda spot: -spot.count)
    )
    new = Telling("新", "搅拌站又在半夜施工", "映溪花园旁边搅拌站噪音大，粉尘多。", START + timedelta(days=9))
    seen = profile(new, Lexicon.from_bytes(lexicon.to_bytes()))
    assert affinity(seen, noise) >= DEFAULT.belong > affinity(seen, parking)


def test_nothing_told_is_nothing_found() -> None:
    """An empty input gives no hot spots, and so does one message."""
    assert find([]) == []
    assert find(a_town()[:1]) == []


def test_the_name_of_a_street_is_no_cause() -> None:
    """Rubbish and noise of one street stand apart though every report names the street in its title."""
    causes = (
        ("Mattress and sofa dumped", "bags of waste rubbish fridge left by builders"),
        ("Loud music at night", "shouting bar drilling engine banging all night"),
    )
    told = [
        Telling(
            f"{cause}-{number}",
            f"{title} Cold Harbour Lane",
            f"Cold Harbour Lane: {text}",
            START + timedelta(hours=9 * number),
            lat=51.46,
            lon=-0.11,
            place_codes=("Cold Harbour Lane",),
        )
        for number in range(8)
        for cause, (title, text) in enumerate(causes)
    ]
    spots = find(told)
    assert [spot.count for spot in spots] == [8, 8]
    assert all(len({member[0] for member in spot.members}) == 1 for spot in spots)
