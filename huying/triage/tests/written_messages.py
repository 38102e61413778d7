"""Messages put together from written pieces, a few hundred in three matters, the same every time."""

import random
from typing import Final

from huying.triage.core.learning import Example

_MATTERS: Final = {
    "环境保护": (
        [
            "搅拌厂夜里排放粉尘",
            "河道里污水发黑发臭",
            "烧烤摊油烟呛人",
            "工地半夜施工噪音很大",
            "化工厂废气刺鼻",
        ],
        ["窗户不敢开", "孩子咳嗽不止", "水面漂着死鱼", "整栋楼都睡不着", "衣服晾出去一层灰"],
    ),
    "交通运输": (
        ["公交车等了四十分钟不来", "路口红绿灯坏了", "出租车拒载", "客车站乱收费", "这条路坑坑洼洼没人修"],
        ["上班天天迟到", "已经撞了两回", "老人过不了马路", "司机态度恶劣", "轮胎都扎破了"],
    ),
    "教育文体": (
        ["学校强制学生补课", "幼儿园乱收保教费", "小学学位不够", "老师体罚学生", "体育场不对居民开放"],
        ["孩子没有书读", "家长意见很大", "收费没有发票", "作业写到十一点", "看台一直锁着"],
    ),
}
_ABOVE: Final = {"环境保护": "城市", "交通运输": "城市", "教育文体": "社会"}
_WHO: Final = (
    "我是附近的住户",
    "本人住在三号楼",
    "我们几个邻居商量后写信",
    "我在这里开店多年",
    "作为一名家长",
)
_ASKING: Final = ("请派人来看看", "希望尽快处理", "盼复", "打过电话没人管", "请给我们一个答复")


def written_messages(count: int = 240, seed: int = 1) -> list[Example]:
    """Return so many examples; texts of one matter share their pieces, none is like another as a whole."""
    drawn = random.Random(seed)  # noqa: S311 - a fixed seed is the point
    labels = list(_MATTERS)
    examples = []
    for number in range(count):
        label = labels[number % len(labels)]
        matters, harms = _MATTERS[label]
        house = f"{drawn.choice('东西南北')}{drawn.choice('山河桥塘')}路{drawn.randrange(1, 400)}号"
        pieces = [
            drawn.choice(_WHO),
            f"{house}{drawn.choice(matters)}",
            drawn.choice(harms),
            drawn.choice(_ASKING),
        ]
        text = "，".join(pieces) + "。"
        examples.append(Example(text, label, str(number), path=(_ABOVE[label],)))
    return examples
