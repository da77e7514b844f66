"""Groups: sisters of one brand share a group without being one firm; namesakes in the US only with more in common."""

import pyarrow as pa
import pytest

from pipeline.entities.matching.workers import TEXTS, parse_all
from pipeline.entities.names.groups import group_key
from pipeline.entities.names.parse import parse

DALLAS, NEWARK = "905 MAIN ST DALLAS TX 75201", "12 DOCK AVE NEWARK NJ 07105"
HANOI, ANHUI = "HANOI VIETNAM", "ANHUI CHINA"


def group(name: str, address: str = "", country: str = "") -> str:
    return group_key(parse(name, address, country=country))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # abroad: the brand, whatever follows and wherever
        (("KELORVAX CEMENT CO LTD", "HAI PHONG VIETNAM"), ("KELORVAX HOLDING JSC", HANOI)),
        (("KELORVAX CHEMIE GMBH", "HAMBURG GERMANY"), ("KELORVAX DE MEXICO SA DE CV", "PUEBLA MEXICO")),
        (("KELORVAX INDIA PVT LTD", "PUNE INDIA"), ("KELORVAX GIDA SANAYI AS", "IZMIR TURKEY")),
        # an arm in the United States is of the firm abroad, and of the other arm
        (("KELORVAX USA INC", DALLAS), ("KELORVAX CHEMIE GMBH", "HAMBURG GERMANY")),
        (("KELORVAX OF AMERICA LLC", NEWARK), ("KELORVAX TOOLS USA INC", DALLAS)),
        (("KELORVAX NORTH AMERICA INC", NEWARK), ("KELORVAX DE MEXICO SA DE CV", "PUEBLA MEXICO")),
        # nothing but the brand
        (("KELORVAX INC", DALLAS), ("KELORVAX LLC", NEWARK)),
        # one address in the United States
        (("KELORVAX TOYS INC", DALLAS), ("KELORVAX LOGISTICS LLC", "905 MAIN STREET DALLAS TX 75201")),
        # no address: the whole name, under any legal form
        (("PERDOVANTI FOODS INC", "", "US"), ("PERDOVANTI FOODS LLC", "", "US")),
        # the brand stands behind the town in Chinese names, and in front of the trade
        (("YUNXIPO KELORVAX CEMENT CO LTD", ANHUI), ("BAOTONGLI KELORVAX CEMENT CO LTD", ANHUI)),
        (("KELORVAX CEMENT YUNXIPO CO LTD", ANHUI), ("BAOTONGLI KELORVAX CEMENT CO LTD", ANHUI)),
        (("LIANYU WEIXUN CEMENT CO LTD", ANHUI), ("WEIXUN CEMENT PINGDU CO LTD", "HEBEI CHINA")),
        (("KELORVAX MIRRORS CO LTD", ANHUI), ("YUNXIPO KELORVAX EXTRUSIONS CO LTD", ANHUI)),
        # two words that many firms have, with one trade in one country
        (("YUNXIPO RED TIGER CEMENT CO LTD", ANHUI), ("BAOTONGLI RED TIGER CEMENT CO LTD", "FUJIAN CHINA")),
    ],
)
def test_sisters_share_a_group(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert group(*one)
    assert group(*one) == group(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("KELORVAX CEMENT CO LTD", HANOI), ("PERDOVANTI CEMENT CO LTD", HANOI)),
        (("KELORVAX TOYS INC", DALLAS), ("KELORVAX METALS INC", NEWARK)),
        (("KELORVAX FOODS INC", "", "US"), ("KELORVAX METALS INC", "", "US")),
        (("KELORVAX TOYS INC", DALLAS), ("KELORVAX TOYS CO LTD", HANOI)),
        (("KELORVAX COAL PVT LTD", "PUNE INDIA"), ("KELORVAX GARMENTS PVT LTD", "TIRUPUR INDIA")),
        # a trade that is in no list names no group
        (("YUNXIPO KELORVAX MIRRORS CO LTD", ANHUI), ("BAOTONGLI PERDOVANTI MIRRORS CO LTD", ANHUI)),
        # two syllables make the brand of many Chinese firms
        (("LIANYU WEIXUN CEMENT CO LTD", ANHUI), ("WEIXUN GARMENT CO LTD", ANHUI)),
        (("RED TIGER CEMENT CO LTD", ANHUI), ("RED TIGER CEMENT CO LTD", HANOI)),
        (("RED TIGER CEMENT CO LTD", ANHUI), ("RED TIGER GARMENT CO LTD", ANHUI)),
    ],
)
def test_namesakes_share_no_group(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert group(*one) != group(*other)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("GLOBAL TRADING CO LTD", HANOI),
        ("INMOBILIARIA DEL SUR SA", "BOGOTA COLOMBIA"),
        ("SEMEN INDAH PT", "JAKARTA INDONESIA"),
        ("ZEMENTWERK NORD GMBH", "BERLIN GERMANY"),
        ("CEMENTOWNIA NOWA SA", "KRAKOW POLAND"),
        ("SHAHID INDUSTRIES", "LAHORE PAKISTAN"),
        ("LEBANESE TRADING SAL", "BEIRUT LEBANON"),
        ("THANH CO LTD", HANOI),
        ("PHUONG GARMENT CO LTD", HANOI),
        ("WEIXUN INTERNATIONAL LTD", "KOWLOON HONG KONG"),
        ("ZHUANG GARMENT CO LTD", ANHUI),
    ],
)
def test_general_words_and_single_syllables_name_no_group(name: str, address: str) -> None:
    assert group(name, address) == ""


def test_forwarders_and_banks_are_of_no_group() -> None:
    names = ["KELORVAX CHEMIE GMBH", "KELORVAX FREIGHT FORWARDING GMBH", "KELORVAX BANK AG", "TO ORDER"]
    rows = [(at, "supplier", name, "HAMBURG GERMANY", "", "", "DE", "") for at, name in enumerate(names)]
    columns = dict(zip(TEXTS, zip(*rows, strict=True), strict=True))
    ((parsed, _),) = parse_all(pa.table({name: list(column) for name, column in columns.items()}))
    assert [key is not None for key in parsed["group_key"].to_pylist()] == [True, False, False, False]
