"""The line made of a text: what it has to hold for messages of every style, and what it never does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.triage.core.summary import GAP, LONGEST, is_poor, line_of, summarise

# (message, words the line has to hold)
MESSAGES = (
    ("尊敬的领导您好！听澜花园北门的路灯坏了三天，晚上看不见路。盼回复，谢谢！", "路灯坏了三天"),
    ("您好，我是附近居民。我们小区门口垃圾堆了一周没人清。请尽快处理。", "垃圾堆了一周没人清"),
    ("领导好！打扰了。春风路和学府路路口的红绿灯不亮，非常危险。", "红绿灯不亮"),
    ("投诉！！楼下烧烤店每天营业到凌晨两点，噪音扰民，油烟直往家里灌！！！", "烧烤店"),
    ("我想反映一下，3栋电梯坏了半个月，老人上不了楼。", "电梯坏了半个月"),
    ("请问今年幼儿园什么时候开始报名？", "幼儿园什么时候开始报名"),
    ("咨询：新生儿医保怎么办理？需要带哪些材料？", "新生儿医保怎么办理"),
    ("建议在公园西门增设一个公厕，散步的老人多，找不到厕所。", "公园西门增设一个公厕"),
    ("物业公司不退装修押金，已经拖了半年，请求帮忙协调。", "不退装修押金"),
    ("工地半夜三点还在打桩，孩子要高考，希望能管一管。", "工地半夜三点还在打桩"),
    ("你好，在吗？井盖不见了，就在菜市场门口。", "井盖不见了"),
    ("求助！下水道堵了，污水漫到一楼住户家里。", "下水道堵了"),
    ("有人在消防通道停车，叫他挪也不挪。", "消防通道停车"),
    ("公司拖欠我们三个月工资，老板电话13800138000打不通。", "拖欠我们三个月工资"),
    ("我家住翠竹苑，楼上漏水，物业推来推去没人管。", "楼上漏水"),
    ("由于历史原因，这条路一直没有路名。希望有关部门尽快给路命名。", "没有路名"),
    ("感谢社区工作人员的辛苦付出！但是文化广场的健身器材坏了很久。", "健身器材坏了很久"),
    ("随着城市发展，车越来越多。实验小学门口放学时拥堵严重，请安排交警疏导。", "拥堵严重"),
    ("根据《物业管理条例》规定，物业应公示账目。我们小区物业三年没有公示账目。", "没有公示账目"),
    ("喂你好，我要投诉，老街菜场有人卖假羊肉。", "卖假羊肉"),
    ("停水了", "停水了"),
    ("无证摊贩占道经营，把人行道堵得水泄不通", "占道经营"),
    ("狗狗狗！隔壁养了五条狗，天天叫，吵死了", "养了五条狗"),
    ("村口那座桥护栏断了一截，小孩放学都从那走，太危险了", "护栏断了一截"),
    ("今天早上七点左右，我在地铁站A口被电动车撞了，没人管非机动车逆行", "电动车"),
    ("外卖骑手在小区里骑得飞快，差点撞到我妈", "外卖骑手"),
    ("想知道老旧小区加装电梯有没有补贴", "加装电梯有没有补贴"),
    ("请给东湖公园加几个垃圾桶", "东湖公园加几个垃圾桶"),
    ("112路公交车等了四十分钟不来，上班天天迟到", "112路公交车"),
    ("学校强制订购校服，不买不让进校门", "强制订购校服"),
    ("健身房跑路，我办的三年卡还有五千块没用", "健身房跑路"),
    ("中介骗了我两千块押金，要求退款", "骗了我两千块押金"),
    ("自来水发黄有异味，三栋四栋都这样", "自来水发黄"),
    ("暖气不热，家里只有十四度，还有老人和婴儿", "暖气不热"),
    ("天然气什么时候通？说好去年底的", "天然气什么时候通"),
    ("路面塌陷了一个大坑，在建设路与人民路交叉口", "塌陷"),
    ("广场舞音响太大，晚上十点还不停", "广场舞音响太大"),
    ("路边的树倒了，压到一辆车", "树倒了"),
    ("楼道堆满杂物，消防栓都被挡住了", "楼道堆满杂物"),
    ("邻居私自搭建阳光房，影响我家采光", "搭建阳光房"),
    ("高空抛物，昨天一个酒瓶砸下来，差点出人命", "高空抛物"),
    ("快递柜收费太贵，超过一天就收一块钱", "快递柜收费太贵"),
    ("停车场乱收费，标价五元收了十五元", "停车场乱收费"),
    ("小区群租房一套住二十多个人，安全隐患大", "群租房"),
    ("工厂夜里偷排废气，一开窗就是刺鼻的味道", "偷排废气"),
    ("河里漂着死鱼，水又黑又臭", "河里漂着死鱼"),
    ("买的房子延期交房一年多了，开发商不给说法", "延期交房"),
    ("房产证办了两年还没下来，请问卡在哪里", "房产证"),
    ("社保断缴了两个月，怎么补缴", "社保断缴"),
    ("公积金贷款审批太慢，卖家要收违约金了", "公积金贷款审批太慢"),
    ("残疾证到期了，行动不便，能不能上门办", "残疾证到期"),
    ("低保金这个月没有到账", "低保金这个月没有到账"),
    ("老人证在哪里办？", "老人证在哪里办"),
    ("我叫小赵，家住北街，楼下KTV半夜唱歌，睡不着。", "KTV半夜唱歌"),
    ("12345你好：体育馆的停车位被公司占用，市民无处停车。", "停车位被公司占用"),
    ("谢谢上次帮忙修好了路灯！这次是人行道地砖松了，踩一脚水。", "地砖松了"),
    ("尊敬的各位领导，你们好！感谢您看我的留言。幸福里二期交房后墙面开裂，开发商拒绝维修。", "墙面开裂"),
    ("唔該幫手睇下，屋邨門口啲垃圾好臭", "垃圾好臭"),
    ("Street lamp is broken at the north gate of the park", "Street lamp"),
    ("反映问题：城东市场的活禽摊违规宰杀，地上全是鸡毛和血水。", "违规宰杀"),
    ("一楼商铺把空调外机装在人行道上，热风对着行人吹，投诉两次了没人来。", "空调外机装在人行道上"),
    ("今年三月我在某培训班交了八千元，上了两次课就关门了，请求退费。", "八千元"),
)  # fmt: skip
NUMBERS = re.compile(r"\d{7}")


@pytest.mark.parametrize(("text", "holds"), MESSAGES)
def test_the_line_tells_the_matter(text: str, holds: str) -> None:
    line = summarise(text)
    assert holds in line
    assert len(line) <= LONGEST
    assert not line.startswith(("尊敬", "您好", "你好", "谢谢"))


@pytest.mark.parametrize(
    "text", ["", "您好", "谢谢领导！", "请问在吗？", "嗯嗯好的", "盼回复，此致敬礼", "13800138000", "！！！"]
)
def test_a_text_that_says_nothing_has_no_line(text: str) -> None:
    assert summarise(text) == ""


def is_chain(line: str, text: str) -> bool:
    at = 0
    for piece in line.split(GAP):
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


SIGNS = st.sampled_from("路灯坏了请希望没人管小区门口，。！？ \n…13800138000@*（）abc您好谢谢领导投诉")


@given(st.text(SIGNS, max_size=200) | st.text(max_size=200), st.integers(8, 60))
def test_a_line_is_a_chain_of_the_text_never_longer_and_without_numbers(text: str, limit: int) -> None:
    text = text.replace(GAP, " ")
    line = summarise(text, limit=limit)
    assert len(line) <= limit
    assert is_chain(line, text)
    assert not NUMBERS.search(line)


@pytest.mark.parametrize(
    "number", ["13800138000", "138 0013 8000", "138****8000", "幺三八零零幺三八零零零", "a.b@mail.cn"]
)
def test_a_number_to_reach_somebody_never_gets_into_the_line(number: str) -> None:
    line = summarise(f"路灯坏了请联系我{number}，公园门口的路灯坏了")
    assert number not in line
    assert "路灯坏了" in line


@pytest.mark.parametrize(
    ("title", "text", "line"),
    [
        ("路灯坏了", "公园门口的路灯坏了三天", "路灯坏了"),
        ("", "您好！公园门口的路灯坏了三天。谢谢", "公园门口的路灯坏了三天"),
        ("投诉", "您好！公园门口的路灯坏了三天", "公园门口的路灯坏了三天"),
        ("您好！公园门口的路灯坏", "您好！公园门口的路灯坏了三天", "公园门口的路灯坏了三天"),
        ("公园门口的路灯坏了", "公园门口的路灯坏了。已经三天", "公园门口的路灯坏了"),
        ("您好", "嗯嗯好的", "您好"),
        ("", "嗯嗯好的", "嗯嗯好的"),
    ],
)
def test_a_title_that_tells_nothing_gives_way_to_the_line(title: str, text: str, line: str) -> None:
    assert line_of(title, text) == line
    assert is_poor(title, text) == (line != title or title == "您好")
