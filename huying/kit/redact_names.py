"""What may be a person's name in Chinese: surnames, words that only begin like one, and where a name ends."""

from __future__ import annotations

import re

# The hundred-odd surnames that cover most people, and the double ones; those that are mostly ordinary words
# (向, 时, 全, 项, 相, 有 …) are left out: text that cannot be read helps nobody.
_DOUBLE = "欧阳|上官|司马|诸葛|司徒|东方|夏侯|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木|南宫|百里"
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严"
    "牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢骆岳齐梅庄辛管祝左涂谷祁欧阮涂冼卓蓝甘莫麦游霍柯梅盛童詹覃凌缪翁"
)
FIRST = _SINGLE + "".join(name[0] for name in _DOUBLE.split("|"))
SURNAME = f"(?:{_DOUBLE}|[{_SINGLE}])"
HANZI = "[\u4e00-\u9fa5]"
# Words that begin with one of these characters and are nobody.
_WORDS = """
丁字 丁点 万一 万元 万物 万科 万象 万达 严厉 严惩 严查 严格 严禁 严管 严重 严防 乔木 乔迁
于今 于是 于此 任何 任务 任性 任意 任由 任课 何人 何以 何况 何处 何必 何时 余下 余人 余件
余元 余名 余地 余天 余家 余年 余户 余次 余温 余米 余起 余震 余额 兰州 兰花 关于 凌乱 凌晨
卓越 单位 卫生 史上 叶子 周一 周三 周二 周五 周六 周内 周前 周后 周四 周围 周年 周日 周期
周末 周转 周边 周遭 唐突 唐装 夏令 夏天 夏季 孔洞 季度 季节 安保 安全 安宁 安居 安心 安抚
安排 安检 安监 安置 安装 安静 宋体 尤其 岳母 岳父 左侧 左右 左手 左拐 左转 左边 常住 常委
常常 常年 常态 常用 常见 常规 常识 平安 庄严 庄园 庄稼 康乐 康体 康养 康复 张灯 张贴 成年
文书 文件 文体 文具 文化 文化站 文员 文明 文章 方便 方向 方圆 方式 方形 方才 方案 方面 施划
施压 施工 施放 施救 施肥 易发 易拉 易燃 易碎 易积 曾在 曾经 朱砂 李子 杜绝 杨树 杨梅 林业
林地 林场 林木 林立 林荫 柳树 梁上 梁柱 梅林 梅花 欧洲 欧美 武力 武装 武警 段落 毕业 毕竟
毛坯 毛病 水平 江北 江南 江岸 江水 江湖 江苏 江西 江边 江门 汤圆 汤水 河南 洪峰 洪水 洪涝
温州 温差 温度 温水 温泉 温馨 游乐 游客 游戏 游泳 游走 熊孩 熊猫 牛奶 牛肉 甘蔗 田园 田地
田间 申办 申报 申诉 申请 申领 白天 白班 白色 白蚁 白领 盛夏 盛大 盛满 石化 石块 石墩 石头
石子 石材 石板 石油 石灰 祝愿 祝福 秦岭 程序 程度 章节 童年 童装 简单 管养 管委 管家 管护
管控 管治 管理 管理员 管理处 管理费 管线 管网 管辖 管道 罗列 罗湖 胡乱 胡同 胡说 苏州 苏打 苏醒
范例 范围 莫名 莫非 蓝牌 蓝色 许可 许多 谢谢 谷底 谷物 谷雨 贺卡 贺岁 贺电 连续 金地 金属
金桂 金牌 金秋 金融 金额 钟声 钟头 钟楼 钟点 钟表 钱包 钱款 钱财 陈列 陈旧 陈设 陈述 陶瓷
雷同 雷电 雷雨 韩国 顾及 顾客 顾虑 顾问 马上 马桶 马路 马蹄 马达 高一 高三 高中 高二 高于
高价 高位 高低 高压 高层 高峰 高度 高架 高楼 高温 高空 高管 高考 高血 高达 高速 高铁 高额
高龄 何来 何经 何登 何保 方一 万修 常清 武广 武汉 辛辛 辛勤 万民 蓝天 蓝光 梅溪 江山 金星
黄兴 黄金 东方红 东方航 雷峰 雷锋 齐心 文艺 盛世 万国 金峰 金洲 金鹰 梅岭 方略 方城 易中 万家丽
万润 万来 谷山 伍家岭 伍仁 杨柳 白云 白石 白龙 温斯 王老吉 石景 龙学 文昌 金阳 金路 金靖 金晖
梅赛 凌霄 安全 居安 感谢 主任 责任 信任 担任 历任 前任 现任 物管 公安 保安 治安 保管 城管
尽管 监管 主管 分管 不管 对于 由于 位于 属于 处于 至于 终于 等于 鉴于 日常 正常 非常 经常
通常 异常 平常 如何 为何 几何 剩余 其余 多余 业余 千万 百万 数万 上万 几万 地方 官方 对方
双方 各方 多方 西方 南方 北方 警方 校方 甲方 乙方 资方 我方 立方 平方 黄土 黄牛 黄线 黄色
黎明 齐全 齐备 龙井 龙华 龙头 龙岗 龙田 龙舟
"""
NOT_A_NAME = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)))
# Characters no given name holds: what follows the surname is then another word.
_NOT_GIVEN = (
    "的是在有了说和跟与及对给被把让请由向到从也都还又就没不这那个位名家着来去吗吧呢啊要会能可住电手机号先女"
)
GIVEN = f"(?![{_NOT_GIVEN}]){HANZI}"
# What may follow a name in a sentence.
AFTER_NAME = (
    r"(?=$|[\s，。、；：:,.;!！?？（）()“”\"'\-—/0-9A-Za-z+]|[的说是在有了和跟与及对给被把让请由向到从也都还又就没不来去住"
    r"称已于因电手联微拨投反要会先女身年岁男报表示家等老师])"
)
# After these a name may begin with 任, though 主任 is a word.
_OWNERS = ("业主", "户主", "房主", "车主", "机主", "店主", "债主", "失主")


def is_word(text: str, start: int, end: int) -> bool:
    """Return whether a word that is nobody's name begins here, or one character before.

    方圆 is such a word, 方圆圆 is a name.
    """
    before = NOT_A_NAME.match(text, start - 1) if start else None
    if before is not None and before.end() > start and text[max(0, start - 2) : start] not in _OWNERS:
        return True
    word = NOT_A_NAME.match(text, start)
    return word is not None and not (word.end() < end and text[end - 1] == text[end - 2])
