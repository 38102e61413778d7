"""The danger rules: what is raised, what only looks like danger, and what must never be explained away."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core.danger import READ_CHARS, DangerRules

ROWS = [
    {
        "key": "gas",
        "kind": "gas",
        "phrases": "煤气泄漏|燃气泄漏|煤气味|闻到煤气|闻到燃气|煤气中毒|煤气罐着火|爆炸了|发生爆炸|gas leak",
        "not_phrases": "煤气泄漏报警器|没有煤气味|信息爆炸了|煤气味道的香",
        "emergency_number": "119",
        "advice": "开窗，离开，到室外打电话。",
    },
    {
        "key": "fire",
        "kind": "fire",
        "phrases": "着火|起火|失火|发生火灾|浓烟|火苗|烧起来了|自燃",
        "not_phrases": "火灾报警器|一起火锅|着火点|引起火灾",
        "emergency_number": "119",
        "advice": "弯腰离开，不坐电梯。",
    },
    {
        "key": "wires",
        "kind": "exposed_wires",
        "phrases": "漏电|触电|电线裸露|电线掉",
        "not_phrases": "漏电保护器|漏电开关|电线掉漆",
        "emergency_number": "95598",
        "advice": "不要触碰。",
    },
    {
        "key": "collapse",
        "kind": "collapse",
        "phrases": "坍塌|塌陷|倒塌|滑坡|墙要倒",
        "not_phrases": "成绩滑坡|沙发塌陷|经济滑坡",
        "emergency_number": "119",
        "advice": "离开。",
    },
    {
        "key": "falling",
        "kind": "falling",
        "phrases": "高空抛物|高空坠物|摇摇欲坠|砸到人|砸伤",
        "not_phrases": "高空抛物摄像头|防高空抛物",
        "emergency_number": "110",
        "advice": "绕开。",
    },
    {
        "key": "cover",
        "kind": "missing_cover",
        "phrases": "井盖不见|没有井盖|井盖丢|掉进井",
        "not_phrases": "井盖不见得",
        "emergency_number": "110",
        "advice": "放醒目的东西。",
    },
    {
        "key": "trapped",
        "kind": "trapped",
        "phrases": "困在电梯|电梯困人|被困|卡住出不来",
        "not_phrases": "资金被困|被困扰",
        "emergency_number": "119",
        "advice": "不要扒门。",
    },
    {
        "key": "water",
        "kind": "drowning",
        "phrases": "溺水|落水|掉进河",
        "not_phrases": "防溺水|落水管|水落石出",
        "emergency_number": "119",
        "advice": "抛绳，不下水。",
    },
    {
        "key": "self",
        "kind": "self_harm",
        "phrases": "不想活|跳楼|自杀|轻生",
        "not_phrases": "跳楼价|跳楼大甩卖|跳楼机",
        "emergency_number": "110",
        "advice": "有人陪您。",
    },
    {
        "key": "violence",
        "kind": "violence",
        "phrases": "持刀|砍人|打死我|被家暴|昏迷|绑架",
        "not_phrases": "反家暴|道德绑架|砍人情",
        "emergency_number": "110",
        "advice": "锁门。",
    },
    {
        "key": "chemical",
        "kind": "chemical",
        "phrases": "氨气泄漏|食物中毒|有毒气体",
        "not_phrases": "食物中毒保险",
        "emergency_number": "119",
        "advice": "往上风处走。",
    },
]
RULES = DangerRules.from_rows(ROWS)
STARTER = Path(__file__).parents[2] / "catalogue" / "starter" / "danger_phrases.csv"

RAISED = [
    # plain cries
    ("楼下着火了，快来人", "fire"),
    ("我家厨房煤气泄漏，怎么办", "gas"),
    ("楼道里有很浓的煤气味", "gas"),
    ("闻到煤气，头有点晕", "gas"),
    ("地下车库电动车自燃，浓烟往上冒", "fire"),
    ("隔壁阳台有火苗", "fire"),
    ("配电房烧起来了", "fire"),
    ("路灯杆漏电，狗被电倒了", "wires"),
    ("工人触电倒在地上", "wires"),
    ("台风把电线掉到积水里", "wires"),
    ("路口塌陷了一个大坑", "collapse"),
    ("老房子半边墙倒塌", "collapse"),
    ("后山滑坡，石头滚到路上", "collapse"),
    ("学校外面的墙要倒了", "collapse"),
    ("二十楼又有人高空抛物", "falling"),
    ("招牌摇摇欲坠", "falling"),
    ("花盆掉下来砸到人", "falling"),
    ("人行道上没有井盖", "cover"),
    ("有个孩子掉进井里", "cover"),
    ("我妈妈困在电梯里半小时了", "trapped"),
    ("四栋电梯困人", "trapped"),
    ("孩子的手卡住出不来", "trapped"),
    ("水库有人溺水", "water"),
    ("老人落水了", "water"),
    ("我不想活了", "self"),
    ("有人要跳楼", "self"),
    ("有人持刀在楼道里", "violence"),
    ("我被家暴了", "violence"),
    ("路边有人昏迷", "violence"),
    ("冷库氨气泄漏", "chemical"),
    ("幼儿园十几个孩子食物中毒", "chemical"),
    # recent or lasting past is present
    ("昨晚三栋着火，今天还有烟", "fire"),
    ("刚才发生火灾，消防车过不来", "fire"),
    ("前天开始楼道就有煤气味", "gas"),
    ("上周漏电电了一个孩子", "wires"),
    ("从去年到现在一直有煤气味，没有人管", "gas"),
    ("去年着火的那户今天又着火了", "fire"),
    ("以前闻到煤气，现在还是有煤气味", "gas"),
    ("上个月开始经常有人被困", "trapped"),
    ("去年井盖不见了，走路的人不知道", "cover"),
    ("前年墙塌了，电线裸露在外面", "wires"),
    ("2019年房子就坍塌了一角，没人修", "collapse"),
    ("去年就有人高空抛物", "falling"),
    ("去年着火以后一直没有人管", "fire"),
    ("之前报过，这几天又闻到煤气", "gas"),
    ("2023年装修以后，煤气味越来越重", "gas"),
    # questions and rhetoric deny nothing
    ("有没有煤气泄漏啊，味道好大", "gas"),
    ("是不是煤气泄漏了", "gas"),
    ("家里有没有煤气味是要打哪个电话", "gas"),
    ("这不是着火了吗", "fire"),
    ("楼上会不会着火了", "fire"),
    ("难道不是触电吗", "wires"),
    ("楼下怕是着火了", "fire"),
    ("恐怕是煤气泄漏", "gas"),
    ("可能煤气泄漏了", "gas"),
    ("好像是着火了", "fire"),
    # denials of something else
    ("打了电话没有人来，厨房着火了", "fire"),
    ("物业没有及时处理，现在漏电", "wires"),
    ("没有人管高空抛物", "falling"),
    ("物业值班的人没有发现有人被困", "trapped"),
    ("不是第一次了，又闻到煤气", "gas"),
    ("我们没有水，楼上着火了", "fire"),
    ("保安不是不知道电梯困人", "trapped"),
    ("报警器没有响但是着火了", "fire"),
    # fears and suppositions with a present in them
    ("再不来人就要发生爆炸了", "gas"),
    ("如果再不修就要坍塌了", "collapse"),
    ("担心是煤气泄漏，味道很浓", "gas"),
    ("如果你们不管，我就跳楼", "self"),
    ("万一我轻生了也没人在乎", "self"),
    ("要是不给工资我就不想活了", "self"),
    ("我没有自杀的想法只是不想活", "self"),
    ("他说如果我报警就打死我", "violence"),
    ("怕他持刀伤人，现在门外", "violence"),
    ("去年他自杀过一次", "self"),
    ("正在着火，消防演练都没搞过", "fire"),
    # look-alikes beside the real thing
    ("火灾报警器一直响，真的着火了", "fire"),
    ("漏电保护器坏了，外壳漏电", "wires"),
    ("防溺水的牌子旁边有人溺水", "water"),
    ("道德绑架算什么，他们真的绑架", "violence"),
    ("店里挂着跳楼价，楼顶真有人跳楼", "self"),
    # spelling
    ("樓下著火了", "fire"),
    ("電梯困人，快來", "trapped"),
    ("煤氣洩漏", "gas"),
    ("着 火 了", "fire"),
    ("着\n火了", "fire"),
    ("ＧＡＳ　ＬＥＡＫ in the kitchen", "gas"),
    ("There is a gas leak here", "gas"),
    ("😱着火😱", "fire"),
    ("煤\u200b气泄漏", "gas"),
]

NOT_RAISED = [
    # look-alikes of the list
    "煤气泄漏报警器哪里可以买",
    "楼道的火灾报警器没有电了",
    "周末一起火锅吧",
    "换一个漏电保护器多少钱",
    "漏电开关跳闸",
    "孩子最近成绩滑坡",
    "沙发塌陷了找商家退",
    "资金被困在平台里",
    "我被困扰很久了",
    "夏天到了，防溺水的牌子太少",
    "外墙的落水管断了",
    "希望查个水落石出",
    "商场天天喊跳楼价",
    "跳楼机的票太贵",
    "不要道德绑架我们",
    "社区的反家暴讲座什么时候开",
    "建议装高空抛物摄像头",
    "这个井盖不见得要换",
    "现在是信息爆炸了的年代",
    "电线掉漆了，不好看",
    # denials
    "检查过了，没有煤气味",
    "没有闻到煤气",
    "并没有发现煤气泄漏",
    "不是着火，是烧纸",
    "没有着火",
    "未发生火灾",
    "没有人员被困",
    "没有人被困",
    "从来没有发生火灾",
    "未发现有人落水",
    "不存在漏电",
    "没有发生坍塌",
    "并非食物中毒",
    "没有明显的煤气味",
    "没闻到燃气",
    "排除煤气泄漏",
    "他没有持刀",
    # long past
    "去年小区着火烧了几辆车，要求赔偿",
    "去年3月，三栋着火",
    "前年发生火灾，保险没有赔",
    "2018年曾发生爆炸",
    "以前有人溺水，建议装护栏",
    "小时候我在这里落水",
    "上次电梯困人的维修费谁出",
    "三年前发生火灾的仓库拆不拆",
    "曾经有人被困",
    "上个月食物中毒的事处理结果怎样",
    # imagined
    "如果着火怎么逃生",
    "万一着火，消防车怎么办",
    "一旦发生火灾后果不堪设想",
    "要是漏电就糟了",
    "假如电梯困人该打哪个电话",
    "楼道堆放杂物，容易引起火灾，怕着火",
    "担心着火",
    "电动车进楼，就怕自燃",
    "容易着火",
    "线路老化容易导致触电",
    "路太窄会造成人员被困",
    "建议装栏杆防止有人落水",
    "为避免坍塌请加固",
    "预防煤气中毒的单子发了吗",
    "谨防触电的牌子褪色了",
    "怕孩子掉进河",
    "如果发生爆炸谁负责",
    "若发生火灾，大家往哪里跑",
    "担心孩子溺水，请加警示牌",
    "以防坍塌，建议检测",
    # rehearsed
    "社区组织发生火灾逃生演练吗",
    "溺水急救知识讲座几点开始",
    "电梯困人应急演练通知",
    "触电急救培训怎么报名",
    "学校的食物中毒应急预案",
    "燃气泄漏演练",
    # nothing at all
    "",
    "   ",
    "路灯不亮",
    "火车站怎么走",
    "着急火了",
    "lounge leakage",
    "degas leakproof",
]


@pytest.mark.parametrize(("text", "rule"), RAISED)
def test_danger_is_raised(text: str, rule: str) -> None:
    assert rule in {danger.rule for danger in RULES.check(text)}


@pytest.mark.parametrize("text", NOT_RAISED)
def test_what_only_sounds_like_danger_is_not_raised(text: str) -> None:
    assert RULES.check(text) == []


def test_there_are_at_least_120_sentences() -> None:
    assert len(RAISED) + len(NOT_RAISED) >= 120


def test_a_danger_says_where_it_stands_in_the_given_text_and_what_to_do() -> None:
    text = "您好！樓下 著　火了"
    (danger,) = RULES.check(text)
    assert text[danger.start : danger.end] == "著　火"
    assert (danger.phrase, danger.kind, danger.emergency_number) == ("着火", "fire", "119")
    assert danger.advice == "弯腰离开，不坐电梯。"
    assert danger.to_json() == {"kind": "fire", "rule": "fire", "phrase": "着火", "start": 6, "end": 9}


def test_what_was_found_but_not_raised_can_be_told() -> None:
    dangers, excused = RULES.examine("去年着火过。换个漏电保护器。没有煤气味。演习时发生火灾演练。怕触电。")
    assert dangers == []
    assert [(one.danger.phrase, one.why) for one in excused] == [
        ("着火", "past"),
        ("漏电", "look_alike"),
        ("煤气味", "look_alike"),
        ("发生火灾", "rehearsed"),
        ("触电", "imagined"),
    ]


def test_dangers_come_in_the_order_they_are_named_and_each_phrase_once() -> None:
    found = RULES.check("电梯困人！着火了，着火了！有人要跳楼，着火了")
    assert [danger.phrase for danger in found] == ["电梯困人", "着火", "跳楼"]


def test_an_excused_mention_does_not_hide_a_real_one() -> None:
    (danger,) = RULES.check("去年着火没有赔。刚刚三楼着火了")
    assert danger.start == 12


def test_a_longer_finding_swallows_its_parts() -> None:
    rows = [{**ROWS[0], "phrases": "煤气泄漏|煤气泄漏了", "not_phrases": ""}]
    assert [one.phrase for one in DangerRules.from_rows(rows).check("煤气泄漏了")] == ["煤气泄漏了"]


def test_of_an_endless_text_the_beginning_is_read() -> None:
    assert RULES.check("啊" * (READ_CHARS - 2) + "着火") != []
    assert RULES.check("啊" * READ_CHARS + "着火") == []


def test_a_megabyte_of_alarm_raises_each_phrase_once() -> None:
    assert len(RULES.check("着火了，" * 250_000)) == 1


def test_the_version_changes_with_the_list_but_not_with_its_order() -> None:
    assert DangerRules.from_rows(reversed(ROWS)).version == RULES.version
    changed = [{**ROWS[0], "phrases": ROWS[0]["phrases"] + "|瓦斯味"}, *ROWS[1:]]
    assert DangerRules.from_rows(changed).version != RULES.version
    assert RULES.version.startswith("danger-1:")


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([ROWS[0], ROWS[0]], "twice"),
        ([{**ROWS[0], "key": " "}], "missing"),
        ([{**ROWS[0], "phrases": "|火|"}], "no phrase"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(rows: list[dict[str, str]], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        DangerRules.from_rows(rows)


def test_an_empty_list_finds_nothing() -> None:
    assert DangerRules.from_rows([]).check("着火了") == []


def test_every_phrase_of_the_starter_list_is_raised_when_it_stands_alone() -> None:
    with STARTER.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rules = DangerRules.from_rows(rows)
    silent = [
        phrase
        for row in rows
        for phrase in row["phrases"].split("|")
        if row["key"] not in {danger.rule for danger in rules.check(phrase)}
    ]
    assert silent == []


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read_and_positions_fit(text: str) -> None:
    for danger in RULES.check(text):
        assert 0 <= danger.start < danger.end <= len(text)


@given(st.text(alphabet="着火去年没有。，现在怕了如果煤气味", max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_cry_behind_a_full_stop_is_raised_whatever_stands_before(before: str) -> None:
    assert "fire" in {danger.rule for danger in RULES.check(f"{before}。三楼着火了")}
