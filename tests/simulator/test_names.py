"""Names are invented, and so is everything personal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator import truth
from simulator.names.words import SUPPLIER_ENDS
from simulator.world import sailings
from tests.simulator.conftest import ReadBack

REAL_WORDS = (
    "MAERSK", "COSCO", "EVERGREEN", "HAPAG", "MSC", "DHL", "DAMCO", "EXPEDITORS", "KUEHNE", "WALMART", "TARGET", "IKEA",
    "COSTCO", "STAPLES", "SAMSUNG", "HYUNDAI", "BOSCH", "SIEMENS", "TATA", "RELIANCE", "NIKE", "ADIDAS", "MICHELIN",
    "VALORA", "KERABEN", "SASSUOLO CERAMICHE", "QUINTEL", "WILLIAMS", "SUMITOMO", "MITSUI", "HSBC", "CITIBANK",
)  # fmt: skip
FORWARDING = re.compile(r"\b(FREIGHT|FORWARDING|FORWARDERS?|LOGISTICS?|CONSOLIDATORS?|CARGO SERVICES?)\b")


def test_no_firm_is_named_like_a_real_one() -> None:
    for firm in truth.firms():
        assert not any(re.search(rf"\b{word}\b", firm.name) for word in REAL_WORDS), firm.name


def test_no_firm_has_a_name_of_the_forwarder_list() -> None:
    seed = Path(__file__).parents[2] / "dbt_project" / "seeds" / "forwarder_names.csv"
    real = [name for name in seed.read_text().splitlines()[1:] if name]
    assert real
    for firm in truth.firms():
        assert not any(firm.name.startswith(f"{name} ") for name in real)


NAMESAKES = ("common_brand", "generic_name", "single_letters")


def invented_word(name: str) -> str:
    """The word that ends as no real one does, and the one before it where it is the end alone."""
    words = name.split()
    at = max(range(len(words)), key=lambda n: (words[n].endswith(SUPPLIER_ENDS), len(words[n])))
    return "".join(words[at - 1 : at + 1]) if words[at] in SUPPLIER_ENDS else words[at]


def test_names_differ_between_firms_and_only_sisters_share_a_stem() -> None:
    firms = [firm for firm in truth.firms() if firm.hard not in NAMESAKES]
    assert len({firm.name for firm in firms}) == len(firms)
    groups: dict[tuple[str, str], set[str]] = {}
    for firm in firms:
        if firm.role == "supplier":
            groups.setdefault((firm.role, invented_word(firm.name)), set()).add(firm.group_id)
    assert all(len(ids) == 1 for ids in groups.values())
    assert any(firm.group_id != firm.firm_id for firm in firms)


def test_most_forwarders_have_their_trade_in_their_name_and_some_do_not() -> None:
    names = [firm.name for firm in truth.firms() if firm.role == "forwarder"]
    saying = [name for name in names if FORWARDING.search(name)]
    assert len(names) / 2 < len(saying) < len(names)


def test_every_bank_has_the_word_in_its_name() -> None:
    names = [firm.name for firm in truth.firms() if firm.role == "bank"]
    assert names
    assert all(re.search(r"\b(BANK|BANCO|BANKASI)\b", name) for name in names)


def test_carriers_are_no_real_ones() -> None:
    real = {"MAEU", "MSCU", "COSU", "OOLU", "EGLV", "HLCU", "ONEY", "CMDU", "YMLU", "HDMU", "ZIMU", "APLU"}
    assert not real & {code for code, *_ in sailings.CARRIERS}


@pytest.mark.parametrize(("table", "prefix"), [("shipper", "shipper_party"), ("consignee", "consignee")])
def test_phones_and_mail_are_fictitious(embedded: ReadBack, table: str, prefix: str) -> None:
    rows = embedded.tables[table]
    # a line can be cut in the middle of it
    hosts = embedded.address(table, prefix).str.extractall(r"@(\S*)")[0].fillna("")
    assert len(hosts) > 100
    assert all("example.com".startswith(host) for host in hosts)
    numbers = rows["comm_number"][rows["comm_number"] != ""]
    assert numbers.str.contains("-555-01|@example.com").all()
