"""Names in Chinese characters: homophones are other firms, and a firm's own name in Latin letters is the same one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline.entities.matching.cluster import JOINED_FROM
from pipeline.entities.matching.index import COLUMNS
from pipeline.entities.matching.resolve import entities_of
from pipeline.entities.matching.score import REFUSED, STORED_FROM, reasons, score
from pipeline.entities.names.chinese import are_others, in_english, own_characters
from pipeline.entities.names.features import side
from pipeline.entities.names.parse import parse
from pipeline.entities.names.serialization import side_of, text_of
from simulator.known_variants import SCHEMA as known

STREET = "号 中山路 宁波市"
HOMOPHONES = [
    ("宁波华信贸易有限公司", "宁波花心贸易有限公司"),
    ("宁波恒达五金有限公司", "宁波横大五金有限公司"),
    ("深圳市宏远电子科技有限公司", "深圳市鸿源电子科技有限公司"),
    ("上海金泰国际贸易有限公司", "上海锦泰国际贸易有限公司"),
    ("佛山市嘉美家具厂", "佛山市佳美家具厂"),
    ("青岛海林橡胶制品有限公司", "青岛海霖橡胶制品有限公司"),
    ("厦门新丰石材进出口有限公司", "厦门鑫丰石材进出口有限公司"),
    ("苏州明志服装有限公司", "苏州铭智服装有限公司"),
    ("東莞市永興塑膠制品有限公司", "东莞市勇兴塑胶制品有限公司"),
    ("义乌市瑞祥玩具有限公司", "义乌市瑞翔玩具有限公司"),
    ("天津立达钢铁有限公司", "天津利达钢铁有限公司"),
    ("广州德盛照明有限公司", "广州得胜照明有限公司"),
]
NEARLY_ALIKE = [
    ("宁波新华五金有限公司", "宁波兴华五金有限公司"),
    ("宁波晨光文具有限公司", "宁波诚光文具有限公司"),
    ("株式会社光洋製作所", "株式会社広陽製作所"),
    ("JINHONG TOYS 锦宏玩具", "JINHONG TOYS 金红玩具"),
    ("中外运物流 O/B OF 宁波锦宏玩具有限公司", "中外运物流 O/B OF 宁波金红玩具有限公司"),
]
ONE_FIRM = [
    ("株式会社広陽製作所", "(株)廣陽製作所"),
    ("福州鴻圖傢俱有限公司", "福州鸿图家具有限公司"),
    ("JINHONG TOYS 锦宏玩具", "JINHONG TOYS"),
    ("宁波华信贸易有限公司", "宁波华信贸易有限公司"),
    ("宁波华信贸易有限公司", "寧波華信貿易有限公司"),
    ("宁波华信贸易有限公司", "宁波华信贸易公司"),
    ("宁波华信贸易有限公司", "NINGBO HUAXIN TRADING CO., LTD."),
    ("深圳市宏远电子科技有限公司", "深圳宏远电子科技有限公司"),
    ("東莞市永興塑膠制品有限公司", "东莞市永兴塑胶制品有限公司"),
    ("青岛海林橡胶制品有限公司", "QINGDAO HAILIN RUBBER PRODUCTS CO LTD"),
    ("厦门新丰石材进出口有限公司", "XIAMEN XINFENG STONE IMPORT AND EXPORT CO., LTD"),
]


def _score(mine: str, theirs: str, houses: tuple[int, int] = (18, 20)) -> float:
    named = [
        side(parse(name, f"{house}{STREET}", country="CN")) for name, house in zip((mine, theirs), houses, strict=True)
    ]
    return score(*named)


@pytest.mark.parametrize(("mine", "theirs"), HOMOPHONES)
def test_homophones_of_neighbouring_houses_are_two_firms(mine: str, theirs: str) -> None:
    assert parse(mine, "").clean_name == parse(theirs, "").clean_name, "they sound alike"
    assert _score(mine, theirs) == REFUSED


@pytest.mark.parametrize(("mine", "theirs"), NEARLY_ALIKE)
def test_names_that_sound_nearly_alike_are_two_firms(mine: str, theirs: str) -> None:
    assert _score(mine, theirs) < STORED_FROM


@pytest.mark.parametrize(("mine", "theirs"), ONE_FIRM)
def test_other_ways_to_write_one_name_are_one_firm(mine: str, theirs: str) -> None:
    assert _score(mine, theirs, (18, 18)) > JOINED_FROM


def test_words_of_business_and_places_are_put_into_english() -> None:
    assert in_english("寧波華信貿易有限公司").split() == ["NINGBO", "HuaXin", "TRADING", "CO", "LTD"]
    assert own_characters("TO ORDER OF 寧波華信貿易有限公司") == "华信"
    assert own_characters("NINGBO HUAXIN TRADING CO LTD") == ""


def test_name_with_more_characters_may_be_the_same_one() -> None:
    assert are_others("华信", "花心")
    assert are_others("华信", "明志")
    assert not are_others("华信", "华信达")
    assert not are_others("华信", "")


def test_name_in_latin_letters_joins_no_firms_that_only_sound_alike() -> None:
    latin = [f"NINGBO HUAXIN TRADING {form}" for form in ("CO., LTD.", "CO LTD", "COMPANY LIMITED")]
    names = [*HOMOPHONES[0], *latin]
    empty = dict.fromkeys(COLUMNS)
    rows = [
        {**empty, "spelling_id": number, "party_kind": "supplier", "raw_name": name, "raw_address": "NINGBO CHINA"}
        for number, name in enumerate(names)
    ]
    variants = pa.Table.from_pylist(rows, schema=pa.schema([known.field(name) for name in COLUMNS]))
    found = entities_of(variants)["entity_id"].to_pylist()
    assert found[0] != found[1]
    assert set(found[2:]) <= set(found[:2])


def test_character_that_an_input_method_mistook_is_one_firm_at_one_house() -> None:
    assert _score(*HOMOPHONES[0], (18, 18)) > JOINED_FROM


def test_reasons_name_the_characters() -> None:
    one, other = (side(parse(name, f"20{STREET}")) for name in HOMOPHONES[0])
    assert "other characters" not in reasons(one, other)
    other = side(parse(HOMOPHONES[0][1], f"22{STREET}"))
    assert reasons(one, other).startswith("the names are written in other characters")


def test_characters_are_kept_with_the_parsed_name() -> None:
    parsed = parse("宁波花心贸易有限公司", f"20{STREET}")
    assert side_of(text_of(parsed)) == side(parsed)
    assert parsed.signature != parse("宁波华信贸易有限公司", f"20{STREET}").signature
