"""Folds characters that mean the same into one, without moving any position in the text."""

from typing import Final

# Traditional then simplified, in pairs: characters residents' messages and the danger phrases need.
# Chosen by hand where one traditional form has one simplified form; not a full conversion table.
_TRADITIONAL: Final = (
    "氣气漏漏燒烧煙烟電电線线觸触墜坠樓楼溺溺塌塌陷陷倒倒圍围牆墙樹树廣广場场馬马車车輛辆門门窗窗"
    "鎖锁梯梯機机電电燈灯壞坏亂乱擺摆攤摊攔拦擋挡臭臭髒脏圾圾運运輸输處处理理罰罚單单據据訴诉投投"
    "責责產产業业務务員员會会議议請请問问題题級级學学校校園园師师傅傅醫医療疗藥药護护飲饮飯饭館馆館馆"
    "滅灭災灾難难傷伤殺杀斃毙綁绑劫劫搶抢騙骗詐诈賭赌毒毒槍枪彈弹爆爆響响聲声噪噪擾扰鄰邻戶户區区"
    "縣县鎮镇鄉乡村村路路橋桥溝沟渠渠蓋盖溢溢澇涝積积滲渗牆墙頂顶層层間间廁厕廳厅廠厂倉仓庫库貨货"
    "費费價价錢钱幣币貸贷款款賬账帳帐稅税資资薪薪險险障障勞劳動动僱雇傭佣約约簽签證证書书檔档冊册"
    "嬰婴兒儿婦妇殘残疾疾養养護护親亲媽妈爺爷奶奶孫孙孩孩歲岁獨独離离異异結结婚婚遺遗囑嘱繼继承承"
    "關关於于與与無无還还沒没這这裡里裏里個个們们來来時时現现發发開开過过說说話话應应該该須须對对錯错"
    "後后從从為为當当實实際际將将讓让給给連连續续總总經经營营業业專专長长遠远邊边邊边側侧東东西西南南"
    "馮冯馳驰騎骑驚惊嚇吓嚴严厲厉緊紧急急壓压掛挂釣钓鋼钢鐵铁銅铜鋁铝鉛铅鑽钻鑰钥鍋锅爐炉灶灶煤煤"
    "瓦瓦罐罐瓶瓶竄窜竊窃貓猫鼠鼠蟲虫鳥鸟雞鸡鴨鸭魚鱼豬猪龍龙蟻蚁蜂蜂鬥斗毆殴喊喊哭哭鬧闹吵吵嗆呛"
    "斷断裂裂縫缝縫缝剝剥脫脱掉掉墮堕搖摇晃晃傾倾斜斜滑滑溼湿潑泼濕湿淹淹沒没洩泄泄泄汙污污污濁浊"
    "廢废棄弃舊旧換换買买賣卖購购訂订貼贴紙纸畫画牌牌標标誌志號号碼码數数據据網网絡络訊讯號号"
    "頻频視视頻频攝摄錄录監监測测報报警警檢检查查驗验審审批批準准許许執执照照罷罢遷迁拆拆違违建建築筑"
    "臺台颱台風风颳刮雲云霧雾熱热凍冻凉凉涼凉溫温暖暖氣气濃浓淡淡劑剂鹼碱酸酸鹽盐糧粮麥麦麵面糾纠紛纷"
    "幫帮謝谢謝谢歡欢迎迎禮礼貌貌態态度度慮虑憂忧鬱郁懼惧懷怀疑疑誤误導导騷骚擾扰侵侵權权益益維维"
    "著着佔占週周遊游佈布佔占係系繫系衝冲決决減减淨净凈净灣湾溉溉滯滞漲涨潔洁澤泽塵尘埃埃墊垫堅坚"
    "壩坝壯壮壽寿夠够夢梦奪夺奮奋嶺岭島岛峽峡嶄崭幹干廟庙廈厦彎弯彈弹徑径復复愛爱慣惯戰战戲戏拋抛"
    "掃扫揀拣損损搗捣撥拨撲扑擊击擔担擠挤擴扩攪搅敗败敵敌斂敛暫暂暈晕曬晒條条楊杨榮荣槓杠樣样橫横欄栏"
    "歷历歸归殼壳毀毁氫氢洶汹涇泾濟济瀉泻灑洒爭争牽牵犧牺狀状獲获瑪玛環环瘋疯瘡疮癢痒皺皱盜盗盤盘眾众"
    "睏困礦矿碩硕磚砖禍祸窩窝窮穷競竞筆笔節节範范簡简籃篮糞粪純纯紅红細细終终組组綠绿緩缓練练縮缩"
    "織织繩绳繳缴罵骂羅罗習习聯联職职聽听肅肃脈脉腦脑腫肿膠胶臉脸臨临興兴艦舰艙舱藝艺蘇苏蘭兰虧亏"
    "術术衛卫補补裝装製制複复襲袭見见規规覽览觀观計计討讨記记訪访設设診诊詢询試试詳详誠诚調调談谈論论"
    "譯译讀读變变豐丰貓猫貝贝負负貢贡貧贫貫贯貴贵賓宾賞赏賠赔質质趕赶趙赵跡迹踐践蹤踪軟软軌轨軍军輕轻"
    "輪轮轉转轎轿辦办農农遞递選选適适遲迟郵邮醬酱釋释針针鈴铃銀银銷销錶表鍵键鏈链鏟铲鏡镜鐘钟閉闭"
    "閒闲闆板闖闯闡阐陣阵陽阳陰阴陳陈隊队階阶隨随隱隐隻只雖虽雜杂霉霉靈灵靜静韌韧項项順顺預预領领頓顿"
    "頭头顆颗願愿顯显類类顧顾飛飞飄飘餓饿餘余餐餐駕驾駛驶騰腾驅驱驗验鬆松鮮鲜麻麻黃黄點点黨党齊齐齡龄"
)
# Surrogates and control characters become spaces: no library underneath has to survive them.
_BROKEN: Final = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x200B, 0x2010),
    0xFEFF,
    *range(0xD800, 0xE000),
)


def _table() -> dict[int, int]:
    table = {ord(a): ord(b) for a, b in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True) if a != b}
    table.update(dict.fromkeys(_BROKEN, 32))
    table.update({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})  # full width to ASCII
    table[0x3000] = 0x20
    table.update({ord(char): ord(char.lower()) for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    table.update({0xFF21 + i: ord("a") + i for i in range(26)})
    table[ord("\n")] = ord("\n")
    return table


_FOLD: Final = _table()


def fold(text: str) -> str:
    """Return `text` in lower case, half width and (mostly) simplified characters.

    Every character becomes exactly one character, so a position in the folded text is a position in
    the original. Control characters and lone surrogates become spaces; line ends stay.
    """
    return text.translate(_FOLD)
