"""Groups: sisters of one brand share a group without being one firm; namesakes in the US only at one address."""

from pipeline.entities.names.groups import group_key
from pipeline.entities.names.parse import parse


def group(name: str, address: str) -> str:
    return group_key(parse(name, address))


def test_sisters_abroad_share_a_group_by_brand() -> None:
    one = group("KELORVAX CEMENT CO LTD", "HAI PHONG VIETNAM")
    assert one
    assert one == group("KELORVAX HOLDING JSC", "HANOI VIETNAM")
    assert one != group("PERDOVANTI CEMENT CO LTD", "HANOI VIETNAM")


def test_chinese_sisters_share_the_brand_behind_their_towns() -> None:
    one = group("YUNXIPO KELORVAX CEMENT CO LTD", "ANHUI CHINA")
    assert one == group("BAOTONGLI KELORVAX CEMENT CO LTD", "ANHUI CHINA")


def test_namesakes_in_the_united_states_share_a_group_only_at_one_address() -> None:
    one = group("KELORVAX TOYS INC", "905 MAIN ST DALLAS TX 75201")
    assert one == group("KELORVAX LOGISTICS LLC", "905 MAIN STREET DALLAS TX 75201")
    assert one != group("KELORVAX METALS INC", "12 DOCK AVE NEWARK NJ 07105")


def test_common_words_name_no_group() -> None:
    assert group("GLOBAL TRADING CO LTD", "HANOI VIETNAM") == ""
