"""Pairs that are one firm, and pairs that are not: each a trap of this trade."""

import pytest

from pipeline.entities.matching.score import point_table, score
from pipeline.entities.names.features import compare, features, side
from pipeline.entities.names.parse import parse
from pipeline.entities.names.roles import role_by_name

Party = tuple[str, str]


def between(one: Party, other: Party) -> float:
    return score(side(parse(*one)), side(parse(*other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("NINGBO HUAXIN IMP & EXP CO.,LTD", "12 XUEYUAN RD NINGBO"),
            ("NINGBO HUA XIN IMPORT EXPORT CO LTD", "NO 12 XUEYUAN ROAD, NINGBO CHINA"),
        ),
        (("KELORVAX TOYS LTD", "9 QUEENS ROAD HONG KONG"), ("KELROVAX TOYS LIMITED", "9 QUEENS RD HONG KONG")),
        (
            ("KELORVAX TOYS INDUSTRIAL COMPANY LI", "MITED 9 QUEENS ROAD"),
            ("KELORVAX TOYS IND. CO., LTD.", "9 QUEENS ROAD"),
        ),
        (
            ("KELORVAX TOYS LTD", "9 QUEENS ROAD HONG KONG"),
            ("ACME FREIGHT O/B OF KELORVAX TOYS", "77 DOCK STREET LONG BEACH CA"),
        ),
    ],
)
def test_one_firm(one: Party, other: Party) -> None:
    assert between(one, other) >= 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("TATA MOTORS LIMITED", "MUMBAI INDIA"), ("TATA MOTORS (THAILAND) LIMITED", "BANGKOK THAILAND")),
        (("CONTINENTAL TIRES GMBH", "HANNOVER GERMANY"), ("CONTINENTAL TIRES (HEFEI) CO LTD", "HEFEI CHINA")),
        (("KELORVAX TOYS LTD", "9 QUEENS ROAD"), ("KELORVAX TOYS UNIT II LTD", "410 DOCK STREET")),
        (("KELORVAX TOYS NO. 1 FACTORY", ""), ("KELORVAX TOYS NO. 2 FACTORY", "")),
        (("KELORVAX PLASTICS LTD", "9 QUEENS ROAD"), ("KELORVAX METALS LTD", "9 QUEENS ROAD")),
        (("KELORVAX NINGBO TOYS LTD", "NINGBO CHINA"), ("KELORVAX SHENZHEN TOYS LTD", "SHENZHEN CHINA")),
        (
            ("KELORVAX TOYS LTD", "UNIT 5, 9 QUEENS ROAD HONG KONG"),
            ("BRANDOMIR SHOES LTD", "UNIT 5, 9 QUEENS ROAD HONG KONG"),
        ),
        (
            ("GLOBAL TRADING CO LTD", "9 QUEENS ROAD HONG KONG"),
            ("GLOBAL TRADING CO LTD", "31 NATHAN STREET KARACHI PAKISTAN"),
        ),
        (("A B C CO", "9 QUEENS ROAD HONG KONG"), ("A B D CO", "9 QUEENS ROAD HONG KONG")),
        (("GOLDEN SUN CO LTD", "9 QUEENS ROAD HONG KONG"), ("GOLDEN SUN CO LTD", "31 NATHAN STREET KARACHI PAKISTAN")),
        (("KELORVAX TOYS LTD", "9 QUEENS ROAD HONG KONG"), ("KELORVIX SHOES LTD", "31 NATHAN STREET KARACHI PAKISTAN")),
    ],
)
def test_two_firms(one: Party, other: Party) -> None:
    assert between(one, other) < 0.5


def test_a_pair_scores_the_same_from_either_side() -> None:
    one, other = (
        ("KELORVAX TOYS INDUSTRIAL COMPANY LI", "MITED 9 QUEENS ROAD"),
        ("KELROVAX TOY", "QUEENS RD 9 HONG KONG"),
    )
    assert between(one, other) == between(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("KELORVAX TOYS LLC", "9 MAIN ST DALLAS TX 75201"), ("KELORVAX TOYS LLC", "77 DOCK AVE NEWARK NJ 07105")),
        (("KELORVAX TOYS INC", "9 MAIN ST DALLAS TX 75201"), ("KELORVAX TOYS INC DBA ZUNIPLAY", "DALLAS TX 75201")),
        (("ZUNIPLAY", "9 MAIN ST DALLAS TX 75201"), ("KELORVAX TOYS INC DBA ZUNIPLAY", "9 MAIN ST DALLAS TX 75201")),
    ],
)
def test_a_distinctive_name_is_one_firm_in_two_cities_and_under_its_alias(one: Party, other: Party) -> None:
    assert between(one, other) >= 0.5


def test_other_numbers_places_countries_and_trades_always_count_against() -> None:
    worth = point_table()
    for feature in [("number", "differ"), ("place in name", "differ"), ("trade", "differ")]:
        assert worth[feature] <= -35
    for feature in [("number", "one"), ("unit", "one"), ("place in name", "one, elsewhere"), ("country", "differ")]:
        assert worth[feature] <= -10


def test_every_value_that_is_worth_points_can_be_found() -> None:
    pairs = [("XARQU TOYS", "BOLT TOYS"), ("XARQU TOYS", "XARQU TOYS")]
    names = {name for pair in pairs for name, _ in features(compare(*(side(parse(text, "")) for text in pair)))}
    assert {name for name, _ in point_table()} <= {*names, "always"}


@pytest.mark.parametrize("name", ["STAPLES INC", "MOLEX LLC", "MAPLE LEAF FOODS", "ZIMMER BIOMET", "PILLSBURY COMPANY"])
def test_firms_that_only_begin_like_a_forwarder_are_none(name: str) -> None:
    assert role_by_name(parse(name, "")) == "party"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("EXPEDITORS INTERNATIONAL OF WASHING", "forwarder"),
        ("DAMCO PHILIPPINES", "forwarder"),
        ("ECU WORLDWIDE USA", "forwarder"),
        ("TO ORDER OF HABIB BANK LTD", "bank"),
        ("TO ORDER OF HABIB BNAK LTD", "bank"),
        ("TO ORDER OF BAND AID TOYS LTD", "party"),
        ("DHL ISC O/B OF D_LUXE BAGS", "party"),
        ("DSV ANIMAL HEALTH INC", "party"),
        ("CEVA ANIMAL HEALTH LLC", "party"),
        ("DAMCO AEROSPACE MANUFACTURING", "party"),
        ("KUEHNE NAGEL SP ZOO", "forwarder"),
        ("HONOUR LANE SHIPPING LTD SHENZHEN", "forwarder"),
        ("TRANSMODAL CORPORATION", "forwarder"),
        ("ARABIAN CARGO CONTAINER FACTORY", "party"),
        ("ALBORZAN TRANSPORTATION HOLDINGS USA INC", "party"),
        ("TO ORDER", "none"),
    ],
)
def test_role_follows_from_the_name(name: str, role: str) -> None:
    assert role_by_name(parse(name, "")) == role
