"""Names in Chinese characters: their words in English, and the characters that tell homophones apart.

Transliteration gives each character a syllable, so that a form (有限公司) becomes four words of a name, one of them a
city, and two firms whose names only sound alike become one. Here the words of business, places and addresses
(`chinese_words.csv`, our own list) are put into English first; what is left is the firm's own name, written together as
its owner would write it in Latin letters, and its characters are kept.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

_CHARACTERS: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_TRADITIONAL: Final = (
    "東國廣寧貿電機實業進輕華與興榮豐義龍鳳馬魚鳥車輪門開關長張陳陸劉楊趙吳孫許鄭馮鄧蕭蔣賴鍾盧葉蘇嚴譚韓顧龔億萬聯達遠運圓團"
    "際區縣鎮號樓棟會總責應鏈藝禮膠製紡織絲綢線網紙筆書畫銅鐵鋼鋁錫鎂銀錢釘鑽鏡鎖鍋爐燈纜體發動態時間閃麗寶貝貴賢質資財貨費賀"
    "贏寬視覺規創優偉傑價傢衛術衝飛騰順頂預領題顏風齊龜師帥幣帶幫廠廟廳彈強歸歡歐歷殼殺氣漢溫灣濟濱灘潔澤燒爾獎獅環瑪瓊療盤監"
    "礦碼穩種穀競簡糧紅純級紛細終組結絡統經綠維緊緯練縱績繡繼續羅羣聖聲職膚臺艦艙莊蘭藍藥蟲補裝複見覽觀訊記設註評試話該詳誠語"
    "說調請論識證譜讀讓豬貓軟軸載輔輝輸轉辦農遲遙適選鄉醫釀鋒錦鍛陽陰隊階隨險雙雜難雲靈靜韻響頁項須頓額類顯飯飲飾館養騎驗驚鬆"
    "鮮鷹麥黃點銷營凱啟匯滙潤慶儀錠劍劑極構橋檔樣樂歲戰擇據擁擴攝徑從復愛懷戲屬島嶺巖壇執報塊壓夢奮婦嬰學專尋對導層嵐協單傳儲"
    "兒兩冊凍淨劃勁勝務勢壯"
)
_SIMPLIFIED: Final = (
    "东国广宁贸电机实业进轻华与兴荣丰义龙凤马鱼鸟车轮门开关长张陈陆刘杨赵吴孙许郑冯邓萧蒋赖钟卢叶苏严谭韩顾龚亿万联达远运圆团"
    "际区县镇号楼栋会总责应链艺礼胶制纺织丝绸线网纸笔书画铜铁钢铝锡镁银钱钉钻镜锁锅炉灯缆体发动态时间闪丽宝贝贵贤质资财货费贺"
    "赢宽视觉规创优伟杰价家卫术冲飞腾顺顶预领题颜风齐龟师帅币带帮厂庙厅弹强归欢欧历壳杀气汉温湾济滨滩洁泽烧尔奖狮环玛琼疗盘监"
    "矿码稳种谷竞简粮红纯级纷细终组结络统经绿维紧纬练纵绩绣继续罗群圣声职肤台舰舱庄兰蓝药虫补装复见览观讯记设注评试话该详诚语"
    "说调请论识证谱读让猪猫软轴载辅辉输转办农迟遥适选乡医酿锋锦锻阳阴队阶随险双杂难云灵静韵响页项须顿额类显饭饮饰馆养骑验惊松"
    "鲜鹰麦黄点销营凯启汇汇润庆仪锭剑剂极构桥档样乐岁战择据拥扩摄径从复爱怀戏属岛岭岩坛执报块压梦奋妇婴学专寻对导层岚协单传储"
    "儿两册冻净划劲胜务势壮"
)
_FOLDED: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_READINGS: Final = {"宁": "NING", "厦": "XIA", "长": "CHANG", "重": "CHONG"}
"""Characters that the transliteration reads otherwise than names do."""


def in_english(text: str) -> str:
    """Return a text with its Chinese words in English, and other Chinese characters as one word each run."""
    return _CHARACTERS.sub(_run_in_english, text)


def own_characters(text: str) -> str:
    """Return the Chinese characters of a name that no word of business or place explains, simplified, in order."""
    return "".join(_words().sub("", run.translate(_FOLDED)) for run in _CHARACTERS.findall(text))


def are_homophones(mine: str, theirs: str) -> bool:
    """Return whether two names are written with other characters where they sound alike: two names, not one."""
    return any(
        here.isdisjoint(there) for sound, here in _by_sound(mine).items() if (there := _by_sound(theirs).get(sound))
    )


def _run_in_english(match: re.Match[str]) -> str:
    words = re.split(f"({_words().pattern})", match[0].translate(_FOLDED))
    known = _meanings()
    return "".join(f" {known[word] if word in known else ''.join(map(_sound, word))} " for word in words if word)


def _sound(character: str) -> str:
    return _READINGS.get(character) or unidecode(character).strip()


def _by_sound(characters: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for character in characters:
        found.setdefault(_sound(character), set()).add(character)
    return found


@cache
def _meanings() -> dict[str, str]:
    with files(__package__).joinpath("chinese_words.csv").open(encoding="utf-8") as file:
        return {row["written"]: row["means"] for row in csv.DictReader(file)}


@cache
def _words() -> re.Pattern[str]:
    """Return the pattern of all known words, the longest first."""
    return re.compile("|".join(sorted(map(re.escape, _meanings()), key=len, reverse=True)))
