"""Finds names in their context: after who somebody is, before what people do, beside other names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huying.kit.redact_names import AFTER_NAME, FIRST, GIVEN, SURNAME, is_word

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters given names are made of; a character that is mostly something else in a sentence is in _BETWEEN.
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌海燕春生晓小大永福龙凤飞鹏宇浩子轩梓涵思远"
    "诗雨欣怡佳琪嘉俊豪博睿晨曦阳光辉煌耀祥瑞林森木松柏枫桐梧荣昌盛兴旺富贵财宝珍珠玲珑琳琅琴瑶瑾瑜璐璇莹莉莎菲蓉"
    "蕾薇芬芝芸茜茹荷莲菊萍萱蓝翠青绿紫丹彤云霄雪霜露冰凌清洁净波江河湖泽润泉源溪涵深渊山峰岩岳岭峻川石磐坚刚毅"
    "力武威虎豹雄彪振邦定安康健宁泰顺利和谐诚信义仁礼智忠孝贤良德正直善美好慧聪颖敏捷巧妙灵秋冬夏月星辰日昊天宏伟广"
    "博达通仕学书墨翰诗琴棋画歌舞乐音韵悦欢喜笑甜蜜爱情心恋慕念思忆梦圆缘爽凯旋胜利捷启航程鸿鹄翔鹰燕莺鹤鸣雷震霆"
    "电闪炎焱烨煜炜炳灿炫照熙旭昕晗晖晶晴朗明亮景世民族柱梁栋材树根才元亨贞吉庆喜寿增添守一家传继承祖先宗耀绍昭"
    "素淑娴婷婉娇媚妍姝姗婧婕媛嫣娥娣妹姐姑勤俭朴简约瑶琼瑛琪琦琛珊珂玥玫瑰蓓蕊薰兰蕙莘若依伊尔亚非凡奇特立群众友"
    "朋邻亲君臣相将士兵卫东西南北中原方圆正乾坤宏图展雁翎羽毛翼少老幼童长短高进步前后胜卓越优秀苗嘉慈航修业成功发"
    "仲伯叔季孟仪容颜俏倩巍巧冉再然燃亦益艺怀化代代保全勉万千百十双三四五六七八九贵有才来水火土金银铜铁钢锋锐利剑"
    "钧钰铭鑫锦绣绮纹经纬纶绪维纲常庭轩阁宽厚传耕读书香卿卉晋陆宾则徐宪章典范立本初心尚上善若水思齐望月笛箫茵菁"
    "萌蒙娅妮露珍丝迪娃泓沛沐沁汐淼渝湘滨潇澜瀚澄权标楠榕桦槐柳桃杏梨棠萧笙竹筠节操霖雯霏霓虹彩云帆舟舰船舸"
    "学礼贸敬恭让谦逊和睦平凡素朴真诚挚恳笃实练达谋略策定国栋梁功勋业绩绵绍基础厦屋宇宙洪荒汉唐宋元明清朝旭晚霞晟"
    "韬韵颂赞谊谱谣诺诵词赋贝贤赐赛赫超越跃辛辰达迅迎运远连逸遥邦郎郁酉采里重野量金钊钗钟钦钱键镜镭长门闯闻"
    "阔队阳阴阿陆陇陵隆际雅雍霸青静革韦音页顶顺顾顿颉领频颖题风飙飚首香馨驰驹骁骄骅骏骐骥骞魁魏鲁鲲鲜麒麟麦黎默齐龄"
    "彬彦彰影律循微徽忱念怜怡恒恩恬悌悟悠惇惠惟愉意愿慎懿戈战扬抒拓挺授捷掌揽援摇操攀政教敖散敦斐斗斯新施日旦旭"
    "鸣铮铠锴珏珺瑄玮玺琨瑀璟璋瓒轶轲郡昀昱晔暄旸晏曼楚楷槟榛檀杉帅师尧舜禹劲励劭匡含启呈喆嗣囡圣培基堃壮夫奎奕妤孜宛宜宣宸寅"
    "岑岚崇崎嵘帝庚延弘恺拥拯昂映棣殊毓沅洲浚涓淇淳渤渭滔漪漫潮灏熠犇珩瑗甄畅皓盈矜研砚硕祎祯禄禾秉稼竞筱纯罡羲翀翊耿肖"
    "臻舒艾芃芊芮苇苓苒茗荃菡葵蒲蓬蔚蔓虔蝶衡裕誉谨豫赟载述逊遵邵郅铎锟镕闽阅雁霁靓靖韶颐飒飘馥鸽黛如堂台丰磊鹃男"
)
_PLAIN = "".join(sorted(set(_GIVEN)))
# In a sentence these rather begin what is said of somebody: they end a name only where it plainly ends there.
_BETWEEN = (
    "发来有上前后中成长家先将相立再让进照连传认意重代保有全展门方里学通光正情向则定运领化利和经"
    "在年多才从老重男延映载述宣呈含研培基夫师台堂丰法理漫拥肖圣"
)
_SURE = "".join(sign for sign in _PLAIN if sign not in _BETWEEN)
_G, _S = f"(?!大[道桥厦学楼酒]|小[区学镇])[{_PLAIN}]", f"(?!大[道桥厦学楼酒]|小[区学镇])[{_SURE}]"
# What no name stands before: places, offices, firms and things called by a name; heads of governments, who
# act in public.
_NOT_BEFORE = (
    r"(?!里\d|口|坊|路|街|村|镇|乡|屯|庄|湾|巷|桥|站|港|小区|社区|花园|公园|广场|大道|小学|中学|大学|学校"
    "|医院|公司|集团|市场|商场|超市|金店|酒店|饭店|餐厅|大厦|大楼|品牌|[副代]?[市区县省镇乡州厅部][长委府]|总理|主席|总书记|精神|教授|故居|纪念)"
)
_FULL = re.compile(
    rf"{SURNAME}(?:{_G}{_S}|{_G}{_G}{AFTER_NAME}|{GIVEN}{GIVEN}{AFTER_NAME}|{_S}){_NOT_BEFORE}"
)
# Who somebody is, right before the name; a single character needs another before it.
_ROLE_WORDS = """
儿子 女儿 儿媳 女婿 孩子 小孩 老公 老婆 爱人 妻子 丈夫 前夫 前妻 父亲 母亲 爸爸 妈妈 我爸 我妈 他爸
他妈 她爸 她妈 爷爷 奶奶 外公 外婆 姥姥 姥爷 岳父 岳母 公公 婆婆 哥哥 弟弟 妹妹 姐姐 表哥 堂哥 大哥
表弟 堂弟 表姐 堂姐 大姐 表妹 堂妹 姐夫 妹夫 嫂子 侄子 侄女 外甥 孙子 孙女 舅舅 叔叔 姑姑 阿姨 男友
女友 男朋友 女朋友 子妈妈 同学 同事 朋友 邻居 房东 租客 租户 业主 户主 房主 车主 机主 店主 债主 住户 村民
居民 市民 老板 老板娘 包工头 工头 中介 司机 会计 出纳 医生 大夫 护士 护工 老师 教练 班主任 学生 患者 死者
逝者 伤者 新郎 新娘 家长 肇事者 消费者 代表 保安 经理 队长 组长 店长 厂长 股东 主播 网红 战友 老乡 男子
女子 妇女 青年 举报 投诉 转告 告诉 通知 感谢 找到 联系 控告 起诉 个叫 有人叫 职工 工人 民工 嫌犯 名叫
姓名 署名 身份证 卡主 那个 我是 名字
"""
_ROLES = frozenset(_ROLE_WORDS.split())
_ROLE_ENDS = frozenset("人员")
_LINK = re.compile("(?:是|名叫|叫|为)$")
_LONGEST_ROLE = 4
# Where a name may begin without any word for what somebody is.
_OPEN = frozenset(
    " \t\n，。、；：:,.;!！?？(（)）“”\"'《》和与跟被把给向找由叫对请同及0123456789日月号了让替为是"
)
# Words as often as surnames: only after what somebody is.
_RATHER_WORDS = frozenset("于任管常余万方安武东蓝段")
_BARE = re.compile(rf"{SURNAME}(?:{_S}{_S}|{_G}{_S}|{_S}{_G}(?={AFTER_NAME})){_NOT_BEFORE}")
# What only people do or are: enough for a name of two characters.
_DOES = (
    "欠|打[我了人他她]|骂|骗|收了|抢|偷|跑了|逃|同学|家长|这个人|此人|，?[(（]?[男女][，,、）)\\s\\d]|[两二俩]人|都可以|都能|先动"
    "|不[给肯还退]|拒|签|说|称|承认|答应|家里|的(?:家属|老婆|老公|儿子|女儿|父亲|母亲|电话|身份证|户口|钱|车)|[她他]的|喝酒|开车|长期|天天"
    "|经常|多次|私自|威胁|辱骂|借|今年\\d|去世|失联|失踪|受伤|住院|摔|要钱|带着|一家|夫妇|夫妻"
)
_ONE = re.compile(rf"{SURNAME}{_S}(?={_DOES})")
_HANDED = frozenset("由被给找跟与诉托转")
_HANDED_TO = re.compile(rf"{SURNAME}{_S}(?!{_S}){_NOT_BEFORE}")
_HEAD = re.compile(f"[{FIRST}](?=[{_PLAIN}阳官马葛徒方侯甫迟孙容狐文木宫里])")
_AND = re.compile(rf"[和与跟、及](?P<x>{SURNAME}{_G}(?:{_S})?)(?={AFTER_NAME}|[、与跟都两二三四五])")
_AND_BEFORE = re.compile(rf"(?P<x>{SURNAME}{_G}(?:{_S})?)[和与跟、及]$")
_FAR = 6


def names_in_context(text: str) -> Iterator[tuple[int, int]]:
    """Find names of people in a sentence; those of places, firms and heads of governments stay."""
    found = []
    for head in _HEAD.finditer(text):
        span = _name_at(text, head.start())
        if span is not None and not is_word(text, *span):
            found.append(span)
            yield span
    for start, end in found:
        yield from _beside(text, start, end)


def _name_at(text: str, start: int) -> tuple[int, int] | None:
    """Return the name that begins here, None when what stands before or behind does not speak for one."""
    rules = [_FULL] if _has_role(text, start) else []
    before = text[start - 1 : start]
    if (not before or before in _OPEN) and (
        text[start] not in _RATHER_WORDS or text[start + 1] in "小晓志秀桂丽永"
    ):
        rules += [_BARE, _ONE]
    if before in _HANDED:
        rules.append(_HANDED_TO)
    for rule in rules:
        found = rule.match(text, start)
        if found is not None:
            return found.span()
    return None


def _has_role(text: str, at: int) -> bool:
    before = text[max(0, at - _LONGEST_ROLE - 2) : at]
    before = _LINK.sub("", before) if before[-1:] in "是叫为" and before[-2:] not in _ROLES else before
    if any(before[-size:] in _ROLES for size in range(2, _LONGEST_ROLE + 1)):
        return True
    return before[-1:] in _ROLE_ENDS and before[-2:-1] >= "一"


def _beside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Find the names told in one breath with a name: 柳青和邢志国."""
    after = _AND.match(text, end)
    if after and not is_word(text, *after.span("x")):
        yield after.span("x")
    before = _AND_BEFORE.search(text, max(0, start - _FAR), start)
    if before and not is_word(text, *before.span("x")):
        yield before.span("x")
